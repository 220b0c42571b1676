"""Properties in expressions over states: each for all values of its parameters."""

from __future__ import annotations

from typing import Any

from ..spec import tree
from ..spec.instance import Instance
from ..spec.processes import Process
from ..spec.properties import Property


def function(name: str, instance: Instance, body: tuple[Any, ...]) -> tree.Function:
    """A function of a state with this body."""
    return tree.Function(name, "expression:1 query", ["s", "c"], {"s": "state", "c": "scope"},
                         {"s": instance.spec.state, "c": instance.spec.scope}, bool, body)


def holds_everywhere(instance: Instance, p: Property) -> tree.Call:
    """A property for all values of its parameters, as a call."""
    body: tuple[Any, ...] = (tree.If(tree.Unary("not", _call(instance, p)), (tree.Return(tree.Const(0), 1),), (), 1),)
    for name, of in reversed(p.chosen(2)):
        kind, each = of if issubclass(of, Process) else None, instance.scope.each(of)
        body = (tree.For(name, tree.Const(each.start), tree.Const(each.stop), body, kind, 1, "s" if kind else ""),)
    everywhere = function(f"all_{p.name}", instance, (*body, tree.Return(tree.Const(1), 1)))
    return tree.Call(everywhere, (tree.Name("s"), tree.Name("c")))


def _call(instance: Instance, p: Property) -> tree.Call:
    inner = instance.spec.trees[p]
    names = iter([n for n, _ in p.chosen(2)])
    arguments = []
    for parameter in inner.parameters:
        role = inner.roles[parameter]
        arguments.append(tree.Name({"state": "s", "scope": "c"}.get(role) or next(names)))
    return tree.Call(inner, tuple(arguments))
