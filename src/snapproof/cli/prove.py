"""`snapproof prove`: is a property inductive?"""

from __future__ import annotations

import json
from typing import Any

import click

from ..checker import Result, Verdict
from ..report.words import plain, wrap
from ..spec.errors import ScenarioError
from ..spec.machine import Broken, Machine, Move, Transition
from ..spec.scenario import Scenario
from . import sources
from .options import SETTINGS
from .query import given_invariants

PROVED, NOT_INDUCTIVE, UNKNOWN = 0, 16, 3
"""Exit codes: every box preserves every goal; some box does not; not known (time)."""


@click.command("prove")
@click.argument("goals", nargs=-1, required=True, metavar="PROPERTY...")
@click.option("--scenario", "name", default="save_old_data", show_default=True,
              help="Sizes, switches and programs: a scenario's name or .toml file.")
@SETTINGS
@click.option("--given", default="", metavar="ID,…", help="Invariants to assume before a box without proving them; `all` for every one.")
@click.option("--box", "only", default="", metavar="STEP", help="Only this box (a step's function name), with the counterexample in full.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True, help="For each box and property.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(goals: tuple[str, ...], name: str, settings: tuple[tuple[str, str], ...], given: str, only: str,
            seconds: float, as_json: bool) -> int:
    """Is PROPERTY inductive: true in every initial state, and preserved by every box from any state in which
    it (and every other PROPERTY, and what is --given) holds?

    A counterexample to induction starts in a state that need not be reachable. A property that is not
    inductive may still hold; it then needs stronger company.
    """
    try:
        from ..symbolic.induction import PRESERVED, REFUTED, induct
    except ImportError:
        raise ScenarioError("prove", "z3 is not installed.", "Install it: pip install 'snapproof[symbolic]'.") from None
    scenario = sources.find(name).changed(dict(settings)) if settings else sources.find(name)
    instance = scenario.instance()
    wanted = given_invariants(instance, ",".join(goals), "PROPERTY")
    helpers = given_invariants(instance, given, "--given")
    machine = Machine(instance, [])
    initially = {p.id: all(machine.check(p, t.cells) is None for t in machine.initial()) for p in wanted}
    found = list(induct(instance, wanted, helpers, seconds, only))
    if as_json:
        click.echo(json.dumps({"format": "snapproof-prove", "version": 1, "initially": initially, "boxes": [
            {"property": f.goal.id, "kind": f.kind.__name__, "box": f.step.name, "outcome": f.outcome,
             "seconds": round(f.seconds, 3)} for f in found]}))
    for p in wanted:
        mine = [f for f in found if f.goal is p]
        kept = sum(f.outcome == PRESERVED for f in mine)
        if not as_json:
            click.echo(f"{p.id}: {'holds initially' if initially[p.id] else 'DOES NOT HOLD INITIALLY'}; "
                       f"{kept} of {len(mine)} boxes preserve it")
            for outcome in sorted({f.outcome for f in mine} - {PRESERVED}):
                names = ", ".join(f.step.name for f in mine if f.outcome == outcome)
                for row in wrap(plain(f"{outcome}: {names}"), "     ", "       "):
                    click.echo(row)
    if only and not as_json:
        for f in found:
            if f.outcome == REFUTED and f.before is not None and f.after is not None:
                _tell(scenario, machine, f)
    outcomes = {f.outcome for f in found}
    if REFUTED in outcomes or not all(initially.values()):
        return NOT_INDUCTIVE
    return PROVED if outcomes <= {PRESERVED} else UNKNOWN


def _tell(scenario: Scenario, machine: Machine, f: Any) -> None:
    """The two states of a counterexample to induction and the box between them."""
    from ..report.record import record
    from ..report.show import show

    broken = machine.check(f.goal, f.after.cells)
    assert isinstance(broken, Broken)
    path = [Transition(Move(-1, (), ()), f.before), f.after]
    result = Result(machine.instance, Verdict.VIOLATED, "symbolic", 2, 2, 1, 0.0, 0, broken=broken, counterexample=path)
    click.echo("\nA counterexample to induction; its first state need not be reachable, and no trace leads there.")
    click.echo(show(record(scenario, result)))
