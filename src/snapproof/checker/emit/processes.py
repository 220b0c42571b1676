"""What of processes is generated for the kernels of `kernels_steps`, for each kind; `processes`, and `resting`."""

from __future__ import annotations

from ...spec.endings import WAITS, ending
from ...spec.processes import Process, Step
from .. import kernels_steps
from ..kernel_reader import KERNELS
from .actions import ActionEmitter
from .parts import product
from .text import Body, Signature, Value, define

ID = Value("%id")


class ProcessEmitter(ActionEmitter):
    """Functions that execute boxes."""

    def process_functions(self) -> list[str]:
        """All functions of this file, in text."""
        out = [*self.action_functions(), self.satisfies(), self.crowd(), self.resting()]
        for kind in self.instance.spec.kinds:
            if self.instance.sizes[kind.__name__]:
                out += self.own(kind)
        return [*out, self.processes()]

    def first_counter(self, kind: type[Process]) -> int:
        """The counter of a kind's first step."""
        return len(self.instance.spec.actions) + next(i for i, (k, _) in enumerate(self.emitter.steps) if k is kind)

    def steps_of(self, kind: type[Process]) -> list[Step]:
        """The steps of a kind, in the order of their codes."""
        return self.instance.spec.steps[kind.__name__]

    # --- one kind ---------------------------------------------------------------------------------------

    def own(self, kind: type[Process]) -> list[str]:
        """What is generated for a kind of process: the functions that `kernels_steps` calls `Own`."""
        name, steps = kind.__name__, list(enumerate(self.steps_of(kind)))
        many = {i: product(self.instance, s, 3) if s in self.instance.spec.trees else 0 for i, s in steps}
        takes = next((i for i, s in steps if s not in self.instance.spec.trees), -1)
        self.most += max(1, self.instance.command_room if takes >= 0 else 0, *many.values()) * self.instance.sizes[name]
        site = self.emitter.site(f"a step of {name}: it returned WAIT after changing the state")
        rows = self.instance.spec.kinds.index(kind) * self.instance.command_room
        self.emitter.constants |= {f"taking.{name}": takes, f"unmoved.{name}": site, f"invoked.{name}": rows,
                                   f"counted.{name}": self.emitter.counters + self.first_counter(kind)}
        return [self.table(f"choices.{name}", many, 1),
                self.table(f"is_local.{name}", {i: 1 for i, s in steps if s.local}, 0),
                self.table(f"may_rest.{name}", {i: 1 for i, s in steps if kind.rests or s.rest}, 0),
                self.table(f"watched.{name}", {i: 1 for i, s in steps if self.watching(s, kind)}, 0),
                self.standing(kind), self.position(kind), self.begin_command(kind), self.go(kind), self.watch(kind), self.execute(kind)]

    def standing(self, kind: type[Process]) -> str:
        """`standing.Kind(state, id)`: the code of the step that a process is at."""
        body = Body()
        body.do(f"ret i64 {self.cells(body).read('%state', self.slot(kind, 'step'), ID)}")
        return define(f"i64 @standing.{kind.__name__}(ptr %state, i64 %id)", body)

    def position(self, kind: type[Process]) -> str:
        """`position.Kind(state, id)`: how far a process has come in its program."""
        body = Body()
        body.do(f"ret i64 {self.cells(body).read('%state', self.slot(kind, 'position'), ID) if kind.programs else 0}")
        return define(f"i64 @position.{kind.__name__}(ptr %state, i64 %id)", body)

    def begin_command(self, kind: type[Process]) -> str:
        """`begin_command.Kind(row, id, invocation, position)`: the process carries out this invocation."""
        body = Body()
        if kind.programs:
            self.cells(body).set("%row", self.slot(kind, "command"), ID, body.op("add i64 %invocation, 1"))
            self.cells(body).set("%row", self.slot(kind, "position"), ID, "%position")
        body.do("ret i64 0")
        return define(f"i64 @begin_command.{kind.__name__}(ptr %row, i64 %id, i64 %invocation, i64 %position)", body)

    def go(self, kind: type[Process]) -> str:
        """`go.Kind(row, ctx, id, target)`: end the step of a process, into figures and out of them, or reset it when it is done."""
        body = Body()
        ends = self.emitter.function(ending(self.instance, kind), Signature((("p", kind),), kind))
        led = body.op(f'call i64 @"{ends}"(ptr %ctx, ptr %row, i64 %id, i64 %target)')
        body.do(f"ret i64 {led}")
        return define(f"i64 @go.{kind.__name__}(ptr %row, ptr %ctx, i64 %id, i64 %target)", body)

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

    def execute(self, kind: type[Process]) -> str:
        """`execute.Kind(row, ctx, id, process, step, choice)`: execute a box; what it returned."""
        body = Body()
        steps = self.steps_of(kind)
        body.do(f"switch i64 %step, label %end [ {' '.join(f'i64 {i}, label %s{i}' for i in range(len(steps)))} ]")
        for index, step in enumerate(steps):
            body.label(f"s{index}")
            if step in self.instance.spec.trees:
                values = self.decoded(body, [of for _, of in step.chosen(3)], "%choice")
                target = self.call(body, step, ["%row"], (kind, "%id"), values)
            else:
                take = self.emitter.function(KERNELS.read(kernels_steps.take), Signature((), kind, kind.__name__))
                target = body.op(f'call i64 @"{take}"(ptr %row, ptr %ctx, i64 %id, i64 %process, i64 %choice)')
            body.do(f"ret i64 {target}")
        body.label("end")
        body.do(f"ret i64 {WAITS}")
        return define(f"i64 @execute.{kind.__name__}(ptr %row, ptr %ctx, i64 %id, i64 %process, i64 %step, i64 %choice)", body)

    # --- all of them ------------------------------------------------------------------------------------

    def satisfies(self) -> str:
        """`satisfies(state, ctx)`: does it satisfy every constraint?"""
        body = Body()
        for declared in self.instance.constraints:
            after, stop = body.fresh("within"), body.fresh("cut")
            values, again = self.loops(body, [of for _, of in declared.chosen(2)], after)
            result = self.call(body, declared, ["%state"], None, values)
            body.do(f"br i1 {body.op(f'icmp eq i64 {result}, 0')}, label %{stop}, label %{again}")
            body.label(stop)
            body.do("ret i64 0")
            body.label(after)
        body.do("ret i64 1")
        return define("i64 @satisfies(ptr %state, ptr %ctx)", body)

    def crowd(self) -> str:
        """`crowd()`: how many processes there are."""
        body = Body()
        body.do(f"ret i64 {len(self.instance.processes)}")
        return define("i64 @crowd()", body)

    def processes(self) -> str:
        """`processes(state, out, info, ctx, parent, n)`: the processes of every kind move; how many rows there are then."""
        body, n, first = Body(), "%n", 0
        march = KERNELS.read(kernels_steps.march)
        for kind in self.instance.spec.kinds:
            members = self.instance.sizes[kind.__name__]
            if members:
                name = self.emitter.function(march, Signature((), kind, kind.__name__))
                n = body.op(f'call i64 @"{name}"(ptr %state, ptr %out, ptr %info, ptr %ctx, i64 %parent, i64 {first}, i64 {members}, '
                            f"i64 {n}, i64 {self.emitter.movers}, i64 {self.words})")
                first += members
        body.do(f"ret i64 {n}")
        return define("i64 @processes(ptr %state, ptr %out, ptr %info, ptr %ctx, i64 %parent, i64 %n)", body)

    def resting(self) -> str:
        """`resting(state)`: is every process at a step where it may stay for ever?"""
        body = Body()
        for kind, i in self.instance.processes:
            step = body.op(f"call i64 @standing.{kind.__name__}(ptr %state, i64 {i})")
            fine = body.op(f"call i64 @may_rest.{kind.__name__}(i64 {step})")
            yes, no = body.fresh("yes"), body.fresh("no")
            body.do(f"br i1 {body.op(f'icmp ne i64 {fine}, 0')}, label %{yes}, label %{no}")
            body.label(no)
            body.do("ret i64 0")
            body.label(yes)
        body.do(f"ret i64 {1 if self.instance.processes else 0}")
        return define("i64 @resting(ptr %state)", body)
