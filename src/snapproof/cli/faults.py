"""`snapproof faults`: every fault of the model must be caught, by the property that it names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from .. import storage
from ..exit_codes import ExitCode
from ..suite import pool
from ..suite.faults import Fault, chosen, exit_code, ready_rows, refuse_expecting, with_fault
from ..suite.jobs import Job, Outcome
from ..traces.trace_names import trace_stems
from ..words import duration, plain
from . import table, terminal
from .contradictions import Command
from .options import PathName, limited, limits
from .progress import display


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
    spec = storage.SUITE.specification()
    faults = chosen(storage.SUITE.faults(), ids)
    bases = {name: storage.SUITE.find(name, spec) for name in dict.fromkeys(f.scenario for f in faults)}
    refuse_expecting(faults, bases)
    processes = jobs or pool.default_jobs(len(faults) + len(bases))
    each = limits(memory, states, seconds, processes)
    work = [Job(s, n, True, reading, each) for n, s in bases.items()]
    stems = trace_stems([f.id for f in faults], [f"{f.scenario}+{f.switch}={f.value}" for f in faults])
    work += [Job(with_fault(bases[f.scenario], f), f.id, False, reading, each, trace_dir, trace_dir is not None, stem)
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
            ready = ready_rows(told, faults, list(bases), len(rows))
            for row in ready:
                rows.append(row)
                if not as_json:
                    with shown.paused():
                        for text in _lines(row, form):
                            click.echo(text)
    code = exit_code(rows)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-faults", "version": 1, "ok": code == ExitCode.SUCCESS, "exit_code": code,
                               "faults": rows}))
        return code
    caught = sum(r["ok"] for r in rows)
    click.echo(f"\n{caught} of {len(rows)} faults are caught by the property they name.")
    if code:
        click.echo(f"exit code {code} (docs/exit-codes.md)")
    return code


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
