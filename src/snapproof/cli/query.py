"""`snapproof query`: is there a state like this?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ..checker import Verdict
from ..report.words import plain, value, wrap
from ..spec.errors import ScenarioError, near
from ..spec.instance import Cells, Instance
from ..spec.properties import Property
from . import sources
from .contradictions import Command
from .options import SETTINGS, PathName, limited, limits

FOUND, NONE, UNKNOWN = 0, 16, 3
"""Exit codes: there is such a state; there is none; not known (time, memory)."""


@click.command("query", cls=Command)
@click.argument("expression")
@click.option("--scenario", "name", default="split_shared_track", show_default=True,
              help="Sizes, switches and programs: a scenario's name or .toml file.")
@SETTINGS
@click.option("--given", default="", metavar="ID,…", help="Invariants the state must satisfy; `all` for every one.")
@click.option("--reachable", is_flag=True, help="A state that the scenario reaches, with the way to it.")
@click.option("--trace", "trace_file", type=PathName(), help="With --reachable: write the way there as a trace.")
@limited
def command(expression: str, name: str, settings: tuple[tuple[str, str], ...], given: str, reachable: bool,
            trace_file: Path | None, memory: int | None, states: int | None, seconds: float | None, reading: Any,
            jobs: int | None, as_json: bool) -> int:
    """Find a state in which EXPRESSION holds.

    \b
    snapproof query "pointer[V1,T1] == L1 and pointer[V2,T1] == L1"
    snapproof query "free_head == none and HA1.step == obtain_log_track" --reachable
    snapproof query "has(protection[S1,T1], K1) and pointer[V1,T1] != standard" --given I3
    """
    try:
        from ..symbolic.query import as_property, query
    except ImportError:
        raise ScenarioError("query", "z3 is not installed.", "Install it: pip install 'snapproof[symbolic]'.") from None
    scenario = sources.find(name).changed(dict(settings)) if settings else sources.find(name)
    instance = scenario.instance()
    if reachable:
        return _reachable(scenario, *as_property(instance, expression), trace_file,
                          {"reading": reading, "limits": limits(memory, states, seconds, 1)}, as_json)
    answer = query(instance, expression, given_invariants(instance, given), seconds or 60.0)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-query", "version": 1, "found": answer.found is not None,
                               "state": instance.show(answer.found) if answer.found else None,
                               "clashing": answer.clashing, "unknown": answer.unknown}))
    elif answer.found is not None:
        click.echo("There is such a state within the types" + (" and the invariants given" if given else "") + ":")
        _print_state(instance, answer.found)
        if not given:
            click.echo("Whether the device ever comes there is another question: --reachable, or --given INVARIANTS.")
    elif answer.unknown:
        click.echo(f"Not known: z3 stopped ({answer.unknown}). Give it more time with --seconds.")
    else:
        click.echo("There is no such state. These exclude each other:")
        for clash in answer.clashing:
            for row in wrap(plain(clash), "  - ", "    "):
                click.echo(row)
    return FOUND if answer.found is not None else UNKNOWN if answer.unknown else NONE


def given_invariants(instance: Instance, text: str, place: str = "--given") -> list[Property]:
    """The invariants named in a list with commas; `all` for every one."""
    known = {p.id: p for p in instance.spec.properties.values() if p.kind == "invariant"}
    if text == "all":
        return list(known.values())
    out = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        if name not in known:
            raise ScenarioError(place, f"there is no invariant {name!r}.", near(name, list(known)))
        out.append(known[name])
    return out


def _reachable(scenario: Any, instance: Instance, p: Property, trace_file: Path | None, how: dict[str, Any], as_json: bool) -> int:
    from ..checker import search
    from ..report.record import record
    from ..report.show import show
    from ..report.trace_file import save_trace, to_json

    result = search(instance, [p], deadlock=False, **how)
    trace = record(scenario, result) if result.verdict is Verdict.VIOLATED else None
    if trace is not None and trace_file is not None:
        save_trace(trace_file, trace)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-query", "version": 1, "found": trace is not None, "search": result.summary(),
                               "trace": to_json(trace) if trace else None}))
    elif trace is not None:
        click.echo(show(trace))
    elif result.verdict is Verdict.INCOMPLETE:
        click.echo(f"Not known: {result.line()}.")
    else:
        click.echo(f"No state of {scenario.name} is like this: {result.distinct:,} states, all of them.")
    return FOUND if trace is not None else UNKNOWN if result.verdict is Verdict.INCOMPLETE else NONE


def _print_state(instance: Instance, cells: Cells) -> None:
    """Every variable on a line."""
    for name, shown in instance.show(cells).items():
        words = ", ".join(f"{n} {value(v)}" for n, v in shown.items()) if isinstance(shown, dict) else value(shown)
        for row in wrap(plain(f"{name}: {words}"), "  ", "      "):
            click.echo(row)
