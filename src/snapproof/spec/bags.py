"""Bags, as values: each in one cell.

    Network = BagOf(RecordOf(Message), 2)
    network = variable(Network, "what is under way; two of each message at most")

In a bag a value may be more than once, and their order means nothing.  In a cell a bag is one number, with a digit for each value of
the domain, the first in the lowest place, that says how often it is in it; the base is one more than that can be.  So equal bags are
equal numbers, each number is exactly one bag, and one more or one less of a value is a sum.  With one of each value at most, a bag is a
set.  The plain reading works with the objects of this file; the compiled and the symbolic one with the number (reader_bags.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ..words import IN_ANY_ORDER
from .demands import told
from .domains import LARGEST, Sizes, Value
from .errors import EvaluationError, ScenarioError
from .sequences import MOST, Repeated


class Bag(Value):
    """Some values, each so often as it was put into it."""

    __slots__ = ("of", "sizes", "parts")

    def __init__(self, of: BagOf, sizes: Sizes, parts: tuple[Any, ...]) -> None:
        self.of, self.sizes = of, sizes
        found = [p if isinstance(p, Value) else int(p) for p in parts]
        low, high = of.of.bounds(sizes)
        for part in found:
            if not low <= (value := of.of.encode(part, sizes)) <= high:
                raise EvaluationError(of.told, f"{value} is put into it, and is outside {low}…{high}.",
                                      "A value that the domain of its items does not have.")
            if found.count(part) > of.longest(sizes):
                raise EvaluationError(of.told, f"{found.count(part)} of one value would be in it, of which {of.longest(sizes)} can be.",
                                      "Test b.count(m) before it is put into it, or let its domain have more of each.")
        self.parts = tuple(sorted(found, key=lambda p: of.of.encode(p, sizes)))

    def with_(self, item: Any) -> Bag:
        """The bag with one more of this value."""
        return Bag(self.of, self.sizes, (*self.parts, item))

    def without(self, item: Any) -> Bag:
        """The bag with one less of this value; EvaluationError where it is not in it."""
        if item not in self.parts:
            raise EvaluationError(self.of.told, f"{item!r} is taken out of it, and is not in it.", "Test m in b before.")
        at = self.parts.index(item)
        return Bag(self.of, self.sizes, self.parts[:at] + self.parts[at + 1:])

    def count(self, item: Any) -> int:
        """How often this value is in it."""
        return self.parts.count(item)

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
        return isinstance(other, Bag) and (self.of, self.parts) == (other.of, other.parts)

    def __hash__(self) -> int:
        return hash((self.of, self.parts))

    def __repr__(self) -> str:
        shown = (p if isinstance(p, Value) else self.of.of.show(p, self.sizes) for p in self.parts)
        return "{" + ", ".join(map(str, shown)) + "}"


class BagOf(Repeated):
    """A bag of values of a domain, `most` of each at most."""

    noun: ClassVar[str] = "bag"

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        values, most = self.items(sizes), self.longest(sizes)
        bits = values * most.bit_length()
        count = (most + 1) ** values if values <= MOST else LARGEST + 2
        if count - 1 > LARGEST:
            raise ScenarioError(self.told, f"it takes up to {bits} bits at these sizes, more than the 62 of a cell: how often each of "
                                f"{values} values is in it, {most} times at most.",
                                "Choose smaller sizes or fewer of each, or a table of numbers with an index for what tells values apart.")
        return 0, count - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return {IN_ANY_ORDER: [self.of.show(v, sizes) for v in self._cells(value, sizes)]}

    def read(self, shown: Any, sizes: Sizes) -> int:
        items = shown[IN_ANY_ORDER] if isinstance(shown, dict) and list(shown) == [IN_ANY_ORDER] else None
        cells = [self.of.read(v, sizes) for v in items] if isinstance(items, list) else [-1]
        if not isinstance(items, list) or any(cells.count(v) > self.longest(sizes) for v in cells):
            raise ValueError(f"{shown!r} is not a {self.told}")
        return self.joined(cells, sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        return "{" + ",".join(self.of.word(v, sizes) for v in self._cells(value, sizes)) + "}"

    def encode(self, value: Any, sizes: Sizes) -> int:
        if not isinstance(value, Bag) or value.of != self:
            raise EvaluationError(self.told, f"{told(value)} is stored in its place.", "Only such a bag fits there.")
        return self.joined([self.of.encode(p, sizes) for p in value.parts], sizes)

    def decode(self, cell: int, sizes: Sizes) -> Bag:
        return Bag(self, sizes, tuple(self.of.decode(v, sizes) for v in self._cells(cell, sizes)))

    def _cells(self, value: int, sizes: Sizes) -> list[int]:
        """Every value that is in it, so often as it is, as a cell of its own would hold it."""
        found, low, base = [], self.of.bounds(sizes)[0], self.longest(sizes) + 1
        for digit in range(self.items(sizes)):
            value, often = divmod(value, base)
            found += [low + digit] * often
        return found

    def joined(self, cells: list[int], sizes: Sizes) -> int:
        """The number of the bag of these values: the inverse."""
        low, base = self.of.bounds(sizes)[0], self.longest(sizes) + 1
        return sum(base ** (value - low) for value in cells)


__all__ = ["Bag", "BagOf"]
