"""The plain reading led box by box, by whoever knows what the engine did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..spec.chosen import member_of
from ..spec.instance import Cells, Instance
from ..spec.machine import Machine, Transition
from ..spec.processes import Step
from ..traces.record import words
from ..traces.trace import Box, State, TraceStep
from ..vocabulary.restore_values import Follows
from .lockstep_replay import with_answer


class Follower:
    """A model behaviour that grows by one box at a time, local boxes too; begins in the first initial state."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.machine = Machine(instance, [])
        self.machine.fused = False
        self.cells: Cells = next(self.machine.initial()).cells
        self.state: State = instance.show(self.cells)
        self.follows = Follows(getattr(instance.scope, "follows", Follows.ALL))
        self.places = {instance.process_name(i): i for i in range(len(instance.processes))}

    def box(self, process: str) -> Step:
        """The box that a process will execute next."""
        self.machine.thaw(self.cells)
        return self.machine.step_at(self.machine.handles[self.places[process]])

    def ways(self, process: str) -> Iterator[tuple[str, dict[str, str], tuple[int, ...]]]:
        """The choices of a process at its box: the command it may take up, the members it may choose, the values."""
        place, box = self.places[process], self.box(process)
        kind, i = self.instance.processes[place]
        for values in self.machine.step_choices(place, box):
            if box in self.instance.spec.trees:
                yield "", {n: member_of(of, v, self.instance.sizes) for (n, of), v in zip(box.chosen(3), values, strict=True)}, values
            else:
                at = self.cells[self.instance.slots[kind.__name__, "position"].offset + i]
                yield words(self.instance, self.instance.programs[place].positions[at][values[0]]), {}, values

    def execute(self, process: str, command: str = "", chosen: dict[str, str] | None = None) -> TraceStep | None:
        """Execute the box of a process with these choices; None when it waits, or may not choose so.

        The state of the step has the answer to the host when its command ends there.
        """
        for word, members, values in self.ways(process):
            if word == command and (chosen is None or members == chosen):
                taken = self.machine.run(self.cells, self.places[process], values)
                if taken is not None:
                    return self._went(process, word, members, taken)
        return None

    def _went(self, process: str, command: str, members: dict[str, str], taken: Transition) -> TraceStep:
        box, before = self.box(process), self.state
        self.cells, self.state = taken.cells, self.instance.show(taken.cells)
        kind = self.instance.processes[self.places[process]][0]
        step = TraceStep(process, kind.__name__, (Box(box.name, box.id, box.figure, "", members),), command, self.state)
        return replace(step, state=with_answer(step, before, self.follows))

    def able(self) -> list[str]:
        """Who can execute a box now, and which; taking up a command does not count."""
        found = []
        for process, place in self.places.items():
            box = self.box(process)
            if box in self.instance.spec.trees:
                if any(self.machine.run(self.cells, place, values) is not None for _, _, values in list(self.ways(process))):
                    found.append(f"{process} at {box.id} {box.name}")
        return found

    def carry_out(self, process: str, command: str) -> list[TraceStep]:
        """A host's command, from an array at rest until it is at rest again, or nobody can go on.

        The first process that can go on does, hosts before disks, so the outcome is one of those that real threads may
        have; a command without company has only one.
        """
        done: list[TraceStep] = []
        step = self.execute(process, command)
        while step is not None:
            done.append(step)
            waiting = (p for p in self.places if self.box(p) in self.instance.spec.trees)  # others take up a command
            step = next((s for p in waiting if (s := self.execute(p)) is not None), None)
        return done


__all__ = ["Follower"]
