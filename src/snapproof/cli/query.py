"""`snapproof query`: is there a state like this?"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from .. import storage
from ..checker import Verdict
from ..exit_codes import ExitCode
from ..memory import default_budget
from ..spec.errors import ScenarioError, near
from ..spec.instance import Cells, Instance
from ..spec.properties import Property
from ..spec.scenario import Scenario
from ..suite import sources
from ..words import plain, value, wrap
from . import contained
from .contradictions import Command
from .options import JSON, SEARCH, SETTINGS, SPEC, PathName, changed, limits
from .terminal import complain

SECONDS = 60.0
"""For z3, unless --seconds says otherwise."""


def searching(command: Any) -> Any:
    """Add the options of one search."""
    for option in (JSON, *reversed(SEARCH)):
        command = option(command)
    return command


@click.command("query", cls=Command)
@click.argument("expression")
@click.option("--scenario", "name", help="Sizes, switches and programs: a scenario's name or .toml file.  [default: split_shared_track]")
@SPEC
@SETTINGS
@click.option("--given", default=None, metavar="ID,…", help="Invariants the state must satisfy; `all` for every one.")
@click.option("--reachable", is_flag=True, help="A state that the scenario reaches, with the way to it.")
@click.option("--trace", "trace_file", type=PathName(), help="With --reachable: write the way there as a trace.")
@searching
def command(expression: str, name: str | None, spec_file: Path | None, settings: tuple[tuple[str, str], ...], given: str | None,
            reachable: bool, trace_file: Path | None, memory: int | None, states: int | None, seconds: float | None, reading: Any,
            as_json: bool) -> int:
    """Find a state in which EXPRESSION holds.

    \b
    snapproof query "pointer[V1,T1] == L1 and pointer[V2,T1] == L1"
    snapproof query "HA2.step == obtain_log_track and pointer[V1,T1] != standard" --reachable
    snapproof query "has(protection[S1,T1], K1) and pointer[V1,T1] == L1" --given I3a,I5a
    snapproof query "big == 4" --spec examples/die_hard.py --reachable

    --states, --reading and --trace belong to a search, so to --reachable. --seconds is for the whole question
    (60 unless it is given; a search has no limit of its own).
    """
    def work() -> ExitCode:
        scenario = chosen(name, spec_file, settings, "split_shared_track", seconds=seconds if reachable else seconds or SECONDS)
        instance = scenario.instance()
        helpers = given_invariants(instance, given)
        if reachable:
            how = {"reading": reading, "limits": limits(memory, states, seconds, 1)}
            return _reachable(scenario, instance, expression, helpers, trace_file, how, as_json)
        return _anywhere(instance, expression, helpers, max(0.001, begin + (seconds or SECONDS) - time.monotonic()), as_json)

    def beyond(reason: str) -> ExitCode:
        return _unknown(reason, as_json)

    begin = time.monotonic()
    return contained.run(work, memory or default_budget(), seconds if reachable else seconds or SECONDS, beyond, as_json)


def chosen(name: str | None, spec_file: Path | None, settings: tuple[tuple[str, str], ...], default: str,
           profile: str | None = None, seconds: float | None = None) -> Scenario:
    """The scenario of a question: of the storage device, or of another specification."""
    spec = None if spec_file is None else sources.specification_file(spec_file, seconds)
    if spec_file is not None and name is not None and not name.endswith(".toml"):
        raise ScenarioError("--spec", "it goes with scenario files only.",
                            "Give a .toml file written for that specification, or no --scenario.")
    if spec is not None and spec_file is not None and name is None:
        scenario = sources.whole_scenario(spec, spec_file.stem)
    else:
        scenario = storage.SUITE.find(default if name is None else name, spec, seconds, later=True)
    return changed(scenario, settings, profile)


def given_invariants(instance: Instance, text: str | None, place: str = "--given") -> list[Property]:
    """The invariants named in a list with commas; `all` for every one, None for none."""
    known = {p.id: p for p in instance.spec.properties.values() if p.kind == "invariant"}
    if text is None:
        return []
    if text == "all":
        return list(known.values())
    out = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        other = instance.spec.properties.get(name)
        if other is not None and other.kind != "invariant":
            raise ScenarioError(place, f"{name} is a {other.kind} property; a state alone does not decide it.", near(name, list(known)))
        if other is None:
            raise ScenarioError(place, f"there is no invariant {name!r}.", near(name, list(known)))
        out.append(other)
    if not out:
        raise ScenarioError(place, f"{text!r} names no invariant.", near("", list(known)))
    return list(dict.fromkeys(out))


def _anywhere(instance: Instance, expression: str, given: list[Property], seconds: float, as_json: bool) -> ExitCode:
    try:
        from ..symbolic.query import query
    except ModuleNotFoundError:
        raise ScenarioError("query", "z3 is not installed.", "Install it: pip install 'snapproof[symbolic]'.") from None
    answer = query(instance, expression, given, seconds)
    if answer.unknown:
        return _unknown(answer.unknown, as_json)
    if as_json:
        _json(answer.found is not None, state=instance.show(answer.found) if answer.found else None, clashing=answer.clashing)
    elif answer.found is not None:
        click.echo("There is such a state within the types" + (" and the invariants given" if given else "") + ":")
        _print_state(instance, answer.found)
        click.echo("Whether it is ever reached is another question: --reachable" + ("." if given else ", or --given INVARIANTS."))
    else:
        click.echo("There is no such state. These exclude each other:")
        for clash in answer.clashing:
            for row in wrap(plain(clash), "  - ", "    "):
                click.echo(row)
    return ExitCode.SUCCESS if answer.found is not None else ExitCode.NO


def _unknown(reason: str, as_json: bool) -> ExitCode:
    if as_json:
        _json(False, unknown=reason)
    else:
        click.echo(f"Not known: {plain(reason)}. More of it may help: --seconds, --memory.")
    return ExitCode.INCOMPLETE


def _json(found: bool, **more: Any) -> None:
    click.echo(json.dumps({"format": "snapproof-query", "version": 1, "found": found, "unknown": ""} | more))


def _reachable(scenario: Scenario, instance: Instance, expression: str, given: list[Property], trace_file: Path | None,
               how: dict[str, Any], as_json: bool) -> ExitCode:
    from ..checker import search
    from ..report.show import show
    from ..symbolic.question import as_property
    from ..traces.record import record
    from ..traces.trace_file import save_trace, to_json

    result = search(*_alone(as_property(instance, expression, given)), deadlock=False, **how)
    trace = record(scenario, result) if result.verdict is Verdict.VIOLATED else None
    if trace is not None and trace_file is not None:
        save_trace(trace_file, trace)
    unknown = result.line() if result.verdict is Verdict.INCOMPLETE else ""
    if as_json:
        _json(trace is not None, search=result.summary(), trace=to_json(trace) if trace else None, unknown=unknown)
    elif trace is not None:
        click.echo(show(trace))
    elif unknown:
        click.echo(f"Not known: {unknown}.")
    else:
        how_many = f"{result.distinct:,} states, {f'all{result.within()}; {result.not_explored()}' if result.cut else 'all of them'}"
        click.echo(f"No state of {scenario.name} is like this: {how_many}.")
    if trace is None and trace_file is not None and not as_json:
        click.echo("No trace was written.")
    if result.reason == "interrupted":
        complain("snapproof: interrupted.")
        return ExitCode.INTERRUPTED
    return ExitCode.SUCCESS if trace is not None else ExitCode.INCOMPLETE if unknown else ExitCode.NO


def _alone(asked: tuple[Instance, Property]) -> tuple[Instance, list[Property]]:
    return asked[0], [asked[1]]


def _print_state(instance: Instance, cells: Cells) -> None:
    """Every variable on a line."""
    processes = {instance.process_name(i) for i in range(len(instance.processes))}
    for name, shown in instance.show(cells).items():
        words = ", ".join(f"{n} {value(v)}" for n, v in shown.items()) if name in processes else value(shown)
        for row in wrap(plain(f"{name}: {words}"), "  ", "      "):
            click.echo(row)
