"""Where a replayed state differs from the recorded one, by name."""

from __future__ import annotations

from typing import Any

from ..words import value
from .diff import cells
from .trace import State, Trace


def first_difference(trace: Trace, number: int, now: State) -> str:
    """The first cell that differs after a step (0: the initial state), as a sentence; '' when none does.

    Only what both sides have is compared: variables that are new or gone are no difference.
    """
    recorded = trace.states[number]
    where = f"after step {number}" if number else "in the initial state"
    for name, found in recorded.items():
        if name not in now or name in trace.processes:
            continue
        if found != now[name]:
            return f"{where} the state differs from the recorded one: {_inside(trace, name, found, now[name])}."
    for process in trace.processes:
        here = now.get(process)
        for name, found in recorded[process].items():
            if here is not None and name in here and here[name] != found:
                return (f"{where} the state differs from the recorded one: {process}.{name} was {value(found)}, "
                        f"now {value(here[name])}.")
    return ""


def _inside(trace: Trace, name: str, old: Any, new: Any) -> str:
    shape = [len(trace.index_sets[i]) for i in trace.variables[name].indices]
    if not _has_shape(new, shape):
        return f"{name} has another shape"
    before, after = cells(trace, {name: old}, name), cells(trace, {name: new}, name)
    for (cell, was, _), (_, is_now, _) in zip(before, after, strict=True):
        if was != is_now:
            return f"{cell} was {value(was)}, now {value(is_now)}"
    return f"{name} differs"


def _has_shape(found: Any, shape: list[int]) -> bool:
    if not shape:
        return True
    return isinstance(found, list) and len(found) == shape[0] and all(_has_shape(part, shape[1:]) for part in found)
