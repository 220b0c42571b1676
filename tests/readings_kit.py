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

READINGS = ["plain", "compiled", "symbolic"]


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


def filled(head: str, statements: list[str], setup: str = "") -> str:
    """A text in which every statement stands once, for each initial state; `{n}` in it is its number."""
    numbered = [setup.replace("{n}", "-1"), *(s.replace("{n}", str(n)) for n, s in enumerate(statements))]
    lines = [f"    {line}" for s in numbered if s for line in s.split("\n")]
    return head.replace("{count}", str(len(statements))).replace("{lines}", "\n".join(lines))


def assert_readings_agree(text: str, folder: Path, count: int) -> None:
    """All three readings reach the same states, so many as said."""
    found = {reading: states(instance_of(text, folder), reading) for reading in READINGS}
    assert len(found["plain"]) == count
    show = instance_of(text, folder).show
    right = [show(cells) for cells in found["plain"]]
    for reading in READINGS[1:]:
        wrong = [min((_different(show(cells), other) for other in right), key=len) for cells in found[reading] - found["plain"]]
        assert found[reading] == found["plain"], f"{reading}: {wrong[:3]}"


def _different(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The variables that differ, of a table the cells: `r[3]` is what the statement with this number has written."""
    cells = [(f"{name}[{i}]", a, b) for name in one if isinstance(one[name], list)
             for i, (a, b) in enumerate(zip(one[name], other[name], strict=True))]
    return [n for n, a, b in [*cells, *((n, one[n], other[n]) for n in one if not isinstance(one[n], list))] if a != b]


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
