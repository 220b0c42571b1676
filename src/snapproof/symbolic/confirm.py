"""Counterexamples to induction, as the plain reading sees them.

Found with any command, a counterexample carries out a few invocations.  It is replayed in an instance whose
programs are menus of exactly these; sizes and switches are the same.
"""

from __future__ import annotations

from ..spec.errors import EvaluationError, PropertyError
from ..spec.instance import Cells, Instance
from ..spec.machine import Machine, Transition
from ..spec.processes import Action, Process, Step
from ..spec.programs import Invocation, Program
from ..spec.properties import Property


class Attempt:
    """A state, and one box of one process with its choices.  `carried[process]` is what each process carries out, and
    `taken` what the process takes up in the box, where the instance's own programs do not say so.
    """

    def __init__(self, instance: Instance, before: Cells, process: int, choices: tuple[int, ...]) -> None:
        self.instance, self.before, self.process, self.choices = instance, before, process, choices
        self._after: Transition | None = None
        self._ran = False

    def with_programs(self, carried: dict[int, Invocation], taken: Invocation | None) -> Attempt:
        """The same in an instance whose processes have menus of what they carry out and take up here."""
        wanted = {i: [invocation] for i, invocation in carried.items()}
        if taken is not None:
            wanted[self.process] = list(dict.fromkeys([*wanted.get(self.process, []), taken]))
        instance = _with_menus(self.instance, wanted)
        cells = list(self.before)
        for i, (kind, id) in enumerate(instance.processes):
            if kind.programs:
                cells[instance.slots[kind.__name__, "position"].offset + id] = 0
                current = instance.invocations.index(carried[i]) if i in carried else -1
                cells[instance.slots[kind.__name__, "command"].offset + id] = current
        choices = self.choices if taken is None else (wanted[self.process].index(taken),)
        return Attempt(instance, tuple(cells), self.process, choices)

    def breaks(self, goal: Property, step: Step | Action) -> Transition:
        """The box, replayed, breaks the goal; EvaluationError when it does not, PropertyError when it breaks its evaluation."""
        machine = Machine(self.instance, [])
        machine.fused = False
        if not self._ran:
            self._after, self._ran = _taken(machine, self.before, self.process, step, self.choices), True
        after = self._after
        if after is None or not _fails(machine, goal, after.cells, step) or machine.check(goal, self.before) is not None:
            raise EvaluationError(f"{step.name}, {goal.id}", "the symbolic and the plain reading disagree.",
                                  "This is a defect of Snapproof: report the property and the scenario.")
        return after


def _taken(machine: Machine, before: Cells, process: int, step: Step | Action, choices: tuple[int, ...]) -> Transition | None:
    """The box of a process, or the action of nobody."""
    return machine.act(before, step, choices) if isinstance(step, Action) else machine.run(before, process, choices)


def _fails(machine: Machine, goal: Property, cells: Cells, step: Step | Action) -> bool:
    """Is the goal false behind a box?  That it cannot be evaluated there is told with the box."""
    try:
        return machine.check(goal, cells) is not None
    except PropertyError as error:
        raise PropertyError(f"{goal.id} behind {step.name}, {error.place}", error.cause,
                            f"{error.fix} The box comes from a state in which all that is assumed holds; whether that one is ever "
                            "reached, a search says: snapproof check.") from None


def _with_menus(instance: Instance, wanted: dict[int, list[Invocation]]) -> Instance:
    spec = instance.spec
    sizes = {n: size for n, size in instance.sizes.items() if n not in spec.index_sets or spec.index_sets[n].derived is None}
    switches = {n: getattr(instance.scope, n) for n in spec.scope.switches}
    programs: dict[str, list[Program]] = {kind.__name__: [] for kind in spec.kinds if kind.programs}
    for i, (kind, _) in enumerate(instance.processes):
        if kind.programs:
            programs[kind.__name__].append(Program([wanted[i]], repeats=True) if i in wanted else Program())
    return Instance(spec, sizes, switches, programs, fuse=instance.fuse)


def process_of(instance: Instance, kind: type[Process], id: int) -> int:
    """The place of a process among all."""
    return next(i for i, (k, n) in enumerate(instance.processes) if k is kind and n == id)


__all__ = ["Attempt", "process_of"]
