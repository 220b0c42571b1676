"""Bags in the texts of functions, each lowered to arithmetic on the number in a cell (bag_arithmetic.py).

    c.bag(Network, m, n)   b.with_(m)   b.without(m)   b.count(m)   b.empty   len(b)   m in b   for m in b
"""

from __future__ import annotations

import ast

from . import bag_arithmetic as arithmetic
from . import tree
from .bag_arithmetic import BAG
from .bags import BagOf
from .reader_folds import FoldReader, Walk
from .reader_sequences import SequenceReader
from .sequence_arithmetic import ITEM, Body
from .shapes import Shape, shape_in


class BagReader(SequenceReader):
    """Reads them in one function."""

    def numbers_of(self, shape: Shape) -> str:
        if not isinstance(shape, BagOf):
            return super().numbers_of(shape)
        return "ask with in, b.count(m), len(…) or b.empty, or compare it with another bag"

    def how_made(self, shape: Shape | None) -> str:
        if not isinstance(shape, BagOf):
            return super().how_made(shape)
        return f"give it a bag, made with c.bag({self.written(shape)}, …), b.with_(…) or b.without(…)"

    # --- made -------------------------------------------------------------------------------------------

    def set_call(self, node: ast.Call) -> tree.Expr | None:
        """`c.bag(…)`, `b.count(…)`, or a call that makes or asks a set or a sequence."""
        owner, word = (node.func.value, node.func.attr) if isinstance(node.func, ast.Attribute) else (None, "")
        if word == "bag" and isinstance(owner, ast.Name) and self.roles.get(owner.id) == "scope":
            return self.bag(node)
        some = self.under(owner) if owner is not None and word == "count" else None
        shape = None if some is None else self.shape(some)
        if some is None or not isinstance(shape, BagOf):
            return super().set_call(node)
        if len(node.args) != 1 or node.keywords:
            self.refuse(node, "this count(…)", "name one value: b.count(m)")
        given = {ITEM: self.item_of(node.args[0], shape), BAG: some}
        return self.helped(node, arithmetic.counted(shape, node.lineno), given, arithmetic.within(shape, arithmetic.of_each(shape)))

    def bag(self, node: ast.Call) -> tree.Call:
        """`c.bag(Network, …)` of items, or of what a generator gives."""
        of = self.named_domain(node.args[0]) if node.args and not node.keywords else None
        if not isinstance(of, BagOf):
            self.refuse(node, "this bag(…)", "write c.bag(Network, m, n) with a domain of the module, Network = BagOf(Member(Track), "
                        "2), and items, or c.bag(Network, (m for m in b if …))")
        self.reader.structured[of] = None
        if len(node.args) == 2 and isinstance(node.args[1], ast.GeneratorExp):
            return self.bag_gathered(node, node.args[1], of)
        given = {f"{ITEM}{i}": self.item_of(a, of) for i, a in enumerate(node.args[1:])}
        inside = [s for n in given for s in (tree.Assign(ITEM, tree.Name(n), node.lineno), *arithmetic.joins(of, node.lineno))]
        return self.helped(node, arithmetic.made(of, node.lineno, tuple(inside)), given, arithmetic.within(of, of))

    def bag_gathered(self, node: ast.Call, generator: ast.GeneratorExp, of: BagOf) -> tree.Call:
        """The bag of what a generator gives."""
        targets = [self.target_of(g, generator) for g in generator.generators]

        def innermost(inner: FoldReader) -> Body:
            assert isinstance(inner, BagReader)
            return tree.Assign(ITEM, inner.item_of(generator.elt, of), node.lineno), *arithmetic.joins(of, node.lineno)

        loops = self.loops(generator.generators, targets, "bag", innermost)
        return self.called(node, arithmetic.made(of, node.lineno, loops), of, arithmetic.within(of, of))

    def changed(self, node: ast.Call, word: str, some: tree.Expr) -> tree.Expr | None:
        """A bag with one more or one less of a value."""
        shape = self.shape(some)
        if not isinstance(shape, BagOf):
            return super().changed(node, word, some)
        if word == "append" or len(node.args) != 1 or node.keywords:
            self.refuse(node, f"this {word}(…)", "a bag gets one more of a value with b.with_(m), and one less with b.without(m)")
        body = arithmetic.with_one(shape, node.lineno) if word == "with_" else arithmetic.without_one(shape, node.lineno)
        return self.helped(node, body, {BAG: some, ITEM: self.item_of(node.args[0], shape)}, arithmetic.within(shape, shape))

    # --- asked ------------------------------------------------------------------------------------------

    def other_part(self, node: ast.Attribute, some: tree.Expr, shape: Shape) -> tree.Expr:
        """`b.empty`."""
        if not isinstance(shape, BagOf) or node.attr != "empty":
            return super().other_part(node, some, shape)
        body = (tree.Return(tree.Compare("==", arithmetic.whole, tree.Const(0)), node.lineno),)
        return self.helped(node, body, {BAG: some}, arithmetic.within(shape, bool))

    def length(self, node: ast.Call, some: tree.Expr, shape: Shape) -> tree.Call | None:
        if not isinstance(shape, BagOf):
            return super().length(node, some, shape)
        within = arithmetic.within(shape, arithmetic.all_items(shape))
        return self.helped(node, arithmetic.length(shape, node.lineno), {BAG: some}, within)

    def among_parts(self, node: ast.Compare, some: tree.Expr, shape: Shape) -> tree.Call | None:
        if not isinstance(shape, BagOf):
            return super().among_parts(node, some, shape)
        given = {ITEM: self.item_of(node.left, shape), BAG: some}
        return self.helped(node, arithmetic.contains(shape, node.lineno), given, arithmetic.within(shape, bool))

    def walk_over(self, node: ast.expr, some: tree.Expr, shape: Shape) -> Walk | None:
        """Its items, each so often as it is in it, those with the smaller numbers first."""
        if not isinstance(shape, BagOf):
            return super().walk_over(node, some, shape)
        of = shape

        def loop(name: str, kept: bool, body: tuple[tree.Stmt, ...], line: int) -> tuple[tree.Stmt, ...]:
            over = f"over.{line}.{node.col_offset}.{name}"
            self.out.within[over] = of
            return arithmetic.gone_over(of, some, over, name, body, line)

        return Walk(shape_in(of.of), loop)
