"""A counterexample to induction brought near an initial state, so that what is left unusual is what matters.

z3 gives any state, most of whose values mean nothing.  Cell after cell is set back to its initial value as long as
the plain reading still confirms the counterexample.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import replace
from operator import ne

from ..spec.during import stray
from ..spec.errors import EvaluationError, PropertyError
from ..spec.instance import Cells
from ..spec.machine import Machine, Move, Transition
from ..spec.processes import Action
from ..spec.refutation import Refutation


def confirmed(machine: Machine, found: Refutation, before: Cells) -> Transition | None:
    """The box taken from another first state, if that is a counterexample, too: None when it is not.

    The machine must not join local boxes to the box before them.
    """
    move = found.after.move
    try:
        after = _again(machine, move, before)
        if after is None or machine.check(found.goal, after.cells) is None:
            return None
        if stray(machine.instance, before) or stray(machine.instance, after.cells):
            return None
        fine = all(machine.check(p, before) is None for p in dict.fromkeys([found.goal, *found.assumed]))
        return after if fine else None
    except (EvaluationError, PropertyError):
        return None


def _again(machine: Machine, move: Move, before: Cells) -> Transition | None:
    """The same box from another state; None when it cannot be taken there."""
    if isinstance(move.boxes[0], Action):
        return machine.act(before, move.boxes[0], move.choices)
    machine.thaw(before)
    step = machine.step_at(machine.handles[move.process])
    if step is not move.boxes[0] or move.choices not in machine.step_choices(move.process, step):
        return None
    return machine.run(before, move.process, move.choices)


def nearest(machine: Machine, found: Refutation, seconds: float = 5.0) -> tuple[Refutation, Cells]:
    """The counterexample with few cells that differ from an initial state, and that state.

    Variables, processes and single cells are set back by themselves, then in pairs, and variables in threes: where
    an invariant ties two cells together, neither goes back alone.  It stops after `seconds`: what it then has is a
    counterexample, perhaps with more unusual cells than it needs.
    """
    start = min((t.cells for t in machine.initial()), key=lambda cells: sum(map(ne, cells, found.before)))
    end = time.monotonic() + seconds
    wide = [*_variables(machine), *_processes(machine)]
    units = [*wide, *([i] for i in range(machine.instance.width))]
    for among, count in ((units, 1), (units, 2), (wide, 3)):
        while (nearer := _pass(machine, found, start, among, count, end)) is not found:
            found = nearer
    return found, start


def _variables(machine: Machine) -> list[Sequence[int]]:
    """The cells of each variable."""
    return [range(s.offset, s.offset + s.length) for s in machine.instance.slots.values()]


def _processes(machine: Machine) -> list[Sequence[int]]:
    """The cells of each process."""
    instance = machine.instance
    return [[s.offset + i for s in instance.slots.values() if s.kind is kind] for kind, i in instance.processes]


def _pass(machine: Machine, found: Refutation, start: Cells, units: Sequence[Sequence[int]], count: int,
          end: float) -> Refutation:
    """Every combination of so many units set back once, as far as there is time for it."""
    differing = [u for u in units if any(found.before[i] != start[i] for i in u)]
    for chosen in itertools.combinations(differing, count):
        if time.monotonic() > end:
            break
        unusual = [i for i in itertools.chain.from_iterable(chosen) if found.before[i] != start[i]]
        if unusual:
            found = _set_back(machine, found, start, unusual)
    return found


def _set_back(machine: Machine, found: Refutation, start: Cells, cells: Sequence[int]) -> Refutation:
    before = list(found.before)
    for i in cells:
        before[i] = start[i]
    after = confirmed(machine, found, tuple(before))
    return replace(found, before=tuple(before), after=after) if after is not None else found


__all__ = ["confirmed", "nearest"]
