"""The lines that commands print for outcomes: aligned, coloured on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from ..report.words import duration, plain, wrap
from .jobs import Outcome

GOOD, BAD = "ok", "FAIL"
EXPECTED = {"deadlock": "a deadlock", "stuck": "a stuck process"}
"""How an expectation is told that is not the violation of a property."""


def mark(good: bool) -> str:
    """The first column."""
    return click.style(f"{GOOD:<5}", fg="green") if good else click.style(f"{BAD:<5}", fg="red", bold=True)


def header(width: int) -> str:
    """The line above the outcomes; `width` is that of the names."""
    return click.style(f"{'':5}{'scenario':<{width}}  {'verdict':<18}{'states':>12}{'transitions':>13}{'depth':>6}"
                       f"{'time':>9}  reading", dim=True)


def verdict(outcome: Outcome) -> str:
    """The verdict in one or two words."""
    word = str(outcome["verdict"])
    if word == "violated":
        return f"violates {plain(outcome['property'])}"
    if word == "stuck":
        return f"stuck {plain(outcome['stuck'][0])}"
    return "not run" if word == "incomplete" and "distinct" not in outcome else word


def line(outcome: Outcome, good: bool, width: int) -> str:
    """One outcome as one line."""
    text = f"{mark(good)}{plain(outcome['name']):<{width}}  "
    if "distinct" not in outcome:
        return f"{text}{verdict(outcome)}"
    time = outcome["seconds"] + outcome["compile_seconds"]
    return (f"{text}{verdict(outcome):<18}{outcome['distinct']:>12,}{outcome['generated']:>13,}{outcome['depth']:>6}"
            f"{duration(time):>9}  {outcome['reading']}")


def reasons(outcome: Outcome) -> Iterator[str]:
    """What must be said below the line of an outcome that is not as expected."""
    expect, found = outcome.get("expect"), outcome["verdict"]
    if "error" in outcome:
        yield from _indented(plain(outcome["error"]))
    elif found == "incomplete":
        yield from _indented(f"It stopped before the end: {plain(outcome.get('reason', ''))}. Nothing has been proved.")
    elif found == "unreached":
        yield from _indented("Nothing is violated, but it proves nothing, because this was never reached: "
                             f"{', '.join(map(plain, outcome['unreached']))}.")
    elif expect not in (None, "holds"):
        yield from _indented(f"Expected was {EXPECTED.get(expect, f'a violation of {plain(expect)}')}, "
                             f"which was not found{'' if found == 'holds' else ' first'}.")
    yield from counterexample(outcome)


def counterexample(outcome: Outcome) -> Iterator[str]:
    """What was expected and seen, and where the whole story is."""
    if outcome.get("expected") is not None:
        yield from _pair("expected", outcome["expected"])
        yield from _pair("seen", outcome["seen"])
        steps = f"{outcome['steps']} steps" if outcome["steps"] != 1 else "1 step"
        if outcome.get("trace"):
            yield f"     {steps}; read them with: snapproof show {plain(outcome['trace'])}"
    yield from unwritten(outcome)


def unwritten(outcome: Outcome) -> Iterator[str]:
    """Why there is no file with the counterexample, if there should be one."""
    if outcome.get("trace_error"):
        steps = f" of {outcome['steps']} steps" if "steps" in outcome else ""
        yield from _indented(f"The counterexample{steps} was not written: {plain(outcome['trace_error'])}")


def _pair(name: str, text: str) -> Sequence[str]:
    return wrap(plain(text), f"     {name:<9} ", " " * 15)


def _indented(text: str) -> Sequence[str]:
    return wrap(text, "     ")
