"""Records, unions, sequences and bags in expressions over states: parts are named as in steps, whole ones are compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..spec import tree
from ..spec.domains import Domain
from ..spec.errors import near
from ..spec.reader_records import WHOLE, value_in
from ..spec.reader_unions import part_body, returned, tag_of
from ..spec.repeated import Repeated
from ..spec.shapes import record_in, union_in
from ..spec.unions import TaggedUnion, TagOf
from .sequence_expressions import part as sequence_part


def part(whole: tree.Expr, domain: Domain | None, name: str) -> tuple[tree.Expr, Domain] | str:
    """A field of a record that an expression stands for, and its domain; or why there is none, as a text."""
    if isinstance(domain, Repeated):
        return sequence_part(domain, whole, name)
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


def mixed(domains: Iterable[Domain | None], equality: bool) -> str:
    """Why values of these domains are not compared; '' where they are."""
    shapes = dict.fromkeys(whole_of(d) for d in domains)
    whole = [s for s in shapes if s is not None]
    if not whole:
        return ""
    name = noun(next((s for s in whole if isinstance(s, Repeated)), whole[0]))
    part = {"record": "field: forth[L1].bit ==", "union": "case: cell.tag =="}.get(name, "length: len(q) ==")
    if len(shapes) > 1:
        return f"a {name} is compared with something else. Compare {name}s of one kind, or a {part} …"
    orders = "their fields" if name == "union" else "a " + part.replace("==", "<") + " …"
    return "" if equality else f"{name}s have no order. Compare them with == or !=, or compare {orders}."


def whole_of(domain: Domain | None) -> Any:
    """The class of records, the union, or the domain of sequences or bags, that values are of which are no numbers; sets are masks here."""
    return domain if isinstance(domain, Repeated) else record_in(domain) or union_in(domain)


def noun(whole: Any) -> str:
    """What such values are called."""
    return whole.noun if isinstance(whole, Repeated) else "union" if union_in(whole) else "record"


def instead(whole: Any) -> str:
    """What to write where a name stands for no such value."""
    if isinstance(whole, Repeated):
        return f"Name a cell that holds one, or write its items: [m1, m2]; [] is the empty {whole.noun}."
    return "Name a cell that holds one, or compare its parts: " + ("cell.tag == Free." if union_in(whole) else "message.bit == true.")


def no_number(domain: Domain | None, what: str = "number") -> str:
    """Why such values are no numbers; '' where they are."""
    whole = whole_of(domain)
    if whole is None:
        return ""
    return f"a {noun(whole)} is no {what}. {'Take its length: len(q).' if isinstance(whole, Repeated) else 'Name one of its fields.'}"
