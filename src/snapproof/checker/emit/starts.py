"""`start`: the initial state of one combination of choices."""

from __future__ import annotations

from ...spec.endings import WAITS
from ...spec.errors import DeclarationError
from .parts import product
from .processes import ProcessEmitter
from .text import BIG, Body, define


class StartEmitter(ProcessEmitter):
    """The function that begins; `Machine.start` is its plain reading."""

    def start(self) -> str:
        """`start(row, ctx, number)`: write an initial state; 1, or minus how many numbers a rejection passes over."""
        body = Body()
        layout, instance = self.emitter.layout, self.instance
        for word, value in enumerate(layout.pack(tuple(instance.start_cells()))):
            body.do(f"store i64 {value - (1 << 64) if value >> 63 else value}, ptr {body.word('%w', str(word))}")
        left = 1
        for declared in instance.spec.initials:
            left *= product(instance, declared, 2)
        if left >= BIG:
            raise DeclarationError(f"specification {instance.spec.name}", "its initial functions have more than 2^62 choices together.",
                                   "Choose smaller sizes, or fewer chosen parameters.")
        # A kind without members leaves nothing to choose: there is no initial state, and this is never called.
        for declared in instance.spec.initials if left else []:
            many = product(instance, declared, 2)
            left //= many
            mine = body.op(f"urem i64 {body.op(f'udiv i64 %number, {left}')}, {many}")
            values = self.decoded(body, [of for _, of in declared.chosen(2)], mine)
            target = self.call(body, declared, ["%w"], None, values)
            rejects, on = body.fresh("rejects"), body.fresh("on")
            body.do(f"br i1 {body.op(f'icmp eq i64 {target}, {WAITS}')}, label %{rejects}, label %{on}")
            body.label(rejects)
            over = body.op(f"sub i64 {body.op(f'srem i64 %number, {left}')}, {left}")
            body.do(f"ret i64 {over}")
            body.label(on)
        body.do("ret i64 1")
        return define("i64 @start(ptr noalias %w, ptr noalias %ctx, i64 %number)", body)
