"""Objects over the cells of a state, as steps and properties see it in the plain reading."""

from __future__ import annotations

from typing import Any

from .instance import Instance
from .processes import Process
from .variables import State, table_over


def view(instance: Instance, machine: Any) -> tuple[State, list[Process]]:
    """A state object and a handle for every process, all over one list of cells; handles ask the machine where they are."""
    cells = instance.start_cells()
    state: Any = object.__new__(instance.spec.state)
    state._sizes = instance.sizes
    state._cells, state._place, state._limits, state._tables, state._handles = cells, {}, {}, {}, {}
    for slot in instance.slots.values():
        if slot.kind is None:
            state._place[slot.name], state._limits[slot.name] = slot.offset, (slot.low, slot.high)
            if slot.sizes:
                state._tables[slot.name] = table_over(cells, slot, instance.sizes)
    handles = []
    for number, (kind, i) in enumerate(instance.processes):
        handle: Any = object.__new__(kind)
        handle._cells, handle._machine, handle.id, handle.number = cells, machine, i, number + 1
        handle._sizes = instance.sizes
        mine = [s for s in instance.slots.values() if s.kind is kind]
        handle._place = {s.name: s.offset + i for s in mine}
        handle._limits = {s.name: (s.low, s.high) for s in mine}
        state._handles.setdefault(kind.__name__, []).append(handle)
        handles.append(handle)
    for kind in instance.spec.kinds:
        state._handles.setdefault(kind.__name__, [])
    return state, handles


__all__ = ["view"]
