"""Induction: does every box preserve a property, from any state in which it and its helpers hold?

A property that every initial state has and every box preserves holds in all reachable states, however
many there are.  A counterexample to induction is two states and the box between them; the first need not be
reachable.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import z3

from ..spec.errors import EvaluationError
from ..spec.instance import Cells, Instance
from ..spec.machine import Machine, Transition
from ..spec.processes import Process, Step
from ..spec.properties import Property
from .expressions import holds_everywhere
from .query import holds_in
from .state import SymbolicState
from .steps import execute
from .terms import WIDTH, Term, boolean, compare, inside, negate, select

PRESERVED, REFUTED, UNKNOWN = "preserved", "not preserved", "unknown"


@dataclass(frozen=True)
class Finding:
    """What is known of one goal and one box: `before` and `after` are the counterexample to induction."""

    goal: Property
    kind: type[Process]
    step: Step
    outcome: str
    seconds: float
    before: Cells | None = None
    after: Transition | None = None


def induct(instance: Instance, goals: Sequence[Property], helpers: Sequence[Property] = (),
           seconds: float = 30.0, only: str = "") -> Iterator[Finding]:
    """Try every goal against every box of every kind; `helpers` are assumed before a box and not proved.

    One process of the kind and the chosen parameters are symbolic, so a finding is about all of them.  Actions
    are not tried: the specification must consist of processes.
    `only` names one box.  `seconds` bounds each query.  A counterexample has been replayed in the plain reading.
    """
    if instance.spec.actions:
        raise EvaluationError(instance.spec.name, "it has actions, and induction knows only steps of processes.",
                              "Check it by exploration: snapproof check.")
    state, limits = SymbolicState.free(instance, "s.")
    assumed: list[z3.BoolRef] = list(limits)
    for p in dict.fromkeys([*goals, *helpers]):
        value, errors = holds_in(instance, holds_everywhere(instance, p).function, state)
        assumed += [boolean(value), boolean(negate(errors))]
    for kind in instance.spec.kinds:
        if instance.sizes[kind.__name__]:
            for step in (s for s in instance.spec.steps[kind.__name__] if only in ("", s.name)):
                yield from _box(instance, state, assumed, kind, step, goals, seconds)


def _box(instance: Instance, state: SymbolicState, assumed: list[z3.BoolRef], kind: type[Process], step: Step,
         goals: Sequence[Property], seconds: float) -> Iterator[Finding]:
    id, ranges = _any("id", instance.sizes[kind.__name__])
    choices: list[Term] = []
    sizes = [instance.scope.size(of) for _, of in step.chosen(3)] if step in instance.spec.trees else [
        max([len(a) for p in instance.programs for a in p.positions], default=1)]
    for i, size in enumerate(sizes):
        choice, limits = _any(f"choice{i}", size)
        choices.append(choice)
        ranges += limits
    done = execute(instance, state, kind, id, step, choices)
    here = _at(instance, state, kind, id, step)
    for goal in goals:
        begin = time.monotonic()
        holds, errors = holds_in(instance, holds_everywhere(instance, goal).function, done.after)
        solver = z3.SolverFor("QF_BV")
        solver.set("timeout", int(seconds * 1000))
        solver.add(*assumed, *ranges, here, boolean(negate(done.waits)), boolean(negate(done.errors)))
        solver.add(z3.Or(boolean(negate(holds)), boolean(errors)))
        found = solver.check()
        spent = time.monotonic() - begin
        if found == z3.sat:
            yield _refuted(instance, solver.model(), state, kind, step, id, choices, goal, spent)
        else:
            yield Finding(goal, kind, step, PRESERVED if found == z3.unsat else UNKNOWN, spent)


def _any(name: str, size: int) -> tuple[Term, list[z3.BoolRef]]:
    """A number from 0 to size - 1."""
    if size == 1:
        return 0, []
    term = z3.BitVec(name, WIDTH)
    return term, [boolean(inside(term, 0, size - 1))]


def _at(instance: Instance, state: SymbolicState, kind: type[Process], id: Term, step: Step) -> z3.BoolRef:
    code = instance.spec.steps[kind.__name__].index(step)
    return boolean(compare("==", select(state.cells[kind.__name__, "step"], id), code))


def _refuted(instance: Instance, model: z3.ModelRef, state: SymbolicState, kind: type[Process], step: Step, id: Term,
             choices: list[Term], goal: Property, spent: float) -> Finding:
    """The counterexample, confirmed by the plain reading."""
    def number(term: Term) -> int:
        return term if isinstance(term, int) else int(model.eval(term, model_completion=True).as_signed_long())

    before = state.value(model)
    machine = Machine(instance, [])
    machine.fused = False
    process = next(i for i, (k, n) in enumerate(instance.processes) if k is kind and n == number(id))
    after = machine.run(before, process, tuple(number(c) for c in choices))
    if after is None or machine.check(goal, after.cells) is None or machine.check(goal, before) is not None:
        raise EvaluationError(f"{step.name}, {goal.id}", "the symbolic and the plain reading disagree.",
                              "This is a defect of Snapproof: report the property and the scenario.")
    return Finding(goal, kind, step, REFUTED, spent, before, after)
