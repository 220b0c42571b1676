"""Records in the texts of functions: made, looked into and compared, each lowered to arithmetic on the number in a cell.

Which class of records an expression stands for is known when it is read, its *shape*: from the domain of a variable, the
annotation of a parameter or a result, or what a local name was given.  A shape and a number never mix.
"""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Collection, Iterable
from functools import reduce
from typing import Any

from . import tree
from .domains import Extent, Flag, Maybe, Range
from .errors import DeclarationError, near
from .fields import Fielded, Place, RecordField
from .member_sets import SetOf
from .reader_folds import FAILS, FoldReader
from .records import Record, RecordOf
from .shapes import Shape, record_in, shape_in, union_in
from .whole_tables import TableOf

CHANGERS = ("with_", "without", "append")
"""Words behind a dot that make of a value another one."""

MAKERS = (*CHANGERS, "subset", "sequence", "bag")
"""Words behind a dot that make a record, a set, a sequence or a bag."""

WHOLE, PART = "record.", "field."
"""Names of helpers; no text has a name with a dot."""

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
        """The class of records that a value is of, or its domain where it is no record; None for a number or a step."""
        if isinstance(node, tree.Choose):
            return self.shape(node.then)
        if isinstance(node, tree.Call):
            return _shape(node.function.returns)
        if isinstance(node, tree.Name):
            return self.shapes.get(node.name)
        if isinstance(node, tree.Load):
            return _shape(node.variable.domain)
        if isinstance(node, (tree.Field, tree.ArgumentValue)):
            declared = getattr(self.handles[node.handle.name], node.name, None)  # type: ignore[union-attr]
            return _shape(getattr(declared, "domain", None))
        return None

    @abstractmethod
    def number(self, node: ast.expr, found: tree.Expr, condition: bool = False) -> tree.Expr:
        """A value, refused where it is no number (reader_expressions.py)."""

    def told_shape(self, shape: Shape | None) -> str:
        if isinstance(shape, SetOf):
            return f"a set of {shape.of.__name__}"
        if isinstance(shape, TableOf):
            return f"a whole table over {' and '.join(i.__name__ for i in shape.indices)}"
        return f"a {'union' if union_in(shape) else 'record'} {self.written(shape)}" if shape else "a number"

    def told_apart(self, *shapes: Shape | None) -> list[str]:
        """What values of different shapes are; by their domains, too, where they would be called the same."""
        told = [self.told_shape(s) for s in shapes]
        return told if len(set(told)) > 1 else [f"{t} ({self.written(s)})" for t, s in zip(told, shapes, strict=True)]

    def written(self, hint: Any) -> str:
        """An annotation, or a shape, as a text writes it."""
        return f"SetOf({hint.of.__name__})" if isinstance(hint, SetOf) else str(getattr(hint, "__name__", hint))

    def numbers_of(self, shape: Shape) -> str:
        """What to do where a number belongs and such a value stands."""
        if isinstance(shape, SetOf):
            return "ask with in or len(…), or compare it with another set, such as the empty one: c.subset(Track)"
        if isinstance(shape, TableOf):
            return "name one of its cells: prices[i]"
        return f"name one of its fields ({', '.join(shape.fields)}), or compare it with another record"  # type: ignore[union-attr]

    def how_made(self, shape: Shape | None) -> str:
        """How to give such a value."""
        if isinstance(shape, SetOf):
            return f"give it a set, made with c.subset({shape.of.__name__}, …)"
        if isinstance(shape, TableOf):
            return f"give it one that a parameter chooses: prices: {shape}"
        if shape is None:
            return "name one field of the record, ask a set with in or len(…), or take an item of the sequence"
        return f"give it a {self.written(shape)}, made with {form_of(shape)}"  # type: ignore[arg-type]

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
        if shape != wanted:
            one, other = self.told_apart(shape, wanted)
            self.refuse(node, f"{one} for {where}, which holds {other}", self.how_made(wanted))
        return found

    def compared(self, node: ast.Compare, op: str, left: tree.Expr, right: tree.Expr) -> tree.Expr:
        """A comparison: records with records of their class, values of a union with such, and for equality only."""
        one, other = self.shape(left), self.shape(right)
        if one != other:
            self.refuse(node, f"a comparison of {' with '.join(self.told_apart(one, other))}",
                        "compare records of one class, values of one union, sets of one index set, or sequences or bags of one domain"
                        if one and other else self.numbers_of(one or other))  # type: ignore[arg-type]
        if one is not None and op not in ("==", "!="):
            self.refuse(node, f"an order of {'values of a union' if union_in(one) else 'records'}",
                        "compare them with == or !=, or compare their fields")
        return tree.Compare(op, left, right)

    # --- looking into one -----------------------------------------------------------------------------

    def under(self, node: ast.expr) -> tree.Expr | None:
        """The record, set or sequence that stands somewhere, as before a dot; None where none does."""
        root = node
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        own = isinstance(root, ast.Name) and (root.id in self.handles or root.id in self.roles or root.id in self.assigned)
        if isinstance(node, ast.Name):
            return tree.Name(node.id) if node.id in self.assigned and self.shapes.get(node.id) else None
        if not own and not (isinstance(root, ast.Call) and self.makes_value(root) or isinstance(root, (ast.IfExp, ast.BinOp))):
            return None
        found = self.anything(node)
        return found if self.shape(found) else None

    def makes_value(self, node: ast.Call) -> bool:
        """Can a call give a record, a set or a sequence: does it name a class, a helper, or a word that makes one?"""
        return isinstance(node.func, ast.Name) or isinstance(node.func, ast.Attribute) and node.func.attr in MAKERS

    def part(self, node: ast.Attribute) -> tree.Expr | None:
        """`m.sender`; None where no record stands before the dot."""
        whole = self.under(node.value)
        if whole is None:
            return None
        return self.part_of(node, whole)

    def part_of(self, node: ast.Attribute, whole: tree.Expr) -> tree.Expr:
        """The same for what stands before the dot."""
        shape = self.shape(whole)
        of = record_in(shape)
        if of is None:
            return self.other_part(node, whole, shape)  # type: ignore[arg-type]
        found = self.declared(node, of, node.attr)
        inner = shape_in(found.domain)
        if inner is not None:
            body = (tree.Return(digit(of, node.attr, tree.Name(WHOLE)), node.lineno),)
            return tree.Call(self.helper_of(node, body, [WHOLE], inner), (whole,))
        return value_in(of, node.attr, whole)

    def other_part(self, node: ast.Attribute, whole: tree.Expr, shape: Shape) -> tree.Expr:
        """A part of a value that is no record."""
        self.refuse(node, f"the part {node.attr!r} of {self.told_shape(shape)}", self.numbers_of(shape))

    def declared(self, node: ast.AST, of: type[Fielded], name: str) -> RecordField:
        """A field of a record by its name."""
        if name not in of.fields:
            raise DeclarationError(self.place(node), f"{of.__name__} has no field {name!r}.", near(name, [*of.fields, "with_"]))
        return of.fields[name]

    def changed(self, node: ast.Call, word: str, whole: tree.Expr) -> tree.Expr | None:
        """A record with other values of some fields; None for another word or value."""
        of = record_in(self.shape(whole))
        return None if of is None or word != "with_" else self.made(node, of, whole)

    def refuse_word(self, node: ast.Attribute) -> None:
        """Refuse the call of a word that the value before the dot does not have."""
        whole = self.under(node.value)
        shape = None if whole is None else self.shape(whole)
        if shape is not None:
            self.refuse(node, f"a call of .{node.attr} of {self.told_shape(shape)}", self.numbers_of(shape))

    # --- making one -------------------------------------------------------------------------------------

    def record_call(self, node: ast.Call) -> tree.Expr | None:
        """`Message(sender=…)` or `m.with_(sender=…)`; None for every other call."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in CHANGERS:
            whole = self.under(node.func.value)
            return None if whole is None else self.changed(node, node.func.attr, whole)
        root = node.func
        while isinstance(root, ast.Attribute):
            root = root.value
        named = isinstance(root, ast.Name) and root.id not in {*self.roles, *self.handles, *self.assigned, *self.own}
        return self.made_by(node, self.lookup(node.func)) if named else None

    def made_by(self, node: ast.Call, found: Any) -> tree.Expr | None:
        """What calling this class makes; None for what is none."""
        of = record_in(found)
        return None if of is None else self.made(node, of, None)

    def made(self, node: ast.Call, of: type[Record], whole: tree.Expr | None) -> tree.Call:
        """A record of new fields, the others from `whole`; a value that a field does not have is an evaluation error."""
        self.reader.structured[RecordOf(of)] = None
        form = form_of(of) if whole is None else f"m.with_({next(iter(of.fields))}=…)"
        given = self.named_values(node, of.__name__, form, whole is not None)
        for name in given:
            self.declared(node, of, name)
        missing = [n for n in of.fields if n not in given]
        if missing and whole is None:
            raise DeclarationError(self.place(node), f"{of.__name__} is made without {' and '.join(missing)}.", f"Write {form}.")
        values = self.fitting_fields(of, given)
        arguments = values if whole is None else {WHOLE: whole} | values
        body = (*checks(of, given, node.lineno), *(_made(of, given, node.lineno) if whole is None else _changed(of, given, node.lineno)))
        return tree.Call(self.helper_of(node, body, list(arguments), of), tuple(arguments.values()))

    def named_values(self, node: ast.Call, name: str, form: str, some: bool) -> dict[str, ast.expr]:
        """What a call gives fields by their names; `some`: at least one of them."""
        if node.args or any(k.arg is None for k in node.keywords) or some and not node.keywords:
            self.refuse(node, f"a {name} of values without names" if node.args or node.keywords else "this with_()", f"write {form}")
        return {str(k.arg): k.value for k in node.keywords}

    def fitting_fields(self, of: type[Fielded], given: dict[str, ast.expr]) -> dict[str, tree.Expr]:
        """The arguments of a helper that makes a value of them."""
        return {PART + n: self.fitting(v, self.value(v), shape_in(of.fields[n].domain), f"the field {n}") for n, v in given.items()}


def _shape(hint: Any) -> Shape | None:
    found: Shape | None = shape_in(hint)
    return found


def form_of(of: type[Fielded]) -> str:
    """How a text makes such a value."""
    return f"{of.__name__}({', '.join(f'{n}=…' for n in of.fields)})"


def digit(of: type[Fielded], name: str, whole: tree.Expr) -> tree.Expr:
    """A field's digit in the number of a record, or of a case of a union."""
    if len(of.fields) == 1:
        return whole
    return tree.Binary("%", tree.Binary("//", whole, tree.Size(Place(of, name))), tree.Size(Extent(of.fields[name].domain)))


