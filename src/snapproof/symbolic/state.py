"""Symbolic states: one term a cell, in the slots of an instance."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..spec.instance import Cells, Instance, Slot
from ..spec.processes import Step
from .circuit import TRUE, Truth
from .commands import Commands, Programs
from .terms import Term, Terms


class SymbolicState:
    """The cells of an instance as terms: `cells[kind name or "", variable]` is a list, in slot order.

    `limits` are the conditions that free cells lie in their domains, and that locals are initial outside of the commands that
    they belong to, by input node.  `codes` numbers the steps of
    each kind.  `commands` says what the cells about commands mean; it may have added some.
    """

    def __init__(self, instance: Instance, terms: Terms, commands: Commands | None = None) -> None:
        self.instance, self.terms = instance, terms
        self.commands: Commands = Programs(instance) if commands is None else commands
        self.cells: dict[tuple[str, str], list[Term]] = {}
        self.limits: dict[int, Truth] = {}
        self.codes: dict[str, dict[Step, int]] = {k: {s: i for i, s in enumerate(steps)} for k, steps in instance.spec.steps.items()}

    @classmethod
    def known(cls, instance: Instance, values: Cells, terms: Terms | None = None) -> SymbolicState:
        """A concrete state."""
        state = cls(instance, Terms() if terms is None else terms)
        for key, slot in instance.slots.items():
            state.cells[key] = list(values[slot.offset:slot.offset + slot.length])
        return state

    @classmethod
    def free(cls, instance: Instance, terms: Terms | None = None, commands: Commands | None = None,
             unchanged: Collection[str] = ()) -> SymbolicState:
        """Any state of the declared types in which the `unchanged` shared variables have their first values.

        A cell is as many inputs as its domain needs.
        """
        state = cls(instance, Terms() if terms is None else terms, commands)
        for key, slot in instance.slots.items():
            low, high = state.commands.bounds(slot) if slot.name in ("command", "position") else (slot.low, slot.high)
            known = slot.kind is None and slot.name in unchanged
            state.cells[key] = [slot.start if known else state._free_cell(low, high) for _ in range(slot.length)]
        for kind in instance.spec.kinds:
            for name, (low, high) in state.commands.added(kind).items():
                state.cells[kind.__name__, name] = [state._free_cell(low, high) for _ in range(instance.sizes[kind.__name__])]
        for slot in (s for s in instance.slots.values() if s.during):
            for id in range(slot.length):
                state._limit_to_its_time(slot, id)
        return state

    def _free_cell(self, low: int, high: int) -> Term:
        first = len(self.terms)
        cell, limit = self.terms.free(low, high)
        if not isinstance(cell, int) and limit != TRUE:
            self.limits.update((n, limit) for n in range(first, len(self.terms)) if self.terms.is_input(n))
        return cell

    def in_its_time(self, slot: Slot, id: int) -> Truth:
        """Is a local that belongs to commands initial, or does the process carry out one of them?"""
        assert slot.kind is not None
        initial = self.terms.equal(self.cells[slot.kind.__name__, slot.name][id], slot.start)
        return self.terms.either(initial, self.commands.carries(self, slot.kind, id, slot.during))

    def _limit_to_its_time(self, slot: Slot, id: int) -> None:
        """Whoever comes to mention such a local mentions the command by this, which has limits, too."""
        assert slot.kind is not None
        mine, command = (_inputs(self.cells[slot.kind.__name__, name][id]) for name in (slot.name, "command"))
        whole = self.terms.all_of([self.in_its_time(slot, id), *(self.limits[n] for n in (*mine, *command) if n in self.limits)])
        self.limits.update((n, whole) for n in mine)

    def copy(self) -> SymbolicState:
        """The same cells, to be changed independently."""
        other = SymbolicState.__new__(SymbolicState)
        other.__dict__.update(self.__dict__)
        other.cells = {key: list(row) for key, row in self.cells.items()}
        return other

    def flat(self) -> list[Term]:
        """All cells in the order of a concrete state."""
        return [term for key in self.instance.slots for term in self.cells[key]]

    def within_types(self) -> Truth:
        """Is it of the declared types: does every cell lie in its domain, and is every local initial outside of its time?"""
        return self.terms.all_of(dict.fromkeys(self.limits.values()))

    def value(self, inputs: Mapping[int, int]) -> Cells:
        """The concrete state, given the inputs by node."""
        return tuple(self.terms.value(term, inputs) for term in self.flat())

    def inputs_of(self, values: Cells) -> dict[int, int]:
        """The inputs, by node, with which a free state is a concrete one."""
        out: dict[int, int] = {}
        for term, value in zip(self.flat(), values, strict=True):
            if not isinstance(term, int):
                out.update((b >> 1, value >> i & 1) for i, b in enumerate(term.bits) if b > 1)
        return out


def _inputs(cell: Term) -> list[int]:
    """The inputs that a free cell is, by node."""
    return [] if isinstance(cell, int) else [b >> 1 for b in cell.bits if b > 1]
