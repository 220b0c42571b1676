"""The successor loop of the compiled reading (`checker/kernels_steps.py`), run by Python, and the same compiled.

What is generated for a specification gets its plain meaning here: `Machine` executes boxes and ends steps, tables are looked up
in the declarations.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from mutation.trial import Unoptimised

from snapproof.checker import Limits, kernels_steps
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.context import ARGUMENTS, context
from snapproof.checker.emit import emit_module
from snapproof.checker.kernel_reader import External, Words
from snapproof.checker.kernels import TAIL
from snapproof.spec.constraints import within
from snapproof.spec.endings import DONES, WAITS
from snapproof.spec.errors import EvaluationError
from snapproof.spec.instance import Cells, Instance
from snapproof.spec.machine import Broken, Machine
from snapproof.spec.processes import DONE, WAIT, Process

WORD = (1 << 64) - 1

STORED, MOST, TRIED = 20_000, 200, 20_000
"""States that a search may store, how many of them, from everywhere, are looked at, and so many choices in them: some examples
have millions of states, or a thousand choices in each."""

Found = tuple[list[tuple[Cells, int, int]], list[int]]
"""Rows, each with what it broke and its parent; and the cells of `ctx` before the tables of programs."""


class Loop:
    """The successors of stored states, as Python finds them (`plain`) and as compiled code does (`compiled`).

    `states` are the numbers of some that are stored.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance, self.module = instance, emit_module(instance)
        self.search = CompiledSearch(instance, [], False, Unoptimised(self.module.text, {}), self.module, stuck=False)
        with suppress(EvaluationError):  # a search that ends early leaves states enough
            self.search.run(Limits(states=STORED))
        stored = self.search.cells[TAIL]
        self.states = random.Random(stored).sample(range(stored), min(stored, MOST, 1 + TRIED // self.module.most))
        self.context = context(instance, self.module, {id(p) for p in self.module.transitions})
        self.machine, self.layout = Machine(instance), self.module.layout
        self.codes = {kind: instance.spec.routes[kind.__name__].codes for kind in instance.spec.kinds}
        self.tables = self.context[ARGUMENTS]
        self.own: Any = None

    def compiled(self, state: int) -> Found:
        """What compiled code writes for a stored state."""
        search, words = self.search, self.layout.words
        out, info = search.out // 8 - search.scratch.address // 8, search.info // 8 - search.scratch.address // 8
        search.ctx_words[:len(self.context)] = self.context
        for row in range(self.module.most):
            search.scratch_words[info + 2 * row + 1] = -1
        search.native.function("snapproof_retake", 6)(
            search.ctx.address, search.store.address, search.scratch.address, search.out, search.info, state)
        rows = []
        for n in range(self.module.most):
            broken, parent = search.scratch_words[info + 2 * n:info + 2 * n + 2]
            if parent < 0:
                break
            cells = self.layout.unpack(search.scratch_words[out + n * words:out + (n + 1) * words])
            rows.append((cells, broken, parent))
        return rows, search.ctx_words[:self.tables]

    def plain(self, state: int) -> Found:
        """What Python writes, running the same kernel."""
        words, most = self.layout.words, self.module.most
        ctx = Words(list(self.context))
        out, info = Words([0] * (words * (most + 1))), Words([-1] * (2 * most))
        source = Words(self.layout.pack(self.search.state(state)))
        with self.meanings():
            n = kernels_steps.successors(source, out, info, ctx, state, self.module.groups,
                                         self.module.counters + len(self.module.steps))
        rows = [(self.cells(Words(out.cells, i * words)), info[2 * i], info[2 * i + 1]) for i in range(max(n, 0))]
        return rows, ctx.cells[:self.tables]

    def bit(self, found: Broken | None) -> int:
        """0, or 1 + the place of the broken property among the transition properties."""
        return 0 if found is None else 1 + self.module.transitions.index(found.property)

    def told(self, cells: list[int]) -> tuple[Counter[tuple[str, str]], int]:
        """Of the cells of `ctx`: how often each box was executed, and the mask of processes that have moved or rest."""
        first, last = self.module.counters, self.module.counters + len(self.module.steps)
        mask = sum(group << 32 * i for i, group in enumerate(cells[last:last + self.module.groups]))
        return Counter({box: n for box, n in zip(self.module.steps, cells[first:last], strict=True) if n}), mask

    @contextmanager
    def meanings(self) -> Iterator[None]:
        """Every external of the kernels means the method of its name here."""
        externals = [e for e in vars(kernels_steps).values() if isinstance(e, External)]
        for external in externals:
            external.plain = getattr(self, external.name)
        try:
            yield
        finally:
            for external in externals:
                external.plain = None

    # --- states -----------------------------------------------------------------------------------------

    def cells(self, state: Words) -> Cells:
        return self.layout.unpack(state.cells[state.start:state.start + self.layout.words])

    def written(self, row: Words) -> None:
        """The working state of the machine goes into a row."""
        for i, word in enumerate(self.layout.pack(tuple(self.machine.state._cells))):
            row[i] = word & WORD

    def place(self, id: int) -> int:
        """Where the process of the kind that moves stands among all."""
        return self.instance.processes.index((self.own, id))

    def thawed(self, state: Words, id: int) -> Process:
        self.machine.thaw(self.cells(state))
        return self.machine.handles[self.place(id)]

    def step(self, code: int) -> Any:
        return self.instance.spec.steps[self.own.__name__][code]

    # --- what is generated once, and for each action ------------------------------------------------------

    def actions(self, *arguments: Any) -> int:
        n = 0
        for declared in self.instance.spec.actions:
            self.own = declared
            n = kernels_steps.act(*arguments, n, self.layout.words)
        return n

    def processes(self, *arguments: Any) -> int:
        *same, n = arguments
        first, movers = 0, self.module.counters + len(self.module.steps)
        for kind in self.instance.spec.kinds:
            self.own = kind
            members = self.instance.sizes[kind.__name__]
            n = kernels_steps.march(*same, first, members, n, movers, self.layout.words)
            first += members
        return int(n)

    def satisfies(self, state: Words, ctx: Words) -> bool:
        return within(self.machine, self.cells(state))

    def crowd(self) -> int:
        return len(self.instance.processes)

    def options(self) -> int:
        return len(list(self.machine.choices_of(self.own, 2)))

    def enact(self, row: Words, ctx: Words, choice: int) -> int:
        self.machine.thaw(self.cells(row))
        signal = self.machine._signal(self.own, list(self.machine.choices_of(self.own, 2))[choice])
        self.written(row)
        return WAITS if signal is WAIT else DONES

    def overlook(self, before: Words, after: Words, ctx: Words) -> int:
        return self.broken(before, after, -1, self.own)

    def broken(self, before: Words, after: Words, process: int, box: Any) -> int:
        self.machine.before._cells[:] = self.cells(before)
        self.machine.thaw(self.cells(after))
        return self.bit(self.machine._watched(self.machine.watch.get(box, []), process, box))

    def counted(self) -> int:
        first = self.module.counters
        if self.own in self.instance.spec.actions:
            return first + self.module.steps.index(("", self.own.name))
        return first + [kind for kind, _ in self.module.steps].index(self.own.__name__)

    def unmoved(self) -> int:
        of = f"a step of {self.own.__name__}" if isinstance(self.own, type) else self.own.place
        return max((i for i, site in enumerate(self.module.sites) if site.startswith(of) and "returned WAIT" in site), default=0)

    # --- what is generated for each kind of process -------------------------------------------------------

    def standing(self, state: Words, id: int) -> int:
        return self.instance.spec.steps[self.own.__name__].index(self.machine.step_at(self.thawed(state, id)))

    def choices(self, step: int) -> int:
        return len(list(self.machine.choices_of(self.step(step), 3)))

    def taking(self) -> int:
        found = [i for i, s in enumerate(self.instance.spec.steps[self.own.__name__]) if s not in self.instance.spec.trees]
        return found[0] if found else -1

    def execute(self, row: Words, ctx: Words, id: int, process: int, step: int, choice: int) -> int:
        if step == self.taking():
            return kernels_steps.take(row, ctx, id, process, choice)
        handle, box = self.thawed(row, id), self.step(step)
        target = self.machine._box(handle, self.place(id), box, list(self.machine.choices_of(box, 3))[choice])
        self.written(row)
        return WAITS if target is WAIT else DONES if target is DONE else self.codes[self.own][target]

    def go(self, row: Words, ctx: Words, id: int, target: int) -> int:
        handle = self.thawed(row, id)
        targets = {code: t for t, code in self.codes[self.own].items()}
        self.machine._go(handle, DONE if target == DONES else targets[target])
        self.written(row)
        return 0

    def watched(self, step: int) -> bool:
        return bool(self.machine.watch.get(self.step(step)))

    def watch(self, before: Words, after: Words, ctx: Words, id: int, step: int) -> int:
        return self.broken(before, after, self.place(id), self.step(step))

    def is_local(self, step: int) -> bool:
        return bool(self.step(step).local)

    def may_rest(self, step: int) -> bool:
        return bool(self.own.rests or self.step(step).rest)

    def position(self, state: Words, id: int) -> int:
        handle: Any = self.thawed(state, id)
        return int(handle._cells[handle._place["position"]])

    def begin_command(self, row: Words, id: int, invocation: int, position: int) -> int:
        handle: Any = self.thawed(row, id)
        handle._cells[handle._place["command"]], handle._cells[handle._place["position"]] = invocation, position
        self.written(row)
        return 0

    def invoked(self) -> int:
        return self.instance.spec.kinds.index(self.own) * self.instance.command_room


__all__ = ["Found", "Loop"]
