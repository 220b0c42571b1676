"""Numbered tasks in several forked processes, one at a time each.

Workers take a number from a pipe and answer in JSON, so nothing is unpickled.  A worker that dies, at whatever moment,
is the end of one task, the one it had; another takes its place.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from . import lifeline

Answer = Any
"""What a task came to: anything that JSON can say."""


@dataclass(frozen=True)
class Died:
    """In place of an answer: the worker ended with this wait status."""

    status: int

    @property
    def killed(self) -> bool:
        """By SIGKILL: most likely by a system that wanted its memory."""
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL


@dataclass
class _Worker:
    pid: int
    pipe: Connection
    task: int


def answers(count: int, processes: int, work: Callable[[int], Answer]) -> Generator[tuple[int, Answer | Died], None, None]:
    """Every task from 0 to count - 1 with its answer, as they come.  Closing the iterator ends all workers at once."""
    waiting = list(range(count - 1, -1, -1))
    workers: list[_Worker] = []
    try:
        while waiting or workers:
            while waiting and len(workers) < processes:
                workers.append(_start(workers, work, waiting.pop()))
            for pipe in wait([w.pipe for w in workers]):
                worker = next(w for w in workers if w.pipe is pipe)
                try:
                    answer: Answer | Died = json.loads(worker.pipe.recv_bytes())
                except (EOFError, OSError):
                    answer = Died(_end(worker))
                    workers.remove(worker)
                done = worker.task
                if not isinstance(answer, Died) and not _give(worker, waiting):
                    _end(worker)
                    workers.remove(worker)
                yield done, answer
    finally:
        # What a worker is at does not end by itself for a long time.
        for worker in workers:
            _end(worker)


def _give(worker: _Worker, waiting: list[int]) -> bool:
    """Give it the next task, if there is one; a worker that is gone is noticed when it does not answer."""
    if not waiting:
        return False
    worker.task = waiting.pop()
    with suppress(OSError):
        worker.pipe.send_bytes(str(worker.task).encode())
    return True


def _start(others: list[_Worker], work: Callable[[int], Answer], task: int) -> _Worker:
    here, there = Pipe()
    # The forked copies of these ends would keep a pipe open after its worker is gone.
    ours = [here, *(w.pipe for w in others)]
    pid = lifeline.fork(lambda: _serve(there, ours, work))
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


def _serve(pipe: Connection, ours: list[Connection], work: Callable[[int], Answer]) -> None:
    for end in ours:
        end.close()
    # Ctrl-C is for the process that a user sees; it ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(json.dumps(work(int(pipe.recv_bytes()))).encode())


__all__ = ["Answer", "Died", "answers"]
