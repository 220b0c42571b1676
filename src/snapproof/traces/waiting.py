"""Who waits at which box, and why: the conditions that led to `return WAIT`, and the cells that they read, as data."""

from __future__ import annotations

from collections.abc import Sequence

from .. import source
from ..spec.evaluator import Condition, outcome
from ..spec.evaluator import Read as Evaluated
from ..spec.instance import Cells
from ..spec.machine import Machine
from ..spec.processes import WAIT, Declared, Process
from ..words import value
from .trace import Read, Waiting, Why


def waiting(machine: Machine, cells: Cells, for_ever: Sequence[int] = ()) -> tuple[Waiting, ...]:
    """Where every process waits in a deadlock, and why; or those which can never move again while others go on."""
    machine.thaw(cells)
    places = [(h, machine.step_at(h)) for h in machine.handles]
    out = []
    for i, (handle, step) in enumerate(places):
        if for_ever and i not in for_ever:
            continue
        machine.thaw(cells)
        first = next(iter(machine.step_choices(i, step)), None)
        if step not in machine.spec.trees:
            why = Why(reason="its program is finished")
        else:
            why = Why(reason="no choice is possible") if first is None else why_waiting(machine, cells, step, handle, first)
        machine.thaw(cells)
        callers = machine.spec.routes[type(handle).__name__].called_from(step, handle._cells, handle._place)
        out.append(Waiting(handle.member(handle.id), step.name, step.id, tuple(callers), why))
    return tuple(out)


def why_waiting(machine: Machine, cells: Cells, declared: Declared, process: Process | None, choices: tuple[int, ...]) -> Why:
    """The conditions for which a step or action is not enabled in a state (none, and no reason, when it is enabled)."""
    if declared not in machine.spec.trees:
        return Why(reason="its program has no further command")
    found = outcome(machine, cells, declared, process, choices)
    if found.target is not WAIT:
        return Why()
    if not found.waits:
        return Why(reason=f"{declared.place} always waits")
    reads = {name: read for condition in found.waits for name, read in condition.reads.items()}
    return Why(conditions=tuple(_source(machine, declared, c) for c in found.waits), reads=tuple(map(_read, reads.values())))


def _read(found: Evaluated) -> Read:
    return Read(found.name, value(found.shown), found.holder)


def _source(machine: Machine, declared: Declared, condition: Condition) -> tuple[str, str]:
    """The place of a condition and its line."""
    text = source.line_of(declared.function, condition.line)
    for function, lowered in machine.spec.reader.functions.items():
        if lowered is condition.function:
            text = source.line_of(function, condition.line)
    return f"{condition.function.place.rsplit(':', 1)[0]}:{condition.line}", text.strip().rstrip(":")
