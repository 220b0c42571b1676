"""Sets of members in the texts of functions: made, joined, asked and gone over, each lowered to operations on the bits of a number.

    c.subset(Track, t, u)   c.subset(Track, (t for t in c.each(Track) if …))   t in some   some.with_(t)   some | other   for t in some
"""

from __future__ import annotations

import ast
from types import FunctionType

from . import tree
from .domains import IndexSet
from .member_sets import SetOf
from .reader_folds import FAILS, FoldReader, Walk
from .reader_records import RecordReader
from .shapes import Shape

LEFT, RIGHT, SET, MEMBER, TOTAL = "left.", "right.", "set.", "member.", "total."
"""Names of helpers; no text has a name with a dot."""

left, right = tree.Name(LEFT), tree.Name(RIGHT)

JOINED: dict[str, tree.Expr] = {
    "|": tree.Binary("|", left, right), "&": tree.Binary("&", left, right), "^": tree.Binary("^", left, right),
    "-": tree.Binary("&", left, tree.Unary("~", right))}


WITHIN, AROUND = (tree.Compare("==", tree.Binary("&", one, tree.Unary("~", other)), tree.Const(0))
                  for one, other in ((left, right), (right, left)))
DIFFERENT = tree.Compare("!=", left, right)

ORDERED: dict[str, tree.Expr] = {
    "==": tree.Compare("==", left, right), "!=": DIFFERENT, "<=": WITHIN, ">=": AROUND,
    "<": tree.Logic("and", (WITHIN, DIFFERENT)), ">": tree.Logic("and", (AROUND, DIFFERENT))}


