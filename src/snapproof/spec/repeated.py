"""Values that hold values of one domain, so many as there can be: what sequences (sequences.py) and bags (bags.py) have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Union

from .demands import demand, told
from .domains import Domain, Extent, Flag, Mask, ProcessNumber, Range, Sizes, Value, demand_domain
from .errors import EvaluationError, ScenarioError

MOST = 62
"""Items of a value that fits a cell, if each has two values."""


class Items(Value):
    """Some values of a domain: made whole, compared whole, and never changed."""

    __slots__ = ("of", "sizes", "parts")

    joins: ClassVar[str]
    """What an item does, in the message about one that the domain does not have."""
    brackets: ClassVar[str]

    def __init__(self, of: Repeated, sizes: Sizes, parts: tuple[Any, ...]) -> None:
        self.of, self.sizes = of, sizes
        self.parts = tuple(p if isinstance(p, Value) else int(p) for p in parts)
        low, high = of.of.bounds(sizes)
        for part in self.parts:
            if not low <= (value := of.of.encode(part, sizes)) <= high:
                raise EvaluationError(of.told, f"{value} {self.joins} it, and is outside {low}…{high}.",
                                      "A value that the domain of its items does not have.")

    def other(self, parts: tuple[Any, ...]) -> Any:
        """One of the same domain with these items."""
        return type(self)(self.of, self.sizes, parts)

    @property
    def empty(self) -> bool:
        """Is nothing in it?"""
        return not self.parts

    def __contains__(self, item: Any) -> bool:
        return item in self.parts

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and (self.of, self.parts) == (other.of, other.parts)

    def __hash__(self) -> int:
        return hash((self.of, self.parts))

    def __repr__(self) -> str:
        low = self.of.of.bounds(self.sizes)[0]
        shown = (p if isinstance(p, Value) else self.of.of.show(max(low, p), self.sizes) for p in self.parts)
        return f"{self.brackets[0]}{', '.join(map(str, shown))}{self.brackets[1]}"


@dataclass(frozen=True)
class Repeated(Domain):
    """Values in which values of a domain, `of`, stand several times, so often as `most` says; it may be computed from the sizes."""

    of: Domain
    most: Union[int, Callable[[Sizes], int]]

    structured: ClassVar[bool] = True
    noun: ClassVar[str] = ""
    values: ClassVar[type[Items]]
    """The class of its values."""

    def __post_init__(self) -> None:
        name = type(self).__name__
        demand_domain(self.of, f"{name}, its items")
        number = isinstance(self.most, int) and not isinstance(self.most, bool)
        demand(number or callable(self.most), name, f"{told(self.most)} is no number of items.",
               f"Write {name}(Member(Track), 3): the domain of an item, and how many there can be; that may be a function of the sizes.")
        demand(not number or 1 <= self.most <= MOST, name, f"it has {told(self.most)} items at most.",  # type: ignore[operator]
               f"Give a number from 1 to {MOST}.")

    @property
    def told(self) -> str:
        """What it is, in a message."""
        named = {Flag: "flags", Range: "numbers", ProcessNumber: "processes"}.get(type(self.of)) or getattr(self.of, "noun", "")
        inside = ("sets of " if self.of.structured else "masks of ") * isinstance(self.of, Mask)
        return f"{self.noun} of {inside}{named or self.of.of.__name__}{'s' * isinstance(self.of, Repeated)}"  # type: ignore[attr-defined]

    def inner(self) -> tuple[Domain, ...]:
        return (self.of,)

    def longest(self, sizes: Sizes) -> int:
        """How many items there can be (in a bag, of each value)."""
        most = Range(0, self.most).bounds(sizes)[1]
        if not 1 <= most <= MOST:
            raise ScenarioError(self.told, f"it has {most} items at most at these sizes.", f"From 1 to {MOST} fit a cell.")
        return most

    def items(self, sizes: Sizes) -> int:
        """How many values an item can have."""
        low, high = self.of.bounds(sizes)
        if high < low:
            raise ScenarioError(self.told, f"an item has no values at these sizes: {low} … {high}.", "Choose larger sizes.")
        return high - low + 1

    def encode(self, value: Any, sizes: Sizes) -> int:
        if not isinstance(value, self.values) or value.of != self:
            raise EvaluationError(self.told, f"{told(value)} is stored in its place.", f"Only such a {self.noun} fits there.")
        return self.joined([self.of.encode(p, sizes) for p in value.parts], sizes)

    def decode(self, cell: int, sizes: Sizes) -> Any:
        return self.values(self, sizes, tuple(self.of.decode(v, sizes) for v in self.parted(cell, sizes)))

    def parted(self, value: int, sizes: Sizes) -> list[int]:
        """The value of every item, as a cell of its own would hold it, from the number of the whole."""
        raise TypeError(f"{type(self).__name__} does not say its items")

    def joined(self, cells: list[int], sizes: Sizes) -> int:
        """The number of the value with these items: the inverse."""
        raise TypeError(f"{type(self).__name__} does not say its numbers")


class Measure(Extent):
    """A number that the values of an item, and how many items there can be, give: a tree asks for it as for the size of an index set."""

    def __init__(self, of: Repeated, measure: Callable[[int, int], int]) -> None:
        super().__init__(of)
        self.of, self.measure = of, measure

    def count(self, sizes: Sizes) -> int:
        """It at these sizes."""
        return self.measure(self.of.items(sizes), self.of.longest(sizes))


__all__ = ["MOST", "Items", "Measure", "Repeated"]
