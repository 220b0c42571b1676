"""`check` and `reached`: the properties of a state, and what watches the steps."""

from __future__ import annotations

from ...spec.processes import Action, Process, Step
from ...spec.properties import Property
from ..context import WATCHED
from .parts import PartEmitter
from .text import Body, Emitter, define


class PropertyEmitter(PartEmitter):
    """Functions that evaluate properties.  `breaking`: those of transition properties that are emitted."""

    def __init__(self, emitter: Emitter) -> None:
        super().__init__(emitter)
        self.breaking: set[str] = set()

    def check(self) -> str:
        """`check(state, ctx, mask)`: 1 + index of the first invariant of the mask that fails, or 0."""
        body = Body()
        for index, p in enumerate(self.of_kind("invariant")):
            after = self._quantified(body, p, index, ["%w"], f"ret i64 {index + 1}", False)
            body.label(after)
        body.do("ret i64 0")
        return define("i64 @check(ptr %w, ptr %ctx, i64 %mask)", body)

    def reached(self) -> str:
        """`reached(state, ctx, mask)`: the witnesses of the mask that hold here."""
        body = Body()
        body.entry += ["  %found = alloca i64", "  store i64 0, ptr %found"]
        for index, p in enumerate(self.of_kind("witness")):
            after = self._quantified(body, p, index, ["%w"], "", True)
            body.label(after)
        body.do(f"ret i64 {body.op('load i64, ptr %found')}")
        return define("i64 @reached(ptr %w, ptr %ctx, i64 %mask)", body)

    def _quantified(self, body: Body, p: Property, index: int, states: list[str], failed: str, collect: bool) -> str:
        """Evaluate a property for all its parameters if its bit is in the mask; the label behind it."""
        wanted, after = body.fresh("wanted"), body.fresh("after")
        bit = body.op(f"and i64 %mask, {1 << index}")
        body.do(f"br i1 {body.op(f'icmp ne i64 {bit}, 0')}, label %{wanted}, label %{after}")
        body.label(wanted)
        values, again = self.loops(body, [of for _, of in p.chosen(p.states + 1)], after)
        result = self.call(body, p, states, None, values)
        stop = body.fresh("stop")
        ends = body.op(f"icmp {'ne' if collect else 'eq'} i64 {result}, 0")
        body.do(f"br i1 {ends}, label %{stop}, label %{again}")
        body.label(stop)
        if collect:
            merged = body.op(f"or i64 {body.op('load i64, ptr %found')}, {1 << index}")
            body.do(f"store i64 {merged}, ptr %found")
            body.do(f"br label %{after}")
        else:
            body.do(failed)
        return after

    def watched(self, body: Body, kind: type[Process] | None, box: Step | Action, watching: list[tuple[int, Property]]) -> None:
        """Evaluate transition properties between `%before` and `%after`; return 1 + the first broken one, or go to `end`.

        `kind` is that of the process that moved (None for an action).
        """
        for index, p in watching:
            after, stop = body.fresh("after"), body.fresh("stop")
            name = self.broken(kind, index, p, bool(p.asks(kind, box)))
            result = body.op(f"call i64 @{name}(ptr %before, ptr %after, ptr %ctx, i64 {'%id' if kind else 0})")
            body.do(f"br i1 {body.op(f'icmp eq i64 {result}, 0')}, label %{after}, label %{stop}")
            body.label(stop)
            body.do(f"ret i64 {index + 1}")
            body.label(after)
        body.do("br label %end")

    def broken(self, kind: type[Process] | None, index: int, p: Property, mine: bool) -> str:
        """The name of `broken.N.Kind(before, after, ctx, id)`: 1 where a transition property is asked for and does not hold.

        `mine`: its first process is the one that moved.  It is one function for all boxes that it watches: loops over its indices
        at each of them would be half of the module.
        """
        name = f"broken.{index}.{kind.__name__ if kind else 'action'}{'.mine' if mine else ''}"
        if name not in self.breaking:
            self.breaking.add(name)
            body = Body()
            mask = body.op(f"load i64, ptr {body.word('%ctx', str(WATCHED))}")
            test = body.op(f"icmp ne i64 {body.op(f'and i64 {mask}, {1 << index}')}, 0")
            body.do(f"br i1 {test}, label %wanted, label %fine")
            body.label("wanted")
            rest = [of for _, of in p.chosen(3)]
            values, again = self.loops(body, rest[1:] if mine else rest, "fine")
            result = self.call(body, p, ["%before", "%after"], (kind, "%id") if mine and kind else None, values)
            body.do(f"br i1 {body.op(f'icmp eq i64 {result}, 0')}, label %stop, label %{again}")
            body.label("stop")
            body.do("ret i64 1")
            body.label("fine")
            body.do("ret i64 0")
            self.emitter.text.append(define(f"i64 @{name}(ptr %before, ptr %after, ptr %ctx, i64 %id)", body))
        return name
