"""What is checked of a lowered step or property before anything runs it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from . import tree
from .demands import told
from .errors import DeclarationError
from .ghosts import GhostFlow
from .processes import DONE, WAIT, Declared, Initial, Process, Signal, Step
from .shapes import shape_in


def successors_of(function: tree.Function) -> set[Step | Signal]:
    """Every step and signal that a function may return (helpers included)."""
    out: set[Step | Signal] = set()
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, tree.Return) and node.value is not None:
                out |= {n.target for n in tree.nodes(node.value) if isinstance(n, tree.StepRef)}
            if isinstance(node, tree.Assign):
                out |= {n.target for n in tree.nodes(node.value) if isinstance(n, tree.StepRef)}
    return out


def check_step(declared: Declared, function: tree.Function) -> None:
    """Refuse a step that may end without a next box, lets a ghost decide something, or is not local."""
    if not function.complete:
        raise DeclarationError(declared.place, "it can end without returning the next box.",
                               f"Return {'a step, ' * isinstance(declared, Step)}WAIT or DONE on every path.")
    if function.result != tree.NEXT:
        raise DeclarationError(declared.place, "it returns a number (or True or False) instead of the next box.",
                               'Return a step, WAIT or DONE; "not enabled" is written return WAIT, "done" is return DONE.'
                               if isinstance(declared, Step) else
                               '"Not enabled" is written return WAIT, "taken" is return DONE.')
    targets = [t for t in successors_of(function) if t is not WAIT and t is not DONE]
    if targets and not isinstance(declared, Step):
        raise DeclarationError(declared.place, f"it returns {min(told(t) for t in targets)}, but no process moves here.",
                               '"Not enabled" is written return WAIT, "taken" is return DONE.')
    for helper in tree.helpers(function).values():
        if any(isinstance(n, tree.Inside) for n in tree.nodes(helper)):
            raise DeclarationError(declared.place, f"it asks inside of which figure a process is (in {helper.name}).",
                                   "Only properties ask that; a figure does the same whoever calls it, or is told by a local.")
    if not isinstance(declared, Initial):
        _check_starts(declared, function)
    GhostFlow().check_step(function)
    if isinstance(declared, Step) and declared.local:
        _check_local(declared, function)


def check_setup(declared: Declared, function: tree.Function, setup: Collection[str]) -> None:
    """Refuse a step or action that reads a switch which only says where a run begins: it would say more than that."""
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, tree.SwitchValue) and node.name in setup:
                raise DeclarationError(declared.place,
                                       f"it reads the switch {node.name}, which is declared with setup=True (in {helper.name}).",
                                       "Such a switch only says where a run begins: leave out setup=True, or read it in initial "
                                       "functions and properties only.")


def check_property(declared: Declared, function: tree.Function) -> None:
    """Refuse a property that writes, or does not say on every path whether it holds."""
    if not function.complete or function.result != tree.NUMBER:
        what = "it can end without returning a truth value." if function.result != tree.NEXT else "it returns a step or a signal."
        raise DeclarationError(declared.place, what, "Return True or False on every path.")
    if shape_in(function.returns) is not None:
        raise DeclarationError(declared.place, "it returns a record, a union, a set, a sequence or a bag.",
                               "Return True or False on every path: compare it with another.")
    _check_starts(declared, function)
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, (tree.Store, tree.StoreField)):
                raise DeclarationError(declared.place, f"the property writes a variable (in {helper.name}).",
                                       "Properties only read; write in a step, into a ghost if only properties need it.")


def _check_starts(declared: Declared, function: tree.Function) -> None:
    """Refuse to say where a process begins once it has begun."""
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, tree.StartAt):
                raise DeclarationError(declared.place, f"it says where a process starts (in {helper.name}, line {node.line}).",
                                       "Only initial functions do: @initial def start(s, c). A step returns where its process goes on; "
                                       "nobody else sends it there.")


def _check_local(declared: Step, function: tree.Function) -> None:
    if WAIT in successors_of(function):
        raise DeclarationError(declared.place, "a local step returns WAIT.", "Only a box that reads shared state can wait.")
    if len(declared.parameters) > 3:
        raise DeclarationError(declared.place, "a local step has chosen parameters.", "Leave out local=True.")
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, (tree.Load, tree.Store, tree.At)) or isinstance(node, tree.For) and node.kind is not None:
                name = getattr(getattr(node, "variable", None), "name", "another process")
                raise DeclarationError(declared.place, f"a local step touches shared state ({name}).",
                                       "Leave out local=True; only boxes that use locals alone are executed with the box before.")


# --- locals that are not only a process's own ----------------------------------------------------------
#
# A local box is executed with the box before it, so nobody else may look at, or change, a local between the
# two.  Locals that other processes read or write are found here, through helpers.


class Touched:
    """Locals and arguments that steps read (`seen`) and write (`changed`) of processes other than the one that moves.

    `asked` are the steps of each at(…) about another process.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.changed: set[str] = set()
        self.asked: set[frozenset[Step]] = set()
        self._done: set[tuple[int, frozenset[str]]] = set()

    def add(self, function: tree.Function, others: Iterable[str]) -> None:
        """Follow a function in which these handles stand for other processes (loops over processes always do)."""
        foreign = set(others) | {n.name for n in tree.nodes(function) if isinstance(n, tree.For) and n.kind is not None}
        key = (id(function), frozenset(foreign))
        if key in self._done:
            return
        self._done.add(key)
        for node in tree.nodes(function):
            handle = getattr(getattr(node, "handle", None), "name", "")
            if isinstance(node, (tree.Field, tree.ArgumentValue)) and handle in foreign:
                self.seen.add(node.name)
            elif isinstance(node, tree.StoreField) and handle in foreign:
                self.changed.add(node.name)
            elif isinstance(node, tree.At) and handle in foreign:
                self.asked.add(frozenset(node.steps))
            elif isinstance(node, tree.Call):
                self.add(node.function, [p for p, a in zip(node.function.parameters, node.arguments, strict=True)
                                         if isinstance(a, tree.Name) and a.name in foreign])


