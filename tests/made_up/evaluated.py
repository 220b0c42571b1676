"""The evaluator of the tree gives what Python gives: the same value, the same state behind it, and an error where that has one."""

from __future__ import annotations

from typing import Any

from made_up.readings import Disagreement
from snapproof.spec.errors import EvaluationError, SnapproofError
from snapproof.spec.evaluator import Evaluator
from snapproof.spec.instance import Cells
from snapproof.spec.machine import Machine
from snapproof.spec.processes import Declared


def same_as_python(machine: Machine, declared: Declared, cells: Cells, arguments: list[Any]) -> None:
    """Hold one box, action or property in one state; `arguments` are its parameters, states first."""
    machine.thaw(cells)
    try:
        plain = (machine._call(declared, *arguments), tuple(machine.state._cells))
    except EvaluationError:
        plain = None
    machine.thaw(cells)
    try:
        found = (Evaluator(machine).call(machine.spec.trees[declared], arguments), tuple(machine.state._cells))
    except (SnapproofError, ArithmeticError, ValueError, TypeError, AttributeError, LookupError):
        found = None
    machine.thaw(cells)
    if plain != found:
        raise Disagreement("the evaluator is not Python", f"{declared.place} in {machine.instance.show(cells)}: {plain}, not {found}")
