"""What is done with a bounded sequence, as statements on the number in its cell (sequences.py).

With n values of an item, `1 + n + … + n^(k-1)` sequences are shorter than k; that is the number of the first one with k items.  So
the length is how many of these a number has reached, what is in front is the remainder by n, and behind the first k items the number
goes on as `(q - first of k) // n^k`.  No loop here divides, but those that look at every item.  Powers run along in loops without a
condition, so that they are constants to every reading, and between which numbers each name lies is told (`within`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import tree
from .domains import Extent, Flag
from .reader_folds import FAILS
from .reader_records import lowest
from .repeated import Measure, Repeated
from .sequences import SequenceOf, shorter

SEQUENCE, OTHER, LEFT, MADE, ITEM, INDEX, PLACE, POWER, LEAST, BELOW, COUNT, TOTAL, STEP = (
    f"{n}." for n in ("sequence", "other", "left", "made", "item", "index", "place", "power", "least", "below", "count", "total", "step"))
"""Names of helpers; no text has a name with a dot."""

Body = tuple[tree.Stmt, ...]

ZERO, ONE = tree.Const(0), tree.Const(1)
whole, other, left, made_so_far, item, index, place, power, least, below, count, total = (
    tree.Name(n) for n in (SEQUENCE, OTHER, LEFT, MADE, ITEM, INDEX, PLACE, POWER, LEAST, BELOW, COUNT, TOTAL))


# --- numbers that sizes give ------------------------------------------------------------------------------


def values(of: Repeated) -> tree.Expr:
    """How many values an item can have."""
    return tree.Size(Extent(of.of))


def longest(of: SequenceOf, less: int = 0) -> tree.Expr:
    """How many items there can be, or less."""
    return tree.Size(Measure(of, lambda _, most: most - less))


def not_full(of: SequenceOf) -> tree.Expr:
    """How many sequences are not full: the number of the first one that is."""
    return tree.Size(Measure(of, shorter))


def within(of: SequenceOf, result: Any) -> dict[str, Any]:
    """Between which numbers the names of a helper lie; `result`: what it returns, a domain or an Extent."""
    place_behind, every = Measure(of, lambda n, most: n ** most), Extent(of)
    return {SEQUENCE: of, OTHER: of, LEFT: of, MADE: of, PLACE: place_behind, POWER: place_behind, LEAST: every, BELOW: every,
            COUNT: most(of), "": result}


def most(of: SequenceOf) -> Measure:
    """How many items there can be."""
    return Measure(of, lambda _, most: most)


def last_place(of: SequenceOf) -> tree.Expr:
    """What the digit of the last place counts."""
    return tree.Size(Measure(of, lambda n, most: n ** (most - 1)))


# --- items ------------------------------------------------------------------------------------------------


def value_of(of: Repeated, digit: tree.Expr) -> tree.Expr:
    """The item that a digit from 0 stands for, as a cell of its own would hold it."""
    if isinstance(of.of, Flag):
        return tree.Compare("!=", digit, ZERO)
    low = lowest(of.of)
    return tree.Binary("+", digit, tree.Const(low)) if low else digit


def before(number: tree.Expr) -> tree.Expr:
    """One less; of 0 it is 0."""
    return tree.Binary("-", tree.Binary("max", number, ONE), ONE)


def front(of: SequenceOf, number: tree.Expr) -> tree.Expr:
    """The first item of a sequence that is not empty."""
    return value_of(of, tree.Binary("%", before(number), values(of)))


def behind(of: SequenceOf, number: tree.Expr) -> tree.Expr:
    """What is behind the first item; of the empty sequence it is the empty one."""
    return tree.Binary("//", before(number), values(of))


def refused(test: tree.Expr, line: int) -> tree.If:
    """The end of a helper where something is so."""
    return tree.If(test, (tree.Return(FAILS, line),), (), line)


def outside(of: Repeated, name: str, line: int, answer: tree.Expr = FAILS) -> Body:
    """The end of a helper where a number is no item; values with parts always are."""
    if of.of.structured:
        return ()
    low, number = lowest(of.of), tree.Name(name)
    above = tree.Compare(">", number, tree.Binary("+", tree.Const(low - 1), values(of)))
    return (tree.If(tree.Logic("or", (tree.Compare("<", number, tree.Const(low)), above)), (tree.Return(answer, line),), (), line),)


def digit_of(of: Repeated, name: str) -> tree.Expr:
    """The digit from 1 of an item."""
    above = tree.Binary("-", tree.Name(name), tree.Const(lowest(of.of) - 1))
    return tree.Binary("min", tree.Binary("max", above, ONE), values(of))


# --- one sequence -----------------------------------------------------------------------------------------


def first(of: SequenceOf, line: int) -> Body:
    """The item in front."""
    return refused(tree.Compare("==", whole, ZERO), line), tree.Return(front(of, whole), line)


def rest(of: SequenceOf, line: int) -> Body:
    """What is behind it."""
    return refused(tree.Compare("==", whole, ZERO), line), tree.Return(behind(of, whole), line)


def full(of: SequenceOf) -> tree.Expr:
    """Has it as many items as it can have?"""
    return tree.Compare(">=", whole, not_full(of))


def length(of: SequenceOf, line: int) -> Body:
    """How many items it has."""
    one_more = tree.Assign(COUNT, tree.Binary("+", count, tree.Compare(">=", whole, least)), line)
    loop = tree.For(STEP, ZERO, longest(of), (one_more, _next_least(of, line)), None, line)
    return tree.Assign(COUNT, ZERO, line), tree.Assign(LEAST, ONE, line), loop, tree.Return(count, line)


def at(of: SequenceOf, line: int) -> Body:
    """The item at an index."""
    further = tree.Compare(">", index, tree.Name(STEP))
    steps = (_next_power(of, line), _next_least(of, line),
             tree.Assign(PLACE, tree.Choose(further, power, place), line), tree.Assign(BELOW, tree.Choose(further, least, below), line))
    nowhere = (tree.Compare("<", index, ZERO), tree.Compare(">=", index, longest(of)), tree.Compare("<", whole, below))
    part = tree.Binary("//", tree.Binary("max", tree.Binary("-", whole, below), ZERO), tree.Binary("max", place, ONE))
    return (*_powers(line), tree.Assign(BELOW, ONE, line), tree.For(STEP, ZERO, longest(of, 1), steps, None, line),
            refused(tree.Logic("or", nowhere), line), tree.Return(value_of(of, tree.Binary("%", part, values(of))), line))


def contains(of: SequenceOf, line: int) -> Body:
    """Is something one of its items?"""
    found = tree.Logic("and", (tree.Compare("!=", left, ZERO), tree.Compare("==", front(of, left), item)))
    steps = (tree.If(found, (tree.Return(ONE, line),), (), line), tree.Assign(LEFT, behind(of, left), line))
    return tree.Assign(LEFT, whole, line), tree.For(STEP, ZERO, longest(of), steps, None, line), tree.Return(ZERO, line)


# --- made -------------------------------------------------------------------------------------------------


def appended(of: SequenceOf, line: int) -> Body:
    """It with one item more."""
    inside = tree.Binary("min", whole, tree.Binary("-", not_full(of), ONE))
    return (*outside(of, ITEM, line), refused(full(of), line), *_place_behind(of, longest(of, 1), line),
            tree.Return(tree.Binary("+", inside, tree.Binary("*", place, digit_of(of, ITEM))), line))


def together(of: SequenceOf, line: int) -> Body:
    """It with another one behind it."""
    return (*_place_behind(of, longest(of), line), tree.Assign(TOTAL, tree.Binary("+", whole, tree.Binary("*", place, other)), line),
            refused(tree.Compare(">=", total, tree.Size(Extent(of))), line),
            tree.Return(tree.Binary("min", total, tree.Binary("-", tree.Size(Extent(of)), ONE)), line))


def made(of: SequenceOf, names: list[str], line: int) -> Body:
    """That of these items; more than there can be are an error."""
    number: tree.Expr = ZERO
    for name in reversed(names):
        number = tree.Binary("+", tree.Binary("*", number, values(of)), digit_of(of, name))
    checks = [s for name in names for s in outside(of, name, line)]
    return (*checks, refused(tree.Compare(">", tree.Const(len(names)), longest(of)), line), tree.Return(number, line))


def gathered(of: SequenceOf, line: int, around: Callable[[Body], Body]) -> Body:
    """That of the items which the statements around give to `item.`, one after the other."""
    inside = tree.Binary("min", made_so_far, tree.Binary("-", not_full(of), ONE))
    further = tree.Binary("min", tree.Binary("*", place, values(of)), last_place(of))
    joins = (*outside(of, ITEM, line), refused(tree.Compare(">=", made_so_far, not_full(of)), line),
             tree.Assign(MADE, tree.Binary("+", inside, tree.Binary("*", place, digit_of(of, ITEM))), line),
             tree.Assign(PLACE, further, line))
    return tree.Assign(MADE, ZERO, line), tree.Assign(PLACE, ONE, line), *around(joins), tree.Return(made_so_far, line)


def _powers(line: int) -> Body:
    """The first place, and the number of the first sequence that has an item in it."""
    return tree.Assign(PLACE, ONE, line), tree.Assign(POWER, ONE, line), tree.Assign(LEAST, ONE, line)


def _next_power(of: SequenceOf, line: int) -> tree.Assign:
    return tree.Assign(POWER, tree.Binary("*", power, values(of)), line)


def _next_least(of: SequenceOf, line: int) -> tree.Assign:
    return tree.Assign(LEAST, tree.Binary("+", tree.Binary("*", least, values(of)), ONE), line)


def _place_behind(of: SequenceOf, places: tree.Expr, line: int) -> Body:
    """What the first free place counts: 1 if it is empty, n with one item, and so on."""
    steps = (_next_power(of, line), tree.Assign(PLACE, tree.Choose(tree.Compare(">=", whole, least), power, place), line),
             _next_least(of, line))
    return (*_powers(line), tree.For(STEP, ZERO, places, steps, None, line))
