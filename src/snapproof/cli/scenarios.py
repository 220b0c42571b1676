"""`snapproof scenarios`: what there is to check, and the recorded counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from .. import storage
from ..exit_codes import ExitCode
from ..spec.errors import near
from ..spec.scenario import Scenario
from ..suite import pool
from ..suite.counts import updated
from ..suite.jobs import Job, Outcome
from ..words import plain
from . import table, terminal
from .contradictions import Command
from .options import limited, limits
from .progress import display


@click.command("scenarios", cls=Command)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--update", is_flag=True, help="Search again and record the counts of those that come out as expected.")
@limited
def command(names: tuple[str, ...], update: bool, memory: int | None, states: int | None, seconds: float | None,
            reading: Any, jobs: int | None, as_json: bool) -> int:
    """List the scenarios of the storage device: purpose, expectation, last known counts.

    With --update, the counts of all scenarios (or of those named) are measured and recorded; check
    compares every later run with them.
    """
    everything = storage.SUITE.scenarios()
    chosen = _named(everything, names)
    counts = storage.SUITE.counts()
    if update:
        processes = jobs or pool.default_jobs(len(chosen))
        each = limits(memory, states, seconds, min(processes, len(chosen)))
        return _update([Job(s, s.name, True, reading, each) for s in chosen], counts, {s.name for s in everything},
                       processes, as_json)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-scenarios", "version": 1, "scenarios": [
            {"name": s.name, "purpose": s.purpose, "profile": s.profile, "expect": s.expect, "counts": counts.get(s.name)}
            for s in chosen]}))
        return ExitCode.SUCCESS
    for s in chosen:
        _tell(s, counts.get(s.name))
    return ExitCode.SUCCESS


def _named(everything: list[Scenario], names: Sequence[str]) -> list[Scenario]:
    from ..spec.errors import ScenarioError
    known = [s.name for s in everything]
    for name in names:
        if name not in known:
            raise ScenarioError(name, "there is no such scenario.", near(name, known))
    return [s for s in everything if not names or s.name in names]


def _tell(s: Scenario, counts: dict[str, int] | None) -> None:
    expects = {"holds": "holds"} | {v: f"expects {words}" for v, words in table.EXPECTED.items()}
    told = expects.get(s.expect, f"expects a violation of {s.expect}")
    known = f"{counts['distinct']:,} states, depth {counts['depth']}" if counts else "no counts recorded"
    first, *more = table.fitting(f"{plain(s.name)}  ({'; '.join(filter(None, (s.profile, told, known)))})")
    click.echo(first.replace(plain(s.name), click.style(plain(s.name), bold=True), 1))
    for row in [*(f"     {m}" for m in more), *table.wrap(plain(s.purpose), "     ")]:
        click.echo(row)


def _update(work: list[Job], counts: dict[str, dict[str, int]], known: set[str], processes: int, as_json: bool) -> int:
    form = table.layout([j.label for j in work], terminal.columns())
    told: dict[int, Outcome] = {}
    with display(quiet=as_json) as shown:
        for i, outcome in pool.outcomes(work, processes, shown.show):
            shown.done(work[i].label)
            told[i] = outcome
            if not as_json:
                with shown.paused():
                    click.echo(table.line(outcome, outcome["as_expected"], form))
                    for row in [] if outcome["as_expected"] else table.reasons(outcome):
                        click.echo(row)
    ordered = [told[i] for i in sorted(told)]
    update = updated(counts, ordered, known)
    if update.merged != counts:
        storage.SUITE.record(update.merged)
    code: int = next((o["exit_code"] for o in ordered if not o["as_expected"]), ExitCode.SUCCESS)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-update", "version": 1, "ok": code == ExitCode.SUCCESS, "exit_code": code,
                               "changed": {n: {"old": old, "new": new} for n, (old, new) in update.changed.items()}, "gone": update.gone}))
        return code
    for name, (old, new) in update.changed.items():
        was = f"{old['distinct']:,} states, {old['generated']:,} transitions, depth {old['depth']}" if old else "not recorded"
        for row in table.fitting(f"recorded {name}: was {was}; now {new['distinct']:,} states, {new['generated']:,} transitions, "
                                 f"depth {new['depth']}"):
            click.echo(row)
    for name in update.gone:
        click.echo(f"forgot {name}: there is no such scenario any more")
    if not update.changed and not update.gone:
        click.echo("No count has changed.")
    if code:
        click.echo("Scenarios that are not as expected keep their recorded counts.")
    return code
