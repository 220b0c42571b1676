"""Which boxes some commands can come to, and which variables keep their first value behind all of them.

Read from the trees, and so for all programs, sizes and switches: a box that is not here is executed by nobody who has only
these commands, and a variable that is here never changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from . import tree
from .domains import Sizes
from .figures import Exit, FigureCall
from .processes import DONE, Command, Process, Step
from .routes import Target
from .specification import Specification


def reached(spec: Specification, kind: type[Process], commands: Collection[Command]) -> set[Step]:
    """The boxes of a kind that processes come to which carry out these commands only.

    A figure is left to those only by whom it was entered on the way.
    """
    boxes, calls = {spec.steps[kind.__name__][0]}, set[FigureCall]()
    first = {c.first for c in commands if issubclass(kind, c.owner)}
    while True:
        found, made = set(boxes), set(calls)
        for box in boxes:
            targets = spec.returns(box) if box in spec.trees else first
            steps, entered = _through(targets, calls)
            found |= steps
            made |= entered
        if found == boxes and made == calls:
            return boxes
        boxes, calls = found, made


def _through(targets: Iterable[Target], calls: set[FigureCall]) -> tuple[set[Step], set[FigureCall]]:
    """The steps to which targets lead when figures were entered by these calls, and the calls among them."""
    steps, made, pending, met = set[Step](), set[FigureCall](), list(targets), set[Target]()
    while pending:
        target = pending.pop()
        if target in met:
            continue
        met.add(target)
        if isinstance(target, FigureCall):
            made.add(target)
            pending.append(target.first)
        elif isinstance(target, Exit):
            pending += [c.exits.get(target.exit, DONE) for c in calls if c.figure is target.figure]
        elif isinstance(target, Step):
            steps.add(target)
    return steps, made


def unchanged(spec: Specification, boxes: Iterable[Step], sizes: Sizes) -> set[str]:
    """The shared variables that no initial state, no action and none of these boxes gives another value than their first one."""
    first = {v.name: v.start(sizes) for v in spec.state.variables.values()}
    functions = {id(f): f for declared in (*spec.initials, *spec.actions, *boxes) if declared in spec.trees
                 for f in tree.helpers(spec.trees[declared]).values()}
    changed = {n.variable.name for f in functions.values() for n in tree.nodes(f)
               if isinstance(n, tree.Store) and n.value != tree.Const(first[n.variable.name])}
    return set(first) - changed


__all__ = ["reached", "unchanged"]
