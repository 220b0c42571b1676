"""The compiled breadth-first search: the same order, counts and counterexamples as plain.py, packed and fast.

Python keeps the storage, calls the kernels for some ten thousand states at a time, and between calls
reports progress, lets the table grow, and honours limits and Ctrl-C.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import Any

from ..spec.errors import EvaluationError
from ..spec.instance import Cells, Instance
from ..spec.machine import Broken, Machine, Transition
from ..spec.properties import Property
from . import kernels as k
from .cache import Cache
from .context import context
from .emit import Module, emit_module
from .native import Memory, load
from .plain import exceeded, initial_states, replay_path
from .result import Limits, Progress, Result, Verdict
from .stuck_compiled import OutOfTime, seek_stuck

BATCH = 2048
"""Rows generated before they are looked up."""

SLICE = 1 << 16
"""States expanded between two looks at the clock."""

FIRST_BITS = 14
LOAD = 0.875
"""How full the table may become: linear probing over tagged entries stays short up to here."""


class CompiledSearch:
    """One search.  `run` may be called again after it stopped at a limit; it goes on where it was."""

    def __init__(self, instance: Instance, properties: list[Property], deadlock: bool = True,
                 cache: Cache | None = None, module: Module | None = None, stuck: bool | None = None) -> None:
        begin = time.monotonic()
        self.instance, self.properties, self.deadlock = instance, instance.spec.in_order(properties), deadlock
        self.seeks_stuck = (deadlock if stuck is None else stuck) and bool(instance.processes)
        self.machine = Machine(instance, [p for p in properties if p.kind == "transition"])
        self.module = module or emit_module(instance)
        self.cache = cache or Cache()
        self.native, self.from_cache = load(self.module.text, self.cache)
        self.explore = self.native.function("snapproof_explore", 14)
        self.absorb = self.native.function("snapproof_absorb", 10)
        self.rebuild = self.native.function("snapproof_rebuild", 4)
        self.compile_seconds = time.monotonic() - begin
        self.layout = self.module.layout
        self.stopped: tuple[Verdict, Broken | None, list[Transition]] | None = None
        self.stuck: list[int] = []
        self.initial: deque[Transition] | None = None

    # --- storage --------------------------------------------------------------------------------------

    def _allocate(self, budget: int) -> None:
        """Room for as many states as the budget holds, in pages that count when they are touched."""
        self.row = self.layout.halves * 4
        self.batch = max(BATCH, 2 * self.module.most)
        self.each = self.row + 4 / k.STRIDE + (4 + 4 * self.module.groups if self.seeks_stuck else 0)
        smallest = self.each + 4 / LOAD
        self.capacity = min(int(budget / smallest), (1 << 31) - 1)
        self.store = Memory(self.capacity * self.row + 64)
        self.marks = Memory(self.capacity // k.STRIDE * 4 + 64)
        self.hops = Memory(self.capacity * 4 if self.seeks_stuck else 0)
        self.moves = Memory(self.capacity * 4 * self.module.groups if self.seeks_stuck else 0)
        self.scratch = Memory((self.batch + 1) * (self.layout.words + 3) * 8 + 4096)
        self.out = self.scratch.address + 8 * self.layout.words
        self.info = self.out + 8 * self.layout.words * self.batch
        self.hashes = self.info + 16 * self.batch
        self.control = Memory(8 * 64)
        self.cells = self.control.words()
        self.stored, self.marked = self.store.halves(), self.marks.halves()
        wanted = {id(p) for p in self.properties}
        values = context(self.instance, self.module, wanted)
        self.ctx = Memory(8 * (len(values) + 8))
        self.ctx_words = self.ctx.words()
        for i, value in enumerate(values):
            self.ctx_words[i] = value
        self.cells[k.PARENT], self.cells[k.DEPTH], self.cells[k.CAPACITY] = -1, -1, self.capacity
        self.cells[k.DEADLOCK], self.cells[k.STUCK] = int(self.deadlock), int(self.seeks_stuck)
        self.cells[k.INVARIANTS] = _mask(self.module.invariants, wanted)
        self.cells[k.WITNESSES] = _mask(self.module.witnesses, wanted)
        self.budget = budget
        self.first_bits = max(FIRST_BITS, int(2 * self.batch / LOAD).bit_length())
        self._new_table(self.first_bits)

    def _new_table(self, bits: int) -> bool:
        """A table of 2^bits slots with every stored state; False when the budget has no room for it."""
        used = self.cells[k.TAIL] * self.each
        room = int(LOAD * (1 << bits))
        if bits > self.first_bits and used + (4 << bits) > self.budget:
            return False
        self.table = Memory(4 << bits)
        self.cells[k.BITS], self.cells[k.ROOM] = bits, room
        if self.cells[k.TAIL]:
            self.rebuild(self.control.address, self.store.address, self.table.address, self.scratch.address)
        fits = int((self.budget - (4 << bits)) / self.each)
        self.cells[k.CAPACITY] = min(self.capacity, max(fits, 0))
        return True

    def _grow(self) -> bool:
        while self.cells[k.ROOM] <= self.cells[k.TAIL] + self.batch:
            if not self._new_table(self.cells[k.BITS] + 1):
                return False
        return True

    # --- the run --------------------------------------------------------------------------------------

    def run(self, limits: Limits | None = None, report: Callable[[Progress], None] | None = None) -> Result:
        """Search until the end, a violation, or a limit; Ctrl-C gives a partial result."""
        limits, begin = limits or Limits(), time.monotonic()
        reason = ""
        try:
            if self.initial is None:
                starts = initial_states(self.machine)
                self._allocate(limits.memory or default_budget())
                self.initial = starts
            while self.initial and self.stopped is None and self.cells[k.STOP] != k.FULL:
                self._begin()
            if self.cells[k.STOP] == k.FULL:
                reason = "memory limit reached"
            while self.stopped is None and not reason:
                if self._slice(limits):
                    reason = self._seek_stuck(limits, begin)
                    break
                now = self._progress(time.monotonic() - begin)
                reason = "memory limit reached" if self.cells[k.STOP] == k.FULL else exceeded(
                    Limits(None, limits.states, limits.seconds), now)
                if report:
                    report(now)
        except KeyboardInterrupt:
            reason = "interrupted"
        if self.cells[k.STOP] == k.FULL:
            self.cells[k.STOP] = k.GOING
        return self._result(reason if self.stopped is None else "", time.monotonic() - begin)

    def _begin(self) -> None:
        """Meet the next batch of initial states, if there is room for it."""
        assert self.initial is not None
        if self.cells[k.ROOM] <= self.cells[k.TAIL] + self.batch and not self._grow():
            self.cells[k.STOP] = k.FULL
            return
        if self.cells[k.CAPACITY] < self.cells[k.TAIL] + self.batch:
            self.cells[k.STOP] = k.FULL
            return
        count = min(self.batch, len(self.initial))
        self._meet(self.scratch.words(), [self.layout.pack(self.initial[i].cells) for i in range(count)])
        for _ in range(count):
            self.initial.popleft()

    def _meet(self, words: Any, rows: list[list[int]]) -> None:
        out, info = self.layout.words, self.layout.words * (1 + self.batch)
        for i, row in enumerate(rows):
            for j, word in enumerate(row):
                words[out + i * self.layout.words + j] = word - (1 << 64) if word >> 63 else word
            words[info + 2 * i], words[info + 2 * i + 1] = 0, -1
        self.absorb(self.control.address, self.ctx.address, self.store.address, self.table.address, self.marks.address,
                    self.hops.address, self.out, self.info, self.hashes, len(rows))
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
            trace = self.path(culprit)
            self.stopped = (Verdict.VIOLATED, self._certain(self.machine.check(p, trace[-1].cells), p), trace)
        elif why == k.BROKEN_STEP:
            path = self.path(culprit)
            last = next((t for t in self.machine.successors(path[-1].cells) if t.broken), None)
            p = self.module.transitions[detail]
            broken = self._certain(last.broken if last else None, p)
            assert last is not None
            self.stopped = (Verdict.VIOLATED, broken, [*path, last])
        elif why == k.DEADLOCKED:
            self.stopped = (Verdict.DEADLOCK, None, self.path(culprit))
        elif why in (k.STEP_ERROR, k.PROPERTY_ERROR):
            self._explain_error(culprit)

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
            self.stopped = (Verdict.STUCK, None, self.path(state))
        return ""

    def _certain(self, broken: Broken | None, p: Property) -> Broken:
        if broken is None or broken.property is not p:
            raise EvaluationError(p.place, "the compiled and the plain reading disagree about it.",
                                  "This is a defect of Snapproof: run with --reading plain, and report the scenario.")
        return broken

    def _explain_error(self, culprit: int) -> None:
        """A check failed in compiled code: let the plain reading say which and why."""
        cells = self.state(culprit)
        for _ in self.machine.successors(cells):
            pass
        for p in self.properties:
            if p.kind in ("invariant", "witness"):
                self.machine.check(p, cells)
        site = self.module.sites[self.ctx_words[0]]
        if "beyond 62 bits" in site:
            raise EvaluationError(site, "the compiled reading computes with 62 bits and a sign.", "Keep intermediate numbers smaller.")
        raise EvaluationError(site, "a value left its range in the compiled reading only.",
                              "This is a defect of Snapproof: run with --reading plain, and report the scenario.")

    # --- states and paths -----------------------------------------------------------------------------

    def state(self, index: int) -> Cells:
        """A stored state."""
        halves = self.stored[index * self.layout.halves:(index + 1) * self.layout.halves] + [0]
        return self.layout.unpack([halves[2 * i] | halves[2 * i + 1] << 32 for i in range(self.layout.words)])

    def parent(self, index: int) -> int:
        """The state from which one was first reached: the marks give sixteen candidates, their successors decide."""
        served = self.cells[k.PARENT] // k.STRIDE + 1
        block = bisect_right(self.marked, index, 0, served) - 1
        if block < 0:
            return -1
        wanted = self.state(index)
        for candidate in range(block * k.STRIDE, min((block + 1) * k.STRIDE, index)):
            if any(t.cells == wanted for t in self.machine.successors(self.state(candidate))):
                return candidate
        return -1

    def path(self, index: int) -> list[Transition]:
        """The transitions from an initial state to a stored one, the initial state first."""
        states = []
        while index >= 0:
            states.append(self.state(index))
            index = self.parent(index)
        return replay_path(self.machine, states[::-1])

    # --- results --------------------------------------------------------------------------------------

    def memory(self) -> int:
        """Bytes of storage in use."""
        return int(self.cells[k.TAIL] * self.each + (4 << self.cells[k.BITS]))

    def _progress(self, seconds: float) -> Progress:
        tail = self.cells[k.TAIL]
        depth = self.cells[k.DEPTH] + (1 if tail > self.cells[k.LEVEL_END] else 0)
        return Progress("compiled", tail, self.cells[k.GENERATED], max(0, depth), tail - self.cells[k.HEAD], seconds, self.memory())

    def _result(self, reason: str, seconds: float) -> Result:
        now = self._progress(seconds)
        verdict, broken, trace = self.stopped or (Verdict.INCOMPLETE if reason else Verdict.HOLDS, None, None)
        left = self.cells[k.WITNESSES]
        unreached = [p.id for i, p in enumerate(self.module.witnesses) if left >> i & 1] if verdict is Verdict.HOLDS else []
        if unreached:
            verdict = Verdict.UNREACHED
        counts = {key: int(self.ctx_words[self.module.counters + i]) for i, key in enumerate(self.module.steps)}
        return Result(self.instance, verdict, "compiled", now.distinct, now.generated, now.depth, seconds, now.memory,
                      state_bits=self.layout.bits, compile_seconds=self.compile_seconds, reason=reason, broken=broken,
                      stuck=self.stuck, counterexample=trace, executed={key: n for key, n in counts.items() if n}, unreached=unreached)


def _mask(properties: list[Property], wanted: set[int]) -> int:
    return sum(1 << i for i, p in enumerate(properties) if id(p) in wanted)


def default_budget() -> int:
    """The memory a search may use unless told otherwise: half of what the machine has free, at most 8 GiB."""
    import os

    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(256 << 20, min(8 << 30, free // 2))
