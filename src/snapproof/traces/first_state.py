"""The first state of a trace that starts anywhere, read from the file into the specification as it is now.

Nothing leads to this state, so nothing in it is believed: every value must be one of its declared type, and all that
the trace assumes is evaluated again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..spec.during import stray
from ..spec.errors import near
from ..spec.instance import Cells, Slot
from ..spec.machine import Machine
from ..spec.properties import Property
from ..spec.specification import Specification
from ..words import value
from .diff import cells
from .errors import Misfit
from .trace import Trace

AGAIN = "Find the counterexample again: snapproof prove."


def first_state(machine: Machine, trace: Trace, notes: list[str], place: str) -> Cells:
    """The recorded first state; Misfit when it is none of the declared types.

    A variable or process that is new since has its value of the first initial state, and one that is gone is left
    out: both are noted.
    """
    where = f"{place}, first state"
    _same_members(machine, trace, where)
    found = list(next((t.cells for t in machine.initial()), machine.instance.start_cells()))
    for (kind, name), slot in machine.instance.slots.items():
        if kind:
            _locals(machine, trace, slot, found, notes, where)
        elif name in trace.variables:
            found[slot.offset:slot.offset + slot.length] = _table(machine, trace, slot, where)
        else:
            notes.append(f"the variable {name} is new; in the first state it has its initial value.")
    _gone(machine, trace, notes)
    lost = stray(machine.instance, tuple(found))
    if lost is not None:
        slot, i = lost
        assert slot.kind is not None
        words = " and ".join(c.word for c in slot.during)
        raise Misfit(where, f"{slot.kind.member(i)}.{slot.name} belongs to {words}, which {slot.kind.member(i)} does not carry out, and is "
                     f"{value(slot.domain.show(found[slot.offset + i], machine.instance.sizes))[:60]}.",
                     "Elsewhere it has its initial value in every state: find the counterexample again with snapproof prove.")
    return tuple(found)


def excluded(machine: Machine, trace: Trace, first: Cells, place: str) -> str:
    """Which assumed invariant does not hold in the first state, in words; '' when all hold.  Misfit: one is gone."""
    assert trace.anywhere is not None
    for p in [_invariant(machine.spec, id, place) for id in trace.anywhere.assumed]:
        broken = machine.check(p, first)
        if broken is not None:
            words = ", ".join(f"{n} = {v}" for n, v in machine.name_arguments(broken).items())
            return f"{p.id} does not hold in its first state" + (f", for {words}" if words else "")
    return ""


def _invariant(spec: Specification, id: str, place: str) -> Property:
    invariants = [p.id for p in spec.properties.values() if p.kind == "invariant"]
    if id not in invariants:
        raise Misfit(place, f"it assumes {id}, and there is no such invariant any more.", near(id, invariants))
    return spec.properties[id]


def _same_members(machine: Machine, trace: Trace, where: str) -> None:
    """Tables are read in the order of their members, so these must be the same."""
    for name, of in machine.spec.index_sets.items():
        members = [of.member(i) for i in range(of.count(machine.instance.sizes))]
        if trace.index_sets.get(name, members) != members:
            raise Misfit(where, f"the members of {name} are {', '.join(members)} now, recorded are "
                         f"{', '.join(trace.index_sets[name])}.", AGAIN)


def _table(machine: Machine, trace: Trace, slot: Slot, where: str) -> Sequence[int]:
    indices = tuple(of.__name__ for of in slot.indices)
    if trace.variables[slot.name].indices != indices:
        raise Misfit(where, f"{slot.name} has the indices {', '.join(indices) or '(none)'} now, recorded are "
                     f"{', '.join(trace.variables[slot.name].indices) or '(none)'}.", AGAIN)
    return [_value(machine, slot, name, shown, where) for name, shown, _ in cells(trace, trace.initial.state, slot.name)]


def _locals(machine: Machine, trace: Trace, slot: Slot, found: list[int], notes: list[str], where: str) -> None:
    for i in range(slot.length):
        assert slot.kind is not None
        process = slot.kind.member(i)
        if process not in trace.processes:
            if slot.name == "step":
                notes.append(f"the process {process} is new; in the first state it is where it is initially.")
        elif slot.name not in trace.initial.state[process]:
            notes.append(f"{process}.{slot.name} is new; in the first state it has its initial value.")
        else:
            shown = trace.initial.state[process][slot.name]
            found[slot.offset + i] = _value(machine, slot, f"{process}.{slot.name}", shown, where)


def _value(machine: Machine, slot: Slot, name: str, shown: Any, where: str) -> int:
    try:
        return slot.read(shown, machine.instance.sizes)
    except (ValueError, LookupError, TypeError):
        raise Misfit(where, f"{name} is {value(shown)[:60]}, which is no value of its type.",
                     "The type has changed, or the file: find the counterexample again with snapproof prove.") from None


def _gone(machine: Machine, trace: Trace, notes: list[str]) -> None:
    slots = machine.instance.slots
    for name in trace.variables:
        kind, _, local = name.partition(".")
        if ((kind, local) if local else ("", name)) not in slots:
            notes.append(f"the variable {name} is gone.")
    names = [machine.instance.process_name(i) for i in range(len(machine.instance.processes))]
    notes += [f"the process {p} is gone." for p in trace.processes if p not in names]


__all__ = ["excluded", "first_state"]
