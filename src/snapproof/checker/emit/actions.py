"""Actions: what of them is generated for the kernels of `kernels_steps`, and `watch.action.N` for each watched action."""

from __future__ import annotations

from ...spec.processes import Action, Process, Step
from ...spec.properties import Property
from .. import kernels_steps
from ..kernel_reader import KERNELS
from .parts import product
from .properties import PropertyEmitter
from .text import Body, Emitter, Signature, define


class ActionEmitter(PropertyEmitter):
    """Actions, and what they have in common with boxes.  `most`: the largest number of successors of a state, as far as emitted."""

    def __init__(self, emitter: Emitter) -> None:
        super().__init__(emitter)
        self.most = 0
        self.watches = [(i, p, set(p.steps)) for i, p in enumerate(self.of_kind("transition"))]

    def watching(self, box: Step | Action, kind: type[Process] | None = None) -> list[tuple[int, Property]]:
        """The transition properties evaluated after a box that a process of this kind has executed, with their mask bits."""
        return [(i, p) for i, p, boxes in self.watches if box in boxes and p.asks(kind, box) is not None]

    def action_functions(self) -> list[str]:
        """What is generated for each action, and `actions`."""
        out = self.action_watches()
        for index, declared in enumerate(self.instance.spec.actions):
            many = product(self.instance, declared, 2)
            self.most += many
            waits = f"{declared.place}: it returned WAIT after changing the state"
            site = self.emitter.site(waits) if self.instance.spec.trees[declared].writes else 0
            self.emitter.constants |= {f"options.action.{index}": many, f"unmoved.action.{index}": site,
                                       f"counted.action.{index}": self.emitter.counters + index}
            out += [self.enact(index, declared), self.overlook(index, declared)]
        return [*out, self.actions()]

    def enact(self, index: int, declared: Action) -> str:
        """`enact.action.N(row, ctx, choice)`: execute an action; what it returned."""
        body = Body()
        values = self.decoded(body, [of for _, of in declared.chosen(2)], "%choice")
        body.do(f"ret i64 {self.call(body, declared, ['%row'], None, values)}")
        return define(f"i64 @enact.action.{index}(ptr %row, ptr %ctx, i64 %choice)", body)

    def overlook(self, index: int, declared: Action) -> str:
        """`overlook.action.N(before, after, ctx)`: 0, or 1 + the first transition property that the action broke."""
        body = Body()
        watch = f"call i64 @{watch_name(index)}(ptr %before, ptr %after, ptr %ctx)"
        body.do(f"ret i64 {body.op(watch) if self.watching(declared) else 0}")
        return define(f"i64 @overlook.action.{index}(ptr %before, ptr %after, ptr %ctx)", body)

    def actions(self) -> str:
        """`actions(state, out, info, ctx, parent)`: every action is tried; how many rows there are then."""
        body, n = Body(), "0"
        for index in range(len(self.instance.spec.actions)):
            act = self.emitter.function(KERNELS.read(kernels_steps.act), Signature((), None, f"action.{index}"))
            n = body.op(f'call i64 @"{act}"(ptr %state, ptr %out, ptr %info, ptr %ctx, i64 %parent, i64 {n}, i64 {self.words})')
        body.do(f"ret i64 {n}")
        return define("i64 @actions(ptr %state, ptr %out, ptr %info, ptr %ctx, i64 %parent)", body)

    def action_watches(self) -> list[str]:
        """`watch.action.N(before, after, ctx)`: 0, or 1 + the first transition property that the action broke."""
        out = []
        for index, declared in enumerate(self.instance.spec.actions):
            if self.watching(declared):
                body = Body()
                self.watched(body, None, declared, self.watching(declared))
                body.label("end")
                body.do("ret i64 0")
                out.append(define(f"i64 @{watch_name(index)}(ptr %before, ptr %after, ptr %ctx)", body))
        return out


def watch_name(index: int) -> str:
    """The function that watches an action."""
    return f"watch.action.{index}"
