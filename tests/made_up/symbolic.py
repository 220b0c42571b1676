"""The third reading: every box, action and property, on terms and on integers, in states that were reached and in others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from random import Random
from typing import Any

from made_up.evaluated import same_as_python
from made_up.readings import Disagreement, checked
from snapproof.spec.errors import EvaluationError, PropertyError
from snapproof.spec.instance import Cells, Instance
from snapproof.spec.machine import Machine, Transition
from snapproof.symbolic import execute as limits
from snapproof.symbolic import terms
from snapproof.symbolic.commands import AnyCommand
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import Executed, act, evaluate, execute

STATES = 6
"""States that everything is evaluated in."""

FUNCTIONS = 10
"""Boxes and actions, with choices, that are executed on terms at most."""


class Symbolic:
    """Holds the symbolic reading of an instance against the plain one."""

    def __init__(self, instance: Instance, chance: Random) -> None:
        self.instance, self.chance = instance, chance
        self.machine = Machine(instance, [])
        self.machine.fused = False
        self.free = self.freely()
        self.done: dict[Any, Executed] = {}
        self.judged: dict[Any, tuple[Any, Any]] = {}

    def freely(self) -> SymbolicState:
        """Any state of the types."""
        return SymbolicState.free(self.instance)

    def inputs(self, cells: Cells) -> dict[int, int]:
        """The inputs with which the free state is this one."""
        return self.free.inputs_of(cells)

    def behind(self, symbolic: Executed, inputs: dict[int, int], plain: Cells) -> bool:
        """Is the state behind a box the one of the plain reading?"""
        return symbolic.after.value(inputs) == plain

    def choices(self, process: int, step: Any, choices: tuple[int, ...]) -> tuple[int, ...]:
        """What is chosen, as terms have it."""
        if step not in self.instance.spec.trees:
            self.allowed(process, choices)
        return choices

    def allowed(self, process: int, choices: tuple[int, ...]) -> None:
        """What is chosen when a process takes a command is among what may be."""
        limits_of = self.free.commands.choices(self.instance.processes[process][0])
        if len(choices) != len(limits_of) or not all(low <= v <= high for v, (low, high) in zip(choices, limits_of, strict=True)):
            raise Disagreement("a command is none of those there are", f"{choices} in {limits_of}")

    def states(self, reached: Sequence[Cells]) -> list[Cells]:
        """Some of the reached states, and some with shared cells that are any of their domains."""
        out = [reached[i * len(reached) // STATES] for i in range(min(STATES, len(reached)))]
        for cells in out[:2]:
            changed = list(cells)
            for slot in self.instance.slots.values():
                if slot.name not in ("step", "command", "position"):
                    for j in range(slot.length):
                        changed[slot.offset + j] = self.chance.randint(slot.low, slot.high)
            out.append(tuple(changed))
        return out

    def compare(self, reached: Sequence[Cells]) -> None:
        pairs: list[tuple[int, Cells, Transition]] = []
        for cells in dict.fromkeys(self.states(reached)):
            inputs = self.inputs(cells)
            self.actions(cells, inputs)
            for process in range(len(self.machine.handles)):
                pairs += [(process, cells, t) for t in self.box(process, cells, inputs)]
            asked: list[Any] = [*checked(self.instance.spec), *self.instance.spec.constraints]
            for p in asked:
                if p.kind != "transition":
                    self.property(p, cells, inputs)
        self.chance.shuffle(pairs)
        for process, cells, t in pairs[:4]:
            self.transitions(process, cells, t)

    # --- boxes and actions --------------------------------------------------------------------------

    def box(self, process: int, cells: Cells, inputs: dict[int, int]) -> list[Transition]:
        """The box that a process is at, with some of its choices."""
        self.machine.thaw(cells)
        kind, id = self.instance.processes[process]
        step = self.machine.step_at(self.machine.handles[process])
        out = []
        for choices, meant in [(c, self.choices(process, step, c)) for c in self.some(self.machine.step_choices(process, step))]:
            if step in self.instance.spec.trees:
                handles = [self.machine.state, self.machine.scope, self.machine.handles[process]]
                same_as_python(self.machine, step, cells, handles + self.machine._arguments(step, 3, choices))
            key = (process, step, meant)
            if key not in self.done and len(self.done) >= FUNCTIONS:
                continue
            if key not in self.done:
                self.done[key] = execute(self.instance, self.free, kind, id, step, meant)
            found = self.executed(step.place, self.done[key], cells, inputs, lambda c=choices: self.machine.run(cells, process, c),
                                  lambda known, c=choices: execute(self.instance, known, kind, id, step, c))
            out += [found] if found else []
        return out

    def actions(self, cells: Cells, inputs: dict[int, int]) -> None:
        for action in [*self.instance.spec.actions, *self.instance.spec.initials]:
            for choices in self.some(self.machine.choices_of(action, 2)):
                same_as_python(self.machine, action, cells, [self.machine.state, self.machine.scope,
                                                             *self.machine._arguments(action, 2, choices)])
                key = (action, choices)
                if key not in self.done and len(self.done) >= FUNCTIONS:
                    continue
                if key not in self.done:
                    self.done[key] = act(self.instance, self.free, action, choices)
                self.executed(action.place, self.done[key], cells, inputs, lambda c=choices, a=action: self.machine.act(cells, a, c),
                              lambda known, c=choices, a=action: act(self.instance, known, a, c))

    def some(self, choices: Any) -> list[Any]:
        known = list(choices)
        return known if len(known) <= 2 else self.chance.sample(known, 2)

    def executed(self, place: str, symbolic: Executed, cells: Cells, inputs: dict[int, int], run: Any,
                 again: Any) -> Transition | None:
        terms = self.free.terms
        errors, waits = terms.evaluate([symbolic.errors, symbolic.waits], inputs)
        try:
            plain = run()
        except EvaluationError as error:
            # That a box which waits has changed nothing is the search's to see, not the terms'.
            if not errors and not (waits and "WAIT after" in str(error)):
                raise Disagreement("an error is not seen on terms", f"{place}: {error} in {self.instance.show(cells)}") from None
            return None
        if errors:
            if self.limited(lambda known: again(known).errors, cells):
                return None
            raise Disagreement("an error on terms only", f"{place} in {self.instance.show(cells)}")
        if bool(waits) != (plain is None):
            raise Disagreement("waiting differs on terms", f"{place} in {self.instance.show(cells)}")
        if plain is not None and not self.behind(symbolic, inputs, plain.cells):
            raise Disagreement("the state behind a box differs on terms",
                               f"{place} in {cells}: plain {plain.cells}, terms {symbolic.after.value(inputs)}")
        return plain  # type: ignore[no-any-return]

    def limited(self, errors: Any, cells: Cells) -> bool:
        """Is it only that terms shift by 62 and go round a loop 64 times at most?  The plain reading has no such limit."""
        kept = limits.MOST_SHIFT, terms.MOST_SHIFT, limits.LONGEST_LOOP
        limits.MOST_SHIFT, terms.MOST_SHIFT, limits.LONGEST_LOOP = 4096, 4096, 4096
        try:
            known = SymbolicState.known(self.instance, cells)
            return bool(known.terms.evaluate([errors(known)], {}) == [0])
        finally:
            limits.MOST_SHIFT, terms.MOST_SHIFT, limits.LONGEST_LOOP = kept

    # --- properties ---------------------------------------------------------------------------------

    def property(self, p: Any, cells: Cells, inputs: dict[int, int]) -> None:
        for values in self.some(self.machine.choices_of(p, 2)):
            if (p, values) not in self.judged:
                self.judged[p, values] = evaluate(self.instance, p, [self.free], values)
            holds, errors = self.free.terms.evaluate(list(self.judged[p, values]), inputs)
            same_as_python(self.machine, p, cells, [self.machine.state, self.machine.scope, *self.machine._arguments(p, 2, values)])
            self.machine.thaw(cells)
            self.same(p, holds, errors, lambda v=values: self.machine._judge(
                p, self.machine.state, self.machine.scope, *self.machine._arguments(p, 2, v)), cells,
                lambda known, v=values: evaluate(self.instance, p, [known], v)[1])

    def transitions(self, process: int, cells: Cells, taken: Transition) -> None:
        """Transition properties that watch this box, between two known states."""
        machine, known = self.machine, SymbolicState.known(self.instance, cells)
        after = SymbolicState.known(self.instance, taken.cells, known.terms)
        kind, id = self.instance.processes[process]
        for p in self.instance.spec.properties.values():
            if p.kind != "transition" or taken.move.boxes[0] not in p.steps:
                continue
            rest = p.chosen(3)
            mine = bool(rest) and issubclass(kind, rest[0][1])
            sets = [range(id, id + 1) if mine and i == 0 else machine.scope.each(of) for i, (_, of) in enumerate(rest)]
            for values in self.some(itertools.product(*sets)):
                holds, errors = known.terms.evaluate(list(evaluate(self.instance, p, [known, after], values)), {})
                machine.thaw(taken.cells)
                machine.before._cells[:] = cells
                arguments = [machine._kinds_handle(of, v, before=True) if of.__name__ in self.instance.spec.steps else v
                             for (_, of), v in zip(rest, values, strict=True)]
                self.same(p, holds, errors, lambda a=arguments, p=p: machine._judge(
                    p, machine.before, machine.state, machine.scope, *a), cells,
                          lambda again, v=values, p=p: evaluate(self.instance, p, [again, SymbolicState.known(
                              self.instance, taken.cells, again.terms)], v)[1])

    def same(self, p: Any, holds: int, errors: int, judge: Any, cells: Cells, again: Any) -> None:
        try:
            plain = judge()
        except PropertyError as error:
            if not errors:
                raise Disagreement("an error of a property is not seen on terms", f"{p.place}: {error} in {cells}") from None
            return
        if errors:
            if self.limited(again, cells):
                return
            raise Disagreement("an error of a property on terms only", f"{p.place} in {cells}")
        if bool(holds) != plain:
            raise Disagreement("a property differs on terms", f"{p.place} in {cells}: plain {plain}")


class AnyCommands(Symbolic):
    """The same where processes may carry out any command with any arguments: the states of the programs are some of those."""

    def freely(self) -> SymbolicState:
        self.any = AnyCommand(self.instance)
        return SymbolicState.free(self.instance, commands=self.any)

    def numbered(self, cells: Cells) -> dict[tuple[str, str], list[int]]:
        """A state of programs as a state of any commands, by the cells of the free state; None is anything."""
        out: dict[tuple[str, str], list[Any]] = {key: list(cells[s.offset:s.offset + s.length]) for key, s in self.instance.slots.items()}
        for kind in self.instance.spec.kinds:
            if not kind.programs:
                continue
            name = kind.__name__
            carried = [self.instance.invocations[i] if i >= 0 else None for i in out[name, "command"]]
            out[name, "command"] = [self.any.of(kind).index(i.command) if i is not None else -1 for i in carried]
            out[name, "position"] = [0] * len(carried)
            for argument in kind.arguments:
                given = [dict(zip(i.command.arguments, i.arguments, strict=True)) if i is not None else {} for i in carried]
                low = kind.arguments[argument].domain.bounds(self.instance.sizes)[0]
                out[name, f"argument {argument}"] = [g.get(argument, low) for g in given]
        return out

    def compare(self, reached: Sequence[Cells]) -> None:
        super().compare(reached)
        for cells in dict.fromkeys(self.states(reached)):
            carried = {i: self.instance.invocations[h._cells[h._place["command"]]] for i, h in self.at_work(cells)}
            found = self.any.carried(self.free, self.inputs(cells))
            if {i: (v.command, v.arguments) for i, v in found.items()} != {i: (v.command, v.arguments) for i, v in carried.items()}:
                raise Disagreement("what is carried out differs", f"{found}, {carried}")

    def at_work(self, cells: Cells) -> list[tuple[int, Any]]:
        """The processes that carry out a command."""
        self.machine.thaw(cells)
        return [(i, h) for i, h in enumerate(self.machine.handles) if h.programs and h._cells[h._place["command"]] >= 0]

    def inputs(self, cells: Cells) -> dict[int, int]:
        out: dict[int, int] = {}
        for key, values in self.numbered(cells).items():
            for term, value in zip(self.free.cells[key], values, strict=True):
                if not isinstance(term, int):
                    out.update((b >> 1, value >> i & 1) for i, b in enumerate(term.bits) if b > 1)
        return out

    def behind(self, symbolic: Executed, inputs: dict[int, int], plain: Cells) -> bool:
        terms, wanted = self.free.terms, self.numbered(plain)
        for key, row in symbolic.after.cells.items():
            kind = next((k for k in self.instance.spec.kinds if k.__name__ == key[0]), None)
            found = [terms.value(term, inputs) for term in row]
            for i, (value, known) in enumerate(zip(found, wanted[key], strict=True)):
                if key[1].startswith("argument ") and kind is not None:
                    command = wanted[key[0], "command"][i]
                    if command < 0 or key[1].removeprefix("argument ") not in self.any.of(kind)[command].arguments:
                        continue  # of another command, or of none: it means nothing
                if value != known:
                    return False
        return True

    def choices(self, process: int, step: Any, choices: tuple[int, ...]) -> tuple[int, ...]:
        if step in self.instance.spec.trees:
            return choices
        kind, _ = self.instance.processes[process]
        handle = self.machine.handles[process]
        taken = self.instance.programs[process].positions[handle._cells[handle._place["position"]]][choices[0]]
        given = dict(zip(taken.command.arguments, taken.arguments, strict=True))
        meant = (self.any.of(kind).index(taken.command),
                 *(given.get(n, a.domain.bounds(self.instance.sizes)[0]) for n, a in kind.arguments.items()))
        self.allowed(process, meant)
        return meant

    def limited(self, errors: Any, cells: Cells) -> bool:
        """What is limited is told by the reading of programs."""
        return True
