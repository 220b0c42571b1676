"""Induction: does every box preserve a property, from any state in which it and its helpers hold?

A property that every initial state has and every box preserves holds in all reachable states, however
many there are.  A counterexample to induction is two states and the box between them; the first need not be
reachable.

The work is in `proof.py`; here it is ordered, and counterexamples are confirmed by the plain reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..spec.errors import EvaluationError
from ..spec.instance import Cells, Instance
from ..spec.machine import Machine, Transition
from ..spec.processes import Process, Step
from ..spec.properties import Property
from .proof import PRESERVED, REFUTED, UNKNOWN, Found, Proof


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

    Every process of the kind is tried, with all its choices at once.  Actions are not tried: the specification must
    consist of processes.
    `only` names one box.  `seconds` bounds each question to the solver.  A counterexample has been replayed in the
    plain reading.
    """
    if instance.spec.actions:
        raise EvaluationError(instance.spec.name, "it has actions, and induction knows only steps of processes.",
                              "Check it by exploration: snapproof check.")
    proof = Proof(instance, goals, helpers, seconds)
    for kind in instance.spec.kinds:
        if instance.sizes[kind.__name__]:
            for step in (s for s in instance.spec.steps[kind.__name__] if only in ("", s.name)):
                yield from _findings(instance, goals, kind, step, proof.box(kind, step))


def _findings(instance: Instance, goals: Sequence[Property], kind: type[Process], step: Step,
              found: dict[Property, Found]) -> Iterator[Finding]:
    for goal in goals:
        one = found[goal]
        if one.outcome == REFUTED:
            before, after = _confirmed(instance, goal, kind, step, one)
            yield Finding(goal, kind, step, REFUTED, one.seconds, before, after)
        else:
            yield Finding(goal, kind, step, one.outcome, one.seconds)


def _confirmed(instance: Instance, goal: Property, kind: type[Process], step: Step, found: Found) -> tuple[Cells, Transition]:
    """The counterexample, confirmed by the plain reading."""
    machine = Machine(instance, [])
    machine.fused = False
    process = next(i for i, (k, n) in enumerate(instance.processes) if k is kind and n == found.id)
    after = machine.run(found.before, process, found.choices)
    if after is None or machine.check(goal, after.cells) is None or machine.check(goal, found.before) is not None:
        raise EvaluationError(f"{step.name}, {goal.id}", "the symbolic and the plain reading disagree.",
                              "This is a defect of Snapproof: report the property and the scenario.")
    return found.before, after


__all__ = ["PRESERVED", "REFUTED", "UNKNOWN", "Finding", "induct"]
