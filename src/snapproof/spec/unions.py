"""Tagged unions: values that are one of several cases, each case with fields of its own, in one cell.

    class Place(TaggedUnion):
        "Where the data of a track is."

    class Standard(Place):
        "On the standard device."

    class Logged(Place):
        "On a track of the log device."
        track: int = field(Member(LogTrack), "which one")

The cases are the classes derived from it, in the order of their declaration.  `Logged(track=t)` makes a value, `isinstance(p, Logged)`
asks which case it is, and `p.track` is an evaluation error where it is another.  In a cell the numbers of the cases follow each
other, those of a case digit by digit as in a record.  The plain reading works with the objects of this file; the compiled and the
symbolic one with the number (reader_unions.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .demands import demand, demand_class, told
from .domains import LARGEST, Domain, Extent, Sizes
from .errors import EvaluationError, ScenarioError
from .fields import Fielded, declared_fields, decoded, encoded, extent, put_together, read_fields, shown_fields, starting, word_of


class TaggedUnion(Fielded):
    """A value of one of several cases: derive the union from this class, and each case from the union."""

    cases: ClassVar[dict[str, type[TaggedUnion]]] = {}
    _word: ClassVar[str] = "union"
    _counted: ClassVar[bool] = False
    """Has a domain been made of it?  Then its cases have their numbers."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        place, base = f"union {cls.__name__}", cls.__bases__[0]
        if cls.__bases__ == (TaggedUnion,):
            fields = declared_fields(cls, TaggedUnion, place)
            demand(not fields, place, f"it has the field {next(iter(fields), '')!r} itself.",
                   f"Fields belong to its cases: class First({cls.__name__}), with fields in the class body.")
            cls.cases = {}
        else:
            demand(len(cls.__bases__) == 1 and base.__bases__ == (TaggedUnion,), place,
                   "it is derived from a case, or from several classes.",
                   "Derive a union from TaggedUnion, and each of its cases from the union and nothing else.")
            cls._join(base)

    @classmethod
    def _join(cls, union: type[TaggedUnion]) -> None:
        """Become the next case of a union."""
        place = f"case {cls.__name__} of {union.__name__}"
        demand(not union._counted, place, f"it is declared where UnionOf({union.__name__}) has been written already.",
               "Declare all cases first; a union is no part of itself, since a cell has room for so many values only.")
        demand(cls.__name__ not in union.cases, place, "there is such a case already.", "Give each case a name of its own.")
        cls.fields = declared_fields(cls, TaggedUnion, place)
        demand("tag" not in cls.fields, place, "it has a field called tag, by which questions ask for the case.", "Choose another name.")
        for other in union.cases.values():
            for name in {*cls.fields} & {*other.fields}:
                demand(cls.fields[name].domain == other.fields[name].domain, place,
                       f"{other.__name__} has a field {name!r} with other values.",
                       "Give it the same domain in each case (of a bound that is computed, the same function), or another name.")
        union.cases[cls.__name__], cls._word = cls, "case"

    def __init__(self, **given: Any) -> None:
        if TaggedUnion in type(self).__bases__:
            raise EvaluationError(f"union {type(self).__name__}", "it is made without saying which case.",
                                  f"Make one of its cases: {', '.join(self.cases)}.")
        super().__init__(**given)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise EvaluationError(f"case {type(self).__name__}", f"its field {name!r} is read, which it does not have.",
                              f"Ask first which case it is: isinstance(m, {_having(type(self), name)}).")


def union_of(case: type[TaggedUnion]) -> type[TaggedUnion]:
    """The union that a case belongs to."""
    return case.__bases__[0]


def _having(case: type[TaggedUnion], name: str) -> str:
    return " or ".join(n for n, c in case.cases.items() if name in c.fields) or "…"


