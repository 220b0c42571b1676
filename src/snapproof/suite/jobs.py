"""One job: search a scenario and say what came out, as plain data that can cross a pipe."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..checker import Limits, Progress, Result, search
from ..checker.cache import Cache
from ..checker.result import MEMORY
from ..checker.search import Reading
from ..exit_codes import ExitCode
from ..memory import out_of_memory
from ..spec.errors import EvaluationError, SnapproofError
from ..spec.instance import Instance
from ..spec.scenario import Scenario
from ..texts import FileError
from ..traces.record import record
from ..traces.trace_file import save_trace
from ..traces.trace_names import trace_name
from .costs import costs
from .judging import ENDED, judged, not_executed

NO_MEMORY = "the system gave no more memory. Give a smaller --memory, or --jobs 1."

Outcome = dict[str, Any]
"""What a job ends with: JSON, described in docs/exit-codes.md."""

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Job:
    """A scenario to search.

    `label` distinguishes variants of one scenario; `expects`: its expectation counts (not when its
    switches were changed on the command line).  `traces` is the folder for counterexamples that are not
    expected, or None for none; `every_trace` writes the expected ones, too.  `stem` is how their names begin,
    if not with the label.
    """

    scenario: Scenario
    label: str
    expects: bool = True
    reading: Reading = "auto"
    limits: Limits = field(default_factory=Limits)
    traces: Path | None = None
    every_trace: bool = False
    stem: str = ""


def run(job: Job, report: Report | None = None) -> Outcome:
    """Search, judge, write the counterexample; every refusal becomes part of the outcome."""
    outcome: Outcome = {"name": job.label, "scenario": job.scenario.name, "purpose": job.scenario.purpose,
                        "expect": job.scenario.expect if job.expects else None}
    try:
        scenario, cache = job.scenario, Cache()
        instance, properties = scenario.resolved()
        result = search(instance, properties, deadlock=scenario.deadlock, stuck=scenario.stuck,
                        reading=job.reading, limits=job.limits, report=report, cache=cache)
        outcome["notes"] = list(cache.notes)
        not_executed(scenario, properties, result)
        outcome |= result.summary() | {"line": result.line(), "executed": _executed(result)}
        outcome |= judged(job.scenario, job.expects, result)
        outcome |= _counterexample(job, result, bool(outcome["as_expected"]))
        if result.reason == MEMORY:
            outcome |= _advice(scenario, instance)
    except KeyboardInterrupt:
        # A verdict that is known is told, even if its counterexample no longer can be.
        outcome |= {"trace": None, "reason": "interrupted"} if "as_expected" in outcome else not_run("interrupted")
    except BrokenPipeError:
        raise
    except BaseException as error:
        outcome |= refused(error)
    return outcome


def refused(error: BaseException) -> Outcome:
    """The outcome of a job that ended with an error; nothing that a specification does may end more than its job."""
    if isinstance(error, SnapproofError):
        return failed(" ".join(error.lines()), error.exit_code) | mistakes_of(error)
    if out_of_memory(error):
        return failed(NO_MEMORY, ExitCode.SYSTEM_REFUSES)
    if isinstance(error, OSError):
        return failed(f"{error.filename or 'system'}: the system refuses: {error.strerror or error}. "
                      "Check free space and permissions.", ExitCode.SYSTEM_REFUSES)
    if isinstance(error, SystemExit):
        return failed(f"the specification ended the program: sys.exit({error.code!r}). It must not: take the call out.",
                      ExitCode.ILL_FORMED)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    if os.environ.get("SNAPPROOF_DEBUG") == "1":
        with suppress(OSError, ValueError):  # what nobody can read is lost, and changes nothing
            print("".join(traceback.format_exception(error)).rstrip(), file=sys.stderr)
    return failed(f"internal error: {type(error).__name__}: {error}{where}. This is a mistake in snapproof, or in code that the "
                  "specification calls: please report this line and the scenario (SNAPPROOF_DEBUG=1 shows the traceback).",
                  ExitCode.MISTAKE)


def failed(text: str, code: ExitCode) -> Outcome:
    """The outcome of a job that could not be searched."""
    return {"verdict": "error", "line": "error", "as_expected": False, "exit_code": code, "error": text}


def mistakes_of(error: SnapproofError) -> Outcome:
    """Mistakes that were found together, as data."""
    return {"mistakes": [{"place": e.place, "cause": e.cause, "fix": e.fix} for e in error.mistakes]} if error.mistakes else {}


def not_run(reason: str) -> Outcome:
    """The outcome of a job that was not begun, or stopped before it had a state."""
    return {"verdict": "incomplete", "line": f"not run ({reason})", "as_expected": False, "exit_code": ExitCode.INTERRUPTED,
            "reason": reason}


def _advice(scenario: Scenario, instance: Instance) -> Outcome:
    """Which size costs most, where the states did not fit; nothing, where that cannot be said."""
    try:
        found = costs(scenario, instance)
    except (KeyboardInterrupt, MemoryError, EvaluationError):
        return {}
    return {} if found is None else {"advice": found.words(), "costs": found.json()}


def _executed(result: Result) -> dict[str, int]:
    return {f"{kind}.{name}" if kind else name: count for (kind, name), count in sorted(result.executed.items())}


def _counterexample(job: Job, result: Result, expected: bool) -> Outcome:
    if not result.counterexample:
        why = f"there was no time left to put it together ({result.reason})."
        return {"trace": None} if result.verdict not in ENDED else {"trace": None, "trace_error": why}
    trace = record(job.scenario, result)
    words: Outcome = {"expected": trace.violation.expected, "seen": trace.violation.seen,
                      "arguments": trace.violation.arguments, "steps": len(trace.steps)}
    if job.traces is None or (expected and not job.every_trace):
        return words | {"trace": None}
    path = job.traces / trace_name(job.stem or job.label, trace.violation.property)
    try:
        # The name is ours, and the folder may have come from elsewhere: no link in it is followed.
        save_trace(path, trace, follow=False)
    except FileError as error:
        # The verdict outweighs the file: it is kept, and the failure is told with it.
        return words | {"trace": None, "trace_error": f"{error.place}: {error.cause} {error.fix}"}
    return words | {"trace": str(path)}
