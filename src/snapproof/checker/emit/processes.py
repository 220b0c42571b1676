"""`successors`, and for each kind of process `move`, `after`, `settle`, `watch`; `resting`.

`successors` asks every process to `move`: dispatch on its current step, a row for each choice, the step on
that row.  `after` a step: does it wait, where does it go, is a watching property broken, which local boxes follow.
"""

from __future__ import annotations

from ...spec.endings import WAITS, ending
from ...spec.processes import Process, Step
from .parts import product
from .rows import ROWS, RowEmitter
from .text import (
    ALTERNATIVES,
    FIRST_STEPS,
    FUSE,
    GROUP,
    POSITIONS,
    PROCESSES,
    Body,
    Signature,
    Value,
    copy_state,
    define,
    known,
)

ID = Value("%id")


class ProcessEmitter(RowEmitter):
    """Functions that execute boxes.  `most`: the largest number of successors of a state, as far as emitted."""

    def process_functions(self) -> list[str]:
        """All functions of this file, in text."""
        out = [self.row_function(), self.keep_function(), *self.action_watches(), self.resting()]
        for kind in self.instance.spec.kinds:
            if self.instance.sizes[kind.__name__]:
                out += [self.watch(kind), self.settle(kind), self.after(kind), self.move(kind)]
        return [*out, self.successors()]

    def first_counter(self, kind: type[Process]) -> int:
        """The counter of a kind's first step."""
        return len(self.instance.spec.actions) + next(i for i, (k, _) in enumerate(self.emitter.steps) if k is kind)

    def steps_of(self, kind: type[Process]) -> list[Step]:
        """The steps of a kind, in the order of their codes."""
        return self.instance.spec.steps[kind.__name__]

    # --- one process ------------------------------------------------------------------------------------

    def go(self, body: Body, kind: type[Process], state: str, target: str) -> None:
        """End the step of the process `%id`: set its next step, into figures and out of them, or reset it when it is done."""
        if kind not in self.endings:
            signature = Signature((("p", kind),), kind)
            self.endings[kind] = self.emitter.function(ending(self.instance, kind), signature)
        body.op(f"call i64 @\"{self.endings[kind]}\"(ptr %ctx, ptr {state}, i64 %id, i64 {target})")

    def watch(self, kind: type[Process]) -> str:
        """`watch.Kind(before, after, ctx, id, step)`: 0, or 1 + the first transition property that the step broke."""
        body = Body()
        steps = self.steps_of(kind)
        watched = [s for s in steps if self.watching(s, kind)]
        targets = " ".join(f"i64 {steps.index(s)}, label %s{steps.index(s)}" for s in watched)
        body.do(f"switch i64 %step, label %end [ {targets} ]")
        for step in watched:
            body.label(f"s{steps.index(step)}")
            self.watched(body, kind, step, self.watching(step, kind))
        body.label("end")
        body.do("ret i64 0")
        return define(f"i64 @watch.{kind.__name__}(ptr %before, ptr %after, ptr %ctx, i64 %id, i64 %step)", body)

    def settle(self, kind: type[Process]) -> str:
        """`settle.Kind(state, ctx, id)`: execute local boxes while the process is at one; 1 + broken property or 0."""
        body = Body()
        steps = self.steps_of(kind)
        body.entry.append(f"  %before = alloca [{self.words} x i64]")
        body.do("br label %loop")
        body.label("loop")
        current = self.cells(body).read("%w", self.slot(kind, "step"), ID)
        local = [s for s in steps if s.local]
        targets = " ".join(f"i64 {steps.index(s)}, label %s{steps.index(s)}" for s in local)
        body.do(f"switch i64 {current}, label %end [ {targets} ]")
        for step in local:
            index = steps.index(step)
            body.label(f"s{index}")
            if self.watching(step, kind):
                copy_state(body, "%w", "%before", self.words)
            target = self.call(body, step, ["%w"], (kind, "%id"), [])
            self.go(body, kind, "%w", target)
            self.executed(body, str(self.first_counter(kind) + index))
            if self.watching(step, kind):
                broken = body.op(f"call i64 @watch.{kind.__name__}(ptr %before, ptr %w, ptr %ctx, i64 %id, i64 {index})")
                stop = body.fresh("stop")
                body.do(f"br i1 {body.op(f'icmp eq i64 {broken}, 0')}, label %loop, label %{stop}")
                body.label(stop)
                body.do(f"ret i64 {broken}")
            else:
                body.do("br label %loop")
        body.label("end")
        body.do("ret i64 0")
        return define(f"i64 @settle.{kind.__name__}(ptr %w, ptr %ctx, i64 %id)", body)

    def after(self, kind: type[Process]) -> str:
        """`after.Kind(src, row, info, ctx, parent, id, n, step, target)`: finish or drop the row; how many rows there are."""
        body = Body()
        name = kind.__name__
        body.do(f"br i1 {body.op(f'icmp eq i64 %target, {WAITS}')}, label %waits, label %goes")
        body.label("waits")
        self.unchanged(body, "%row", f"a step of {name}")
        body.do("ret i64 %n")
        body.label("goes")
        self.executed(body, body.op(f"add i64 %step, {self.first_counter(kind)}"))
        self.go(body, kind, "%row", "%target")
        broken = body.op(f"call i64 @watch.{name}(ptr %src, ptr %row, ptr %ctx, i64 %id, i64 %step)")
        on = body.op(f"load i64, ptr {body.word('%ctx', str(FUSE))}")
        more = body.op(f"and i1 {body.op(f'icmp ne i64 {on}, 0')}, {body.op(f'icmp eq i64 {broken}, 0')}")
        body.do(f"br i1 {more}, label %fuse, label %keeps")
        body.label("fuse")
        later = body.op(f"call i64 @settle.{name}(ptr %row, ptr %ctx, i64 %id)")
        body.do(f"ret i64 {body.op(f'call i64 @keep(ptr %info, i64 %parent, i64 %n, i64 {later})')}")
        body.label("keeps")
        body.do(f"ret i64 {body.op(f'call i64 @keep(ptr %info, i64 %parent, i64 %n, i64 {broken})')}")
        return define(f"i64 @after.{name}(ptr noalias %src, ptr noalias %row, ptr noalias %info, ptr noalias %ctx, "
                      "i64 %parent, i64 %id, i64 %n, i64 %step, i64 %target)", body)

    def move(self, kind: type[Process]) -> str:
        """`move.Kind(…, id, process, n)`: write the successors by one process from row n on; how many rows there are then."""
        body = Body()
        steps = self.steps_of(kind)
        body.entry += ["  %n = alloca i64", "  store i64 %first, ptr %n"]
        current = self.cells(body).read("%src", self.slot(kind, "step"), ID)
        targets = " ".join(f"i64 {i}, label %s{i}" for i in range(len(steps)))
        body.do(f"switch i64 {current}, label %end [ {targets} ]")
        widest = 1
        for index, step in enumerate(steps):
            body.label(f"s{index}")
            if step in self.instance.spec.trees:
                widest = max(widest, product(self.instance, step, 3))
                values, again = self.loops(body, [of for _, of in step.chosen(3)], "end")
                row = self.row(body)
                self.finish(body, kind, index, row, self.call(body, step, [row], (kind, "%id"), values))
                body.do(f"br label %{again}")
            else:
                widest = max(widest, self.instance.command_room)
                self.next_command(body, kind, index)
        body.label("end")
        body.do(f"ret i64 {body.op('load i64, ptr %n')}")
        self.most += widest * self.instance.sizes[kind.__name__]
        return define(f"i64 @move.{kind.__name__}({ROWS}, i64 %id, i64 %process, i64 %first)", body)

    def finish(self, body: Body, kind: type[Process], index: int, row: str, target: str) -> None:
        """Hand a row to `after`."""
        n = body.op("load i64, ptr %n")
        n = body.op(f"call i64 @after.{kind.__name__}(ptr %src, ptr {row}, ptr %info, ptr %ctx, i64 %parent, i64 %id, "
                    f"i64 {n}, i64 {index}, i64 {target})")
        body.do(f"store i64 {n}, ptr %n")

    def next_command(self, body: Body, kind: type[Process], index: int) -> None:
        """The box in which a process takes its next command: one successor for each alternative of its position."""
        def table(cell: int, offset: str) -> str:
            base = body.op(f"load i64, ptr {body.word('%ctx', str(cell))}")
            return body.op(f"load i64, ptr {body.word('%ctx', body.op(f'add i64 {base}, {offset}'))}")

        cells = self.cells(body)
        position = cells.read("%src", self.slot(kind, "position"), ID)
        mine = body.op("mul i64 %process, 3")
        start, length, repeats = (table(PROCESSES, body.op(f"add i64 {mine}, {k}")) for k in range(3))
        some, test, inside = body.fresh("some"), body.fresh("test"), body.fresh("in")
        body.do(f"br i1 {body.op(f'icmp slt i64 {position}, {length}')}, label %{some}, label %end")
        body.label(some)
        place = body.op(f"shl i64 {body.op(f'add i64 {start}, {position}')}, 1")
        first, many = table(POSITIONS, place), table(POSITIONS, body.op(f"or i64 {place}, 1"))
        counter = f"%{body.fresh('k')}"
        body.entry.append(f"  {counter} = alloca i64")
        body.do(f"store i64 0, ptr {counter}")
        body.do(f"br label %{test}")
        body.label(test)
        k = body.op(f"load i64, ptr {counter}")
        body.do(f"br i1 {body.op(f'icmp slt i64 {k}, {many}')}, label %{inside}, label %end")
        body.label(inside)
        invocation = table(ALTERNATIVES, body.op(f"add i64 {first}, {k}"))
        row = self.row(body)
        cells.set(row, self.slot(kind, "command"), ID, body.op(f"add i64 {invocation}, 1"))
        stays = body.op(f"icmp ne i64 {repeats}, 0")
        further = body.op(f"select i1 {stays}, i64 {position}, i64 {body.op(f'add i64 {position}, 1')}")
        cells.set(row, self.slot(kind, "position"), ID, further)
        rows = self.instance.spec.kinds.index(kind) * self.instance.command_room
        self.finish(body, kind, index, row, table(FIRST_STEPS, body.op(f"add i64 {invocation}, {rows}")))
        body.do(f"store i64 {body.op(f'add i64 {k}, 1')}, ptr {counter}")
        body.do(f"br label %{test}")

    # --- all of them ------------------------------------------------------------------------------------

    def successors(self) -> str:
        """`successors(state, out, info, ctx, parent)`: write every successor behind each other; how many (-1: not explored further).

        It leaves in `ctx` a mask of the processes that have one, or rest.
        """
        body = Body()
        body.entry += ["  %n = alloca i64", "  store i64 0, ptr %n"]
        self.constrained(body)
        for index, declared in enumerate(self.instance.spec.actions):
            self.action(body, index, declared)
        movers = ["0"] * self.emitter.groups
        for process, (kind, i) in enumerate(self.instance.processes):
            old = body.op("load i64, ptr %n")
            n = body.op(f"call i64 @move.{kind.__name__}(ptr %src, ptr %out, ptr %info, ptr %ctx, i64 %parent, "
                        f"i64 {i}, i64 {process}, i64 {old})")
            body.do(f"store i64 {n}, ptr %n")
            fine = body.op(f"or i1 {body.op(f'icmp ne i64 {n}, {old}')}, {self.rests(body, '%src', kind, i)}")
            bit = body.op(f"shl i64 {body.op(f'zext i1 {fine} to i64')}, {process % GROUP}")
            movers[process // GROUP] = body.op(f"or i64 {movers[process // GROUP]}, {bit}")
        for group, mask in enumerate(movers):
            body.do(f"store i64 {mask}, ptr {body.word('%ctx', str(self.emitter.movers + group))}")
        body.do(f"ret i64 {body.op('load i64, ptr %n')}")
        return define(f"i64 @successors({ROWS})", body)

    def constrained(self, body: Body) -> None:
        """Behind it the state satisfies every constraint; one that does not ends here, as if everybody could move in it."""
        for declared in self.instance.spec.constraints:
            after, stop = body.fresh("within"), body.fresh("cut")
            values, again = self.loops(body, [of for _, of in declared.chosen(2)], after)
            result = self.call(body, declared, ["%src"], None, values)
            body.do(f"br i1 {body.op(f'icmp eq i64 {result}, 0')}, label %{stop}, label %{again}")
            body.label(stop)
            for group in range(self.emitter.groups):
                some = min(GROUP, len(self.instance.processes) - GROUP * group)
                body.do(f"store i64 {(1 << max(0, some)) - 1}, ptr {body.word('%ctx', str(self.emitter.movers + group))}")
            body.do("ret i64 -1")
            body.label(after)

    def rests(self, body: Body, state: str, kind: type[Process], i: int) -> str:
        """Is this process at a step where it may stay for ever?"""
        if kind.rests:
            return "true"
        current = self.cells(body).read(state, self.slot(kind, "step"), known(i))
        fine = "false"
        for index, step in enumerate(self.steps_of(kind)):
            if step.rest:
                fine = body.op(f"or i1 {fine}, {body.op(f'icmp eq i64 {current}, {index}')}")
        return fine

    def resting(self) -> str:
        """`resting(state)`: is every process at a step where it may stay for ever?"""
        body = Body()
        for kind, i in self.instance.processes:
            fine = self.rests(body, "%w", kind, i)
            yes, no = body.fresh("yes"), body.fresh("no")
            body.do(f"br i1 {fine}, label %{yes}, label %{no}")
            body.label(no)
            body.do("ret i64 0")
            body.label(yes)
        body.do(f"ret i64 {1 if self.instance.processes else 0}")
        return define("i64 @resting(ptr %w)", body)
