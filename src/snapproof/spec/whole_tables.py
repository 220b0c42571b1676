"""Whole tables as values: a parameter may be chosen from all functions from index sets to a domain.

    def start(s: Shop, c: Settings, prices: TableOf(Item, of=Range(0, 2))) -> Signal:
        s.price = prices

A whole table is one number, digit by digit, the first cell in front (decision 0008); it is chosen, passed on, looked into,
compared and assigned to a table of the state, and is in no cell: the state has tables of its own for that.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any, ClassVar

from .demands import demand, demand_class, told
from .domains import LARGEST, Domain, Index, IndexSet, Sizes, Value, demand_domain
from .errors import EvaluationError, ScenarioError


class WholeTable(Value):
    """A value for each combination of members; it never changes."""

    __slots__ = ("indices", "sizes", "values")

    def __init__(self, indices: tuple[Index, ...], sizes: tuple[int, ...], values: tuple[int, ...]) -> None:
        self.indices, self.sizes, self.values = indices, sizes, values

    def __getitem__(self, key: int | tuple[int, ...]) -> int:
        place = 0
        for index, size in zip(key if isinstance(key, tuple) else (key,), self.sizes, strict=True):
            if not 0 <= index < size:
                raise EvaluationError("whole table", f"index {index} is outside 0…{size - 1}.",
                                      "Test for none (-1) before using a value as an index.")
            place = place * size + int(index)
        return self.values[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WholeTable) and (self.indices, self.values) == (other.indices, other.values)

    def __hash__(self) -> int:
        return hash((self.indices, self.values))


@dataclass(frozen=True, init=False)
class TableOf(Domain):
    """Every table over these index sets with values of a domain."""

    indices: tuple[Index, ...]
    of: Domain

    structured: ClassVar[bool] = True
    cell: ClassVar[bool] = False

    def __init__(self, *indices: Index, of: Domain) -> None:
        demand(indices != (), "TableOf", "it has no index set.", "Write TableOf(Track, of=Flag()).")
        for index in indices:
            demand_class(index, IndexSet, "TableOf", "its index set", "Write TableOf(Track, of=Flag()) with a class Track(IndexSet).")
        demand_domain(of, "TableOf")
        demand(not of.structured, "TableOf", f"its cells hold {told(of)}, and no numbers.",
               "Choose tables of numbers, such as TableOf(Track, of=Range(0, 3)), and make records or sets of them.")
        object.__setattr__(self, "indices", indices)
        object.__setattr__(self, "of", of)

    def __repr__(self) -> str:
        return f"TableOf({', '.join(i.__name__ for i in self.indices)}, of={self.of})"

    __str__ = __repr__

    def inner(self) -> tuple[Domain, ...]:
        return (self.of,)

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        low, high = self.of.bounds(sizes)
        cells = math.prod(self._shape(sizes))
        if cells * math.log2(max(high - low + 1, 1)) > 63 or (high - low + 1) ** cells - 1 > LARGEST:
            raise ScenarioError(str(self), f"it has {cells} cells with {high - low + 1} values each at these sizes, more than 62 bits.",
                                "Choose smaller sizes, or choose the values of a few cells by parameters of their own.")
        return 0, (high - low + 1) ** cells - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        found = self.decode(value, sizes)
        keys = itertools.product(*(range(n) for n in found.sizes))
        names = [",".join(of.member(i) for of, i in zip(self.indices, key, strict=True)) for key in keys]
        return {name: self.of.show(v, sizes) for name, v in zip(names, found.values, strict=True)}

    def encode(self, value: Any, sizes: Sizes) -> int:
        low, high = self.of.bounds(sizes)
        total = 0
        for one in value.values:
            total = total * (high - low + 1) + one - low
        return total

    def decode(self, cell: int, sizes: Sizes) -> WholeTable:
        low, high = self.of.bounds(sizes)
        shape, values = self._shape(sizes), list[int]()
        for _ in range(math.prod(shape)):
            cell, rest = divmod(cell, high - low + 1)
            values.append(rest + low)
        return WholeTable(self.indices, shape, tuple(reversed(values)))

    def _shape(self, sizes: Sizes) -> tuple[int, ...]:
        return tuple(of.count(sizes) for of in self.indices)


__all__ = ["TableOf", "WholeTable"]
