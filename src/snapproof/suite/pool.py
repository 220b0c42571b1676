"""Running jobs, one after the other here or several at a time in processes of their own.

Workers are forked, take the number of a job from a pipe and answer in JSON, so nothing is unpickled.  A
worker that dies is reported as the outcome of its job.  Ctrl-C reaches this process only, which asks
every worker once for its partial result; a second Ctrl-C ends them.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from ..checker import Progress
from ..checker.together import end_with
from ..exit_codes import ExitCode
from . import jobs as work
from .jobs import Job, Outcome

PERIOD = 0.25
"""Seconds between two progress messages of a job."""

Show = Callable[[str, Progress], None]
"""Called with the label of a running job and how far it is."""


def throttled(show: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """The same callback, called at most every PERIOD seconds."""
    last = time.monotonic()

    def called(now: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= PERIOD:
            last = time.monotonic()
            show(now)
    return called


def default_jobs(count: int) -> int:
    """Two processes if the machine has two processors and there is work for both."""
    return min(2, os.cpu_count() or 1, count) if hasattr(os, "fork") else 1


def outcomes(jobs: Sequence[Job], processes: int, show: Show) -> Iterator[tuple[int, Outcome]]:
    """The number and outcome of every job, as they finish; after Ctrl-C the rest is `not run`."""
    if processes <= 1 or len(jobs) <= 1:
        yield from _one_by_one(jobs, show)
    else:
        yield from _Pool(jobs, min(processes, len(jobs)), show).run()


def _one_by_one(jobs: Sequence[Job], show: Show) -> Iterator[tuple[int, Outcome]]:
    stopped = False
    for i, job in enumerate(jobs):
        label = job.label
        if stopped:
            yield i, {"name": label, "scenario": job.scenario.name, "expect": job.scenario.expect, **work.not_run("interrupted")}
            continue
        outcome = work.run(job, throttled(lambda now, label=label: show(label, now)))  # type: ignore[misc]
        stopped = outcome.get("reason") == "interrupted"
        yield i, outcome


def shape(job: Job) -> str:
    """What compiled code depends on, roughly: jobs with the same sizes share a module."""
    s = job.scenario
    return json.dumps([s.spec.name, sorted(s.sizes.items()), len(s.hosts), s.fuse])


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    job: int = -1


class _Pool:
    def __init__(self, jobs: Sequence[Job], processes: int, show: Show) -> None:
        self.jobs, self.show = jobs, show
        self.waiting = list(range(len(jobs)))
        self.interrupted = 0
        self.compiled: set[str] = set()
        self.workers: list[_Worker] = []
        for _ in range(processes):
            self.workers.append(self._start())

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("fork")
        here, there = context.Pipe()
        ours = [here, *(w.pipe for w in self.workers if not w.pipe.closed)]
        process = context.Process(target=_serve, args=(there, ours, self.jobs, os.getpid()), daemon=False)
        process.start()
        there.close()
        return _Worker(process, here)

    def run(self) -> Iterator[tuple[int, Outcome]]:
        try:
            for worker in self.workers:
                self._give(worker)
            while any(w.job >= 0 for w in self.workers):
                try:
                    ready = wait([w.pipe for w in self.workers if w.job >= 0], timeout=1.0)
                except KeyboardInterrupt:
                    self._interrupt()
                    continue
                for worker in [w for w in self.workers if w.pipe in ready]:
                    yield from self._answer(worker)
            for i in self.waiting:
                yield i, self._named(i) | work.not_run("interrupted")
        finally:
            self._end()

    def _named(self, i: int) -> Outcome:
        job = self.jobs[i]
        return {"name": job.label, "scenario": job.scenario.name, "expect": job.scenario.expect if job.expects else None}

    def _give(self, worker: _Worker) -> None:
        if self.waiting and not self.interrupted:
            worker.job = self._next()
            self.waiting.remove(worker.job)
            worker.pipe.send_bytes(json.dumps(worker.job).encode())
        else:
            worker.job = -1

    def _next(self) -> int:
        """The first waiting job, but rather one that is not just being compiled by another worker: it would compile it, too."""
        busy = {shape(self.jobs[w.job]) for w in self.workers if w.job >= 0} - self.compiled
        return next((i for i in self.waiting if shape(self.jobs[i]) not in busy), self.waiting[0])

    def _answer(self, worker: _Worker) -> Iterator[tuple[int, Outcome]]:
        try:
            message = json.loads(worker.pipe.recv_bytes())
        except (EOFError, OSError, ValueError):
            i = worker.job
            yield i, self._named(i) | self._died(worker)
            worker.job = -1
            worker.pipe.close()
            if self.waiting and not self.interrupted:
                fresh = self._start()
                self.workers[self.workers.index(worker)] = fresh
                self._give(fresh)
            return
        if "progress" in message:
            self.show(self.jobs[worker.job].label, Progress(**message["progress"]))
            return
        i = worker.job
        self.compiled.add(shape(self.jobs[i]))
        self._give(worker)
        yield i, message["outcome"]

    def _died(self, worker: _Worker) -> Outcome:
        worker.process.join(5)
        code = worker.process.exitcode
        if self.interrupted > 1:
            return work.not_run("interrupted")
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            # The system kills, and LLVM aborts, what asks for more memory than there is.
            return work.failed(f"the process of this job ended with {_exit_words(code)}, most often for want of memory. "
                               "Give a smaller --memory, or --jobs 1.", ExitCode.SYSTEM_REFUSES)
        return work.failed(f"the process of this job ended with {_exit_words(code)}.", ExitCode.MISTAKE)

    def _interrupt(self) -> None:
        self.interrupted += 1
        for worker in self.workers:
            if worker.job >= 0 and worker.process.is_alive():
                with suppress(OSError):
                    os.kill(worker.process.pid, signal.SIGINT if self.interrupted == 1 else signal.SIGKILL)

    def _end(self) -> None:
        for worker in self.workers:
            worker.pipe.close()
        for worker in self.workers:
            if worker.job >= 0:
                worker.process.kill()
            worker.process.join(5)


def _exit_words(status: int | None) -> str:
    if status is not None and status < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-status).name}"
    return f"exit code {status}"


def _serve(pipe: Connection, parents: list[Connection], jobs: Sequence[Job], parent: int) -> None:
    """A worker: answers each job number with progress messages and an outcome, until the pipe is closed."""
    end_with(parent)
    # The forked copies of the parent's ends would keep every pipe open after the parent is gone.
    for end in parents:
        end.close()
    # A group of its own, so that Ctrl-C on the terminal goes to the parent, who passes it on exactly once.
    with suppress(OSError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        while True:
            job = jobs[json.loads(pipe.recv_bytes())]
            outcome = work.run(job, throttled(lambda now: _send(pipe, {"progress": asdict(now)})))
            _send(pipe, {"outcome": outcome})
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _send(pipe: Connection, message: Outcome) -> None:
    pipe.send_bytes(json.dumps(message).encode())
