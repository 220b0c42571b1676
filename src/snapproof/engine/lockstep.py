"""Lock-step: every adapter announces its box, and a driver lets exactly one execute exactly that box.

The threads are the same as in a free run, and so are the boxes; only `perform` differs.  A box whose condition
does not hold says so, has changed nothing, and is announced again.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any

from .box import execute
from .errors import EngineError, Hung
from .memory import Adapter, Memory
from .schedule import Stopped


class OutOfStep(EngineError):
    """The driver asked for a box that the adapter is not at."""


def _shut() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(eq=False)
class Desk:
    """Where an adapter and the driver meet: `go` lets the adapter on, `arrived` tells that it announces a box."""

    go: threading.Lock = field(default_factory=_shut)
    arrived: threading.Lock = field(default_factory=_shut)
    choice: tuple[Any, ...] = ()
    executed: bool = False
    error: BaseException | None = None


class LockStep:
    """The schedule and its driver.  `limit`: seconds that one box may take."""

    def __init__(self, limit: float = 10.0) -> None:
        self.bus = threading.Condition()
        self.limit = limit
        self._desks: dict[int, Desk] = {}
        self._memory: Memory | None = None
        self._stopped = False

    @property
    def memory(self) -> Memory:
        """Global memory of the array driven."""
        assert self._memory is not None, "the schedule has not been given to an array"
        return self._memory

    # --- the adapter's side ---------------------------------------------------------------------------

    def begin(self, memory: Memory) -> None:
        self._memory = memory
        self._desks = {a.number: Desk() for a in memory.adapters}

    def perform(self, me: Adapter) -> None:
        desk = self._desks[me.number]
        while True:
            desk.arrived.release()
            desk.go.acquire()
            if self._stopped:
                raise Stopped
            desk.executed = execute(self.memory, me, *desk.choice)
            if desk.executed:
                return

    def crashed(self, me: Adapter, error: BaseException) -> None:
        desk = self._desks[me.number]
        desk.error = error
        desk.arrived.release()

    def stop(self) -> None:
        self._stopped = True
        for desk in self._desks.values():
            if desk.go.locked():
                desk.go.release()

    # --- the driver's side ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Wait until every adapter has announced its first box; called once, when the threads have started."""
        for adapter in self.memory.adapters:
            self._await(adapter)

    def step(self, number: int, box: str = "", *choice: Any) -> bool:
        """Let an adapter (by number) execute its box; False when the box waits.

        `box`: the name it must be at; OutOfStep otherwise.  Hung, with the stack, when it takes too long.
        """
        adapter = self.memory.adapters[number - 1]
        if box and adapter.at.name != box:
            raise OutOfStep(adapter.name, f"it is at {adapter.at!r}, not at {box}.", "An earlier box led elsewhere.")
        desk = self._desks[number]
        desk.choice = choice
        desk.go.release()
        self._await(adapter)
        return desk.executed

    def advance(self, number: int, *choice: Any) -> list[str]:
        """One box and the local ones behind it, by name; empty when the first one waits."""
        adapter = self.memory.adapters[number - 1]
        names = [adapter.at.name]
        if not self.step(number, "", *choice):
            return []
        while adapter.at.local:
            names.append(adapter.at.name)
            self.step(number)
        return names

    def run(self, rng: random.Random, most: int = 100_000) -> bool:
        """Let adapters go on until none can; True when all of them are without work then.

        The first in a random order of precedence goes on, and the order changes now and then: so one adapter may
        stand still in the middle of its work for long, which an even choice hardly ever shows.
        """
        order = [a.number for a in self.memory.adapters]
        stuck: set[int] = set()
        for _ in range(most):
            if rng.random() < 0.15:
                rng.shuffle(order)
            number = next((n for n in order if n not in stuck), 0)
            if not number:
                return self.memory.at_rest
            if self.advance(number):
                stuck.clear()
            else:
                stuck.add(number)
        return False

    def _await(self, adapter: Adapter) -> None:
        desk = self._desks[adapter.number]
        if not desk.arrived.acquire(timeout=self.limit):
            raise self._hung(adapter)
        if desk.error is not None:
            raise desk.error

    def _hung(self, adapter: Adapter) -> Hung:
        from .schedule import hung

        threads = {t.name: t for t in threading.enumerate()}
        return hung(f"{adapter.name} at {adapter.at!r}", self.limit, [adapter], threads)


__all__ = ["Desk", "LockStep", "OutOfStep"]
