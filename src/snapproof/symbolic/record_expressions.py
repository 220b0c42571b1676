"""Records and unions in expressions over states: fields are named as in steps, whole ones are compared with each other."""

from __future__ import annotations

from collections.abc import Iterable

from ..spec import tree
from ..spec.domains import Domain
from ..spec.errors import near
from ..spec.reader_records import WHOLE, value_in
from ..spec.reader_unions import part_body, returned, tag_of
from ..spec.records import Record
from ..spec.shapes import record_in, union_in
from ..spec.unions import TaggedUnion, TagOf


def part(whole: tree.Expr, domain: Domain | None, name: str) -> tuple[tree.Expr, Domain] | str:
    """A field of a record that an expression stands for, and its domain; or why there is none, as a text."""
    of, union = record_in(domain), union_in(domain)
    if union is not None:
        return _part_of_case(whole, union, name)
    if of is None:
        return "only records and unions have fields. Name one after a cell that holds a record, or a local after its process."
    if name not in of.fields:
        return f"{of.__name__} has no field {name!r}. {near(name, list(of.fields))}"
    return value_in(of, name, whole), of.fields[name].domain


def _part_of_case(whole: tree.Expr, of: type[TaggedUnion], name: str) -> tuple[tree.Expr, Domain] | str:
    """`.tag`, which case it is, or a field; where the value is of a case without it, the expression has no value."""
    if name == "tag":
        return _called(whole, (tree.Return(tag_of(of, tree.Name(WHOLE)), 1),), int), TagOf(of)
    cases = [case for case in of.cases.values() if name in case.fields]
    if not cases:
        return f"no case of {of.__name__} has a field {name!r}. {near(name, ['tag', *(n for c in of.cases.values() for n in c.fields)])}"
    found = cases[0].fields[name]
    return _called(whole, part_body(cases, name, 1), returned(found)), found.domain


def _called(whole: tree.Expr, body: tuple[tree.Stmt, ...], returns: type) -> tree.Call:
    helper = tree.Function("query", "expression:1 query", [WHOLE], {WHOLE: "int"}, {WHOLE: int}, returns, body, result=tree.NUMBER,
                           complete=True, inner=True)
    return tree.Call(helper, (whole,))


def whole_in(domain: Domain | None) -> type[Record] | type[TaggedUnion] | None:
    """The class of records, or the union, that values of a domain are of."""
    return record_in(domain) or union_in(domain)


def told(domain: Domain | None) -> str:
    """What such a value is called."""
    return "a union" if union_in(domain) else "a record"


def mixed(domains: Iterable[Domain | None], equality: bool) -> str:
    """Why values of these domains are not compared; '' where they are."""
    domains = list(domains)
    shapes = {whole_in(d) for d in domains}
    if shapes <= {None}:
        return ""
    what = next(told(d) for d in domains if whole_in(d))
    if len(shapes) > 1:
        return f"{what} is compared with something else. Compare " + (
            "two of one union, or ask for the case: cell.tag == Free." if what == "a union" else
            "records of one class, or a field: forth[L1].bit == true.")
    return "" if equality else f"{what[2:]}s have no order. Compare them with == or !=, or compare their fields."
