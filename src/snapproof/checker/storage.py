"""The storage of the compiled search: packed states, the table, what is noted of each state, and their growth."""

from __future__ import annotations

from ..spec.instance import Cells, Instance
from ..spec.layout import Layout
from ..spec.properties import Property
from . import kernels as k
from .context import ASKED, context
from .emit import Module
from .native import Loaded, Memory

BATCH = 2048
"""Rows generated before they are looked up."""

FIRST_BITS = 14
LOAD = 0.875
"""How full the table may become: linear probing over tagged entries stays short up to here."""


class Storage:
    """What a compiled search keeps; `allocate` makes it, the kernels fill it."""

    instance: Instance
    properties: list[Property]
    deadlock: bool
    seeks_stuck: bool
    module: Module
    layout: Layout
    native: Loaded

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
        self.scratch = Memory((self.batch + 2) * (self.layout.words + 3) * 8 + 4096)
        self.scratch_words = self.scratch.words()
        self.out = self.scratch.address + 8 * self.layout.words
        # One row more than a batch: behind the last one, `settle` keeps the state before a local box that is watched.
        self.info = self.out + 8 * self.layout.words * (self.batch + 1)
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
        self.cells[k.INVARIANTS] = int(any(id(p) in wanted for p in self.module.invariants))
        self.cells[k.WITNESSES] = sum(values[values[ASKED] + len(self.module.invariants) + len(self.module.transitions):])
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
            self.native.function("snapproof_rebuild", 4)(
                self.control.address, self.store.address, self.table.address, self.scratch.address)
        fits = int((self.budget - (4 << bits)) / self.each)
        self.cells[k.CAPACITY] = min(self.capacity, max(fits, 0))
        return True

    def _grow(self) -> bool:
        while self.cells[k.ROOM] <= self.cells[k.TAIL] + self.batch:
            if not self._new_table(self.cells[k.BITS] + 1):
                return False
        return True

    def state(self, index: int) -> Cells:
        """A stored state."""
        halves = self.stored[index * self.layout.halves:(index + 1) * self.layout.halves] + [0]
        return self.layout.unpack([halves[2 * i] | halves[2 * i + 1] << 32 for i in range(self.layout.words)])

    def memory(self) -> int:
        """Bytes of storage in use."""
        return int(self.cells[k.TAIL] * self.each + (4 << self.cells[k.BITS]))

