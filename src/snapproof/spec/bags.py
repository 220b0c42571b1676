"""Bags, as values: each in one cell.

    Network = BagOf(RecordOf(Message), 2)
    network = variable(Network, "what is under way; two of each message at most")

In a bag a value may be more than once, and their order means nothing.  In a cell a bag is one number, with a digit for each value of
the domain, the first in the lowest place, that says how often it is in it; the base is one more than that can be.  So equal bags are
equal numbers, each number is exactly one bag, and one more or one less of a value is a sum.  With one of each value at most, a bag is a
set.  The plain reading works with the objects of this file; the compiled and the symbolic one with the number (reader_bags.py).
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..words import IN_ANY_ORDER
from .domains import LARGEST, Sizes
from .errors import EvaluationError, ScenarioError
from .repeated import MOST, Items, Repeated


class Bag(Items):
    """Some values, each so often as it was put into it."""

    __slots__ = ()

    joins, brackets = "is put into", "{}"

    def __init__(self, of: BagOf, sizes: Sizes, parts: tuple[Any, ...]) -> None:
        super().__init__(of, sizes, parts)
        for part in self.parts:
            often, most = self.parts.count(part), of.longest(sizes)
            if often > most:
                raise EvaluationError(of.told, f"{often} of one value would be in it, of which {most} can be.",
                                      "Test b.count(m) before it is put into it, or let its domain have more of each.")
        self.parts = tuple(sorted(self.parts, key=lambda p: of.of.encode(p, sizes)))

    def with_(self, item: Any) -> Any:
        """The bag with one more of this value."""
        return self.other((*self.parts, item))

    def without(self, item: Any) -> Any:
        """The bag with one less of this value; EvaluationError where it is not in it."""
        if item not in self.parts:
            raise EvaluationError(self.of.told, f"{item!r} is taken out of it, and is not in it.", "Test m in b before.")
        at = self.parts.index(item)
        return self.other(self.parts[:at] + self.parts[at + 1:])

    def count(self, item: Any) -> int:
        """How often this value is in it."""
        return self.parts.count(item)


class BagOf(Repeated):
    """A bag of values of a domain, `most` of each at most."""

    noun: ClassVar[str] = "bag"
    values: ClassVar[type[Items]] = Bag

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
        return {IN_ANY_ORDER: [self.of.show(v, sizes) for v in self.parted(value, sizes)]}

    def read(self, shown: Any, sizes: Sizes) -> int:
        items = shown[IN_ANY_ORDER] if isinstance(shown, dict) and list(shown) == [IN_ANY_ORDER] else None
        cells = [self.of.read(v, sizes) for v in items] if isinstance(items, list) else [-1]
        if not isinstance(items, list) or any(cells.count(v) > self.longest(sizes) for v in cells):
            raise ValueError(f"{shown!r} is not a {self.told}")
        return self.joined(cells, sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        return "{" + ",".join(self.of.word(v, sizes) for v in self.parted(value, sizes)) + "}"

    def parted(self, value: int, sizes: Sizes) -> list[int]:
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
