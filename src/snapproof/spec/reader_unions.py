"""Tagged unions in the texts of functions: a case is made, asked for and looked into, each lowered to arithmetic on the number in a cell.

    Logged(track=t)   isinstance(p, Logged)   p.track   p.with_(track=u)

The numbers of a case begin behind those of the cases in front of it, so `isinstance` is a comparison, and a field of a case is a
digit of what is left; a field that is read of another case ends the helper that reads it with an evaluation error.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from typing import Any

from . import tree
from .domains import Flag
from .errors import DeclarationError, near
from .fields import RecordField
from .reader_folds import FAILS
from .reader_records import WHOLE, checks, form_of, joined, value_in
from .reader_sets import SetReader
from .shapes import Shape, case_in, shape_in, union_in
from .unions import Before, TaggedUnion, UnionOf, union_of

Case = type[TaggedUnion]


class UnionReader(SetReader):
    """Reads them in one function."""

    # --- what refusals say ------------------------------------------------------------------------------

    def numbers_of(self, shape: Shape) -> str:
        of = union_in(shape)
        if of is None:
            return super().numbers_of(shape)
        fields = ", ".join(_cases_by_field(of)) or "none of its cases has any"
        return f"ask isinstance(m, {next(iter(of.cases))}), name a field of a case ({fields}), or compare it with another {of.__name__}"

    def how_made(self, shape: Shape | None) -> str:
        of = union_in(shape)
        return super().how_made(shape) if of is None else f"give it a {of.__name__}, made with {_forms(of)}"

    # --- looking into one -------------------------------------------------------------------------------

    def part_of(self, node: ast.Attribute, whole: tree.Expr) -> tree.Expr:
        of = union_in(self.shape(whole))
        if of is None:
            return super().part_of(node, whole)
        cases = _cases_by_field(of).get(node.attr)
        if not cases:
            raise DeclarationError(self.place(node), f"no case of {of.__name__} has a field {node.attr!r}.",
                                   near(node.attr, [*_cases_by_field(of), "with_"]))
        inner = shape_in(cases[0].fields[node.attr].domain)
        body = part_body(cases, node.attr, node.lineno)
        return tree.Call(self.helper_of(node, body, [WHOLE], inner or returned(cases[0].fields[node.attr])), (whole,))

    def asked(self, node: ast.Call) -> tree.Expr:
        """`isinstance(p, Logged)`, or one of several cases in a tuple."""
        if len(node.args) != 2 or node.keywords:
            self.refuse(node, "this isinstance(…)", "name a value of a union and one of its cases: isinstance(p, Logged)")
        whole = self.value(node.args[0])
        of = union_in(self.shape(whole))
        if of is None:
            self.refuse(node, f"isinstance of {self.told_shape(self.shape(whole))}", "only a tagged union has cases that can be asked for")
        named = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        cases = [case for case in of.cases.values() if case in [self.case_named(n, of) for n in named]]
        if not cases:
            self.refuse(node, f"isinstance of a {of.__name__} without a case", f"name one or several of them: {', '.join(of.cases)}")
        if len(of.cases) > 1 and _plain(whole):  # a question that is always true would look at nothing, and overlook a wrong index
            return _in_some(cases, whole)
        body = (tree.Return(_in_some(cases, tree.Name(WHOLE)), node.lineno),)
        return tree.Call(self.helper_of(node, body, [WHOLE], bool), (whole,))

    def case_named(self, node: ast.expr, of: Case) -> Case:
        """A case of this union."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        found = case_in(self.lookup(node)) if isinstance(root, ast.Name) else None
        if found is None or union_of(found) is not of:
            self.refuse(node, f"isinstance of a {of.__name__} with this", f"name one of its cases: {', '.join(of.cases)}")
        return found

    # --- making one -------------------------------------------------------------------------------------

    def record_call(self, node: ast.Call) -> tree.Expr | None:
        if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and self.lookup(node.func) is isinstance:
            return self.asked(node)
        return super().record_call(node)

    def made_by(self, node: ast.Call, found: Any) -> tree.Expr | None:
        case, union = case_in(found), union_in(found)
        if union is not None and not isinstance(found, UnionOf):
            self.refuse(node, f"a {union.__name__} without its case", f"write {_forms(union)}")
        return super().made_by(node, found) if case is None else self.made_case(node, case)

    def made_case(self, node: ast.Call, case: Case) -> tree.Call:
        """A value of a case; a value that a field does not have is an evaluation error."""
        self.reader.structured[UnionOf(union_of(case))] = None
        given = self.named_values(node, case.__name__, form_of(case), False)
        for name in given:
            self.declared(node, case, name)
        missing = [n for n in case.fields if n not in given]
        if missing:
            raise DeclarationError(self.place(node), f"{case.__name__} is made without {' and '.join(missing)}.", f"Write {form_of(case)}.")
        values = self.fitting_fields(case, given)
        body = (*checks(case, given, node.lineno), tree.Return(_number(case, given), node.lineno))
        return tree.Call(self.helper_of(node, body, list(values), union_of(case)), tuple(values.values()))

    def changed(self, node: ast.Call, word: str, whole: tree.Expr) -> tree.Expr | None:
        of = union_in(self.shape(whole))
        if of is None or word != "with_":
            return super().changed(node, word, whole)
        given = self.named_values(node, of.__name__, "m.with_(field=…), with a field of its case", True)
        cases = [case for case in of.cases.values() if set(given) <= set(case.fields)]
        if not cases:
            raise DeclarationError(self.place(node), f"no case of {of.__name__} has a field {' and a field '.join(map(repr, given))}.",
                                   near(next(iter(given)), list(_cases_by_field(of))))
        values = {WHOLE: whole} | self.fitting_fields(cases[0], given)
        body = (*checks(cases[0], given, node.lineno), *_by_case(cases, lambda case: _number(case, given), node.lineno))
        return tree.Call(self.helper_of(node, body, list(values), of), tuple(values.values()))


