"""Questions about states: is there one within the types and some invariants, or a reachable one, where this holds?"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..spec import tree
from ..spec.instance import Cells, Instance
from ..spec.properties import Property
from .circuit import FALSE, TRUE, Truth
from .execute import Executor, Frame
from .expressions import holds_everywhere, parse_expression
from .solver import EXCLUDED, SATISFIED, Z3
from .state import SymbolicState


@dataclass(frozen=True)
class Answer:
    """`found` is a state, or None; `clashing` names the constraints that exclude each other; `unknown` says why not known."""

    found: Cells | None
    clashing: list[str] = field(default_factory=list)
    unknown: str = ""


def holds_in(instance: Instance, function: tree.Function, state: SymbolicState) -> tuple[Truth, Truth]:
    """(the value of a function of a state, does its evaluation go wrong)."""
    executor = Executor(state, None)
    value = state.terms.truth(executor.call(function, Frame(states={"s": state})))
    return value, executor.errors


def query(instance: Instance, text: str, given: Sequence[Property], seconds: float = 60.0) -> Answer:
    """A state of the declared types in which the expression and the given invariants hold.

    Raises ExpressionError; running out of time gives an answer that is `unknown`, never a no.
    """
    state = SymbolicState.free(instance)
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
    found = solver.ask(assumed, seconds)
    if found == SATISFIED:
        return Answer(state.value(solver.assignment()))
    if found == EXCLUDED:
        return Answer(None, [named[literal] for literal in solver.clashing(assumed)] or ["the declared types"])
    return Answer(None, unknown="the time is over")


def _invariant(instance: Instance, p: Property) -> tree.Function:
    call = holds_everywhere(instance, p)
    return call.function


def as_property(instance: Instance, text: str) -> tuple[Instance, Property]:
    """The expression as an invariant that it never holds, for a search that finds a state where it does.

    The property belongs to a copy of the instance and its specification, which is returned with it; the given
    ones stay as they are.
    """
    instance = copy.copy(instance)
    instance.spec = copy.copy(instance.spec)
    instance.spec.joins = False  # nobody has vouched for this question
    instance.spec.trees, instance.spec.properties = dict(instance.spec.trees), dict(instance.spec.properties)
    function = parse_expression(instance, text)
    never = tree.Function("query", "expression:1 query", function.parameters, function.roles, function.hints, bool,
                          (tree.Return(tree.Unary("not", tree.Call(function, (tree.Name("s"), tree.Name("c")))), 1),))

    def never_holds(s: object, c: object) -> bool:
        """The state that was asked for is not reachable."""
        cells = tuple(s._cells)  # type: ignore[attr-defined]
        value, _ = holds_in(instance, never, SymbolicState.known(instance, cells))
        return bool(value)

    p = Property("invariant", "query", "the state asked for is reached", "note", never_holds)
    p.explain(lambda s, c: (f"a state in which {text.strip()}", "this is one, on a shortest way"))
    instance.spec.trees[p] = never
    instance.spec.properties[p.id] = p
    return instance, p
