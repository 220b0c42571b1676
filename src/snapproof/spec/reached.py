"""Which boxes some commands can come to, and which variables keep their first value behind all of them.

Read from the trees, and so for all programs, sizes and switches: a box that is not here is executed by nobody who has only
these commands, and a variable that is here never changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from . import tree
from .domains import Sizes
from .figures import FigureCall
from .processes import Command, Process, Step
from .specification import Specification


def reached(spec: Specification, kind: type[Process], commands: Collection[Command]) -> set[Step]:
    """The boxes of a kind that processes come to, wherever they begin, which carry out these commands only.

    A figure is left to those only by whom it was entered on the way.
    """
    steps = spec.steps[kind.__name__]
    begin = {n.step for n in _of(spec, spec.initials) if isinstance(n, tree.StartAt) and n.step in steps}
    boxes, calls = {steps[0], *begin}, set[FigureCall]()
    first = {c.first for c in commands if issubclass(kind, c.owner)}
    while True:
        # What a box that takes commands may return, commands say.
        met = spec.routes[kind.__name__].met({t for b in boxes for t in (spec.returns(b) if b in spec.trees else first)}, calls)
        found, made = boxes | {t for t in met if isinstance(t, Step)}, calls | {t for t in met if isinstance(t, FigureCall)}
        if (found, made) == (boxes, calls):
            return boxes
        boxes, calls = found, made


def unchanged(spec: Specification, boxes: Iterable[Step], sizes: Sizes) -> set[str]:
    """The shared variables that no initial state, no action and none of these boxes gives another value than their first one."""
    first = {v.name: v.start(sizes) for v in spec.state.variables.values()}
    changed = {n.variable.name for n in _of(spec, (*spec.initials, *spec.actions, *boxes))
               if isinstance(n, tree.Store) and _constant(n.value) != first[n.variable.name]}
    return set(first) - changed


def _constant(node: tree.Expr) -> int | None:
    """The number that an expression always is, if it is written so: `3`, `-1`, a case of a union without fields; None otherwise."""
    if isinstance(node, tree.Const):
        return node.value
    if isinstance(node, tree.Unary) and node.op == "-":
        operand = _constant(node.operand)
        return None if operand is None else -operand
    if isinstance(node, tree.Call) and not node.arguments and len(node.function.body) == 1:
        only = node.function.body[0]
        return _constant(only.value) if isinstance(only, tree.Return) and only.value is not None else None
    return None


def _of(spec: Specification, declared: Iterable[Any]) -> Iterator[Any]:
    """All that stands in these functions and their helpers."""
    for function in {id(f): f for d in declared if d in spec.trees for f in tree.helpers(spec.trees[d]).values()}.values():
        yield from tree.nodes(function)


__all__ = ["reached", "unchanged"]
