"""The plain reading: CPython runs the steps, on ordinary objects.

It is slow and simple, and the oracle of the compiled reading.  States are tuples of integers; the
machine thaws one into its working cells, runs a box on it, and freezes the result.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from .chosen import Among, member_of
from .domains import Value
from .errors import EvaluationError, PropertyError, SnapproofError
from .figures import Figure
from .instance import Cells, Instance
from .moves import Broken, Move, Transition
from .processes import DONE, WAIT, Action, Declared, Initial, Process, Signal, Step
from .properties import Property
from .views import view

FAILURES = (ArithmeticError, ValueError, TypeError, AttributeError, LookupError, StopIteration, RuntimeError)
"""What Python raises where an expression has no value: the last two for `next` of nothing, alone and inside of a generator."""


class Machine:
    """Runs the steps and properties of an instance on concrete states.

    `watched` are the transition properties evaluated while steps run (all of them unless said).
    """

    def __init__(self, instance: Instance, watched: list[Property] | None = None) -> None:
        self.instance, self.spec, self.scope = instance, instance.spec, instance.scope
        self.state, self.handles = view(instance, self)
        self.before, self.before_handles = view(instance, self)
        chosen = self.spec.in_order(self.spec.properties.values() if watched is None else watched)
        self.watch: dict[Step | Action, list[Property]] = {}
        for p in chosen:
            if p.kind == "transition":
                for step in p.steps:
                    self.watch.setdefault(step, []).append(p)
        self.fused = instance.fuse

    # --- where it is --------------------------------------------------------------------------------

    def thaw(self, cells: Cells) -> None:
        """Make this state the working one."""
        self.state._cells[:] = cells

    def step_at(self, handle: Process) -> Step:
        """The box a process will execute next."""
        return self.spec.steps[type(handle).__name__][handle._cells[handle._place["step"]]]

    def argument(self, handle: Process, name: str) -> int:
        """An argument of the command that a process carries out; 0 when it carries no such command."""
        if not handle.programs:
            return 0
        current = handle._cells[handle._place["command"]]
        if current < 0:
            return 0
        invocation = self.instance.invocations[current]
        return invocation.arguments[invocation.command.arguments.index(name)] if name in invocation.command.arguments else 0

    # --- initial states and successors ----------------------------------------------------------------

    def initial(self) -> Iterator[Transition]:
        """Every initial state, in the order of the choices."""
        number, total = 0, self.starts()
        while number < total:
            taken, number = self.start(number)
            if taken is not None:
                yield taken

    def starts(self) -> int:
        """How many combinations of choices the initial functions have together."""
        return math.prod(self.scope.size(of) for d in self.spec.initials for _, of in d.chosen(2))

    def start(self, number: int) -> tuple[Transition | None, int]:
        """The initial state of one combination, or None if a function rejects it; and the number to go on with.

        Combinations are numbered with the last choice fastest; behind a rejection those are passed over that share
        all choices made so far.
        """
        state: Cells = tuple(self.instance.start_cells())
        left, made = self.starts(), []
        self.thaw(state)
        for declared in self.spec.initials:
            choices = []
            for _, of in declared.chosen(2):
                left //= self.scope.size(of)
                choices.append(self.scope.each(of)[number // left % self.scope.size(of)])
            made += choices
            if self._signal(declared, tuple(choices)) is not DONE:
                return None, number + left - number % left
        return Transition(Move(-1, tuple(self.spec.initials), tuple(made)), tuple(self.state._cells)), number + 1

    def successors(self, cells: Cells) -> Iterator[Transition]:
        """Every transition from a state: actions first, then the processes, each in order."""
        for declared in self.spec.actions:
            for choices in self.choices_of(declared, 2):
                taken = self.act(cells, declared, choices)
                if taken is not None:
                    yield taken
        for process in range(len(self.handles)):
            self.thaw(cells)
            step = self.step_at(self.handles[process])
            for choices in self.step_choices(process, step):
                taken = self.run(cells, process, choices)
                if taken is not None:
                    yield taken

    def choices_of(self, declared: Declared, skip: int) -> Iterator[tuple[int, ...]]:
        """Every combination of values for the chosen parameters."""
        return itertools.product(*(self.scope.each(of) for _, of in declared.chosen(skip)))

    def step_choices(self, process: int, step: Step) -> Iterator[tuple[int, ...]]:
        """The choices of a process at a step of the working state (commands, for the box that takes one)."""
        if step.id == "next" and step not in self.spec.trees:
            position = self.handles[process]._cells[self.handles[process]._place["position"]]
            positions = self.instance.programs[process].positions
            return iter([(k,) for k in range(len(positions[position]))] if position < len(positions) else [])
        return self.choices_of(step, 3)

    def act(self, cells: Cells, declared: Action | Initial, choices: tuple[int, ...]) -> Transition | None:
        """Take an action; None when it is not enabled."""
        self.thaw(cells)
        if self._signal(declared, choices) is WAIT:
            self._unchanged(declared, cells)
            return None
        watched, broken = self.watch.get(declared) if isinstance(declared, Action) else None, None
        if watched:
            self.before._cells[:] = cells
            broken = self._watched(watched, -1, declared)
        return Transition(Move(-1, (declared,), choices), tuple(self.state._cells), broken)

    def _signal(self, declared: Declared, choices: tuple[int, ...]) -> Signal:
        """What an action or initial function returns: WAIT or DONE, and nothing else."""
        result = self._call(declared, self.state, self.scope, *self._arguments(declared, 2, choices))
        if result is not WAIT and result is not DONE:
            raise EvaluationError(declared.place, f"it returned {result!r}.", 'Return WAIT ("not enabled") or DONE ("taken").')
        return result

    def run(self, cells: Cells, process: int, choices: tuple[int, ...]) -> Transition | None:
        """Let a process execute its current box (and the local ones behind it); None when it waits."""
        self.thaw(cells)
        handle = self.handles[process]
        boxes: list[Declared] = []
        broken: Broken | None = None
        while True:
            step = self.step_at(handle)
            watched = self.watch.get(step)
            if watched:
                self.before._cells[:] = self.state._cells
            target = self._box(handle, process, step, choices if not boxes else ())
            if target is WAIT:
                self._unchanged(step, cells)
                return None
            boxes.append(step)
            self._go(handle, target)
            if watched and broken is None:
                broken = self._watched(watched, process, step)
            following = self.step_at(handle)
            if not (self.fused and following.local):
                break
        return Transition(Move(process, tuple(boxes), choices), tuple(self.state._cells), broken)

    def _box(self, handle: Process, process: int, step: Step, choices: tuple[int, ...]) -> Step | Signal:
        if step in self.spec.trees:
            result = self._call(step, self.state, self.scope, handle, *self._arguments(step, 3, choices))
            if result is not WAIT and result is not DONE and result not in self.spec.routes[type(handle).__name__].codes:
                raise EvaluationError(step.place, f"it returned {result!r}.", "Return a step, WAIT or DONE.")
            return result  # type: ignore[no-any-return]
        place = handle._place
        position = handle._cells[place["position"]]
        program = self.instance.programs[process]
        invocation = program.positions[position][choices[0]]
        handle._cells[place["command"]] = self.instance.invocations.index(invocation)
        handle._cells[place["position"]] = position if program.repeats else position + 1
        return invocation.command.first

    def _go(self, handle: Process, target: Step | Signal) -> None:
        """Set the current step, into figures and out of them; DONE resets the locals and goes back to the first step."""
        cells, place, kind = handle._cells, handle._place, type(handle)
        while not isinstance(target, Step) and target is not DONE:
            target = self.spec.routes[kind.__name__].through(target, cells, place)
        if target is DONE:
            for slot in self.instance.slots.values():
                if slot.kind is kind and slot.name != "position":
                    cells[slot.offset + handle.id] = slot.start
            return
        cells[place["step"]] = self.spec.steps[kind.__name__].index(target)  # type: ignore[arg-type]

    def start_at(self, handle: Process, step: Step) -> None:
        """Let a process begin at a step of its kind."""
        handle._cells[handle._place["step"]] = self.spec.steps[type(handle).__name__].index(step)

    def inside(self, handle: Process, figure: Figure, callers: Sequence[Step]) -> bool:
        """Is a process at a box of this figure, or of one called from it?  `callers`: entered from these boxes."""
        routes = self.spec.routes[type(handle).__name__]
        return routes.stands_inside(figure, callers, self.step_at(handle), handle._cells, handle._place)

    def _arguments(self, declared: Declared, skip: int, choices: tuple[int, ...], before: bool = False, cells: bool = False) -> list[Any]:
        """What stands for the chosen values in a call; `cells`: numbers where the functions get objects."""
        return [self._kinds_handle(of, value, before) if issubclass(of, Process) else
                of.domain.decode(value, self.instance.sizes) if issubclass(of, Among) and of.domain.structured and not cells else value
                for (_, of), value in zip(declared.chosen(skip), choices)]

    def _kinds_handle(self, kind: type[Process], i: int, before: bool = False) -> Process:
        return (self.before if before else self.state)._handles[kind.__name__][i]  # type: ignore[no-any-return]

    def _call(self, declared: Declared, *arguments: Any) -> Any:
        Value._sizes = self.instance.sizes
        try:
            return declared.evaluated(*arguments)
        except SnapproofError as error:
            raise EvaluationError(f"{declared.place}, {error.place}", error.cause, error.fix) from None
        except FAILURES as error:
            raise EvaluationError(declared.place, f"it could not be evaluated ({type(error).__name__}: {error}).",
                                  "Steps use integers, index sets and declared variables only.") from error
        finally:
            Value._sizes = None

    def _unchanged(self, declared: Declared, cells: Cells) -> None:
        if tuple(self.state._cells) != cells:
            raise EvaluationError(declared.place, "it returned WAIT after changing the state.",
                                  "Decide whether to wait before the first assignment.")

    # --- properties ---------------------------------------------------------------------------------

    def _watched(self, watched: list[Property], process: int, box: Step | Action | Initial) -> Broken | None:
        for p in watched:
            rest, mine = p.chosen(3), p.asks(self.instance.processes[process][0] if process >= 0 else None, box)
            if mine is None:
                continue
            free = rest[1:] if mine else rest
            for values in itertools.product(*(self.scope.each(of) for _, of in free)):
                full = ((self.instance.processes[process][1], *values) if mine else values)
                arguments = self._arguments(p, 3, full, before=True)
                if mine:
                    arguments[0] = self.before_handles[process]
                if not self._judge(p, self.before, self.state, self.scope, *arguments):
                    return Broken(p, full)
        return None

    def _judge(self, p: Declared, *arguments: Any) -> bool:
        Value._sizes = self.instance.sizes
        try:
            result = p.evaluated(*arguments)
        except SnapproofError as error:
            raise PropertyError(f"{p.place}, {error.place}", error.cause, error.fix) from None
        except FAILURES as error:
            raise PropertyError(p.place, f"it could not be evaluated ({type(error).__name__}: {error}).",
                                "Properties use integers, index sets and declared variables only.") from error
        finally:
            Value._sizes = None
        if not isinstance(result, int):
            raise PropertyError(p.place, f"it returned {result!r}.", "Return True or False on every path.")
        return bool(result)

    def check(self, p: Property, cells: Cells) -> Broken | None:
        """For an invariant: the first values of its parameters for which it fails, or None.

        For a witness: the values for which it *holds* (as a Broken), or None when it is not reached here.
        """
        self.thaw(cells)
        wanted = p.kind == "witness"
        for values in self.choices_of(p, p.states + 1):
            if self._judge(p, self.state, self.scope, *self._arguments(p, p.states + 1, values)) == wanted:
                return Broken(p, values)
        return None

    def resting(self, cells: Cells) -> bool:
        """May this state end the behaviour: is every process at a step where it may stay for ever?"""
        return bool(self.handles) and self.at_rest(cells) == (1 << len(self.handles)) - 1

    def at_rest(self, cells: Cells) -> int:
        """A mask of the processes at a step where they may stay for ever."""
        self.thaw(cells)
        return sum(1 << i for i, h in enumerate(self.handles) if h.rests or self.step_at(h).rest)

    def explain(self, broken: Broken, cells: Cells, before: Cells | None = None) -> tuple[str, str]:
        """(expected, seen) in words, for the last state of a counterexample."""
        self.thaw(cells)
        p = broken.property
        if p.explanation is None:
            return p.title, f"it fails{self._for(broken)}"
        arguments = self._arguments(p, p.states + 1, broken.arguments)
        if p.kind == "transition":
            assert before is not None
            self.before._cells[:] = before
            arguments = self._arguments(p, 3, broken.arguments, before=True)
            return p.explanation(self.before, self.state, self.scope, *arguments)
        return p.explanation(self.state, self.scope, *arguments)

    def _for(self, broken: Broken) -> str:
        names = [f"{n} = {v}" for n, v in self.name_arguments(broken).items()]
        return f" for {', '.join(names)}" if names else ""

    def name_arguments(self, broken: Broken) -> dict[str, str]:
        """The parameters of a broken property, by name."""
        rest = broken.property.chosen(broken.property.states + 1)
        return {n: member_of(of, v, self.instance.sizes) for (n, of), v in zip(rest, broken.arguments)}


__all__ = ["Broken", "Machine", "Move", "Transition"]
