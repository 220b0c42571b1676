"""Random behaviours of a scenario on the engine, for scenarios too large to cover.

A walk lets one process go on for a while before another one does, so that it gets deep into the scenario and
still stops processes in the middle of their work.
"""

from __future__ import annotations

import random

from ..spec.instance import Cells, Instance
from ..spec.machine import Machine, Transition
from ..spec.processes import Step
from ..traces.record import command_of, named_choices
from ..traces.trace import Box, TraceStep
from .lockstep_replay import Exercised, Replayed
from .mapping import Sizes


def step_of(instance: Instance, before: Cells, taken: Transition) -> TraceStep:
    """A transition as traces have it."""
    choices = named_choices(instance, taken)
    boxes = tuple(Box(b.name, b.id if isinstance(b, Step) else "", b.figure if isinstance(b, Step) else "", "",
                      choices if i == 0 else {}) for i, b in enumerate(taken.move.boxes))
    process = taken.move.process
    return TraceStep(instance.process_name(process), instance.processes[process][0].__name__, boxes,
                     command_of(instance, before, taken), instance.show(taken.cells))


def replay_walk(instance: Instance, switches: dict[str, str], place: str, exercised: Exercised, seed: int,
                most: int = 1000) -> int:
    """One walk of at most so many steps; how many it had.  Divergence at the first that differs."""
    rng, machine = random.Random(seed), Machine(instance, [])
    cells = rng.choice([t.cells for t in machine.initial()])
    before, last = instance.show(cells), -1
    with Replayed(Sizes.of(instance.sizes, place), switches, f"{place}, walk {seed}", exercised=exercised) as engine:
        engine.begin(before)
        for number in range(1, most + 1):
            able = list(machine.successors(cells))
            if not able:
                return number - 1
            same = [t for t in able if t.move.process == last]
            taken = rng.choice(same if same and rng.random() < 0.7 else able)
            step = step_of(instance, cells, taken)
            engine.take(number, step, before)
            cells, before, last = taken.cells, step.state, taken.move.process
    return most


__all__ = ["replay_walk", "step_of"]
