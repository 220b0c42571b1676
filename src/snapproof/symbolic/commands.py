"""What a process may be asked to do: the invocations of its program, or any command with any arguments.

With programs, the cell `command` numbers an invocation of the instance, so an argument is looked up in a table.
With any command it numbers a command of the specification, and the arguments are cells of their own: what is shown
this way holds for all programs, and needs no table of thousands of invocations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from ..spec.instance import Instance, Slot
from ..spec.processes import Command, Process, Step
from ..spec.programs import Invocation
from ..spec.reached import reached, unchanged
from .circuit import FALSE, TRUE, Truth
from .terms import Term

if TYPE_CHECKING:
    from .state import SymbolicState


class Commands(Protocol):
    """How a symbolic state holds commands."""

    def bounds(self, slot: Slot) -> tuple[int, int]:
        """The values of the cells `command` and `position`."""

    def added(self, kind: type[Process]) -> dict[str, tuple[int, int]]:
        """Cells of each process of a kind that the instance does not have, and their bounds."""

    def argument(self, state: SymbolicState, kind: type[Process], id: Term, name: str) -> Term:
        """An argument of the command that a process carries out; 0 when it carries none that has it."""

    def carries(self, state: SymbolicState, kind: type[Process], id: int, commands: Sequence[Command]) -> Truth:
        """Does a process carry out one of these commands?"""

    def choices(self, kind: type[Process]) -> list[tuple[int, int]]:
        """What is chosen when a process takes its next command, as bounds."""

    def take(self, state: SymbolicState, kind: type[Process], id: Term, choices: Sequence[Term]) -> tuple[Term, Truth]:
        """Let a process take its next command, in this state; its code of the next step, and whether there is one."""


class Programs:
    """The commands of the instance's programs."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def bounds(self, slot: Slot) -> tuple[int, int]:
        # Room for commands is made in steps (see instance.capacity); the commands there are are fewer.
        return slot.low, len(self.instance.invocations) - 1 if slot.name == "command" else slot.high

    def added(self, kind: type[Process]) -> dict[str, tuple[int, int]]:
        return {}

    def argument(self, state: SymbolicState, kind: type[Process], id: Term, name: str) -> Term:
        current = state.terms.select(state.cells[kind.__name__, "command"], id)
        table: list[Term] = []
        for invocation in self.instance.invocations:
            given = dict(zip(invocation.command.arguments, invocation.arguments, strict=True))
            table.append(given.get(name, 0))
        return state.terms.pick(state.terms.less(current, 0), 0, state.terms.select(table, current))

    def carries(self, state: SymbolicState, kind: type[Process], id: int, commands: Sequence[Command]) -> Truth:
        current = state.cells[kind.__name__, "command"][id]
        return state.terms.any_of(state.terms.equal(current, i) for i, one in enumerate(self.instance.invocations)
                                  if one.command in commands)

    def choices(self, kind: type[Process]) -> list[tuple[int, int]]:
        return [(0, max([1, *(len(a) for p in self.instance.programs for a in p.positions)]) - 1)]

    def take(self, state: SymbolicState, kind: type[Process], id: Term, choices: Sequence[Term]) -> tuple[Term, Truth]:
        """The choice is the alternative; one that the position does not have is not taken."""
        terms, name = state.terms, kind.__name__
        position = terms.select(state.cells[name, "position"], id)
        taken: Truth = FALSE
        stays: Truth = FALSE
        invocation: Term = 0
        first = next(i for i, (k, _) in enumerate(self.instance.processes) if k is kind)
        for process in range(self.instance.sizes[name]):
            program = self.instance.programs[first + process]
            mine = terms.equal(id, process)
            stays = terms.either(stays, mine) if program.repeats else stays
            for at, alternatives in enumerate(program.positions):
                here = terms.both(mine, terms.equal(position, at))
                for k, one in enumerate(alternatives):
                    this = terms.both(here, terms.equal(choices[0], k))
                    taken = terms.either(taken, this)
                    invocation = terms.pick(this, self.instance.invocations.index(one), invocation)
        codes = state.codes[name]
        first_steps: list[Term] = [codes.get(i.command.first, 0) for i in self.instance.invocations]
        terms.store(state.cells[name, "command"], id, invocation, taken)
        terms.store(state.cells[name, "position"], id, terms.pick(stays, position, terms.plus(position, 1)), taken)
        return terms.select(first_steps, invocation), taken


