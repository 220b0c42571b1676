"""What is wrong with something that a person has written: gathered by the checks, and refused all at once.

A check adds what it finds, and says what is unknown for it.  Who needs something unknown keeps quiet about it, so that no mistake is
told that only follows from another one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Generic, TypeVar

from .errors import LONGEST_NAME, Mistaken, ScenarioError

MOST = 100
"""Mistakes beyond so many are not looked for."""

V = TypeVar("V")


class Mistakes:
    """The mistakes that were found in what stands at `place`, each of them once, and what is unknown for them."""

    def __init__(self, place: str, known: Iterable[ScenarioError] = ()) -> None:
        self.place, self.found = place, list(known)
        self.unknown = {name for error in self.found for name in error.hides}

    def add(self, place: str, cause: str, fix: str, *hides: str) -> None:
        """A mistake, for which all that is in `hides` is unknown; the hundredth is refused together with those before it."""
        self.note(ScenarioError(place, cause, fix, *hides))

    def note(self, error: ScenarioError) -> None:
        """The mistakes of an error, if they are not known yet."""
        for one in error.mistakes or (error,):
            self.unknown.update(one.hides)
            if str(one) not in map(str, self.found):
                self.found.append(one)
        if len(self.found) >= MOST:
            self.refuse()

    def demand(self, fine: bool, place: str, cause: str, fix: str, *hides: str) -> bool:
        """Is something so?  If not, it is a mistake."""
        if not fine:
            self.add(place, cause, fix, *hides)
        return fine

    @contextmanager
    def noting(self) -> Iterator[None]:
        """The refusals of what asks the specification's own functions, which know of no others."""
        try:
            yield
        except Mistaken:
            raise
        except ScenarioError as error:
            self.note(error)

    def refuse(self) -> None:
        """ScenarioError with all mistakes, if there are any."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise Mistaken(self.place, self.found)


def meant(name: str, choices: Iterable[str]) -> list[str]:
    """What was most likely meant by a mistyped name, if anything: it is not missing besides."""
    return difflib.get_close_matches(name, list(choices), n=1, cutoff=0.5) if len(name) <= LONGEST_NAME else []


class Partly(dict[str, V], Generic[V]):
    """Values by name, of which some are `unknown`: they are possible ones, and whoever takes one is found out by `asks`."""

    def __init__(self, values: Mapping[str, V], unknown: Iterable[str]) -> None:
        dict.__init__(self, values)
        self.unknown, self.asked = set(unknown), False

    def __getitem__(self, name: str) -> V:
        self.asked = self.asked or name in self.unknown
        return super().__getitem__(name)

    def get(self, name: str, default: V | None = None) -> V | None:  # type: ignore[override]
        """As of any dictionary."""
        if name not in self:
            return default
        return self[name]


def asks_nothing_unknown(*known: Mapping[str, object]) -> bool:
    """Has nobody taken anything unknown of these since this was asked before?"""
    found = any(k.asked for k in known if isinstance(k, Partly))
    for k in known:
        if isinstance(k, Partly):
            k.asked = False
    return not found


__all__ = ["MOST", "Mistakes", "Partly", "asks_nothing_unknown", "meant"]
