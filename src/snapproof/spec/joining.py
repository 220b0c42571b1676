"""Can a property tell whether a local box has run?  Then local boxes must not be joined with the box before them.

A search that joins them has no state in which a process stands at a local box (decision 0003).  That loses nothing
exactly if, whenever a property is broken (or a witness met) in such a state, it is so in the state behind the box,
too: all else is equal there.  The two states differ in where the process stands, and in what the box writes.  So a
property can tell when it reads something that the box writes, or asks `at(…)` in a way that the box may make false:
`at(…)` that helps to break the property must stay true behind the box, and one that hinders it must stay false.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Union

from . import tree
from .constraints import Constraint
from .processes import DONE, Process, Step
from .properties import Property
from .specification import Specification

HELPS, HINDERS = 1, -1
"""What an expression that is true does to the one that is asked about."""

Asking = Union[Property, Constraint]

POSITION = ("step", "command", "position")


def can_tell(spec: Specification, properties: Iterable[Asking]) -> bool:
    """Can one of these properties tell whether a local box has run?"""
    boxes = [(kind, box) for kind in spec.kinds for box in spec.steps[kind.__name__] if box.local]
    seen = [looks(spec, p) for p in properties] if boxes else []
    return any(look.tells(spec, kind, box) for look in seen for kind, box in boxes)


def looks_away(spec: Specification, properties: Iterable[Asking]) -> bool:
    """Does an invariant or witness ask only for local boxes somewhere?  Where they are joined, that is never so.

    No box at all is asked for where the figure of `inside(…)` is another kind's.
    """
    seen = [looks(spec, p) for p in properties if p.kind != "transition"]
    return any(steps and all(s.local for s in steps) for look in seen for steps, _ in look.asked)


def must_separate(spec: Specification, properties: Iterable[Asking]) -> bool:
    """Must a search for these properties give every local box a transition of its own?

    Where a specification vouches for joining (`Specification.joins`), only a question that could have no answer asks for it.
    """
    chosen = list(properties)
    return looks_away(spec, chosen) if spec.joins else can_tell(spec, chosen)


class Looks:
    """What a property looks at: `asked` are the steps of each at(…) and what its truth does, `locals` the names read.

    `elsewhere`: it watches local boxes and looks at more than the process that moves, which others may change in between.
    """

    def __init__(self) -> None:
        self.asked: set[tuple[frozenset[Step], int]] = set()
        self.locals: set[str] = set()
        self.elsewhere: frozenset[Step] = frozenset()

    def tells(self, spec: Specification, kind: type[Process], box: Step) -> bool:
        """May the answer be another one behind this box?"""
        behind = [spec.steps[kind.__name__][0] if t is DONE else t for t in spec.leads(kind, box)]
        if box in self.elsewhere or self.locals & written(spec, kind, box):
            return True
        return any((box in steps, target in steps) == ((True, False) if sign is HELPS else (False, True))
                   for steps, sign in self.asked for target in behind)


def written(spec: Specification, kind: type[Process], box: Step) -> set[str]:
    """The locals that a box may change; all of them, and the command, when it may end the command."""
    names = {n.name for f in tree.helpers(spec.trees[box]).values() for n in tree.nodes(f) if isinstance(n, tree.StoreField)}
    ends = {*POSITION, *kind.variables, *kind.arguments} if DONE in spec.leads(kind, box) else set()
    return names | ends | spec.routes[kind.__name__].writes(spec.returns(box)) | {"step"}


def looks(spec: Specification, p: Asking) -> Looks:
    """What a property looks at, for the question whether it is broken (met, for a witness; which of both, for a constraint)."""
    out = Looks()
    function = spec.trees[p]
    _function(out, function, {"witness": (HELPS,), "constraint": BOTH}.get(p.kind, (HINDERS,)), set())
    every = [n for f in tree.helpers(function).values() for n in tree.nodes(f)]
    out.locals = {n.name for n in every if isinstance(n, (tree.Field, tree.ArgumentValue))}
    for figure, boxes in {(n.figure, n.callers) for n in every if isinstance(n, tree.Inside)}:
        for routes in spec.routes.values():
            for steps, callers in routes.inside(figure, boxes):
                out.asked |= {(steps, sign) for sign in BOTH}
                out.locals |= {f.caller for f, _ in callers}
    if isinstance(p, Property) and p.kind == "transition":
        others = any(isinstance(n, (tree.Load, tree.At, tree.Inside)) or isinstance(n, tree.For) and n.kind is not None for n in every)
        if others or sum(role == "handle" for role in function.roles.values()) > 1:
            out.elsewhere = frozenset(s for s in p.steps if isinstance(s, Step) and s.local)
    return out


# --- what at(…) does to the answer --------------------------------------------------------------------

Signs = tuple[int, ...]
BOTH: Signs = (HELPS, HINDERS)


def _function(out: Looks, function: tree.Function, signs: Signs, seen: set[tuple[int, Signs]]) -> None:
    if (id(function), signs) not in seen:
        seen.add((id(function), signs))
        for statement in _statements(function.body):
            _statement(out, statement, signs, seen)


def _statements(body: tuple[Any, ...]) -> Iterator[Any]:
    for statement in body:
        yield statement
        if isinstance(statement, tree.If):
            yield from _statements(statement.then + statement.otherwise)
        elif isinstance(statement, tree.For):
            yield from _statements(statement.body)


def _statement(out: Looks, node: Any, signs: Signs, seen: set[tuple[int, Signs]]) -> None:
    if isinstance(node, tree.Return):
        _expression(out, node.value, signs, seen)
    elif isinstance(node, tree.If):
        ends = node.then[0].value if len(node.then) == 1 and isinstance(node.then[0], tree.Return) else None
        if isinstance(ends, tree.Const) and not node.otherwise:
            # `if a: return True` is `a or …`, `if a: return False` is `not a and …`.
            _expression(out, node.test, signs if ends.value else _turned(signs), seen)
        else:
            _expression(out, node.test, BOTH, seen)
    elif isinstance(node, tree.Assign):
        _expression(out, node.value, BOTH, seen)
    elif isinstance(node, tree.For):
        _expression(out, (node.low, node.high), BOTH, seen)
    elif isinstance(node, tree.Do):
        _expression(out, node.call, BOTH, seen)


def _expression(out: Looks, node: Any, signs: Signs, seen: set[tuple[int, Signs]]) -> None:
    if isinstance(node, tree.At):
        out.asked |= {(frozenset(node.steps), sign) for sign in signs}
    elif isinstance(node, tree.Logic):
        for item in node.items:
            _expression(out, item, signs, seen)
    elif isinstance(node, tree.Unary) and node.op == "not":
        _expression(out, node.operand, _turned(signs), seen)
    elif isinstance(node, tree.Compare) and node.op == "!=" and node.right == tree.Const(0):
        _expression(out, node.left, signs, seen)
    elif isinstance(node, tree.Call):
        _function(out, node.function, signs, seen)
        _expression(out, node.arguments, BOTH, seen)
    elif isinstance(node, tuple):
        for part in node:
            _expression(out, part, BOTH, seen)
    elif hasattr(node, "__dataclass_fields__"):
        _expression(out, tuple(getattr(node, name) for name in node.__dataclass_fields__), BOTH, seen)


def _turned(signs: Signs) -> Signs:
    return tuple(-s for s in reversed(signs)) if len(signs) == 1 else BOTH


__all__ = ["Looks", "can_tell", "looks", "looks_away", "must_separate", "written"]
