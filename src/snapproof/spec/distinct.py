"""Properties of different processes, or members: those parameters that are of one kind or index set never stand for the same one.

What is asked of one of them twice is answered before the property is: an invariant holds, a witness is not met.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import combinations
from typing import Any

from . import tree
from .chosen import Among
from .demands import demand
from .processes import Process
from .properties import Property


def pairs_of(p: Property) -> list[tuple[int, int]]:
    """The places of parameters that stand for different ones."""
    first, rest = p.states + 1, p.chosen(p.states + 1)
    same = [(i, j) for i, j in combinations(range(len(rest)), 2) if rest[i][1] is rest[j][1] and not issubclass(rest[i][1], Among)]
    return [(first + i, first + j) for i, j in same]


def apart(p: Property, function: tree.Function) -> tree.Function:
    """The tree of the property with that question in front; in the plain reading it asks the same."""
    pairs = pairs_of(p)
    demand(pairs != [], p.place, "distinct=True, and no two of its parameters are of one kind of process or index set.",
           "Write def p(s, c, p: Node, q: Node) for two different nodes, or leave distinct=True out.")
    p.evaluated = _asked(p.function, pairs, p.kind != "witness")
    names = function.parameters
    equal = tuple(tree.Compare("==", _which(function, names[i]), _which(function, names[j])) for i, j in pairs)
    test: tree.Expr = equal[0] if len(equal) == 1 else tree.Logic("or", equal)
    out = copy.copy(function)
    out.body = (tree.If(test, (tree.Return(tree.Const(int(p.kind != "witness")), p.line),), (), p.line), *function.body)
    return out


def _which(function: tree.Function, name: str) -> tree.Expr:
    return tree.Number(tree.Name(name), "id") if function.roles[name] == "handle" else tree.Name(name)


def _asked(function: Callable[..., Any], pairs: list[tuple[int, int]], otherwise: bool) -> Callable[..., Any]:
    def asked(*arguments: Any) -> Any:
        which = [a.id if isinstance(a, Process) else a for a in arguments]
        return otherwise if any(which[i] == which[j] for i, j in pairs) else function(*arguments)
    return asked


__all__ = ["apart", "pairs_of"]
