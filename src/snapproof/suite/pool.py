"""Running jobs, one after the other here or several at a time in processes of their own.

A worker that dies is reported as the outcome of its job.  Ctrl-C reaches this process only, which asks every worker
once for its partial result; a second Ctrl-C ends them (workers.py).
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from ..checker import Progress
from ..exit_codes import ExitCode
from . import jobs as work
from . import workers
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
        yield from _several(jobs, min(processes, len(jobs)), show)


def _one_by_one(jobs: Sequence[Job], show: Show) -> Iterator[tuple[int, Outcome]]:
    stopped = False
    for i, job in enumerate(jobs):
        if stopped:
            yield i, _named(job) | work.not_run("interrupted")
            continue
        outcome = work.run(job, throttled(lambda now, label=job.label: show(label, now)))  # type: ignore[misc]
        stopped = outcome.get("reason") == "interrupted"
        yield i, outcome


def shape(job: Job) -> str:
    """What compiled code depends on, roughly: jobs with the same sizes share a module."""
    s = job.scenario
    return json.dumps([s.spec.name, sorted(s.sizes.items()), len(s.hosts), s.fuse])


def _several(jobs: Sequence[Job], processes: int, show: Show) -> Iterator[tuple[int, Outcome]]:
    begun: set[int] = set()

    def choose(waiting: Sequence[int], busy: Sequence[int]) -> int:
        """The first waiting job, but rather one that is not just being compiled by another worker: it would compile it, too."""
        compiled = {shape(jobs[i]) for i in begun.difference(busy)}
        compiling = {shape(jobs[i]) for i in busy if i >= 0} - compiled
        chosen = next((i for i in waiting if shape(jobs[i]) not in compiling), waiting[0])
        begun.add(chosen)
        return chosen

    def search(i: int, say: workers.Say) -> Outcome:
        return work.run(jobs[i], throttled(lambda now: say(asdict(now))))

    def told(i: int, progress: Any) -> None:
        show(jobs[i].label, Progress(**progress))

    for i, end in workers.answers(len(jobs), processes, search, told=told, choose=choose, partly=True):
        if isinstance(end, workers.Died):
            yield i, _named(jobs[i]) | _died(end)
        elif isinstance(end, workers.Stopped):
            yield i, _named(jobs[i]) | work.not_run("interrupted")
        else:
            yield i, end


def _named(job: Job) -> Outcome:
    return {"name": job.label, "scenario": job.scenario.name, "expect": job.scenario.expect if job.expects else None}


def _died(worker: workers.Died) -> Outcome:
    if worker.signal in (signal.SIGKILL, signal.SIGABRT):
        # The system kills, and LLVM aborts, what asks for more memory than there is.
        return work.failed(f"the process of this job ended with {_exit_words(worker)}, most often for want of memory. "
                           "Give a smaller --memory, or --jobs 1.", ExitCode.SYSTEM_REFUSES)
    return work.failed(f"the process of this job ended with {_exit_words(worker)}.", ExitCode.MISTAKE)


def _exit_words(worker: workers.Died) -> str:
    if worker.signal:
        with suppress(ValueError):
            return f"signal {signal.Signals(worker.signal).name}"
    return f"exit code {os.waitstatus_to_exitcode(worker.status)}"


__all__ = ["Show", "default_jobs", "outcomes", "shape", "throttled"]
