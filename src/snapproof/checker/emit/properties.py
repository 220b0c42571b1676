"""`check` and `reached`: the properties of a state, and what watches the steps."""

from __future__ import annotations

from ...spec.processes import Action, Process, Step
from ...spec.properties import Property
from ..context import WATCHED
from .parts import PartEmitter
from .text import Body, define


class PropertyEmitter(PartEmitter):
    """Functions that evaluate properties."""

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
        mask = body.op(f"load i64, ptr {body.word('%ctx', str(WATCHED))}")
        for index, p in watching:
            wanted, after, stop = body.fresh("wanted"), body.fresh("after"), body.fresh("stop")
            test = body.op(f"icmp ne i64 {body.op(f'and i64 {mask}, {1 << index}')}, 0")
            body.do(f"br i1 {test}, label %{wanted}, label %{after}")
            body.label(wanted)
            rest = [of for _, of in p.chosen(3)]
            mine = p.asks(kind, box)
            values, again = self.loops(body, rest[1:] if mine else rest, after)
            result = self.call(body, p, ["%before", "%after"], (kind, "%id") if mine and kind else None, values)
            body.do(f"br i1 {body.op(f'icmp eq i64 {result}, 0')}, label %{stop}, label %{again}")
            body.label(stop)
            body.do(f"ret i64 {index + 1}")
            body.label(after)
        body.do("br label %end")
