"""Arithmetic in LLVM text: Python's, on 64 bits, with the ranges that are known; what needs more than 62 bits is an error."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from ...spec import tree
from .text import BIG, Body, Emitter, Value, known


class ArithmeticEmitter(ABC):
    """Operators of one specialisation of a function."""

    emitter: Emitter
    function: tree.Function
    body: Body

    @abstractmethod
    def value(self, node: Any) -> Value:
        """The operand of an expression (expressions.py)."""

    def integer(self, value: Value) -> str:
        return self.body.op(f"zext i1 {value.text} to i64") if value.truth else value.text

    def truth(self, value: Value) -> str:
        return value.text if value.truth else self.body.op(f"icmp ne i64 {value.text}, 0")

    def guard(self, text: str, size: int, place: str) -> str:
        """The operand if it is 0 … size-1; otherwise 0, and the error is noted."""
        site = self.emitter.site(place)
        inside = self.body.op(f"icmp ult i64 {text}, {size}")
        bad, good = self.body.fresh("bad"), self.body.fresh("good")
        self.body.do(f"br i1 {inside}, label %{good}, label %{bad}, !prof !0")
        self.body.label(bad)
        self.body.do(f"store i64 {site}, ptr %ctx")
        self.body.do(f"br label %{good}")
        self.body.label(good)
        return self.body.op(f"select i1 {inside}, i64 {text}, i64 0")

    def of_unary(self, node: tree.Unary) -> Value:
        value = self.value(node.operand)
        if node.op == "not":
            return Value(self.body.op(f"xor i1 {self.truth(value)}, true"), 0, 1, True)
        text = self.integer(value)
        if node.op == "-":
            return self.arithmetic("-", known(0), value, "0", text)
        return Value(self.body.op(f"xor i64 {text}, -1"), -value.high - 1, -value.low - 1)

    def of_binary(self, node: tree.Binary) -> Value:
        a, b = self.value(node.left), self.value(node.right)
        x, y = self.integer(a), self.integer(b)
        if node.op in ("min", "max"):
            test = self.body.op(f"icmp {'slt' if node.op == 'min' else 'sgt'} i64 {x}, {y}")
            pick = min if node.op == "min" else max
            return Value(self.body.op(f"select i1 {test}, i64 {x}, i64 {y}"), pick(a.low, b.low), pick(a.high, b.high))
        if node.op in ("//", "%"):
            return self.divided(node, a, b, x, y)
        if node.op in ("<<", ">>") and not self.function.kernel and (b.low < 0 or b.high > 62):
            b = self.amount(node.op, y)
            y = b.text
        return self.arithmetic(node.op, a, b, x, y)

    def arithmetic(self, op: str, a: Value, b: Value, x: str, y: str) -> Value:
        """An operation; one whose result might need more than 62 bits is checked (kernels wrap instead)."""
        name = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor", "<<": "shl", ">>": "ashr", ">>>": "lshr"}[op]
        reach = _reach(op, a, b)
        if self.function.kernel or op not in ("+", "-", "*", "<<") or reach is not None:
            return Value(self.body.op(f"{name} i64 {x}, {y}"), *(reach or (-BIG, BIG)))
        if op == "<<":
            result = self.body.op(f"shl i64 {x}, {y}")
            fits = self.body.op(f"icmp eq i64 {self.body.op(f'ashr i64 {result}, {y}')}, {x}")
        else:
            pair = self.body.op(f"call {{i64, i1}} @llvm.s{name}.with.overflow.i64(i64 {x}, i64 {y})")
            result = self.body.op(f"extractvalue {{i64, i1}} {pair}, 0")
            fits = self.body.op(f"xor i1 {self.body.op(f'extractvalue {{i64, i1}} {pair}, 1')}, true")
        high = self.body.op(f"add i64 {result}, {BIG}")
        small = self.body.op(f"icmp sge i64 {high}, 0")
        below = self.body.op(f"icmp sle i64 {result}, {BIG}")
        fits = self.body.op(f"and i1 {fits}, {self.body.op(f'and i1 {small}, {below}')}")
        number = self.body.op(f"select i1 {fits}, i64 0, i64 1")
        self.guard(number, 1, f"{self.function.place}: a number beyond 62 bits")
        return Value(self.body.op(f"select i1 {fits}, i64 {result}, i64 0"))

    def amount(self, op: str, text: str) -> Value:
        """By how many places to shift: a negative number is an error; to the right, 63 places are as good as more."""
        if op == "<<":
            return Value(self.guard(text, 63, f"{self.function.place}: a number beyond 62 bits"), 0, 62)
        inside = self.guard(text, BIG, f"{self.function.place}: shift")
        far = self.body.op(f"icmp ugt i64 {inside}, 63")
        return Value(self.body.op(f"select i1 {far}, i64 63, i64 {inside}"), 0, 63)

    def divided(self, node: tree.Binary, a: Value, b: Value, x: str, y: str) -> Value:
        """Floor division and its remainder, as in Python."""
        if b.low != b.high or b.low <= 0:
            return self.divided_by_any(node.op, a, b, x, y)
        if a.low >= 0 and a.high < b.low:
            return Value(x, a.low, a.high) if node.op == "%" else known(0)
        power = b.low.bit_length() - 1 if b.low & (b.low - 1) == 0 else None
        if power is not None:
            text = f"ashr i64 {x}, {power}" if node.op == "//" else f"and i64 {x}, {b.low - 1}"
        elif a.low >= 0:
            text = f"{'udiv' if node.op == '//' else 'urem'} i64 {x}, {y}"
        else:
            rest = self.body.op(f"srem i64 {x}, {y}")
            below = self.body.op(f"icmp slt i64 {rest}, 0")
            if node.op == "//":
                text = f"sub i64 {self.body.op(f'sdiv i64 {x}, {y}')}, {self.body.op(f'zext i1 {below} to i64')}"
            else:
                text = f"add i64 {rest}, {self.body.op(f'select i1 {below}, i64 {y}, i64 0')}"
        reach = (a.low // b.low, a.high // b.low) if node.op == "//" else (0, b.low - 1)
        return Value(self.body.op(text), *reach)

    def divided_by_any(self, op: str, a: Value, b: Value, x: str, y: str) -> Value:
        """The same by a number that may be negative; by 0 it is an error, and some integer."""
        by = y
        if b.low <= 0 <= b.high:
            none = self.body.op(f"zext i1 {self.body.op(f'icmp eq i64 {y}, 0')} to i64")
            self.guard(none, 1, f"{self.function.place}: a division by zero")
            by = self.body.op(f"add i64 {y}, {none}")
        rest = self.body.op(f"srem i64 {x}, {by}")
        apart = self.body.op(f"icmp slt i64 {self.body.op(f'xor i64 {rest}, {by}')}, 0")
        down = self.body.op(f"and i1 {apart}, {self.body.op(f'icmp ne i64 {rest}, 0')}")
        if op == "//":
            most = max(abs(a.low), abs(a.high))
            whole, less = self.body.op(f"sdiv i64 {x}, {by}"), self.body.op(f"zext i1 {down} to i64")
            return Value(self.body.op(f"sub i64 {whole}, {less}"), -most, most)
        return Value(self.body.op(f"add i64 {rest}, {self.body.op(f'select i1 {down}, i64 {by}, i64 0')}"),
                     min(0, b.low + 1), max(0, b.high - 1))


def _reach(op: str, a: Value, b: Value) -> tuple[int, int] | None:
    """The range of a result; None when it may need more than 62 bits."""
    if op == "+":
        low, high = a.low + b.low, a.high + b.high
    elif op == "-":
        low, high = a.low - b.high, a.high - b.low
    elif op == "*":
        corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(corners), max(corners)
    elif op == "&" and (a.low >= 0 or b.low >= 0):
        low, high = 0, min(v.high for v in (a, b) if v.low >= 0)
    elif op in ("|", "^") and a.low >= 0 and b.low >= 0:
        low, high = 0, (1 << max(a.high, b.high).bit_length()) - 1
    elif op == "<<" and a.low >= 0 and b.low >= 0 and b.high < 60:
        low, high = a.low << b.low, a.high << b.high
    elif op == ">>" and a.low >= 0 and b.low >= 0:
        low, high = 0, a.high >> b.low
    elif op in ("+", "-", "*", "<<"):
        return None
    else:
        return -BIG, BIG
    return (low, high) if low >= -BIG and high <= BIG else None
