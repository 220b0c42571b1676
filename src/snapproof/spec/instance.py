"""A specification at given sizes, switches and programs: what a search explores.

It lays the state out as a flat list of cells (the plain reading's form; `layout.py` packs them) and
names each cell, so that states can be shown, compared and read back.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from .chosen import Among, among
from .domains import LARGEST, Domain, IndexSet, Range, Sizes
from .during import commands_of
from .errors import ScenarioError, near
from .mistakes import Mistakes
from .processes import Command, Process, Step
from .programs import Invocation, Program
from .properties import Property
from .routes import OUTSIDE, CallerOf
from .scope import Scope
from .sizes import MOST_MEMBERS, complete_sizes
from .specification import Specification
from .variables import Variable

Cells = tuple[int, ...]
"""A state: one integer a cell, in the order of `Instance.slots`."""


class StepOf(Domain):
    """The current step of a process kind, as an index into its list of steps."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, max(0, len(self.steps) - 1)

    def show(self, value: int, sizes: Sizes) -> Any:
        return self.steps[value].name


class CommandOf(Domain):
    """Which invocation of the instance a process is carrying out, or -1."""

    def __init__(self, capacity: int, names: list[str]) -> None:
        self.capacity, self.names = capacity, names

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return -1, self.capacity - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        # Room is made in steps, so there are more values than commands.
        return self.names[value] if 0 <= value < len(self.names) else "none"


@dataclass(frozen=True)
class Slot:
    """The cells of one variable: shared (`kind` is None), or one local of every process of a kind.

    `offset` is the first cell; cell `(i, j, …)` of shape `sizes` lies row by row behind it.  `during` are the commands that it
    belongs to (none: it is there always).
    """

    name: str
    kind: type[Process] | None
    sizes: tuple[int, ...]
    domain: Domain
    offset: int
    low: int
    high: int
    start: int
    ghost: bool
    indices: tuple[type[IndexSet], ...]
    meaning: str
    during: tuple[Command, ...] = ()

    @property
    def length(self) -> int:
        """How many cells."""
        n = 1
        for size in self.sizes:
            n *= size
        return n

    def read(self, shown: Any, sizes: Sizes) -> int:
        """The value of a cell as a state shows it; ValueError when there is none."""
        return 0 if shown == OUTSIDE and isinstance(self.domain, CallerOf) else self.domain.read(shown, sizes)


def capacity(n: int, mistakes: Mistakes, options: tuple[int, ...] = (15, 63, 255)) -> int:
    """The room made for n commands, or for positions of a program: few steps, so that most programs share one compilation.

    A compilation takes seconds; a bit more for each host costs nothing that can be measured.
    """
    for option in options:
        if n <= option:
            return option
    mistakes.add("programs", f"they have {n} different commands.", f"At most {options[-1]}; use fewer * alternatives.")
    return options[-1]


