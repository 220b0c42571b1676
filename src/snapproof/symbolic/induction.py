"""Induction: does every box preserve a property, from any state in which it and its helpers hold?

A property that every initial state has and every box preserves holds in all reachable states, however
many there are.  A counterexample to induction is two states and the box between them; the first need not be
reachable.

The work is in `proof.py`; here it is ordered, and counterexamples are confirmed by the plain reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..spec.errors import ScenarioError
from ..spec.instance import Instance
from ..spec.processes import Action, Process, Step
from ..spec.properties import Property
from ..spec.refutation import Refutation
from .circuit import OutOfTime
from .commands import AnyCommand
from .proof import PRESERVED, REFUTED, UNKNOWN, Found, Proof


@dataclass(frozen=True)
class Finding:
    """What is known of one goal and one box; with a refutation where it is refuted.  An action is a box of nobody: `kind` is None."""

    goal: Property
    kind: type[Process] | None
    step: Step | Action
    outcome: str
    seconds: float
    refutation: Refutation | None = None


def induct(instance: Instance, goals: Sequence[Property], helpers: Sequence[Property] = (),
           seconds: float = 30.0, only: str = "", any_command: bool = False) -> Iterator[Finding]:
    """Try every goal against every box of every kind; `helpers` are assumed before a box and not proved.

    Every process of the kind is tried, with all its choices at once; so is every action.
    `any_command` lets every process carry out any command with any arguments, whatever the programs are: what is found
    preserved then is so for all programs.
    `only` names one box.  `seconds` bounds each question to the solver.  A counterexample has been replayed in the
    plain reading.
    """
    boxes, assumed = boxes_of(instance, only, any_command), tuple(dict.fromkeys([*goals, *helpers]))
    try:
        proof = Proof(instance, goals, helpers, seconds, any_command)
    except OutOfTime:
        yield from (Finding(goal, kind, step, UNKNOWN, 0.0) for kind, step in boxes for goal in dict.fromkeys(goals))
        return
    for kind, step in boxes:
        for goal, found in proof.box(kind, step).items():
            yield Finding(goal, kind, step, found.outcome, found.seconds, _refutation(goal, step, found, assumed))


Box = tuple[type[Process] | None, Step | Action]


def boxes_of(instance: Instance, only: str = "", any_command: bool = False) -> list[Box]:
    """All that happens, and so all that induction tries: actions, and the boxes of processes that there are.

    With any command, those to which one of the commands leads.
    """
    steps = AnyCommand(instance).boxes if any_command else lambda kind: instance.spec.steps[kind.__name__]
    found: list[Box] = [(None, action) for action in instance.spec.actions if only in ("", action.name)]
    found += [(kind, step) for kind in instance.spec.kinds if instance.sizes[kind.__name__]
             for step in steps(kind) if only in ("", step.name)]
    if not found:
        raise ScenarioError(instance.spec.name, "no process executes " + (f"the box {only}" if only else "anything") + " at these sizes.",
                            "Nothing would be tried: give sizes with at least one process of its kind.")
    return found


@dataclass(frozen=True)
class Emptiness:
    """What a proof may be empty for: boxes that never run where all that is assumed holds, and boxes that may go wrong there.

    `unknown`: boxes of which neither is known.
    """

    never: list[str]
    undefined: list[str]
    unknown: list[str]


def emptiness(instance: Instance, assumed: Sequence[Property], seconds: float = 30.0, only: str = "",
              any_command: bool = False) -> Emptiness:
    """Look for what makes a proof from these assumptions say less than it seems to."""
    never, undefined, unknown = [], [], []
    boxes = boxes_of(instance, only, any_command)
    try:
        proof = Proof(instance, [], assumed, seconds, any_command)
    except OutOfTime:
        return Emptiness([], [], [step.name for _, step in boxes])
    for kind, step in boxes:
        runs, defined = proof.never_runs(kind, step), proof.stays_defined(kind, step)
        if runs.outcome == PRESERVED:
            never.append(step.name)
        if defined.outcome == REFUTED:
            undefined.append(step.name)
        if UNKNOWN in (runs.outcome, defined.outcome):
            unknown.append(step.name)
    return Emptiness(never, undefined, unknown)


def _refutation(goal: Property, step: Step | Action, found: Found, assumed: tuple[Property, ...]) -> Refutation | None:
    """What the solver found, confirmed by the plain reading; None where it found nothing."""
    attempt = found.attempt
    return None if attempt is None else Refutation(goal, assumed, attempt.instance, attempt.before, attempt.breaks(goal, step))


__all__ = ["PRESERVED", "REFUTED", "UNKNOWN", "Emptiness", "Finding", "boxes_of", "emptiness", "induct"]
