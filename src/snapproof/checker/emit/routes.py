"""For each kind of process `go`: the end of a step, which leads on, into figures and out of them."""

from __future__ import annotations

from ...spec.figures import Exit, FigureCall
from ...spec.processes import DONE, Process, Step
from ...spec.routes import Target
from .rows import RowEmitter
from .text import Body, Value, define

ID = Value("%id")


class RouteEmitter(RowEmitter):
    """Functions that set where a process is."""

    def steps_of(self, kind: type[Process]) -> list[Step]:
        """The steps of a kind, in the order of their codes."""
        return self.instance.spec.steps[kind.__name__]

    def go(self, kind: type[Process]) -> str:
        """`go.Kind(state, ctx, id, target)`: set the current step, into figures and out of them, or reset the process when it is done."""
        body = Body()
        body.do(f"br i1 {body.op('icmp slt i64 %target, 0')}, label %done, label %on")
        body.label("done")
        for slot in self.instance.slots.values():
            if slot.kind is kind and slot.name != "position":
                self.cells(body).set("%w", slot, ID, str(slot.start - slot.low))
        body.do("ret i64 0")
        body.label("on")
        routes = self.instance.spec.routes[kind.__name__]
        figures = range(len(routes.steps), len(routes.targets))
        targets = " ".join(f"i64 {i}, label %target{i}" for i in figures)
        body.do(f"switch i64 %target, label %step [ {targets} ]")
        body.label("step")
        self.cells(body).set("%w", self.slot(kind, "step"), ID, "%target")
        body.do("ret i64 0")
        for i in figures:
            body.label(f"target{i}")
            self.through(body, kind, routes.targets[i])
        return define(f"i64 @go.{kind.__name__}(ptr %w, ptr %ctx, i64 %id, i64 %target)", body)

    def through(self, body: Body, kind: type[Process], target: Target) -> None:
        """Enter a figure, or leave it: each call of it goes on in a block of its own."""
        routes, cells = self.instance.spec.routes[kind.__name__], self.cells(body)
        assert isinstance(target, (FigureCall, Exit))
        calls = routes.calls[target.figure]
        slot = self.slot(kind, target.figure.caller) if len(calls) > 1 else None
        if isinstance(target, FigureCall):
            if slot is not None:
                cells.set("%w", slot, ID, str(calls.index(target)))
            self.onward(body, kind, target.first)
            return
        caller = "0"
        if slot is not None:
            caller = cells.read("%w", slot, ID)
            cells.set("%w", slot, ID, "0")
        labels = [body.fresh("back") for _ in calls]
        stray = body.fresh("stray")
        body.do(f"switch i64 {caller}, label %{stray} [ {' '.join(f'i64 {i}, label %{to}' for i, to in enumerate(labels))} ]")
        for call, label in zip(calls, labels, strict=True):
            body.label(label)
            if target.exit in call.exits:
                self.onward(body, kind, call.exits[target.exit])
            else:
                body.do(f"br label %{stray}")
        body.label(stray)
        body.do(f"store i64 {self.emitter.site(f'figure {target.figure.name}: it is left by {target.exit}')}, ptr %ctx")
        body.do("br label %done")  # the run ends with the error; until then nothing may go round for ever

    def onward(self, body: Body, kind: type[Process], target: Target) -> None:
        """Go to a target that is known."""
        if target is DONE:
            body.do("br label %done")
        elif isinstance(target, Step):
            self.cells(body).set("%w", self.slot(kind, "step"), ID, str(self.steps_of(kind).index(target)))
            body.do("ret i64 0")
        else:
            body.do(f"br label %target{self.instance.spec.routes[kind.__name__].codes[target]}")
