"""`snapproof switches`: the embodiments and faults that a run can choose."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from .. import storage
from ..exit_codes import ExitCode
from ..spec.constants import Constant
from ..spec.errors import ScenarioError, near
from ..spec.scope import Switch
from ..spec.value_meanings import meanings
from ..suite import sources
from ..words import plain, wrap
from . import terminal
from .contradictions import Command
from .options import SPEC


@click.command("switches", cls=Command)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@SPEC
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(names: tuple[str, ...], spec_file: Path | None, as_json: bool) -> ExitCode:
    """List every switch: its values, its figure, what it means, and its value in each profile; and every constant.

    Set one with: snapproof check SCENARIO --set NAME=VALUE
    """
    spec = sources.specification_file(spec_file) if spec_file else storage.SUITE.specification()
    known, constants, profiles = spec.scope.switches, spec.scope.constants, spec.scope.profiles
    for name in names:
        if name not in known and name not in constants:
            raise ScenarioError(name, "there is no such switch.", near(name, [*known, *constants]))
    chosen, numbers = [known[n] for n in names or known if n in known], [constants[n] for n in names or constants if n in constants]
    if as_json:
        more = {"constants": [_numbers(of) for of in numbers]} if constants else {}
        click.echo(json.dumps({"format": "snapproof-switches", "version": 1, "switches": [_data(s, profiles) for s in chosen], **more}))
        return ExitCode.SUCCESS
    if not chosen and not numbers:
        click.echo(f"{spec.name} has no switches.")
    width = terminal.width()
    for row in (row for rows in (*(_rows(s, profiles, width) for s in chosen), *(_range(of, width) for of in numbers)) for row in rows):
        click.echo(row)
    return ExitCode.SUCCESS


def _numbers(of: Constant) -> dict[str, object]:
    return {"name": of.name, "low": of.low, "high": of.high, "default": of.default, "meaning": of.meaning}


def _range(of: Constant, width: int) -> list[str]:
    return [click.style(plain(of.name), bold=True), *wrap(plain(of.meaning), "     ", width=width),
            f"     a whole number from {of.low} to {of.high}; {of.default} unless it is set"]


def _data(s: Switch, profiles: Sequence[str]) -> dict[str, object]:
    told = meanings(s.values)
    return {"name": s.name, "values": s.choices(), **({"meanings": told} if told else {}), "figure": s.figure, "meaning": s.meaning,
            **_usual(s, profiles)}


def _usual(s: Switch, profiles: Sequence[str]) -> dict[str, object]:
    return {"profiles": {p: s.value_in(p).name.lower() for p in profiles}} | (
        {} if profiles else {"default": s.value_in("").name.lower()})


def _values(s: Switch, width: int) -> list[str]:
    """Its values, each on a line with what it means, where that is written behind it."""
    told = meanings(s.values)
    if not told:
        return wrap(f"values: {', '.join(s.choices())}", "     ", " " * 13, width)
    wide = max(map(len, s.choices())) + 2
    return [row for word in s.choices()
            for row in wrap(plain(f"{word:{wide}}{told.get(word, '')}".rstrip()), " " * 7, " " * (7 + wide), width)]


def _rows(s: Switch, profiles: Sequence[str], width: int) -> list[str]:
    figure = f"  ({plain(s.figure)})" if s.figure else ""
    values = {p: s.value_in(p).name.lower() for p in profiles or ("",)}
    usual = " ".join(set(values.values())) if len(set(values.values())) == 1 else ", ".join(f"{p} {v}" for p, v in values.items())
    heading = "usually" if not profiles else "profiles" if ", " in usual else "in every profile"
    return [f"{click.style(plain(s.name), bold=True)}{figure}", *wrap(plain(s.meaning), "     ", width=width),
            *_values(s, width),
            *wrap(f"{heading}: {usual}", "     ", " " * 13, width)]
