"""Records, sequences and bags in expressions over states: parts are named as in steps, whole ones are compared with each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..spec import tree
from ..spec.domains import Domain
from ..spec.errors import near
from ..spec.reader_records import value_in
from ..spec.records import record_in
from ..spec.sequences import Repeated
from .sequence_expressions import part as sequence_part


def part(whole: tree.Expr, domain: Domain | None, name: str) -> tuple[tree.Expr, Domain] | str:
    """A field of a record that an expression stands for, and its domain; or why there is none, as a text."""
    if isinstance(domain, Repeated):
        return sequence_part(domain, whole, name)
    of = record_in(domain)
    if of is None:
        return "only records have fields. Name one after a cell that holds a record, or a local after its process."
    if name not in of.fields:
        return f"{of.__name__} has no field {name!r}. {near(name, list(of.fields))}"
    return value_in(of, name, whole), of.fields[name].domain


def mixed(domains: Iterable[Domain | None], equality: bool) -> str:
    """Why values of these domains are not compared; '' where they are."""
    shapes = {whole_of(d) for d in domains}
    if shapes <= {None}:
        return ""
    nouns = [s.noun for s in shapes if isinstance(s, Repeated)]
    name, part = (nouns[0], "length: len(q)") if nouns else ("record", "field: forth[L1].bit")
    if len(shapes) > 1:
        return f"a {name} is compared with something else. Compare {name}s of one kind, or a {part} == …"
    return "" if equality else f"{name}s have no order. Compare them with == or !=, or compare a {part} < …"


def whole_of(domain: Domain | None) -> Any:
    """The class of records, or the domain of sequences or bags, that values are of which are no numbers; sets are masks here."""
    return domain if isinstance(domain, Repeated) else record_in(domain)


def no_number(domain: Domain | None, what: str = "number") -> str:
    """Why such values are no numbers; '' where they are."""
    whole = whole_of(domain)
    if whole is None:
        return ""
    return f"a {whole.noun} is no {what}. Take its length: len(q)." if isinstance(whole, Repeated) else \
        f"a record is no {what}. Name one of its fields."
