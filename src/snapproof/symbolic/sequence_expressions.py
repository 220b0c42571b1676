"""Sequences in expressions over states: their length, what is in them, and all of one, written as a list."""

from __future__ import annotations

from collections.abc import Sequence as Several
from typing import Any

from ..spec import sequence_arithmetic as arithmetic
from ..spec import tree
from ..spec.domains import Domain, Flag, Range, Sizes
from ..spec.sequence_arithmetic import ITEM, SEQUENCE
from ..spec.sequences import MOST, SequenceOf

ASKED = ("empty", "full")
"""What is asked behind a dot; not the first, or one by its place, which some sequences have not."""


def helped(of: SequenceOf, body: arithmetic.Body, given: dict[str, Any], result: Any) -> tree.Call:
    """A call of a helper with this body, for what it is given."""
    names = list(given)
    helper = tree.Function("query", "expression:1 query", names, dict.fromkeys(names, "int"), dict.fromkeys(names, int),
                           bool if result is bool else int, body, result=tree.NUMBER, complete=True, inner=True,
                           within=arithmetic.within(of, result))
    helper.locals = sorted({n.name for n in tree.nodes(body) if isinstance(n, tree.Assign)})
    return tree.Call(helper, tuple(given.values()))


def length(of: SequenceOf, whole: Any) -> tuple[tree.Expr, Domain]:
    """How many items it has."""
    return helped(of, arithmetic.length(of, 1), {SEQUENCE: whole}, arithmetic.most(of)), Range(0, MOST)


def among(of: SequenceOf, whole: Any, item: Any) -> tree.Expr:
    """Is something in it?"""
    return helped(of, arithmetic.contains(of, 1), {ITEM: item, SEQUENCE: whole}, bool)


def part(of: SequenceOf, whole: Any, name: str) -> tuple[tree.Expr, Domain] | str:
    """`.empty` or `.full`; or why that is not asked, as a text."""
    if name not in ASKED:
        return f"of a {of.told} .empty and .full are asked, and no item by its place, where some have none. " \
               "Ask len(q), m in q, or compare all of it: q == [m1, m2]."
    asked = tree.Compare("==", arithmetic.whole, tree.Const(0)) if name == "empty" else arithmetic.full(of)
    return helped(of, (tree.Return(asked, 1),), {SEQUENCE: whole}, bool), Flag()


def in_order(of: SequenceOf, items: Several[Any], sizes: Sizes) -> tree.Const | str:
    """The number of the sequence of these items; or why there is none, as a text."""
    found = [known(i) for i in items]
    low, high = of.of.bounds(sizes)
    if len(found) > of.longest(sizes) or not all(v is not None and low <= v <= high for v in found):
        return f"this is not a {of.told}: at most {of.longest(sizes)} names or numbers of its items, each written out."
    return tree.Const(of.joined([int(v) for v in found if v is not None], sizes))


def known(node: Any) -> int | None:
    """The number that is written there."""
    if isinstance(node, tree.Unary) and node.op == "-" and isinstance(node.operand, tree.Const):
        return -node.operand.value
    return node.value if isinstance(node, tree.Const) else None
