"""Calls of steps and properties, and loops over index sets, in generated functions."""

from __future__ import annotations

from typing import Any

from ...spec.instance import Instance, Slot
from ...spec.processes import Declared, Process, Step
from ...spec.properties import Property
from .text import Body, Cells, Emitter, Signature


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


def product(instance: Instance, declared: Declared, skip: int) -> int:
    """How many combinations of chosen parameters a step or action has."""
    total = 1
    for _, of in declared.chosen(skip):
        total *= instance.scope.size(of)
    return total
