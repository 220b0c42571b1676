"""What tells a mutant: scenarios for a change of the model; faults, scenarios and kept mutants for a change of a property.

Only what notices by itself counts as told: a property, a value out of range, a deadlock, an unreached witness, a refusal.
That a count differs or that a box is never executed any more is written down, and tells nothing.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from snapproof.checker.result import Limits
from snapproof.spec import tree

from . import by_hand
from .edits import Edit
from .trial import MEMORY, ROOT, Loaded, copied, load

LARGEST = 400_000
"""Scenarios beyond are for `make check`: a mutant that only they could tell would be told too late."""

FOR_PROPERTIES = 8_000
"""States of the scenarios in which a changed property must not raise a false alarm."""

MOST = 6
"""So many times the states of the unchanged model are looked at; states, because no busy machine changes their number."""

EVERYWHERE = "*"
"""In place of the boxes that reach a function: an initial function does, so every scenario executes it."""

KEPT = Path(__file__).with_name("kept.toml")


@dataclass(frozen=True)
class Killer:
    """A departure from the model, in a scenario, and the property that must catch it first (or "deadlock", "range" …)."""

    name: str
    edits: tuple[Edit, ...]
    settings: tuple[tuple[str, str], ...]
    scenario: str
    property: str


@dataclass(frozen=True)
class Kept:
    """A mutant of the list: told by `told` in `scenario`, or not at all, for a reason."""

    edit: Edit
    scenario: str = ""
    told: str = ""
    reason: str = ""
    every_run: bool = False
    settings: tuple[tuple[str, str], ...] = ()


def kept() -> list[Kept]:
    """The list of mutants to which an answer was given."""
    out = []
    for entry in tomllib.loads(KEPT.read_text("utf-8")).get("mutant", []):
        module, _, function = entry["in"].rpartition(".")
        edit = Edit(module, function, entry["before"], entry["after"], entry.get("nth", 0))
        out.append(Kept(edit, entry.get("scenario", ""), entry.get("told", ""), entry.get("reason", ""),
                        entry.get("every_run", False), tuple(entry.get("switches", {}).items())))
    return out


def undemanded() -> dict[str, str]:
    """Properties that no departure breaks first, and why."""
    return {entry["id"]: entry["reason"] for entry in tomllib.loads(KEPT.read_text("utf-8")).get("property", [])}


@cache
def states() -> dict[str, int]:
    """The scenarios of the suite by their recorded number of states."""
    counts = json.loads((ROOT / "model" / "scenarios" / "counts.json").read_text("utf-8"))
    return {p.stem: counts.get(p.stem, {"distinct": 0})["distinct"] for p in (ROOT / "model" / "scenarios").glob("*.toml")}


# --- the model as it is -------------------------------------------------------------------------------------------


def baseline() -> dict[str, Any]:
    """Of the unchanged model: what every scenario does, which boxes and properties reach which function, and the killers."""
    with tempfile.TemporaryDirectory(prefix="snapproof-mutants-") as folder:
        loaded = load(copied(Path(folder)), [])
        assert isinstance(loaded, Loaded), loaded
        done: dict[str, Any] = {}
        for name in sorted(states(), key=lambda n: states()[n]):
            if states()[name] <= LARGEST:
                scenario = loaded.scenario(name)
                outcome = loaded.run(scenario)
                done[name] = {"expect": scenario.expect, "found": outcome.found, "distinct": outcome.distinct,
                              "generated": outcome.generated, "executed": outcome.executed,
                              "shape": repr((sorted(scenario.sizes.items()), len(scenario.hosts)))}
        departures = []
        for name, settings in _departures():
            departures.append([name, settings, loaded.run(loaded.scenario(name, settings)).found])
        return {"scenarios": done, "departures": departures, "reach": reach_of(loaded.spec)}


ALONE = ("one_host_alone", "one_host_refused")
"""What one host does alone is right with most faults: there a box behind the switch of a fault shows what it does."""


def faults() -> list[dict[str, str]]:
    return list(tomllib.loads((ROOT / "model" / "faults.toml").read_text("utf-8"))["fault"])


def departures_alone() -> list[tuple[str, dict[str, str]]]:
    """Every fault with one host alone."""
    settings = [{f["switch"]: f["value"]} for f in faults()]
    return [(name, s) for name in ALONE for i, s in enumerate(settings) if s not in settings[:i]]


def _departures() -> list[tuple[str, dict[str, str]]]:
    """Every fault with one host alone, and in its own scenario; those of one size behind each other."""
    return departures_alone() + sorted(((f["scenario"], {f["switch"]: f["value"]}) for f in faults()
                                        if states()[f["scenario"]] <= LARGEST), key=str)


def reach_of(spec: Any) -> dict[str, list[str]]:
    """Module and name of a function -> the boxes and properties that evaluate it."""
    reach: dict[str, set[str]] = {}
    for declared, function in spec.trees.items():
        what = f"property {declared.id}" if hasattr(declared, "violation") else declared.name
        if declared in spec.initials:
            what = EVERYWHERE
        for called in _called(function):
            reach.setdefault(f"{Path(called.place.split(':')[0]).stem}.{called.name}", set()).add(what)
    return {name: sorted(found) for name, found in reach.items()}


def functions_of_boxes(spec: Any) -> set[str]:
    """The functions that some box evaluates, by module and name; the initial functions are no boxes."""
    return {name for name, found in reach_of(spec).items()
            if any(f != EVERYWHERE and not f.startswith("property ") for f in found)}


def _called(function: tree.Function) -> Iterable[tree.Function]:
    yield function
    for node in tree.nodes(function):
        if isinstance(node, tree.Call):
            yield from _called(node.function)


def killers(base: dict[str, Any]) -> list[Killer]:
    """Everything that a property must catch: faults, scenarios that expect a violation, kept mutants of the model."""
    out = [Killer(f"fault {f['id']}", (), ((f["switch"], f["value"]),), f["scenario"], f["property"]) for f in faults()]
    out += [Killer(f"scenario {n}", (), (), n, row["expect"]) for n, row in base["scenarios"].items() if row["expect"] != "holds"]
    out += [Killer(f"kept mutant {m.edit.module}.{m.edit.function}", (m.edit,), m.settings, m.scenario, m.told)
            for m in kept() if m.told and m.scenario]
    return [k for k in out if states()[k.scenario] <= LARGEST]


# --- judging ------------------------------------------------------------------------------------------------------


def _told(how: str, where: str, detail: str = "") -> dict[str, str]:
    return {"told": how, "where": where, "detail": detail}


def judge_model(base: dict[str, Any], edits: list[Edit]) -> dict[str, str]:
    """What tells a change of the model."""
    boxes = {b for e in edits for b in base["reach"].get(f"{e.module}.{e.function}", [])}
    everywhere = any(b == EVERYWHERE or b.startswith("property ") for b in boxes)
    touched = [n for n, row in base["scenarios"].items() if everywhere or boxes & set(row["executed"])]
    if not touched:
        return _told("nothing", "", "no scenario executes it")
    with tempfile.TemporaryDirectory(prefix="snapproof-mutants-") as folder:
        loaded = load(copied(Path(folder)), edits)
        if isinstance(loaded, str):
            return _told("refused", "", loaded)
        told = _judged(base, loaded, _cheapest_first(base, touched))
        return _departed(base, loaded) or told if told["told"] in ("nothing", "count", "box never executed") else told


def _departed(base: dict[str, Any], loaded: Loaded) -> dict[str, str] | None:
    """A fault that does something else now: the change stands behind its switch."""
    for name, settings, before in base["departures"]:
        row = base["scenarios"][name]
        found = loaded.run(loaded.scenario(name, settings), Limits(memory=MEMORY, states=MOST * row["distinct"] + 20_000)).found
        if found not in (before, "limit"):
            return _told("fault", f"{name}, {', '.join(f'{k} = {v}' for k, v in settings.items())}", found)
    return None


def _judged(base: dict[str, Any], loaded: Loaded, names: list[str]) -> dict[str, str]:
    executed: set[str] = set()
    changed = ""
    for name in names:
        row = base["scenarios"][name]
        outcome = loaded.run(loaded.scenario(name), Limits(memory=MEMORY, states=MOST * row["distinct"] + 20_000))
        if outcome.found not in (row["found"], "limit"):
            kind = outcome.found.split()[0]
            how = kind if kind in ("range", "deadlock", "stuck", "witness") else "property"
            return _told(how if outcome.found != "holds" else "expectation", name, outcome.found)
        executed |= set(outcome.executed)
        if (outcome.distinct, outcome.generated) != (row["distinct"], row["generated"]):
            changed = changed or name
    lost = {b for n in names for b in base["scenarios"][n]["executed"]} - executed
    if lost:
        return _told("box never executed", "", ", ".join(sorted(lost)))
    return _told("count", changed) if changed else _told("nothing", "")


def _cheapest_first(base: dict[str, Any], names: list[str]) -> list[str]:
    """Scenarios of one size behind each other, since they share what is compiled; the size that most have comes first."""
    shapes = [base["scenarios"][n]["shape"] for n in names]
    return sorted(names, key=lambda n: (states()[n] > 30_000, -shapes.count(base["scenarios"][n]["shape"]),
                                        base["scenarios"][n]["shape"], states()[n]))


def judge_property(base: dict[str, Any], catchers: list[Killer], edits: list[Edit]) -> dict[str, str]:
    """What notices a change of a property: something it must catch and does not, or a scenario that holds no more."""
    watched = {w.split()[1] for e in edits for w in _watching(base, e)}
    own = sorted((k for k in catchers if k.property in watched), key=lambda k: (len(k.edits), states()[k.scenario]))
    with tempfile.TemporaryDirectory(prefix="snapproof-mutants-") as folder:
        loaded = load(copied(Path(folder) / "plain"), edits)
        if isinstance(loaded, str):
            return _told("refused", "", loaded)
        for name in sorted(watched):
            if shown := by_hand.told(loaded, loaded.spec.properties[name], name):
                return _told("by hand", "", shown)
        for killer in [k for k in own if not k.edits]:
            found = loaded.run(loaded.scenario(killer.scenario, dict(killer.settings))).found
            if found != killer.property:
                return _told("not caught", killer.name, found)
        for name in _cheapest_first(base, [n for n, r in base["scenarios"].items() if r["distinct"] <= FOR_PROPERTIES]):
            found = loaded.run(loaded.scenario(name)).found
            if found != base["scenarios"][name]["found"]:
                return _told("false alarm", name, found)
        for i, killer in enumerate(k for k in own if k.edits):
            again = load(copied(Path(folder) / str(i)), [*edits, *killer.edits])
            assert isinstance(again, Loaded), again
            found = again.run(again.scenario(killer.scenario, dict(killer.settings))).found
            if found != killer.property:
                return _told("not caught", killer.name, found)
    return _told("nothing", "", "" if own else "nothing departs so that it must be caught")


def _watching(base: dict[str, Any], edit: Edit) -> list[str]:
    """The properties that evaluate a function; those of a list of boxes are all of its module."""
    module = edit.module.removeprefix("invariants.")
    names = [f"{module}.{edit.function}"] if f"{module}.{edit.function}" in base["reach"] else [
        n for n in base["reach"] if n.startswith(f"{module}.")]
    return sorted({w for n in names for w in base["reach"][n] if w.startswith("property ")})


__all__ = ["Kept", "Killer", "baseline", "judge_model", "judge_property", "kept", "killers"]
