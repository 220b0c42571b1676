"""The seam to the scheduler: threads that run freely, or in lock-step under a driver (`lockstep.py`).

Each adapter is a thread that executes one box after another.  A schedule decides when: `perform` returns when
the adapter has executed its box, and raises Stopped when the array ends.
"""

from __future__ import annotations

import random
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from .box import Box, execute
from .errors import Failed, Hung
from .memory import Adapter, Memory

SHORT, LONG, LONGEST = 0.1, 0.3, 30
"""How often a shaken thread lets others go first, for a moment or for long, and how many boxes of others that is at most."""

STOPPING = 1.0
"""Seconds to wait for the bus when the array ends."""


class Stopped(Exception):
    """The array ends; the thread goes home."""


class Schedule(Protocol):
    """When adapters execute their boxes.  `bus` is held while one does, and by whoever looks at global memory."""

    bus: threading.Condition

    def begin(self, memory: Memory) -> None:
        """The array is complete; its threads start now."""

    def perform(self, me: Adapter) -> None:
        """Execute the adapter's box, as soon as this schedule and its condition allow."""

    def crashed(self, me: Adapter, error: BaseException) -> None:
        """The adapter's thread ends with an error that is none of the engine's own."""

    def stop(self) -> None:
        """Make every thread raise Stopped."""


class Bus(threading.Condition):
    """Held by whoever works on global memory.  A box that hangs never lets it go, so others give up after `limit` seconds."""

    def __init__(self, limit: float, stuck: Callable[[], Hung]) -> None:
        super().__init__(threading.RLock())
        self._limit, self._stuck = limit, stuck

    def __enter__(self) -> bool:
        if not self.acquire(timeout=self._limit):
            raise self._stuck()
        return True


Watch = Callable[[Adapter, Box], None]
"""Told of every box executed, right behind it, while its adapter still has the bus: the order of calls is the order of boxes."""