class Instance:
    """A specification with sizes, switch values and one program for each process that runs one.

    `sizes` may leave out what the specification has defaults for; `constraints` are those that end a search (`within`), all of
    the specification unless said.  Raises ScenarioError; where `mistakes` gathers them, it is of no use when there are any.
    """

    def __init__(self, spec: Specification, sizes: dict[str, int], switches: dict[str, IntEnum],
                 programs: dict[str, list[Program]] | None = None, place: str = "scope",
                 fuse: bool = True, mistakes: Mistakes | None = None) -> None:
        self.spec, self.fuse = spec, fuse
        found = Mistakes(place) if mistakes is None else mistakes
        self.commands: list[Command] | None = None  # what "any command" means in a proof; None: every one there is
        self.constraints = spec.constraints
        spec.reader.check_bindings()
        self.sizes = complete_sizes(spec, sizes, place)
        for of in spec.reader.structured:
            with found.noting():
                of.bounds(self.sizes)  # also values that no variable holds fit a cell
        self.scope: Scope = spec.scope(self.sizes, switches)
        self.scope.refuse_contradictions(place, found)
        self._few_choices(found)
        self.processes: list[tuple[type[Process], int]] = [
            (k, i) for k in spec.kinds for i in range(self.sizes[k.__name__])]
        self.programs: list[Program] = []
        given = programs or {}
        for name, mine in given.items():
            running = self.sizes.get(name, 0) if any(k.__name__ == name and k.programs for k in spec.kinds) else 0
            found.demand(len(mine) <= running, f"{place}, programs", f"{len(mine)} programs for {name}, of which {running} run programs.",
                         "Give one program for each process of a kind with programs=True.")
        for kind, i in self.processes:
            mine = given.get(kind.__name__, [])
            self.programs.append(mine[i] if i < len(mine) else Program())
        every = itertools.chain.from_iterable(itertools.chain.from_iterable(p.positions for p in self.programs))
        self.invocations: list[Invocation] = list(dict.fromkeys(every))
        self.command_room = capacity(len(self.invocations), found)
        self.position_room = capacity(max([len(p.positions) for p in self.programs], default=0), found)
        self.slots: dict[tuple[str, str], Slot] = {}
        self.width = 0
        self._lay_out(found)
        if mistakes is None:
            found.refuse()

    def _few_choices(self, found: Mistakes) -> None:
        """What is chosen from a domain has some values here, and not too many."""
        for declared in self.spec.trees:
            for name, of in ((n, among(h)) for n, h in declared.hints.items() if isinstance(h, Domain)):
                with found.noting():
                    low, high = of.domain.bounds(self.sizes)
                    found.demand(1 <= high - low + 1 <= MOST_MEMBERS and max(abs(low), abs(high)) <= LARGEST, declared.place,
                                 f"its parameter {name!r} is chosen from {low} … {high} at these sizes.",
                                 f"Choose from 1 to {MOST_MEMBERS:,} values.")

    def _lay_out(self, found: Mistakes) -> None:
        for v in self.spec.state.variables.values():
            self._slot(v, None, found)
        for kind in self.spec.kinds:
            # Another kind may have a command of the same words: only those that this kind can carry out are named.
            names = [i.show(kind, self.sizes) if issubclass(kind, i.command.owner) else "none" for i in self.invocations]
            self._add("step", kind, StepOf(self.spec.steps[kind.__name__]), 0, False, "the box it will execute next")
            if kind.programs:
                self._add("command", kind, CommandOf(self.command_room, names), -1, False, "the command it carries out")
                self._add("position", kind, Range(0, self.position_room), 0, False, "how far its program has come")
            routes = self.spec.routes[kind.__name__]
            for figure in routes.called():
                self._add(figure.caller, kind, routes.caller(figure), 0, False, f"from where {figure.title} was called")
            for v in kind.variables.values():
                self._slot(v, kind, found)

    def _slot(self, v: Variable, kind: type[Process] | None, found: Mistakes) -> None:
        during = commands_of(self.spec, kind, v) if kind else ()
        with found.noting():
            self._add(v.name, kind, v.domain, v.start(self.sizes), v.ghost, v.meaning, v.indices, during)

    def _add(self, name: str, kind: type[Process] | None, domain: Domain, start: int, ghost: bool, meaning: str,
             indices: tuple[type[IndexSet], ...] = (), during: tuple[Command, ...] = ()) -> None:
        sizes = tuple(i.count(self.sizes) for i in indices) if kind is None else (self.sizes[kind.__name__],)
        low, high = domain.bounds(self.sizes)
        if max(abs(low), abs(high)) > LARGEST:
            raise ScenarioError(f"variable {name}", f"its domain {low}…{high} does not fit 62 bits at these sizes.",
                                "Choose smaller sizes, or a smaller domain.")
        slot = Slot(name, kind, sizes, domain, self.width, low, high, start, ghost, indices, meaning, during)
        self.slots[kind.__name__ if kind else "", name] = slot
        self.width += slot.length

    def with_every_box(self) -> Instance:
        """The same, with a transition for every box: local ones are not joined with the box before them."""
        other = copy.copy(self)
        other.fuse = False
        return other

    def within(self, names: Collection[str], place: str) -> Instance:
        """The same, searched within these constraints only; ScenarioError for names that none has."""
        known, found = {c.name: c for c in self.spec.constraints}, Mistakes(place)
        known_constraints(self.spec, names, place, found)
        found.refuse()
        other = copy.copy(self)
        other.constraints = [c for name, c in known.items() if name in names]
        return other

    def looked_for(self, deadlock: bool | None, stuck: bool | None) -> tuple[bool, bool]:
        """Are deadlocks looked for, and processes that can never move again?  None: as the specification says, and as deadlocks."""
        deadlock = self.spec.deadlock if deadlock is None else deadlock
        return deadlock, (deadlock if stuck is None else stuck) and bool(self.processes)

    def without_members(self, p: Property) -> list[str]:
        """What a property speaks of and is not there at these sizes, so that it holds, and says nothing: kinds without members.

        Of a property of different ones also kinds and sets that have too few.
        """
        every = [of for _, of in p.chosen(p.states + 1)]
        wanted = {of: every.count(of) if p.distinct and not issubclass(of, Among) else 1 for of in every}
        return [of.__name__ if n == 1 else f"{n} different {of.__name__}" for of, n in wanted.items() if self.scope.size(of) < n]

    def widest_arguments(self) -> int:
        """The number of arguments of the kind with most: the row length of the compiled reading's table."""
        return max([len(kind.arguments) for kind in self.spec.kinds], default=0)

    def start_cells(self) -> list[int]:
        """Every cell at its initial value, before the initial step."""
        cells: list[int] = []
        for slot in self.slots.values():
            cells += [slot.start] * slot.length
        return cells

    def process_name(self, process: int) -> str:
        """`HA1` for the process with this place in `processes`."""
        kind, i = self.processes[process]
        return kind.member(i)

    # --- readable form ----------------------------------------------------------------------------

    def show(self, cells: Iterable[int]) -> dict[str, Any]:
        """A state as JSON: variable -> value or nested lists, process name -> its locals."""
        cells = list(cells)
        out: dict[str, Any] = {}
        for slot in self.slots.values():
            values = [slot.domain.show(v, self.sizes) for v in cells[slot.offset:slot.offset + slot.length]]
            if slot.kind is None:
                out[slot.name] = _nest(values, slot.sizes)
        for kind, i in self.processes:
            mine = [s for s in self.slots.values() if s.kind is kind]
            routes, place = self.spec.routes[kind.__name__], {s.name: s.offset + i for s in mine}
            left = routes.left(routes.steps[cells[place["step"]]], cells, place)
            out[kind.member(i)] = {s.name: OUTSIDE if s.name in left else s.domain.show(cells[s.offset + i], self.sizes) for s in mine}
        return out

    def read(self, shown: dict[str, Any]) -> Cells:
        """The inverse of `show`; ValueError names the variable that does not fit."""
        cells = self.start_cells()
        for slot in self.slots.values():
            if slot.kind is None:
                values = _flatten(shown[slot.name], len(slot.sizes)) if slot.name in shown else None
            else:
                values = [shown[slot.kind.member(i)][slot.name] for i in range(slot.length)]
            if values is None or len(values) != slot.length:
                raise ValueError(f"{slot.name} does not have {slot.length} cells")
            for i, value in enumerate(values):
                cells[slot.offset + i] = slot.read(value, self.sizes)
        return tuple(cells)


def known_constraints(spec: Specification, names: Iterable[str], place: str, mistakes: Mistakes) -> None:
    """Is each of these the name of a constraint?"""
    known = [c.name for c in spec.constraints]
    for name in names:
        if name not in known:
            mistakes.add(place, f"there is no constraint {name!r}.", near(name, known))


def _nest(values: list[Any], sizes: tuple[int, ...]) -> Any:
    if not sizes:
        return values[0]
    if len(sizes) == 1:
        return values
    part = len(values) // sizes[0] if sizes[0] else 0
    return [_nest(values[i * part:(i + 1) * part], sizes[1:]) for i in range(sizes[0])]


def _flatten(value: Any, depth: int) -> list[Any]:
    if depth == 0:
        return [value]
    return [v for part in value for v in _flatten(part, depth - 1)]


__all__ = ["Cells", "Instance", "Slot", "capacity", "complete_sizes", "known_constraints"]
