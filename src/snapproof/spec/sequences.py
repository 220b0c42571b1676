"""Bounded sequences, as values: each in one cell.

    Queue = SequenceOf(Member(Message), 3)
    queue = variable(Queue, "what is under way, the oldest in front")

A sequence is a value as a record is: it is made whole, compared whole, stored whole, and never changed.  In a cell it is one number
in bijective numeration: with n values of an item the digits are 1 … n, the first item in the lowest place.  So every number is
exactly one sequence, those with fewer items have the smaller numbers, and there is none between them that means nothing.
The plain reading works with the objects of this file; the compiled and the symbolic one with the number (reader_sequences.py).
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..words import IN_ORDER
from .domains import LARGEST, Sizes
from .errors import EvaluationError, ScenarioError
from .repeated import Items, Repeated


class Sequence(Items):
    """Some items in order, of which there can be so many as the domain says."""

    __slots__ = ()

    joins, brackets = "joins", "<>"

    def __init__(self, of: SequenceOf, sizes: Sizes, parts: tuple[Any, ...]) -> None:
        super().__init__(of, sizes, parts)
        if len(self.parts) > of.longest(sizes):
            raise EvaluationError(of.told, f"it would have {len(self.parts)} items, and has {of.longest(sizes)} at most.",
                                  "Test q.full, or len(q), before an item joins it, or give its domain more places.")

    def append(self, item: Any) -> Any:
        """The sequence with this item behind the others."""
        return self.other((*self.parts, item))

    @property
    def first(self) -> Any:
        """The item in front; EvaluationError where there is none."""
        self._some("first")
        return self.parts[0]

    @property
    def rest(self) -> Any:
        """The sequence without its first item; EvaluationError where there is none."""
        self._some("rest")
        return self.other(self.parts[1:])

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

    def __add__(self, other: Sequence) -> Any:
        return self.other(self.parts + other.parts)


class SequenceOf(Repeated):
    """Some values of a domain in order, `most` of them at most."""

    noun: ClassVar[str] = "sequence"
    values: ClassVar[type[Items]] = Sequence

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        values, most = self.items(sizes), self.longest(sizes)
        count = shorter(values, most + 1)
        if count > LARGEST:
            raise ScenarioError(self.told, f"it takes {(count - 1).bit_length()} bits at these sizes, more than the 62 of a cell: for "
                                f"{most} items with {values} values each.",
                                "Choose smaller sizes or fewer items, or a table of items: table(Place, of=…, …).")
        return 0, count - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return {IN_ORDER: [self.of.show(v, sizes) for v in self.parted(value, sizes)]}

    def read(self, shown: Any, sizes: Sizes) -> int:
        items = shown[IN_ORDER] if isinstance(shown, dict) and list(shown) == [IN_ORDER] else None
        if not isinstance(items, list) or len(items) > self.longest(sizes):
            raise ValueError(f"{shown!r} is not a {self.told}")
        return self.joined([self.of.read(v, sizes) for v in items], sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        return f"<{','.join(self.of.word(v, sizes) for v in self.parted(value, sizes))}>"

    def parted(self, value: int, sizes: Sizes) -> list[int]:
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


__all__ = ["Sequence", "SequenceOf", "shorter"]
