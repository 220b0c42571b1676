"""`check` and `reached`: the properties of a state, and what watches the steps."""

from __future__ import annotations

from ...spec.processes import Action, Process, Step
from ...spec.properties import Property
from ..context import ASKED
from .parts import PartEmitter
from .text import Body, Emitter, define


class PropertyEmitter(PartEmitter):
    """Functions that evaluate properties.  `breaking`: those of transition properties that are emitted."""

    def __init__(self, emitter: Emitter) -> None:
        super().__init__(emitter)
        self.breaking: set[str] = set()

    def check(self) -> str:
        """`check(state, ctx)`: 1 + index of the first invariant asked for that fails, or 0."""
        body = Body()
        for index, p in enumerate(self.of_kind("invariant")):
            wanted, after = body.fresh("wanted"), body.fresh("after")
            asked = self.asked(body, p)
            body.do(f"br i1 {body.op(f'icmp ne i64 {asked}, 0')}, label %{wanted}, label %{after}")
            body.label(wanted)
            self._quantified(body, p, after, False)
            body.do(f"ret i64 {index + 1}")
            body.label(after)
        body.do("ret i64 0")
        return define("i64 @check(ptr %w, ptr %ctx)", body)

    def reached(self) -> str:
        """`reached(state, ctx, mask)`: the witnesses of the mask that hold here, by the bits that `ctx` gives them."""
        body = Body()
        body.entry += ["  %found = alloca i64", "  store i64 0, ptr %found"]
        for p in self.of_kind("witness"):
            wanted, after = body.fresh("wanted"), body.fresh("after")
            bit = body.op(f"and i64 %mask, {self.asked(body, p)}")
            body.do(f"br i1 {body.op(f'icmp ne i64 {bit}, 0')}, label %{wanted}, label %{after}")
            body.label(wanted)
            self._quantified(body, p, after, True)
            merged = body.op(f"or i64 {body.op('load i64, ptr %found')}, {bit}")
            body.do(f"store i64 {merged}, ptr %found")
            body.do(f"br label %{after}")
            body.label(after)
        body.do(f"ret i64 {body.op('load i64, ptr %found')}")
        return define("i64 @reached(ptr %w, ptr %ctx, i64 %mask)", body)

    def asked(self, body: Body, p: Property) -> str:
        """What `ctx` says of a property: 0 where the search does not ask for it."""
        ordered = [q for kind in ("invariant", "transition", "witness") for q in self.of_kind(kind)]
        begin = body.op(f"load i64, ptr {body.word('%ctx', str(ASKED))}")
        return body.op(f"load i64, ptr {body.word('%ctx', body.op(f'add i64 {begin}, {ordered.index(p)}'))}")

    def _quantified(self, body: Body, p: Property, after: str, holds: bool) -> None:
        """Evaluate a property for all its parameters; go on where it first holds, or does not, and to `after` where it never does."""
        values, again = self.loops(body, [of for _, of in p.chosen(p.states + 1)], after)
        result = self.call(body, p, ["%w"], None, values)
        stop = body.fresh("stop")
        ends = body.op(f"icmp {'ne' if holds else 'eq'} i64 {result}, 0")
        body.do(f"br i1 {ends}, label %{stop}, label %{again}")
        body.label(stop)

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
            asked = self.asked(body, p)
            body.do(f"br i1 {body.op(f'icmp ne i64 {asked}, 0')}, label %wanted, label %fine")
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