class AnyCommand:
    """Every command of a kind, or every one that the instance offers, with all arguments of their domains, at any time."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.commands = instance.spec.commands if instance.commands is None else instance.commands

    def of(self, kind: type[Process]) -> list[Command]:
        """The commands of a kind; the cell `command` numbers them."""
        return [c for c in self.commands if issubclass(kind, c.owner)]

    def boxes(self, kind: type[Process]) -> list[Step]:
        """The boxes of a kind to which these commands lead, in the order of the specification."""
        mine = reached(self.instance.spec, kind, self.commands)
        return [s for s in self.instance.spec.steps[kind.__name__] if s in mine]

    def unchanged(self) -> set[str]:
        """The shared variables that none of these commands changes."""
        spec = self.instance.spec
        return unchanged(spec, {s for kind in spec.kinds for s in self.boxes(kind)}, self.instance.sizes)

    def bounds(self, slot: Slot) -> tuple[int, int]:
        assert slot.kind is not None
        return (-1, len(self.of(slot.kind)) - 1) if slot.name == "command" else (0, 0)

    def added(self, kind: type[Process]) -> dict[str, tuple[int, int]]:
        if not kind.programs:
            return {}
        return {f"argument {n}": a.domain.bounds(self.instance.sizes) for n, a in kind.arguments.items()}

    def argument(self, state: SymbolicState, kind: type[Process], id: Term, name: str) -> Term:
        terms = state.terms
        current = terms.select(state.cells[kind.__name__, "command"], id)
        has = terms.any_of(terms.equal(current, i) for i, c in enumerate(self.of(kind)) if name in c.arguments)
        return terms.pick(has, terms.select(state.cells[kind.__name__, f"argument {name}"], id), 0)

    def carries(self, state: SymbolicState, kind: type[Process], id: int, commands: Sequence[Command]) -> Truth:
        current = state.cells[kind.__name__, "command"][id]
        return state.terms.any_of(state.terms.equal(current, i) for i, c in enumerate(self.of(kind)) if c in commands)

    def choices(self, kind: type[Process]) -> list[tuple[int, int]]:
        return [(0, len(self.of(kind)) - 1), *self.added(kind).values()] if self.of(kind) else []

    def take(self, state: SymbolicState, kind: type[Process], id: Term, choices: Sequence[Term]) -> tuple[Term, Truth]:
        """The choices are the command, and all arguments there are; those that it does not have mean nothing."""
        if not choices:
            return 0, FALSE
        terms, name = state.terms, kind.__name__
        for key, value in zip(("command", *self.added(kind)), choices, strict=True):
            terms.store(state.cells[name, key], id, value, TRUE)
        codes = state.codes[name]
        return terms.select([codes[c.first] for c in self.of(kind)], choices[0]), TRUE

    def carried(self, state: SymbolicState, inputs: Mapping[int, int]) -> dict[int, Invocation]:
        """What processes carry out in a free state, given the inputs by node; by their place among all processes."""
        out = {}
        for i, (kind, id) in enumerate(self.instance.processes):
            if kind.programs:
                row = [state.cells[kind.__name__, key][id] for key in ("command", *self.added(kind))]
                current, *arguments = (state.terms.value(term, inputs) for term in row)
                if current >= 0:
                    out[i] = self.invocation(kind, current, arguments)
        return out

    def invocation(self, kind: type[Process], current: int, arguments: Sequence[int]) -> Invocation:
        """A command by its number, with those of all arguments that it has."""
        command = self.of(kind)[current]
        given = dict(zip(kind.arguments, arguments, strict=True))
        return Invocation(command, tuple(given[n] for n in command.arguments))
