"""`snapproof replay`: run recorded counterexamples again on the model as it is now."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from .. import storage
from ..bounded import TooLong, bounded
from ..exit_codes import ExitCode
from ..spec.errors import SnapproofError
from ..spec.specification import Specification
from ..suite import sources
from ..traces.errors import Misfit, TraceError
from ..traces.replay import Replay, rebuild, replay
from ..traces.trace import Trace
from ..traces.trace_file import load_trace
from ..words import plain, wrap
from . import table, terminal
from .contradictions import Command
from .options import SPEC, Duration, PathName

WORDS = {"deadlock": ("it still ends in a deadlock", "there is no deadlock any more"),
         "stuck": ("a process can still never move again", "the process that was stuck moves again"),
         "witness": ("{} is still reached", "{} is no longer reached")}


@click.command("replay", cls=Command)
@click.argument("traces", nargs=-1, required=True, type=PathName(), metavar="TRACE...")
@SPEC
@click.option("--seconds", type=Duration(), metavar="N", help="Give a trace up after N seconds; no limit of its own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(traces: tuple[Path, ...], spec_file: Path | None, seconds: float | None, as_json: bool) -> int:
    """Run counterexamples again on the model as it is now, in the plain reading.

    A trace passes when every step can still be taken and the property still fails at the end; one that starts
    anywhere (from `snapproof prove`), when also everything assumed holds in its first state. A trace
    never names code to run: for another specification than the storage device, give its file with --spec.
    """
    told = [one(path, spec_file, seconds) for path in traces]
    code = next((t["exit_code"] for t in told if t["exit_code"]), ExitCode.SUCCESS)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-replay", "version": 1, "ok": code == ExitCode.SUCCESS, "exit_code": code,
                               "traces": told}))
        return code
    for t in told:
        _tell(t, terminal.width())
    return code


def _tell(told: dict[str, Any], width: int) -> None:
    """One row, and what has to be said below it; a refusal is an error, and stands where errors do."""
    mark = table.mark(told["exit_code"] == ExitCode.SUCCESS)
    first, *rest = wrap(plain(f"{told['trace']}: {told['line']}"), "     ", width=width)
    click.echo(mark + first[5:])
    for row in rest:
        click.echo(row)
    for note in told["notes"]:
        for row in wrap(plain(note), "     ", width=width):
            click.echo(row)
    if told["error"]:
        terminal.complain(f"snapproof: {plain(told['error'])}")


def one(path: Path, spec_file: Path | None, seconds: float | None = None) -> dict[str, Any]:
    """The outcome of one replay: trace, exit_code, line, notes, error, expected, seen."""
    try:
        with bounded(seconds) if seconds is not None else nullcontext():
            return _one(path, spec_file)
    except TooLong:
        return {"trace": str(path), "exit_code": ExitCode.INCOMPLETE, "line": "not finished", "notes": [], "expected": None,
                "seen": None, "error": f"{path.name}: it was not finished after {seconds:g} seconds. Give more --seconds."}


def _one(path: Path, spec_file: Path | None) -> dict[str, Any]:
    out: dict[str, Any] = {"trace": str(path), "exit_code": ExitCode.SUCCESS, "line": "", "notes": [], "error": None,
                           "expected": None, "seen": None}
    try:
        trace = load_trace(path)
        spec = sources.specification_file(spec_file) if spec_file else _device_with(_named(trace))
        done = replay(trace, _with_question(spec, trace, path.name), path.name)
    except (Misfit, TraceError) as error:
        word = "does not fit any more" if isinstance(error, Misfit) else "is refused"
        return out | {"exit_code": error.exit_code, "line": word, "error": f"{error.place}: {error.cause} {error.fix}"}
    except SnapproofError as error:
        return out | {"exit_code": error.exit_code, "line": "cannot be replayed", "error": " ".join(error.lines())}
    if trace.anywhere is not None:
        return out | _induction(trace, done)
    now, then = WORDS.get(trace.violation.kind, ("{} still fails", "{} no longer fails"))
    steps = f"{done.steps} step{'' if done.steps == 1 else 's'}"
    if not done.fails:
        return out | {"exit_code": ExitCode.HOLDS_NOW, "notes": done.notes,
                      "line": f"all {steps} can be taken, but at the end {then.format(trace.violation.property)}"}
    return out | {"line": f"{now.format(trace.violation.property)} after {steps}", "notes": done.notes,
                  "expected": done.expected, "seen": done.seen}


def _with_question(spec: Specification, trace: Trace, place: str) -> Specification:
    """The specification; for the way to a state that `query` asked for, with that question as its property."""
    from ..symbolic.question import ASKED, QUESTION, as_property

    v = trace.violation
    if (v.kind, v.property) != ("invariant", QUESTION) or QUESTION in spec.properties or not v.expected.startswith(ASKED):
        return spec
    return as_property(rebuild(trace, spec, [], place), v.expected.removeprefix(ASKED))[0].spec


def _device_with(ids: Collection[str]) -> Specification:
    """The storage device; with the facts of the strengthening where these properties are among them."""
    spec = storage.SUITE.specification()
    return spec if set(ids) <= set(spec.properties) else storage.strengthened()


def _named(trace: Trace) -> list[str]:
    """The properties that a trace speaks of, if it starts anywhere."""
    return [] if trace.anywhere is None else [trace.violation.property, *trace.anywhere.assumed]


def _induction(trace: Trace, done: Replay) -> dict[str, Any]:
    """The outcome for a counterexample to induction."""
    goal, box = trace.violation.property, trace.steps[0].boxes[0].step
    if done.excluded:
        return {"exit_code": ExitCode.HOLDS_NOW, "notes": done.notes,
                "line": f"it is no counterexample to induction any more: {done.excluded}"}
    if not done.fails:
        return {"exit_code": ExitCode.HOLDS_NOW, "notes": done.notes,
                "line": f"{box} can be taken from its first state, but {goal} holds behind it"}
    return {"notes": done.notes, "expected": done.expected, "seen": done.seen,
            "line": f"{goal} is still not preserved by {box}, from a state in which all that is assumed holds"}
