"""`successors`, `settle` and `resting`: the dispatch of processes and actions."""

from __future__ import annotations

from typing import Any

from ...spec import tree
from ...spec.processes import Declared, Process, Step
from .parts import product
from .properties import PropertyEmitter
from .text import (
    ALTERNATIVES,
    FIRST_STEPS,
    FUSE,
    POSITIONS,
    PROCESSES,
    WAITS,
    Body,
    Emitter,
    Value,
    copy_state,
    define,
    known,
)


class ProcessEmitter(PropertyEmitter):
    """Functions that execute boxes.  `most`: the largest number of successors of a state, as far as emitted."""

    def __init__(self, emitter: Emitter) -> None:
        super().__init__(emitter)
        self.most = 0

    def resting(self) -> str:
        """`resting(state)`: is every process at a step where it may stay for ever?"""
        body = Body()
        for kind, i in self.instance.processes:
            steps = self.instance.spec.steps[kind.__name__]
            current = self.cells(body).read("%w", self.slot(kind, "step"), known(i))
            fine = "false"
            for index, step in enumerate(steps):
                if step.rest:
                    fine = body.op(f"or i1 {fine}, {body.op(f'icmp eq i64 {current}, {index}')}")
            yes, no = body.fresh("yes"), body.fresh("no")
            body.do(f"br i1 {fine}, label %{yes}, label %{no}")
            body.label(no)
            body.do("ret i64 0")
            body.label(yes)
        body.do(f"ret i64 {1 if self.instance.processes else 0}")
        return define("i64 @resting(ptr %w)", body)

    def settle(self, kind: type[Process]) -> str:
        """`settle.Kind(state, ctx, id)`: execute local boxes while the process is at one; 1 + broken property or 0."""
        body = Body()
        steps = self.instance.spec.steps[kind.__name__]
        body.do("br label %loop")
        body.label("loop")
        current = self.cells(body).read("%w", self.slot(kind, "step"), Value("%id"))
        local = [s for s in steps if s.local]
        targets = " ".join(f"i64 {steps.index(s)}, label %s{steps.index(s)}" for s in local)
        body.do(f"switch i64 {current}, label %end [ {targets} ]")
        for step in local:
            body.label(f"s{steps.index(step)}")
            broken = self.box(body, kind, "%id", step, [], "%w", None)
            if broken is None:
                body.do("br label %loop")
            else:
                stop = body.fresh("stop")
                body.do(f"br i1 {body.op(f'icmp eq i64 {broken}, 0')}, label %loop, label %{stop}")
                body.label(stop)
                body.do(f"ret i64 {broken}")
        body.label("end")
        body.do("ret i64 0")
        return define(f"i64 @settle.{kind.__name__}(ptr %w, ptr %ctx, i64 %id)", body)

    def box(self, body: Body, kind: type[Process], id: str, step: Step, values: list[tuple[Any, str]],
            state: str, waits: str | None) -> str | None:
        """Execute one box on a state: call it, go to where it says, evaluate what watches it.

        Jumps to `waits` when it returns WAIT.  The operand returned is 0 or 1 + the broken transition property.
        """
        watching = [(i, p) for i, p in enumerate(self.of_kind("transition")) if step in p.steps]
        before = ""
        if watching:
            before = f"%{body.fresh('before')}"
            body.entry.append(f"  {before} = alloca [{self.words} x i64]")
            copy_state(body, state, before, self.words)
        target = self.call(body, step, [state], (kind, id), values)
        if waits is not None:
            goes = body.fresh("goes")
            body.do(f"br i1 {body.op(f'icmp eq i64 {target}, {WAITS}')}, label %{waits}, label %{goes}")
            body.label(goes)
        self.go(body, kind, id, target, state)
        self.executed(body, kind, step)
        if not watching:
            return None
        return self.watched(body, kind, id, watching, before, state)

    def go(self, body: Body, kind: type[Process], id: str, target: str, state: str) -> None:
        """Set the current step, or reset the process when it is done."""
        where = Value(id) if id.startswith("%") else known(int(id))
        done, on, end = body.fresh("done"), body.fresh("on"), body.fresh("end")
        body.do(f"br i1 {body.op(f'icmp slt i64 {target}, 0')}, label %{done}, label %{on}")
        body.label(done)
        for slot in self.instance.slots.values():
            if slot.kind is kind and slot.name != "position":
                self.cells(body).set(state, slot, where, str(slot.start - slot.low))
        body.do(f"br label %{end}")
        body.label(on)
        self.cells(body).set(state, self.slot(kind, "step"), where, target)
        body.do(f"br label %{end}")
        body.label(end)

    def executed(self, body: Body, kind: type[Process] | None, declared: Declared) -> None:
        """Count an execution."""
        actions: list[Any] = list(self.instance.spec.actions)
        index = actions.index(declared) if kind is None else len(actions) + self.emitter.steps.index((kind, declared))  # type: ignore[arg-type]
        cell = body.word("%ctx", str(self.emitter.counters + index))
        count = body.op(f"load i64, ptr {cell}")
        body.do(f"store i64 {body.op(f'add i64 {count}, 1')}, ptr {cell}")

    def successors(self) -> str:
        """`successors(state, out, info, ctx, parent)`: write every successor behind each other; how many."""
        body = Body()
        body.entry += ["  %n = alloca i64", "  store i64 0, ptr %n"]
        for declared in self.instance.spec.actions:
            self.most += product(self.instance, declared, 2)
            end = body.fresh("end")
            values, again = self.loops(body, [of for _, of in declared.chosen(2)], end)
            row = self.row(body)
            target = self.call(body, declared, [row], None, values)
            goes, waits = body.fresh("goes"), body.fresh("waits")
            body.do(f"br i1 {body.op(f'icmp eq i64 {target}, {WAITS}')}, label %{waits}, label %{goes}")
            body.label(goes)
            self.executed(body, None, declared)
            self.keep(body, "0")
            body.do(f"br label %{again}")
            self.waited(body, waits, declared, row, again)
            body.label(end)
        for process, (kind, i) in enumerate(self.instance.processes):
            self.process(body, process, kind, i)
        body.do(f"ret i64 {body.op('load i64, ptr %n')}")
        return define("i64 @successors(ptr noalias %src, ptr noalias %out, ptr noalias %info, ptr noalias %ctx, i64 %parent)", body)

    def row(self, body: Body) -> str:
        """A copy of the state in the next row of `out`."""
        start = body.op(f"mul i64 {body.op('load i64, ptr %n')}, {self.words}")
        row = body.word("%out", start)
        copy_state(body, "%src", row, self.words)
        return row

    def keep(self, body: Body, broken: str) -> None:
        """The row is a successor: note what it broke and its parent."""
        n = body.op("load i64, ptr %n")
        place = body.op(f"shl i64 {n}, 1")
        body.do(f"store i64 {broken}, ptr {body.word('%info', place)}")
        body.do(f"store i64 %parent, ptr {body.word('%info', body.op(f'or i64 {place}, 1'))}")
        body.do(f"store i64 {body.op(f'add i64 {n}, 1')}, ptr %n")

    def waited(self, body: Body, label: str, declared: Declared, row: str, again: str) -> None:
        """The step waits: it must not have changed the row."""
        body.label(label)
        writes = any(isinstance(n, (tree.Store, tree.StoreField))
                     for f in tree.helpers(self.instance.spec.trees[declared]).values() for n in tree.nodes(f))
        if writes:
            change = "0"
            for word in range(self.words):
                a = body.op(f"load i64, ptr {body.word('%src', str(word))}")
                b = body.op(f"load i64, ptr {body.word(row, str(word))}")
                change = body.op(f"or i64 {change}, {body.op(f'xor i64 {a}, {b}')}")
            bad = body.fresh("bad")
            body.do(f"br i1 {body.op(f'icmp eq i64 {change}, 0')}, label %{again}, label %{bad}")
            body.label(bad)
            body.do(f"store i64 {self.emitter.site(f'{declared.place}: it returned WAIT after changing the state')}, ptr %ctx")
        body.do(f"br label %{again}")

    def process(self, body: Body, process: int, kind: type[Process], i: int) -> None:
        """One process: dispatch on its current step, loop over the step's choices."""
        steps = self.instance.spec.steps[kind.__name__]
        current = self.cells(body).read("%src", self.slot(kind, "step"), known(i))
        end = body.fresh("end")
        labels = {step: body.fresh("step") for step in steps}
        targets = " ".join(f"i64 {n}, label %{labels[s]}" for n, s in enumerate(steps))
        body.do(f"switch i64 {current}, label %{end} [ {targets} ]")
        widest = 1
        for step in steps:
            body.label(labels[step])
            if step in self.instance.spec.trees:
                widest = max(widest, product(self.instance, step, 3))
                values, again = self.loops(body, [of for _, of in step.chosen(3)], end)
                row, waits = self.row(body), body.fresh("waits")
                broken = self.box(body, kind, str(i), step, values, row, waits)
                self.finish(body, kind, str(i), row, broken)
                body.do(f"br label %{again}")
                self.waited(body, waits, step, row, again)
            else:
                widest = max(widest, self.instance.command_room)
                self.next_command(body, process, kind, i, step, end)
        self.most += widest
        body.label(end)

    def finish(self, body: Body, kind: type[Process], id: str, row: str, broken: str | None) -> None:
        """Execute the local boxes behind the chosen one, and keep the row."""
        if any(s.local for s in self.instance.spec.steps[kind.__name__]):
            fuse, kept = body.fresh("fuse"), body.fresh("keep")
            first = broken or "0"
            here = body.fresh("here")
            body.do(f"br label %{here}")
            body.label(here)
            on = body.op(f"load i64, ptr {body.word('%ctx', str(FUSE))}")
            body.do(f"br i1 {body.op(f'icmp ne i64 {on}, 0')}, label %{fuse}, label %{kept}")
            body.label(fuse)
            more = body.op(f"call i64 @settle.{kind.__name__}(ptr {row}, ptr %ctx, i64 {id})")
            body.do(f"br label %{kept}")
            body.label(kept)
            later = body.op(f"phi i64 [ 0, %{here} ], [ {more}, %{fuse} ]")
            if broken is None:
                broken = later
            else:
                broken = body.op(f"select i1 {body.op(f'icmp eq i64 {first}, 0')}, i64 {later}, i64 {first}")
        self.keep(body, broken or "0")

    def next_command(self, body: Body, process: int, kind: type[Process], i: int, step: Step, end: str) -> None:
        """The box in which a process takes its next command: one successor for each alternative of its position."""
        def table(cell: int, offset: str) -> str:
            base = body.op(f"load i64, ptr {body.word('%ctx', str(cell))}")
            return body.op(f"load i64, ptr {body.word('%ctx', body.op(f'add i64 {base}, {offset}'))}")

        cells = self.cells(body)
        position = cells.read("%src", self.slot(kind, "position"), known(i))
        start, length, repeats = (table(PROCESSES, str(3 * process + k)) for k in range(3))
        some, test, inside = body.fresh("some"), body.fresh("test"), body.fresh("in")
        body.do(f"br i1 {body.op(f'icmp slt i64 {position}, {length}')}, label %{some}, label %{end}")
        body.label(some)
        place = body.op(f"shl i64 {body.op(f'add i64 {start}, {position}')}, 1")
        first, many = table(POSITIONS, place), table(POSITIONS, body.op(f"or i64 {place}, 1"))
        counter = f"%{body.fresh('k')}"
        body.entry.append(f"  {counter} = alloca i64")
        body.do(f"store i64 0, ptr {counter}")
        body.do(f"br label %{test}")
        body.label(test)
        k = body.op(f"load i64, ptr {counter}")
        body.do(f"br i1 {body.op(f'icmp slt i64 {k}, {many}')}, label %{inside}, label %{end}")
        body.label(inside)
        invocation = table(ALTERNATIVES, body.op(f"add i64 {first}, {k}"))
        row = self.row(body)
        cells.set(row, self.slot(kind, "command"), known(i), body.op(f"add i64 {invocation}, 1"))
        further = body.op(f"select i1 {body.op(f'icmp ne i64 {repeats}, 0')}, i64 {position}, i64 {body.op(f'add i64 {position}, 1')}")
        cells.set(row, self.slot(kind, "position"), known(i), further)
        cells.set(row, self.slot(kind, "step"), known(i), table(FIRST_STEPS, invocation))
        self.executed(body, kind, step)
        self.finish(body, kind, str(i), row, None)
        body.do(f"store i64 {body.op(f'add i64 {k}, 1')}, ptr {counter}")
        body.do(f"br label %{test}")
