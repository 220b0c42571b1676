"""Faults of a model, one switch each: which there are, and whether each is caught by the property that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..exit_codes import ExitCode
from ..spec.errors import cut, near
from ..spec.mistakes import Mistakes
from ..spec.scenario import LARGEST_FILE, Scenario
from ..spec.specification import Specification
from ..spec.toml_file import read_toml
from .jobs import Outcome


@dataclass(frozen=True)
class Fault:
    """One switch away from a scenario that holds, and the property that must catch it (or "deadlock", "stuck")."""

    id: str
    switch: str
    value: str
    scenario: str
    property: str
    meaning: str


def load_faults(folder: Path, spec: Specification) -> list[Fault]:
    """The faults of the model in its folder; ScenarioError tells all entries that do not fit."""
    place = "faults.toml"
    data = read_toml(folder / place, LARGEST_FILE, "The file of the model, as it was installed,")
    found = Mistakes(place)
    listed = data.pop("fault", [])
    if not found.demand(isinstance(listed, list), f"{place}, fault", "it is not a list.", "Write [[fault]] once for each fault."):
        listed = []
    for key in data:
        found.add(f"{place}, {cut(key)}", "there is no such key.", "Write [[fault]] once for each fault.")
    out: list[Fault] = []
    for i, entry in enumerate(listed):
        where = f"{place}, fault {entry.get('id', i + 1) if isinstance(entry, dict) else i + 1}"
        keys = set(Fault.__dataclass_fields__)
        if not isinstance(entry, dict) or set(entry) != keys or not all(isinstance(v, str) for v in entry.values()):
            found.add(where, "its keys do not fit.", f"Give {', '.join(Fault.__dataclass_fields__)}, all strings.")
            continue
        fault = Fault(**entry)
        found.demand(fault.id not in {f.id for f in out}, where, "its id is used twice.", "Give each fault an id of its own.")
        _fits(fault, spec, where, found)
        out.append(fault)
    found.refuse()
    return out


def _fits(fault: Fault, spec: Specification, where: str, found: Mistakes) -> None:
    """Are there its switch, its value, and its property?"""
    if fault.switch not in spec.scope.switches:
        found.add(where, f"there is no switch {fault.switch!r}.", near(fault.switch, list(spec.scope.switches)))
    else:
        with found.noting():
            spec.scope.switches[fault.switch].parse(fault.value, where)
    if fault.property not in ("deadlock", "stuck") and fault.property not in spec.properties:
        found.add(where, f"there is no property {fault.property!r}.", near(fault.property, list(spec.properties)))


def with_fault(scenario: Scenario, fault: Fault) -> Scenario:
    """The scenario with the fault's switch set."""
    return replace(scenario.changed({fault.switch: fault.value}), place=f"fault {fault.id}")


def chosen(faults: list[Fault], ids: Sequence[str]) -> list[Fault]:
    """The faults with these ids (all, if none is given); ScenarioError when there are none of these ids."""
    known, found = [f.id for f in faults], Mistakes("faults")
    for id in ids:
        if id not in known:
            found.add(id, "there is no such fault.", near(id, known))
    found.refuse()
    return [f for f in faults if not ids or f.id in ids]


def refuse_expecting(faults: list[Fault], bases: dict[str, Scenario]) -> None:
    """ScenarioError when faults start from scenarios that do not hold."""
    found = Mistakes("faults.toml")
    for f in faults:
        found.demand(bases[f.scenario].expect == "holds", f"faults.toml, fault {f.id}",
                     f"its scenario {f.scenario} is not expected to hold.", "A fault starts from a scenario that holds.")
    found.refuse()


# --- what came out -----------------------------------------------------------------------------------


def ready_rows(told: dict[int, Outcome], faults: list[Fault], bases: list[str], done: int) -> Iterator[dict[str, Any]]:
    """The rows that can be told now, in order: the fault and its scenario have both been searched."""
    for fault, i in zip(faults[done:], range(len(bases) + done, len(bases) + len(faults)), strict=True):
        base = bases.index(fault.scenario)
        if i not in told or base not in told:
            return
        yield row_of(fault, told[base], told[i])


def row_of(fault: Fault, base: Outcome, outcome: Outcome) -> dict[str, Any]:
    """One fault as data: what it is, what caught it, and whether that is right."""
    caught = outcome["verdict"] if outcome["verdict"] in ("deadlock", "stuck") else outcome.get("property")
    reason, code = "", ExitCode.SUCCESS
    if "error" in base:
        reason, code = base["error"], base["exit_code"]
    elif not base["as_expected"]:
        reason = f"its scenario {fault.scenario} does not hold without it ({base['line']})"
        code = base["exit_code"] or ExitCode.SURVIVED
    elif "error" in outcome:
        reason, code = outcome["error"], outcome["exit_code"]
    elif outcome["verdict"] == "incomplete":
        reason = f"not decided: {outcome['line']}"
        code = ExitCode.INTERRUPTED if outcome.get("reason") == "interrupted" else ExitCode.INCOMPLETE
    elif caught is None:
        reason, code = "it survives: nothing is violated", ExitCode.SURVIVED
    elif caught != fault.property:
        reason, code = f"it is caught by {caught}, not by {fault.property}", ExitCode.SURVIVED
    elif outcome.get("trace_error"):
        reason, code = f"its counterexample was not written: {outcome['trace_error']}", ExitCode.SYSTEM_REFUSES
    return {"id": fault.id, "switch": fault.switch, "value": fault.value, "scenario": fault.scenario, "property": fault.property,
            "meaning": fault.meaning, "ok": not reason, "exit_code": code, "reason": reason, "caught_by": caught,
            "steps": outcome.get("steps"), "distinct": outcome.get("distinct"), "seconds": outcome.get("seconds"),
            "seen": outcome.get("seen"), "trace": outcome.get("trace")}


def exit_code(rows: list[dict[str, Any]]) -> int:
    """Of the first fault that is not caught as it should be."""
    return next((int(r["exit_code"]) for r in rows if not r["ok"]), ExitCode.SUCCESS)
