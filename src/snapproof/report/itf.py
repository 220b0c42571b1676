"""A counterexample in the Informal Trace Format, as Apalache and Quint write and read it.

Source: Apalache, `docs/src/adr/015adr-trace.md` (revision of 2025-11-11) and the reader `ItfJsonToTla.scala`. That
reader wants `#meta.varTypes` for exactly the variables, integers as `#bigint`, and types that it can parse; it takes
no empty record and no text of the form `x_OF_Y`, which means an uninterpreted constant. So:

- a table is a function from the names of its members (from pairs of names for two index sets, and so on);
- the locals of processes of one kind are functions from the names of the processes: `HostAdapter_mail`;
- a set is a set of names, a record a record of its fields, a sequence a sequence of its items;
- a value of a tagged union is a variant: a record of its tag and its value, which is a record or, where the case has no fields,
  the one value of the type UNIT (`Variants.tla`); so Apalache writes them, and its reader does not take them yet;
- a cell that shows numbers in one state and names in another is a text everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Union

from ..traces.trace import State, Trace, TraceStep
from ..words import IN_ANY_ORDER, IN_ORDER, plain, tagged
from .show import about_induction, box_words, headline

Json = Any
Kind = Union[str, dict[str, Any], "Cases"]
"""Int, Bool, Str or Set(Str); for a record the kinds of its fields, for a sequence or a bag that of its items, under its word."""

UNIT = "U_OF_UNIT"
"""What a case without fields holds, as Apalache has it."""


@dataclass(frozen=True)
class Cases:
    """Values of a tagged union: of each case that occurs, the kinds of its fields."""

    fields: dict[str, dict[str, Any]]


def itf(trace: Trace) -> str:
    """The trace as ITF: UTF-8 JSON, one state a line; the usual extension is `.itf.json`."""
    names = variable_names(trace)
    kinds = cell_types(trace, names)
    types = {names[n]: _type(trace, n, kinds[n]) for n in names}
    meta = {"format": "ITF", "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
            "description": plain(f"{trace.specification}, {trace.scenario}: {headline(trace)}"),
            "varTypes": types, "source": plain(trace.scenario), "status": "violation",
            "expected": plain(trace.violation.expected), "seen": plain(trace.violation.seen)}
    if trace.anywhere is not None:
        meta |= {"starts": "anywhere", "assumed": [text(a) for a in trace.anywhere.assumed], "note": about_induction(trace)}
    states = (_state(trace, i, state, names, kinds) for i, state in enumerate(trace.states))
    lines = ",\n  ".join(json.dumps(s, ensure_ascii=False) for s in states)
    head = json.dumps({"#meta": meta, "vars": list(types)}, ensure_ascii=False)
    return f'{head[:-1]},\n "states": [\n  {lines}\n]}}\n'


def variable_names(trace: Trace) -> dict[str, str]:
    """Variable, or `Kind.local`, -> its name in ITF: an identifier of TLA+, each once."""
    def meant(name: str) -> bool:
        kind, _, local = name.partition(".")
        return not local or kind in trace.processes.values()
    return identifiers(name for name in trace.variables if meant(name))


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """Each name -> an identifier of TLA+ that no other has; those of variables, of fields of a record, of cases of a union."""
    out: dict[str, str] = {}
    for name in names:
        base = re.sub(r"\W", "_", name.replace(".", "_"), flags=re.ASCII)
        base = base if re.match(r"[A-Za-z_]*[A-Za-z]", base) else f"v{base}"
        found, again = base, 2
        while found in out.values():
            found, again = f"{base}_{again}", again + 1
        out[name] = found
    return out


def _state(trace: Trace, number: int, state: State, names: dict[str, str], kinds: dict[str, Kind]) -> dict[str, Json]:
    meta: dict[str, Json] = {"index": number}
    if number:
        meta |= _action(trace.steps[number - 1])
    return {"#meta": meta} | {itf_name: _value(trace, name, kinds[name], state) for name, itf_name in names.items()}


def _action(step: TraceStep) -> dict[str, Json]:
    """Who moved, for readers; a state may have any metadata, but no variable beyond the declared ones."""
    return {"process": text(step.process), "action": text(step.boxes[0].step), "boxes": [text(box_words(b)) for b in step.boxes],
            "choices": {text(n): text(c) for b in step.boxes for n, c in b.choices.items()}, "command": text(step.command)}


# --- values and their types -------------------------------------------------------------------------


def _cells(trace: Trace, name: str, state: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every cell of a variable: the names of its indices, and its value."""
    kind, _, local = name.partition(".")
    if local:
        for process in trace.processes:
            if trace.processes[process] == kind:
                yield (process,), state[process][local]
    else:
        yield from _nested([trace.index_sets[i] for i in trace.variables[name].indices], state[name], ())


