"""One box, or one property, on a symbolic state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..spec.instance import Instance
from ..spec.processes import Declared, Process, Step
from ..spec.properties import Property
from .execute import DONES, WAITS, Executor, Frame, Handle
from .state import SymbolicState
from .terms import Term, Truth, both, choose, compare, either, negate, number, select, store, truth_of


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

    For the box in which a process takes its next command, `choices` is the alternative taken; choosing one
    that the position does not have makes it wait.
    """
    after = before.copy()
    if step not in instance.spec.trees:
        return _next_command(instance, after, kind, id, choices[0])
    executor = Executor(instance, kind)
    function = instance.spec.trees[step]
    target = executor.call(function, _frame(function, [after], Handle(kind, id, after), step.chosen(3), choices, after))
    _go(instance, after, kind, id, target)
    return Executed(after, target, compare("==", target, WAITS), executor.errors)


def act(instance: Instance, before: SymbolicState, action: Declared, choices: Sequence[Term] = ()) -> Executed:
    """Take one action."""
    after = before.copy()
    executor = Executor(instance, None)
    function = instance.spec.trees[action]
    target = executor.call(function, _frame(function, [after], None, action.chosen(2), choices, after))
    return Executed(after, target, compare("==", target, WAITS), executor.errors)


def evaluate(instance: Instance, p: Property, states: Sequence[SymbolicState], arguments: Sequence[Term]) -> tuple[Truth, Truth]:
    """(does the property hold for these arguments, does its evaluation go wrong) in a state, or between two."""
    executor = Executor(instance, None)
    function = instance.spec.trees[p]
    frame = _frame(function, list(states), None, p.chosen(p.states + 1), arguments, states[0])
    return truth_of(executor.call(function, frame)), executor.errors


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
                frame.names[p] = number(value)
        elif role == "handle" and mover is not None:
            frame.handles[p] = mover
    return frame


def _go(instance: Instance, state: SymbolicState, kind: type[Process], id: Term, target: Term) -> None:
    """Set the current step, or reset the process when it is done."""
    done = compare("==", target, DONES)
    moves = both(negate(done), compare("!=", target, WAITS))
    store(state.cells[kind.__name__, "step"], id, target, moves)
    for slot in instance.slots.values():
        if slot.kind is kind and slot.name != "position":
            store(state.cells[kind.__name__, slot.name], id, slot.start, done)


def _next_command(instance: Instance, state: SymbolicState, kind: type[Process], id: Term, choice: Term) -> Executed:
    name = kind.__name__
    position = select(state.cells[name, "position"], id)
    taken: Truth = False
    invocation: Term = 0
    stays: Truth = False
    first = next(i for i, (k, _) in enumerate(instance.processes) if k is kind)
    for process in range(instance.sizes[name]):
        program = instance.programs[first + process]
        mine = compare("==", id, process)
        stays = either(stays, mine) if program.repeats else stays
        for at, alternatives in enumerate(program.positions):
            here = both(mine, compare("==", position, at))
            for k, one in enumerate(alternatives):
                this = both(here, compare("==", choice, k))
                taken = either(taken, this)
                invocation = choose(this, instance.invocations.index(one), invocation)
    mine_of = instance.spec.steps[name]
    steps: list[Term] = [mine_of.index(i.command.first) if i.command.first in mine_of else 0 for i in instance.invocations] or [0]
    target = choose(taken, select(steps, invocation), WAITS)
    store(state.cells[name, "command"], id, invocation, taken)
    store(state.cells[name, "position"], id, choose(stays, position, number(position) + 1), taken)
    store(state.cells[name, "step"], id, select(steps, invocation), taken)
    return Executed(state, target, negate(taken), False)
