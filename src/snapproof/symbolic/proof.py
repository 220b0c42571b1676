"""One box against all goals, from any state in which goals and helpers hold.

Goals and helpers are built once, on a free state, one literal for each choice of their parameters.  For a box of
one process, the cells that it changes are replaced in them; an instance that stays the same literal is preserved,
and no solver is asked.  For the rest there is one question: is there a state that has all the properties, in
which the box runs and breaks one of these?

The question begins without the properties.  An assignment that lacks some of them gets those added, until
there is none, or one that has all: a box touches little, so few of many thousand instances matter.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..spec.instance import Instance
from ..spec.machine import Machine
from ..spec.processes import Process, Step
from ..spec.properties import Property
from .circuit import FALSE, TRUE, Truth
from .commands import AnyCommand
from .confirm import Attempt, process_of
from .solver import EXCLUDED, SATISFIED, Solver
from .solver import UNKNOWN as NOT_KNOWN
from .state import SymbolicState
from .steps import evaluate, execute
from .substitution import Dependents, Substitution
from .terms import Term, bits

PRESERVED, REFUTED, UNKNOWN = "preserved", "not preserved", "unknown"

BRIEF = 2.0
"""Seconds for a question about many things at once, before it is asked about each."""


@dataclass(frozen=True)
class Found:
    """What is known of one goal and one box; for REFUTED, how it is broken."""

    outcome: str
    seconds: float = 0.0
    attempt: Attempt | None = None


@dataclass(frozen=True)
class Question:
    """A box of one process: when it runs, what it would break, and how a property reads before it."""

    kind: type[Process]
    step: Step
    id: int
    choices: list[Term]
    conditions: list[Truth]
    broken: dict[Property, list[Truth]]
    changed: dict[Property, list[Truth]]
    before: Substitution


class Proof:
    """The free state, and every instance of goals and helpers on it."""

    def __init__(self, instance: Instance, goals: Sequence[Property], helpers: Sequence[Property], seconds: float,
                 any_command: bool = False) -> None:
        self.instance, self.seconds = instance, seconds
        self.goals = list(dict.fromkeys(goals))
        self.state = SymbolicState.free(instance, commands=AnyCommand(instance) if any_command else None)
        self.terms = self.state.terms
        self.instances = {p: self._instances(p) for p in dict.fromkeys([*goals, *helpers])}
        self.assumed = list(dict.fromkeys(a for found in self.instances.values() for a in found))
        self.dependents = Dependents(self.terms, self.assumed)
        self.usual = self._usual()

    def _instances(self, p: Property) -> list[Truth]:
        """The literals of a property, for all values of its parameters; one whose evaluation goes wrong does not hold."""
        found = []
        for values in itertools.product(*(self.instance.scope.each(of) for _, of in p.chosen(2))):
            holds, errors = evaluate(self.instance, p, [self.state], values)
            found.append(self.terms.both(holds, errors ^ 1))
        return [a for a in dict.fromkeys(found) if a != TRUE]

    def _usual(self) -> dict[int, int]:
        """Inputs of an initial state, for what a question leaves open: most properties hold there."""
        first = next(Machine(self.instance, []).initial(), None)
        return {} if first is None else self.state.inputs_of(first.cells)

    # --- a box ------------------------------------------------------------------------------------------

    def box(self, kind: type[Process], step: Step) -> dict[Property, Found]:
        """What is known of every goal: REFUTED for some process, or UNKNOWN for some, or PRESERVED."""
        out = {goal: Found(PRESERVED) for goal in self.goals}
        begin = time.monotonic()
        for id in range(self.instance.sizes[kind.__name__]):
            mark = self.terms.mark()
            question = self._question(kind, step, id, [g for g in self.goals if out[g].outcome != REFUTED])
            for goal, found in self._answer(question).items():
                if found.outcome != PRESERVED:
                    out[goal] = found
            self.terms.cut(mark)
        spent = (time.monotonic() - begin) / max(1, len(self.goals))
        return {goal: Found(f.outcome, spent, f.attempt) for goal, f in out.items()}

    def _question(self, kind: type[Process], step: Step, id: int, goals: Sequence[Property]) -> Question:
        here = self.state.copy()
        row = here.cells[kind.__name__, "step"]
        row[id] = here.codes[kind.__name__][step]
        choices, conditions = self._choices(kind, step)
        done = execute(self.instance, here, kind, id, step, choices)
        conditions += [done.waits ^ 1, done.errors ^ 1]
        before = self._difference(here)
        broken: dict[Property, list[Truth]] = {}
        changed: dict[Property, list[Truth]] = {}
        if FALSE not in conditions:
            after = self._difference(done.after)
            for goal in goals:
                mine = [a for a in self.instances[goal] if after.changes(a)]
                found = [b for b in dict.fromkeys(self._breaks(a, before, after) for a in mine) if b != FALSE]
                if found:
                    broken[goal], changed[goal] = found, mine
        return Question(kind, step, id, choices, conditions, broken, changed, before)

    def _breaks(self, literal: Truth, before: Substitution, after: Substitution) -> Truth:
        return self.terms.both(before(literal), after(literal) ^ 1)

    def _choices(self, kind: type[Process], step: Step) -> tuple[list[Term], list[Truth]]:
        ranges = ([(0, self.instance.scope.size(of) - 1) for _, of in step.chosen(3)] if step in self.instance.spec.trees
                  else self.state.commands.choices(kind))
        free = [self.terms.free(low, high) for low, high in ranges]
        return [term for term, _ in free], [limit for _, limit in free]

    def _difference(self, other: SymbolicState) -> Substitution:
        """What replaces the inputs of the free state to make it another one."""
        instead: dict[int, Truth] = {}
        for key, row in self.state.cells.items():
            for mine, new in zip(row, other.cells[key], strict=True):
                if mine is not new and not isinstance(mine, int):
                    for a, b in zip(mine.bits, bits(new, len(mine.bits))):
                        if a > 1 and a != b:
                            instead[a >> 1] = b
        return Substitution(self.terms, instead, self.dependents)

    # --- an answer --------------------------------------------------------------------------------------

    def _answer(self, question: Question) -> dict[Property, Found]:
        """Ask for all goals together, briefly; then for each goal, and where that takes long for each instance.

        A disjunction of many goals is much harder to exclude than each of them.
        """
        out = {goal: Found(PRESERVED) for goal in question.broken}
        if not out:
            return out
        end = time.monotonic() + self.seconds
        solver = self._solver(question, out)
        outcome, _ = self._ask(question, solver, self.terms.any_of(a for found in question.broken.values() for a in found),
                               min(end, time.monotonic() + BRIEF))
        if outcome != EXCLUDED:
            for goal in out:
                out[goal] = self._answer_one(question, goal)
        return out

    def _answer_one(self, question: Question, goal: Property) -> Found:
        """Is one goal broken?"""
        end = time.monotonic() + self.seconds
        solver = self._solver(question, [goal])
        outcome, inputs = self._ask(question, solver, self.terms.any_of(question.broken[goal]), min(end, time.monotonic() + BRIEF))
        if outcome == NOT_KNOWN:
            for one in question.broken[goal]:
                outcome, inputs = self._ask(question, solver, one, end)
                if outcome != EXCLUDED:
                    break
                solver.add([one ^ 1])
        if outcome == SATISFIED:
            return self._refuted(question, inputs)
        return Found(PRESERVED if outcome == EXCLUDED else UNKNOWN)

    def _solver(self, question: Question, goals: Iterable[Property]) -> Solver:
        """The box runs, and the instances that may be broken hold before it."""
        solver = Solver(self.terms)
        solver.add(question.conditions)
        solver.add(question.before(a) for goal in goals for a in question.changed[goal])
        return solver

    def _ask(self, question: Question, solver: Solver, wanted: Truth, end: float) -> tuple[str, dict[int, int]]:
        """Is this so from a state that has every property?  The inputs of such a state."""
        solver.write([wanted])
        while True:
            solver.add(self._limits(solver))
            outcome = solver.ask([wanted], end - time.monotonic())
            if outcome != SATISFIED:
                return outcome, {}
            inputs = self.usual | self._position(question) | solver.assignment()
            lacking = self._lacking(inputs)
            if not lacking:
                return outcome, inputs
            solver.add(question.before(a) for a in lacking)

    def _limits(self, solver: Solver) -> list[Truth]:
        """The domains of the cells that clauses have come to mention; the conditions may mention more."""
        limits = self.state.limits
        return list(dict.fromkeys(limits[n] for n in solver.fresh() if n in limits))

    def _position(self, question: Question) -> dict[int, int]:
        """The inputs that say at which step the process is."""
        name = question.kind.__name__
        term, code = self.state.cells[name, "step"][question.id], self.state.codes[name][question.step]
        return {} if isinstance(term, int) else {a >> 1: code >> i & 1 for i, a in enumerate(term.bits) if a > 1}

    def _lacking(self, inputs: dict[int, int]) -> list[Truth]:
        """The instances that do not hold in a state."""
        values = self.terms.values(self.dependents.order, inputs)
        return [a for a in self.assumed if values[a >> 1] == a & 1]

    def _refuted(self, question: Question, inputs: dict[int, int]) -> Found:
        choices = tuple(self.terms.value(c, inputs) for c in question.choices)
        process = process_of(self.instance, question.kind, question.id)
        attempt = Attempt(self.instance, self.state.value(inputs), process, choices)
        any_command = self.state.commands
        if isinstance(any_command, AnyCommand):
            takes = question.step not in self.instance.spec.trees
            taken = any_command.invocation(question.kind, choices[0], choices[1:]) if takes else None
            attempt = attempt.with_programs(any_command.carried(self.state, inputs), taken)
        return Found(REFUTED, 0.0, attempt)


__all__ = ["PRESERVED", "REFUTED", "UNKNOWN", "Found", "Proof"]