def _forms(of: Case) -> str:
    """How its cases are made."""
    return " or ".join(map(form_of, of.cases.values()))


def _cases_by_field(of: Case) -> dict[str, list[Case]]:
    """The cases that have a field of each name."""
    found: dict[str, list[Case]] = {}
    for case in of.cases.values():
        for name in case.fields:
            found.setdefault(name, []).append(case)
    return found


def _plain(node: tree.Expr) -> bool:
    """Is it a name, or a cell that names lead to?  Such a value costs nothing to look at twice, and compiling a helper does."""
    return isinstance(node, tree.Name) or isinstance(node, tree.Load) and all(isinstance(i, (tree.Name, tree.Const)) for i in node.indices)


def _in_some(cases: Sequence[Case], whole: tree.Expr) -> tree.Expr:
    found = tuple(in_case(case, whole) for case in cases)
    return found[0] if len(found) == 1 else tree.Logic("or", found)


def in_case(case: Case, whole: tree.Expr) -> tree.Expr:
    """Is the number that of a value of this case?"""
    every = list(case.cases.values())
    behind = every[every.index(case) + 1:]
    above = () if case is every[0] else (tree.Compare(">=", whole, tree.Size(Before(case))),)
    tests = (*above, *(tree.Compare("<", whole, tree.Size(Before(c))) for c in behind[:1]))
    return tree.Const(1) if not tests else tests[0] if len(tests) == 1 else tree.Logic("and", tests)


def part_body(cases: Sequence[Case], name: str, line: int) -> tuple[tree.Stmt, ...]:
    """The body of a helper that gives a field, and ends with an evaluation error where the value is of a case without it."""
    return _by_case(cases, lambda case: value_in(case, name, _rest(case)), line)


def returned(field: RecordField) -> type:
    """What such a helper returns, where the field holds a number."""
    return bool if isinstance(field.domain, Flag) else int


def tag_of(of: Case, whole: tree.Expr) -> tree.Expr:
    """Which case a number is, by its place among them."""
    found: tree.Expr = tree.Const(len(of.cases) - 1)
    for at, case in reversed(list(enumerate(of.cases.values()))[:-1]):
        found = tree.Choose(in_case(case, whole), tree.Const(at), found)
    return found


def _by_case(cases: Sequence[Case], value: Callable[[Case], tree.Expr], line: int) -> tuple[tree.Stmt, ...]:
    found = (tree.If(in_case(case, tree.Name(WHOLE)), (tree.Return(value(case), line),), (), line) for case in cases)
    return (*found, tree.Return(FAILS, line))


def _rest(case: Case) -> tree.Expr:
    """What the number of a value of this case is behind the numbers of those in front of it: the digits of its fields."""
    whole = tree.Name(WHOLE)
    return whole if case is next(iter(case.cases.values())) else tree.Binary("-", whole, tree.Size(Before(case)))


def _number(case: Case, given: Collection[str]) -> tree.Expr:
    """The number of a value of this case; what is not given is taken from that of `WHOLE`."""
    inner = joined(case, given, _rest(case)) if case.fields else tree.Const(0)
    return inner if case is next(iter(case.cases.values())) else tree.Binary("+", tree.Size(Before(case)), inner)
