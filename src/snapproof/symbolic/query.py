"""Questions about states: is there one within the types and some invariants where this holds?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..spec import tree
from ..spec.instance import Cells, Instance
from ..spec.properties import Property
from .circuit import FALSE, TRUE, OutOfTime, Truth
from .expressions import parse_expression
from .property_expressions import holds_everywhere
from .question import holds_in
from .solver import EXCLUDED, SATISFIED, Z3
from .state import SymbolicState


@dataclass(frozen=True)
class Answer:
    """`found` is a state, or None; `clashing` names the constraints that exclude each other; `unknown` says why not known."""

    found: Cells | None
    clashing: list[str] = field(default_factory=list)
    unknown: str = ""


def query(instance: Instance, text: str, given: Sequence[Property], seconds: float = 60.0) -> Answer:
    """A state of the declared types in which the expression and the given invariants hold.

    Raises ExpressionError; running out of time gives an answer that is `unknown`, never a no.
    """
    end = time.monotonic() + seconds
    try:
        return _answer(instance, text, given, end)
    except OutOfTime:
        return Answer(None, unknown="the time is over")


def _answer(instance: Instance, text: str, given: Sequence[Property], end: float) -> Answer:
    state = SymbolicState.free(instance)
    state.terms.end = end
    named: dict[Truth, str] = {}

    def require(condition: Truth, name: str) -> None:
        named.setdefault(condition, name)

    wanted, wrong = holds_in(instance, parse_expression(instance, text), state)
    require(wanted, f"the expression {text.strip()}")
    require(wrong ^ 1, "the expression stays inside its index sets")
    for p in given:
        value, errors = holds_in(instance, _invariant(instance, p), state)
        require(value, f"{p.id} {p.title}")
        require(errors ^ 1, f"{p.id} stays inside its index sets")
    solver = Z3(state.terms)
    solver.add([state.within_types()])
    if FALSE in named:
        return Answer(None, [named[FALSE]])
    assumed = [literal for literal in named if literal != TRUE]
    found = solver.ask(assumed, end - time.monotonic())
    if found == SATISFIED:
        return Answer(state.value(solver.assignment()))
    if found == EXCLUDED:
        return Answer(None, [named[literal] for literal in solver.clashing(assumed)] or ["the declared types"])
    return Answer(None, unknown="the time is over")


def _invariant(instance: Instance, p: Property) -> tree.Function:
    call = holds_everywhere(instance, p)
    return call.function


__all__ = ["Answer", "query"]