def value_in(of: type[Fielded], name: str, whole: tree.Expr) -> tree.Expr:
    """The value in a field of a record, as a cell of its own would hold it."""
    value, domain = digit(of, name, whole), of.fields[name].domain
    if isinstance(domain, Flag):
        return tree.Compare("!=", value, tree.Const(0))
    low = lowest(domain)
    # The only field of a record is the record's number: an expression of its own, so that it has no shape.
    return tree.Binary("+", value, tree.Const(low)) if low or value is whole else value


def checks(of: type[Fielded], given: Iterable[str], line: int) -> list[tree.Stmt]:
    """An evaluation error for what is given to a field that does not have it."""
    return [_checked(of.fields[n], PART + n, line) for n in given]


def _checked(field: RecordField, name: str, line: int) -> tree.If:
    """The end of the helper where a field does not have a value."""
    value, low = tree.Name(name), lowest(field.domain)
    above = tree.Compare(">=", value, _plus(tree.Size(Extent(field.domain)), low))
    return tree.If(tree.Logic("or", (tree.Compare("<", value, tree.Const(low)), above)), (tree.Return(FAILS, line),), (), line)


def _made(of: type[Fielded], given: Collection[str], line: int) -> tuple[tree.Stmt, ...]:
    """The end of the helper that makes a record of all its fields."""
    return (tree.Return(joined(of, given, tree.Name(WHOLE)), line),)


