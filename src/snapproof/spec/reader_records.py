"""Records in the texts of functions: made, looked into and compared, each lowered to arithmetic on the number in a cell.

Which class of records an expression stands for is known when it is read, its *shape*: from the domain of a variable, the
annotation of a parameter or a result, or what a local name was given.  A shape and a number never mix.
"""

from __future__ import annotations

import ast
from abc import abstractmethod
from functools import reduce
from typing import Any

from . import tree
from .domains import Extent, Flag, Maybe, Range
from .errors import DeclarationError, near
from .reader_folds import FAILS, FoldReader
from .records import Record, RecordField, record_in

WHOLE, PART = "record.", "field."
"""Names of helpers; no text has a name with a dot."""

Shape = type[Record]


class RecordReader(FoldReader):
    """Reads them in one function."""

    @abstractmethod
    def anything(self, node: ast.expr, direct: bool = False) -> tree.Expr:
        """A number, a record or a next box (reader_expressions.py)."""

    @abstractmethod
    def is_step(self, node: tree.Expr) -> bool:
        """Is the value a step or a signal?  (reader_expressions.py)"""

    # --- what an expression stands for ----------------------------------------------------------------

    def shape(self, node: tree.Expr) -> Shape | None:
        """The class of records that a value is of; None for a number or a step."""
        if isinstance(node, tree.Choose):
            return self.shape(node.then)
        if isinstance(node, tree.Call):
            return record_in(node.function.returns)
        if isinstance(node, tree.Name):
            return self.shapes.get(node.name)
        if isinstance(node, tree.Load):
            return record_in(node.variable.domain)
        if isinstance(node, (tree.Field, tree.ArgumentValue)):
            declared = getattr(self.handles[node.handle.name], node.name, None)  # type: ignore[union-attr]
            return record_in(getattr(declared, "domain", None))
        return None

    def told_shape(self, shape: Shape | None) -> str:
        return f"a record {shape.__name__}" if shape else "a number"

    def value(self, node: ast.expr) -> tree.Expr:
        """A number or a record."""
        found = self.anything(node)
        if self.is_step(found):
            self.refuse(node, "a step as a number",
                        "a step, WAIT or DONE is only returned; compute with integers, and ask p.at(step) where a process is")
        return found

    def fitting(self, node: ast.expr, found: tree.Expr, wanted: Shape | None, where: str) -> tree.Expr:
        """A value, refused where one of another shape belongs."""
        shape = self.shape(found)
        if shape is not wanted:
            name = wanted.__name__ if wanted else ""
            self.refuse(node, f"{self.told_shape(shape)} for {where}, which holds {self.told_shape(wanted)}",
                        f"give it a {name}, made with {name}({', '.join(f'{n}=…' for n in wanted.fields)})" if wanted
                        else "name one field of the record")
        return found

    def compared(self, node: ast.Compare, op: str, left: tree.Expr, right: tree.Expr) -> tree.Expr:
        """A comparison: records with records of their class, and for equality only."""
        one, other = self.shape(left), self.shape(right)
        if one is not other:
            self.refuse(node, f"a comparison of {self.told_shape(one)} with {self.told_shape(other)}",
                        "compare records of one class, or a field with a number")
        if one is not None and op not in ("==", "!="):
            self.refuse(node, "an order of records", "compare them with == or !=, or compare their fields")
        return tree.Compare(op, left, right)

    # --- looking into one -----------------------------------------------------------------------------

    def under(self, node: ast.expr) -> tree.Expr | None:
        """The record that stands before a dot; None where none does."""
        root = node
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        own = isinstance(root, ast.Name) and (root.id in self.handles or root.id in self.roles or root.id in self.assigned)
        if isinstance(node, ast.Name):
            return tree.Name(node.id) if node.id in self.assigned and self.shapes.get(node.id) else None
        if not own and not (isinstance(root, ast.Call) and self.makes_record(root) or isinstance(root, ast.IfExp)):
            return None
        found = self.anything(node)
        return found if self.shape(found) else None

    def makes_record(self, node: ast.Call) -> bool:
        """Can a call give a record: does it name a class of them, a helper, or `with_`?"""
        return isinstance(node.func, ast.Name) or isinstance(node.func, ast.Attribute) and node.func.attr == "with_"

    def part(self, node: ast.Attribute) -> tree.Expr | None:
        """`m.sender`; None where no record stands before the dot."""
        whole = self.under(node.value)
        if whole is None:
            return None
        of = self.shape(whole)
        assert of is not None
        found = self.declared(node, of, node.attr)
        inner = record_in(found.domain)
        if inner is not None:
            body = (tree.Return(digit(of, node.attr, tree.Name(WHOLE)), node.lineno),)
            return tree.Call(self.helper_of(node, body, [WHOLE], inner), (whole,))
        value = digit(of, node.attr, whole)
        if isinstance(found.domain, Flag):
            return tree.Compare("!=", value, tree.Const(0))
        low = lowest(found.domain)
        # The only field of a record is the record's number: an expression of its own, so that it has no shape.
        return tree.Binary("+", value, tree.Const(low)) if low or value is whole else value

    def declared(self, node: ast.AST, of: Shape, name: str) -> RecordField:
        """A field of a record by its name."""
        if name not in of.fields:
            raise DeclarationError(self.place(node), f"{of.__name__} has no field {name!r}.", near(name, [*of.fields, "with_"]))
        return of.fields[name]

    # --- making one -------------------------------------------------------------------------------------

    def record_call(self, node: ast.Call) -> tree.Expr | None:
        """`Message(sender=…)` or `m.with_(sender=…)`; None for every other call."""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "with_":
            whole = self.under(node.func.value)
            return None if whole is None else self.made(node, self.shape(whole), whole)  # type: ignore[arg-type]
        root = node.func
        while isinstance(root, ast.Attribute):
            root = root.value
        named = isinstance(root, ast.Name) and root.id not in {*self.roles, *self.handles, *self.assigned, *self.own}
        of = record_in(self.lookup(node.func)) if named else None
        return None if of is None else self.made(node, of, None)

    def made(self, node: ast.Call, of: Shape, whole: tree.Expr | None) -> tree.Call:
        """A record of new fields, the others from `whole`; a value that a field does not have is an evaluation error."""
        self.reader.records[of] = None
        form = f"{of.__name__}({', '.join(f'{n}=…' for n in of.fields)})" if whole is None else f"m.with_({next(iter(of.fields))}=…)"
        if node.args or any(k.arg is None for k in node.keywords) or whole is not None and not node.keywords:
            self.refuse(node, f"a {of.__name__} of values without names" if node.args or node.keywords else "this with_()", f"write {form}")
        given = {str(k.arg): k.value for k in node.keywords}
        for name in given:
            self.declared(node, of, name)
        missing = [n for n in of.fields if n not in given]
        if missing and whole is None:
            raise DeclarationError(self.place(node), f"{of.__name__} is made without {' and '.join(missing)}.", f"Write {form}.")
        values = {PART + n: self.fitting(v, self.value(v), record_in(of.fields[n].domain), f"the field {n}") for n, v in given.items()}
        arguments = values if whole is None else {WHOLE: whole} | values
        checks: list[tree.Stmt] = [_checked(of.fields[n], PART + n, node.lineno) for n in given]
        body = (*checks, tree.Return(_joined(of, set(given)), node.lineno))
        return tree.Call(self.helper_of(node, body, list(arguments), of), tuple(arguments.values()))


