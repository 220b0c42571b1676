"""`snapproof check`: explore scenarios, compare verdicts and counts with what is recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .. import storage
from ..spec.errors import ScenarioError
from ..spec.scenario import Scenario
from ..suite import pool, sources
from ..suite.counts import COUNTED
from ..suite.jobs import Job, Outcome
from ..suite.running import Report, explore
from ..traces.trace_names import trace_stems
from ..words import duration, plain
from . import table, terminal
from .check_junit import write_junit
from .contradictions import Command
from .options import PROFILE, SPEC, PathName, Setting, changed, limited, limits
from .progress import Silent, display

TRACES = Path("snapproof-traces")
MOST_NAMES = 6


@click.command("check", cls=Command)
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option("--set", "settings", type=Setting(), multiple=True, metavar="NAME=VALUE",
              help="Set a switch, a size or a constant; may be given several times. The recorded expectation then no longer counts.")
@PROFILE
@click.option("--trace-dir", type=PathName(), metavar="DIR",
              help=f"Write every counterexample here; without it, unexpected ones go to {TRACES}/.")
@click.option("--every-box", is_flag=True, help="Give every local box a transition of its own (an audit of joining them).")
@click.option("--allow-unexecuted", is_flag=True, help="Steps and actions of other specifications need not all be executed.")
@click.option("--junit", type=PathName(), metavar="FILE", help="Also write JUnit XML: one test case a scenario.")
@SPEC
@limited
def command(scenarios: tuple[str, ...], settings: tuple[tuple[str, str], ...], profile: str | None, trace_dir: Path | None,
            every_box: bool, allow_unexecuted: bool, junit: Path | None,
            spec_file: Path | None, memory: int | None, states: int | None, seconds: float | None,
            reading: Any, jobs: int | None, as_json: bool) -> int:
    """Explore scenarios and say whether everything is as expected.

    SCENARIO is a name that `snapproof scenarios` lists, a scenario file (.toml), or a specification
    (.py, checked with its default sizes, all its properties and all its witnesses). Without any, the
    whole suite of the storage device runs.
    """
    chosen = _chosen(scenarios, spec_file, seconds)
    otherwise = bool(settings or profile)
    processes = jobs or pool.default_jobs(len(chosen))
    each = limits(memory, states, seconds, min(processes, len(chosen)))
    labels = [label(n, settings, profile) for n in told_apart([s.name for s, _ in chosen], scenarios)]
    stems = trace_stems([label(s.name, settings, profile) for s, _ in chosen], scenarios or labels)
    work = [Job(replace(changed(s, settings, profile), fuse=not every_box), called, not otherwise, reading, each,
                trace_dir or TRACES, trace_dir is not None, stem)
            for (s, _), called, stem in zip(chosen, labels, stems, strict=True)]
    begun = datetime.now()
    counted = [known and not otherwise and not every_box for _, known in chosen]
    with display(quiet=as_json) as shown:
        report = explore(work, counted, storage.SUITE.counts() if any(counted) else {}, processes,
                         shown if as_json else Printing(shown, [j.label for j in work]),
                         whole=not (scenarios or spec_file or otherwise),
                         demanding=[(spec_file is not None or s.whole) and not allow_unexecuted for s, _ in chosen])
    if as_json:
        click.echo(json.dumps(report.json()))
    else:
        for text in summary(report):
            for row in table.fitting(text):
                click.echo(row)
    if junit is not None:
        write_junit(junit, report.outcomes, report.not_executed, begun, report.seconds)
    return report.exit_code


def _chosen(names: Sequence[str], spec_file: Path | None, seconds: float | None) -> list[tuple[Scenario, bool]]:
    """The scenarios, and for each whether its counts are recorded in the suite."""
    if spec_file is not None:
        spec = sources.specification_file(spec_file, seconds)
        if any(not n.endswith(".toml") for n in names):
            raise ScenarioError("--spec", "it goes with scenario files only.", "Give .toml files written for that specification.")
        return [(storage.SUITE.find(n, spec, later=True), False) for n in names] or [(sources.whole_scenario(spec, spec_file.stem), False)]
    if not names:
        return [(s, True) for s in storage.SUITE.scenarios(later=True)]
    return [(storage.SUITE.find(n, seconds=seconds, later=True), storage.SUITE.has(n)) for n in names]


def told_apart(names: Sequence[str], given: Sequence[str]) -> list[str]:
    """The names of scenarios for rows; what was given on the command line where two files have one name."""
    often = Counter(names)
    return [g if often[n] > 1 else n for n, g in zip(names, given or names, strict=True)]


def label(name: str, settings: Sequence[tuple[str, str]], profile: str | None) -> str:
    """`two-hosts+copy_order=late`: the scenario and what was changed in it."""
    return "+".join([name, *([profile] if profile else []), *(f"{n}={v}" for n, v in settings)])


class Printing:
    """Prints each line of the table as soon as those before it are known, beside the display of what is running."""

    def __init__(self, shown: Silent, labels: Sequence[str]) -> None:
        self.form, self.shown = table.layout(labels, terminal.columns()), shown
        self.show, self.done = shown.show, shown.done
        self._print([table.header(self.form)])

    def told(self, outcome: Outcome) -> None:
        """Print the line of an outcome and what belongs below it."""
        self._print(lines(outcome, self.form))

    def _print(self, rows: Iterable[str]) -> None:
        with self.shown.paused():
            for text in rows:
                click.echo(text)


def lines(outcome: Outcome, form: table.Layout) -> Iterator[str]:
    """The line of an outcome and what has to be said below it."""
    good = outcome["as_expected"] and outcome["counts_ok"] and not outcome.get("trace_error")
    yield table.line(outcome, good, form)
    if not outcome["as_expected"]:
        yield from table.reasons(outcome)
    elif not outcome["counts_ok"]:
        yield from table.wrap(_count_words(outcome), "     ")
    elif outcome.get("trace"):
        yield f"     as expected; the counterexample is in {plain(outcome['trace'])}"
    if outcome["as_expected"]:
        yield from table.unwritten(outcome)
    if outcome.get("cut"):
        names = " and ".join(map(plain, outcome["constraints"]))
        yield from table.wrap(f"within {names}: {outcome['cut']:,} of the states were checked and not explored further", "     ")
    if outcome["verdict"] == "holds" and outcome["allowed"]:
        yield from table.wrap(f"allowed by the specification: {', '.join(map(plain, outcome['allowed']))}", "     ")
    for note in outcome.get("notes", []):
        yield from table.wrap(f"note: {plain(note)}", "     ")


def _count_words(outcome: Outcome) -> str:
    old = outcome["recorded"]
    fix = f"snapproof scenarios --update {outcome['scenario']}"
    if old is None:
        return f"No counts recorded yet: {fix}"
    changes = [f"{k} was {old[k]:,}, now {outcome[k]:,}" for k in COUNTED if old[k] != outcome[k]]
    return f"Its counts have changed: {'; '.join(changes)}. If that is intended: {fix}"


def summary(report: Report) -> Iterator[str]:
    """The last lines: how many are as expected, and what failed."""
    outcomes = report.outcomes
    bad = [o for o in outcomes if not (o["as_expected"] and o["counts_ok"]) or o.get("trace_error")]
    states = sum(o.get("distinct", 0) for o in outcomes)
    wanted = sum(o["as_expected"] and o["expect"] not in (None, "holds") for o in outcomes)
    told = f"{len(outcomes) - len(bad)} of {len(outcomes)} scenarios as expected" + \
        (f" ({wanted} of them find the violation they must find)" if wanted else "") + \
        f", {states:,} states, {duration(report.seconds)}"
    if len(outcomes) > 1:
        yield ""
        yield told + (f"; not: {', '.join(plain(o['name']) for o in bad[:MOST_NAMES])}" if bad else "") + \
            (f" and {len(bad) - MOST_NAMES} more." if len(bad) > MOST_NAMES else ".")
    if report.not_executed:
        yield (f"Steps of the model that no scenario executed: {len(report.not_executed)}" if report.suite else
               f"Steps and actions that were never executed: {len(report.not_executed)}")
        yield from (f"     {plain(place)}" for place in report.not_executed)
        if not report.suite:
            yield ("Nothing has been checked of them. If that is meant: --allow-unexecuted, or unexecuted = [\"name\"] "
                   "under [check] of a scenario.")
    elif report.not_executed == []:
        yield "Every step of the model was executed."
    if report.exit_code:
        yield f"exit code {report.exit_code} (docs/exit-codes.md)"
