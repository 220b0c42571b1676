"""A proof in parts: facts that every box preserves, consequences of them, and goals that follow from both.

Facts hold in every initial state (plain reading) and are preserved by every box from any state in which all of them
hold, for any command with any arguments; no box leaves a domain there.  Consequences are implied by facts and by the
consequences before them, goals by all of these; a transition goal holds wherever its box runs.  So goals hold in all
reachable states of these sizes and switches, whatever the programs are.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from ..spec.errors import EvaluationError, PropertyError, ScenarioError
from ..spec.instance import Instance
from ..spec.machine import Machine
from ..spec.processes import Process, Step
from ..spec.properties import Property
from .circuit import OutOfTime
from .commands import AnyCommand
from .proof import PRESERVED, UNKNOWN, Found, Proof
from .solver import MiniSat, Solver

INITIALLY, BOX, FOLLOWS = "initially", "box", "follows"

DOMAINS = "domains"
"""The name under which it is told that a box may leave an index set or a domain."""

WHOLE = "this part"
"""The name under which it is told that nothing is known of a part."""


@dataclass(frozen=True)
class Part:
    """What is settled in one go: the initial states, one box of every process of a kind, or one implied property."""

    what: str
    kind: type[Process] | None = None
    step: Step | None = None
    implied: Property | None = None

    @property
    def label(self) -> str:
        """Words for it."""
        if self.step is not None and self.kind is not None:
            return f"{self.kind.__name__}.{self.step.name}"
        return f"{self.implied.id} follows" if self.implied is not None else "initial states"


class Theorem:
    """Facts, consequences and goals at one size.  The solver's clauses are made part by part, so parts may run anywhere."""

    def __init__(self, instance: Instance, facts: Sequence[Property], consequences: Sequence[Property],
                 goals: Sequence[Property], seconds: float, solver: type[Solver] = MiniSat) -> None:
        if instance.spec.actions:
            raise ScenarioError(instance.spec.name, "it has actions, and a proof knows only steps of processes.",
                                "Check it by exploration: snapproof check.")
        self.instance, self.seconds, self.solver = instance, seconds, solver
        self.facts, self.consequences, self.goals = list(facts), list(consequences), list(goals)

    @cached_property
    def proof(self) -> Proof:
        """Facts on the free state."""
        return Proof(self.instance, self.facts, [], self.seconds, any_command=True, solver=self.solver)

    def build(self) -> None:
        """Make what all parts share, as far as there is time for it."""
        with suppress(OutOfTime):
            assert self.proof

    def parts(self) -> list[Part]:
        """All that has to be settled; what takes long comes first."""
        spec, sizes, commands = self.instance.spec, self.instance.sizes, AnyCommand(self.instance)
        boxes = [Part(BOX, kind, step) for kind in spec.kinds if sizes[kind.__name__] for step in commands.boxes(kind)]
        implied = [p for p in (*self.consequences, *self.goals) if p.kind == "invariant"]
        return [*(Part(FOLLOWS, implied=p) for p in implied), *boxes, Part(INITIALLY)]

    def settle(self, part: Part) -> dict[str, Found]:
        """What is known of a part, by property (or DOMAINS, or WHOLE when even its formulas took too long)."""
        try:
            return self._settle(part)
        except OutOfTime:
            return {WHOLE: Found(UNKNOWN)}

    def _settle(self, part: Part) -> dict[str, Found]:
        if part.what == INITIALLY:
            return self._initially()
        if part.implied is not None:
            return {part.implied.id: self._follows(part.implied)}
        assert part.kind is not None and part.step is not None
        found = {p.id: f for p, f in self.proof.box(part.kind, part.step).items()}
        watching = [p for p in self.goals if part.step in p.steps]
        found |= {p.id: f for p, f in self.proof.transitions(part.kind, part.step, watching).items()}
        return found | {DOMAINS: self.proof.stays_defined(part.kind, part.step)}

    @cached_property
    def _concluded(self) -> Proof:
        """Facts and all consequences on the free state, where goals follow."""
        return self._given(self.consequences)

    def _given(self, consequences: Sequence[Property]) -> Proof:
        return Proof(self.instance, [], [*self.facts, *consequences], self.seconds, any_command=True, solver=self.solver)

    def _follows(self, p: Property) -> Found:
        if p in self.consequences:
            return self._given(self.consequences[:self.consequences.index(p)]).implied(p)
        return self._concluded.implied(p)

    def _initially(self) -> dict[str, Found]:
        machine = Machine(self.instance, [])
        states = [t.cells for t in machine.initial()]
        every = [p for p in (*self.facts, *self.consequences, *self.goals) if p.kind == "invariant"]
        return {p.id: Found(PRESERVED if all(_holds(machine, p, cells) for cells in states) else "false") for p in every}


def _holds(machine: Machine, p: Property, cells: tuple[int, ...]) -> bool:
    try:
        return machine.check(p, cells) is None
    except (EvaluationError, PropertyError):
        return False


__all__ = ["BOX", "DOMAINS", "FOLLOWS", "INITIALLY", "Part", "Theorem", "WHOLE"]
