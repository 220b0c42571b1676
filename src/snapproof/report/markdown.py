"""A counterexample as Markdown for a review in a pull request: what is wrong, and a table of the steps.

Names and values stand in code spans; in prose every character that could be markup is escaped. So nothing of a
trace becomes a link, an image, a mention or HTML. Written for CommonMark with the tables of GitHub and GitLab.
"""

from __future__ import annotations

import re

from ..traces.diff import Change, changes, unusual
from ..traces.trace import WAITING, Box, Trace, TraceStep
from ..traces.waiting_words import paragraphs
from ..words import plain, value
from .show import about_induction, assumed_words, for_arguments, headline, next_box, program_words, usually

ACTIVE = re.compile(r"@|#\d|://|www\.|\bGH-\d|\b[0-9a-f]{7,40}\b|\b[A-Z][A-Z0-9]+-\d|[!$%&~]\d", re.IGNORECASE)
"""What code forges turn into links and mentions wherever it stands in prose."""

MARKUP = re.compile(r"([\\`*_\[\]<>#|~&$^]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)])")
"""What is markup anywhere, or at the start of a line."""


def markdown(trace: Trace) -> str:
    """The whole counterexample as one Markdown text."""
    v = trace.violation
    parts = [f"## {prose(headline(trace))}", prose(v.title + for_arguments(v.arguments)), _induction(trace),
             _verdict(trace), _facts(trace), _unusual(trace), _steps(trace), _end(trace), _initial(trace)]
    return "\n\n".join(p for p in parts if p) + "\n"


def prose(found: str) -> str:
    """A text to be read as it is; in a code span when a forge would make something of it."""
    shown = " ".join(plain(found).split())
    return code(shown) if ACTIVE.search(shown) else MARKUP.sub(r"\\\1", shown)


def code(found: object) -> str:
    """A code span, also in a table: fenced by more backticks than it contains, `|` escaped as tables want it."""
    shown = plain(found).strip() or " "
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    # A backslash right before an escaped bar would be read as escaping the backslash.
    shown = shown.replace("\\|", "\\ |").replace("|", "\\|")
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _induction(trace: Trace) -> str:
    return f"**{prose(about_induction(trace))}**" if trace.anywhere is not None else ""


def _verdict(trace: Trace) -> str:
    v = trace.violation
    if v.kind not in WAITING:
        return f"> **Expected** {prose(v.expected)}\n>\n> **Seen** {prose(v.seen)}"
    lines = [f"> - {prose(where)}" + (f": {code(why)}" if why else "") for where, why in paragraphs(v)]
    return f"> **Expected** {prose(v.expected)}\n>\n> **Seen**\n>\n" + "\n".join(lines)


def _facts(trace: Trace) -> str:
    lines = [f"- scenario {code(trace.scenario)} of {code(trace.specification)}: {prose(trace.purpose)}"]
    if trace.switches:
        different = [f"{code(f'{n} = {trace.switches.get(n, chr(63))}')} ({usually(trace, code)}: {code(usual)})"
                     for n, usual in trace.departures.items()]
        lines.append(f"- switches: {', '.join(different) or f'all as {usually(trace, code)}'.removesuffix('ly')}")
    if trace.anywhere is not None:
        lines.append(f"- assumed: {code(assumed_words(trace))}")
    lines += [f"- {code(p)}: {code(program_words(kind, positions))}" for p, (kind, positions) in trace.programs.items()]
    sizes = ", ".join(f"{n} {s}" for n, s in trace.sizes.items())
    return "\n".join([*lines, f"- sizes: {code(sizes)}"] if sizes else lines)


# --- steps ------------------------------------------------------------------------------------------


def _unusual(trace: Trace) -> str:
    """Where the first state differs from an initial one, when the trace starts anywhere."""
    if trace.anywhere is None:
        return ""
    rows = ["| first state | initially | here |", "|---|---|---|"]
    for c in unusual(trace):
        ghost = " *(ghost)*" if c.ghost else ""
        rows.append(f"| {code(c.name)}{ghost} | {code(value(c.old))} | **{code(value(c.new))}** |")
    return "\n".join(rows)


def _steps(trace: Trace) -> str:
    rows = ["| # | who | box | what changed |", "|--:|---|---|---|"]
    rows += [_row(trace, i, step) for i, step in enumerate(trace.steps, 1)]
    return "\n".join(rows)


def _row(trace: Trace, number: int, step: TraceStep) -> str:
    boxes = "<br>".join(_box(b, step) for b in step.boxes)
    found = [c for c in changes(trace, trace.states[number - 1], step.state) if not c.name.endswith(".command")]
    lines = [_change(c) for c in found]
    if step.process:
        lines.append(f"next: {code(next_box(step))}")
    bad = " \u274c" if number == len(trace.steps) else ""
    return f"| {number}{bad} | {code(step.process) if step.process else ''} | {boxes} | {'<br>'.join(lines)} |"


def _box(box: Box, step: TraceStep) -> str:
    if box.step == "next_command" and step.command:
        return f"the host asks for {code(step.command)}"
    id_ = f"**{prose(box.id)}** " if box.id and box.id != "next" else ""
    figure = f" {prose(box.figure)}" if box.figure else ""
    chosen = f" {prose(for_arguments(box.choices))}" if box.choices else ""
    return f"{id_}{code(box.step)}{figure}{chosen}: {prose(box.title)}"


def _change(change: Change) -> str:
    ghost = " *(ghost)*" if change.ghost else ""
    return f"{code(change.name)} {code(value(change.old))} \u2192 **{code(value(change.new))}**{ghost}"


def _end(trace: Trace) -> str:
    last = trace.states[-1]
    places = [f"{code(p)} at {code(last[p]['step'])}" for p in trace.processes if "step" in last[p]]
    return f"At last {', '.join(places)}." if places else ""


def _initial(trace: Trace) -> str:
    rows = ["| variable | value |", "|---|---|"]
    for name, note in trace.variables.items():
        if "." not in name:
            ghost = " *(ghost)*" if note.ghost else ""
            rows.append(f"| {code(name)}{ghost} | {code(_flat(trace.initial.state[name]))} |")
    title = "Initial state" if trace.anywhere is None else "First state"
    return f"<details><summary>{title}</summary>\n\n" + "\n".join(rows) + "\n\n</details>"


def _flat(found: object) -> str:
    """A table as nested lists; a set is a list of names, too, and looks the same here."""
    if isinstance(found, list):
        return "[" + ", ".join(_flat(v) for v in found) + "]"
    return value(found)
