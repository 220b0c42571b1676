"""Bounded sequences in the texts of functions, each lowered to arithmetic on the number in a cell (sequence_arithmetic.py).

    c.sequence(Queue, m, n)   q.append(m)   q.first   q.rest   q.empty   q.full   len(q)   q[i]   m in q   q + r   for m in q
"""

from __future__ import annotations

import ast
from typing import Any

from . import sequence_arithmetic as arithmetic
from . import tree
from .domains import Flag
from .reader_folds import FoldReader, Walk
from .reader_unions import UnionReader
from .repeated import Repeated
from .sequence_arithmetic import INDEX, ITEM, OTHER, SEQUENCE, whole
from .sequences import SequenceOf
from .shapes import Shape, shape_in

PARTS = ("first", "rest", "empty", "full")
"""Words behind the dot of a sequence that are no calls."""


class SequenceReader(UnionReader):
    """Reads them in one function."""

    # --- what refusals say ------------------------------------------------------------------------------

    def told_shape(self, shape: Shape | None) -> str:
        return f"a {shape.told}" if isinstance(shape, Repeated) else super().told_shape(shape)

    def written(self, hint: Any) -> str:
        if not isinstance(hint, Repeated):
            return super().written(hint)
        named = (n for n, of in self.function.__globals__.items() if isinstance(of, Repeated) and of == hint)
        return next(named, f"{type(hint).__name__}(…)")

    def numbers_of(self, shape: Shape) -> str:
        if not isinstance(shape, SequenceOf):
            return super().numbers_of(shape)
        return "take an item (q.first, q[i]), ask with in, len(…), q.empty or q.full, or compare it with another sequence"

    def how_made(self, shape: Shape | None) -> str:
        if not isinstance(shape, SequenceOf):
            return super().how_made(shape)
        return f"give it a sequence, made with c.sequence({self.written(shape)}, …) or q.append(…)"

    def item_of(self, node: ast.expr, of: Repeated) -> tree.Expr:
        """A value that is to be an item, or compared with items."""
        return self.fitting(node, self.value(node), shape_in(of.of), f"an item of a {of.told}")

    def helped(self, node: ast.AST, body: arithmetic.Body, given: dict[str, tree.Expr], within: dict[str, Any]) -> tree.Call:
        """A call of a helper with this body: what it is given, and between which numbers its names and its result lie."""
        result = within[""]
        returns = bool if result is bool or isinstance(result, Flag) else shape_in(result) or int
        helper = self.helper_of(node, body, list(given), returns, within)
        return tree.Call(helper, tuple(given.values()))

    # --- made -------------------------------------------------------------------------------------------

    def set_call(self, node: ast.Call) -> tree.Expr | None:
        """`c.sequence(…)`, or a call that makes or asks a set."""
        owner = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr == "sequence" else None
        if isinstance(owner, ast.Name) and self.roles.get(owner.id) == "scope":
            return self.sequence(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in PARTS:
            some = self.under(node.func.value)
            if some is not None and isinstance(self.shape(some), SequenceOf):
                self.refuse(node, f"a call of .{node.func.attr}", f"write q.{node.func.attr} without brackets behind it")
        return super().set_call(node)

    def sequence(self, node: ast.Call) -> tree.Call:
        """`c.sequence(Queue, …)` of items, or of what a generator gives."""
        of = self.named_domain(node.args[0]) if node.args and not node.keywords else None
        if not isinstance(of, SequenceOf):
            self.refuse(node, "this sequence(…)", "write c.sequence(Queue, m, n) with a domain of the module, Queue = SequenceOf("
                        "Member(Track), 3), and items, or c.sequence(Queue, (m for m in q if …))")
        self.reader.structured[of] = None
        if len(node.args) == 2 and isinstance(node.args[1], ast.GeneratorExp):
            return self.gathered_items(node, node.args[1], of)
        items = tuple(self.item_of(a, of) for a in node.args[1:])
        names = [f"{ITEM}{i}" for i in range(len(items))]
        return self.helped(node, arithmetic.made(of, names, node.lineno), dict(zip(names, items)), arithmetic.within(of, of))

    def named_domain(self, node: ast.expr) -> Repeated | None:
        """The domain of sequences or bags that a name stands for."""
        found = self.lookup(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        return found if isinstance(found, Repeated) else None

    def gathered_items(self, node: ast.Call, generator: ast.GeneratorExp, of: SequenceOf) -> tree.Call:
        """The sequence of what a generator gives."""
        targets = [self.target_of(g, generator) for g in generator.generators]

        def around(joins: arithmetic.Body) -> arithmetic.Body:
            def innermost(inner: FoldReader) -> arithmetic.Body:
                assert isinstance(inner, SequenceReader)
                return tree.Assign(ITEM, inner.item_of(generator.elt, of), node.lineno), *joins
            return self.loops(generator.generators, targets, "sequence", innermost)

        return self.called(node, arithmetic.gathered(of, node.lineno, around), of, arithmetic.within(of, of))

    def changed(self, node: ast.Call, word: str, some: tree.Expr) -> tree.Expr | None:
        """A sequence with one item more."""
        shape = self.shape(some)
        if not isinstance(shape, SequenceOf):
            return super().changed(node, word, some)
        if word != "append" or len(node.args) != 1 or node.keywords:
            self.refuse(node, f"this {word}(…)", "a sequence gets one item more with q.append(m), loses the first with q.rest, and is made "
                        "anew with c.sequence(Queue, (m for m in q if …))")
        given = {SEQUENCE: some, ITEM: self.item_of(node.args[0], shape)}
        return self.helped(node, arithmetic.appended(shape, node.lineno), given, arithmetic.within(shape, shape))

    def binary(self, node: ast.BinOp | ast.AugAssign, op: str, left: tuple[ast.expr, tree.Expr],
               right: tuple[ast.expr, tree.Expr]) -> tree.Expr:
        """An operation of numbers or sets, or one sequence behind another."""
        one, two = self.shape(left[1]), self.shape(right[1])
        if isinstance(one, SequenceOf) and one == two:
            if op != "+":
                self.refuse(node, f"{op} of sequences", "put one behind the other with +")
            given = {SEQUENCE: left[1], OTHER: right[1]}
            return self.helped(node, arithmetic.together(one, node.lineno), given, arithmetic.within(one, one))
        if op == "+" and (isinstance(one, SequenceOf) or isinstance(two, SequenceOf)):
            self.refuse(node, f"+ between {' and '.join(self.told_apart(one, two))}",
                        "put sequences of one domain together; one item joins with q.append(m)")
        return super().binary(node, op, left, right)

    # --- asked ------------------------------------------------------------------------------------------

    def other_part(self, node: ast.Attribute, some: tree.Expr, shape: Shape) -> tree.Expr:
        """`q.first`, `q.rest`, `q.empty` or `q.full`."""
        if not isinstance(shape, SequenceOf) or node.attr not in PARTS:
            return super().other_part(node, some, shape)
        line = node.lineno
        asked = {"empty": tree.Compare("==", whole, tree.Const(0)), "full": arithmetic.full(shape)}
        if node.attr in asked:
            return self.helped(node, (tree.Return(asked[node.attr], line),), {SEQUENCE: some}, arithmetic.within(shape, bool))
        if node.attr == "rest":
            return self.helped(node, arithmetic.rest(shape, line), {SEQUENCE: some}, arithmetic.within(shape, shape))
        return self.helped(node, arithmetic.first(shape, line), {SEQUENCE: some}, arithmetic.within(shape, shape.of))

    def item(self, node: ast.Subscript) -> tree.Expr:
        """`q[i]`."""
        some = self.under(node.value)
        shape = None if some is None else self.shape(some)
        if some is None or not isinstance(shape, SequenceOf) or isinstance(node.slice, ast.Slice):
            return super().item(node)
        given = {SEQUENCE: some, INDEX: self.expr(node.slice)}
        return self.helped(node, arithmetic.at(shape, node.lineno), given, arithmetic.within(shape, shape.of))

    def length(self, node: ast.Call, some: tree.Expr, shape: Shape) -> tree.Call | None:
        if not isinstance(shape, SequenceOf):
            return super().length(node, some, shape)
        within = arithmetic.within(shape, arithmetic.most(shape))
        return self.helped(node, arithmetic.length(shape, node.lineno), {SEQUENCE: some}, within)

    def among_parts(self, node: ast.Compare, some: tree.Expr, shape: Shape) -> tree.Call | None:
        if not isinstance(shape, SequenceOf):
            return super().among_parts(node, some, shape)
        given = {ITEM: self.item_of(node.left, shape), SEQUENCE: some}
        return self.helped(node, arithmetic.contains(shape, node.lineno), given, arithmetic.within(shape, bool))

    def compared(self, node: ast.Compare, op: str, left: tree.Expr, right: tree.Expr) -> tree.Expr:
        shape = self.shape(left)
        if isinstance(shape, Repeated) and shape == self.shape(right) and op not in ("==", "!="):
            self.refuse(node, f"an order of {shape.noun}s", "compare them with == or !=, or compare their lengths: len(q) < len(r)")
        return super().compared(node, op, left, right)

    # --- gone over --------------------------------------------------------------------------------------

    def walk_over(self, node: ast.expr, some: tree.Expr, shape: Shape) -> Walk | None:
        """Its items, the first in front; what the loop does to a variable that holds it changes nothing."""
        if not isinstance(shape, SequenceOf):
            return super().walk_over(node, some, shape)
        of = shape

        def loop(name: str, kept: bool, body: tuple[tree.Stmt, ...], line: int) -> tuple[tree.Stmt, ...]:
            over = f"over.{line}.{node.col_offset}.{name}"
            left = tree.Name(over)
            some_left = tree.If(tree.Compare("!=", left, tree.Const(0)),
                                (tree.Assign(name, arithmetic.front(of, left), line), *body), (), line)
            steps = (some_left, tree.Assign(over, arithmetic.behind(of, left), line))
            self.out.within[over] = of
            return tree.Assign(over, some, line), tree.For(f"{over}.", tree.Const(0), arithmetic.longest(of), steps, None, line)

        return Walk(shape_in(of.of), loop)
