"""LLVM text, its values, and what all functions of one module share.

Every value is an `i64` (a truth value an `i1` until it is stored).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...spec import tree
from ...spec.instance import Instance, Slot
from ...spec.layout import Layout
from ...spec.processes import Process
from ..context import SWITCHES

BIG = 1 << 62

TURNS = 1 << 20
"""Turns of a loop in compiled code: more are an error of the step (`LONG_LOOP`)."""

LONG_LOOP = "a loop of more than"
"""How the place of such an error begins."""

GROUP = 32
"""Processes whose bits share one half-word of a mask."""


@dataclass(frozen=True)
class Value:
    """An LLVM operand with its type and the range it is known to lie in."""

    text: str
    low: int = -BIG
    high: int = BIG
    truth: bool = False


@dataclass(frozen=True)
class Handle:
    """A process: its kind, the operand of its id, and the state it is seen in."""

    kind: type[Process]
    id: Value
    state: str


@dataclass(frozen=True)
class Signature:
    """What distinguishes the specialisations of a function: the kinds behind its handles, whose step it serves,
    and of which action or kind it calls what is its own."""

    kinds: tuple[tuple[str, type[Process]], ...]
    mover: type[Process] | None
    own: str = ""


class Emitter:
    """What all functions of one module share: layout, sites of checks, specialisations."""

    def __init__(self, instance: Instance, layout: Layout,
                 lower: Callable[[Emitter, tree.Function, Signature, str], str]) -> None:
        self.instance, self.layout, self.lower = instance, layout, lower
        self.switches = list(instance.spec.scope.switches)
        self.counters = SWITCHES + len(self.switches)
        self.steps = [(k, s) for k in instance.spec.kinds for s in instance.spec.steps[k.__name__]]
        self.movers = self.counters + len(instance.spec.actions) + len(self.steps)
        self.groups = -(-len(instance.processes) // GROUP)
        self.functions: dict[tuple[int, Signature], str] = {}
        self.constants: dict[str, int] = {}
        self.kept: list[tree.Function] = []
        self.text: list[str] = []
        self.sites: list[str] = [""]

    def function(self, function: tree.Function, signature: Signature) -> str:
        """The name of a specialisation; emitted when it is met first."""
        key = (id(function), signature)
        if key not in self.functions:
            self.kept.append(function)
            name = f"{function.name}.{len(self.functions)}"
            self.functions[key] = name
            self.text.append(self.lower(self, function, signature, name))
        return self.functions[key]

    def site(self, place: str) -> int:
        """A number for a check, by which its place is found again."""
        self.sites.append(place)
        return len(self.sites) - 1


class Body:
    """Lines of one LLVM function, with fresh names."""

    def __init__(self) -> None:
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.count = 0
        self.block = "entry"

    def fresh(self, stem: str = "t") -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def op(self, text: str) -> str:
        """An instruction with a result; its operand."""
        name = f"%{self.fresh()}"
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        """An instruction without result."""
        self.lines.append(f"  {text}")

    def label(self, name: str) -> None:
        """Begin a block."""
        self.lines.append(f"{name}:")
        self.block = name

    def word(self, array: str, index: str, kind: str = "i64") -> str:
        """The address of an element."""
        return self.op(f"getelementptr {kind}, ptr {array}, i64 {index}")


class Cells:
    """Cells of packed states, read and written in the body of a function by their raw value (from 0)."""

    def __init__(self, layout: Layout, body: Body) -> None:
        self.layout, self.body = layout, body

    def place(self, slot: Slot, index: Value) -> tuple[str, str, int]:
        """(word, shift, width) of a cell whose index is known to be inside."""
        place = self.layout.of(slot)
        if index.low == index.high:
            return str(place.word + index.low // place.per), str(place.shift + index.low % place.per * place.stride), place.width
        word, inside = str(place.word), index.text
        if slot.length > place.per:
            word = self.body.op(f"add i64 {place.word}, {self.body.op(f'udiv i64 {index.text}, {place.per}')}")
            inside = self.body.op(f"urem i64 {index.text}, {place.per}")
        moved = self.body.op(f"mul i64 {inside}, {place.stride}")
        return word, self.body.op(f"add i64 {moved}, {place.shift}"), place.width

    def read(self, state: str, slot: Slot, index: Value) -> str:
        """The raw value of a cell."""
        word, shift, width = self.place(slot, index)
        if width == 0:
            return "0"
        loaded = self.body.op(f"load i64, ptr {self.body.word(state, word)}")
        return self.body.op(f"and i64 {self.body.op(f'lshr i64 {loaded}, {shift}')}, {(1 << width) - 1}")

    def set(self, state: str, slot: Slot, index: Value, raw: str) -> None:
        """Write the raw value of a cell."""
        word, shift, width = self.place(slot, index)
        if width == 0:
            return
        address = self.body.word(state, word)
        mask = self.body.op(f"shl i64 {(1 << width) - 1}, {shift}")
        kept = self.body.op(f"and i64 {self.body.op(f'load i64, ptr {address}')}, {self.body.op(f'xor i64 {mask}, -1')}")
        moved = self.body.op(f"shl i64 {raw}, {shift}")
        self.body.do(f"store i64 {self.body.op(f'or i64 {kept}, {moved}')}, ptr {address}")


def known(value: int) -> Value:
    """A constant."""
    return Value(str(value), value, value)


def define(head: str, body: Body) -> str:
    """The text of a function of this module."""
    return "\n".join([f"define internal {head} nounwind {{\nentry:", *body.entry, *body.lines, "}"])
