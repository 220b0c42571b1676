"""Numbered tasks in several forked processes, one at a time each: searches, faults, and the parts of proofs.

Workers take a number from a pipe and answer in JSON, so nothing is unpickled.  A worker that dies, at whatever moment,
is the end of one task, the one it had; another takes its place.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Union

from . import lifeline

Answer = Any
"""What a task came to, or what is told while it runs: anything that JSON can say."""

Say = Callable[[Answer], None]
Work = Callable[[int, Say], Answer]
"""Does a task; while it is at it, it may say how far it is."""

Choose = Callable[[Sequence[int], Sequence[int]], int]
"""Which of the waiting tasks is next, while others are being worked at."""


@dataclass(frozen=True)
class Died:
    """In place of an answer: the worker ended with this wait status."""

    status: int

    @property
    def signal(self) -> int:
        """What ended it; 0 when it ended by itself."""
        return os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0

    @property
    def killed(self) -> bool:
        """By SIGKILL: most likely by a system that wanted its memory."""
        return self.signal == signal.SIGKILL


@dataclass(frozen=True)
class Stopped:
    """In place of an answer: Ctrl-C came before the task was begun, or a second one while it was worked at."""


End = Union[Answer, Died, Stopped]


@dataclass
class _Worker:
    pid: int
    pipe: Connection
    task: int


def _first(waiting: Sequence[int], busy: Sequence[int]) -> int:
    return waiting[0]


class _Team:
    """Who works, at what, and what waits."""

    def __init__(self, count: int, processes: int, work: Work, choose: Choose, partly: bool) -> None:
        self.waiting, self.processes = list(range(count)), processes
        self.work, self.choose, self.partly = work, choose, partly
        self.workers: list[_Worker] = []
        self.interrupts = 0

    def next(self) -> int:
        """Take a task from those that wait."""
        task = self.choose(self.waiting, [w.task for w in self.workers])
        self.waiting.remove(task)
        return task

    def fill(self) -> None:
        """As many workers as may be, while something waits."""
        while self.waiting and not self.interrupts and len(self.workers) < self.processes:
            self.workers.append(_start(self.workers, self.work, self.next(), self.partly))

    def ready(self) -> list[_Worker]:
        """Those who have something to say."""
        try:
            pipes = wait([w.pipe for w in self.workers])
        except KeyboardInterrupt:
            if not self.partly:
                raise
            self.interrupts += 1
            for worker in self.workers:
                with suppress(OSError):
                    os.kill(worker.pid, signal.SIGINT if self.interrupts == 1 else signal.SIGKILL)
            return []
        return [w for w in self.workers if w.pipe in pipes]

    def hear(self, worker: _Worker) -> tuple[bool, Any]:
        """What a worker says: is it an answer (or its end), and what is it?"""
        try:
            message = json.loads(worker.pipe.recv_bytes())
        except (EOFError, OSError, ValueError):
            self.workers.remove(worker)
            died = Died(_end(worker))
            # One that was between two tasks when it was asked has nothing, and ends by itself.
            asked = self.interrupts > 1 or self.interrupts == 1 and not died.signal
            return True, Stopped() if asked else died
        return "answer" in message, message.get("answer", message.get("said"))

    def go_on(self, worker: _Worker) -> None:
        """Give a worker that has answered the next task, if there is one; one that is gone is noticed when it does not answer."""
        if not self.waiting or self.interrupts:
            self.workers.remove(worker)
            _end(worker)
            return
        worker.task = -1
        worker.task = self.next()
        with suppress(OSError):
            worker.pipe.send_bytes(str(worker.task).encode())


def answers(count: int, processes: int, work: Work, *, told: Callable[[int, Answer], None] | None = None, choose: Choose = _first,
            partly: bool = False) -> Generator[tuple[int, End], None, None]:
    """Every task from 0 to count - 1 with its answer, as they come.  Closing the iterator ends all workers at once.

    `told` hears what a task says while it runs.  `partly`: Ctrl-C asks every worker once, by a KeyboardInterrupt in it, for
    what it has so far, and what waits is Stopped; a second Ctrl-C ends them.  Without it, Ctrl-C is the caller's.
    """
    team = _Team(count, processes, work, choose, partly)
    try:
        team.fill()
        while team.workers:
            for worker in team.ready():
                task = worker.task
                ended, said = team.hear(worker)
                if not ended:
                    if told is not None:
                        told(task, said)
                    continue
                if worker in team.workers:
                    team.go_on(worker)
                yield task, said
            team.fill()
        yield from ((task, Stopped()) for task in team.waiting)
    finally:
        # What a worker is at does not end by itself for a long time.
        for worker in team.workers:
            _end(worker)


def _start(others: list[_Worker], work: Work, task: int, partly: bool) -> _Worker:
    here, there = Pipe()
    # The forked copies of these ends would keep a pipe open after its worker is gone.
    ours = [here, *(w.pipe for w in others)]
    pid = lifeline.fork(lambda: _serve(there, ours, work, partly))
    there.close()
    worker = _Worker(pid, here, task)
    with suppress(OSError):
        here.send_bytes(str(task).encode())
    return worker


def _end(worker: _Worker) -> int:
    worker.pipe.close()
    with suppress(OSError):
        os.kill(worker.pid, signal.SIGKILL)
    try:
        return os.waitpid(worker.pid, 0)[1]
    except OSError:
        return 0


def _serve(pipe: Connection, ours: list[Connection], work: Work, partly: bool) -> None:
    for end in ours:
        end.close()
    # Ctrl-C on the terminal is for the process that a user sees: it ends the others, or passes it on, exactly once.
    if partly:
        with suppress(OSError):
            os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler if partly else signal.SIG_IGN)

    def send(message: dict[str, Answer]) -> None:
        pipe.send_bytes(json.dumps(message).encode())

    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            send({"answer": work(int(pipe.recv_bytes()), lambda said: send({"said": said}))})


__all__ = ["Answer", "Died", "End", "Say", "Stopped", "answers"]