def _nested(members: list[list[str]], found: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not members:
        yield at, found
        return
    for member, part in zip(members[0], found, strict=True):
        yield from _nested(members[1:], part, (*at, member))


def cell_types(trace: Trace, names: Iterable[str]) -> dict[str, Kind]:
    """The type of the cells of each variable in Apalache's notation, over all states: Int, Bool, Str, Set(Str), or those of fields."""
    states, out = trace.states, {}
    for name in names:
        out[name] = _common([v for state in states for _, v in _cells(trace, name, state)])
    return out


def _common(values: list[Any]) -> Kind:
    """The type of some values; what is of several is a text."""
    if values and all(isinstance(v, dict) and tagged(v) for v in values):
        tags = dict.fromkeys(v["tag"] for v in values)
        return Cases({tag: _fields([v["value"] for v in values if v["tag"] == tag]) for tag in tags})
    if values and values[0] and all(isinstance(v, dict) and list(v) == list(values[0]) for v in values):
        word = list(values[0])[0] if list(values[0]) in ([IN_ORDER], [IN_ANY_ORDER]) else ""
        return {word: _common([i for v in values for i in v[word]])} if word else _fields(values)
    kinds = {{bool: "Bool", int: "Int", list: "Set(Str)"}.get(type(v), "Str") for v in values}
    return kinds.pop() if len(kinds) == 1 else "Str"


def _fields(values: list[dict[str, Any]]) -> dict[str, Kind]:
    return {field: _common([v[field] for v in values]) for field in values[0]}


def _written(kind: Kind) -> str:
    if isinstance(kind, dict) and IN_ORDER in kind:
        return f"Seq({_written(kind[IN_ORDER])})"
    if isinstance(kind, dict) and IN_ANY_ORDER in kind:
        return f"({_written(kind[IN_ANY_ORDER])} -> Int)"
    if isinstance(kind, Cases):
        names = identifiers(kind.fields)
        cases = [f"{names[tag]}({_written(fields) if fields else 'UNIT'})" for tag, fields in kind.fields.items()]
        return cases[0] if len(cases) == 1 else f"({' | '.join(cases)})"
    if isinstance(kind, str):
        return kind
    names = identifiers(kind)
    return f"{{ {', '.join(f'{names[field]}: {_written(k)}' for field, k in kind.items())} }}"


def _indices(trace: Trace, name: str) -> int:
    return 1 if "." in name else len(trace.variables[name].indices)


def _type(trace: Trace, name: str, kind: Kind) -> str:
    count = _indices(trace, name)
    keys = f"<<{', '.join(['Str'] * count)}>>" if count > 1 else "Str"
    return f"{keys} -> {_written(kind)}" if count else _written(kind)


def _value(trace: Trace, name: str, kind: Kind, state: State) -> Json:
    found = list(_cells(trace, name, state))
    if not _indices(trace, name):
        return expression(found[0][1], kind)
    return {"#map": [[text(at[0]) if len(at) == 1 else {"#tup": [text(m) for m in at]}, expression(v, kind)] for at, v in found]}


def expression(found: Any, kind: Kind) -> Json:
    """A value of a state as an ITF expression of this type."""
    if isinstance(kind, dict) and IN_ORDER in kind:
        return [expression(item, kind[IN_ORDER]) for item in found[IN_ORDER]]
    if isinstance(kind, dict) and IN_ANY_ORDER in kind:
        items = found[IN_ANY_ORDER]
        different = [item for i, item in enumerate(items) if item not in items[:i]]
        return {"#map": [[expression(item, kind[IN_ANY_ORDER]), {"#bigint": str(items.count(item))}] for item in different]}
    if isinstance(kind, Cases):
        fields = kind.fields[found["tag"]]
        return {"tag": identifiers(kind.fields)[found["tag"]], "value": expression(found["value"], fields) if fields else UNIT}
    if isinstance(kind, dict):
        names = identifiers(kind)
        return {names[field]: expression(found[field], k) for field, k in kind.items()}
    if kind == "Set(Str)":
        return {"#set": [text(v) for v in dict.fromkeys(found)]}
    if kind == "Int":
        return {"#bigint": str(found)}
    if kind == "Bool":
        return bool(found)
    return text(", ".join(map(str, found)) if isinstance(found, list) else found)


def text(found: object) -> str:
    """A text that Apalache takes for a text and not for an uninterpreted constant."""
    shown = plain(found)
    return shown.replace("_OF_", "-OF-") if re.fullmatch(r"\w+_OF_\w+", shown) else shown
