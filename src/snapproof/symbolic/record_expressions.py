"""Records in expressions over states: fields are named as in steps, whole records are compared with each other."""

from __future__ import annotations

from collections.abc import Iterable

from ..spec import tree
from ..spec.domains import Domain
from ..spec.errors import near
from ..spec.reader_records import value_in
from ..spec.records import record_in


def part(whole: tree.Expr, domain: Domain | None, name: str) -> tuple[tree.Expr, Domain] | str:
    """A field of a record that an expression stands for, and its domain; or why there is none, as a text."""
    of = record_in(domain)
    if of is None:
        return "only records have fields. Name one after a cell that holds a record, or a local after its process."
    if name not in of.fields:
        return f"{of.__name__} has no field {name!r}. {near(name, list(of.fields))}"
    return value_in(of, name, whole), of.fields[name].domain


def mixed(domains: Iterable[Domain | None], equality: bool) -> str:
    """Why values of these domains are not compared; '' where they are."""
    shapes = {record_in(d) for d in domains}
    if shapes <= {None}:
        return ""
    if len(shapes) > 1:
        return "a record is compared with something else. Compare records of one class, or a field: forth[L1].bit == true."
    return "" if equality else "records have no order. Compare them with == or !=, or compare their fields."
