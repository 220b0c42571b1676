"""One step as a section of the page: who executed which box, what changed, the state behind it."""

from __future__ import annotations

from ...traces.diff import Change, changes, unusual
from ...traces.trace import WAITING, Box, Trace, Violation
from ...traces.waiting_words import paragraphs
from ..markup import Markup, classes, join, tag
from ..show import for_arguments
from ..suspects import Suspects
from .hues import hue
from .tables import change, processes, variables


def step_section(trace: Trace, number: int, drawn: Markup | None, marked: Suspects) -> Markup:
    """The section of a step (0: the initial state); without a picture it shows the variables in its place."""
    last = number == len(trace.steps)
    known = marked if last else None
    before, now = trace.before(number), trace.states[number]
    shown = tag("figure", drawn) if drawn else variables(trace, before, now, known)
    heading = f"h{number}"
    return tag("section", _heading(trace, number, heading), tag("div", _boxes(trace, number), _changes(trace, number), cls="what"),
               shown, verdict(trace) if last else None, processes(trace, number, known),
               id=f"step={number}", cls=classes("step", last and "last"), aria_labelledby=heading)


def _heading(trace: Trace, number: int, id_: str) -> Markup:
    if number == 0:
        return tag("h2", "Initial state" if trace.anywhere is None else "First state", id=id_)
    step = trace.steps[number - 1]
    who = tag("span", step.process, cls=f"who {hue(list(trace.processes), step.process)}") if step.process else tag("span", "Action")
    return tag("h2", tag("span", f"Step {number}", cls="number"), " ", who, " ", tag("small", step.kind) if step.kind else None, id=id_)


def _boxes(trace: Trace, number: int) -> Markup:
    step = trace.steps[number - 1] if number else trace.initial
    return tag("ol", *(_box(b, step.command) for b in step.boxes), cls="boxes")


def _box(box: Box, command: str) -> Markup:
    if box.step == "next_command" and command:
        return tag("li", "The host asks for ", tag("b", command))
    id_ = box.id if box.id != "next" else ""
    head = [tag("b", id_, cls="id") if id_ else None, " " if id_ else None, tag("span", box.step.replace("_", " "), cls="name"),
            tag("small", f" {box.figure}") if box.figure else None, for_arguments(box.choices) or None]
    return tag("li", *head, tag("p", box.title))


def _changes(trace: Trace, number: int) -> Markup:
    if number == 0:
        if trace.anywhere is None:
            return Markup()
        against = "Where it differs from an initial state of the scenario (struck out: what is there initially):"
        return join(tag("p", against, cls="against"), _listed(unusual(trace)))
    found = [c for c in changes(trace, trace.states[number - 1], trace.states[number]) if not c.name.endswith(".command")]
    if not found:
        return tag("p", "No variable changes.", cls="changes none")
    return _listed(found)


def _listed(found: list[Change]) -> Markup:
    return tag("ul", *(tag("li", tag("code", c.name), " ", change(c.old, c.new), tag("small", " ghost") if c.ghost else None,
                           cls="ghost" if c.ghost else None) for c in found), cls="changes", aria_label="What changed")


def verdict(trace: Trace, brief: bool = False) -> Markup:
    """What was expected and what was seen. A deadlock says for each process where and (unless brief) why it waits."""
    v = trace.violation
    seen = _waiting(v, brief) if v.kind in WAITING else join(v.seen)
    return tag("dl", tag("dt", "Expected"), tag("dd", v.expected), tag("dt", "Seen"), tag("dd", seen, cls="seen"), cls="verdict")


def _waiting(v: Violation, brief: bool) -> Markup:
    return join(*(tag("span", where, tag("small", f" {why}") if why and not brief else None) for where, why in paragraphs(v)))
