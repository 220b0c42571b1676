"""Running the searches of a check: outcomes in the order of the scenarios, counts compared, and what nobody executed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..checker import Progress
from ..exit_codes import ExitCode
from . import pool
from .counts import Counts, compared
from .coverage import never_executed, unexecuted
from .jobs import Job, Outcome


@dataclass
class Report:
    """Everything a check found, in the order of the scenarios."""

    outcomes: list[Outcome] = field(default_factory=list)
    not_executed: list[str] | None = None
    suite: bool = False
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """Of the first scenario that is not as expected; else of counts; else of steps never executed."""
        codes = [o["exit_code"] for o in self.outcomes if not o["as_expected"]]
        if codes:
            return next((c for c in codes if c), ExitCode.MISTAKE)
        if any(o.get("trace_error") for o in self.outcomes):
            return ExitCode.SYSTEM_REFUSES
        if any(not o["counts_ok"] for o in self.outcomes):
            return ExitCode.COUNTS_CHANGED
        return ExitCode.NOT_EXECUTED if self.not_executed else ExitCode.SUCCESS

    def json(self) -> dict[str, Any]:
        """The object that --json prints."""
        return {"format": "snapproof-check", "version": 1, "ok": self.exit_code == ExitCode.SUCCESS, "exit_code": self.exit_code,
                "seconds": round(self.seconds, 3), "scenarios": self.outcomes, "not_executed": self.not_executed}


class Watcher(Protocol):
    """Who is told how far a run is."""

    def show(self, label: str, now: Progress) -> None:
        """How far a running search is."""

    def done(self, label: str) -> None:
        """A search has finished."""

    def told(self, outcome: Outcome) -> None:
        """The next outcome in the order of the scenarios, as soon as it and those before it are known."""


def explore(work: Sequence[Job], counted: Sequence[bool], recorded: Mapping[str, Counts], processes: int, watcher: Watcher,
            whole: bool, demanding: Sequence[bool]) -> Report:
    """Run the jobs.  `counted`: which have their counts compared; `whole`: they are the whole suite, which executes every
    step together; otherwise `demanding` says which have to execute all that they can come to."""
    begin, found, report = time.monotonic(), dict[int, Outcome](), Report(suite=whole)
    for i, outcome in pool.outcomes(work, processes, watcher.show):
        watcher.done(work[i].label)
        found[i] = outcome | compared(outcome, recorded.get(work[i].scenario.name), counted[i])
        while len(report.outcomes) in found:
            report.outcomes.append(found[len(report.outcomes)])
            watcher.told(report.outcomes[-1])
    if whole:
        report.not_executed = never_executed(work[0].scenario, report.outcomes)
    else:
        told = zip(work, report.outcomes, demanding, strict=True)
        report.not_executed = unexecuted([(job.scenario, o) for job, o, asked in told if asked]) or None
    report.seconds = time.monotonic() - begin
    return report
