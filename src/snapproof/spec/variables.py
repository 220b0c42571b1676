"""Variables of the shared state, declared once: index sets, domain, and a line of meaning.

From a declaration come the packed layout, the JSON form, the checks and the diff.  A *ghost* variable
may be written by steps and read only by properties (and copied into other ghosts).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar

from .demands import demand, demand_class, demand_name, demand_switch, demand_text, told
from .domains import Domain, Index, IndexSet, Sizes, demand_domain
from .errors import DeclarationError, EvaluationError
from .whole_tables import WholeTable


class Variable:
    """One declared variable: `indices` (index sets, outermost first), `domain`, `meaning`, `ghost`.

    `initial` is the value of every cell before any initial step runs (the domain's lowest unless said).
    """

    def __init__(self, indices: tuple[Index, ...], domain: Domain, meaning: str,
                 ghost: bool, initial: int | None) -> None:
        place = f"variable '{meaning}'"
        demand_text(meaning, place, "meaning")
        demand_domain(domain, place)
        demand_switch(ghost, place, "ghost")
        demand(initial is None or isinstance(initial, int), place, f"initial={told(initial)} is no number.",
               "Give the value of every cell before the first step, as a number.")
        demand(initial is None or not domain.structured, place,
               "it holds records, unions, sets or sequences, and is given initial= for its cells.",
               "Give it to the fields of a record: kind: int = field(OneOf(Kind), …, initial=Kind.ASK); sets and sequences begin empty.")
        self.indices, self.domain, self.meaning = indices, domain, meaning
        self.ghost, self.initial = ghost, initial
        self.name = ""
        self.owner: type | None = None

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.owner = name, owner

    def start(self, sizes: Sizes) -> int:
        """The value every cell has before the initial step."""
        low, high = self.domain.bounds(sizes)
        value = self.domain.start(sizes) if self.initial is None else self.initial
        if not low <= value <= high:
            raise DeclarationError(f"variable {self.name}", f"its initial value {value} is outside {low}…{high}.",
                                   "Choose a value of its domain.")
        return value

    # Scalars are read and written through the instance; tables live in the instance dictionary.
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        found = instance._cells[instance._place[self.name]]
        return self.domain.decode(found, instance._sizes) if self.domain.structured else found

    def __set__(self, instance: Any, value: Any) -> None:
        self.put(instance, self.domain.encode(value, instance._sizes) if self.domain.structured else value)

    def put(self, instance: Any, value: int) -> None:
        """Write the number that stands for a value into the cell."""
        low, high = instance._limits[self.name]
        if not low <= value <= high:
            raise EvaluationError(f"variable {self.name}", f"{value} is outside {low}…{high}.",
                                  "A step wrote a value that the variable's domain does not have.")
        instance._cells[instance._place[self.name]] = value


class TableVariable(Variable):
    """A variable with index sets; on a state it appears as a `Table`."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else instance._tables[self.name]

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, WholeTable) and value.indices == self.indices:
            for key in itertools.product(*map(range, value.sizes)):
                instance._tables[self.name][key] = value[key]
            return
        raise EvaluationError(f"variable {self.name}", "it is a table.", "Assign to its cells, one by one.")


class Table:
    """The cells of one variable in the plain reading: `table[i, j]`, checked at every access."""

    __slots__ = ("_cells", "_name", "_offset", "_sizes", "_low", "_high")

    def __init__(self, cells: list[int], name: str, offset: int, sizes: tuple[int, ...],
                 low: int, high: int) -> None:
        self._cells, self._name, self._offset = cells, name, offset
        self._sizes, self._low, self._high = sizes, low, high

    def _position(self, key: int | tuple[int, ...]) -> int:
        indices = key if isinstance(key, tuple) else (key,)
        if len(indices) != len(self._sizes):
            raise EvaluationError(f"variable {self._name}", f"it takes {len(self._sizes)} indices, not {len(indices)}.",
                                  "Give one index for each index set of its declaration.")
        place = 0
        for index, size in zip(indices, self._sizes):
            if not 0 <= index < size:
                raise EvaluationError(f"variable {self._name}", f"index {index} is outside 0…{size - 1}.",
                                      "Test for none (-1) before using a value as an index.")
            place = place * size + index
        return self._offset + place

    def __getitem__(self, key: int | tuple[int, ...]) -> int:
        return self._cells[self._position(key)]

    def __setitem__(self, key: int | tuple[int, ...], value: int) -> None:
        self.put(key, value)

    def cell(self, key: int | tuple[int, ...]) -> int:
        """The number that a cell holds."""
        return self._cells[self._position(key)]

    def put(self, key: int | tuple[int, ...], value: int) -> None:
        """Write the number that stands for a value into a cell."""
        if not self._low <= value <= self._high:
            raise EvaluationError(f"variable {self._name}", f"{value} is outside {self._low}…{self._high}.",
                                  "A step wrote a value that the variable's domain does not have.")
        self._cells[self._position(key)] = value


