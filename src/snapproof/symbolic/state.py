"""Symbolic states: one term a cell, in the slots of an instance."""

from __future__ import annotations

from collections.abc import Iterable

import z3

from ..spec.instance import Cells, Instance
from .terms import WIDTH, Term, Truth, bits, compare


class SymbolicState:
    """The cells of an instance as terms: `cells[kind name or "", variable]` is a list, in slot order."""

    def __init__(self, instance: Instance, cells: dict[tuple[str, str], list[Term]]) -> None:
        self.instance, self.cells = instance, cells

    @classmethod
    def known(cls, instance: Instance, values: Cells) -> SymbolicState:
        """A concrete state."""
        return cls(instance, {key: list(values[s.offset:s.offset + s.length]) for key, s in instance.slots.items()})

    @classmethod
    def free(cls, instance: Instance, prefix: str) -> tuple[SymbolicState, list[z3.BoolRef]]:
        """Any state of the declared types, and the constraints that say so.

        A cell is as many free bits as its domain needs, extended and shifted to its lowest value.
        """
        cells: dict[tuple[str, str], list[Term]] = {}
        limits: list[z3.BoolRef] = []
        for (kind, name), slot in instance.slots.items():
            # Room for commands is made in steps (see instance.capacity); the commands there are are fewer.
            high = len(instance.invocations) - 1 if name == "command" else slot.high
            width = (slot.high - slot.low).bit_length()
            row: list[Term] = []
            for i in range(slot.length):
                if width == 0:
                    row.append(slot.low)
                    continue
                raw = z3.BitVec(f"{prefix}{kind}.{name}[{i}]", width)
                if high - slot.low != (1 << width) - 1:
                    limits.append(z3.ULE(raw, high - slot.low))
                wide = z3.ZeroExt(WIDTH - width, raw)
                row.append(wide + slot.low if slot.low else wide)
            cells[kind, name] = row
        return cls(instance, cells), limits

    def copy(self) -> SymbolicState:
        """The same cells, to be changed independently."""
        return SymbolicState(self.instance, {key: list(row) for key, row in self.cells.items()})

    def flat(self) -> list[Term]:
        """All cells in the order of a concrete state."""
        return [term for key in self.instance.slots for term in self.cells[key]]

    def value(self, model: z3.ModelRef) -> Cells:
        """The concrete state that a z3 model gives."""
        out = []
        for term in self.flat():
            found = term if isinstance(term, int) else model.eval(term, model_completion=True).as_signed_long()
            out.append(int(found))
        return tuple(out)

    def equals(self, values: Iterable[int]) -> Truth:
        """Is it this concrete state?"""
        tests = [compare("==", term, value) for term, value in zip(self.flat(), values, strict=True)]
        return z3.And([t for t in tests if not isinstance(t, bool)]) if all(t is not False for t in tests) else False

    def same_as(self, other: SymbolicState) -> z3.BoolRef:
        """Are two states equal in every cell?"""
        pairs = zip(self.flat(), other.flat(), strict=True)
        return z3.And([bits(a) == bits(b) for a, b in pairs if a is not b])
