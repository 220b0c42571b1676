"""`snapproof check --junit FILE`: the outcomes of a run as test cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from ..report.junit import Case, junit
from ..report.show import box_words, for_arguments
from ..suite.jobs import Outcome
from ..texts import write_text
from ..traces.errors import TraceError
from ..traces.trace import Trace
from ..traces.trace_file import load_trace
from ..words import plain
from . import table

SUITE = "snapproof check"
NO_VERDICT = ("error", "incomplete")


def write_junit(path: Path, outcomes: Sequence[Outcome], not_executed: list[str] | None, begun: datetime, seconds: float) -> None:
    """Write one test case a scenario, and one for the boxes that nobody executed where that was asked; FileError."""
    cases = [case(o) for o in outcomes]
    if not_executed is not None:
        problem: Literal["failure"] | None = "failure" if not_executed else None
        cases.append(Case("every step is executed", "snapproof.coverage", 0.0, problem, "not executed",
                          f"{len(not_executed)} steps of the model were executed by no scenario", "\n".join(not_executed)))
    write_text(path, junit(SUITE, cases, begun, seconds))


def case(outcome: Outcome) -> Case:
    """The test case of a scenario: it fails exactly when the scenario is not as expected."""
    seconds = outcome.get("seconds", 0.0) + outcome.get("compile_seconds", 0.0)
    verdict = str(outcome.get("line") or outcome["verdict"])
    counts = {k: outcome[k] for k in ("distinct", "generated", "depth") if k in outcome}
    told = f"{outcome['name']}: {verdict}" + (f" ({', '.join(f'{k} {n}' for k, n in counts.items())})" if counts else "")
    if outcome["as_expected"] and outcome.get("trace_error"):
        return Case(outcome["name"], "snapproof.scenarios", seconds, "error", "trace", "its counterexample was not written",
                    str(outcome["trace_error"]), told)
    if outcome["as_expected"] and outcome["counts_ok"]:
        return Case(outcome["name"], "snapproof.scenarios", seconds, output=told)
    if outcome["as_expected"]:
        return Case(outcome["name"], "snapproof.scenarios", seconds, "failure", "counts",
                    "its counts are not the recorded ones", f"recorded {outcome['recorded']}, found {counts}", told)
    problem: Literal["failure", "error"] = "error" if outcome["verdict"] in NO_VERDICT else "failure"
    kind = str(outcome.get("violation") or outcome["verdict"])
    return Case(outcome["name"], "snapproof.scenarios", seconds, problem, kind, _message(outcome), _details(outcome), told)


def _message(outcome: Outcome) -> str:
    if "error" in outcome:
        return str(outcome["error"])
    if "expected" in outcome:
        return f"{table.verdict(outcome)}: expected {outcome['expected']}; seen {outcome['seen']}"
    return str(outcome.get("line") or outcome["verdict"])


def _details(outcome: Outcome) -> str:
    """What the terminal says below the line, then the counterexample, one line a step."""
    lines = [line.strip() for line in table.reasons(outcome)]
    if outcome.get("trace"):
        try:
            lines += ["", *summary(load_trace(Path(outcome["trace"])))]
        except TraceError as error:
            lines += ["", str(error)]
    return "\n".join(lines)


def summary(trace: Trace) -> list[str]:
    """A counterexample in one line a step: who, which boxes, which command."""
    lines = [f"switches {', '.join(f'{n} = {trace.switches.get(n)}' for n in trace.departures)}"] if trace.departures else []
    for number, step in enumerate(trace.steps, 1):
        boxes = " + ".join(box_words(b) + for_arguments(b.choices) for b in step.boxes if b.step != "next_command")
        asked = f"[{plain(step.command)}] " if step.command else ""
        lines.append(f"{number:>4}  {plain(step.process):<5} {asked}{boxes}".rstrip())
    v = trace.violation
    return [*lines, f"expected {plain(v.expected)}", f"seen     {plain(v.seen)}"]