def _behind(of: Shape, name: str) -> list[Any]:
    names = list(of.fields)
    return [of.fields[n].domain for n in names[names.index(name) + 1:]]


def digit(of: Shape, name: str, whole: tree.Expr) -> tree.Expr:
    """A field's digit in the number of a record."""
    behind = _behind(of, name)
    shifted = tree.Binary("//", whole, tree.Size(Extent(*behind))) if behind else whole
    first = name == next(iter(of.fields))
    return shifted if first else tree.Binary("%", shifted, tree.Size(Extent(of.fields[name].domain)))


def _checked(field: RecordField, name: str, line: int) -> tree.If:
    """The end of the helper where a field does not have a value."""
    value, low = tree.Name(name), lowest(field.domain)
    above = tree.Compare(">=", value, _plus(tree.Size(Extent(field.domain)), low))
    return tree.If(tree.Logic("or", (tree.Compare("<", value, tree.Const(low)), above)), (tree.Return(FAILS, line),), (), line)


def _joined(of: Shape, given: set[str]) -> tree.Expr:
    """The number of a record; digits are bounded, so that readings which reckon with ranges know theirs."""
    def place(name: str) -> tree.Expr:
        if name not in given:
            return digit(of, name, tree.Name(WHOLE))
        domain = of.fields[name].domain
        least = tree.Binary("max", _plus(tree.Name(PART + name), -lowest(domain)), tree.Const(0))
        return tree.Binary("min", least, tree.Binary("-", tree.Size(Extent(domain)), tree.Const(1)))
    first, *rest = of.fields
    return reduce(lambda total, n: tree.Binary("+", tree.Binary("*", total, tree.Size(Extent(of.fields[n].domain))), place(n)),
                  rest, place(first))


def lowest(domain: Any) -> int:
    """The lowest value of a domain: no size changes it."""
    return domain.low if isinstance(domain, Range) else -1 if isinstance(domain, Maybe) else 0


def _plus(value: tree.Expr, number: int) -> tree.Expr:
    return tree.Binary("+", value, tree.Const(number)) if number else value
