"""What is checked of a lowered step or property before anything runs it."""

from __future__ import annotations

from typing import Any

from . import tree
from .errors import DeclarationError
from .processes import WAIT, Declared, Signal, Step
from .properties import Property


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
    for parameter, role in zip(declared.parameters, ["state", "scope", "handle"] if isinstance(declared, Step)
                               else ["state", "scope"]):
        if function.roles[parameter] != role:
            raise DeclarationError(declared.place, f"parameter {parameter!r} is not the {role}.",
                                   "Steps take (s: State, c: Scope, p: Process, chosen…); actions (s: State, c: Scope, chosen…).")
    if not _returns(function.body):
        raise DeclarationError(declared.place, "it can end without returning the next box.",
                               "Return a step, WAIT or DONE on every path.")
    for helper in tree.helpers(function).values():
        _check_ghosts(helper)
    if isinstance(declared, Step) and declared.local:
        _check_local(declared, function)


def check_property(declared: Property, function: tree.Function) -> None:
    """Refuse a property that writes."""
    if not _returns(function.body):
        raise DeclarationError(declared.place, "it can end without returning a truth value.",
                               "Return True or False on every path.")
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, (tree.Store, tree.StoreField)):
                raise DeclarationError(declared.place, f"the property writes a variable (in {helper.name}).",
                                       "Properties only read; write in a step, into a ghost if only properties need it.")


def _returns(body: tuple[tree.Stmt, ...]) -> bool:
    last = body[-1] if body else None
    if isinstance(last, tree.If):
        return _returns(last.then) and _returns(last.otherwise)
    return isinstance(last, tree.Return)


def _check_local(declared: Step, function: tree.Function) -> None:
    if WAIT in successors_of(function):
        raise DeclarationError(declared.place, "a local step returns WAIT.", "Only a box that reads shared state can wait.")
    if len(declared.parameters) > 3:
        raise DeclarationError(declared.place, "a local step has chosen parameters.", "Leave out local=True.")
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, (tree.Load, tree.Store, tree.At)):
                name = getattr(getattr(node, "variable", None), "name", "another process")
                raise DeclarationError(declared.place, f"a local step touches shared state ({name}).",
                                       "Leave out local=True; only boxes that use locals alone are executed with the box before.")


# --- ghosts ---------------------------------------------------------------------------------------
#
# A ghost may flow only into ghosts.  Within a function a local name is a ghost when any value assigned
# to it comes from a ghost; a helper's result is a ghost when a return of it does.


def _is_ghost(node: Any, names: set[str]) -> bool:
    for part in tree.nodes(node):
        if isinstance(part, tree.Load) and part.variable.ghost or isinstance(part, tree.Field) and part.ghost:
            return True
        if isinstance(part, tree.Name) and part.name in names:
            return True
        if isinstance(part, tree.Call) and ghost_result(part.function):
            return True
    return False


def ghost_result(function: tree.Function) -> bool:
    """Does what this helper returns come from a ghost?"""
    names = _ghost_names(function)
    return any(isinstance(n, tree.Return) and n.value is not None and _is_ghost(n.value, names)
               for n in tree.nodes(function))


def _ghost_names(function: tree.Function) -> set[str]:
    names: set[str] = set()
    while True:
        more = {n.name for n in tree.nodes(function) if isinstance(n, tree.Assign) and _is_ghost(n.value, names)}
        if more <= names:
            return names
        names |= more


def _check_ghosts(function: tree.Function) -> None:
    names = _ghost_names(function)

    def refuse(line: int, what: str) -> None:
        raise DeclarationError(f"{function.place.rsplit(':', 1)[0]}:{line} {function.name}", f"a ghost decides {what}.",
                               "Ghosts may only be copied into ghosts; they must not change what the device does.")

    for node in tree.nodes(function):
        if isinstance(node, tree.If) and _is_ghost(node.test, names):
            refuse(node.line, "a branch")
        if isinstance(node, tree.For) and (_is_ghost(node.low, names) or _is_ghost(node.high, names)):
            refuse(node.line, "a loop")
        if isinstance(node, tree.Store):
            if not node.variable.ghost and _is_ghost((*node.indices, node.value), names):
                refuse(node.line, f"the variable {node.variable.name}")
        if isinstance(node, tree.StoreField) and not node.ghost and _is_ghost(node.value, names):
            refuse(node.line, f"the local {node.name}")
        if isinstance(node, tree.Do) and any(
                _is_ghost(a, names) for a in node.call.arguments):
            refuse(node.line, f"an argument of {node.call.function.name}")
        if isinstance(node, tree.Return) and node.value is not None and any(
                isinstance(n, tree.StepRef) for n in tree.nodes(node.value)) and _is_ghost(node.value, names):
            refuse(node.line, "the next box")
