"""Whole tables in the texts of functions: looked into and assigned, each lowered to the digits of a number and to loops.

    prices[i]   s.price = prices
"""

from __future__ import annotations

import ast

from . import tree
from .domains import Extent, Flag
from .reader_folds import FAILS
from .reader_records import lowest
from .reader_walks import WalkReader
from .shapes import shape_in
from .variables import TableVariable
from .whole_tables import TableOf

WHOLE, INDEX, PLACE, CELL = "whole.", "index.", "place.", "cell."
"""Names of helpers; no text has a name with a dot."""


class TableReader(WalkReader):
    """Reads them in one function."""

    def subscript(self, node: ast.Subscript) -> tree.Expr:
        """A cell of a table of the state, or of a whole table."""
        whole = self.under(node.value) if isinstance(node.value, (ast.Name, ast.IfExp, ast.Call)) else None
        shape = None if whole is None else self.shape(whole)
        if whole is None or not isinstance(shape, TableOf):
            return super().subscript(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(parts) != len(shape.indices):
            self.refuse(node, f"{len(parts)} indices of {self.told_shape(shape)}", f"give {len(shape.indices)}")
        return self.cell(node, whole, shape, [self.expr(p) for p in parts])

    def cell(self, node: ast.AST, whole: tree.Expr, shape: TableOf, indices: list[tree.Expr]) -> tree.Call:
        """The value in a cell: its digit, the first cell in front; outside of the index sets there is none."""
        line = getattr(node, "lineno", 1)
        names = [f"{INDEX}{i}" for i in range(len(indices))]
        outside = [test for name, of in zip(names, shape.indices, strict=True)
                   for test in (tree.Compare("<", tree.Name(name), tree.Const(0)), tree.Compare(">=", tree.Name(name), tree.Size(of)))]
        place: tree.Expr = tree.Name(names[0])
        cells: tree.Expr = tree.Size(shape.indices[0])
        for name, of in list(zip(names, shape.indices, strict=True))[1:]:
            place = tree.Binary("+", tree.Binary("*", place, tree.Size(of)), tree.Name(name))
            cells = tree.Binary("*", cells, tree.Size(of))
        base = tree.Size(Extent(shape.of))
        behind = tree.Assign(WHOLE, tree.Binary("//", tree.Name(WHOLE), base), line)
        loop = tree.For(CELL, tree.Const(0), cells, (tree.If(tree.Compare(">", tree.Name(CELL), tree.Name(PLACE)), (behind,), (), line),),
                        None, line)
        value = tree.Binary("%", tree.Name(WHOLE), base)
        found = tree.Compare("!=", value, tree.Const(0)) if isinstance(shape.of, Flag) else \
            tree.Binary("+", value, tree.Const(lowest(shape.of)))
        body = (tree.If(tree.Logic("or", tuple(outside)), (tree.Return(FAILS, line),), (), line), tree.Assign(PLACE, place, line), loop,
                tree.Return(found, line))
        helper = self.helper_of(node, body, [WHOLE, *names], bool if isinstance(shape.of, Flag) else int)
        return tree.Call(helper, (whole, *indices))

    def table_assigned(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign, target: ast.expr) -> tree.Stmt | None:
        """`s.price = prices`, cell by cell; None for every other assignment."""
        owner = target.value if isinstance(target, ast.Attribute) and isinstance(node, ast.Assign) else None
        if not isinstance(owner, ast.Name) or self.roles.get(owner.id) != "state":
            return None
        table = getattr(self.out.hints[owner.id], target.attr, None)  # type: ignore[attr-defined]
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        shape = self.shapes.get(name) if name in self.assigned else None
        if not isinstance(table, TableVariable) or not isinstance(shape, TableOf):
            return None
        if shape.indices != table.indices:
            sets = ", ".join(i.__name__ for i in table.indices)
            self.refuse(node, f"{self.told_shape(shape)} for the table {table.name!r}", f"choose one over {sets}: TableOf({sets}, of=…)")
        names = [f"{INDEX}{node.lineno}.{i}" for i in range(len(table.indices))]
        cells: list[tree.Expr] = [tree.Name(n) for n in names]
        value = self.cell(node, tree.Name(name), shape, cells)
        self.fitting(node.value, value, shape_in(table.domain), f"the cells of {table.name}")  # type: ignore[arg-type]
        body: tree.Stmt = tree.Store(table, tuple(cells), value, node.lineno)
        for index, of in reversed(list(zip(names, table.indices, strict=True))):
            body = tree.For(index, tree.Const(0), tree.Size(of), (body,), None, node.lineno)
        return body
