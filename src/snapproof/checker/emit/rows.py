"""Rows of successors, and the actions that fill them: functions `row`, `keep`, and `watch.action.N` for each watched action."""

from __future__ import annotations

from ...spec import tree
from ...spec.endings import WAITS
from ...spec.processes import Action, Process, Step
from ...spec.properties import Property
from .parts import product
from .properties import PropertyEmitter
from .text import Body, Emitter, copy_state, define

ROWS = "ptr noalias %src, ptr noalias %out, ptr noalias %info, ptr noalias %ctx, i64 %parent"
"""Parameters of the functions that produce rows: the state, the rows and their notes, the context, the state's index."""


class RowEmitter(PropertyEmitter):
    """Rows and actions.  `most`: the largest number of successors of a state, as far as emitted."""

    def __init__(self, emitter: Emitter) -> None:
        super().__init__(emitter)
        self.most = 0
        self.endings: dict[type[Process], str] = {}

    def watching(self, box: Step | Action, kind: type[Process] | None = None) -> list[tuple[int, Property]]:
        """The transition properties evaluated after a box that a process of this kind has executed, with their mask bits."""
        return [(i, p) for i, p in enumerate(self.of_kind("transition")) if box in p.steps and p.asks(kind, box) is not None]

    def row_function(self) -> str:
        """`row(src, out, n)`: a copy of the state in row n."""
        body = Body()
        row = body.word("%out", body.op(f"mul i64 %n, {self.words}"))
        copy_state(body, "%src", row, self.words)
        body.do(f"ret ptr {row}")
        return define("ptr @row(ptr noalias %src, ptr noalias %out, i64 %n)", body)

    def keep_function(self) -> str:
        """`keep(info, parent, n, broken)`: row n is a successor; note what it broke and its parent; n + 1."""
        body = Body()
        place = body.op("shl i64 %n, 1")
        body.do(f"store i64 %broken, ptr {body.word('%info', place)}")
        body.do(f"store i64 %parent, ptr {body.word('%info', body.op(f'or i64 {place}, 1'))}")
        body.do(f"ret i64 {body.op('add i64 %n, 1')}")
        return define("i64 @keep(ptr noalias %info, i64 %parent, i64 %n, i64 %broken)", body)

    def unchanged(self, body: Body, row: str, what: str) -> None:
        """A step that waits must not have changed its row."""
        change = "0"
        for word in range(self.words):
            a = body.op(f"load i64, ptr {body.word('%src', str(word))}")
            b = body.op(f"load i64, ptr {body.word(row, str(word))}")
            change = body.op(f"or i64 {change}, {body.op(f'xor i64 {a}, {b}')}")
        bad, fine = body.fresh("bad"), body.fresh("fine")
        body.do(f"br i1 {body.op(f'icmp eq i64 {change}, 0')}, label %{fine}, label %{bad}")
        body.label(bad)
        body.do(f"store i64 {self.emitter.site(f'{what}: it returned WAIT after changing the state')}, ptr %ctx")
        body.do(f"br label %{fine}")
        body.label(fine)

    def executed(self, body: Body, index: str) -> None:
        """Count an execution; `index` among actions and then the steps of all kinds."""
        cell = body.word("%ctx", body.op(f"add i64 {index}, {self.emitter.counters}"))
        count = body.op(f"load i64, ptr {cell}")
        body.do(f"store i64 {body.op(f'add i64 {count}, 1')}, ptr {cell}")

    def row(self, body: Body) -> str:
        """A copy of the state in the next row."""
        return body.op(f"call ptr @row(ptr %src, ptr %out, i64 {body.op('load i64, ptr %n')})")

    def action(self, body: Body, index: int, declared: Action) -> None:
        """An action: a row for each choice, kept unless it waits."""
        self.most += product(self.instance, declared, 2)
        end, goes, waits = body.fresh("end"), body.fresh("goes"), body.fresh("waits")
        values, again = self.loops(body, [of for _, of in declared.chosen(2)], end)
        row = self.row(body)
        target = self.call(body, declared, [row], None, values)
        body.do(f"br i1 {body.op(f'icmp eq i64 {target}, {WAITS}')}, label %{waits}, label %{goes}")
        body.label(goes)
        self.executed(body, str(index))
        broken = body.op(f"call i64 @{watch_name(index)}(ptr %src, ptr {row}, ptr %ctx)") if self.watching(declared) else "0"
        n = body.op(f"call i64 @keep(ptr %info, i64 %parent, i64 {body.op('load i64, ptr %n')}, i64 {broken})")
        body.do(f"store i64 {n}, ptr %n")
        body.do(f"br label %{again}")
        body.label(waits)
        if tree.writes(self.instance.spec.trees[declared]):
            self.unchanged(body, row, declared.place)
        body.do(f"br label %{again}")
        body.label(end)

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
