"""A question about states as a property: for a search that finds a reachable one, and for replaying the way to it."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from ..spec import tree
from ..spec.errors import EvaluationError, SnapproofError, cut
from ..spec.evaluator import Evaluator
from ..spec.instance import Instance
from ..spec.machine import Machine
from ..spec.properties import Property
from .circuit import Truth
from .execute import Executor, Frame
from .expressions import parse_expression
from .property_expressions import holds_everywhere
from .state import SymbolicState
from .terms import MOST_SHIFT

QUESTION = "query"
"""The id of the property."""

PLACE = "the expression"
"""Where it stands, for messages."""

ASKED = "a state in which "
"""What a trace of it expects, in front of the expression."""


def holds_in(instance: Instance, function: tree.Function, state: SymbolicState) -> tuple[Truth, Truth]:
    """(the value of a function of a state, does its evaluation go wrong)."""
    executor = Executor(state, None)
    value = state.terms.truth(executor.call(function, Frame(states={"s": state})))
    return value, executor.errors


class Asked(Property):
    """A property that stands in no file."""

    place = PLACE


def as_property(instance: Instance, text: str, given: Sequence[Property] = ()) -> tuple[Instance, Property]:
    """The expression, where all that is given holds, as an invariant that it never holds.

    The property belongs to a copy of the instance and its specification, which is returned with it, and is the only one
    there; the given ones stay as they are.  Nobody vouches for it: local boxes are joined only where it cannot tell.
    """
    instance = copy.copy(instance)
    instance.spec = copy.copy(instance.spec)
    instance.spec.joins = False
    asked = tree.Call(parse_expression(instance, text), (tree.Name("s"), tree.Name("c")))
    whole = tree.Logic("and", (*(holds_everywhere(instance, p) for p in given), asked)) if given else asked
    never = tree.Function(QUESTION, "expression:1 query", ["s", "c"], asked.function.roles, asked.function.hints, bool,
                          (tree.Return(tree.Unary("not", whole), 1),))
    machine = Machine(instance, [])
    words = " and ".join([f"({text.strip()})", *(p.id for p in given)]) if given else text.strip()

    def never_holds(s: object, c: object) -> bool:
        """The state that was asked for is not reachable."""
        machine.thaw(tuple(s._cells))  # type: ignore[attr-defined]
        try:
            return bool(Evaluator(machine, MOST_SHIFT).call(never, [machine.state, machine.scope]))
        except (SnapproofError, ArithmeticError, ValueError, LookupError):
            raise EvaluationError(cut(words), "in a state that is reached, an index or a number leaves its range, or a value "
                                  "of a union is of a case without the field.", "Ask first whether it is inside: n < 2 and table[n] == 1, "
                                  "or for the case: cell.tag == Free and cell.next == L1.") from None

    p = Asked("invariant", QUESTION, "the state asked for is reached", "note", never_holds)
    p.explain(lambda s, c: (f"{ASKED}{words}", "this is one, on a shortest way"))
    instance.spec.trees = {**instance.spec.trees, p: never}
    instance.spec.properties = {p.id: p}
    return instance, p


__all__ = ["ASKED", "QUESTION", "as_property", "holds_in"]