class SetReader(RecordReader):
    """Reads them in one function."""

    def whole_in(self, node: ast.expr) -> tuple[tree.Expr, Shape] | None:
        """The value with parts that an expression stands for, and its shape; None where it is something else."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not self.names_helper(node.func):
            return None
        found = self.under(node)
        shape = None if found is None else self.shape(found)
        return None if found is None or shape is None else (found, shape)

    def names_helper(self, node: ast.Name) -> bool:
        """Does a name stand for what may give a set: a helper, or `next` of a generator?"""
        found = None if node.id in {*self.own, *self.assigned} else self.lookup(node)
        return isinstance(found, FunctionType) or found is next

    # --- made and changed -------------------------------------------------------------------------------

    def set_call(self, node: ast.Call) -> tree.Expr | None:
        """`c.subset(…)` or `len(some)`; None for every other call."""
        if isinstance(node.func, ast.Name):
            if node.func.id != "len" or self.lookup(node.func) is not len:
                return None
            found = self.whole_in(node.args[0]) if len(node.args) == 1 and not node.keywords else None
            return (None if found is None else self.length(node, *found)) or self.refuse_length(node)
        owner = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr == "subset" else None
        return self.subset(node) if isinstance(owner, ast.Name) and self.roles.get(owner.id) == "scope" else None

    def subset(self, node: ast.Call) -> tree.Call:
        """`c.subset(Track, …)` of members, or of what a generator gives."""
        form = "write c.subset(Track, t, u) with an index set and members, or c.subset(Track, (t for t in c.each(Track) if …))"
        of = self.members(node.args[0]) if node.args and not node.keywords else None
        if of is None or not issubclass(of, IndexSet):
            self.refuse(node, "this subset(…)", form)
        self.reader.structured[SetOf(of)] = None
        if len(node.args) == 2 and isinstance(node.args[1], ast.GeneratorExp):
            return self.gathered(node, node.args[1], of)
        names = [f"{MEMBER}{i}" for i in range(len(node.args) - 1)]
        steps = [s for n in names for s in _put(of, tree.Name(n), node.lineno)]
        body = (tree.Assign(TOTAL, tree.Const(0), node.lineno), *steps, tree.Return(tree.Name(TOTAL), node.lineno))
        return tree.Call(self.helper_of(node, body, names, SetOf(of)), tuple(self.expr(a) for a in node.args[1:]))

    def gathered(self, node: ast.Call, generator: ast.GeneratorExp, of: type[IndexSet]) -> tree.Call:
        """The set of what a generator gives."""
        def innermost(inner: FoldReader) -> tuple[tree.Stmt, ...]:
            return (tree.Assign(MEMBER, inner.expr(generator.elt), node.lineno), *_put(of, tree.Name(MEMBER), node.lineno))
        targets = [self.target_of(g, generator) for g in generator.generators]
        loops = self.loops(generator.generators, targets, "subset", innermost)
        first, last = tree.Assign(TOTAL, tree.Const(0), node.lineno), tree.Return(tree.Name(TOTAL), node.lineno)
        return self.called(node, (first, *loops, last), SetOf(of))

    def changed(self, node: ast.Call, word: str, some: tree.Expr) -> tree.Expr | None:
        """A set with or without one member."""
        shape = self.shape(some)
        if not isinstance(shape, SetOf):
            return super().changed(node, word, some)
        if len(node.args) != 1 or node.keywords:
            self.refuse(node, f"this {word}(…)", f"name one member: some.{word}(t)")
        whole, member = tree.Name(SET), tree.Name(MEMBER)
        if word == "with_":
            put = _put(shape.of, member, node.lineno)
            body = (tree.Assign(TOTAL, whole, node.lineno), *put, tree.Return(tree.Name(TOTAL), node.lineno))
        else:
            left_out = tree.Binary("&", whole, tree.Unary("~", tree.Binary("<<", tree.Const(1), member)))
            body = (tree.If(_among(shape.of, member), (tree.Return(left_out, node.lineno),), (), node.lineno),
                    tree.Return(whole, node.lineno))
        return tree.Call(self.helper_of(node, body, [SET, MEMBER], shape), (some, self.expr(node.args[0])))

    # --- asked ------------------------------------------------------------------------------------------

    def length(self, node: ast.Call, some: tree.Expr, shape: Shape) -> tree.Call | None:
        """How many members it has; None for a value that has none."""
        if not isinstance(shape, SetOf):
            return None
        total, line = tree.Name(TOTAL), node.lineno
        one = tree.Binary("&", tree.Binary(">>", tree.Name(SET), tree.Name(MEMBER)), tree.Const(1))
        loop = tree.For(MEMBER, tree.Const(0), tree.Size(shape.of), (tree.Assign(TOTAL, tree.Binary("+", total, one), line),), None, line)
        body = (tree.Assign(TOTAL, tree.Const(0), line), loop, tree.Return(total, line))
        return tree.Call(self.helper_of(node, body, [SET], int), (some,))

    def refuse_length(self, node: ast.Call) -> tree.Expr:
        self.refuse(node, "a length of this", "ask for that of a set of members or a sequence: len(s.open), len(c.subset(Track, …))")

    def membership(self, node: ast.Compare) -> tree.Expr:
        """`t in some`: what is outside of the index set is in no set."""
        found = self.whole_in(node.comparators[0]) if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)) else None
        call = None if found is None else self.among_parts(node, *found)
        if call is None:
            return super().membership(node)
        return tree.Unary("not", call) if isinstance(node.ops[0], ast.NotIn) else call

    def among_parts(self, node: ast.Compare, some: tree.Expr, shape: Shape) -> tree.Call | None:
        """Is the left side among the members?  None for a value that has none."""
        if not isinstance(shape, SetOf):
            return None
        member = tree.Name(MEMBER)
        inside = tree.Logic("and", (*_among(shape.of, member).items, _bit(tree.Name(SET), member)))
        helper = self.helper_of(node, (tree.Return(inside, node.lineno),), [MEMBER, SET], bool)
        return tree.Call(helper, (self.expr(node.left), some))

    def compared(self, node: ast.Compare, op: str, left: tree.Expr, right: tree.Expr) -> tree.Expr:
        """A comparison; for sets `<=` asks whether one lies in the other."""
        shape = self.shape(left)
        if not isinstance(shape, SetOf) or self.shape(right) != shape:
            return super().compared(node, op, left, right)
        return tree.Call(self.helper_of(node, (tree.Return(ORDERED[op], node.lineno),), [LEFT, RIGHT], bool), (left, right))

    def binary(self, node: ast.BinOp | ast.AugAssign, op: str, left: tuple[ast.expr, tree.Expr],
               right: tuple[ast.expr, tree.Expr]) -> tree.Expr:
        """An operation of numbers, or of sets."""
        shapes = [self.shape(left[1]), self.shape(right[1])]
        if isinstance(shapes[0], SetOf) and shapes[0] == shapes[1]:
            if op not in JOINED:
                self.refuse(node, f"{op} of sets", "join them with |, &, - or ^, or ask with in, <= and len(…)")
            body = (tree.Return(JOINED[op], node.lineno),)
            return tree.Call(self.helper_of(node, body, [LEFT, RIGHT], shapes[0]), (left[1], right[1]))
        if any(isinstance(s, SetOf) for s in shapes) and op in JOINED:
            self.refuse(node, f"{op} between {self.told_shape(shapes[0])} and {self.told_shape(shapes[1])}",
                        "join sets of one index set; a set of one member is c.subset(Track, t)")
        return tree.Binary(op, self.number(*left), self.number(*right))

    # --- gone over --------------------------------------------------------------------------------------

    def walk(self, node: ast.expr) -> Walk | None:
        """A set or a sequence behind `in` of a loop or a generator: its members in order."""
        found = self.whole_in(node)
        return None if found is None else self.walk_over(node, *found)

    def walk_over(self, node: ast.expr, some: tree.Expr, shape: Shape) -> Walk | None:
        """What goes over its members; None for a value that has none."""
        if not isinstance(shape, SetOf):
            return None

        def loop(name: str, kept: bool, body: tuple[tree.Stmt, ...], line: int) -> tuple[tree.Stmt, ...]:
            over = f"over.{line}.{node.col_offset}.{name}"
            member = f"{over}." if kept else name
            inside = (tree.Assign(name, tree.Name(member), line), *body) if kept else body
            asked = tree.If(_bit(tree.Name(over), tree.Name(member)), inside, (), line)
            return tree.Assign(over, some, line), tree.For(member, tree.Const(0), tree.Size(shape.of), (asked,), None, line)

        return Walk(None, loop)


def _bit(some: tree.Expr, member: tree.Expr) -> tree.Expr:
    return tree.Compare("!=", tree.Binary("&", tree.Binary(">>", some, member), tree.Const(1)), tree.Const(0))


def _among(of: type[IndexSet], member: tree.Expr) -> tree.Logic:
    """Is it a member of the index set?"""
    return tree.Logic("and", (tree.Compare(">=", member, tree.Const(0)), tree.Compare("<", member, tree.Size(of))))


def _put(of: type[IndexSet], member: tree.Expr, line: int) -> tuple[tree.Stmt, ...]:
    """A member joins the total; the end of the helper where it is none."""
    joined = tree.Binary("|", tree.Name(TOTAL), tree.Binary("<<", tree.Const(1), member))
    return (tree.If(tree.Unary("not", _among(of, member)), (tree.Return(FAILS, line),), (), line), tree.Assign(TOTAL, joined, line))
