"""Variables as tables: every specification can be shown like this, and the parts of a state that no picture shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...traces.diff import cell_name
from ...traces.trace import State, Trace
from ...words import value
from ..markup import Markup, classes, join, tag
from ..suspects import Suspects
from .hues import hue


def change(before: Any, now: Any) -> Markup:
    """A value that has changed; in a set, which members went and came."""
    if isinstance(before, list) and isinstance(now, list):
        went = [tag("del", v) for v in before if v not in now]
        parts = [tag("ins", v) if v not in before else tag("span", v) for v in now] + went
        return join("{", *(join(", " if i else None, p) for i, p in enumerate(parts)), "}")
    return join(tag("del", value(before)), " ", tag("ins", value(now)))


def variables(trace: Trace, before: State, now: State, marked: Suspects | None) -> Markup:
    """Every shared variable with all its cells; ghosts say so."""
    return tag("div", *(_variable(trace, n, before[n], now[n], marked) for n in trace.variables if "." not in n), cls="variables")


def _variable(trace: Trace, name: str, before: Any, now: Any, marked: Suspects | None) -> Markup:
    note = trace.variables[name]
    members = [trace.index_sets[i] for i in note.indices]
    ghost = tag("small", " ghost") if note.ghost else None
    caption = tag("caption", tag("code", name), ghost, title=note.meaning)
    return tag("table", caption, *_rows(name, members, before, now, marked), cls=classes("variable", note.ghost and "ghost"),
               data_name=name, data_depth=len(members))


def _rows(name: str, members: Sequence[list[str]], before: Any, now: Any, marked: Suspects | None) -> list[Markup]:
    if not members:
        return [tag("tr", _cell(name, (), before, now, marked))]
    *outer, columns = members
    head = tag("tr", *([tag("th")] if outer else []), *(tag("th", m, scope="col") for m in columns))
    rows = [head]
    for at, b, n in _leaves(outer, before, now, ()):
        label = [tag("th", " ".join(at), scope="row")] if outer else []
        rows.append(tag("tr", *label, *(_cell(name, (*at, m), b[i], n[i], marked) for i, m in enumerate(columns))))
    return rows


def _leaves(members: Sequence[list[str]], before: Any, now: Any, at: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any, Any]]:
    if not members:
        return [(at, before, now)]
    return [leaf for i, m in enumerate(members[0]) for leaf in _leaves(members[1:], before[i], now[i], (*at, m))]


def _cell(name: str, at: tuple[str, ...], before: Any, now: Any, marked: Suspects | None) -> Markup:
    wrong = marked is not None and cell_name(name, *at) in marked.cells
    # Cells of the members that the property fails for: which of them is at fault, the words do not say.
    named = marked is not None and at in marked.paths
    names = classes(before != now and "changed", wrong and "wrong", named and not wrong and "named")
    return tag("td", change(before, now) if before != now else value(now), cls=names)


# --- processes --------------------------------------------------------------------------------------


def processes(trace: Trace, number: int, marked: Suspects | None) -> Markup:
    """A row a process: where it is, its command, and its locals that are not as at the start."""
    now, before = trace.states[number], trace.before(number)
    if not trace.processes:
        return Markup()
    head = tag("tr", *(tag("th", t, scope="col") for t in ("process", "is about to execute", "command", "its own variables")))
    rows = [_process(trace, p, before[p], now[p], marked) for p in trace.processes]
    return tag("table", tag("thead", head), tag("tbody", *rows), cls="processes")


def _process(trace: Trace, process: str, before: State, now: State, marked: Suspects | None) -> Markup:
    start = trace.usual[process]
    own = [_local(trace, process, n, before[n], now[n]) for n in now
           if n not in ("step", "position", "command") and (now[n] != start[n] or now[n] != before[n])]
    moved = before.get("step") != now.get("step")
    return tag("tr", tag("th", process, scope="row", cls=hue(list(trace.processes), process), title=trace.processes[process]),
               tag("td", str(now.get("step", "")).replace("_", " "), cls="changed" if moved else None),
               tag("td", _command(now)), tag("td", *own),
               cls="wrong" if marked is not None and process in marked.processes else None)


def _command(now: State) -> str:
    found = str(now.get("command", ""))
    return "" if found == "none" else found


def _local(trace: Trace, process: str, name: str, before: Any, now: Any) -> Markup:
    note = trace.local(process, name)
    shown = change(before, now) if before != now else join(value(now))
    return tag("span", tag("code", name), " ", shown, title=note.meaning,
               cls=classes("local", before != now and "changed", note.ghost and "ghost"))
