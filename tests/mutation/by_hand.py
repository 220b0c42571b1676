"""States and steps made by hand, of which it is known whether a property holds: what no search of the suite meets.

An excuse says of what track, device or session it speaks.  That it excuses another one as well is seen only where the right one is
broken while somebody is at work elsewhere; so that is written down (`states.toml`), each entry with what it shows.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from snapproof.spec.errors import SnapproofError
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Machine

STATES = Path(__file__).with_name("states.toml")


@dataclass(frozen=True)
class Made:
    """The first state of a scenario with other values in some cells; of a step also what it changes, and who takes it."""

    name: str
    property: str
    scenario: str
    holds: bool
    cells: dict[str, Any]
    then: dict[str, Any] = field(default_factory=dict)
    process: str = ""
    switches: dict[str, str] = field(default_factory=dict)


@cache
def made() -> list[Made]:
    """The list."""
    return [Made(e["shows"], e["property"], e["scenario"], e.get("holds", False), e["cells"], e.get("then", {}), e.get("process", ""),
                 e.get("switches", {}))
            for e in tomllib.loads(STATES.read_text("utf-8"))["state"]]


def holds(loaded: Any, it: Made, p: Any) -> bool:
    """Does the property, or what became of it, hold of this state, or step?"""
    instance = loaded.scenario(it.scenario, it.switches).instance()
    machine = Machine(instance)
    first = next(t.cells for t in machine.initial())
    before = _with(instance, first, it.cells)
    if p.kind == "invariant":
        return machine.check(p, before) is None
    process = [instance.process_name(i) for i in range(len(instance.processes))].index(it.process)
    machine.thaw(before)
    box = machine.step_at(machine.handles[process])
    assert box in p.steps, f"{it.name}: {p.id} is not asked behind {box.name}"
    machine.before._cells[:] = before
    machine.thaw(_with(instance, before, it.then))
    return machine._watched([p], process, box) is None


def _with(instance: Instance, cells: tuple[int, ...], values: dict[str, Any]) -> tuple[int, ...]:
    """A state with other values in some cells: `session_byte[S1,k2]`, `HA1.step`."""
    shown = instance.show(cells)
    for name, value in values.items():
        found = re.fullmatch(r"(\w+)(?:\[(.+)\]|\.(\w+))?", name)
        assert found, name
        variable, indices, local = found.groups()
        if local:
            assert local in shown[variable], name
            shown[variable][local] = value
        elif indices:
            row: Any = shown
            last: Any = variable
            for of, member in zip(instance.slots["", variable].indices, indices.split(","), strict=True):
                row, last = row[last], [of.member(i) for i in range(of.count(instance.sizes))].index(member)
            row[last] = value
        else:
            shown[variable] = value
    return instance.read(shown)


def told(loaded: Any, p: Any, name: str) -> str:
    """The first of the list of which this property, of that name, says something else than it must, or has no value; or ""."""
    return next((it.name for it in made() if it.property == name and not _right(loaded, it, p)), "")


def _right(loaded: Any, it: Made, p: Any) -> bool:
    try:
        return holds(loaded, it, p) == it.holds
    except SnapproofError:
        return False


__all__ = ["Made", "holds", "made", "told"]