class FreeRunning:
    """Threads as the system schedules them; a box that waits is tried again when another one has been executed.

    `shake`: now and then a thread lets others go first, for a moment or for long, so that more interleavings are
    seen.  When a thread does so follows from `shake`; what the others do meanwhile is the system's affair.
    `watch` sees every box; `limit`: seconds after which whoever waits for the bus reports that a box hangs.
    """

    def __init__(self, shake: random.Random | None = None, watch: Watch | None = None, limit: float = 30.0) -> None:
        self.bus: threading.Condition = Bus(limit, lambda: self._hung(limit))
        self._shake, self._watch = shake, watch
        self._pauses: dict[int, random.Random] = {}
        self._memory: Memory | None = None
        self._threads: dict[str, threading.Thread] = {}
        self._inside: Adapter | None = None
        self._waiting = 0
        self._stopped = False
        self._executed = 0
        self._tried: dict[int, int] = {}
        """For each adapter, how many boxes had been executed when its own was found to wait."""
        self._until: dict[int, int] = {}
        """Which adapters stand still, and until how many boxes have been executed."""
        self._still = threading.Event()

    @property
    def memory(self) -> Memory:
        """Global memory of the array whose threads these are."""
        assert self._memory is not None, "the schedule has not been given to an array"
        return self._memory

    def begin(self, memory: Memory) -> None:
        self._memory = memory
        if self._shake is not None:
            self._pauses = {a.number: random.Random(self._shake.random()) for a in memory.adapters}

    def perform(self, me: Adapter) -> None:
        m = self.memory
        self._threads[me.name] = threading.current_thread()
        with self._bus_for_long():
            while True:
                if self._stopped or m.broken is not None:
                    raise Stopped
                box, self._inside = me.at, me
                if not self._stands_still(me) and execute(m, me):
                    break
                if self._goes_on(me):
                    continue
                self._waiting += 1
                self.bus.wait()
                self._waiting -= 1
            self._executed += 1
            if self._watch is not None:
                self._watch(me, box)
            letting = self._let_others_go(me)
            if self._waiting:
                self.bus.notify_all()
        if letting:
            time.sleep(0)

    def crashed(self, me: Adapter, error: BaseException) -> None:
        with self._bus_for_long():
            self.memory.broken = Failed(f"{me.name} at {me.at!r}", f"the box failed: {type(error).__name__}: {error}.",
                                        "Open the array again: it is as it was at its last commit.")
            self.bus.notify_all()
            self._still.set()

    def stop(self) -> None:
        self._stopped = True
        # A thread that hangs in its box keeps the bus for ever; then nobody waits who could be told.
        if self.bus.acquire(timeout=STOPPING):
            try:
                self.bus.notify_all()
            finally:
                self.bus.release()

    @contextmanager
    def _bus_for_long(self) -> Iterator[None]:
        """The bus for an adapter, which waits as long as it takes: nobody waits for its report."""
        self.bus.acquire()
        try:
            yield
        finally:
            self.bus.release()

    # --- letting others go first --------------------------------------------------------------------------------

    def _let_others_go(self, me: Adapter) -> bool:
        """Behind a box: shall this thread let others go for a moment?  For long, it stands still at its next box."""
        rng = self._pauses.get(me.number)
        if rng is None:
            return False
        chance = rng.random()
        if chance < LONG:
            self._until[me.number] = self._executed + rng.randint(1, LONGEST)
        return chance < LONG + SHORT

    def _stands_still(self, me: Adapter) -> bool:
        return self._until.get(me.number, 0) > self._executed

    def _goes_on(self, me: Adapter) -> bool:
        """An adapter is about to wait.  When all do, those that only stand still go on instead."""
        if not self._stands_still(me):
            self._tried[me.number] = self._executed
        able = [a for a in self.memory.adapters if self._tried.get(a.number) != self._executed]
        if able and all(map(self._stands_still, able)):
            self._until.clear()
            self.bus.notify_all()
            return me in able
        if self._nobody_can():
            self._still.set()
        return False

    # --- until nobody can go on ---------------------------------------------------------------------------------

    def rest(self, limit: float) -> bool:
        """Wait until no adapter can execute its box; True when all are without work then, False when some wait for ever.

        Raises Hung when nothing happens for `limit` seconds and somebody could go on, Failed when the array stops itself.
        """
        seen, end = -1, 0.0
        while True:
            if self._executed != seen:
                seen, end = self._executed, time.monotonic() + limit
            if self.bus.acquire(timeout=max(0.01, end - time.monotonic())):
                try:
                    if self.memory.broken is not None:
                        raise self.memory.broken
                    if self._nobody_can():
                        return self.memory.at_rest
                    self._still.clear()
                finally:
                    self.bus.release()
            if time.monotonic() > end and self._executed == seen:
                raise self._hung(limit)
            self._still.wait(0.05)

    def _nobody_can(self) -> bool:
        """Has every adapter found that its box waits, since the last box was executed and the last command given?"""
        if any(self.memory.may_begin(h) and h.at.rest for h in self.memory.hosts):
            return False
        return all(self._tried.get(a.number) == self._executed for a in self.memory.adapters)

    def _hung(self, seconds: float) -> Hung:
        """Blames the last to have had the bus: when a box hangs, its adapter has it still."""
        busy = self._inside or self.memory.adapters[0]
        return hung(f"{busy.name} at {busy.at!r}", seconds, self.memory.adapters, self._threads)


def hung(place: str, seconds: float, adapters: list[Adapter], threads: dict[str, threading.Thread]) -> Hung:
    """The error for a process that does not get on, with the box and the stack of every adapter."""
    frames = sys._current_frames()
    parts = []
    for adapter in adapters:
        thread = threads.get(adapter.name)
        frame = frames.get(thread.ident or 0) if thread is not None else None
        stack = "".join(traceback.format_stack(frame)) if frame is not None else "  (its thread has ended)\n"
        parts.append(f"{adapter.name} at {adapter.at!r}\n{stack}")
    where = ", ".join(f"{a.name} at {a.at!r}" for a in adapters if not a.at.rest) or "all adapters are without work"
    return Hung(place, f"nothing happened for {seconds:g} seconds: {where}.",
                "A lock is never let go, or a status never sent; the stacks are in the error.", "\n".join(parts))


__all__ = ["Bus", "FreeRunning", "Schedule", "Stopped", "Watch", "hung"]
