"""One specification in all three readings: what each says of the same small texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from random_specifications import load

from snapproof.checker import Result, search
from snapproof.checker.compiled import CompiledSearch
from snapproof.spec import SnapproofError
from snapproof.spec.instance import Cells, Instance
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act


def instance_of(text: str, folder: Path, **scenario: Any) -> Instance:
    """The instance of a text that declares SPECIFICATION."""
    return Scenario("s", load(text, folder).SPECIFICATION, **scenario).instance()


def states(instance: Instance, reading: str) -> set[Cells]:
    """Every reachable state, as a reading finds them; no property is checked."""
    if reading == "compiled":
        compiled = CompiledSearch(instance, [], deadlock=False)
        return {compiled.state(i) for i in range(compiled.run().distinct)}
    machine, found = Machine(instance, []), set[Cells]()
    pending = [t.cells for t in machine.initial()]
    while pending:
        cells = pending.pop()
        if cells not in found:
            found.add(cells)
            pending += _symbolic(instance, cells) if reading == "symbolic" else [t.cells for t in machine.successors(cells)]
    return found


def _symbolic(instance: Instance, cells: Cells) -> list[Cells]:
    """The successors of a state by actions without choices."""
    taken = [act(instance, SymbolicState.known(instance, cells), a) for a in instance.spec.actions]
    assert not any(t.errors for t in taken)
    return [tuple(int(c) for c in t.after.flat()) for t in taken if not t.waits]  # type: ignore[arg-type]


def outcomes(instance: Instance, deadlock: bool = True) -> list[Any]:
    """(verdict, broken property, its arguments, states) of the plain and the compiled reading, or the class of the error."""
    out: list[Any] = []
    for reading in ("plain", "compiled"):
        try:
            r: Result = search(instance, list(instance.spec.properties.values()), deadlock=deadlock, reading=reading)  # type: ignore[arg-type]
            broken = r.broken
            out.append((r.verdict.value, broken and broken.property.id, broken and broken.arguments, r.distinct))
        except SnapproofError as error:
            out.append(type(error))
    return out
