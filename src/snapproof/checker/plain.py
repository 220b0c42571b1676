"""The plain breadth-first search: slow, short, and the oracle of the compiled one.

Both visit states in the same order: initial states in the order of their choices, then for every state
actions first and processes after, each in order.  So counts, verdicts and counterexamples are equal,
and a counterexample is a shortest one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ..spec.constraints import within
from ..spec.errors import EvaluationError
from ..spec.instance import Cells, Instance
from ..spec.machine import Broken, Machine, Transition
from ..spec.properties import Property
from .result import MEMORY, Limits, Progress, Result, Verdict
from .stuck import first_stuck

TELLING = 5.0
"""Seconds that a counterexample may take beyond a time limit: to be found again, and to be put into words."""

LOOK = 256
"""States between two looks at the clock and the limits."""

CELL = 9
"""Bytes of memory that a cell of a stored state takes here, roughly: a tuple slot, and its share of the rest."""


class PlainSearch:
    """One search.  `run` may be called again after it stopped at a limit; it goes on where it was."""

    def __init__(self, instance: Instance, properties: list[Property], deadlock: bool | None = None,
                 stuck: bool | None = None) -> None:
        self.machine = Machine(instance, [p for p in properties if p.kind == "transition"])
        self.instance = instance
        self.deadlock, self.seeks_stuck = instance.looked_for(deadlock, stuck)
        ordered = instance.spec.in_order(properties)
        self.invariants = [p for p in ordered if p.kind == "invariant"]
        self.wanted = [p for p in ordered if p.kind == "witness"]
        self.states: list[Cells] = []
        self.found: dict[Cells, int] = {}
        self.parent: list[int] = []
        self.level: list[int] = []
        self.following: list[list[int]] = []
        self.moves: list[int] = []
        self.stuck: list[int] = []
        self.generated = 0
        self.expanded = 0
        self.cut = 0
        self.executed: dict[tuple[str, str], int] = {}
        self.stopped: tuple[Verdict, Broken | None] | None = None
        self.ends: tuple[int, Transition | None] = (-1, None)
        self.begun: list[Transition] = []
        self.next_start = 0

    def run(self, limits: Limits | None = None, report: Callable[[Progress], None] | None = None) -> Result:
        """Search until the end, a violation, or a limit; Ctrl-C gives a partial result."""
        limits, begin = limits or Limits(), time.monotonic()
        reason = ""
        try:
            total = self.machine.starts()
            while self.stopped is None and not reason and self.next_start < total:
                self._begin()
                reason = self._look(self.next_start, limits, begin, report)
            if not self.states and not reason:
                raise no_initial_state(self.machine)
            while self.stopped is None and not reason and self.expanded < len(self.states):
                self._expand(self.expanded)
                self.expanded += 1
                reason = self._look(self.expanded, limits, begin, report)
            if self.stopped is None and not reason:
                self._seek_stuck()
        except KeyboardInterrupt:
            reason = "interrupted"
        return self._result(reason if self.stopped is None else "", time.monotonic() - begin)

    def _look(self, count: int, limits: Limits, begin: float, report: Callable[[Progress], None] | None) -> str:
        """Now and then: tell how far it is, and find a reason to stop."""
        if count % LOOK and limits.states is None:
            return ""
        now = self._progress(time.monotonic() - begin)
        if report and count % LOOK == 0:
            report(now)
        return exceeded(limits, now)

    def _begin(self) -> None:
        """Meet the next initial state."""
        taken, following = self.machine.start(self.next_start)
        if taken is not None:
            known = len(self.states)
            self.begun.append(taken)
            self._meet(taken, -1)
            if len(self.states) == known:
                self.begun.pop()
        self.next_start = following

    def _expand(self, index: int) -> None:
        cells = self.states[index]
        if not within(self.machine, cells):
            self._cut()
            return
        taken = 0
        moves, following = self.machine.at_rest(cells) if self.seeks_stuck else 0, []
        for successor in self.machine.successors(cells):
            taken += 1
            self._count(successor)
            if successor.broken is not None:
                self.generated += 1
                self.stopped, self.ends = (Verdict.VIOLATED, successor.broken), (index, successor)
                return
            self._meet(successor, index)
            if self.stopped is not None:
                return
            if self.seeks_stuck:
                moves |= 1 << successor.move.process if successor.move.process >= 0 else 0
                following.append(self.found[successor.cells])
        if self.seeks_stuck:
            self.moves.append(moves)
            self.following.append(following)
        if not taken and self.deadlock and not self.machine.resting(cells):
            self.stopped, self.ends = (Verdict.DEADLOCK, None), (index, None)

    def _cut(self) -> None:
        """The state is not explored further: whoever might move behind it is not stuck."""
        self.cut += 1
        self.moves.append((1 << len(self.instance.processes)) - 1)
        self.following.append([])

    def _seek_stuck(self) -> None:
        if self.seeks_stuck:
            found = first_stuck(self.moves, self.following, len(self.instance.processes))
            if found is not None:
                state, self.stuck = found
                self.stopped, self.ends = (Verdict.STUCK, None), (state, None)

    def _meet(self, reached: Transition, parent: int) -> None:
        """Count a generated state; store it, and check the invariants, when it is new."""
        self.generated += 1
        cells = reached.cells
        if cells in self.found:
            return
        self.found[cells] = len(self.states)
        self.states.append(cells)
        self.parent.append(parent)
        self.level.append(self.level[parent] + 1 if parent >= 0 else 0)
        for p in self.invariants:
            broken = self.machine.check(p, cells)
            if broken is not None:
                self.stopped, self.ends = (Verdict.VIOLATED, broken), (len(self.states) - 1, None)
                return
        self.wanted = [p for p in self.wanted if self.machine.check(p, cells) is None]

    def _count(self, taken: Transition) -> None:
        kind = self.instance.processes[taken.move.process][0].__name__ if taken.move.process >= 0 else ""
        for box in taken.move.boxes:
            key = (kind, box.name)
            self.executed[key] = self.executed.get(key, 0) + 1

    def path(self, index: int) -> list[Transition]:
        """The transitions from an initial state to a stored one, the initial state first."""
        indices = []
        while index >= 0:
            indices.append(index)
            index = self.parent[index]
        states = [self.states[i] for i in reversed(indices)]
        return replay_path(self.machine, self.begun[indices[-1]], states)

    def _progress(self, seconds: float) -> Progress:
        return Progress("plain", len(self.states), self.generated, self.level[-1] if self.level else 0,
                        len(self.states) - self.expanded, seconds, len(self.states) * (self.instance.width * CELL + 200))

    def _result(self, reason: str, seconds: float) -> Result:
        now = self._progress(seconds)
        verdict, broken = self.stopped or (Verdict.INCOMPLETE if reason else Verdict.HOLDS, None)
        trace, (index, last) = None, self.ends
        if self.stopped:
            try:
                trace = [*self.path(index), *([last] if last else [])]
            except KeyboardInterrupt:
                reason = "interrupted"
        unreached = [p.id for p in self.wanted] if verdict is Verdict.HOLDS else []
        if unreached:
            verdict = Verdict.UNREACHED
        return Result(self.instance, verdict, "plain", now.distinct, now.generated, now.depth, seconds, now.memory,
                      reason=reason, broken=broken, stuck=self.stuck, counterexample=trace, executed=dict(self.executed),
                      unreached=unreached, cut=self.cut)


def no_initial_state(machine: Machine) -> EvaluationError:
    """The error of a specification without initial states: everything would hold of nothing."""
    return EvaluationError(f"specification {machine.spec.name}", "it has no initial state.",
                           "An initial function must return DONE for at least one of its choices.")


def replay_path(machine: Machine, begun: Transition, states: list[Cells]) -> list[Transition]:
    """The transitions along a sequence of states: for each, the first move that leads to the next."""
    path = [begun]
    for before, after in zip(states, states[1:], strict=False):
        path.append(next(t for t in machine.successors(before) if t.cells == after))
    return path


def exceeded(limits: Limits, now: Progress) -> str:
    if limits.memory is not None and now.memory > limits.memory:
        return MEMORY
    if limits.states is not None and now.distinct >= limits.states:
        return "state limit reached"
    if limits.seconds is not None and now.seconds >= limits.seconds:
        return "time limit reached"
    return ""
