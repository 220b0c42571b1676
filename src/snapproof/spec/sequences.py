"""Bounded sequences, as values: each in one cell.

    Queue = SequenceOf(Member(Message), 3)
    queue = variable(Queue, "what is under way, the oldest in front")

A sequence is a value as a record is: it is made whole, compared whole, stored whole, and never changed.  In a cell it is one number
in bijective numeration: with n values of an item the digits are 1 … n, the first item in the lowest place.  So every number is
exactly one sequence, those with fewer items have the smaller numbers, and there is none between them that means nothing.
The plain reading works with the objects of this file; the compiled and the symbolic one with the number (reader_sequences.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Union

from ..words import IN_ORDER
from .demands import demand, told
from .domains import LARGEST, Domain, Extent, Flag, Mask, ProcessNumber, Range, Sizes, Value, demand_domain
from .errors import EvaluationError, ScenarioError

MOST = 62
"""Items of a sequence that fits a cell, if each has two values."""


class Sequence(Value):
    """Some items in order, of which there can be so many as the domain says."""

    __slots__ = ("of", "sizes", "parts")

    def __init__(self, of: SequenceOf, sizes: Sizes, parts: tuple[Any, ...]) -> None:
        self.of, self.sizes = of, sizes
        self.parts = tuple(p if isinstance(p, Value) else int(p) for p in parts)
        low, high = of.of.bounds(sizes)
        for part in self.parts:
            if not low <= (value := of.of.encode(part, sizes)) <= high:
                raise EvaluationError(of.told, f"{value} joins it, and is outside {low}…{high}.",
                                      "A value that the domain of its items does not have.")
        if len(self.parts) > of.longest(sizes):
            raise EvaluationError(of.told, f"it would have {len(self.parts)} items, and has {of.longest(sizes)} at most.",
                                  "Test q.full, or len(q), before an item joins it, or give its domain more places.")

    def _other(self, parts: tuple[Any, ...]) -> Sequence:
        return Sequence(self.of, self.sizes, parts)

    def append(self, item: Any) -> Sequence:
        """The sequence with this item behind the others."""
        return self._other((*self.parts, item))

    @property
    def first(self) -> Any:
        """The item in front; EvaluationError where there is none."""
        self._some("first")
        return self.parts[0]

    @property
    def rest(self) -> Sequence:
        """The sequence without its first item; EvaluationError where there is none."""
        self._some("rest")
        return self._other(self.parts[1:])

    @property
    def empty(self) -> bool:
        """Has it no item?"""
        return not self.parts

    @property
    def full(self) -> bool:
        """Has it as many items as it can have?"""
        return len(self.parts) == self.of.longest(self.sizes)

    def _some(self, word: str) -> None:
        if not self.parts:
            raise EvaluationError(self.of.told, f"it is empty, and its .{word} is taken.", "Test q.empty before: if not q.empty: …")

    def __getitem__(self, place: int) -> Any:
        if not 0 <= place < len(self.parts):
            raise EvaluationError(self.of.told, f"item {int(place)} of {len(self.parts)} is taken.",
                                  "Items are numbered from 0; test place < len(q) before.")
        return self.parts[place]

    def __add__(self, other: Sequence) -> Sequence:
        return self._other(self.parts + other.parts)

    def __contains__(self, item: Any) -> bool:
        return item in self.parts

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and (self.of, self.parts) == (other.of, other.parts)

    def __hash__(self) -> int:
        return hash((self.of, self.parts))

    def __repr__(self) -> str:
        low = self.of.of.bounds(self.sizes)[0]
        shown = (p if isinstance(p, Value) else self.of.of.show(max(low, p), self.sizes) for p in self.parts)
        return f"<{', '.join(map(str, shown))}>"


@dataclass(frozen=True)
class Repeated(Domain):
    """Values in which values of a domain, `of`, stand several times, so often as `most` says; it may be computed from the sizes."""

    of: Domain
    most: Union[int, Callable[[Sizes], int]]

    structured: ClassVar[bool] = True
    noun: ClassVar[str] = ""

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

    def joined(self, cells: list[int], sizes: Sizes) -> int:
        """The number of the value with these items."""
        raise TypeError(f"{type(self).__name__} does not say its numbers")


class SequenceOf(Repeated):
    """Some values of a domain in order, `most` of them at most."""

    noun: ClassVar[str] = "sequence"

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        values, most = self.items(sizes), self.longest(sizes)
        count = shorter(values, most + 1)
        if count > LARGEST:
            raise ScenarioError(self.told, f"it takes {(count - 1).bit_length()} bits at these sizes, more than the 62 of a cell: for "
                                f"{most} items with {values} values each.",
                                "Choose smaller sizes or fewer items, or a table of items: table(Place, of=…, …).")
        return 0, count - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return {IN_ORDER: [self.of.show(v, sizes) for v in self._cells(value, sizes)]}

    def read(self, shown: Any, sizes: Sizes) -> int:
        items = shown[IN_ORDER] if isinstance(shown, dict) and list(shown) == [IN_ORDER] else None
        if not isinstance(items, list) or len(items) > self.longest(sizes):
            raise ValueError(f"{shown!r} is not a {self.told}")
        return self.joined([self.of.read(v, sizes) for v in items], sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        return f"<{','.join(self.of.word(v, sizes) for v in self._cells(value, sizes))}>"

    def encode(self, value: Any, sizes: Sizes) -> int:
        if not isinstance(value, Sequence) or value.of != self:
            raise EvaluationError(self.told, f"{told(value)} is stored in its place.", "Only such a sequence fits there.")
        return self.joined([self.of.encode(p, sizes) for p in value.parts], sizes)

    def decode(self, cell: int, sizes: Sizes) -> Sequence:
        return Sequence(self, sizes, tuple(self.of.decode(v, sizes) for v in self._cells(cell, sizes)))

    def _cells(self, value: int, sizes: Sizes) -> list[int]:
        """The value of every item, as a cell of its own would hold it."""
        found, low, values = [], self.of.bounds(sizes)[0], self.items(sizes)
        while value:
            value, digit = divmod(value - 1, values)
            found.append(digit + low)
        return found

    def joined(self, cells: list[int], sizes: Sizes) -> int:
        """The number of the sequence of items with these values: the inverse."""
        total, low, values = 0, self.of.bounds(sizes)[0], self.items(sizes)
        for value in reversed(cells):
            total = total * values + value - low + 1
        return total


def shorter(values: int, items: int) -> int:
    """How many sequences have fewer than so many items; the number of the first one that has so many."""
    return items if values == 1 else (values ** items - 1) // (values - 1)


class Measure(Extent):
    """A number that the values of an item, and how many items there can be, give: a tree asks for it as for the size of an index set."""

    def __init__(self, of: Repeated, measure: Callable[[int, int], int]) -> None:
        super().__init__(of)
        self.of, self.measure = of, measure

    def count(self, sizes: Sizes) -> int:
        """It at these sizes."""
        return self.measure(self.of.items(sizes), self.of.longest(sizes))


__all__ = ["Measure", "Repeated", "Sequence", "SequenceOf", "shorter"]
