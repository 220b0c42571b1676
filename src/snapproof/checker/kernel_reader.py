"""The kernels of the compiled search are Python too: a little more of it than steps may use.

On top of the language of steps: parameters that are arrays (`Words` of 64 bits, `Halves` of 32),
`while`, unsigned shifts (`>>` is logical here), and calls of functions that are generated for a
specification (`External`).  Integers wrap at 64 bits, as the machine's do.

Python runs them, too, when it is said what is generated (`External.plain`): so the successor loop is held against the plain
reading (tests/successor_kit.py).  Only hashes need the wrapping, which Python's numbers do not do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..spec import tree
from ..spec.reader import FunctionReader, Reader


class Words:
    """An array of 64-bit words.

    What stands here of its meaning is the plain reading of kernels: Python itself runs them on lists.
    """

    def __init__(self, cells: list[int], start: int = 0) -> None:
        self.cells, self.start = cells, start

    def __getitem__(self, index: int) -> int:
        return self.cells[self.start + index]

    def __setitem__(self, index: int, value: int) -> None:
        self.cells[self.start + index] = value


class Halves(Words):
    """An array of 32-bit halves; reads are unsigned."""

    def __setitem__(self, index: int, value: int) -> None:
        self.cells[self.start + index] = value & 0xFFFFFFFF


class External:
    """A function that exists only in the generated module; `plain` is what it means when kernels are run by Python."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.plain: Callable[..., int] | None = None

    def __call__(self, *arguments: Any) -> int:
        if self.plain is None:
            raise TypeError(f"{self.name} is generated for a specification; whoever runs kernels as Python says what it means.")
        return self.plain(*arguments)


class Own(External):
    """One that is generated for each action or for each kind of process: which one is meant is known where it is compiled."""


def at(array: Words, index: int) -> Words:
    """The array from an index on, as an argument."""
    return type(array)(array.cells, array.start + index)


def prefetch(array: Words, index: int) -> int:
    """Ask the processor to fetch an element that will be needed soon."""
    return 0


def wide(array: Halves, index: int) -> int:
    """Two neighbouring halves as one word."""
    return array[index] | array[index + 1] << 32


@dataclass(frozen=True)
class Item:
    """An element of an array; `wide` reads 64 bits from an array of halves."""

    array: str
    index: Any
    wide: bool = False


@dataclass(frozen=True)
class Pointer:
    """An array from an index on."""

    array: str
    index: Any


@dataclass(frozen=True)
class CallExternal:
    """A call of a generated function, or of `prefetch`."""

    name: str
    arguments: tuple[Any, ...]
    own: bool = False


@dataclass(frozen=True)
class StoreItem:
    """An element of an array takes a value."""

    array: str
    index: Any
    value: Any
    line: int


@dataclass(frozen=True)
class While:
    """A loop; only kernels have it."""

    test: Any
    body: tuple[Any, ...]
    line: int


class KernelReader(Reader):
    """Lowers kernels.  `own`: the ids of those that mean something else for each action or kind of process."""

    def __init__(self) -> None:
        super().__init__()
        self.own: set[int] = set()

    def read(self, function: Callable[..., Any], place: str = "") -> tree.Function:
        if function not in self.functions:
            found = self.functions[function] = _KernelFunction(self, function).lowered()
            called = [n for n in tree.nodes(found) if isinstance(n, (CallExternal, tree.Call))]
            if any(n.own if isinstance(n, CallExternal) else id(n.function) in self.own for n in called):
                self.own.add(id(found))
        return self.functions[function]


class _KernelFunction(FunctionReader):
    def __init__(self, reader: Reader, function: Callable[..., Any]) -> None:
        super().__init__(reader, function)
        self.out.kernel = True
        for name, hint in self.out.hints.items():
            if isinstance(hint, type) and issubclass(hint, Words):
                self.roles[name] = "halves" if issubclass(hint, Halves) else "words"
                self.assigned.discard(name)

    def array(self, node: ast.expr) -> str | None:
        known = isinstance(node, ast.Name) and self.roles.get(node.id) in ("words", "halves")
        return node.id if known else None  # type: ignore[attr-defined]

    def statement(self, node: ast.stmt) -> list[Any]:
        line = node.lineno
        if isinstance(node, ast.While):
            test, before = self.condition(node.test), set(self.assigned)
            body = self.block(node.body)
            self.assigned = before
            return [While(test, body, line)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = self.expr(node.value)
            return [tree.Do(call, line)]  # type: ignore[arg-type]
        return super().statement(node)

    def assignment(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign, line: int) -> Any:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Subscript):
            array = self.array(target.value)
            if array is not None and node.value is not None:
                index, value = self.expr(target.slice), self.expr(node.value)
                if isinstance(node, ast.AugAssign):
                    value = tree.Binary(self.operator(node), Item(array, index), value)  # type: ignore[arg-type]
                return StoreItem(array, index, value, line)
        return super().assignment(node, line)

    def operator(self, node: ast.AugAssign | ast.BinOp) -> str:
        return ">>>" if isinstance(node.op, ast.RShift) else super().operator(node)

    def subscript(self, node: ast.Subscript) -> Any:
        array = self.array(node.value)
        return Item(array, self.expr(node.slice)) if array else super().subscript(node)

    def call(self, node: ast.Call, direct: bool = False, statement: bool = False) -> Any:
        found = self.lookup(node.func)
        if found is prefetch:
            return CallExternal("prefetch", (Pointer(str(self.array(node.args[0])), self.expr(node.args[1])),))
        if found is wide:
            return Item(str(self.array(node.args[0])), self.expr(node.args[1]), True)
        if isinstance(found, External):
            return CallExternal(found.name, tuple(self.external(a) for a in node.args), isinstance(found, Own))
        return super().call(node, direct, statement)

    def external(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Call) and self.lookup(node.func) is at:
            return Pointer(str(self.array(node.args[0])), self.expr(node.args[1]))
        array = self.array(node)
        return Pointer(array, tree.Const(0)) if array else self.expr(node)

    def known(self, value: int, node: ast.AST) -> tree.Const:
        return tree.Const(value)  # kernels compute with all 64 bits

    def passed(self, node: ast.expr, parameter: str, helper: tree.Function, call: ast.AST) -> Any:
        if helper.roles[parameter] in ("words", "halves"):
            found = self.external(node)
            return found if isinstance(found, Pointer) else self.refuse(call, "this array", "pass it by its name, or at(name, index)")
        return super().passed(node, parameter, helper, call)


KERNELS = KernelReader()
"""Every kernel is lowered once, whatever it is compiled with."""
