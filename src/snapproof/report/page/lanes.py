"""The whole trace at a glance: a row a step, a lane a process, the box where the lane was left."""

from __future__ import annotations

from ...traces.trace import Box, Trace, TraceStep
from ..markup import Markup, classes, join, tag
from .hues import hue

ACTION = ""
"""The lane of actions, which have no process."""


def lanes(trace: Trace) -> Markup:
    """A table whose rows link to the steps."""
    names = list(trace.processes)
    if any(s.process == ACTION for s in trace.steps) or not names:
        names.append(ACTION)
    head = tag("tr", tag("th", "#", scope="col"),
               *(tag("th", n or "action", scope="col", cls=hue(list(trace.processes), n), title=trace.processes.get(n)) for n in names),
               tag("th", "box", scope="col", cls="box"))
    start = tag("tr", tag("th", tag("a", 0, href="#step=0"), scope="row"), *(tag("td", cls="lane") for _ in names),
                tag("td", "initial state" if trace.anywhere is None else "first state", cls="box"), data_step=0)
    rows = [_row(trace, names, i, step) for i, step in enumerate(trace.steps, 1)]
    return tag("table", tag("thead", head), tag("tbody", start, *rows), cls="lanes")


def _row(trace: Trace, names: list[str], number: int, step: TraceStep) -> Markup:
    mine = [b for b in step.boxes if b.step != "next_command"] or list(step.boxes)
    cells = [tag("td", tag("span", _label(mine)) if n == step.process else None,
                 cls=classes("lane", n == step.process and f"on {hue(list(trace.processes), n)}")) for n in names]
    last = number == len(trace.steps)
    told = [b for b in mine if b.step != "next_command" or not step.command]
    what = [tag("b", step.command) if step.command else None, *(tag("span", _name(b)) for b in told)]
    # One thing a line; a command and the box that begins it stand in one.
    text = join(*(join(Markup("<br>") if i else None, w) for i, w in enumerate(w for w in what if w is not None)))
    return tag("tr", tag("th", tag("a", number, href=f"#step={number}"), scope="row"), *cells,
               tag("td", text, tag("em", " \u2717", title="here the property fails") if last else None, cls="box"),
               data_step=number, cls="bad" if last else None)


def _label(boxes: list[Box]) -> str:
    """The id of the first box; a dot when it has none."""
    return "start" if boxes[0].step == "next_command" else boxes[0].id or "\u25cf"


def _name(box: Box) -> Markup:
    chosen = ", ".join(f"{n} = {v}" for n, v in box.choices.items())
    return join(box.step.replace("_", " "), f" ({chosen})" if chosen else None)
