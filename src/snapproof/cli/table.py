"""The lines that commands print for outcomes: aligned, coloured on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from ..suite.jobs import Outcome
from ..words import duration, plain
from ..words import wrap as wrapped
from . import terminal

GOOD, BAD = "ok", "FAIL"
EXPECTED = {"deadlock": "a deadlock", "stuck": "a stuck process"}
"""How an expectation is told that is not the violation of a property."""


def mark(good: bool) -> str:
    """The first column."""
    return click.style(f"{GOOD:<5}", fg="green") if good else click.style(f"{BAD:<5}", fg="red", bold=True)


@dataclass(frozen=True)
class Layout:
    """The widths of a table of outcomes: of the names and verdicts, and which columns of numbers there is room for."""

    name: int
    verdict: int = 18
    numbers: tuple[str, ...] = ("states", "transitions", "depth", "time", "reading")


NUMBERS = {"states": 12, "transitions": 13, "depth": 6, "time": 9, "reading": 10}
"""Columns and their widths, with the space before them.  A longer number moves what follows; it never touches it."""

COMPACT, BARE = ("states", "depth", "time"), 60
"""The columns for a terminal that has no room for all; and the columns below which there is room for none."""


def layout(labels: Sequence[str], columns: int | None) -> Layout:
    """The layout for these names on a terminal of so many columns; None: no terminal, everything is shown."""
    full = Layout(max([24, *(len(plain(label)) for label in labels)]))
    if columns is None or columns >= 5 + full.name + 2 + full.verdict + sum(NUMBERS.values()):
        return full
    numbers = COMPACT if columns >= BARE else ()
    left = max(16, columns - 7 - sum(NUMBERS[n] for n in numbers))
    name = min(full.name, left * 2 // 3)
    return Layout(name, left - name, numbers)


def cut(text: str, width: int) -> str:
    """A text in exactly so many columns."""
    return f"{text if len(text) <= width else text[:width - 1] + '…':<{width}}"


def header(form: Layout) -> str:
    """The line above the outcomes."""
    numbers = "".join(f"{n:>{NUMBERS[n]}}" if n != "reading" else "  reading" for n in form.numbers)
    return click.style(f"{'':5}{'scenario':<{form.name}}  {'verdict':<{form.verdict}}{numbers}".rstrip(), dim=True)


def verdict(outcome: Outcome) -> str:
    """The verdict in one or two words."""
    word = str(outcome["verdict"])
    if word == "violated":
        return f"violates {plain(outcome['property'])}"
    if word == "stuck":
        return f"stuck {plain(outcome['stuck'][0])}"
    return "not run" if word == "incomplete" and "distinct" not in outcome else word


def line(outcome: Outcome, good: bool, form: Layout) -> str:
    """One outcome as one line."""
    text = f"{mark(good)}{cut(plain(outcome['name']), form.name)}  "
    if "distinct" not in outcome:
        return f"{text}{cut(verdict(outcome), form.verdict).rstrip()}"
    known = {"states": f"{outcome['distinct']:,}", "transitions": f"{outcome['generated']:,}", "depth": str(outcome["depth"]),
             "time": duration(outcome["seconds"] + outcome["compile_seconds"])}
    numbers = "".join(f" {known[n]:>{NUMBERS[n] - 1}}" if n in known else f"  {outcome[n]}" for n in form.numbers)
    word = verdict(outcome)
    # Where there is room for everything, a long verdict moves what follows and is not cut.
    return f"{text}{word if len(form.numbers) == len(NUMBERS) else cut(word, form.verdict):<{form.verdict}}{numbers}".rstrip()


def reasons(outcome: Outcome) -> Iterator[str]:
    """What must be said below the line of an outcome that is not as expected."""
    expect, found = outcome.get("expect"), outcome["verdict"]
    if "error" in outcome:
        if outcome.get("mistakes"):
            yield f"     {len(outcome['mistakes'])} mistakes:"
            for one in outcome["mistakes"]:
                yield from wrap(plain(f"{one['place']}: {one['cause']} {one['fix']}".strip()), "     - ", "       ")
        else:
            yield from _indented(plain(outcome["error"]))
    elif found == "incomplete":
        yield from _indented(f"It stopped before the end: {plain(outcome.get('reason', ''))}. Nothing has been proved.")
        if outcome.get("advice"):
            yield from _indented(f"{plain(outcome['advice'])} Or give more --memory.")
    elif found == "unreached" and not outcome["unreached"]:
        yield from _indented("It proves nothing, because no property is checked. Declare an @invariant, or leave properties = [] out; "
                             "if only deadlocks are asked for, say deadlock = true under [check] of a scenario.")
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


def wrap(text: str, indent: str, hanging: str | None = None) -> list[str]:
    """Lines that fit the terminal."""
    return wrapped(text, indent, hanging, terminal.width())


def fitting(text: str) -> list[str]:
    """A sentence on one line, or on as many as the terminal needs."""
    columns = terminal.columns()
    return [text] if columns is None or len(text) <= columns else wrapped(text, "", width=columns)


def _pair(name: str, text: str) -> Sequence[str]:
    return wrap(plain(text), f"     {name:<9} ", " " * 15)


def _indented(text: str) -> Sequence[str]:
    return wrap(text, "     ")
