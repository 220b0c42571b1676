"""What the boxes of the model do and where they lead, read from their trees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from snapproof.invariants.boxes import disk_boxes, host_boxes
from snapproof.model.specification import SPECIFICATION
from snapproof.model.state import HostAdapter
from snapproof.spec import Exit, FigureCall, tree
from snapproof.spec.processes import Step

LOCK_CELLS = {"track_lock", "device_lock", "log_lock", "list_lock", "virtual_lock", "free_list_lock", "session_lock"}
GHOSTS = {v.name for v in SPECIFICATION.state.variables.values() if v.ghost}
SHARED_LOCALS = {"mail", "serving"}
"""Locals by which processes exchange requests."""

# --- what a box does -------------------------------------------------------------------------------------------------


def every_box() -> list[Step]:
    """The boxes of both kinds of adapters, each once."""
    return list(dict.fromkeys([*host_boxes(), *disk_boxes()]))


def nodes(box: Step) -> Iterator[Any]:
    """All parts of a box and of the helpers that it calls."""
    for helper in tree.helpers(SPECIFICATION.trees[box]).values():
        yield from tree.nodes(helper)


def changes(box: Step) -> set[str]:
    """What a box changes that others see: shared variables without ghosts, and what locals say to another process."""
    shared = {n.variable.name for n in nodes(box) if isinstance(n, tree.Store)} - GHOSTS
    return shared | {n.name for n in nodes(box) if isinstance(n, tree.StoreField) and n.name in SHARED_LOCALS}


def asks(box: Step, name: str) -> bool:
    """Does a box read this variable?"""
    return any(isinstance(n, tree.Load) and n.variable.name == name for n in nodes(box))


def calls(box: Step, helper: Callable[..., Any]) -> bool:
    """Does a box call this helper, straight or not?"""
    return helper.__name__ in {f.name for f in tree.helpers(SPECIFICATION.trees[box]).values()}


def takes(box: Step, lock: str) -> bool:
    """Does a box write the number of its process to this lock?"""
    return any(isinstance(n.value, tree.Number) for n in stores(box, lock))


def lets_go(box: Step, lock: str) -> bool:
    """Does a box write nobody to this lock?"""
    return any(not isinstance(n.value, tree.Number) for n in stores(box, lock))


def stores(box: Step, name: str) -> list[tree.Store]:
    """Where a box writes this variable."""
    return [n for n in nodes(box) if isinstance(n, tree.Store) and n.variable.name == name]


# --- where it leads --------------------------------------------------------------------------------------------------


def leads_to(box: Step, kind: type = HostAdapter) -> set[Any]:
    """The boxes to which a box leads, and signals: into figures, and out of them to every caller that expects the exit."""
    return leads(box, {c for calls in SPECIFICATION.routes[kind.__name__].calls.values() for c in calls})[0]


def leads(box: Step, calls: set[FigureCall]) -> tuple[set[Any], set[FigureCall]]:
    """Where a box leads when figures were entered by these calls, and the calls that it makes itself."""
    found, made, todo = set[Any](), set[FigureCall](), [n.target for n in nodes(box) if isinstance(n, tree.StepRef)]
    while todo:
        target = todo.pop()
        if isinstance(target, FigureCall):
            made.add(target)
            todo.append(target.first)
        elif isinstance(target, Exit):
            todo += [c.exits[target.exit] for c in calls if c.figure is target.figure and target.exit in c.exits]
        else:
            found.add(target)
    return found, made


def ways(first: Collection[Step], but: Collection[Step] = ()) -> dict[Step, set[Any]]:
    """The boxes that are reached from these, and where each leads; not beyond some others.

    A figure is left to those by whom it was entered on the way.
    """
    boxes, calls = set(first), set[FigureCall]()
    while True:
        found = {box: (set[Any](), set[FigureCall]()) if box in but else leads(box, calls) for box in boxes}
        further = {t for targets, _ in found.values() for t in targets if isinstance(t, Step)}
        made = {c for _, called in found.values() for c in called}
        if further <= boxes and made <= calls:
            return {box: targets for box, (targets, _) in found.items()}
        boxes |= further
        calls |= made


def behind(box: Step) -> set[Step]:
    """The boxes to which a box leads and from which no way leads back to it."""
    back = {b for b in every_box() if b is not box and box in ways({b})}
    return set(ways({box}, back)) - back - {box}


def between(first: Step, last: Step) -> set[Step]:
    """The boxes on the ways from one box to another that meet neither of them in between; both included."""
    return {first, last, *(b for b in ways({first}, {last}) if last in ways({b}, {first}))}
