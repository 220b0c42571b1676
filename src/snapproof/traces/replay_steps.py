"""Taking the recorded steps one box at a time: who, which box, which choices, and why not."""

from __future__ import annotations

from ..spec.errors import near
from ..spec.instance import Cells
from ..spec.machine import Broken, Machine, Move, Transition
from ..spec.processes import Action, Initial, Process, Step
from .compare import first_difference
from .errors import Misfit
from .record import box_name, command_of, initial_boxes, named_choices
from .trace import Box, Trace, TraceStep
from .waiting import why_waiting
from .waiting_words import box_words, why_words

MOST_INSERTED = 1000
"""Local boxes that may follow one another before a replay gives up on a process."""


class Walk:
    """A replay under way: the state reached, and the last transition property that broke.

    `pair` holds the states right before and behind the box at which it broke.  The machine must not
    fuse: local boxes are executed one by one, listed in the trace or not.
    """

    def __init__(self, machine: Machine, trace: Trace, notes: list[str], place: str) -> None:
        self.machine, self.trace, self.notes, self.place = machine, trace, notes, place
        self.instance = machine.instance
        self.cells: Cells = tuple(self.instance.start_cells())
        self.broken: Broken | None = None
        self.pair: tuple[Cells, Cells] | None = None
        self.names = [self.instance.process_name(i) for i in range(len(self.instance.processes))]

    # --- the initial state --------------------------------------------------------------------------

    def start(self) -> None:
        """Go to the initial state whose choices have the recorded names."""
        wanted = {(b.step, n): v for b in self.trace.initial.boxes for n, v in b.choices.items()}
        found: list[Transition] = []
        for candidate in self.machine.initial():
            named = {(b.step, n): v for b in initial_boxes(self.instance, candidate) for n, v in b.choices.items()}
            if all(named[k] == v for k, v in wanted.items() if k in named):
                found.append(candidate)
        if not found:
            raise Misfit(f"{self.place}, initial state", "no initial state has the recorded choices "
                         f"({', '.join(f'{n} = {v}' for (_, n), v in wanted.items())}).",
                         "An initial step now rejects them, or their sets have become smaller.")
        self.cells = self._closest(found, 0).cells
        if len(found) > 1:
            self.notes.append("several initial states fit the recorded choices; the one closest to the recorded state was taken.")

    def _closest(self, found: list[Transition], number: int) -> Transition:
        return next((t for t in found if not first_difference(self.trace, number, self.instance.show(t.cells))), found[0])

    # --- one step -----------------------------------------------------------------------------------

    def take(self, number: int, step: TraceStep) -> None:
        """Execute a recorded step; Misfit when the specification as it is now does not allow it."""
        self.broken = self.pair = None
        if not step.process:
            self._action(number, step)
            return
        process = self._process(number, step)
        self._first(number, process, step)
        for box in step.boxes[1:]:
            self._settle(number, process, box.step)
            if self._at(process).name == box.step:
                self._run(number, process, box, "", self._at(process))
            else:
                self.notes.append(f"step {number}: {step.process} no longer executes {box_words(box.step, box.id)} here; "
                                  f"it is at {box_name(self._at(process))}.")
        if self.trace.fused:
            self._settle(number, process, "")

    def _process(self, number: int, step: TraceStep) -> int:
        if step.process not in self.names:
            raise self._misfit(number, step, f"there is no process {step.process}.", near(step.process, self.names))
        return self.names.index(step.process)

    def _at(self, process: int) -> Step:
        self.machine.thaw(self.cells)
        return self.machine.step_at(self.machine.handles[process])

    def _first(self, number: int, process: int, step: TraceStep) -> None:
        box = step.boxes[0]
        self._settle(number, process, box.step)
        at = self._at(process)
        if at.name != box.step:
            kind = self.instance.processes[process][0].__name__
            gone = self.machine.spec.step_named(kind, box.step) is None
            names = [s.name for s in self.machine.spec.steps[kind]]
            raise self._misfit(number, step, f"{step.process} is at {box_name(at)}, not at {box_words(box.step, box.id)}"
                               + (f", and {kind} has no box {box.step} any more." if gone else "."),
                               near(box.step, names) if gone else "An earlier box now leads elsewhere.")
        self._run(number, process, box, step.command, at)

    def _settle(self, number: int, process: int, wanted: str) -> None:
        """Execute local boxes that the trace does not list, until the wanted one or one that is not local."""
        for _ in range(MOST_INSERTED):
            at = self._at(process)
            if not at.local or at.name == wanted:
                return
            self._advance(process, ())
            self.notes.append(f"step {number}: {self.names[process]} also executes {box_name(at)}, "
                              "which the trace does not list.")

    def _run(self, number: int, process: int, box: Box, command: str, at: Step) -> None:
        self.machine.thaw(self.cells)
        offered = list(self.machine.step_choices(process, at))
        taken: list[Transition] = []
        refused: tuple[int, ...] | None = None
        fitting = 0
        for choices in offered:
            if self._named(process, at, choices, box, command):
                fitting += 1
                done = self.machine.run(self.cells, process, choices)
                if done is None:
                    refused = choices if refused is None else refused
                else:
                    taken.append(done)
        step = TraceStep(self.names[process], "", (box,), command, {})
        if not fitting:
            raise self._misfit(number, step, *self._not_offered(process, at, box, command))
        if not taken:
            handle: Process = self.machine.handles[process]
            why = why_words(why_waiting(self.machine, self.cells, at, handle, refused or ()))
            raise self._misfit(number, step, f"{box_name(at)} waits: {why}.",
                               "What it waits for has changed, or an earlier step has.")
        if len(taken) > 1:
            self.notes.append(f"step {number}: {box_name(at)} now chooses more than was recorded; the closest choice was taken.")
        self._accept(self._closest(taken, number))

    def _named(self, process: int, at: Step, choices: tuple[int, ...], box: Box, command: str) -> bool:
        move = Transition(Move(process, (at,), choices), self.cells)
        if at not in self.machine.spec.trees:
            return command_of(self.instance, self.cells, move) == command
        named = named_choices(self.instance, move)
        return all(named[n] == v for n, v in box.choices.items() if n in named)

    def _not_offered(self, process: int, at: Step, box: Box, command: str) -> tuple[str, str]:
        if at in self.machine.spec.trees:
            words = ", ".join(f"{n} = {v}" for n, v in box.choices.items())
            return f"{box_name(at)} cannot choose {words}.", "Its index set has become smaller, or the choice was renamed."
        self.machine.thaw(self.cells)
        offered = [command_of(self.instance, self.cells, Transition(Move(process, (at,), c), self.cells))
                   for c in self.machine.step_choices(process, at)]
        if not offered:
            return f"its program has no further command, so it cannot take {command!r}.", "The program in the trace was edited."
        return f"its program does not offer {command!r} here.", f"It offers {', '.join(offered)}."

    def _advance(self, process: int, choices: tuple[int, ...]) -> None:
        done = self.machine.run(self.cells, process, choices)
        assert done is not None, "a local box cannot wait"
        self._accept(done)

    def _accept(self, done: Transition) -> None:
        if done.broken is not None and self.broken is None:
            self.broken, self.pair = done.broken, (self.cells, done.cells)
        self.cells = done.cells

    # --- actions ------------------------------------------------------------------------------------

    def _action(self, number: int, step: TraceStep) -> None:
        box = step.boxes[0]
        actions = {a.name: a for a in self.machine.spec.actions}
        if box.step not in actions:
            raise self._misfit(number, step, f"there is no action {box.step}.", near(box.step, list(actions)))
        action: Action | Initial = actions[box.step]
        taken, refused, fitting = [], None, 0
        for choices in self.machine.choices_of(action, 2):
            named = named_choices(self.instance, Transition(Move(-1, (action,), choices), self.cells))
            if all(named[n] == v for n, v in box.choices.items() if n in named):
                fitting += 1
                done = self.machine.act(self.cells, action, choices)
                if done is not None:
                    taken.append(done)
                elif refused is None:
                    refused = choices
        if not fitting:
            words = ", ".join(f"{n} = {v}" for n, v in box.choices.items())
            raise self._misfit(number, step, f"it cannot choose {words}.", "Its index set has become smaller.")
        if not taken:
            why = why_words(why_waiting(self.machine, self.cells, action, None, refused or ()))
            raise self._misfit(number, step, f"it is not enabled: {why}.", "Its condition has changed, or an earlier step has.")
        self._accept(self._closest(taken, number))

    def _misfit(self, number: int, step: TraceStep, cause: str, fix: str) -> Misfit:
        box = step.boxes[0]
        figure = f", {box.figure}" if box.figure else ""
        who = f"{step.process}, " if step.process else ""
        title = box_words(box.step, box.id)
        return Misfit(f"{self.place}, step {number} ({who}{title}{figure})", f"the replay no longer fits: {cause}", fix)
