"""Is a counterexample to induction more than an idea?  A transition property that only a reachable one violates."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from ..spec import tree
from ..spec.instance import Instance
from ..spec.machine import Machine
from ..spec.processes import Action, Step
from ..spec.properties import Property
from .property_expressions import holds_everywhere

PLACE = "prove:1 kept"


class _Kept(Property):
    """A property that stands in no file."""

    place = "--reachable"


def kept_by(instance: Instance, goal: Property, assumed: Sequence[Property], step: Step | Action) -> tuple[Instance, Property]:
    """A transition property: where the goal and all that is assumed hold before the box, the goal holds behind it.

    A search violates it exactly at a counterexample to induction for this box whose first state is reachable.  It
    belongs to a copy of the instance, which is returned with it: there each box is a transition of its own, so that
    the last two states of the search's counterexample are the two states of the induction, and no other property is
    compiled.
    """
    instance = copy.copy(instance)
    instance.fuse = False
    instance.spec = copy.copy(instance.spec)
    wanted = list(dict.fromkeys([goal, *assumed]))
    p = _Kept("transition", "kept", goal.violation, goal.severity, _plain(instance, goal, wanted), [step])
    instance.spec.trees = {**instance.spec.trees, p: _tree(instance, goal, wanted)}
    instance.spec.properties = {p.id: p}
    return instance, p


def _tree(instance: Instance, goal: Property, assumed: Sequence[Property]) -> tree.Function:
    def holds(p: Property, state: str) -> tree.Call:
        return tree.Call(holds_everywhere(instance, p).function, (tree.Name(state), tree.Name("c")))

    body: list[Any] = [tree.If(tree.Unary("not", holds(p, "before")), (tree.Return(tree.Const(1), 1),), (), 1) for p in assumed]
    body.append(tree.Return(holds(goal, "after"), 1))
    state = instance.spec.state
    return tree.Function("kept", PLACE, ["before", "after", "c"], {"before": "state", "after": "state", "c": "scope"},
                         {"before": state, "after": state, "c": instance.spec.scope}, bool, tuple(body))


def _plain(instance: Instance, goal: Property, assumed: Sequence[Property]) -> Any:
    """The same for the plain reading: a machine of its own looks at the two states."""
    machine = Machine(instance, [])

    def kept(before: Any, after: Any, c: object) -> bool:
        """What holds before the box holds behind it."""
        old, new = tuple(before._cells), tuple(after._cells)
        # The cheap question first: hardly any box breaks the goal.
        return machine.check(goal, new) is None or any(machine.check(p, old) is not None for p in assumed)

    return kept


__all__ = ["kept_by"]
