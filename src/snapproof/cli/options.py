"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..checker import Limits
from .memory import Amount, default_budget

if TYPE_CHECKING:
    _Pair = click.ParamType[tuple[str, str]]
else:
    _Pair = click.ParamType  # not subscriptable in older versions of click

F = TypeVar("F", bound=Callable[..., Any])


class Setting(_Pair):
    """`name=value`."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, sign, given = str(value).partition("=")
        if not sign or not name.strip() or not given.strip():
            self.fail(f"{value!r} is not name=value, for example --set Track=2.", param, ctx)
        return name.strip(), given.strip()


SEARCH = [
    click.option("--memory", type=Amount(),
                 help="Budget for the whole run, such as 4G; default: three quarters of what is free."),
    click.option("--states", type=click.IntRange(min=1), metavar="N", help="Stop a search at N distinct states."),
    click.option("--seconds", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Stop a search after N seconds."),
    click.option("--reading", type=click.Choice(["auto", "plain", "compiled"]), default="auto", show_default=True,
                 help="Which reading of the specification explores."),
]

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output (docs/exit-codes.md).")

LIMITS = [*SEARCH, click.option("--jobs", type=click.IntRange(1, 64), metavar="N",
                                help="Searches at a time; default: 2 if there are two processors."), JSON]

SPEC = click.option("--spec", "spec_file", type=click.Path(path_type=Path), metavar="FILE.py",
                    help="Another specification than the storage device.")


SETTINGS = click.option("--set", "settings", type=Setting(), multiple=True, metavar="NAME=VALUE", help="A switch or a size. Repeatable.")


def limited(command: F) -> F:
    """Add the options of a search."""
    for option in reversed(LIMITS):
        command = option(command)
    return command


def limits(memory: int | None, states: int | None, seconds: float | None, jobs: int) -> Limits:
    """The limits of each of several searches at a time: they share the memory equally."""
    return Limits((memory or default_budget()) // max(1, jobs), states, seconds)
