"""Traces on disk: JSON, checked completely on loading.  The format is described in docs/traces.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from ..files import TooLarge, read_file
from ..spec.domains import LARGEST as LARGEST_NUMBER
from ..texts import write_text
from ..words import IN_ANY_ORDER, IN_ORDER
from . import waiting_file
from .errors import TraceError
from .trace import FORMAT, VERSION, WAITING, Anywhere, Box, Trace, TraceStep, VariableNote, Violation

LARGEST = 64 * 1024 * 1024
"""A trace file beyond this many bytes is refused unread."""

STARTS = ("initial", "anywhere")
"""Where a trace of version 2 or 3 may start; one of version 1 starts in an initial state."""

KINDS = ("invariant", "transition", "witness", "deadlock", "stuck")


def save_trace(path: Path, trace: Trace, *, follow: bool = True) -> None:
    """Write a trace, complete or not at all; FileError when the system refuses.  `follow` as in `write_text`."""
    write_text(path, pretty(to_json(trace)) + "\n", follow=follow)


def to_json(trace: Trace) -> dict[str, Any]:
    """The JSON form of a trace."""
    v = trace.violation
    starts: dict[str, Any] = {} if v.kind != "stuck" else {"starts": "initial"}
    if trace.anywhere is not None:
        starts = {"starts": "anywhere", "assumed": list(trace.anywhere.assumed)}
    usual = {} if trace.anywhere is None else {"usual": trace.anywhere.usual}
    waiting = {"waiting": waiting_file.to_json(v.waiting)} if v.waiting else {}
    return {
        "format": FORMAT, "version": 3 if v.kind == "stuck" else 2 if starts else 1, **starts,
        "specification": trace.specification, "scenario": trace.scenario,
        "purpose": trace.purpose,
        "violation": {"kind": v.kind, "property": v.property, "class": v.violation, "severity": v.severity, "title": v.title,
                      "arguments": v.arguments, "expected": v.expected, "seen": v.seen, **waiting},
        "sizes": trace.sizes, "profile": trace.profile, "switches": trace.switches, "departures": trace.departures,
        "programs": {p: {kind: positions if kind == "program" else positions[0]}
                     for p, (kind, positions) in trace.programs.items()},
        "fused": trace.fused, "index_sets": trace.index_sets, "processes": trace.processes,
        "variables": {n: {"indices": list(v.indices), "ghost": v.ghost, "meaning": v.meaning}
                      for n, v in trace.variables.items()},
        **usual, "initial": {"boxes": [_box_json(b) for b in trace.initial.boxes], "state": trace.initial.state},
        "steps": [{"process": s.process, "kind": s.kind, "boxes": [_box_json(b) for b in s.boxes], "command": s.command,
                   "state": s.state} for s in trace.steps]}


def _box_json(box: Box) -> dict[str, Any]:
    return {"step": box.step, "id": box.id, "figure": box.figure, "title": box.title, "choices": box.choices}


def pretty(data: Any, indent: str = "") -> str:
    """JSON with everything that fits in one line on one line, so that a person and a diff can read it."""
    flat = json.dumps(data, ensure_ascii=False)
    if len(flat) + len(indent) <= 118 or not isinstance(data, (dict, list)) or not data:
        return flat
    inner = indent + " "
    if isinstance(data, dict):
        items = [f"{inner}{json.dumps(k, ensure_ascii=False)}: {pretty(v, inner)}" for k, v in data.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + pretty(v, inner) for v in data) + f"\n{indent}]"


# --- loading ----------------------------------------------------------------------------------------


def load_trace(path: Path) -> Trace:
    """Read and check a trace file; TraceError says what does not fit and where."""
    place = path.name
    try:
        text = read_file(path, LARGEST).decode("utf-8-sig")
    except TooLarge as error:
        raise TraceError(place, f"it is too large: {error.strerror} bytes.",
                         "A counterexample is far smaller: this is another file.") from None
    except OSError as error:
        raise TraceError(place, f"it cannot be read ({error.strerror}).", "Check the path and its permissions.") from None
    except UnicodeDecodeError:
        raise TraceError(place, "it is not UTF-8 text.", "A trace is a JSON file that snapproof check has written.") from None
    return parse_trace(text, place)


def parse_trace(text: str, place: str) -> Trace:
    """The trace in a JSON text; TraceError when it is none."""
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise TraceError(place, "it is nested too deeply.", "A trace is a JSON file that snapproof check has written.") from None
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) - 1
        raise TraceError(place, f"it is not JSON: {error.msg} in line {error.lineno}.",
                         "The file is cut off; write it again with snapproof check --trace-dir." if cut else
                         "It has been damaged or is another file; write it again with snapproof check --trace-dir.") from None
    except ValueError as error:
        raise TraceError(place, f"it is not JSON ({error}).", "Write it again with snapproof check --trace-dir.") from None
    return _Loader(place).trace(data)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


class _Loader:
    """Checks every part of a trace while it is taken apart."""

    def __init__(self, place: str) -> None:
        self.place = place

    def refuse(self, where: str, cause: str) -> NoReturn:
        raise TraceError(f"{self.place}, {where}", cause, "docs/traces.md describes the format.")

    def take(self, data: Any, key: str, kind: type, where: str) -> Any:
        """The value under a key, of this type."""
        if not isinstance(data, dict):
            self.refuse(where, "it is not an object.")
        if key not in data:
            self.refuse(where, f"the key {key!r} is missing.")
        found = data[key]
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            names = {dict: "an object", list: "a list", str: "a string", int: "a whole number", bool: "true or false"}
            self.refuse(f"{where} {key}".strip(), f"it is not {names[kind]}.")
        return found

    def texts(self, data: Any, key: str, where: str) -> dict[str, str]:
        """An object whose values are strings."""
        found = self.take(data, key, dict, where)
        for name, item in found.items():
            if not isinstance(item, str):
                self.refuse(f"{where} {key}, {name}", "it is not a string.")
        return dict(found)

    def names(self, data: Any, key: str, where: str) -> list[str]:
        """A list of strings."""
        found = self.take(data, key, list, where)
        if not all(isinstance(item, str) for item in found):
            self.refuse(f"{where} {key}", "it is not a list of strings.")
        return list(found)

    def trace(self, data: Any) -> Trace:
        self.header(data)
        top = "top level"
        index_sets = {n: self.names(self.take(data, "index_sets", dict, top), n, "index_sets")
                      for n in self.take(data, "index_sets", dict, top)}
        processes = self.texts(data, "processes", top)
        variables = self.variables(self.take(data, "variables", dict, top), index_sets)
        check = _States(self, index_sets, processes, variables)
        sizes = self.take(data, "sizes", dict, top)
        for name in sizes:
            counts = name in index_sets or name in processes.values()  # and not a constant, which may be any number
            if not (0 if counts else -LARGEST_NUMBER) <= self.take(sizes, name, int, "sizes") <= (64 if counts else LARGEST_NUMBER):
                self.refuse(f"sizes, {name}", f"{sizes[name]} is {'not a size from 0 to 64' if counts else 'too large for a constant'}.")
        first = self.take(data, "initial", dict, top)
        initial = TraceStep("", "", self.boxes(first, "initial"), "", check.state(first, "initial"))
        steps = [self.step(s, f"step {i + 1}", check) for i, s in enumerate(self.take(data, "steps", list, top))]
        return Trace(
            data["specification"], self.take(data, "scenario", str, top), self.take(data, "purpose", str, top), dict(sizes),
            self.take(data, "profile", str, top), self.texts(data, "switches", top), self.texts(data, "departures", top),
            self.programs(self.take(data, "programs", dict, top), processes), self.take(data, "fused", bool, top),
            index_sets, processes, variables, self.violation(self.take(data, "violation", dict, top), data["version"], processes),
            initial, tuple(steps), self.anywhere(data, check, initial, steps))

    def anywhere(self, data: Any, check: _States, initial: TraceStep, steps: list[TraceStep]) -> Anywhere | None:
        """What a counterexample to induction says beyond an ordinary trace; None for an ordinary one."""
        if data["version"] == 1:
            for key in ("starts", "assumed", "usual"):
                if key in data:
                    self.refuse(key, "a trace of version 1 has no such key.")
            return None
        starts = self.take(data, "starts", str, "top level")
        if starts not in STARTS:
            self.refuse("starts", f"{starts!r} is none of {', '.join(STARTS)}.")
        if starts == "initial":
            return None
        assumed, violation = tuple(self.names(data, "assumed", "top level")), data["violation"]
        single = len(steps) == 1 and len(steps[0].boxes) == 1 and not initial.boxes and not data["fused"]
        if not single:
            self.refuse("steps", "a trace that starts anywhere has one step, of one box or action, and no initial boxes.")
        if violation["kind"] != "invariant" or violation["property"] not in assumed:
            self.refuse("assumed", "a trace that starts anywhere violates one of the invariants that it assumes.")
        at = initial.state[steps[0].process].get("step") if steps[0].process else None
        if steps[0].process and at != steps[0].boxes[0].step:
            self.refuse("initial state", f"{steps[0].process} is at {at!r}, and step 1 executes {steps[0].boxes[0].step!r}.")
        return Anywhere(assumed, check.state({"state": self.take(data, "usual", dict, "top level")}, "usual"))

    def header(self, data: Any) -> None:
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise TraceError(self.place, f"it is not a trace: its \"format\" is not {FORMAT!r}.",
                             "Give a file that snapproof check has written.")
        version = self.take(data, "version", int, "top level")
        if version > VERSION:
            raise TraceError(self.place, f"its format version is {version}; this program reads up to {VERSION}.",
                             "Update snapproof, or write the trace again with this one.")
        if version < 1:
            self.refuse("version", f"{version} is not a format version.")
        self.take(data, "specification", str, "top level")

    def variables(self, data: dict[str, Any], index_sets: dict[str, list[str]]) -> dict[str, VariableNote]:
        out = {}
        for name in data:
            where = f"variables, {name}"
            note = self.take(data, name, dict, "variables")
            indices = self.names(note, "indices", where)
            for index in indices:
                if index not in index_sets:
                    self.refuse(where, f"there is no index set {index!r}.")
            ghost, meaning = self.take(note, "ghost", bool, where), self.take(note, "meaning", str, where)
            out[name] = VariableNote(tuple(indices), ghost, meaning)
        return out

    def programs(self, data: dict[str, Any], processes: dict[str, str]) -> dict[str, tuple[str, list[list[str]]]]:
        out = {}
        for name in data:
            where = f"programs, {name}"
            entry = self.take(data, name, dict, "programs")
            if name not in processes:
                self.refuse(where, "there is no such process.")
            if set(entry) == {"menu"}:
                out[name] = ("menu", [self.names(entry, "menu", where)])
            else:
                positions = self.take(entry, "program", list, where)
                out[name] = ("program", [self.names({"position": p}, "position", where) for p in positions])
        return out

    def violation(self, data: dict[str, Any], version: int, processes: dict[str, str]) -> Violation:
        where = "violation"
        kind = self.take(data, "kind", str, where)
        if kind not in KINDS:
            self.refuse("violation kind", f"{kind!r} is none of {', '.join(KINDS)}.")
        if kind == "stuck" and version < 3:
            self.refuse("violation kind", f"a trace of version {version} has no such kind.")
        if "waiting" in data and kind not in WAITING:
            self.refuse("violation waiting", f"who waits is told of {' and '.join(WAITING)} only, not of {kind}.")
        waiting = waiting_file.from_json(self, self.take(data, "waiting", list, where) if "waiting" in data else [], processes)
        text = {k: self.take(data, k, str, where) for k in ("property", "class", "severity", "title", "expected", "seen")}
        return Violation(kind, text["property"], text["class"], text["severity"], text["title"],
                         self.texts(data, "arguments", where), text["expected"], text["seen"], waiting)

    def boxes(self, data: dict[str, Any], where: str) -> tuple[Box, ...]:
        out = []
        for box in self.take(data, "boxes", list, where):
            text = {k: self.take(box, k, str, f"{where} boxes") for k in ("step", "id", "figure", "title")}
            out.append(Box(text["step"], text["id"], text["figure"], text["title"], self.texts(box, "choices", f"{where} boxes")))
        return tuple(out)

    def step(self, data: Any, where: str, check: _States) -> TraceStep:
        process, kind = self.take(data, "process", str, where), self.take(data, "kind", str, where)
        if process and check.processes.get(process) != kind:
            self.refuse(where, f"there is no process {process!r} of the kind {kind!r}.")
        boxes = self.boxes(data, where)
        if not boxes:
            self.refuse(where, "it has no boxes.")
        return TraceStep(process, kind, boxes, self.take(data, "command", str, where), check.state(data, where))


class _States:
    """Checks that a state has exactly the declared variables, in their shapes."""

    def __init__(self, loader: _Loader, index_sets: dict[str, list[str]], processes: dict[str, str],
                 variables: dict[str, VariableNote]) -> None:
        self.loader, self.processes = loader, processes
        self.shapes = {n: [len(index_sets[i]) for i in v.indices] for n, v in variables.items()}
        self.shared = [n for n in variables if "." not in n]
        self.locals = {kind: [n.partition(".")[2] for n in variables if n.partition(".")[0] == kind and "." in n]
                       for kind in set(processes.values())}

    def state(self, data: dict[str, Any], where: str) -> dict[str, Any]:
        state: dict[str, Any] = self.loader.take(data, "state", dict, where)
        where = f"{where} state"
        self.exactly(state, [*self.shared, *self.processes], where)
        for name in self.shared:
            self.shaped(state[name], self.shapes[name], f"{where}, {name}")
        for name, kind in self.processes.items():
            mine = self.loader.take(state, name, dict, where)
            self.exactly(mine, self.locals[kind], f"{where}, {name}")
            for local in mine:
                self.shaped(mine[local], [], f"{where}, {name}.{local}")
        return state

    def exactly(self, found: dict[str, Any], names: list[str], where: str) -> None:
        for name in names:
            if name not in found:
                self.loader.refuse(where, f"{name!r} is missing.")
        for name in found:
            if name not in names:
                self.loader.refuse(where, f"{name!r} is not declared under variables or processes.")

    def shaped(self, value: Any, shape: list[int], where: str) -> None:
        if shape:
            if not isinstance(value, list) or len(value) != shape[0]:
                self.loader.refuse(where, f"it is not a list of {shape[0]}.")
            for part in value:
                self.shaped(part, shape[1:], where)
        elif isinstance(value, list):
            if not all(isinstance(v, str) for v in value):
                self.loader.refuse(where, "it is a list of something else than names.")
        elif isinstance(value, dict) and list(value) in ([IN_ORDER], [IN_ANY_ORDER]):
            word, items = next(iter(value.items()))
            if not isinstance(items, list):
                self.loader.refuse(where, f"its items {word} are no list.")
            for number, part in enumerate(items):
                self.shaped(part, [], f"{where}[{number}]")
        elif isinstance(value, dict):
            for name, part in value.items():
                self.shaped(part, [], f"{where}.{name}")
        elif not isinstance(value, (str, int)):
            self.loader.refuse(where, "it is not a value.")
