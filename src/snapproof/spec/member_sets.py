"""Sets of members of an index set, as values: each in one cell.

    open = variable(SetOf(Door), "the doors that are open")

In a cell a set is one number, bit i for member i, as in a `Mask`; in steps it is a value that is asked and joined, and no number.
The plain reading works with the objects of this file; the compiled and the symbolic one with the number (reader_sets.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from .demands import told
from .domains import Index, Mask, Sizes, Value
from .errors import EvaluationError, ScenarioError

MOST = 62
"""Members of a set that fits a cell."""

MOST_GONE_OVER = 16
"""Members of a set of which a loop may take every subset."""


class Members(Value):
    """Some of the members of an index set that has `size` of them; it never changes."""

    __slots__ = ("of", "size", "inside")

    def __init__(self, of: Index, size: int, inside: frozenset[int]) -> None:
        self.of, self.size, self.inside = of, size, inside
        for member in inside:
            if not 0 <= member < size:
                raise EvaluationError(f"set of {of.__name__}", f"{member} is put into it, and is outside 0…{size - 1}.",
                                      "Only members belong to such a set; test for none (-1) before.")

    def _other(self, inside: frozenset[int]) -> Members:
        return Members(self.of, self.size, inside)

    def with_(self, member: int) -> Members:
        """The set with this member."""
        return self._other(self.inside | {int(member)})

    def without(self, member: int) -> Members:
        """The set without this member, if it is one."""
        return self._other(self.inside - {int(member)})

    def __contains__(self, member: int) -> bool:
        return member in self.inside

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self.inside))

    def __len__(self) -> int:
        return len(self.inside)

    def __or__(self, other: Members) -> Members:
        return self._other(self.inside | other.inside)

    def __and__(self, other: Members) -> Members:
        return self._other(self.inside & other.inside)

    def __sub__(self, other: Members) -> Members:
        return self._other(self.inside - other.inside)

    def __xor__(self, other: Members) -> Members:
        return self._other(self.inside ^ other.inside)

    def __le__(self, other: Members) -> bool:
        return self.inside <= other.inside

    def __lt__(self, other: Members) -> bool:
        return self.inside < other.inside

    def __ge__(self, other: Members) -> bool:
        return self.inside >= other.inside

    def __gt__(self, other: Members) -> bool:
        return self.inside > other.inside

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Members) and (self.of, self.inside) == (other.of, other.inside)

    def __hash__(self) -> int:
        return hash((self.of, self.inside))

    def __repr__(self) -> str:
        return "{" + ", ".join(self.of.member(m) for m in self) + "}"


@dataclass(frozen=True)
class SetOf(Mask):
    """A set of members of an index set."""

    structured: ClassVar[bool] = True

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        if self.of.count(sizes) > MOST:
            raise ScenarioError(f"set of {self.of.__name__}", f"it takes {self.of.count(sizes)} bits at these sizes, more than the {MOST} "
                                "of a cell: one for each member.",
                                "Choose a smaller size, or a table of flags: table(Track, of=Flag(), …).")
        return super().bounds(sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        return "{" + ",".join(self.show(value, sizes)) + "}"

    def encode(self, value: Any, sizes: Sizes) -> int:
        if not isinstance(value, Members) or value.of is not self.of:
            raise EvaluationError(f"set of {self.of.__name__}", f"{told(value)} is stored in its place.", "Only such a set fits there.")
        return sum(1 << member for member in value.inside)

    def decode(self, cell: int, sizes: Sizes) -> Members:
        return Members(self.of, self.of.count(sizes), frozenset(i for i in range(cell.bit_length()) if cell >> i & 1))


@dataclass(frozen=True)
class Subsets(SetOf):
    """Sets of members that a loop goes over, every one: they must be few."""

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        if self.of.count(sizes) > MOST_GONE_OVER:
            raise ScenarioError(f"subsets of {self.of.__name__}", f"a loop goes over 2^{self.of.count(sizes)} of them at these sizes.",
                                f"Choose at most {MOST_GONE_OVER} members, or go over the members: for t in c.each({self.of.__name__}).")
        return super().bounds(sizes)


__all__ = ["Members", "SetOf", "Subsets"]
