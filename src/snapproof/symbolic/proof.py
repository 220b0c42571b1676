"""One box against all goals, from any state in which goals and helpers hold.

Goals and helpers are built once, on a free state, one literal for each choice of their parameters.  For a box of
one process, the cells that it changes are replaced in them; an instance that stays the same literal is preserved,
and no solver is asked.  The rest is asked about (`inquiry.py`), each instance by itself: a disjunction of many is much
harder to exclude.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..spec.instance import Instance
from ..spec.machine import Machine
from ..spec.processes import Action, Process, Step
from ..spec.properties import Property
from .circuit import FALSE, TRUE, OutOfTime, Truth
from .commands import AnyCommand
from .confirm import Attempt, process_of
from .evaluation import Evaluation
from .inquiry import Assumed, Inquiry
from .solver import EXCLUDED, SATISFIED, MiniSat, Solver
from .state import SymbolicState
from .steps import Executed, act, evaluate, execute
from .substitution import Dependents, Substitution
from .terms import Term, bits

T = TypeVar("T")

PRESERVED, REFUTED, UNKNOWN = "preserved", "not preserved", "unknown"

NOBODY = -1
"""In place of the process that executes an action."""


@dataclass(frozen=True)
class Found:
    """What is known of one goal and one box; for REFUTED, how it is broken."""

    outcome: str
    seconds: float = 0.0
    attempt: Attempt | None = None


@dataclass(frozen=True)
class Run:
    """A box of one process (or an action, which nobody executes: `kind` None, `id` -1) executed on the free state.

    `conditions` say when it runs and does not wait.  `here` is the free state with the process at the box, `before` how
    a property reads there.
    """

    kind: type[Process] | None
    step: Step | Action
    id: int
    choices: list[Term]
    conditions: list[Truth]
    here: SymbolicState
    before: Substitution
    done: Executed


class Proof:
    """The free state, and every instance of goals and helpers on it.

    `seconds` bounds each question, with the building of its formulas.  OutOfTime: the instances took longer.
    """

    def __init__(self, instance: Instance, goals: Sequence[Property], helpers: Sequence[Property], seconds: float,
                 any_command: bool = False, solver: type[Solver] = MiniSat) -> None:
        self.instance, self.seconds, self.solver = instance, seconds, solver
        self.goals = list(dict.fromkeys(goals))
        any_of = AnyCommand(instance) if any_command else None
        # What none of the commands changes is as it was at first in every state that is reached; only their boxes may be asked about.
        self.state = SymbolicState.free(instance, commands=any_of, unchanged=any_of.unchanged() if any_of is not None else ())
        self.terms = self.state.terms
        self.terms.end = time.monotonic() + seconds
        self.instances = {p: self._instances(p) for p in dict.fromkeys([*goals, *helpers])}
        every = list(dict.fromkeys(a for found in self.instances.values() for a in found))
        self.dependents = Dependents(self.terms, every)
        self.assumed = Assumed(Evaluation(self.terms, every), self.state.limits, self._usual())
        self.terms.end = None

    def _within(self, ask: Callable[[], T], otherwise: T) -> T:
        """An answer within the time; the formulas made for it are forgotten."""
        mark = self.terms.mark()
        self.terms.end = time.monotonic() + self.seconds
        try:
            return ask()
        except OutOfTime:
            return otherwise
        finally:
            self.terms.end = None
            self.terms.cut(mark)

    def _instances(self, p: Property) -> list[Truth]:
        """The literals of an invariant, for all values of its parameters; one whose evaluation goes wrong does not hold."""
        return [a for a in self._literals(p, [self.state]) if a != TRUE]

    def _literals(self, p: Property, states: Sequence[SymbolicState], mover: int | None = None) -> list[Truth]:
        """One for all values of the parameters; the first parameter of a transition property is the process that moves."""
        found = []
        ranges: list[Iterable[int]] = [self.instance.scope.each(of) for _, of in p.chosen(p.states + 1)]
        if mover is not None:
            ranges[0] = [mover]
        for values in itertools.product(*ranges):
            holds, errors = evaluate(self.instance, p, states, values)
            found.append(self.terms.both(holds, errors ^ 1))
        return list(dict.fromkeys(found))

    def _usual(self) -> dict[int, int]:
        """Inputs of an initial state, for what a question leaves open: most properties hold there."""
        first = next(Machine(self.instance, []).initial(), None)
        return {} if first is None else self.state.inputs_of(first.cells)

    # --- a box ------------------------------------------------------------------------------------------

    def box(self, kind: type[Process] | None, step: Step | Action) -> dict[Property, Found]:
        """What is known of every goal: REFUTED for some process, or UNKNOWN for some, or PRESERVED."""
        return self._each_process(kind, step, self.goals, lambda run, goals: self._broken(run, goals))

    def transitions(self, kind: type[Process] | None, step: Step | Action, goals: Sequence[Property]) -> dict[Property, Found]:
        """The same for transition properties that watch this box."""
        def broken(run: Run, goals: Sequence[Property]) -> dict[Property, list[Truth]]:
            states = [run.here, run.done.after]
            asked = {p: p.asks(run.kind, step) for p in goals}
            return {p: [a ^ 1 for a in self._literals(p, states, run.id if mine else None)] if mine is not None else []
                    for p, mine in asked.items()}
        return self._each_process(kind, step, goals, broken)

    def stays_defined(self, kind: type[Process] | None, step: Step | Action) -> Found:
        """Does the box never leave an index set or a domain?  PRESERVED says so."""
        def ask(id: int) -> Found:
            run = self._run(kind, step, id)
            limits = run.conditions[:len(run.choices)]
            return self._answer(run, [run.done.errors] if run.done.errors != FALSE else [], limits)
        return self._first_other(kind, ask, PRESERVED)

    def never_runs(self, kind: type[Process] | None, step: Step | Action) -> Found:
        """Is there no state with all goals and helpers in which the box runs?  PRESERVED says that there is none."""
        def ask(id: int) -> Found:
            run = self._run(kind, step, id)
            return self._answer(run, [TRUE] if FALSE not in run.conditions else [])
        return self._first_other(kind, ask, PRESERVED)

    def _members(self, kind: type[Process] | None) -> Iterable[int]:
        """Who may execute a box of this kind."""
        return [NOBODY] if kind is None else range(self.instance.sizes[kind.__name__])

    def _first_other(self, kind: type[Process] | None, ask: Callable[[int], Found], usual: str) -> Found:
        """The first answer for some process that is not the usual one."""
        begin, outcome = time.monotonic(), usual
        for id in self._members(kind):
            outcome = self._within(lambda id=id: ask(id), Found(UNKNOWN)).outcome  # type: ignore[misc]
            if outcome != usual:
                break
        return Found(outcome, time.monotonic() - begin)

    def implied(self, p: Property) -> Found:
        """Does an invariant follow from goals and helpers, in any state?"""
        begin = time.monotonic()
        outcome = self._within(lambda: self._first([a ^ 1 for a in self._instances(p)], [], lambda a: a, {})[0], UNKNOWN)
        return Found({EXCLUDED: PRESERVED, SATISFIED: REFUTED}.get(outcome, UNKNOWN), time.monotonic() - begin)

    def _each_process(self, kind: type[Process] | None, step: Step | Action, goals: Sequence[Property],
                      broken: Callable[[Run, Sequence[Property]], dict[Property, list[Truth]]]) -> dict[Property, Found]:
        """Ask for every process of the kind; `broken` are conditions, one for each instance of a goal that may be broken."""
        out = {goal: Found(PRESERVED) for goal in goals}
        begin = time.monotonic()
        for id in self._members(kind):
            left = [g for g in goals if out[g].outcome != REFUTED]
            found: dict[Property, Found] = {}

            def ask(id: int = id, left: list[Property] = left, found: dict[Property, Found] = found) -> bool:
                run = self._run(kind, step, id)
                for goal, conditions in (broken(run, left).items() if FALSE not in run.conditions else ()):
                    # Each goal has its time; together they have that of all.
                    self.terms.end = time.monotonic() + self.seconds
                    found[goal] = self._answer(run, [b for b in dict.fromkeys(conditions) if b != FALSE])
                return True

            if not self._within(ask, False):
                found = {g: found.get(g, Found(UNKNOWN)) for g in left}
            out.update({goal: f for goal, f in found.items() if f.outcome != PRESERVED})
        spent = (time.monotonic() - begin) / max(1, len(goals))
        return {goal: Found(f.outcome, spent, f.attempt) for goal, f in out.items()}

    def _run(self, kind: type[Process] | None, step: Step | Action, id: int) -> Run:
        here = self.state.copy()
        choices, conditions = self._choices(kind, step)
        if kind is None or not isinstance(step, Step):
            done = act(self.instance, here, step, choices)
        else:
            row = here.cells[kind.__name__, "step"]
            row[id] = here.codes[kind.__name__][step]
            done = execute(self.instance, here, kind, id, step, choices)
        # Behind the box, too, locals are used in their time only: that is so in every state that is reached (spec/during.py).
        limited = [s for s in self.instance.slots.values() if s.during and s.kind is kind]
        conditions += [done.waits ^ 1, done.errors ^ 1, *(done.after.in_its_time(s, id) for s in limited)]
        return Run(kind, step, id, choices, conditions, here, self._difference(here), done)

    def _broken(self, run: Run, goals: Sequence[Property]) -> dict[Property, list[Truth]]:
        after = self._difference(run.done.after)
        return {g: [self.terms.both(run.before(a), after(a) ^ 1) for a in self.instances[g] if after.changes(a)] for g in goals}

    def _choices(self, kind: type[Process] | None, step: Step | Action) -> tuple[list[Term], list[Truth]]:
        chosen = step.chosen(2 if kind is None else 3)
        ranges = ([(each.start, each.stop - 1) for each in (self.instance.scope.each(of) for _, of in chosen)]
                  if kind is None or step in self.instance.spec.trees else self.state.commands.choices(kind))
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

    def _answer(self, run: Run, broken: Sequence[Truth], conditions: Sequence[Truth] | None = None) -> Found:
        outcome, inputs = self._first(broken, run.conditions if conditions is None else conditions, run.before,
                                      self._position(run))
        if outcome == SATISFIED:
            return self._refuted(run, inputs)
        return Found(PRESERVED if outcome == EXCLUDED else UNKNOWN)

    def _first(self, wanted: Sequence[Truth], conditions: Sequence[Truth], before: Callable[[Truth], Truth],
               position: Mapping[int, int]) -> tuple[str, dict[int, int]]:
        """The first of some conditions that can be met, with the inputs; EXCLUDED when all are excluded."""
        if not wanted:
            return EXCLUDED, {}
        solver = self.solver(self.terms)
        inquiry = Inquiry(conditions, before, position, self.assumed, solver, time.monotonic() + self.seconds)
        try:
            for one in wanted:
                outcome, inputs = inquiry.ask(one)
                if outcome != EXCLUDED:
                    return outcome, inputs
                solver.add([one ^ 1])  # it is not so in any state with these properties: a help for the next
        finally:
            solver.close()
        return EXCLUDED, {}

    def _position(self, run: Run) -> dict[int, int]:
        """The inputs that say at which step the process is."""
        if run.kind is None or not isinstance(run.step, Step):
            return {}
        name = run.kind.__name__
        term, code = self.state.cells[name, "step"][run.id], self.state.codes[name][run.step]
        return {} if isinstance(term, int) else {a >> 1: code >> i & 1 for i, a in enumerate(term.bits) if a > 1}

    def _refuted(self, run: Run, inputs: dict[int, int]) -> Found:
        choices = tuple(self.terms.value(c, inputs) for c in run.choices)
        process = NOBODY if run.kind is None else process_of(self.instance, run.kind, run.id)
        attempt = Attempt(self.instance, self.state.value(inputs), process, choices)
        any_command = self.state.commands
        if isinstance(any_command, AnyCommand):
            takes = run.step not in self.instance.spec.trees
            taken = any_command.invocation(run.kind, choices[0], choices[1:]) if takes and run.kind is not None else None
            attempt = attempt.with_programs(any_command.carried(self.state, inputs), taken)
        return Found(REFUTED, 0.0, attempt)


__all__ = ["PRESERVED", "REFUTED", "UNKNOWN", "Found", "Proof"]
