"""Which values are truth values: always 0 or 1.

`-> bool` promises that; the compiled reading relies on the promise, so it is checked when a function has been read.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from . import tree, walks
from .domains import Flag


def always(node: Any, names: Collection[str] = ()) -> bool:
    """Is the value of this expression always 0 or 1?  `names` are those of which it is known."""
    if isinstance(node, tree.Const):
        return node.value in (0, 1)
    if isinstance(node, tree.Name):
        return node.name in names
    if isinstance(node, tree.Load):
        return isinstance(node.variable.domain, Flag)
    if isinstance(node, (tree.Field, tree.ArgumentValue, tree.SwitchValue)):
        return node.flag
    if isinstance(node, tree.Choose):
        return always(node.then, names) and always(node.otherwise, names)
    if isinstance(node, tree.Either):
        return all(always(i, names) for i in node.items)
    if isinstance(node, tree.Binary):
        return node.op in ("&", "|", "^", "min", "max") and always(node.left, names) and always(node.right, names)
    if isinstance(node, tree.Call):
        return node.function.returns is bool
    return isinstance(node, (tree.Compare, tree.Logic, tree.At, tree.Inside)) or (isinstance(node, tree.Unary) and node.op == "not")


def true_names(function: tree.Function) -> set[str]:
    """The names of a function that only ever hold truth values."""
    names = set(function.locals) - set(function.parameters) | {p for p in function.parameters if function.hints.get(p) is bool}
    statements = list(walks.statements(function))
    names -= {n.name for n in statements if isinstance(n, tree.For)}
    while True:
        wrong = {n.name for n in statements if isinstance(n, tree.Assign) and not always(n.value, names)}
        if not wrong & names:
            return names
        names -= wrong


def broken_promise(function: tree.Function) -> tuple[int, str] | None:
    """The line of a statement that gives a number where `bool` was promised, and what is wrong with it; None when all is well."""
    names = true_names(function)
    for node in walks.statements(function):
        if isinstance(node, tree.Return) and function.returns is bool and node.value is not None and not always(node.value, names):
            return node.line, f"{function.name} says -> bool and returns a number"
        for call in (n for n in walks.own(node) if isinstance(n, tree.Call)):
            if call.function.inner:
                broken = _inside(call, names)
                if broken is not None:
                    return broken
            for parameter, argument in zip(call.function.parameters, call.arguments, strict=True):
                if call.function.hints.get(parameter) is bool and not always(argument, names):
                    return node.line, f"{call.function.name} takes {parameter} as bool and is given a number"
    return None


def _inside(call: tree.Call, names: set[str]) -> tuple[int, str] | None:
    """The same for an expression that is read as a helper: what it is passed are names of the function around it."""
    function = call.function
    function.hints |= {p: bool for p, a in zip(function.parameters, call.arguments, strict=True) if function.roles[p] == "int" and
                       isinstance(a, tree.Name) and a.name in names}
    return broken_promise(function)
