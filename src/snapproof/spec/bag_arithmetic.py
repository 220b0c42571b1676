"""What is done with a bag, as statements on the number in its cell (bags.py): a digit for each value says how often it is in it.

Where the base is a power of two, a digit is found by a shift; else the place of a value is a power that is picked from those which run
along in a loop, constants to every reading.  Only the length and loops look at every digit.
"""

from __future__ import annotations

from typing import Any

from . import tree
from .bags import BagOf
from .domains import Extent
from .repeated import Measure
from .sequence_arithmetic import (
    COUNT,
    ITEM,
    LEFT,
    MADE,
    ONE,
    PLACE,
    POWER,
    STEP,
    ZERO,
    Body,
    count,
    digit_of,
    left,
    made_so_far,
    outside,
    place,
    power,
    refused,
    value_of,
    values,
)

BAG = "bag."
"""The bag itself; no text has a name with a dot."""

whole = tree.Name(BAG)


def within(of: BagOf, result: Any) -> dict[str, Any]:
    """Between which numbers the names of a helper lie; `result`: what it returns, a domain or an Extent."""
    highest = Measure(of, lambda n, most: (most + 1) ** (n - 1))
    return {BAG: of, MADE: of, LEFT: of, PLACE: highest, POWER: highest, COUNT: all_items(of), "": result}


def all_items(of: BagOf) -> Measure:
    """How many items there can be, of all values together."""
    return Measure(of, lambda n, most: n * most)


def of_each(of: BagOf) -> Measure:
    """How many of one value there can be."""
    return Measure(of, lambda _, most: most)


def base(of: BagOf) -> tree.Expr:
    """What a digit counts to."""
    return tree.Size(Measure(of, lambda _, most: most + 1))


# --- the digit of a value -----------------------------------------------------------------------------------


def bits(of: BagOf) -> int:
    """The bits of a digit where that has no number without a meaning; else 0."""
    return of.most.bit_length() if isinstance(of.most, int) and not of.most & of.most + 1 else 0


def _number(of: BagOf) -> tree.Expr:
    """Which of the values the item is, from 0."""
    return tree.Binary("-", digit_of(of, ITEM), ONE)


def placed(of: BagOf, line: int) -> Body:
    """What the digit of the item counts."""
    if bits(of):
        return (tree.Assign(PLACE, tree.Binary("<<", ONE, tree.Binary("*", _number(of), tree.Const(bits(of)))), line),)
    steps = (tree.Assign(POWER, tree.Binary("*", power, base(of)), line),
             tree.Assign(PLACE, tree.Choose(tree.Compare(">", _number(of), tree.Name(STEP)), power, place), line))
    others = tree.Binary("-", values(of), ONE)
    return tree.Assign(PLACE, ONE, line), tree.Assign(POWER, ONE, line), tree.For(STEP, ZERO, others, steps, None, line)


def often(of: BagOf, bag: tree.Expr) -> tree.Expr:
    """How often the item is in a bag, behind `placed`."""
    if bits(of):
        shifted = tree.Binary(">>", bag, tree.Binary("*", _number(of), tree.Const(bits(of))))
        return tree.Binary("&", shifted, tree.Const((1 << bits(of)) - 1))
    return tree.Binary("%", tree.Binary("//", bag, tree.Binary("max", place, ONE)), base(of))


# --- asked --------------------------------------------------------------------------------------------------


def counted(of: BagOf, line: int) -> Body:
    """How often the item is in it; what the domain does not have is in no bag."""
    return *outside(of, ITEM, line, ZERO), *placed(of, line), tree.Return(often(of, whole), line)


def contains(of: BagOf, line: int) -> Body:
    """Is it in it?"""
    return *outside(of, ITEM, line, ZERO), *placed(of, line), tree.Return(tree.Compare("!=", often(of, whole), ZERO), line)


def length(of: BagOf, line: int) -> Body:
    """How many items are in it."""
    steps = (tree.Assign(COUNT, tree.Binary("+", count, tree.Binary("%", left, base(of))), line),
             tree.Assign(LEFT, tree.Binary("//", left, base(of)), line))
    return (tree.Assign(COUNT, ZERO, line), tree.Assign(LEFT, whole, line), tree.For(STEP, ZERO, values(of), steps, None, line),
            tree.Return(count, line))


# --- made ---------------------------------------------------------------------------------------------------


def _more(of: BagOf, bag: tree.Expr) -> tree.Expr:
    return tree.Binary("min", tree.Binary("+", bag, place), tree.Binary("-", tree.Size(Extent(of)), ONE))


def with_one(of: BagOf, line: int) -> Body:
    """It with one more of a value."""
    too_many = refused(tree.Compare(">=", often(of, whole), tree.Size(of_each(of))), line)
    return *outside(of, ITEM, line), *placed(of, line), too_many, tree.Return(_more(of, whole), line)


def without_one(of: BagOf, line: int) -> Body:
    """It with one less of a value."""
    none = refused(tree.Compare("==", often(of, whole), ZERO), line)
    return (*outside(of, ITEM, line), *placed(of, line), none,
            tree.Return(tree.Binary("max", tree.Binary("-", whole, place), ZERO), line))


def joins(of: BagOf, line: int) -> Body:
    """The item joins what is made."""
    too_many = refused(tree.Compare(">=", often(of, made_so_far), tree.Size(of_each(of))), line)
    return *outside(of, ITEM, line), *placed(of, line), too_many, tree.Assign(MADE, _more(of, made_so_far), line)


def made(of: BagOf, line: int, inside: Body) -> Body:
    """The bag to which these statements give items."""
    return tree.Assign(MADE, ZERO, line), *inside, tree.Return(made_so_far, line)


def gone_over(of: BagOf, some: tree.Expr, over: str, name: str, body: Body, line: int) -> Body:
    """A loop over the items of a bag, each so often as it is in it; names begin with `over`."""
    value, bag = f"{over}.value", tree.Name(over)
    item = tree.Assign(name, value_of(of, tree.Name(value)), line)
    each = tree.For(f"{over}.often", ZERO, tree.Binary("%", bag, base(of)), (item, *body), None, line)
    behind = tree.Assign(over, tree.Binary("//", bag, base(of)), line)
    return tree.Assign(over, some, line), tree.For(value, ZERO, values(of), (each, behind), None, line)