class Before(Extent):
    """How many values the cases in front of one have together: the number with which its own begin."""

    def __init__(self, case: type[TaggedUnion]) -> None:
        every = list(case.cases.values())
        self.front = [extent(c) for c in every[:every.index(case)]]

    def count(self, sizes: Sizes) -> int:
        """Their number at these sizes."""
        return sum(e.count(sizes) for e in self.front)


@dataclass(frozen=True)
class UnionOf(Domain):
    """One of the cases of this union."""

    of: type[TaggedUnion]

    structured: ClassVar[bool] = True

    def __post_init__(self) -> None:
        fix = "Write UnionOf(Place) with a class Place(TaggedUnion), and classes derived from it."
        demand_class(self.of, TaggedUnion, "UnionOf", "what it is of,", fix)
        demand(self.of.__bases__ == (TaggedUnion,), "UnionOf", f"{self.of.__name__} is one case of {union_of(self.of).__name__}.",
               "Name the union; a value that is always of one case is a record.")
        demand(self.of.cases != {}, f"union {self.of.__name__}", "it has no case.",
               f"Declare them between the union and this place: class First({self.of.__name__}), with fields or without.")
        self.of._counted = True

    def inner(self) -> tuple[Domain, ...]:
        return tuple(f.domain for case in self.of.cases.values() for f in case.fields.values())

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        counts = {n: extent(c).count(sizes) for n, c in self.of.cases.items()}
        values = sum(counts.values())
        if values - 1 > LARGEST:
            parts = ", ".join(f"{n} {(c - 1).bit_length()}" for n, c in counts.items())
            raise ScenarioError(f"union {self.of.__name__}", f"it takes {(values - 1).bit_length()} bits at these sizes, more than the 62 "
                                f"of a cell (by its cases: {parts}).", "Choose smaller sizes, or keep the largest field beside it.")
        return 0, values - 1

    def start(self, sizes: Sizes) -> int:
        first = next(iter(self.of.cases.values()))
        return put_together(first, starting(first, sizes), sizes)

    def show(self, value: int, sizes: Sizes) -> Any:
        case, rest = self.parted(value, sizes)
        return {"tag": case.__name__, "value": shown_fields(case, rest, sizes)}

    def read(self, shown: Any, sizes: Sizes) -> int:
        tag = shown.get("tag") if isinstance(shown, dict) and list(shown) == ["tag", "value"] else None
        case = self.of.cases.get(tag) if isinstance(tag, str) else None
        if case is None:
            raise ValueError(f"{shown!r} is not a {self.of.__name__}: a tag of {', '.join(self.of.cases)}, and a value")
        return self._number(case, read_fields(case, shown["value"], sizes), sizes)

    def word(self, value: int, sizes: Sizes) -> str:
        case, rest = self.parted(value, sizes)
        return f"{case.__name__}({word_of(case, rest, sizes)})" if case.fields else case.__name__

    def encode(self, value: Any, sizes: Sizes) -> int:
        if not isinstance(value, self.of):
            raise EvaluationError(f"union {self.of.__name__}", f"{told(value)} is stored in its place.", "Only its cases fit there.")
        case = type(value)
        return self._number(case, put_together(case, encoded(case, value, sizes), sizes), sizes)

    def decode(self, cell: int, sizes: Sizes) -> Any:
        case, rest = self.parted(cell, sizes)
        return decoded(case, rest, sizes)

    def parted(self, value: int, sizes: Sizes) -> tuple[type[TaggedUnion], int]:
        """Which case a number is, and the number that its fields make."""
        *front, last = self.of.cases.values()
        for case in front:
            size = extent(case).count(sizes)
            if value < size:
                return case, value
            value -= size
        return last, value

    def _number(self, case: type[TaggedUnion], rest: int, sizes: Sizes) -> int:
        """The inverse."""
        return Before(case).count(sizes) + rest


@dataclass(frozen=True)
class TagOf(Domain):
    """Which case of a union, by its name: questions compare it."""

    of: type[TaggedUnion]

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, len(self.of.cases) - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return list(self.of.cases)[value]


__all__ = ["TaggedUnion", "UnionOf"]
