"""One box, or one property, on a symbolic state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..spec.endings import WAITS, ending
from ..spec.instance import Instance
from ..spec.processes import Declared, Process, Step
from ..spec.properties import Property
from .circuit import FALSE, Truth
from .execute import Executor, Frame, Handle
from .state import SymbolicState
from .terms import Term


@dataclass(frozen=True)
class Executed:
    """A box executed on a state: the state after it, under which condition it waits, and goes wrong.

    `target` is the code of the next step (or of WAIT or DONE).  Where it waits, `after` means nothing.
    """

    after: SymbolicState
    target: Term
    waits: Truth
    errors: Truth


def execute(instance: Instance, before: SymbolicState, kind: type[Process], id: Term, step: Step,
            choices: Sequence[Term] = ()) -> Executed:
    """Execute one box of one process (local boxes are not chained).  `id` and `choices` may be symbolic.

    For the box in which a process takes its next command, the choices are those of `before.commands`; choosing
    what there is not makes it wait.
    """
    after = before.copy()
    terms = before.terms
    if step not in instance.spec.trees:
        target, taken = after.commands.take(after, kind, id, choices)
        terms.store(after.cells[kind.__name__, "step"], id, target, taken)
        return Executed(after, terms.pick(taken, target, WAITS), taken ^ 1, FALSE)
    executor = Executor(before, kind)
    function = instance.spec.trees[step]
    mover = Handle(kind, id, after)
    target = executor.call(function, _frame(function, [after], mover, step.chosen(3), choices, after))
    executor.call(ending(instance, kind), Frame(names={"target": target}, handles={"p": mover}))
    return Executed(after, target, terms.equal(target, WAITS), executor.errors)


def act(instance: Instance, before: SymbolicState, action: Declared, choices: Sequence[Term] = ()) -> Executed:
    """Take one action."""
    after = before.copy()
    executor = Executor(before, None)
    function = instance.spec.trees[action]
    target = executor.call(function, _frame(function, [after], None, action.chosen(2), choices, after))
    return Executed(after, target, before.terms.equal(target, WAITS), executor.errors)


def evaluate(instance: Instance, p: Property, states: Sequence[SymbolicState], arguments: Sequence[Term]) -> tuple[Truth, Truth]:
    """(does the property hold for these arguments, does its evaluation go wrong) in a state, or between two."""
    executor = Executor(states[0], None)
    function = instance.spec.trees[p]
    frame = _frame(function, list(states), None, p.chosen(p.states + 1), arguments, states[0])
    return states[0].terms.truth(executor.call(function, frame)), executor.errors


def _frame(function: object, states: list[SymbolicState], mover: Handle | None, chosen: Sequence[tuple[str, type]],
           values: Sequence[Term], seen: SymbolicState) -> Frame:
    """Bind the parameters: states in order, the mover, then the chosen values."""
    frame, left = Frame(), list(states)
    given = dict(zip([name for name, _ in chosen], zip([of for _, of in chosen], values, strict=True), strict=True))
    for p in function.parameters:  # type: ignore[attr-defined]
        role = function.roles[p]  # type: ignore[attr-defined]
        if role == "state":
            frame.states[p] = left.pop(0)
        elif p in given:
            of, value = given[p]
            if issubclass(of, Process):
                frame.handles[p] = Handle(of, value, seen)
            else:
                frame.names[p] = value
        elif role == "handle" and mover is not None:
            frame.handles[p] = mover
    return frame