def _changed(of: type[Fielded], given: Collection[str], line: int) -> tuple[tree.Stmt, ...]:
    """The end of the one that gives some fields: what lies above and below each digit stays, and is not taken apart."""
    whole = tree.Name(WHOLE)
    def replaced(name: str) -> tree.Expr:
        place, base = tree.Size(Place(of, name)), tree.Size(Place(of, name, itself=True))
        above = tree.Binary("*", tree.Binary("//", whole, base), base)
        return _sum(above, tree.Binary("*", _bounded(of, name), place), tree.Binary("%", whole, place))
    return (*(tree.Assign(WHOLE, replaced(name), line) for name in given), tree.Return(whole, line))


def joined(of: type[Fielded], given: Collection[str], whole: tree.Expr) -> tree.Expr:
    """The number of these parts and of the others of `whole`."""
    return _sum(*(tree.Binary("*", _bounded(of, n) if n in given else digit(of, n, whole), tree.Size(Place(of, n))) for n in of.fields))


def _bounded(of: type[Fielded], name: str) -> tree.Expr:
    """The digit of what is given to a field: bounded, so that readings which reckon with ranges know that of the whole."""
    domain = of.fields[name].domain
    least = tree.Binary("max", _plus(tree.Name(PART + name), -lowest(domain)), tree.Const(0))
    return tree.Binary("min", least, tree.Binary("-", tree.Size(Extent(domain)), tree.Const(1)))


def _sum(*terms: tree.Expr) -> tree.Expr:
    return reduce(lambda total, term: tree.Binary("+", total, term), terms)


def lowest(domain: Any) -> int:
    """The lowest value of a domain: no size changes it."""
    return domain.low if isinstance(domain, Range) else -1 if isinstance(domain, Maybe) else 0


def _plus(value: tree.Expr, number: int) -> tree.Expr:
    return tree.Binary("+", value, tree.Const(number)) if number else value
