"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..checker import Limits
from ..memory import default_budget
from ..spec.errors import cut
from ..words import plain
from .memory import Amount

if TYPE_CHECKING:
    from ..spec.scenario import Scenario

    _Pair = click.ParamType[tuple[str, str]]
    _Number = click.ParamType[float]
    _Path = click.ParamType[Path]
else:
    _Pair = _Number = _Path = click.ParamType  # not subscriptable in older versions of click

F = TypeVar("F", bound=Callable[..., Any])

LONGEST = 1_000_000_000
"""Seconds: some thirty years."""

MOST = 10 ** 15
"""The largest number of states, walks or the like that anybody can ask for."""


class Setting(_Pair):
    """`name=value`."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, sign, given = str(value).partition("=")
        if not sign or not name.strip() or not given.strip():
            self.fail(f"{cut(str(value))!r} is not name=value, for example --set Track=2.", param, ctx)
        return name.strip(), given.strip()


class Duration(_Number):
    """Seconds: a number that a clock can reach.  No limit is written by leaving the option out."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            found = float(value)
        except (ValueError, OverflowError):
            found = 0.0
        if not 0 < found <= LONGEST:  # this is false for what is not a number, too
            self.fail(f"{cut(str(value))!r} is not a number of seconds above 0 and up to {LONGEST:,}; "
                      "leave it out for no limit.", param, ctx)
        return found


class Whole(click.IntRange):
    """A whole number within bounds, in digits of which there are not too many to read."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"[+-]?[0-9]{1,18}", value.strip()):
            self.fail(f"{cut(value)!r} is not a whole number.", param, ctx)
        return super().convert(value, param, ctx)


class PathName(_Path):
    """The name of a file or a folder; an empty one is a slip, often of a script's variable."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if value == "" or "\0" in str(value):
            self.fail("a name is missing." if value == "" else "a name cannot contain a zero byte.", param, ctx)
        return Path(value)


SEARCH = [
    click.option("--memory", type=Amount(),
                 help="Budget for the whole run, such as 4G; default: three quarters of what is free."),
    click.option("--states", type=Whole(1, MOST), metavar="N", help="Stop a search at N distinct states."),
    click.option("--seconds", type=Duration(), metavar="N", help="Stop a search, or the loading of a specification, after N seconds."),
    click.option("--reading", type=click.Choice(["auto", "plain", "compiled"]), default="auto", show_default=True,
                 help="Which reading of the specification explores."),
]

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output (docs/exit-codes.md).")

LIMITS = [*SEARCH, click.option("--jobs", type=Whole(1, 64), metavar="N",
                                help="Searches at a time; default: 2 if there are two processors."), JSON]

SPEC = click.option("--spec", "spec_file", type=PathName(), metavar="FILE.py",
                    help="Another specification than the storage device.")


SETTINGS = click.option("--set", "settings", type=Setting(), multiple=True, metavar="NAME=VALUE",
                        help="A switch, a size or a constant. Repeatable.")


PROFILE = click.option("--profile", metavar="NAME", help="Take every switch from this profile of the specification instead.")


def changed(scenario: Scenario, settings: Iterable[tuple[str, str]], profile: str | None) -> Scenario:
    """The scenario with what --set and --profile say, and nothing that reading it has found to be wrong.

    BadParameter when its specification has no such profile.
    """
    known = scenario.spec.scope.profiles
    if profile is not None and profile not in known:
        told = f"is not one of {', '.join(map(repr, known))}" if known else f"is no profile: {plain(scenario.spec.name)} has none"
        raise click.BadParameter(f"{cut(profile)!r} {told}.", param_hint="'--profile'")
    return (scenario.changed(dict(settings), profile) if settings or profile else scenario).refuse()


def limited(command: F) -> F:
    """Add the options of a search."""
    for option in reversed(LIMITS):
        command = option(command)
    return command


def limits(memory: int | None, states: int | None, seconds: float | None, jobs: int) -> Limits:
    """The limits of each of several searches at a time: they share the memory equally."""
    return Limits((memory or default_budget()) // max(1, jobs), states, seconds)
