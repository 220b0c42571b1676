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
from typing import Protocol

from .box import execute
from .errors import Failed, Hung
from .memory import Adapter, Memory


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


class FreeRunning:
    """Threads as the system schedules them; a box that waits is tried again when another one has been executed.

    With `shake`, a thread now and then lets others go first, so that a test sees more interleavings.
    """

    def __init__(self, shake: random.Random | None = None) -> None:
        self.bus = threading.Condition()
        self._shake = shake
        self._memory: Memory | None = None
        self._waiting = 0
        self._stopped = False

    def begin(self, memory: Memory) -> None:
        self._memory = memory

    def perform(self, me: Adapter) -> None:
        m = self._memory
        assert m is not None
        with self.bus:
            while True:
                if self._stopped or m.broken is not None:
                    raise Stopped
                if execute(m, me):
                    break
                self._waiting += 1
                self.bus.wait()
                self._waiting -= 1
            if self._waiting:
                self.bus.notify_all()
        if self._shake is not None and self._shake.random() < 0.2:
            time.sleep(0)

    def crashed(self, me: Adapter, error: BaseException) -> None:
        with self.bus:
            m = self._memory
            assert m is not None
            m.broken = Failed(f"{me.name} at {me.at!r}", f"the box failed: {type(error).__name__}: {error}.",
                              "Open the array again: it is as it was at its last commit.")
            self.bus.notify_all()

    def stop(self) -> None:
        with self.bus:
            self._stopped = True
            self.bus.notify_all()


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


__all__ = ["FreeRunning", "Schedule", "Stopped", "hung"]
