"""The evaluator of the tree gives what Python gives: the same value, the same state behind it, and an error where that has one."""

from __future__ import annotations

from typing import Any

from made_up.readings import Disagreement
from snapproof.spec.domains import Domain
from snapproof.spec.errors import EvaluationError, SnapproofError
from snapproof.spec.evaluator import Evaluator
from snapproof.spec.instance import Cells
from snapproof.spec.machine import Machine
from snapproof.spec.processes import Declared


def _numbers(machine: Machine, declared: Declared, arguments: list[Any]) -> list[Any]:
    """The same, with the number of each set or table that is chosen: trees know nothing else."""
    hints = [declared.hints.get(name) for name in declared.parameters]
    return [hint.encode(a, machine.instance.sizes) if isinstance(hint, Domain) and hint.structured else a
            for hint, a in zip(hints, arguments, strict=True)]


def same_as_python(machine: Machine, declared: Declared, cells: Cells, arguments: list[Any]) -> None:
    """Hold one box, action or property in one state; `arguments` are its parameters, states first."""
    machine.thaw(cells)
    try:
        plain = (machine._call(declared, *arguments), tuple(machine.state._cells))
    except EvaluationError:
        plain = None
    machine.thaw(cells)
    try:
        found = (Evaluator(machine).call(machine.spec.trees[declared], _numbers(machine, declared, arguments)), tuple(machine.state._cells))
    except (SnapproofError, ArithmeticError, ValueError, TypeError, AttributeError, LookupError):
        found = None
    machine.thaw(cells)
    if plain != found:
        raise Disagreement("the evaluator is not Python", f"{declared.place} in {machine.instance.show(cells)}: {plain}, not {found}")
