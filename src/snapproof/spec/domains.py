"""Index sets and value domains: everything in a state is an integer from a finite range.

An *index set* is a finite set `0 … n-1` whose size the scope gives.  A *domain* is the range of one
cell of a variable; from it come the packed width, the checks, and the readable form of a value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Union

from .demands import demand, demand_call, demand_class, demand_letter, demand_switch, demand_word, demand_words_of, told
from .errors import DeclarationError, ScenarioError
from .own_domains import guard


class Sizes(dict[str, int]):
    """Index set (or process kind) name -> size, and the names of all processes in their order."""

    def __init__(self, sizes: Mapping[str, int], processes: Sequence[str] = ()) -> None:
        super().__init__(sizes)
        self.processes = tuple(processes)


class IndexSet(int):
    """A finite set of indices.  Declare one by subclassing:

    `class Track(IndexSet, letter="T", symmetric=True): "A track of a device (Fig. 5)."`

    `letter` is the prefix in traces and scenarios (members are shown from 1: T1, T2, …; or from 0
    with `first=0`).  `size` derives the size from other sets instead of asking the scope for it.
    """

    letter: ClassVar[str]
    symmetric: ClassVar[bool]
    first: ClassVar[int]
    derived: ClassVar[Callable[[Sizes], int] | None]

    def __init_subclass__(
        cls,
        letter: str = "",
        symmetric: bool = False,
        first: int = 1,
        size: Callable[[Sizes], int] | None = None,
    ) -> None:
        super().__init_subclass__()
        place = f"index set {cls.__name__}"
        demand(letter != "", place, "it has no letter, so its members have no names.",
               f'Write class {cls.__name__}(IndexSet, letter="{cls.__name__[0]}").')
        demand_letter(letter, place)
        demand_switch(symmetric, place, "symmetric")
        demand(isinstance(first, int) and not isinstance(first, bool) and first >= 0, place, f"first={told(first)} is no number from 0.",
               "Give the number of the first member, 0 or 1.")
        if size is not None:
            demand_call(size, place, "size=", 'Give a function of the other sizes: size=lambda n: n["Track"] * 2.')
        cls.letter, cls.symmetric, cls.first, cls.derived = letter, symmetric, first, size

    @classmethod
    def count(cls, sizes: Sizes) -> int:
        """How many members at these sizes."""
        return cls.derived(sizes) if cls.derived else sizes[cls.__name__]

    @classmethod
    def member(cls, index: int) -> str:
        """The readable name of a member: T1 for index 0."""
        return f"{cls.letter}{index + cls.first}"


Index = type[IndexSet]


LARGEST = (1 << 62) - 1
"""Constants and domains stay inside this, so that the compiled reading's 64 bits hold every value."""


class Value:
    """What the plain reading has for a number in a cell that is a record, a union or a set: an object that does not change."""

    __slots__ = ()
    _sizes: ClassVar[Sizes | None] = None
    """The sizes of the step that is being executed: what is made there is checked at once."""


class Domain:
    """The range of one cell: integers `low … high`, both included.

    `structured`: in the plain reading the value of such a cell is an object (a `Value`), and no number.
    """

    structured: ClassVar[bool] = False
    cell: ClassVar[bool] = True
    """May a cell hold such a value?"""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        guard(cls)

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        """The lowest and the highest value at these sizes."""
        raise TypeError(f"{type(self).__name__} does not say its bounds")

    def show(self, value: int, sizes: Sizes) -> Any:
        """The readable (JSON) form of a value; `read` is its inverse."""
        return int(value)

    def read(self, shown: Any, sizes: Sizes) -> int:
        """The value with this readable form; ValueError when there is none."""
        low, high = self.bounds(sizes)
        if isinstance(shown, int) and not isinstance(shown, bool) and low <= shown <= high \
                and self.show(shown, sizes) == shown:
            return shown
        if high - low <= 1 << 16:
            for value in range(low, high + 1):
                if self.show(value, sizes) == shown:
                    return value
        raise ValueError(f"{shown!r} is not a value of {self}")

    def word(self, value: int, sizes: Sizes) -> str:
        """The value as an argument of a command in a program."""
        return str(self.show(value, sizes))

    def start(self, sizes: Sizes) -> int:
        """What a cell holds that nothing has been written to."""
        return self.bounds(sizes)[0]

    def encode(self, value: Any, sizes: Sizes) -> int:
        """The number that a cell holds for a value of the plain reading."""
        return int(value)

    def decode(self, cell: int, sizes: Sizes) -> Any:
        """The inverse of `encode`."""
        return cell

    def inner(self) -> tuple[Domain, ...]:
        """The domains of its parts, where its values have parts."""
        return ()


class Extent:
    """How many values some domains have together: a tree asks for it as for the size of an index set."""

    def __init__(self, *domains: Domain) -> None:
        self.domains = domains

    def count(self, sizes: Sizes) -> int:
        """Their number at these sizes."""
        bounds = [d.bounds(sizes) for d in self.domains]
        return math.prod(high - low + 1 for low, high in bounds)


@dataclass(frozen=True)
class Flag(Domain):
    """False or true, as 0 or 1."""

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return bool(value)

    def read(self, shown: Any, sizes: Sizes) -> int:
        if shown in (True, False, 0, 1):
            return int(shown)
        raise ValueError(f"{shown!r} is neither true nor false")


