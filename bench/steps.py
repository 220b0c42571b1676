"""The same behaviours by the plain reading alone and on the engine in lock-step, in turns: how many steps a second.

`python bench/steps.py REQUEST`, where REQUEST is JSON: scenario, walks, most (steps of a walk), rounds.
Prints JSON: steps and boxes of all walks, and for each reading the wall and processor seconds of every round.
Walks are drawn first, so neither time has the choosing in it; the engine's has the comparing of every state.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from snapproof import storage
from snapproof.conformance.lockstep_replay import Replayed
from snapproof.conformance.mapping import Sizes
from snapproof.conformance.walks import step_of
from snapproof.spec.instance import Cells, Instance
from snapproof.spec.machine import Machine, Transition
from snapproof.traces.trace import State, TraceStep


@dataclass
class Walk:
    """A random behaviour: the states as the model has them, its transitions, and both as traces have them."""

    cells: list[Cells]
    taken: list[Transition]
    initial: State
    steps: list[TraceStep]


def drawn(instance: Instance, seed: int, most: int) -> Walk:
    """At most so many steps; a process goes on for a while before another one does."""
    rng, machine = random.Random(seed), Machine(instance, [])
    cells = next(machine.initial()).cells
    walk = Walk([cells], [], instance.show(cells), [])
    for _ in range(most):
        able = list(machine.successors(cells))
        if not able:
            break
        same = [t for t in able if walk.taken and t.move.process == walk.taken[-1].move.process]
        taken = rng.choice(same if same and rng.random() < 0.7 else able)
        walk.steps.append(step_of(instance, cells, taken))
        walk.taken.append(taken)
        cells = taken.cells
        walk.cells.append(cells)
    return walk


def plain(instance: Instance, walks: list[Walk]) -> None:
    """Every step by the plain reading; the same states come out."""
    machine = Machine(instance, [])
    for walk in walks:
        for before, taken in zip(walk.cells, walk.taken, strict=False):
            found = machine.run(before, taken.move.process, taken.move.choices)
            assert found is not None and found.cells == taken.cells


def lock_step(instance: Instance, switches: dict[str, str], walks: list[Walk]) -> None:
    """Every step on the engine's threads, each state compared; Divergence when one differs."""
    for walk in walks:
        with Replayed(Sizes.of(instance.sizes, "bench"), switches, "bench") as engine:
            before = walk.initial
            engine.begin(before)
            for number, step in enumerate(walk.steps, 1):
                engine.take(number, step, before)
                before = step.state


def timed(action: Callable[[], None]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(request: dict[str, Any]) -> dict[str, Any]:
    """Both in turns."""
    scenario = storage.SUITE.find(request["scenario"])
    instance, switches = scenario.instance(), {n: v.name.lower() for n, v in scenario.switch_values().items()}
    walks = [drawn(instance, seed, request["most"]) for seed in range(request["walks"])]
    answer: dict[str, Any] = {"steps": sum(len(w.steps) for w in walks),
                              "boxes": sum(len(s.boxes) for w in walks for s in w.steps), "plain": [], "lock_step": []}
    for _ in range(request["rounds"]):
        answer["plain"].append(timed(lambda: plain(instance, walks)))
        answer["lock_step"].append(timed(lambda: lock_step(instance, switches, walks)))
    return answer


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
