"""What a search needs to say anything: a beginning that the sizes give, and commands that are not refused whatever happens.

A specification declares it: `needs` of its scope are rules like contradictions, and `needs=` of a command is a function of the
scope, the command with its arguments, and all commands of all programs.  It gives why the command is never carried out, and what
to do about it; None when it may be.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .domains import Sizes
from .mistakes import Mistakes, Partly, asks_nothing_unknown
from .sizes import HOSTS

if TYPE_CHECKING:
    from .programs import Invocation, Program
    from .scope import Scope
    from .specification import Specification


MOST_POSSIBLE = 2000
"""Commands that a program might have had, where not all of it is understood."""


class Asked:
    """A command as a program has it: its `word`, and its arguments by their names, as numbers."""

    def __init__(self, word: str, arguments: Mapping[str, int]) -> None:
        self.__dict__.update(arguments)
        self.word = word

    def __getattr__(self, name: str) -> int:
        raise AttributeError(f"{self.word} has no argument {name}")


Needs = Callable[[Any, Asked, Sequence[Asked]], tuple[str, str] | None]
"""Why a command is never carried out and what to do about it, or None: `needs(c, asked, every)`."""


def refuse_unmet(spec: Specification, scope: Scope, programs: Mapping[str, Sequence[Program]], place: str, mistakes: Mistakes,
                 understood: bool) -> None:
    """A mistake for each position of a program of which nothing is ever carried out.

    `understood`: what is not in the programs is in none.  Otherwise only that is told which no other command could make possible.
    """
    sizes = scope._sizes
    if isinstance(sizes, Partly):
        return
    every = [_asked(i) for i in _invocations(programs)]
    if not understood or HOSTS in mistakes.unknown:
        possible = _possible(spec, sizes)
        if possible is None:
            return
        every += possible
    for name, mine in programs.items():
        for number, program in enumerate(mine, 1):
            for position in program.positions:
                told = [_unmet(scope, i, every, mistakes) for i in position]
                if told and told[0] is not None and None not in told:
                    text = position[0].show(spec.kind(name), sizes)
                    mistakes.add(f"{place}, [[host]] {number}, {text!r}", *told[0])


def _invocations(programs: Mapping[str, Sequence[Program]]) -> Iterator[Invocation]:
    for mine in programs.values():
        for program in mine:
            for position in program.positions:
                yield from position


def _possible(spec: Specification, sizes: Sizes) -> list[Asked] | None:
    """Every command with all its arguments; None when there are too many to go through."""
    found: list[Asked] = []
    for kind in spec.kinds:
        for command in spec.commands_of(kind).values() if kind.programs else ():
            values = [range(low, high + 1) for low, high in (kind.arguments[name].domain.bounds(sizes) for name in command.arguments)]
            if len(found) + math.prod(map(len, values)) > MOST_POSSIBLE:
                return None
            found += [Asked(command.word, dict(zip(command.arguments, chosen, strict=True))) for chosen in itertools.product(*values)]
    return found


def _asked(invocation: Invocation) -> Asked:
    return Asked(invocation.command.word, dict(zip(invocation.command.arguments, invocation.arguments, strict=True)))


def _unmet(scope: Scope, invocation: Invocation, every: Sequence[Asked], mistakes: Mistakes) -> tuple[str, str] | None:
    command = invocation.command
    if command.needs is None:
        return None
    asks_nothing_unknown(scope._switches)
    place = f"command {command.word!r}"
    try:
        found = command.needs(scope, _asked(invocation), every)
    except Exception as error:  # whatever the author's function does
        if asks_nothing_unknown(scope._switches):
            mistakes.add(place, f"what it needs cannot be evaluated ({type(error).__name__}: {error}).",
                         "needs= reads switches and sizes of the scope, and arguments of commands, only.")
        return None
    if found is None or not asks_nothing_unknown(scope._switches):
        return None
    fine = isinstance(found, tuple) and len(found) == 2 and all(isinstance(text, str) for text in found)
    if not mistakes.demand(fine, place, "what it needs is told as something else than two texts.",
                           "Return why the command is never carried out and what to do about it, or None."):
        return None
    return found


__all__ = ["Asked", "Needs", "refuse_unmet"]
