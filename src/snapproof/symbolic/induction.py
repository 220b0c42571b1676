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
from ..spec.machine import Transition
from ..spec.processes import Process, Step
from ..spec.properties import Property
from .proof import PRESERVED, REFUTED, UNKNOWN, Found, Proof


@dataclass(frozen=True)
class Finding:
    """What is known of one goal and one box: `before` and `after` are the counterexample to induction.

    `instance` is the one that they are states of: it has the sizes and switches of the one asked about, and may have
    other programs.
    """

    goal: Property
    kind: type[Process]
    step: Step
    outcome: str
    seconds: float
    before: Cells | None = None
    after: Transition | None = None
    instance: Instance | None = None


def induct(instance: Instance, goals: Sequence[Property], helpers: Sequence[Property] = (),
           seconds: float = 30.0, only: str = "", any_command: bool = False) -> Iterator[Finding]:
    """Try every goal against every box of every kind; `helpers` are assumed before a box and not proved.

    Every process of the kind is tried, with all its choices at once.  Actions are not tried: the specification must
    consist of processes.
    `any_command` lets every process carry out any command with any arguments, whatever the programs are: what is found
    preserved then is so for all programs.
    `only` names one box.  `seconds` bounds each question to the solver.  A counterexample has been replayed in the
    plain reading.
    """
    if instance.spec.actions:
        raise EvaluationError(instance.spec.name, "it has actions, and induction knows only steps of processes.",
                              "Check it by exploration: snapproof check.")
    proof = Proof(instance, goals, helpers, seconds, any_command)
    for kind in instance.spec.kinds:
        if instance.sizes[kind.__name__]:
            for step in (s for s in instance.spec.steps[kind.__name__] if only in ("", s.name)):
                for goal, found in proof.box(kind, step).items():
                    yield _finding(goal, kind, step, found)


def _finding(goal: Property, kind: type[Process], step: Step, found: Found) -> Finding:
    """A refutation is confirmed by the plain reading."""
    if found.attempt is None:
        return Finding(goal, kind, step, found.outcome, found.seconds)
    after = found.attempt.breaks(goal, step)
    return Finding(goal, kind, step, found.outcome, found.seconds, found.attempt.before, after, found.attempt.instance)


__all__ = ["PRESERVED", "REFUTED", "UNKNOWN", "Finding", "induct"]
