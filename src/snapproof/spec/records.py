"""Records: values of several named parts, each in one cell.

    class Message(Record):
        sender: int = field(Member(Node), "who sends it")
        kind: int = field(OneOf(Kind), "what it asks for")

A record is a value like a number: it is made whole (`Message(sender=n, kind=Kind.ASK)`), compared whole, stored whole, and
never changed.  In a cell it is one number, digit by digit, the first field in front: equal records are equal numbers.  The
plain reading works with the objects of this file; the compiled and the symbolic one with the number (reader_records.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar

from .demands import demand, demand_class, demand_name, demand_text, told
from .domains import LARGEST, Domain, Sizes, Value, demand_domain
from .errors import EvaluationError, ScenarioError, near


class RecordField:
    """One part of a record: its domain, a line of meaning, and its value in a cell that nothing has been written to."""

    def __init__(self, domain: Domain, meaning: str, initial: int | None) -> None:
        place = f"field '{meaning}'"
        demand_text(meaning, place, "meaning")
        demand(meaning != "", place, "it has no line of meaning.", "Say in one line what it holds.")
        demand_domain(domain, place)
        nested = domain.structured
        demand(initial is None or isinstance(initial, int) and not nested, place, f"initial={told(initial)} is no value for it.",
               "Give a number; the fields of a record in a record have their own initial values, and sets and sequences begin empty.")
        self.domain, self.meaning, self.initial = domain, meaning, initial

    def start(self, sizes: Sizes) -> int:
        """Its value in a cell at the beginning."""
        return self.domain.start(sizes) if self.initial is None else self.initial


def field(of: Domain, meaning: str, initial: int | None = None) -> Any:
    """Declare a field of a record: `sender: int = field(Member(Node), "who sends it")`."""
    return RecordField(of, meaning, initial)


class Record(Value):
    """A value of several named parts: subclass it and declare its fields in the class body."""

    fields: ClassVar[dict[str, RecordField]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        place = f"record {cls.__name__}"
        demand(cls.__mro__[1] is Record, place, "it is derived from another record.",
               "Derive it from Record; what two records share can be a record that both have as a field.")
        for name in {**cls.__dict__.get("__annotations__", {}), **vars(cls)}:
            if name.startswith("__"):
                continue
            if _enumerates(vars(cls).get(name)):
                demand_name(name, f"{place}, {name}", Record)
                continue
            demand(isinstance(vars(cls).get(name), RecordField), f"{place}, {name}", "it is not declared with field(…).",
                   f'A record holds fields, and enumerations for them: {name}: int = field(Range(0, 3), "its meaning"); '
                   "helpers stand in the module.")
            demand_name(name, f"{place}, {name}", Record)
        cls.fields = {n: f for n, f in vars(cls).items() if isinstance(f, RecordField)}
        demand(cls.fields != {}, place, "it has no field.", 'Declare one: sender: int = field(Member(Node), "who sends it").')

    def __init__(self, **given: Any) -> None:
        for name in given:
            if name not in self.fields:
                raise EvaluationError(f"record {type(self).__name__}", f"it has no field {name!r}.", near(name, list(self.fields)))
        for name, of in self.fields.items():
            if name not in given:
                raise EvaluationError(f"record {type(self).__name__}", f"the field {name!r} is missing.", "Give every field a value.")
            self.__dict__[name] = given[name] if isinstance(given[name], Value) else int(given[name])
            if Value._sizes is not None:
                _inside(f"{type(self).__name__}.{name}", of.domain, of.domain.encode(self.__dict__[name], Value._sizes), Value._sizes)

    def with_(self, **given: Any) -> Any:
        """The same record with other values of these fields."""
        return type(self)(**self.__dict__ | given)

    def __setattr__(self, name: str, value: Any) -> None:
        raise EvaluationError(f"record {type(self).__name__}", f"its field {name!r} is assigned to.",
                              f"A record is a value and does not change; write m = m.with_({name}=…).")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in self.__dict__.items())})"


@dataclass(frozen=True)
class RecordOf(Domain):
    """A record of this class."""

    of: type[Record]

    structured: ClassVar[bool] = True

    def __post_init__(self) -> None:
        demand_class(self.of, Record, "RecordOf", "what it is of,", "Write RecordOf(Message) with a class Message(Record).")

    def inner(self) -> tuple[Domain, ...]:
        return tuple(f.domain for f in self.of.fields.values())

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        count = math.prod(counts := [_count(f.domain, sizes) for f in self.of.fields.values()])
        if count - 1 > LARGEST:
            parts = ", ".join(f"{n} {(c - 1).bit_length()}" for n, c in zip(self.of.fields, counts, strict=True))
            raise ScenarioError(f"record {self.of.__name__}", f"it takes {(count - 1).bit_length()} bits at these sizes, more than the 62 "
                                f"of a cell (by its fields: {parts}).", "Choose smaller sizes, or keep the largest field beside it.")
        return 0, count - 1

    def start(self, sizes: Sizes) -> int:
        return self._joined({n: f.start(sizes) for n, f in self.of.fields.items()}, sizes)

    def show(self, value: int, sizes: Sizes) -> Any:
        return {n: self.of.fields[n].domain.show(v, sizes) for n, v in self._cells(value, sizes).items()}

    def read(self, shown: Any, sizes: Sizes) -> int:
        if not isinstance(shown, dict) or list(shown) != list(self.of.fields):
            raise ValueError(f"{shown!r} is not a {self.of.__name__}: a record of {', '.join(self.of.fields)}")
        return self._joined({n: f.domain.read(shown[n], sizes) for n, f in self.of.fields.items()}, sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        return ",".join(f"{n}={self.of.fields[n].domain.word(v, sizes)}" for n, v in self._cells(value, sizes).items())

    def encode(self, value: Any, sizes: Sizes) -> int:
        if not isinstance(value, self.of):
            raise EvaluationError(f"record {self.of.__name__}", f"{told(value)} is stored in its place.", "Only such a record fits there.")
        return self._joined({n: f.domain.encode(value.__dict__[n], sizes) for n, f in self.of.fields.items()}, sizes)

    def decode(self, cell: int, sizes: Sizes) -> Any:
        return self.of(**{n: self.of.fields[n].domain.decode(v, sizes) for n, v in self._cells(cell, sizes).items()})

    def _cells(self, value: int, sizes: Sizes) -> dict[str, int]:
        """The value of every field, as a cell of its own would hold it."""
        found: dict[str, int] = {}
        for name, f in reversed(self.of.fields.items()):
            value, rest = divmod(value, _count(f.domain, sizes))
            found[name] = rest + f.domain.bounds(sizes)[0]
        return dict(reversed(found.items()))

    def _joined(self, cells: dict[str, int], sizes: Sizes) -> int:
        """The inverse."""
        total = 0
        for name, f in self.of.fields.items():
            total = total * _count(f.domain, sizes) + _inside(f"{self.of.__name__}.{name}", f.domain, cells[name], sizes)
        return total


def _enumerates(value: Any) -> bool:
    """Is this an enumeration, which may stand in the record whose fields have its values?"""
    return isinstance(value, type) and issubclass(value, IntEnum)


def _count(domain: Domain, sizes: Sizes) -> int:
    low, high = domain.bounds(sizes)
    return high - low + 1


def _inside(name: str, domain: Domain, value: int, sizes: Sizes) -> int:
    """The digit of a value: how far it is above the lowest."""
    low, high = domain.bounds(sizes)
    if not low <= value <= high:
        raise EvaluationError(f"field {name}", f"{value} is outside {low}…{high}.",
                              "A record was made with a value that its field does not have.")
    return value - low


def record_in(hint: Any) -> type[Record] | None:
    """The class of records that an annotation or a domain stands for."""
    of = hint.of if isinstance(hint, RecordOf) else hint
    return of if isinstance(of, type) and issubclass(of, Record) and of is not Record else None


def shape_in(hint: Any) -> Any:
    """What values are that are no numbers, by an annotation or a domain: a class of records or another domain; None for numbers."""
    return record_in(hint) or (hint if isinstance(hint, Domain) and hint.structured else None)


def parts_of(domain: Domain) -> list[Domain]:
    """A domain and those of its fields items or cells."""
    return [domain, *(d for part in domain.inner() for d in parts_of(part))]


__all__ = ["Record", "RecordField", "RecordOf", "field", "parts_of", "record_in", "shape_in"]
