"""A model behaviour on the engine's threads: each box when the model says, and the states compared after each step.

What hosts get is compared too: the bytes of a read, the session number of a registration, a table entry, an error.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..engine import Array, Build, create
from ..engine.errors import EngineError, Hung
from ..engine.faulty_store import MemoryStore
from ..engine.lockstep import LockStep, OutOfStep
from ..traces.trace import Box, State, TraceStep
from ..vocabulary.restore_values import Follows
from .answers import answer_of_model
from .comparing import ANSWER, difference
from .errors import Divergence, diverges
from .mapping import Map, Sizes, command_of


@dataclass
class Exercised:
    """How often each box of each kind of process was executed, over any number of replays."""

    boxes: Counter[tuple[str, str]] = field(default_factory=Counter)
    steps: int = 0
    seconds: float = 0.0


class Replayed:
    """One engine under one driver.  Use as a context manager, or call `end`.

    `switches` as words; raises BadBuild and NotMapped.  `place` begins every message.
    """

    def __init__(self, sizes: Sizes, switches: dict[str, str], place: str, limit: float = 10.0,
                 exercised: Exercised | None = None) -> None:
        self.sizes, self.place = sizes, place
        self.exercised = exercised if exercised is not None else Exercised()
        build, store = Build.of(switches), MemoryStore()
        create(store, sizes.geometry, build)
        self.driver = LockStep(limit)
        self.array = Array(store, build, hosts=sizes.hosts, disks=sizes.disks, generations=sizes.generations, schedule=self.driver,
                           durable=False)
        self.driver.settle()
        self.map = Map(self.array.memory, sizes)
        self.numbers = {a.name: a.number for a in self.array.memory.adapters}

    def __enter__(self) -> Replayed:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Let the threads go home."""
        self.array.abandon()

    def begin(self, state: State) -> None:
        """Compare the initial states; Divergence when they differ."""
        found = difference(state, self.map.state())
        if found is not None:
            raise Divergence(f"{self.place}, initial state", f"{found}.", "They begin differently.", 0, found.field)

    def take(self, number: int, step: TraceStep, before: State) -> None:
        """Execute a step, from the state before it; Divergence when the engine does anything else, Hung when nothing."""
        me = self.numbers.get(step.process)
        if me is None:
            raise diverges(self.place, number, step, step.boxes[0], "process", f"the engine has no process {step.process!r}")
        if step.command:
            self.map.takes_up(me, step.command, self.array.give(me - 1, command_of(step.command, self.sizes)))
        for i, box in enumerate(step.boxes):
            self._box(number, step, box, me, i == 0)
        self.exercised.steps += 1
        last = step.boxes[-1]
        told = with_answer(step, before, self.array.memory.build.follows)
        found = difference(told, self.map.state_behind(self.array.memory.adapters[me - 1]))
        if found is not None:
            raise diverges(self.place, number, step, last, found.field, str(found))

    def going_on(self) -> list[str]:
        """Who can execute a box now, and which: none in a deadlock.  Ends the replay: the boxes are executed."""
        found = []
        for adapter in self.array.memory.adapters:
            at = adapter.at
            if self.driver.step(adapter.number):
                found.append(f"{adapter.name} at {at!r}")
        return found

    def _box(self, number: int, step: TraceStep, box: Box, me: int, first: bool) -> None:
        choice = [self.numbers[name] - 1 for name in box.choices.values()] if first and box.step == "take_request" else []
        try:
            executed = self.driver.step(me, box.step, *choice)
        except OutOfStep as error:
            raise diverges(self.place, number, step, box, "step", f"in the engine {error.place} is elsewhere: {error.cause}") from None
        except Hung:
            raise  # its stacks are the verdict
        except EngineError as error:
            raise diverges(self.place, number, step, box, "step", f"the engine fails: {error}") from error
        if not executed:
            raise diverges(self.place, number, step, box, "step", "the box waits in the engine, and not in the model")
        self.exercised.boxes[step.kind, box.step] += 1


def with_answer(step: TraceStep, before: State, follows: Follows) -> State:
    """The model's state behind a step of a host adapter, with what the host gets when its command ended there."""
    behind, last = step.state[step.process], step.boxes[-1].step
    command = step.command or before[step.process].get("command", "none")
    if command == "none" or behind.get("command") != "none":
        return step.state
    return {**step.state, step.process + ANSWER: answer_of_model(last, command, step.process, before, follows)}


__all__ = ["Exercised", "Replayed", "with_answer"]
