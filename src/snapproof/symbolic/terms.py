"""Integers and truth values that are either known or z3 terms.

A `Term` is a Python int or a bit vector of `WIDTH` bits (signed); a `Truth` is a bool or a z3 Boolean.
Operations on known values stay known, so a step over a concrete part of a state makes no terms at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

import z3

WIDTH = 32
"""Bits of every term: far above any domain, so that sums and products of cells do not wrap."""

Term = Union[int, z3.BitVecRef]
Truth = Union[bool, z3.BoolRef]


def bits(term: Term) -> z3.BitVecRef:
    """A term as a z3 bit vector."""
    return z3.BitVecVal(term, WIDTH) if isinstance(term, int) else term


def boolean(truth: Truth) -> z3.BoolRef:
    """A truth value as a z3 Boolean."""
    return z3.BoolVal(truth) if isinstance(truth, bool) else truth


def negate(a: Truth) -> Truth:
    """Not."""
    return (not a) if isinstance(a, bool) else z3.Not(a)


def both(a: Truth, b: Truth) -> Truth:
    """And."""
    if isinstance(a, bool):
        return b if a else False
    if isinstance(b, bool):
        return a if b else False
    return z3.And(a, b)


def either(a: Truth, b: Truth) -> Truth:
    """Or."""
    return negate(both(negate(a), negate(b))) if isinstance(a, bool) or isinstance(b, bool) else z3.Or(a, b)


def choose(test: Truth, then: Any, otherwise: Any) -> Any:
    """`then if test else otherwise`, of two terms or two truth values."""
    if isinstance(test, bool):
        return then if test else otherwise
    if isinstance(then, (int, bool)) and isinstance(otherwise, (int, bool)) and then == otherwise:
        return then
    if then is otherwise:
        return then
    if isinstance(then, (bool, z3.BoolRef)):
        return z3.If(test, boolean(then), boolean(otherwise))
    return z3.If(test, bits(then), bits(otherwise))


def truth_of(value: Term | Truth) -> Truth:
    """A value in a condition."""
    if isinstance(value, (bool, z3.BoolRef)):
        return value
    return value != 0 if isinstance(value, int) else value != z3.BitVecVal(0, WIDTH)


def number(value: Term | Truth) -> Term:
    """A truth value as 0 or 1; a term as it is."""
    if isinstance(value, bool):
        return int(value)
    return choose(value, 1, 0) if isinstance(value, z3.BoolRef) else value


def compare(op: str, a: Term, b: Term) -> Truth:
    """`== != < <= > >=`."""
    if isinstance(a, int) and isinstance(b, int):
        return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
    x, y = bits(a), bits(b)
    return {"==": lambda: x == y, "!=": lambda: x != y, "<": lambda: x < y, "<=": lambda: x <= y,
            ">": lambda: x > y, ">=": lambda: x >= y}[op]()


def binary(op: str, a: Term, b: Term) -> Term:
    """`+ - * // % & | ^ << >> min max`; `//` and `%` round towards minus infinity and need a known divisor."""
    if isinstance(a, int) and isinstance(b, int):
        return _known(op, a, b)
    x, y = bits(a), bits(b)
    if op in ("min", "max"):
        return choose(compare("<=" if op == "min" else ">=", a, b), a, b)
    if op in ("//", "%"):
        rest = z3.SRem(x, y)
        below = rest < 0
        return z3.If(below, x / y - 1, x / y) if op == "//" else z3.If(below, rest + y, rest)
    return {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "&": lambda: x & y, "|": lambda: x | y,
            "^": lambda: x ^ y, "<<": lambda: x << y, ">>": lambda: x >> y}[op]()


def _known(op: str, a: int, b: int) -> int:
    if op in ("<<", ">>") and b < 0 or op == "<<" and b > WIDTH:
        return 0  # the index of a path that is not taken; its condition says so
    table = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "//": lambda: a // b, "%": lambda: a % b,
             "&": lambda: a & b, "|": lambda: a | b, "^": lambda: a ^ b, "<<": lambda: a << b, ">>": lambda: a >> b,
             "min": lambda: min(a, b), "max": lambda: max(a, b)}
    return table[op]()


def inside(index: Term, low: int, high: int) -> Truth:
    """`low <= index <= high`."""
    return both(compare("<=", low, index), compare("<=", index, high))


def select(cells: Sequence[Term], index: Term) -> Term:
    """The cell at an index; any cell when the index is outside (the caller has noted that)."""
    if isinstance(index, int):
        return cells[index] if 0 <= index < len(cells) else 0
    found = cells[-1]
    for i in range(len(cells) - 2, -1, -1):
        found = choose(compare("==", index, i), cells[i], found)
    return found


def store(cells: list[Term], index: Term, value: Term, when: Truth) -> None:
    """Write a cell under a condition."""
    for i, old in enumerate(cells):
        here = both(when, compare("==", index, i))
        if here is not False:
            cells[i] = choose(here, value, old)
