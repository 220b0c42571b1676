"""The compiled breadth-first search: the same order, counts and counterexamples as plain.py, packed and fast.

Python keeps the storage, calls the kernels for some ten thousand states at a time, and between calls
reports progress, lets the table grow, and honours limits and Ctrl-C.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ..memory import default_budget
from ..spec.constraints import within
from ..spec.errors import EvaluationError
from ..spec.instance import Instance
from ..spec.machine import Broken, Machine, Transition
from ..spec.properties import Property
from . import blame
from . import kernels as k
from .cache import Cache
from .emit import Module, emit_module
from .native import load
from .paths import path_to
from .plain import TELLING, exceeded, no_initial_state
from .result import MEMORY, Limits, OutOfTime, Progress, Result, Verdict
from .storage import Storage
from .stuck_compiled import seek_stuck

SLICE = 1 << 16
"""States expanded between two looks at the clock."""


class CompiledSearch(Storage):
    """One search.  `run` may be called again after it stopped at a limit; it goes on where it was."""

    def __init__(self, instance: Instance, properties: list[Property], deadlock: bool | None = None,
                 cache: Cache | None = None, module: Module | None = None, stuck: bool | None = None,
                 seconds: float | None = None) -> None:
        begin = time.monotonic()
        self.instance, self.properties = instance, instance.spec.in_order(properties)
        self.deadlock, self.seeks_stuck = instance.looked_for(deadlock, stuck)
        self.machine = Machine(instance, [p for p in properties if p.kind == "transition"])
        self.module = module or emit_module(instance)
        self.cache = cache or Cache()
        self.native, self.from_cache = load(self.module.text, self.cache, seconds)
        self.explore = self.native.function("snapproof_explore", 14)
        self.begin = self.native.function("snapproof_begin", 12)
        self.compile_seconds = time.monotonic() - begin
        self.layout = self.module.layout
        self.stopped: tuple[Verdict, Broken | None] | None = None
        self.ends: tuple[int, Transition | None] = (-1, None)
        self.stuck: list[int] = []
        self.next_start, self.starts = 0, self.machine.starts()

    # --- the run --------------------------------------------------------------------------------------

    def run(self, limits: Limits | None = None, report: Callable[[Progress], None] | None = None) -> Result:
        """Search until the end, a violation, or a limit; Ctrl-C gives a partial result."""
        limits, begin = limits or Limits(), time.monotonic()
        reason = ""
        if not hasattr(self, "cells"):
            self._allocate(limits.memory or default_budget())
        try:
            while self.stopped is None and not reason and self.next_start < self.starts:
                self._begin()
                reason = self._look(limits, begin, report)
            if not self.cells[k.TAIL] and not reason and self.stopped is None:
                raise no_initial_state(self.machine)
            while self.stopped is None and not reason:
                if self._slice(limits):
                    reason = self._seek_stuck(limits, begin)
                    break
                reason = self._look(limits, begin, report)
        except KeyboardInterrupt:
            reason = "interrupted"
        if self.cells[k.STOP] == k.FULL:
            self.cells[k.STOP] = k.GOING
        return self._result(reason, begin, limits)

    def _look(self, limits: Limits, begin: float, report: Callable[[Progress], None] | None) -> str:
        """Between two slices: tell how far it is, and find a reason to stop."""
        now = self._progress(time.monotonic() - begin)
        if report:
            report(now)
        if self.stopped is not None:
            return ""
        return MEMORY if self.cells[k.STOP] == k.FULL else exceeded(Limits(None, limits.states, limits.seconds), now)

    def _begin(self) -> None:
        """Meet the next batch of initial states, if there is room for it."""
        if self.cells[k.ROOM] <= self.cells[k.TAIL] + self.batch and not self._grow() or \
                self.cells[k.CAPACITY] < self.cells[k.TAIL] + self.batch:
            self.cells[k.STOP] = k.FULL
            return
        self.next_start = self.begin(
            self.control.address, self.ctx.address, self.store.address, self.table.address, self.marks.address,
            self.hops.address, self.out, self.info, self.hashes, self.next_start, self.starts, self.batch)
        self._settle()

    def _slice(self, limits: Limits) -> bool:
        """Explore a slice; True when the search has come to its end."""
        step = SLICE if limits.states is None else max(1, min(SLICE, limits.states - self.cells[k.TAIL]))
        self.explore(self.control.address, self.ctx.address, self.store.address, self.table.address, self.marks.address,
                     self.hops.address, self.moves.address, self.scratch.address, self.out, self.info, self.hashes,
                     self.cells[k.HEAD] + step, self.batch, self.module.most)
        self._settle()
        return self.stopped is None and self.cells[k.STOP] == k.GOING and self.cells[k.HEAD] == self.cells[k.TAIL]

    def _settle(self) -> None:
        """Act on the reason why a kernel stopped."""
        why, culprit, detail = self.cells[k.STOP], self.cells[k.CULPRIT], self.cells[k.DETAIL]
        if why == k.GROW:
            self.cells[k.STOP] = k.GOING if self._grow() else k.FULL
        elif why == k.VIOLATED:
            p = self.module.invariants[detail]
            self.ends = (culprit, None)
            self.stopped = (Verdict.VIOLATED, self._certain(self.machine.check(p, self.state(culprit)), p))
        elif why == k.BROKEN_STEP:
            last = next((t for t in self.machine.successors(self.state(culprit)) if t.broken), None)
            self.ends = (culprit, last)
            self.stopped = (Verdict.VIOLATED, self._certain(last.broken if last else None, self.module.transitions[detail]))
        elif why == k.DEADLOCKED:
            self.ends, self.stopped = (culprit, None), (Verdict.DEADLOCK, None)
        elif why == k.START_ERROR:
            blame.asked(self, lambda: self.machine.start(self.next_start))
            blame.refuse(self, self.ctx_words[0])
        elif why == k.STEP_ERROR:
            within(self.machine, self.state(culprit))
            blame.asked(self, lambda: list(self.machine.successors(self.state(culprit))))
            blame.of_steps(self, culprit)
        elif why == k.PROPERTY_ERROR:
            of_states = [p for p in self.properties if p.kind in ("invariant", "witness")]
            blame.asked(self, lambda: [self.machine.check(p, self.state(culprit)) for p in of_states])
            blame.of_properties(self, culprit)

    def _seek_stuck(self, limits: Limits, begin: float) -> str:
        """After the last state: is there a process that can never move again?  A reason if a limit came first."""
        if not self.seeks_stuck:
            return ""
        try:
            found = seek_stuck(self, lambda: exceeded(Limits(None, None, limits.seconds), self._progress(time.monotonic() - begin)))
        except OutOfTime as error:
            return f"{error} before it was known whether a process is stuck"
        if found is not None:
            state, self.stuck = found
            self.ends, self.stopped = (state, None), (Verdict.STUCK, None)
        return ""

    def _certain(self, broken: Broken | None, p: Property) -> Broken:
        if broken is None or broken.property is not p:
            raise EvaluationError(p.place, "the compiled and the plain reading disagree about it.",
                                  "This is a defect of Snapproof: run with --reading plain, and report the scenario.")
        return broken

    # --- results --------------------------------------------------------------------------------------

    def _progress(self, seconds: float) -> Progress:
        tail = self.cells[k.TAIL]
        depth = self.cells[k.DEPTH] + (1 if tail > self.cells[k.LEVEL_END] else 0)
        return Progress("compiled", tail, self.cells[k.GENERATED], max(0, depth), tail - self.cells[k.HEAD], seconds, self.memory())

    def _path(self, begin: float, limits: Limits) -> tuple[list[Transition] | None, str]:
        """The counterexample; or why it could not be put together in time."""
        index, last = self.ends
        late = None if limits.seconds is None else max(limits.seconds + begin, time.monotonic() + TELLING)
        try:
            path = path_to(self, index, late)
        except OutOfTime as error:
            return None, str(error)
        except KeyboardInterrupt:
            return None, "interrupted"
        return [*path, last] if last is not None else path, ""

    def _result(self, reason: str, begin: float, limits: Limits) -> Result:
        now = self._progress(time.monotonic() - begin)
        verdict, broken = self.stopped or (Verdict.INCOMPLETE if reason else Verdict.HOLDS, None)
        trace = None
        if self.stopped:
            trace, reason = self._path(begin, limits)
        left, wanted = self.cells[k.WITNESSES], {id(p) for p in self.properties}
        seen = (p for p in self.module.witnesses if id(p) in wanted)
        unreached = [p.id for i, p in enumerate(seen) if left >> i & 1] if verdict is Verdict.HOLDS else []
        if unreached:
            verdict = Verdict.UNREACHED
        counts = {key: int(self.ctx_words[self.module.counters + i]) for i, key in enumerate(self.module.steps)}
        return Result(self.instance, verdict, "compiled", now.distinct, now.generated, now.depth, time.monotonic() - begin, now.memory,
                      state_bits=self.layout.bits, compile_seconds=self.compile_seconds, reason=reason, broken=broken,
                      stuck=self.stuck, counterexample=trace, executed={key: n for key, n in counts.items() if n}, unreached=unreached,
                      cut=self.cells[k.CUT])
