"""The page: one file with its style, its script and the trace inside, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources
from typing import Any

from ...traces.trace import Trace
from ...traces.trace_file import to_json
from ..markup import Markup, join, tag
from ..show import about_induction, assumed_words, for_arguments, headline, program_words, usually
from ..suspects import suspects
from .drawing import TABLES, Drawing
from .hues import hue
from .lanes import lanes
from .step import step_section, verdict
from .tables import variables

KEYS = "Keys: \u2192 or j next, \u2190 or k back, Home, End, g ghosts."


def html_page(trace: Trace, drawing: Drawing = TABLES) -> str:
    """The counterexample as one HTML document in UTF-8 that loads nothing, with or without JavaScript.

    `drawing` draws the states of the traces that it knows; of others the page shows tables.
    """
    style, script = _file("page.css"), _file("page.js")
    marked = suspects(trace, drawing.arguments)
    found = drawing.draw(trace, marked)
    drawn = found is not None
    shared, pictures = found if found is not None else (Markup(), [None] * len(trace.states))
    steps = [step_section(trace, i, p, marked) for i, p in enumerate(pictures)]
    head = tag("head", tag("meta", charset="utf-8"), tag("meta", http_equiv="Content-Security-Policy", content=policy(style, script)),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("meta", name="color-scheme", content="light dark"), tag("meta", name="referrer", content="no-referrer"),
               tag("title", f"{headline(trace)}: {trace.scenario}"), tag("style", Markup(style)))
    main = tag("main", _controls(trace), _without_script(drawn), *steps, _all_variables(trace) if drawn else None)
    body = tag("body", shared, _header(trace, drawing.legend if drawn else None), tag("div", _overview(trace), main, cls="story"),
               tag("script", Markup(embedded(trace)), type="application/json", id="trace"), tag("script", Markup(script)))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def policy(style: str, script: str) -> str:
    """Nothing may be loaded, sent, framed or run but this style and this script, known by their digests."""
    return (f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; "
            "form-action 'none'")


def _digest(found: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def embedded(trace: Trace) -> str:
    """The trace for the script, which can save it as a file: states hold only what changed. No `<` is left in it."""
    data = to_json(trace)
    states = trace.states
    for step, before in zip(data["steps"], states, strict=False):
        step["state"] = _changed(before, step["state"])
    found = json.dumps(data, separators=(",", ":"))
    return found.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _changed(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in now.items() if v != before[n]}


# --- the parts around the steps ---------------------------------------------------------------------


def _header(trace: Trace, legend: str | None) -> Markup:
    v = trace.violation
    induction = tag("p", about_induction(trace), cls="induction") if trace.anywhere is not None else None
    title = tag("div", tag("h1", headline(trace)), tag("p", v.title + for_arguments(v.arguments)), induction,
                verdict(trace, brief=True), cls="claim")
    facts: list[Markup] = []
    if trace.anywhere is not None:
        facts += [tag("dt", "assumed"), tag("dd", assumed_words(trace))]
    if trace.departures:
        facts += [tag("dt", "switches"), tag("dd", *(_departure(trace, n, u) for n, u in trace.departures.items()))]
    for process, (kind, positions) in trace.programs.items():
        facts += [tag("dt", process, cls=hue(list(trace.processes), process)), tag("dd", program_words(kind, positions))]
    sizes = ", ".join(f"{n} {s}" for n, s in trace.sizes.items())
    rest = [("specification", trace.specification), ("scenario", trace.scenario), ("purpose", trace.purpose),
            ("profile", trace.profile if trace.switches else ""), ("sizes", sizes)]
    more = tag("details", tag("summary", f"{trace.scenario}: {trace.purpose}"),
               tag("dl", *(join(tag("dt", n), tag("dd", t)) for n, t in rest if t), cls="facts"))
    explained = _legend(legend) if legend is not None else None
    return tag("header", title, tag("div", tag("dl", *facts, cls="facts"), more, explained, cls="given"))


def _departure(trace: Trace, name: str, usual: str) -> Markup:
    return tag("span", tag("code", f"{name} = {trace.switches.get(name, '?')}"), f" ({usually(trace)}: {usual})", cls="departure")


def _legend(particular: str) -> Markup:
    samples = [("changed", "changed in this step"), ("wrong", "wrong"), ("ghost", "ghost: not in the device, only for properties")]
    return tag("p", *(join(tag("span", name, cls=f"sample {cls}"), " ") for cls, name in samples),
               tag("small", particular), cls="legend")


def _overview(trace: Trace) -> Markup:
    return tag("nav", lanes(trace), aria_label="Steps", id="overview", tabindex=0)


def _all_variables(trace: Trace) -> Markup:
    """Every variable, as a table that the script keeps at the step shown; without it, at the start."""
    where = " in the initial state" if trace.anywhere is None else " in the first state"
    return tag("details", tag("summary", "All variables", tag("span", where, id="when")),
               variables(trace, trace.usual, trace.initial.state, None), id="variables")


def _without_script(drawn: bool) -> Markup:
    """What a reader without JavaScript has to do without."""
    missing = "the table of all variables stays at the first state, and " if drawn else ""
    return tag("noscript", tag("p", "Without JavaScript all steps follow below, one after the other; "
                               f"{missing}there is no stepping by keys."))


def _controls(trace: Trace) -> Markup:
    last = len(trace.steps)
    buttons = [tag("button", sign, type="button", data_go=go, aria_label=label, title=label)
               for sign, go, label in (("\u21e4", "first", "First step"), ("\u2190", "back", "Step back"),
                                       ("\u2192", "next", "Next step"), ("\u21e5", "last", "Last step"))]
    scrubber = tag("input", type="range", min=0, max=last, value=0, id="scrubber", aria_label="Step")
    return tag("div", *buttons, scrubber, tag("output", f"0 of {last}", id="place", aria_live="polite"),
               tag("button", "Ghosts", type="button", id="ghosts", aria_pressed="true",
                   hidden=not any(v.ghost for v in trace.variables.values())),
               tag("button", "Save trace", type="button", id="save", title="Save the trace inside this page, for snapproof replay"),
               tag("small", KEYS, cls="keys"), cls="controls", hidden=True)
