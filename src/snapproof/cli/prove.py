"""`snapproof prove`: is a property inductive?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from ..checker import Limits
from ..exit_codes import ExitCode
from ..memory import default_budget
from ..spec.errors import ScenarioError
from ..spec.instance import Instance
from ..spec.properties import Property
from ..spec.scenario import Scenario
from ..storage import proofs as kept
from ..traces.trace import Trace
from ..traces.trace_file import save_trace
from ..traces.trace_names import trace_name
from ..words import plain, wrap
from . import contained, prove_list
from .check import label
from .contradictions import Command
from .memory import Amount
from .options import JSON, PROFILE, SETTINGS, SPEC, Duration, PathName, Whole, changed
from .prove_company import Company, initially_true
from .prove_findings import NOT_KNOWN, REACHABLE, Told, two_states, whole_way
from .query import chosen, given_invariants

MEANING = """A counterexample to induction is a state in which all that is assumed holds, and a box that leads from there
to one in which the property fails. Usually the device never comes to the first state: look at what is unusual in it, and
find the invariant that excludes it. --given ID assumes that invariant; as a further PROPERTY it is proved together with
this one. --reachable asks whether such a state is reached after all."""


@click.command("prove", cls=Command)
@click.argument("goals", nargs=-1, metavar="[PROPERTY...]")
@click.option("--scenario", "name", default=None,
              help="Sizes, switches and programs: a scenario's name or .toml file.  [default: save_old_data]")
@SPEC
@click.option("--proof", "proofs", multiple=True, metavar="NAME",
              help="One of the kept proofs; with PROPERTY: its sizes, all of its facts given, and any command.")
@SETTINGS
@PROFILE
@click.option("--given", default=None, metavar="ID,…",
              help="Invariants to assume before a box, too; `all` for every one. Success says that they are preserved as well.")
@click.option("--box", "only", default="", metavar="STEP",
              help="Only this box (a step's function name), with the counterexample in full.")
@click.option("--trace", "trace_file", type=PathName(), metavar="FILE",
              help="Write the first counterexample as a trace, for show and replay.")
@click.option("--trace-dir", type=PathName(), metavar="DIR", help="Write every counterexample here.")
@click.option("--reachable", is_flag=True,
              help="Search the scenario for each box that is not shown to preserve it: is there a trace that ends with this box?")
@click.option("--seconds", type=Duration(),
              help="For each box and property, for each search, and to load FILE.py.  [default: 30; without PROPERTY 300]")
@click.option("--memory", type=Amount(), help="Budget for the whole run, such as 4G; default: three quarters of what is free.")
@click.option("--jobs", type=Whole(1, 64), metavar="N", help="Without PROPERTY: processes at a time; default: one a processor.")
@JSON
def command(goals: tuple[str, ...], name: str | None, spec_file: Path | None, proofs: tuple[str, ...],
            settings: tuple[tuple[str, str], ...], profile: str | None, given: str | None, only: str, trace_file: Path | None,
            trace_dir: Path | None, reachable: bool, seconds: float | None, memory: int | None, jobs: int | None, as_json: bool) -> int:
    """Is PROPERTY inductive: true in every initial state, and preserved by every box and action from any state in which
    it (and every other PROPERTY, and what is --given) holds?

    Without PROPERTY: the proofs that the project keeps, in minutes (`invariants/proofs`).

    A counterexample to induction starts in a state that need not be reachable. A property that is not
    inductive may still hold; it then needs stronger company.

    \b
    snapproof prove I10d
    snapproof prove I3a --given all --box stop_session
    snapproof prove mutex --spec examples/peterson.py --reachable
    """
    if goals and len(proofs) > 1:
        raise click.UsageError("--proof: a PROPERTY is tried at the sizes of one proof.")

    def work() -> ExitCode:
        try:
            from ..symbolic import induction  # noqa: F401
        except ModuleNotFoundError:
            raise ScenarioError("prove", "a solver is not installed.", "Install it: pip install 'snapproof[symbolic]'.") from None
        if not goals:
            return prove_list.run(proofs, settings, profile, only, seconds or 300.0, jobs, as_json)
        scenario = _scenario(name, spec_file, proofs, settings, profile, seconds or 30.0)
        keep = Keep(trace_file, trace_dir, label(scenario.name, settings, profile), as_json, bool(only))
        return _prove(scenario, goals, given, only, seconds or 30.0, bool(proofs), reachable, keep, budget)

    def beyond(reason: str) -> ExitCode:
        if as_json:
            click.echo(json.dumps({"format": "snapproof-prove", "version": 1, "exit_code": ExitCode.INCOMPLETE, "unknown": reason}))
        else:
            click.echo(f"Not known: {plain(reason)}. Give more with --memory, smaller sizes, or --jobs 1.")
        return ExitCode.INCOMPLETE

    budget = memory or default_budget()
    return contained.run(work, budget, None, beyond, as_json)


def _scenario(name: str | None, spec_file: Path | None, proofs: tuple[str, ...], settings: tuple[tuple[str, str], ...],
              profile: str | None, seconds: float) -> Scenario:
    if not proofs:
        return chosen(name, spec_file, settings, "save_old_data", profile, seconds)
    return changed(kept.find(proofs[0]), settings, profile)


def _prove(scenario: Scenario, goals: Sequence[str], given: str | None, only: str, seconds: float, any_command: bool, reachable: bool,
           keep: Keep, memory: int) -> ExitCode:
    from ..symbolic.induction import PRESERVED, induct

    instance = scenario.instance()
    wanted = wanted_of(instance, goals)
    helpers = [p for p in given_invariants(instance, given, "--given") if p not in wanted]
    facts = kept.theorem(scenario, seconds).facts if any_command and given is None else []
    _known_box(instance, only)
    initially = initially_true(instance, [*wanted, *helpers])
    assumed = [*helpers, *facts]
    told = [Told(f, None) for f in induct(instance, wanted, assumed, seconds, only, any_command=any_command)]
    if not keep.quiet:
        _tally(wanted, initially, told)
    broken = [t for t in told if t.finding.outcome != PRESERVED]
    for t in broken:
        _look(scenario, instance, t, [*wanted, *assumed], reachable, Limits(memory, None, seconds), bool(only) or keep.wants())
        keep.tell(t)
    code = _code({p.id: initially[p.id] for p in wanted}, told)
    company = Company(instance, wanted, helpers, facts, initially, seconds, only, any_command)
    if code == ExitCode.SUCCESS:
        code = company.look()
    if keep.quiet:
        click.echo(json.dumps({"format": "snapproof-prove", "version": 1, "exit_code": code,
                               "initially": {p.id: initially[p.id] for p in wanted}, "only": only or None, **company.json(),
                               "boxes": [t.json() | {"trace": keep.written.get(id(t))} for t in told]}))
    else:
        keep.end(len(broken))
        for text in company.lines():
            _say(text)
        if only and code == ExitCode.SUCCESS:
            _say(f"Only the box {only} was tried: that is no proof of what other boxes do.")
    return code


def wanted_of(instance: Instance, goals: Sequence[str]) -> list[Property]:
    """What is to be proved: every word names something, and something that there is at these sizes."""
    wanted = list(dict.fromkeys(p for goal in goals for p in given_invariants(instance, goal, "PROPERTY")))
    empty = {p: names[0] for p in wanted if (names := instance.without_members(p))}
    if "all" in goals and len(empty) < len(wanted):
        return [p for p in wanted if p not in empty]
    for p, name in empty.items():
        raise ScenarioError(p.id, f"it speaks of {name}, and there is none at these sizes: it would hold, and say nothing.",
                            f"Give sizes or programs with {'' if ' ' in name else 'at least one '}{name}.")
    return wanted


def _known_box(instance: Instance, only: str) -> None:
    names = sorted({s.name for steps in instance.spec.steps.values() for s in steps} | {a.name for a in instance.spec.actions})
    if only and only not in names:
        from ..spec.errors import near
        raise ScenarioError("--box", f"there is no box {only!r}.", near(only, names))


def _look(scenario: Scenario, instance: Instance, t: Told, assumed: Sequence[Property], reachable: bool, limits: Limits,
          wanted: bool) -> None:
    """Find the trace of a finding: the whole way if that is asked for and there is one, else the two states."""
    if reachable:
        t.searched, t.trace = whole_way(scenario, instance, t.finding, assumed, limits)
    if t.trace is None and wanted:
        t.trace = two_states(scenario, t.finding)


def _code(initially: dict[str, bool], told: Sequence[Told]) -> ExitCode:
    from ..symbolic.induction import PRESERVED, REFUTED

    searched = {t.reachable for t in told}
    if REACHABLE in searched:
        return ExitCode.INVARIANT_VIOLATED
    if NOT_KNOWN in searched:
        return ExitCode.INCOMPLETE
    outcomes = {t.finding.outcome for t in told}
    if REFUTED in outcomes or not all(initially.values()):
        return ExitCode.NO
    return ExitCode.SUCCESS if outcomes <= {PRESERVED} else ExitCode.INCOMPLETE


def _tally(wanted: Sequence[Property], initially: dict[str, bool], told: Sequence[Told]) -> None:
    """For every goal how many boxes preserve it, and which do not."""
    from ..symbolic.induction import PRESERVED

    for p in wanted:
        mine = [t.finding for t in told if t.finding.goal is p]
        kept = sum(f.outcome == PRESERVED for f in mine)
        click.echo(f"{p.id}: {'holds initially' if initially[p.id] else 'DOES NOT HOLD INITIALLY'}; "
                   f"{kept} of {len(mine)} boxes preserve it")
        for outcome in sorted({f.outcome for f in mine} - {PRESERVED}):
            names = ", ".join(f.step.name for f in mine if f.outcome == outcome)
            _say(f"{outcome}: {names}", "       ")


def _say(text: str, hanging: str = "     ") -> None:
    for row in wrap(plain(text), "     ", hanging):
        click.echo(row)


class Keep:
    """What becomes of counterexamples: files, words on the terminal, or a word on how to get them.

    `written` is the file of each finding that has one, by the identity of the finding.
    """

    def __init__(self, file: Path | None, folder: Path | None, label: str, quiet: bool, one_box: bool) -> None:
        self.file, self.folder, self.label, self.quiet, self.one_box = file, folder, label, quiet, one_box
        self.written: dict[int, str] = {}
        self.first: Told | None = None
        self.unreached = 0

    def wants(self) -> bool:
        """Is another counterexample to be written?"""
        return self.folder is not None or (self.file is not None and self.first is None)

    def tell(self, t: Told) -> None:
        """Write a counterexample, and say what there is to say about it."""
        f = t.finding
        self.unreached += t.reachable != REACHABLE
        if t.searched is not None and not self.quiet:
            _say(f"{f.goal.id}, {f.step.name}: {t.line()}")
        if t.trace is not None:
            for path in self._files(t):
                save_trace(path, t.trace, follow=path is self.file)
                self.written[id(t)] = str(path)
                if not self.quiet:
                    _say(f"{f.goal.id}, {f.step.name}: {_what(t.trace)} is in {path}")
            if self.one_box and not self.quiet and self.file is None and self.folder is None:
                self._show(t.trace)
            self.first = self.first or t

    def _files(self, t: Told) -> list[Path]:
        f = t.finding
        files = [self.file] if self.file is not None and self.first is None else []
        name = trace_name(".".join(filter(None, (self.label, f.goal.id, t.kind))), f.step.name)
        return files + ([self.folder / name] if self.folder is not None else [])

    def _show(self, trace: Trace) -> None:
        from ..report.show import show

        click.echo()
        click.echo(show(trace))

    def end(self, broken: int) -> None:
        """What a reader can do next."""
        if self.first is None and (self.file is not None or self.folder is not None):
            _say("No trace was written: there is no counterexample.")
        if self.file is not None and self.folder is None and broken > 1:
            _say(f"Only the first of {broken} was written; --trace-dir DIR writes every one.")
        if broken > self.unreached:
            click.echo("\nWhat is reachable is no lack of company: the property itself is violated.")
        if self.unreached:
            click.echo()
            for row in wrap(MEANING, ""):
                click.echo(row)
            if not self.one_box:
                click.echo("To see one: the same command with --box STEP, or with --trace FILE; then snapproof show FILE.")


def _what(trace: Trace) -> str:
    return "a whole trace" if trace.anywhere is None else "a counterexample to induction (two states)"


__all__ = ["command"]
