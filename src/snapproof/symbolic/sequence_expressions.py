"""Sequences and bags in expressions over states: their length, what is in them, and all of one, written as a list."""

from __future__ import annotations

from collections.abc import Sequence as Several
from typing import Any

from ..spec import bag_arithmetic as bags
from ..spec import sequence_arithmetic as arithmetic
from ..spec import tree
from ..spec.bag_arithmetic import BAG
from ..spec.bags import BagOf
from ..spec.domains import Domain, Flag, Range, Sizes
from ..spec.repeated import MOST, Repeated
from ..spec.sequence_arithmetic import ITEM, SEQUENCE
from ..spec.sequences import SequenceOf

ASKED = {"sequence": ("empty", "full"), "bag": ("empty",)}
"""What is asked behind a dot; not the first, or one by its place, which some sequences have not."""


def helped(body: arithmetic.Body, given: dict[str, Any], within: dict[str, Any]) -> tree.Call:
    """A call of a helper with this body, for what it is given."""
    names, result = list(given), within[""]
    helper = tree.Function("query", "expression:1 query", names, dict.fromkeys(names, "int"), dict.fromkeys(names, int),
                           bool if result is bool else int, body, result=tree.NUMBER, complete=True, inner=True,
                           within=within)
    helper.locals = sorted({n.name for n in tree.nodes(body) if isinstance(n, tree.Assign)})
    return tree.Call(helper, tuple(given.values()))


def length(of: Repeated, whole: Any) -> tuple[tree.Expr, Domain]:
    """How many items it has."""
    if isinstance(of, BagOf):
        return helped(bags.length(of, 1), {BAG: whole}, bags.within(of, bags.all_items(of))), Range(0, MOST * MOST)
    assert isinstance(of, SequenceOf)
    return helped(arithmetic.length(of, 1), {SEQUENCE: whole}, arithmetic.within(of, arithmetic.most(of))), Range(0, MOST)


def among(of: Repeated, whole: Any, item: Any) -> tree.Expr:
    """Is something in it?"""
    if isinstance(of, BagOf):
        return helped(bags.contains(of, 1), {ITEM: item, BAG: whole}, bags.within(of, bool))
    assert isinstance(of, SequenceOf)
    return helped(arithmetic.contains(of, 1), {ITEM: item, SEQUENCE: whole}, arithmetic.within(of, bool))


def part(of: Repeated, whole: Any, name: str) -> tuple[tree.Expr, Domain] | str:
    """`.empty` or `.full`; or why that is not asked, as a text."""
    if name not in ASKED[of.noun]:
        return f"of a {of.told} .{' and .'.join(ASKED[of.noun])} are asked, and no item by its place, where some have none. " \
               "Ask len(q), m in q, or compare all of it: q == [m1, m2]."
    if name == "full" and isinstance(of, SequenceOf):
        return helped((tree.Return(arithmetic.full(of), 1),), {SEQUENCE: whole}, arithmetic.within(of, bool)), Flag()
    return helped((tree.Return(tree.Compare("==", arithmetic.whole, tree.Const(0)), 1),), {SEQUENCE: whole}, {"": bool}), Flag()


def in_order(of: Repeated, items: Several[Any], sizes: Sizes) -> tree.Const | str:
    """The number of the sequence or bag of these items; or why there is none, as a text."""
    found = [known(i) for i in items]
    low, high = of.of.bounds(sizes)
    most = max((found.count(v) for v in found), default=0) if isinstance(of, BagOf) else len(found)
    if most > of.longest(sizes) or not all(v is not None and low <= v <= high for v in found):
        return f"this is not a {of.told}: at most {of.longest(sizes)} names or numbers of its items, each written out" \
               f"{' (of each value)' if isinstance(of, BagOf) else ''}."
    return tree.Const(of.joined([int(v) for v in found if v is not None], sizes))


def known(node: Any) -> int | None:
    """The number that is written there."""
    if isinstance(node, tree.Unary) and node.op == "-" and isinstance(node.operand, tree.Const):
        return -node.operand.value
    return node.value if isinstance(node, tree.Const) else None
