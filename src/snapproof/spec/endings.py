"""The end of a step as a tree: what the compiled and the symbolic reading make of what a box has returned.

`Machine._go` with `Routes.through` is the plain reading of the same, and the readable twin that both are held against.
WAIT changes nothing; DONE resets the process; a call or an exit leads into a figure or out of it, on to a step or to DONE.
(What DONE leads to, the box that takes the next command, is a transition of its own.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Union

from . import tree
from .figures import Exit, FigureCall
from .instance import Instance
from .processes import DONE, Process
from .routes import Routes, Target

WAITS, DONES = -1, -2
"""What a step returns for WAIT and DONE; otherwise the code of a target of its kind (`Routes.codes`)."""


@dataclass(frozen=True)
class Goto:
    """The process is at the step of this code, which is one of its kind; nothing needs to be checked."""

    handle: tree.Expr
    code: tree.Expr
    line: int = 0


@dataclass(frozen=True)
class Fault:
    """Something is wrong that only the plain reading can put into words."""

    what: str
    line: int = 0


Ends = Union[tree.Stmt, Goto, Fault]

P, TARGET, CODE = tree.Name("p"), tree.Name("target"), tree.Name("code")


def ending(instance: Instance, kind: type[Process]) -> tree.Function:
    """`go(p, target)`: the process ends its step with this target."""
    routes = instance.spec.routes[kind.__name__]
    figures = [t for t in routes.targets if isinstance(t, (FigureCall, Exit))]
    ways = {t: _function(f"through.{t.figure.name}", ["p"]) for t in figures}
    for target, way in ways.items():
        way.body = _through(routes, target, ways)  # type: ignore[assignment]
    # `code` beside `target`, so that every comparison is one with what the box has returned.
    led: tuple[Any, ...] = ()
    for target, way in reversed(ways.items()):
        led = (tree.If(_is(TARGET, target), (tree.Assign("code", tree.Call(way, (P,)), 0),), led, 0),)
    figure = tree.Compare(">=", TARGET, tree.Const(len(routes.steps)))
    goes = tree.If(tree.Compare(">=", CODE, tree.Const(0)), (Goto(P, CODE),), (), 0)  # type: ignore[arg-type]
    go = _function("go", ["p", "target"], ["code"])
    go.body = (tree.Assign("code", TARGET, 0), *((tree.If(figure, led, (), 0),) if led else ()),
               tree.If(_is(CODE, DONE), _reset(instance, kind), (goes,), 0))
    return go


def _function(name: str, parameters: list[str], locals: Sequence[str] = ()) -> tree.Function:
    roles = {p: "handle" if p == "p" else "int" for p in parameters}
    return tree.Function(name, f"the end of a step:0 {name}", parameters, roles, {}, locals=list(locals), result=tree.NUMBER)


def _is(code: tree.Expr, target: Target) -> tree.Expr:
    return tree.Compare("==", code, tree.StepRef(target))


def _reset(instance: Instance, kind: type[Process]) -> tuple[tree.StoreField, ...]:
    """All cells of the process are as at the start, but for how far its program has come."""
    return tuple(tree.StoreField(P, slot.name, tree.Const(slot.start), 0)
                 for slot in instance.slots.values() if slot.kind is kind and slot.name != "position")


def _through(routes: Routes, target: FigureCall | Exit, ways: dict[FigureCall | Exit, tree.Function]) -> tuple[Ends, ...]:
    """Enter a figure, or leave it to where its caller goes on; returns the code of a step, or DONE."""
    figure, calls = target.figure, routes.calls[target.figure]
    remembered = len(calls) > 1

    def onward(caller: int, to: Target) -> tuple[tree.Stmt, ...]:
        noted = (tree.StoreField(P, figure.caller, tree.Const(caller), 0),) if remembered else ()
        return (*noted, tree.Return(tree.Call(ways[to], (P,)) if isinstance(to, (FigureCall, Exit)) else tree.StepRef(to), 0))

    if isinstance(target, FigureCall):
        return onward(calls.index(target), target.first)
    # Behind an exit that the caller does not expect the process is reset, so that nothing goes round for ever.
    found: tuple[Ends, ...] = (Fault(f"figure {figure.name}: it is left by {target.exit}"), tree.Return(tree.StepRef(DONE), 0))
    for i, call in reversed(list(enumerate(calls))):
        if target.exit in call.exits:
            there = onward(0, call.exits[target.exit])
            here = tree.Compare("==", tree.Field(P, figure.caller), tree.Const(i))
            found = (tree.If(here, there, found, 0),) if remembered else there  # type: ignore[arg-type]
    return found


__all__ = ["DONES", "WAITS", "Ends", "Fault", "Goto", "ending"]
