"""What a parameter of a step, an action, an initial function or a property stands for: each of several values.

They are the members of an index set, the processes of a kind, or the values of a domain; for the latter a class is made, so
that all three are classes with members.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from .. import words
from .demands import demand
from .domains import Domain, ProcessNumber, Sizes
from .member_sets import SetOf
from .repeated import Repeated
from .unions import UnionOf
from .whole_tables import TableOf


class Among(int):
    """What a chosen parameter takes: the values of a domain.  One class for each, made by `among`, as index sets are classes."""

    domain: ClassVar[Domain]

    @classmethod
    def values(cls, sizes: Sizes) -> range:
        """They at these sizes, in order."""
        low, high = cls.domain.bounds(sizes)
        return range(low, high + 1)

    @classmethod
    def count(cls, sizes: Sizes) -> int:
        """How many they are at these sizes."""
        return len(cls.values(sizes))

    @classmethod
    def member(cls, value: int, sizes: Sizes) -> str:
        """The readable name of a value, as traces tell choices."""
        return words.value(cls.domain.show(value, sizes))


def member_of(of: Any, value: int, sizes: Sizes) -> str:
    """The readable name of what is chosen: a member, a process, or a value."""
    name: str = of.member(value, sizes) if issubclass(of, Among) else of.member(value)
    return name


@cache
def among(domain: Domain) -> type[Among]:
    """The class of the values of a domain; a domain is the same wherever it is written with the same words."""
    return type(f"among the values of {domain}", (Among,), {"domain": domain})


def chosen_from(hint: Any, name: str, place: str) -> Any:
    """The class of what an annotation stands for: itself, or one made of a domain."""
    if not isinstance(hint, Domain):
        return hint
    demand(not isinstance(hint, ProcessNumber), place, f"parameter {name!r} is chosen from the numbers of all processes.",
           f"Choose a process by its kind, {name}: Kind, and use {name}.number.")
    noun = hint.noun if isinstance(hint, Repeated) else ""
    demand(not noun, place, f"parameter {name!r} is chosen from all {noun}s of a domain.",
           f"Choose its items, each with a parameter, and make the {noun} of them: c.{noun}(…, m, n).")
    whole = "values of a union" if isinstance(hint, UnionOf) else "records of a class"
    demand(not hint.structured or isinstance(hint, (SetOf, TableOf)), place, f"parameter {name!r} is chosen from all {whole}.",
           "Choose its fields, each with a parameter, and make the value of them.")
    return among(hint)


__all__ = ["Among", "among", "chosen_from", "member_of"]
