"""A command in a process of its own, which is ended when it takes more memory or time than it was given.

A solver looks at its limits when it likes, and a formula is built before it is asked: neither can be relied upon.  So
this process does nothing but watch.  On systems that do not tell what a process uses (no /proc) only time is watched.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from ..exit_codes import ExitCode
from ..spec.errors import SnapproofError
from ..suite import lifeline
from ..words import size

LOOK = 0.25
"""Seconds between two looks at the memory."""

GRACE = 2.0
"""Seconds beyond its time in which a process may end by itself and say so; as many after Ctrl-C."""


class Ended(SnapproofError):
    """The process was ended by the system."""

    exit_code = ExitCode.SYSTEM_REFUSES


def run(work: Callable[[], int], memory: int, seconds: float | None, beyond: Callable[[str], int], as_json: bool = False) -> int:
    """The exit code of some work.  `beyond` tells what it went beyond, and gives the exit code of that."""
    # A library for numbers starts threads when it is loaded, which nothing here has work for.  Workers and compilations are
    # forked: of a process with threads a copy may hold a lock that nobody gives back.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not hasattr(os, "fork"):
        return work()
    streams = [_Relay(name) for name in ("stdout", "stderr")]
    told, tells = os.pipe()  # a library may end the process by itself: what ends as it should says so
    child = lifeline.fork(lambda: _inside(work, streams, tells, as_json))
    os.close(tells)
    for s in streams:
        s.in_parent()
    watch = _Watch(child, memory, None if seconds is None else time.monotonic() + seconds + GRACE)
    try:
        status = watch.until_ended(streams)
        finished = select.select([told], [], [], 0)[0] and os.read(told, 1) == b"."
    except BaseException:
        watch.kill()
        raise
    finally:
        os.close(told)
    if watch.reason:
        return beyond(watch.reason)
    if finished and os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    if watch.interrupted:
        raise KeyboardInterrupt  # it was asked to end, and could not say so
    raise _ended(status)


def _ended(status: int) -> SnapproofError:
    killed = os.WIFSIGNALED(status)
    name = f"signal {signal.Signals(os.WTERMSIG(status)).name}" if killed else f"exit code {os.WEXITSTATUS(status)}"
    if killed and os.WTERMSIG(status) == signal.SIGKILL or _limited():
        return Ended("memory", f"the process was ended ({name}), most likely for want of memory.",
                     "Give a smaller --memory, smaller sizes, or --jobs 1.")
    return SnapproofError("internal error", f"the process ended with {name}.",
                          "This is a mistake in snapproof or in a solver: please report the command and the scenario.")


def _limited() -> bool:
    """Has the system been told to give us only so much address space?  Libraries abort when they get no more."""
    import resource
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _inside(work: Callable[[], int], streams: list[_Relay], tells: int, as_json: bool) -> None:
    from .main import guarded

    # A group of its own, so that Ctrl-C on the terminal goes to the parent, who passes it on exactly once.
    with suppress(OSError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for s in streams:
        s.in_child()
    try:
        code = guarded(work, ["--json"] if as_json else [])
    except MemoryError:
        os.write(2, b"snapproof: memory: the system gave no more. Give smaller sizes, or --jobs 1.\n")
        code = ExitCode.SYSTEM_REFUSES
    os.write(tells, b".")
    sys.exit(code)


class _Relay:
    """Standard output or error: inherited where it is one of the system's, else (as under a test) passed on."""

    def __init__(self, name: str) -> None:
        self.name = name
        stream: IO[str] = getattr(sys, name)
        try:
            stream.fileno()
            self.ends = None
        except (OSError, ValueError, AttributeError):
            self.ends = os.pipe()

    def in_child(self) -> None:
        if self.ends:
            os.close(self.ends[0])
            setattr(sys, self.name, open(self.ends[1], "w", encoding="utf-8", buffering=1))  # noqa: SIM115

    def in_parent(self) -> None:
        if self.ends:
            os.close(self.ends[1])

    def take(self) -> bool:
        """Pass on what is there; False at its end."""
        assert self.ends
        found = os.read(self.ends[0], 1 << 16)
        stream: Any = getattr(sys, self.name)
        stream.flush()
        stream.buffer.write(found)
        return bool(found)


class _Watch:
    """`reason` says why the child was killed; `interrupted` how often the user asked for its end."""

    def __init__(self, child: int, memory: int, end: float | None) -> None:
        self.child, self.memory, self.end = child, memory, end
        self.reason, self.interrupted = "", 0
        self.patience: float | None = None

    def until_ended(self, streams: list[_Relay]) -> int:
        """Watch until the child has ended and said everything; its wait status."""
        open_ends = {s.ends[0]: s for s in streams if s.ends}
        look = time.monotonic() + LOOK
        gone = _life_of(self.child)
        status: int | None = None
        while status is None or open_ends:
            try:
                ready, _, _ = select.select([*open_ends, *([gone] if gone is not None and status is None else [])], [], [],
                                            LOOK if gone is not None else 0.05)
                for fd in ready:
                    if fd != gone and not open_ends[fd].take():
                        os.close(fd)
                        del open_ends[fd]
                if status is None:
                    pid, found = os.waitpid(self.child, os.WNOHANG)
                    status = found if pid else None
                if status is None and time.monotonic() >= look:
                    look = time.monotonic() + LOOK
                    self._limits()
            except KeyboardInterrupt:
                self._interrupt()
        if gone is not None:
            os.close(gone)
        return status

    def _limits(self) -> None:
        now = time.monotonic()
        if self.patience is not None and now > self.patience:
            self.kill()
        elif self.end is not None and now > self.end:
            self.reason = "the time is over"
            self.kill()
        elif (taken := used(self.child)) > self.memory:
            self.reason = f"the memory limit is reached ({size(taken)} of {size(self.memory)})"
            self.kill()

    def _interrupt(self) -> None:
        self.interrupted += 1
        self.patience = time.monotonic() + GRACE
        with suppress(OSError):
            os.kill(self.child, signal.SIGINT if self.interrupted == 1 else signal.SIGKILL)

    def kill(self) -> None:
        """End the child; its own children end with it."""
        with suppress(OSError):
            os.kill(self.child, signal.SIGKILL)


def _life_of(child: int) -> int | None:
    """A descriptor that can be read when the child has ended, where the system has such a thing."""
    if hasattr(os, "pidfd_open"):
        with suppress(OSError):
            return os.pidfd_open(child)
    return None


def used(process: int) -> int:
    """Bytes of memory that a process and its children have; what they share counts once.  0 where that is not told."""
    return sum(_own(p) for p in _family(process))


def _family(process: int) -> list[int]:
    found = [process]
    for p in found:
        with suppress(OSError, ValueError):
            found += [int(word) for word in Path(f"/proc/{p}/task/{p}/children").read_text("ascii").split()]
    return found


def _own(process: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


__all__ = ["Ended", "run", "used"]
