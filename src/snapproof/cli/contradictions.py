"""Options that say something together that cannot be meant: refused, where one of them would be ignored.

A table, so that it can be read, and tested against the options that there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click
from click.core import ParameterSource

GIVEN = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


@dataclass(frozen=True)
class Excludes:
    """Two parameters that are not given together."""

    command: str
    one: str
    other: str
    why: str

    def broken(self, given: set[str]) -> bool:
        return {self.one, self.other} <= given

    def words(self, name: Callable[[str], str]) -> str:
        return f"{name(self.one)} and {name(self.other)} contradict each other: {self.why}"


@dataclass(frozen=True)
class Needs:
    """A parameter that says nothing without another one (or one of several)."""

    command: str
    one: str
    others: tuple[str, ...]
    why: str

    def broken(self, given: set[str]) -> bool:
        return self.one in given and not given & set(self.others)

    def words(self, name: Callable[[str], str]) -> str:
        return f"{name(self.one)} needs {' or '.join(map(name, self.others))}: {self.why}"


_COUNTING = "without it nothing is searched, and counts are only listed."

RULES: list[Excludes | Needs] = [
    *(Needs("scenarios", option, ("update",), _COUNTING) for option in ("memory", "states", "seconds", "reading", "jobs")),
    Excludes("conform", "no_cover", "covers", "one asks for no scenario, the other for one."),
    Excludes("conform", "kept", "traces", "one names a folder of traces, the other the traces themselves."),
    *(Excludes("show", "number", option, "one step is told in words on standard output.") for option in ("form", "out")),
    Needs("query", "trace_file", ("reachable",), "only a state that is reached has a way to it."),
    *(Needs("query", option, ("reachable",), "it belongs to a search.") for option in ("states", "reading")),
    Excludes("prove", "jobs", "goals", "they are for the kept proofs; a property is tried by one process."),
    *(Needs("prove", option, ("goals",), "without any, the kept proofs are run; name one, as in snapproof prove I3a.")
      for option in ("name", "spec_file", "given", "trace_file", "trace_dir", "reachable")),
    *(Excludes("prove", "proofs", option, "a kept proof has sizes of its own.") for option in ("name", "spec_file")),
    Excludes("prove", "proofs", "reachable", "a kept proof has no programs, so that a search would reach nothing."),
]


class Command(click.Command):
    """A command that refuses what its options cannot mean together."""

    def invoke(self, ctx: click.Context) -> Any:
        refuse(ctx)
        return super().invoke(ctx)


def refuse(ctx: click.Context) -> None:
    """UsageError when parameters of this call contradict each other, or one name is set to two values."""
    given = {p for p in ctx.params if ctx.get_parameter_source(p) in GIVEN and ctx.params[p] not in ((), None)}
    names = {p.name: p.opts[0] if isinstance(p, click.Option) else p.make_metavar(ctx).strip("[].") for p in ctx.command.params}
    for rule in RULES:
        if rule.command == ctx.command.name and rule.broken(given):
            raise click.UsageError(rule.words(lambda n: str(names[n])), ctx)
    values: dict[str, str] = {}
    for name, value in (pair for pair in ctx.params.get("settings") or () if isinstance(pair, tuple)):
        if values.setdefault(name, value) != value:
            raise click.UsageError(f"--set gives {name} two values: {values[name]} and {value}.", ctx)


__all__ = ["Command", "Excludes", "Needs", "RULES", "refuse"]
