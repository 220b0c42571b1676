"""`snapproof faults`: every fault of the model must be caught, by the property that it names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..exit_codes import ExitCode
from ..spec.errors import ScenarioError, near
from ..spec.scenario import Scenario
from ..traces.trace_names import trace_stems
from ..words import duration, plain
from . import pool, sources, table, terminal
from .contradictions import Command
from .jobs import Job, Outcome
from .options import PathName, limited, limits
from .progress import display
from .sources import Fault


@click.command("faults", cls=Command)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--trace-dir", type=PathName(), metavar="DIR", help="Write every counterexample here.")
@limited
def command(ids: tuple[str, ...], trace_dir: Path | None, memory: int | None, states: int | None, seconds: float | None,
            reading: Any, jobs: int | None, as_json: bool) -> int:
    """Run faults: a scenario that holds, with one switch changed.

    Each must be caught by the property it names, and its scenario must hold without it. A fault that
    survives, or is caught by another property, fails the run: then the properties do not see what they
    are meant to see.
    """
    spec = sources.device()
    faults = _chosen(sources.load_faults(spec), ids)
    bases = {name: sources.find(name, spec) for name in dict.fromkeys(f.scenario for f in faults)}
    _refuse_expecting(faults, bases)
    processes = jobs or pool.default_jobs(len(faults) + len(bases))
    each = limits(memory, states, seconds, processes)
    work = [Job(s, n, True, reading, each) for n, s in bases.items()]
    stems = trace_stems([f.id for f in faults], [f"{f.scenario}+{f.switch}={f.value}" for f in faults])
    work += [Job(sources.with_fault(bases[f.scenario], f), f.id, False, reading, each, trace_dir, trace_dir is not None, stem)
             for f, stem in zip(faults, stems, strict=True)]
    told: dict[int, Outcome] = {}
    rows: list[dict[str, Any]] = []
    form = _widths(faults, terminal.columns())
    if not as_json:
        click.echo(_header(form))
    with display(quiet=as_json) as shown:
        for i, outcome in pool.outcomes(work, processes, shown.show):
            shown.done(work[i].label)
            told[i] = outcome
            ready = _ready(told, faults, list(bases), len(rows))
            for row in ready:
                rows.append(row)
                if not as_json:
                    with shown.paused():
                        for text in _lines(row, form):
                            click.echo(text)
    code = _code(rows)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-faults", "version": 1, "ok": code == ExitCode.SUCCESS, "exit_code": code,
                               "faults": rows}))
        return code
    caught = sum(r["ok"] for r in rows)
    click.echo(f"\n{caught} of {len(rows)} faults are caught by the property they name.")
    if code:
        click.echo(f"exit code {code} (docs/exit-codes.md)")
    return code


def _chosen(faults: list[Fault], ids: Sequence[str]) -> list[Fault]:
    known = [f.id for f in faults]
    for id in ids:
        if id not in known:
            raise ScenarioError(id, "there is no such fault.", near(id, known))
    return [f for f in faults if not ids or f.id in ids]


def _refuse_expecting(faults: list[Fault], bases: dict[str, Scenario]) -> None:
    for f in faults:
        if bases[f.scenario].expect != "holds":
            raise ScenarioError(f"faults.toml, fault {f.id}", f"its scenario {f.scenario} is not expected to hold.",
                                "A fault starts from a scenario that holds.")


def _ready(told: dict[int, Outcome], faults: list[Fault], bases: list[str], done: int) -> Iterator[dict[str, Any]]:
    """The rows that can be told now, in order: the fault and its scenario have both been searched."""
    for fault, i in zip(faults[done:], range(len(bases) + done, len(bases) + len(faults)), strict=True):
        base = bases.index(fault.scenario)
        if i not in told or base not in told:
            return
        yield row_of(fault, told[base], told[i])


def row_of(fault: Fault, base: Outcome, outcome: Outcome) -> dict[str, Any]:
    """One fault as data: what it is, what caught it, and whether that is right."""
    caught = outcome["verdict"] if outcome["verdict"] in ("deadlock", "stuck") else outcome.get("property")
    reason, code = "", ExitCode.SUCCESS
    if "error" in base:
        reason, code = base["error"], base["exit_code"]
    elif not base["as_expected"]:
        reason = f"its scenario {fault.scenario} does not hold without it ({base['line']})"
        code = base["exit_code"] or ExitCode.SURVIVED
    elif "error" in outcome:
        reason, code = outcome["error"], outcome["exit_code"]
    elif outcome["verdict"] == "incomplete":
        reason = f"not decided: {outcome['line']}"
        code = ExitCode.INTERRUPTED if outcome.get("reason") == "interrupted" else ExitCode.INCOMPLETE
    elif caught is None:
        reason, code = "it survives: nothing is violated", ExitCode.SURVIVED
    elif caught != fault.property:
        reason, code = f"it is caught by {caught}, not by {fault.property}", ExitCode.SURVIVED
    elif outcome.get("trace_error"):
        reason, code = f"its counterexample was not written: {outcome['trace_error']}", ExitCode.SYSTEM_REFUSES
    return {"id": fault.id, "switch": fault.switch, "value": fault.value, "scenario": fault.scenario, "property": fault.property,
            "meaning": fault.meaning, "ok": not reason, "exit_code": code, "reason": reason, "caught_by": caught,
            "steps": outcome.get("steps"), "distinct": outcome.get("distinct"), "seconds": outcome.get("seconds"),
            "seen": outcome.get("seen"), "trace": outcome.get("trace")}


@dataclass(frozen=True)
class _Widths:
    """Columns for the id, the switch and what caught it; is there room for the number of states?"""

    id: int
    switch: int
    caught: int = 13
    states: bool = True


def _widths(faults: Sequence[Fault], columns: int | None) -> _Widths:
    """The widths for these faults on a terminal of so many columns; None: no terminal, everything is shown."""
    id = max([9, *(len(plain(f.id)) for f in faults)])
    switch = max([37, *(len(plain(f"{f.switch} = {f.value}")) for f in faults)])
    # The mark, spaces between, and the numbers with the space before them: steps, states, time.
    if columns is None or columns >= 5 + id + 1 + switch + 1 + 13 + 6 + 12 + 9:
        return _Widths(id, switch)
    id = min(id, 12)
    return _Widths(id, max(10, columns - (5 + id + 1 + 1 + 11 + 6 + 9)), 11, False)


def _header(form: _Widths) -> str:
    states = f"{'states':>12}" if form.states else ""
    return click.style(f"{'':5}{'fault':<{form.id}} {'switch':<{form.switch}} {'caught by':<{form.caught}}{'steps':>6}{states}{'time':>9}",
                       dim=True)


def _lines(row: dict[str, Any], form: _Widths) -> Iterator[str]:
    text = " ".join((table.mark(row["ok"]) + table.cut(plain(row["id"]), form.id),
                     table.cut(plain(f"{row['switch']} = {row['value']}"), form.switch),
                     table.cut(plain(row["caught_by"] or "-"), form.caught)))
    if row["distinct"] is not None:
        steps = "" if row["steps"] is None else row["steps"]
        states = f" {row['distinct']:>11,}" if form.states else ""
        text += f" {steps:>5}{states} {duration(row['seconds']):>8}"
    yield text.rstrip()
    if row["reason"]:
        yield from table.wrap(plain(f"{row['reason']}. {row['meaning']}"), "     ")


def _code(rows: list[dict[str, Any]]) -> int:
    return next((int(r["exit_code"]) for r in rows if not r["ok"]), ExitCode.SUCCESS)
