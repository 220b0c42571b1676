"""From the outcome of a search to a trace: every position gets its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..bounded import EXPLAINING, TooLong, bounded
from ..checker.result import Result, Verdict
from ..spec.chosen import member_of
from ..spec.instance import Cells, Instance
from ..spec.machine import Broken, Machine, Move, Transition
from ..spec.processes import Declared, Step
from ..spec.programs import Invocation
from ..spec.refutation import Refutation
from ..spec.scenario import Scenario
from .trace import Anywhere, Box, Trace, TraceStep, VariableNote, Violation
from .waiting import waiting
from .waiting_words import box_words, seen_words


def record(scenario: Scenario, result: Result) -> Trace:
    """The trace of a result that has a counterexample; ValueError when it has none."""
    path = result.counterexample
    if not path:
        raise ValueError("the result has no counterexample")
    instance = result.instance
    spec, scope = instance.spec, instance.scope
    switches = {n: getattr(scope, n).name.lower() for n in spec.scope.switches}
    usual = {n: v.name.lower() for n, v in spec.scope.profile(scenario.profile).items()}
    return Trace(
        spec.name, scenario.name, scenario.purpose, _sizes(instance), scenario.profile, switches,
        {n: usual[n] for n in switches if usual[n] != switches[n]}, _programs(instance), instance.fuse,
        {n: [of.member(i) for i in range(of.count(instance.sizes))] for n, of in spec.index_sets.items()},
        {instance.process_name(i): kind.__name__ for i, (kind, _) in enumerate(instance.processes)},
        notes(instance), _violation(result, path),
        TraceStep("", "", initial_boxes(instance, path[0]), "", instance.show(path[0].cells)),
        tuple(_step(instance, before.cells, after) for before, after in zip(path, path[1:], strict=False)))


def record_induction(scenario: Scenario, found: Refutation, usual: Cells) -> Trace:
    """The trace of a counterexample to induction; `usual` is an initial state.  ValueError when the goal holds behind the box."""
    instance = found.instance
    broken = Machine(instance, []).check(found.goal, found.after.cells)
    if broken is None:
        raise ValueError(f"{found.goal.id} holds behind the box")
    path = [Transition(Move(-1, (), ()), found.before), found.after]
    made = record(scenario, Result(instance, Verdict.VIOLATED, "symbolic", 2, 2, 1, 0.0, 0, broken=broken, counterexample=path))
    ids = tuple(dict.fromkeys(p.id for p in (found.goal, *found.assumed)))
    return replace(made, fused=False, anywhere=Anywhere(ids, instance.show(usual)))


def _sizes(instance: Instance) -> dict[str, int]:
    derived = {n for n, of in instance.spec.index_sets.items() if of.derived is not None}
    return {n: size for n, size in instance.sizes.items() if n not in derived}


def _programs(instance: Instance) -> dict[str, tuple[str, list[list[str]]]]:
    out = {}
    for i, (kind, _) in enumerate(instance.processes):
        if kind.programs:
            program = instance.programs[i]
            out[instance.process_name(i)] = ("menu" if program.repeats else "program",
                                             [[words(instance, a) for a in position] for position in program.positions])
    return out


def words(instance: Instance, invocation: Invocation) -> str:
    """A command as programs write it."""
    return invocation.show(invocation.command.owner, instance.sizes)


def notes(instance: Instance) -> dict[str, VariableNote]:
    """The note of every variable; locals under `Kind.name`."""
    return {f"{kind}.{name}" if kind else name:
            VariableNote(tuple(of.__name__ for of in slot.indices), slot.ghost, slot.meaning)
            for (kind, name), slot in instance.slots.items()}


def _box(declared: Declared, choices: dict[str, str]) -> Box:
    id, figure = (declared.id, declared.figure) if isinstance(declared, Step) else ("", "")
    return Box(declared.name, id, figure, declared.title, choices)


def initial_boxes(instance: Instance, start: Transition) -> tuple[Box, ...]:
    """The initial steps, each with its own choices."""
    out, left = [], list(start.move.choices)
    for declared in start.move.boxes:
        mine = declared.chosen(2)
        out.append(_box(declared, {n: member_of(of, v, instance.sizes) for (n, of), v in zip(mine, left, strict=False)}))
        left = left[len(mine):]
    return tuple(out)


def command_of(instance: Instance, before: Cells, taken: Transition) -> str:
    """The command that a next_command box takes up ('' for every other box)."""
    move = taken.move
    if move.process < 0 or move.boxes[0] in instance.spec.trees:
        return ""
    kind, i = instance.processes[move.process]
    position = before[instance.slots[kind.__name__, "position"].offset + i]
    return words(instance, instance.programs[move.process].positions[position][move.choices[0]])


def named_choices(instance: Instance, taken: Transition) -> dict[str, str]:
    """The choices of the first box of a transition, by parameter."""
    first = taken.move.boxes[0]
    if isinstance(first, Step) and first not in instance.spec.trees:
        return {}
    chosen = first.chosen(3 if isinstance(first, Step) else 2)
    return {n: member_of(of, v, instance.sizes) for (n, of), v in zip(chosen, taken.move.choices, strict=True)}


def _step(instance: Instance, before: Cells, taken: Transition) -> TraceStep:
    move = taken.move
    boxes = [_box(b, named_choices(instance, taken) if i == 0 else {}) for i, b in enumerate(move.boxes)]
    if any(isinstance(b, Step) and b.within is not None for b in move.boxes):
        boxes = [replace(b, figure=f) for b, f in zip(boxes, _figures(Machine(instance, []), before, taken), strict=True)]
    name = instance.process_name(move.process) if move.process >= 0 else ""
    kind = instance.processes[move.process][0].__name__ if move.process >= 0 else ""
    return TraceStep(name, kind, tuple(boxes), command_of(instance, before, taken), instance.show(taken.cells))


def _figures(machine: Machine, before: Cells, taken: Transition) -> list[str]:
    """The figure of each box of a process, with the calls that led there."""
    kind, i = machine.instance.processes[taken.move.process]
    place = {s.name: s.offset + i for s in machine.instance.slots.values() if s.kind is kind}
    routes = machine.spec.routes[kind.__name__]
    return [routes.path(box, cells, place) if isinstance(box, Step) else "" for box, cells, _ in _apart(machine, before, taken)]


def _apart(machine: Machine, before: Cells, taken: Transition) -> Iterator[tuple[Declared, Cells, Transition | None]]:
    """The boxes of a transition of a process one by one: each with the state in front of it, and what it did (None: it waits)."""
    fused, machine.fused = machine.fused, False
    try:
        for i, box in enumerate(taken.move.boxes):
            step = machine.run(before, taken.move.process, taken.move.choices if i == 0 else ())
            yield box, before, step
            before = step.cells if step is not None else before
    finally:
        machine.fused = fused


# --- what was violated ------------------------------------------------------------------------------


def _violation(result: Result, path: list[Transition]) -> Violation:
    if result.verdict is Verdict.STUCK:
        return _stuck_violation(result, path[-1].cells)
    if result.verdict is Verdict.DEADLOCK or result.broken is None:
        found = waiting(Machine(result.instance), path[-1].cells)
        return Violation("deadlock", "deadlock", "deadlock", "error", "Some process can always go on.", {},
                         "some process can take a step", seen_words(found), found)
    p, machine = result.broken.property, Machine(result.instance)
    before, after = path[-2].cells if len(path) > 1 else None, path[-1].cells
    if p.kind == "transition" and before is not None:
        before, after = around(machine, before, path[-1], result.broken)
    expected, seen = explained(machine, result.broken, before, after)
    return Violation(p.kind, p.id, p.violation, p.severity, p.title, machine.name_arguments(result.broken), expected, seen)


def _stuck_violation(result: Result, last: Cells) -> Violation:
    names, found = result.stuck_processes, waiting(Machine(result.instance), last, result.stuck)
    return Violation("stuck", "stuck", "stuck process", "error", "Every process that does not rest can move again some time.",
                     {"process": names[0]}, f"{' and '.join(names)} can move again some time", seen_words(found, stuck=True), found)


def explained(machine: Machine, broken: Broken, before: Cells | None, after: Cells) -> tuple[str, str]:
    """(expected, seen) in words; whatever goes wrong in the explanation itself must not cost the counterexample."""
    try:
        with bounded(EXPLAINING):
            expected, seen = machine.explain(broken, after, before)
            return str(expected), str(seen)
    except TooLong:
        why = f"it took more than {EXPLAINING:g} seconds"
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # it is any Python: it may even ask the program to end
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return broken.property.title, f"it fails (its explanation could not be evaluated: {why})"


def around(machine: Machine, before: Cells, taken: Transition, broken: Broken) -> tuple[Cells, Cells]:
    """The states right before and behind the box at which a transition property fails."""
    if taken.move.process < 0:
        return before, taken.cells
    for _, cells, step in _apart(machine, before, taken):
        if step is None or (step.broken is not None and step.broken.property is broken.property):
            return cells, step.cells if step else taken.cells
        before = step.cells
    return before, taken.cells


def box_name(step: Declared) -> str:
    """`322 test_protection_bits` for a box, the bare name otherwise."""
    return box_words(step.name, step.id if isinstance(step, Step) else "")