def check_local_locals(declared: Step, function: tree.Function, touched: Touched, resets: Collection[str]) -> None:
    """Refuse a local box whose effects other processes see, or that they look for.

    `resets` are the locals and arguments that it resets because it may end the command.
    """
    if any(declared in steps for steps in touched.asked):
        raise DeclarationError(declared.place, "a step of another process asks whether this local box is next; it never is.",
                               "Leave out local=True, or ask for the box before.")
    stored = {n.name for f in tree.helpers(function).values() for n in tree.nodes(f) if isinstance(n, tree.StoreField)}
    read = {n.name for f in tree.helpers(function).values() for n in tree.nodes(f) if isinstance(n, tree.Field)}
    for name in sorted(read & touched.changed | stored & (touched.seen | touched.changed)):
        raise DeclarationError(declared.place, f"a local step uses {name}, which other processes read or write.",
                               "Leave out local=True; only boxes that use locals alone are executed with the box before.")
    for name in sorted(set(resets) & touched.seen):
        raise DeclarationError(declared.place, f"a local step ends the command, which resets {name}, and other processes read that.",
                               "Leave out local=True; otherwise nobody could see that the command is not over yet.")


def check_local_targets(kind: type[Process], leads: Mapping[Step, set[Step | Signal]], touched: Touched) -> None:
    """Refuse a local box that leads to a box for which other processes look: nobody could see that it is not there yet.

    `leads` are the steps (and signals) behind each step of the kind, the first of which is where it begins.  That nobody
    sees it is no loss where nobody sees the box before, either: a process that takes its next command (the first box,
    of which there is no tree) has done nothing yet that others know, unless they look at commands or arguments.
    """
    first = next(iter(leads))
    behind = {step: {first if t is DONE else t for t in targets} for step, targets in leads.items()}
    unseen = {first} if kind.programs and not touched.seen & {"command", *kind.arguments} else set()
    while True:
        more = {s for s in behind if s.local and all(p in unseen for p in behind if s in behind[p])} - unseen
        if not more:
            break
        unseen |= more
    for step in behind:
        seen = [t for steps in touched.asked for t in behind[step] if t in steps]
        if step.local and step not in unseen and seen:
            asked = min(getattr(t, "name", "") for t in seen)
            raise DeclarationError(step.place, f"a step of another process asks with at(…) for {asked}, to which this local box leads.",
                                   "Leave out local=True; otherwise nobody could see that it is not there yet.")
