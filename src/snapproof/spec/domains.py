"""Index sets and value domains: everything in a state is an integer from a finite range.

An *index set* is a finite set `0 … n-1` whose size the scope gives.  A *domain* is the range of one
cell of a variable; from it come the packed width, the checks, and the readable form of a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Union

from .errors import DeclarationError


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
        if not letter:
            raise DeclarationError(
                f"index set {cls.__name__}", "it has no letter, so its members have no names.",
                f'Write class {cls.__name__}(IndexSet, letter="{cls.__name__[0]}").')
        if not isinstance(letter, str) or not isinstance(first, int) or not (size is None or callable(size)):
            raise DeclarationError(f"index set {cls.__name__}", f"letter={letter!r}, first={first!r}, size={size!r} do not fit.",
                                   "letter is a string, first a number, size a function of all sizes: size=lambda n: n[\"Track\"] + 1.")
        cls.letter, cls.symmetric, cls.first, cls.derived = letter, symmetric, first, size

    @classmethod
    def count(cls, sizes: Sizes) -> int:
        """How many members at these sizes."""
        return _computed(cls.derived, sizes, f"index set {cls.__name__}", "size") if cls.derived else sizes[cls.__name__]

    @classmethod
    def member(cls, index: int) -> str:
        """The readable name of a member: T1 for index 0."""
        return f"{cls.letter}{index + cls.first}"


Index = type[IndexSet]


def _computed(rule: Callable[[Sizes], int], sizes: Sizes, place: str, what: str) -> int:
    """A size or bound that the specification computes from sizes; what goes wrong in there is the author's to mend."""
    try:
        found = rule(sizes)
    except Exception as error:
        raise DeclarationError(place, f"its {what} cannot be computed ({type(error).__name__}: {error}).",
                               f'Compute it from the sizes that there are: {", ".join(sorted(sizes))}.') from None
    if not isinstance(found, int):
        raise DeclarationError(place, f"its {what} {found!r} is not a number.", "Let the function return an integer.")
    if what == "size" and found < 1:
        raise DeclarationError(place, f"its size {found} is less than 1.", "An index set cannot be empty.")
    return int(found)


def check_index_set(of: object, place: str, fix: str) -> None:
    """Refuse what is not an index set where one must stand."""
    if not (isinstance(of, type) and issubclass(of, IndexSet) and of is not IndexSet):
        raise DeclarationError(place, f"{getattr(of, '__name__', None) or repr(of)} is not an index set.", fix)


class Domain:
    """The range of one cell: integers `low … high`, both included."""

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
        ends = [self.low] if callable(self.high) else [self.low, self.high]
        if not all(isinstance(end, int) for end in ends) or sorted(ends) != ends:
            raise DeclarationError(f"Range({self.low!r}, {self.high!r})", "it is not a range of numbers from the lowest to the highest.",
                                   "Write Range(0, 3), or Range(0, lambda n: n[\"Track\"]) with the sizes of index sets.")

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        if not callable(self.high):
            return self.low, self.high
        high = _computed(self.high, sizes, f"Range({self.low}, …)", "upper end")
        if high < self.low:
            raise DeclarationError(f"Range({self.low}, …)", f"its upper end is {high} at these sizes.",
                                   "Choose larger sizes, or a lower end.")
        return self.low, high


@dataclass(frozen=True)
class Member(Domain):
    """A member of an index set."""

    of: Index

    def __post_init__(self) -> None:
        check_index_set(self.of, "Member(…)", "Write Member(Track), with a class derived from IndexSet.")

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
        check_index_set(self.of, "Maybe(…)", "Write Maybe(Track), with a class derived from IndexSet.")

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return -1, self.of.count(sizes) - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return self.none if value < 0 else self.of.member(value)


@dataclass(frozen=True)
class Mask(Domain):
    """A subset of an index set, one bit a member (bit 0 for member 0)."""

    of: Index

    def __post_init__(self) -> None:
        check_index_set(self.of, "Mask(…)", "Write Mask(Session), with a class derived from IndexSet.")

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, (1 << self.of.count(sizes)) - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return [self.of.member(i) for i in range(self.of.count(sizes)) if value >> i & 1]

    def read(self, shown: Any, sizes: Sizes) -> int:
        names = [self.of.member(i) for i in range(self.of.count(sizes))]
        if not isinstance(shown, list) or any(n not in names for n in shown):
            raise ValueError(f"{shown!r} is not a list of members of {self.of.__name__}")
        return sum(1 << names.index(n) for n in set(shown))


def check_enumeration(of: Any) -> None:
    """Refuse what is not an IntEnum counted from 0: packed states, and ranges in compiled code, depend on it."""
    if not (isinstance(of, type) and issubclass(of, IntEnum)):
        raise DeclarationError(f"enumeration {getattr(of, '__name__', None) or repr(of)}", "it is not an IntEnum.",
                               "Declare class Colour(IntEnum) with RED = 0, GREEN = 1, … and name the class.")
    if not len(of) or sorted(int(v) for v in of) != list(range(len(of))):
        raise DeclarationError(f"enumeration {of.__name__}", "its values are not 0, 1, 2, …", "Number them from 0 without gaps.")


@dataclass(frozen=True)
class OneOf(Domain):
    """A value of an IntEnum whose values are 0, 1, 2, …"""

    of: type[IntEnum]

    def __post_init__(self) -> None:
        check_enumeration(self.of)

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