class StructuredTable(Table):
    """The same for cells that hold records: numbers in the cells, objects outside."""

    __slots__ = ("_domain", "_members")

    def __init__(self, *place: Any, domain: Domain, members: Sizes) -> None:
        super().__init__(*place)
        self._domain, self._members = domain, members

    def __getitem__(self, key: int | tuple[int, ...]) -> Any:
        return self._domain.decode(self.cell(key), self._members)

    def __setitem__(self, key: int | tuple[int, ...], value: Any) -> None:
        self.put(key, self._domain.encode(value, self._members))


def table_over(cells: list[int], slot: Any, sizes: Sizes) -> Table:
    """The table of a slot (`instance.Slot`) over these cells."""
    place = (cells, slot.name, slot.offset, slot.sizes, slot.low, slot.high)
    return StructuredTable(*place, domain=slot.domain, members=sizes) if slot.domain.structured else Table(*place)


def table(*indices: Index, of: Domain, meaning: str, ghost: bool = False, initial: int | None = None) -> Any:
    """Declare a variable with index sets: `pointer = table(VirtualDevice, Track, of=…, meaning=…)`."""
    for of_index in indices:
        demand_class(of_index, IndexSet, f"table '{meaning}'", "its index set",
                     "Write table(Track, of=…, meaning=…) with a class Track(IndexSet).")
    if not indices:
        raise DeclarationError(f"table '{meaning}'", "it has no index set.", "Use variable(…) for a single cell.")
    return TableVariable(indices, of, meaning, ghost, initial)


def variable(of: Domain, meaning: str, ghost: bool = False, initial: int | None = None) -> Any:
    """Declare a variable of one cell."""
    return Variable((), of, meaning, ghost, initial)


def declared_in(owner: type) -> dict[str, Variable]:
    """The variables declared in a class body; DeclarationError for one without a line of meaning."""
    found = {n: v for n, v in vars(owner).items() if isinstance(v, Variable)}
    for name, v in vars(owner).items():
        bare = isinstance(v, Domain) or isinstance(v, type) and issubclass(v, Domain)
        demand(not bare, f"variable {owner.__name__}.{name}", "it is a domain by itself, and so no variable.",
               f"Write {name}: int = {'variable' if issubclass(owner, State) else 'local'}(…, \"its meaning\").")
    for name, v in found.items():
        demand_name(name, f"variable {owner.__name__}.{name}", State if issubclass(owner, State) else owner.__mro__[-2],
                    ("id", "number", "step", "command", "position") * (not issubclass(owner, State)))
        if not v.meaning:
            raise DeclarationError(f"variable {owner.__name__}.{name}", "it has no line of meaning.",
                                   "Say in one line what it holds and where the description has it.")
    return found


P = TypeVar("P")


class State:
    """The shared state of a specification: subclass it and declare variables in the class body.

    In the plain reading one instance views a list of cells; `all(Kind)` yields process handles.
    """

    _cells: list[int]
    _sizes: Sizes
    _place: dict[str, int]
    _limits: dict[str, tuple[int, int]]
    _tables: dict[str, Table]
    _handles: dict[str, list[Any]]
    variables: ClassVar[dict[str, Variable]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found = declared_in(cls)
        for name, v in vars(cls).items():
            kind = type(v).__name__
            demand(kind not in ("Local", "Argument", "Switch", "Constant"), f"variable {cls.__name__}.{name}",
                   f"a {kind.lower()} belongs to {'the scope' if kind in ('Switch', 'Constant') else 'a process'}, not to the state.",
                   "Write variable(…) or table(…), or move it.")
        cls.variables = dict(cls.variables) | found

    def all(self, kind: type[P]) -> Iterator[P]:
        """Every process of a kind, in order."""
        return iter(self._handles[kind.__name__])

    def process(self, kind: type[P], number: int) -> P:
        """The process of this kind that has this number, as locks hold it; EvaluationError where there is none."""
        members: list[P] = self._handles[kind.__name__]
        for found in members:
            if found.number == number:  # type: ignore[attr-defined]
                return found
        raise EvaluationError(f"process {number}", f"no {kind.__name__} has this number.",
                              "Test for nobody (0), and for processes of other kinds, before the number is used.")

    def same(self, p: P) -> P:
        """This process in this state: `after.same(p)` is what has become of it."""
        mine: list[P] = self._handles[type(p).__name__]
        return mine[p.id]  # type: ignore[attr-defined]
