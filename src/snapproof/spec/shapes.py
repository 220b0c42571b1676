"""What a value is that is no number: a record, a union or a set, by an annotation or a domain."""

from __future__ import annotations

from typing import Any, Union

from .domains import Domain
from .records import Record, RecordOf
from .unions import TaggedUnion, UnionOf

Shape = Union[type[Record], type[TaggedUnion], Domain]
"""A class of records, a union, or a domain of other values that are no numbers."""


def record_in(hint: Any) -> type[Record] | None:
    """The class of records that an annotation or a domain stands for."""
    of = hint.of if isinstance(hint, RecordOf) else hint
    return of if isinstance(of, type) and issubclass(of, Record) and of is not Record else None


def union_in(hint: Any) -> type[TaggedUnion] | None:
    """The union that an annotation or a domain stands for; None for one of its cases."""
    of = hint.of if isinstance(hint, UnionOf) else hint
    return of if isinstance(of, type) and TaggedUnion in of.__bases__ else None


def case_in(found: Any) -> type[TaggedUnion] | None:
    """The case of a union that a name stands for."""
    fits = isinstance(found, type) and issubclass(found, TaggedUnion) and found is not TaggedUnion and TaggedUnion not in found.__bases__
    return found if fits else None


def shape_in(hint: Any) -> Any:
    """The shape that an annotation or a domain stands for; None for numbers."""
    return record_in(hint) or union_in(hint) or (hint if isinstance(hint, Domain) and hint.structured else None)


def domain_of(shape: Any) -> Any:
    """The domain of the values of a shape; what is no shape stays what it is."""
    record, union = record_in(shape), union_in(shape)
    return RecordOf(record) if record else UnionOf(union) if union else shape


def parts_of(domain: Domain) -> list[Domain]:
    """A domain and those of its fields, of the fields of its cases, of its items or of its cells."""
    return [domain, *(d for part in domain.inner() for d in parts_of(part))]


__all__ = ["Shape", "case_in", "domain_of", "parts_of", "record_in", "shape_in", "union_in"]
