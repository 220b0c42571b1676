"""A model behaviour on the engine's threads: each box when the model says, and the states compared after each step.

What reads return is compared too: the bytes that the engine hands to the host against the model's block.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..engine import Array, Build, create
from ..engine.errors import EngineError, Hung
from ..engine.faulty_store import MemoryStore
from ..engine.geometry import BLOCK
from ..engine.lockstep import LockStep, OutOfStep
from ..engine.memory import Ticket, Word
from ..report.trace import Box, State, TraceStep
from .comparing import GARBAGE, difference
from .errors import Divergence
from .mapping import ALL, Map, Sizes, command_of

READS = {"read_standard_track", "read_from_standard", "read_from_log"}


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
        self.array = Array(store, build, hosts=sizes.hosts, disks=sizes.disks, schedule=self.driver, durable=False)
        self.driver.settle()
        self.map = Map(self.array.memory, sizes)
        self.numbers = {a.name: a.number for a in self.array.memory.adapters}
        self.tickets: dict[int, Ticket] = {}

    def __enter__(self) -> Replayed:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Let the threads go home."""
        self.array.abandon()

    def begin(self, state: State) -> None:
        """Compare the initial states; Divergence when they differ."""
        self._compare(0, None, "", state)

    def take(self, number: int, step: TraceStep, before: State) -> None:
        """Execute a step, from the state before it; Divergence when the engine does anything else, Hung when nothing."""
        me = self.numbers.get(step.process)
        if me is None:
            raise self._diverges(number, step, step.boxes[0], "process", f"the engine has no process {step.process!r}")
        if step.command:
            self.tickets[me] = self.array.give(me - 1, command_of(step.command, self.sizes))
            self.map.words[me] = step.command
        for i, box in enumerate(step.boxes):
            self._box(number, step, box, me, i == 0)
        for box in step.boxes:
            if box.step in READS:
                self._returned(number, step, box, me, before)
        self.exercised.steps += 1
        self._compare(number, step, step.boxes[-1].step, step.state)

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
            raise self._diverges(number, step, box, "step", f"in the engine {error.place} is elsewhere: {error.cause}") from None
        except Hung:
            raise  # its stacks are the verdict
        except EngineError as error:
            raise self._diverges(number, step, box, "step", f"the engine fails: {error}") from error
        if not executed:
            raise self._diverges(number, step, box, "step", "the box waits in the engine, and not in the model")
        self.exercised.boxes[step.kind, box.step] += 1

    def _compare(self, number: int, step: TraceStep | None, box: str, expected: State) -> None:
        found = difference(expected, self.map)
        if found is not None:
            if step is None:
                raise Divergence(f"{self.place}, initial state", f"{found}.", "They begin differently.", 0, found.field)
            last = next(b for b in reversed(step.boxes) if b.step == box)
            raise self._diverges(number, step, last, found.field, str(found))

    def _returned(self, number: int, step: TraceStep, box: Box, me: int, before: State) -> None:
        """The host gets the block that the model reads."""
        ticket = self.tickets[me]
        words = self.map.words[me].split()
        if ticket.command.word != Word.READ or words[3] == ALL or ticket.result is None:
            return
        device, track, block = words[1], int(words[2][1:]) - 1, int(words[3][1:]) - 1
        entry = before[step.process]["entry"] if box.step != "read_standard_track" else "standard"
        if entry == "standard":
            std = device if device[0] == "S" else before["std_of"][int(device[1:]) - 1]
            expected = before["std_data"][int(std[1:]) - 1][track][block]
        else:
            expected = before["log_data"][int(entry[1:]) - 1][block]
        assert len(ticket.result) == self.sizes.share(block)[1] * BLOCK
        found = self.map.value_of(ticket.result)
        if expected not in (GARBAGE, found):
            raise self._diverges(number, step, box, "data", f"the model reads {expected}, the engine returns {found}")

    def _diverges(self, number: int, step: TraceStep, box: Box, field: str, cause: str) -> Divergence:
        figure = f", {box.figure}" if box.figure else ""
        return Divergence(f"{self.place}, step {number} ({step.process}, {box.id} {box.step}{figure})", f"{cause}.",
                          "The engine and the model execute this box differently.", number, field)


__all__ = ["Exercised", "Replayed"]