@dataclass(frozen=True)
class Range(Domain):
    """Integers `low … high`; `high` may be computed from the sizes of the index sets."""

    low: int
    high: Union[int, Callable[[Sizes], int]]

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            demand(isinstance(end, int) and not isinstance(end, bool) or end is self.high and callable(end), "Range",
                   f"{told(end)} is no bound.", "Give two whole numbers, the lower first; the higher may be a function of the sizes.")
        demand(callable(self.high) or self.low <= self.high, "Range", f"it has no values: {told(self.low)} … {told(self.high)}.",
               "Give the lower number first; both belong to it.")

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return self.low, self._computed(self.high, sizes) if callable(self.high) else self.high

    def _computed(self, high: Callable[[Sizes], int], sizes: Sizes) -> int:
        """What the author's function says, whatever it does."""
        code = getattr(high, "__code__", None)
        place = f"{code.co_filename}:{code.co_firstlineno}" if code else told(high)
        fix = 'The higher bound is a function of the sizes that gives a whole number: Range(0, lambda n: n["Track"]).'
        try:
            found = high(sizes)
        except (Exception, SystemExit) as error:
            raise ScenarioError(place, f"a bound of a domain cannot be computed ({type(error).__name__}: {error}).", fix) from None
        if not isinstance(found, int) or isinstance(found, bool):
            raise ScenarioError(place, f"a bound of a domain is computed as {told(found)}.", fix)
        return found


@dataclass(frozen=True)
class Member(Domain):
    """A member of an index set."""

    of: Index

    def __post_init__(self) -> None:
        _demand_set(self.of, "Member")

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, max(0, self.of.count(sizes) - 1)

    def show(self, value: int, sizes: Sizes) -> Any:
        return self.of.member(value)


@dataclass(frozen=True)
class Maybe(Domain):
    """A member of an index set, or -1 for none (shown as `none`)."""

    of: Index
    none: str = "none"

    def __post_init__(self) -> None:
        _demand_set(self.of, "Maybe")
        demand_word(self.none, "Maybe", "none")
        demand(not (self.none.startswith(self.of.letter) and self.none[len(self.of.letter):].isdigit()), "Maybe",
               f"none={self.none!r} looks like a member of {self.of.__name__}.", "Choose another word.")

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return -1, self.of.count(sizes) - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return self.none if value < 0 else self.of.member(value)


@dataclass(frozen=True)
class Mask(Domain):
    """A subset of an index set, one bit a member (bit 0 for member 0)."""

    of: Index

    def __post_init__(self) -> None:
        _demand_set(self.of, type(self).__name__)

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, (1 << self.of.count(sizes)) - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return [self.of.member(i) for i in range(value.bit_length()) if value >> i & 1]

    def read(self, shown: Any, sizes: Sizes) -> int:
        names = [self.of.member(i) for i in range(self.of.count(sizes))]
        if not isinstance(shown, list) or any(n not in names for n in shown):
            raise ValueError(f"{shown!r} is not a list of members of {self.of.__name__}")
        return sum(1 << names.index(n) for n in set(shown))


@dataclass(frozen=True)
class OneOf(Domain):
    """A value of an IntEnum whose values are 0, 1, 2, …"""

    of: type[IntEnum]

    def __post_init__(self) -> None:
        demand_class(self.of, IntEnum, "OneOf", "its set of values", "Write class Colour(IntEnum) with RED = 0, … and OneOf(Colour).")
        demand_words_of(self.of, f"enumeration {self.of.__name__}")
        if not len(self.of) or sorted(int(v) for v in self.of) != list(range(len(self.of))):
            raise DeclarationError(f"enumeration {self.of.__name__}", "its values are not 0, 1, 2, …",
                                   "Number them from 0 without gaps; the packed state depends on it.")

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, len(self.of) - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return self.of(value).name


@dataclass(frozen=True)
class ProcessNumber(Domain):
    """Which process (its `number`, from 1), or 0 for nobody: the holder of a lock."""

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, len(sizes.processes)

    def show(self, value: int, sizes: Sizes) -> Any:
        return sizes.processes[value - 1] if value else "nobody"


def _demand_set(of: Any, place: str) -> None:
    demand_class(of, IndexSet, place, "what it is of,", f"Write {place}(Track) with a class Track(IndexSet, letter=…).")


def demand_domain(of: Any, place: str) -> None:
    """A domain, made: Flag(), not Flag."""
    demand(isinstance(of, Domain), place, f"{told(of)} is not a domain.",
           "Write one with its brackets: Flag(), Range(0, 3), Member(Track), Maybe(Track), Mask(Track), OneOf(Colour), ProcessNumber(),"
           " RecordOf(Message), UnionOf(Place), SetOf(Track), SequenceOf(Member(Track), 3), BagOf(Member(Track), 2).")
    demand(type(of).bounds is not Domain.bounds, place, f"{type(of).__name__} does not say its bounds.",
           "Write one of those that there are: Flag(), Range(0, 3), Member(Track); or give yours a method bounds(self, sizes).")
    demand(of.cell, place, f"{of} is chosen by a parameter, and is in no cell.", "Declare a table: table(Track, of=…, meaning=…).")
