"""Calls of steps and properties, and loops over index sets, in generated functions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...spec.instance import Instance, Slot
from ...spec.processes import Declared, Process, Step
from ...spec.properties import Property
from .text import Body, Cells, Emitter, Signature, define


class PartEmitter:
    """What the emitters of properties and of processes have in common."""

    def __init__(self, emitter: Emitter) -> None:
        self.emitter, self.instance = emitter, emitter.instance
        self.words = emitter.layout.words

    def of_kind(self, kind: str) -> list[Property]:
        """The properties of a kind, in the order of their mask bits."""
        return [p for p in self.instance.spec.properties.values() if p.kind == kind]

    def slot(self, kind: type[Process], name: str) -> Slot:
        """The cells of a local variable."""
        return self.instance.slots[kind.__name__, name]

    def cells(self, body: Body) -> Cells:
        """Cells read and written in a body."""
        return Cells(self.emitter.layout, body)

    def call(self, body: Body, declared: Declared, states: list[str], handle: tuple[type[Process], str] | None,
             values: list[tuple[Any, str]]) -> str:
        """Call a step, action or property with its states, its process, and its chosen values."""
        function = self.instance.spec.trees[declared]
        kinds: list[tuple[str, type[Process]]] = []
        passed = ["ptr %ctx"]
        handles = ([handle] if handle else []) + [(of, v) for of, v in values if issubclass(of, Process)]
        integers = [v for of, v in values if not issubclass(of, Process)]
        left, states_left = list(handles), list(states)
        for p in function.parameters:
            role = function.roles[p]
            if role == "state":
                passed.append(f"ptr {states_left.pop(0)}")
            elif role == "handle":
                kind, id = left.pop(0)
                kinds.append((p, kind))
                passed += [f"ptr {states[0]}", f"i64 {id}"]
            elif role == "int":
                passed.append(f"i64 {integers.pop(0)}")
        mover = handle[0] if handle and isinstance(declared, Step) else None
        name = self.emitter.function(function, Signature(tuple(kinds), mover))
        return body.op(f"call i64 @\"{name}\"({', '.join(passed)})")

    def loops(self, body: Body, sets: list[Any], done: str) -> tuple[list[tuple[Any, str]], str]:
        """Open nested loops over index sets; returns the loop variables and the label that continues them."""
        found: list[tuple[Any, str]] = []
        again = done
        for of in sets:
            each = self.instance.scope.each(of)
            counter, test, inside = f"%{body.fresh('i')}", body.fresh("test"), body.fresh("in")
            step = body.fresh("next")
            body.entry.append(f"  {counter} = alloca i64")
            body.do(f"store i64 {each.start}, ptr {counter}")
            body.do(f"br label %{test}")
            body.label(step)
            up = body.op(f"add i64 {body.op(f'load i64, ptr {counter}')}, 1")
            body.do(f"store i64 {up}, ptr {counter}")
            body.do(f"br label %{test}")
            body.label(test)
            i = body.op(f"load i64, ptr {counter}")
            body.do(f"br i1 {body.op(f'icmp slt i64 {i}, {each.stop}')}, label %{inside}, label %{again}")
            body.label(inside)
            found.append((of, i))
            again = step
        return found, again

    def decoded(self, body: Body, sets: list[Any], number: str) -> list[tuple[Any, str]]:
        """The members of index sets that a number stands for, as `loops` would come to them: the last set fastest."""
        left, values = max(1, combinations(self.instance, sets)), []
        for i, of in enumerate(sets):
            size = max(1, self.instance.scope.size(of))
            left //= size
            quotient = number if left == 1 else body.op(f"udiv i64 {number}, {left}")
            place, low = body.op(f"urem i64 {quotient}, {size}") if i else quotient, self.instance.scope.each(of).start
            values.append((of, body.op(f"add i64 {place}, {low}") if low else place))
        return values

    def table(self, name: str, values: Mapping[int, int], otherwise: int) -> str:
        """A function from the code of a step to a constant."""
        body = Body()
        told = {n: v for n, v in values.items() if v != otherwise}
        body.do(f"switch i64 %step, label %end [ {' '.join(f'i64 {n}, label %v{v}' for n, v in told.items())} ]")
        for value in dict.fromkeys(told.values()):
            body.label(f"v{value}")
            body.do(f"ret i64 {value}")
        body.label("end")
        body.do(f"ret i64 {otherwise}")
        return define(f"i64 @{name}(i64 %step)", body)


def combinations(instance: Instance, sets: Sequence[Any]) -> int:
    """How many combinations of their members index sets have."""
    return math.prod(instance.scope.size(of) for of in sets)


def product(instance: Instance, declared: Declared, skip: int) -> int:
    """How many combinations of chosen parameters a step or action has."""
    return combinations(instance, [of for _, of in declared.chosen(skip)])
