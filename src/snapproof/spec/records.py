"""Records: values of several named parts, each in one cell.

    class Message(Record):
        sender: int = field(Member(Node), "who sends it")
        kind: int = field(OneOf(Kind), "what it asks for")

A record is a value like a number: it is made whole (`Message(sender=n, kind=Kind.ASK)`), compared whole, stored whole, and
never changed.  In a cell it is one number, digit by digit (`fields.by_place`): equal records are equal numbers.  The
plain reading works with the objects of this file; the compiled and the symbolic one with the number (reader_records.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .demands import demand, demand_class, told
from .domains import LARGEST, Domain, Sizes
from .errors import EvaluationError, ScenarioError
from .fields import (
    Fielded,
    RecordField,
    count,
    declared_fields,
    decoded,
    encoded,
    extent,
    field,
    put_together,
    read_fields,
    shown_fields,
    starting,
    word_of,
)


class Record(Fielded):
    """A value of several named parts: subclass it and declare its fields in the class body."""

    _word: ClassVar[str] = "record"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        place = f"record {cls.__name__}"
        demand(cls.__mro__[1] is Record, place, "it is derived from another record.",
               "Derive it from Record; what two records share can be a record that both have as a field.")
        cls.fields = declared_fields(cls, Record, place)
        demand(cls.fields != {}, place, "it has no field.", 'Declare one: sender: int = field(Member(Node), "who sends it").')
        demand(list(cls.fields) != ["tag", "value"], place, "its fields are called tag and value, as those that show which case of a "
               "union a value is.", "Rename one of them; where the first says what the second is, declare a TaggedUnion.")


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
        values = extent(self.of).count(sizes)
        if values - 1 > LARGEST:
            parts = ", ".join(f"{n} {(count(f.domain, sizes) - 1).bit_length()}" for n, f in self.of.fields.items())
            raise ScenarioError(f"record {self.of.__name__}", f"it takes {(values - 1).bit_length()} bits at these sizes, more than the 62 "
                                f"of a cell (by its fields: {parts}).", "Choose smaller sizes, or keep the largest field beside it.")
        return 0, values - 1

    def start(self, sizes: Sizes) -> int:
        return put_together(self.of, starting(self.of, sizes), sizes)

    def show(self, value: int, sizes: Sizes) -> Any:
        return shown_fields(self.of, value, sizes)

    def read(self, shown: Any, sizes: Sizes) -> int:
        return read_fields(self.of, shown, sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        return word_of(self.of, value, sizes)

    def encode(self, value: Any, sizes: Sizes) -> int:
        if not isinstance(value, self.of):
            raise EvaluationError(f"record {self.of.__name__}", f"{told(value)} is stored in its place.", "Only such a record fits there.")
        return put_together(self.of, encoded(self.of, value, sizes), sizes)

    def decode(self, cell: int, sizes: Sizes) -> Any:
        return decoded(self.of, cell, sizes)


__all__ = ["Record", "RecordField", "RecordOf", "field"]
