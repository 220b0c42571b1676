"""Values of several named parts: what records (records.py) and the cases of tagged unions (unions.py) have in common."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, ClassVar

from .demands import demand, demand_name, demand_text, told
from .domains import Domain, Extent, Sizes, Value, demand_domain
from .errors import EvaluationError, near


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
    """Declare a field of a record, or of a case of a union: `sender: int = field(Member(Node), "who sends it")`."""
    return RecordField(of, meaning, initial)


class Fielded(Value):
    """A value with named parts, made whole with the names of all of them; it never changes."""

    fields: ClassVar[dict[str, RecordField]] = {}
    _word: ClassVar[str]
    """What messages call it."""

    def __init__(self, **given: Any) -> None:
        place = f"{self._word} {type(self).__name__}"
        for name in given:
            if name not in self.fields:
                raise EvaluationError(place, f"it has no field {name!r}.", near(name, list(self.fields)))
        for name, of in self.fields.items():
            if name not in given:
                raise EvaluationError(place, f"the field {name!r} is missing.", "Give every field a value.")
            self.__dict__[name] = given[name] if isinstance(given[name], Value) else int(given[name])
            if Value._sizes is not None:
                inside(f"{type(self).__name__}.{name}", of.domain, of.domain.encode(self.__dict__[name], Value._sizes), Value._sizes)

    def with_(self, **given: Any) -> Any:
        """The same value with others in these fields."""
        return type(self)(**self.__dict__ | given)

    def __setattr__(self, name: str, value: Any) -> None:
        raise EvaluationError(f"{self._word} {type(self).__name__}", f"its field {name!r} is assigned to.",
                              f"It is a value and does not change; write m = m.with_({name}=…).")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in self.__dict__.items())})"


def declared_fields(cls: type, base: type, place: str) -> dict[str, RecordField]:
    """The fields in the body of a class; DeclarationError for anything else in it."""
    for name in {**cls.__dict__.get("__annotations__", {}), **vars(cls)}:
        if name.startswith("__"):
            continue
        demand(isinstance(vars(cls).get(name), RecordField) or _enumerates(vars(cls).get(name)), f"{place}, {name}",
               "it is not declared with field(…).", f'Here stand fields, and enumerations for them: {name}: int = field(Range(0, 3), '
               '"its meaning"); helpers stand in the module.')
        demand_name(name, f"{place}, {name}", base)
    return {n: f for n, f in vars(cls).items() if isinstance(f, RecordField)}


def _enumerates(value: Any) -> bool:
    """Is this an enumeration, which may stand in the class whose fields have its values?"""
    return isinstance(value, type) and issubclass(value, IntEnum)


# --- fields as digits -------------------------------------------------------------------------------


def extent(of: type[Fielded]) -> Extent:
    """How many values its fields have together."""
    return Extent(*(f.domain for f in of.fields.values()))


def starting(of: type[Fielded], sizes: Sizes) -> dict[str, int]:
    """What its fields hold in a cell that nothing has been written to."""
    return {n: f.start(sizes) for n, f in of.fields.items()}


def encoded(of: type[Fielded], value: Fielded, sizes: Sizes) -> dict[str, int]:
    """The value of every field of an object, as a cell of its own would hold it."""
    return {n: f.domain.encode(value.__dict__[n], sizes) for n, f in of.fields.items()}


def decoded(of: type[Fielded], number: int, sizes: Sizes) -> Any:
    """The object with these digits."""
    return of(**{n: of.fields[n].domain.decode(v, sizes) for n, v in taken_apart(of, number, sizes).items()})


def shown_fields(of: type[Fielded], number: int, sizes: Sizes) -> dict[str, Any]:
    """The readable value of every field."""
    return {n: of.fields[n].domain.show(v, sizes) for n, v in taken_apart(of, number, sizes).items()}


def read_fields(of: type[Fielded], shown: Any, sizes: Sizes) -> int:
    """The inverse; ValueError for what is shown so of nothing."""
    if not isinstance(shown, dict) or list(shown) != list(of.fields):
        raise ValueError(f"{shown!r} is not a {of.__name__}: {', '.join(of.fields)}")
    return put_together(of, {n: f.domain.read(shown[n], sizes) for n, f in of.fields.items()}, sizes)


def word_of(of: type[Fielded], number: int, sizes: Sizes) -> str:
    """Every field as an argument of a command has it, in one word."""
    return ",".join(f"{n}={of.fields[n].domain.word(v, sizes)}" for n, v in taken_apart(of, number, sizes).items())


def by_place(of: type[Fielded], sizes: Sizes) -> list[str]:
    """The fields from the highest digit to the lowest, as declared, but those of 2, 4, 8… values behind the others.

    What lies above such digits only is found by a shift; above others, it takes a division (atomic commitment: a fifth of the time).
    """
    return sorted(of.fields, key=lambda name: count(of.fields[name].domain, sizes).bit_count() == 1)


class Place(Extent):
    """How many values the fields have together whose digits are lower than that of one field: what its digit counts; with the field
    itself, what the next digit counts."""

    def __init__(self, of: type[Fielded], name: str, itself: bool = False) -> None:
        self.of, self.name, self.itself = of, name, itself

    def count(self, sizes: Sizes) -> int:
        names = by_place(self.of, sizes)
        return Extent(*(self.of.fields[n].domain for n in names[names.index(self.name) + (not self.itself):])).count(sizes)


def taken_apart(of: type[Fielded], number: int, sizes: Sizes) -> dict[str, int]:
    """The value of every field, as a cell of its own would hold it, from the digits of a number."""
    found: dict[str, int] = {}
    for name in reversed(by_place(of, sizes)):
        number, digit = divmod(number, count(of.fields[name].domain, sizes))
        found[name] = digit + of.fields[name].domain.bounds(sizes)[0]
    return {name: found[name] for name in of.fields}


def put_together(of: type[Fielded], cells: dict[str, int], sizes: Sizes) -> int:
    """The inverse."""
    digits = {n: inside(f"{of.__name__}.{n}", f.domain, cells[n], sizes) for n, f in of.fields.items()}
    total = 0
    for name in by_place(of, sizes):
        total = total * count(of.fields[name].domain, sizes) + digits[name]
    return total


def count(domain: Domain, sizes: Sizes) -> int:
    """How many values a domain has."""
    low, high = domain.bounds(sizes)
    return high - low + 1


def inside(name: str, domain: Domain, value: int, sizes: Sizes) -> int:
    """The digit of a value: how far it is above the lowest."""
    low, high = domain.bounds(sizes)
    if not low <= value <= high:
        raise EvaluationError(f"field {name}", f"{value} is outside {low}…{high}.",
                              "A record was made with a value that its field does not have.")
    return value - low
