"""What loops and generators go over besides members, processes and ranges: all subsets, an enumeration, a tuple of values.

    for some in c.subsets(Track)   for some in c.subsets(s.open)   for kind in Kind   for n in (A, s.n, 3)
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from . import tree
from .domains import IndexSet
from .masks import count
from .member_sets import SetOf, Subsets
from .reader_bags import BagReader
from .reader_folds import Walk

COUNTED = "write sum(1 for t in c.each(Track) if …); different members are len(c.subset(Track, (t for t in … if …)))"


class WalkReader(BagReader):
    """Reads them in one function."""

    def walk(self, node: ast.expr) -> Walk | None:
        """What goes over the value of an expression; None where that has no parts in order."""
        if isinstance(node, ast.Tuple):
            return self.of_tuple(node)
        if self.names_subsets(node):
            return self.subsets(node)  # type: ignore[arg-type]
        named = self.class_named(node)
        if named is not None and issubclass(named, IntEnum):  # Python goes over its members as they are declared
            return _one_by_one(node, [self.known(int(member), node) for member in named], None)
        return super().walk(node)

    # --- enumerations and tuples ------------------------------------------------------------------------

    def class_named(self, node: ast.expr | None) -> type | None:
        """The class that is named, if one is."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if node is None or not isinstance(root, ast.Name) or root.id in {*self.own, *self.assigned, *self.roles, *self.handles}:
            return None
        found = self.lookup(node)
        return found if isinstance(found, type) else None

    def of_tuple(self, node: ast.Tuple) -> Walk:
        """The values of a tuple: every part is evaluated, once, before the first is taken."""
        parts = [self.value(part) for part in node.elts]
        shapes = list(dict.fromkeys(self.shape(part) for part in parts))
        if len(shapes) != 1:
            both = " and ".join(self.told_apart(*shapes[:2])) if shapes else ""
            self.refuse(node, f"a tuple of {both or 'nothing'}",
                        "write for x in (A, B), with numbers, records of one class, or sets of one index set")
        return _one_by_one(node, parts, shapes[0])

    # --- subsets ----------------------------------------------------------------------------------------

    def names_subsets(self, node: ast.expr) -> bool:
        """Is this `c.subsets(…)` of the scope?"""
        owner = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
        return isinstance(owner, ast.Name) and self.roles.get(owner.id) == "scope" and node.func.attr == "subsets"  # type: ignore[attr-defined]

    def subsets(self, node: ast.Call) -> Walk:
        """Every subset of an index set, or of a set of members, in the order of their numbers."""
        given = node.args[0] if len(node.args) == 1 and not node.keywords else None
        found = None if given is None else self.whole_in(given)
        whole = (found[0], found[1]) if found is not None and isinstance(found[1], SetOf) else None
        of: Any = whole[1].of if whole else self.class_named(given)
        if of is None or not issubclass(of, IndexSet) or of is IndexSet:
            self.refuse(node, "this subsets(…)", "write c.subsets(Track) with an index set, or c.subsets(s.open) with a set of members")
        self.reader.structured[Subsets(of)] = None
        after = tree.Binary("<<", tree.Const(1), tree.Size(of))

        def loop(name: str, kept: bool, body: tuple[tree.Stmt, ...], line: int) -> tuple[tree.Stmt, ...]:
            over = f"over.{line}.{node.col_offset}.{name}"
            each = f"{over}." if kept else name
            inside = (tree.Assign(name, tree.Name(each), line), *body) if kept else body
            if whole is None:
                return (tree.For(each, tree.Const(0), after, inside, None, line),)
            beyond = tree.Binary("&", tree.Name(each), tree.Unary("~", tree.Name(over)))
            asked = tree.If(tree.Compare("==", beyond, tree.Const(0)), inside, (), line)
            return tree.Assign(over, whole[0], line), tree.For(each, tree.Const(0), after, (asked,), None, line)

        return Walk(SetOf(of), loop)

    # --- what people write instead ----------------------------------------------------------------------

    def set_call(self, node: ast.Call) -> tree.Expr | None:
        """`c.subset(…)` or `len(some)`; all subsets are no value."""
        if self.names_subsets(node) or any(self.names_subsets(given) for given in node.args):
            self.refuse(node, "all subsets by themselves",
                        "go over them: any(… for some in c.subsets(Track)), for some in c.subsets(s.open)")
        return super().set_call(node)

    def folded(self, node: ast.Call) -> str:
        """Which fold a call is; what is counted is added up, as in Python."""
        generator = len(node.args) == 1 and isinstance(node.args[0], (ast.GeneratorExp, ast.ListComp, ast.SetComp))
        if generator and isinstance(node.func, ast.Name) and self.lookup(node.func) in (count, len):
            self.refuse(node, f"a {node.func.id}(…) of a generator", COUNTED)
        return super().folded(node)


def _one_by_one(node: ast.expr, parts: Sequence[tree.Expr], shape: Any) -> Walk:
    """A loop over values that are known one by one."""
    def loop(name: str, kept: bool, body: tuple[tree.Stmt, ...], line: int) -> tuple[tree.Stmt, ...]:
        over = f"over.{line}.{node.col_offset}.{name}"
        named = [p if isinstance(p, tree.Const) else tree.Name(f"{over}.{i}") for i, p in enumerate(parts)]
        before = [tree.Assign(n.name, p, line) for n, p in zip(named, parts, strict=True) if isinstance(n, tree.Name)]
        taken = tree.Assign(name, _at(tree.Name(over), named), line)
        return *before, tree.For(over, tree.Const(0), tree.Const(len(parts)), (taken, *body), None, line)

    return Walk(shape, loop)


def _at(index: tree.Name, values: Sequence[tree.Expr]) -> tree.Expr:
    """One of these values, by its place; numbers in a row are reckoned."""
    first = values[0] if values else tree.Const(0)
    if isinstance(first, tree.Const) and all(v == tree.Const(first.value + i) for i, v in enumerate(values)):
        return tree.Binary("+", index, first)
    chosen = values[-1]
    for i in reversed(range(len(values) - 1)):
        chosen = tree.Choose(tree.Compare("==", index, tree.Const(i)), values[i], chosen)
    return chosen
