"""Running a recorded counterexample again, on the specification as it is now.

Steps and choices are found by name and executed box by box, so that unrelated edits do not matter: new
variables, steps and switches take their defaults, and what was removed or renamed is reported.  A step
that cannot be taken is a `Misfit` that says which condition refused.  A trace that starts anywhere is held to more:
its first state comes from the file, what it assumes must hold there, and its box must lead to exactly the second state.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from ..spec.domains import Sizes
from ..spec.errors import near
from ..spec.instance import Cells, Instance, complete_sizes
from ..spec.machine import Machine
from ..spec.processes import Process
from ..spec.programs import Program, parse_program
from ..spec.properties import Property
from ..spec.specification import Specification
from .compare import first_difference
from .errors import Misfit, TraceError
from .first_state import excluded, first_state
from .record import explained
from .replay_steps import Walk
from .trace import WAITING, Trace

MOST_BEHIND = 20_000
"""States behind the last one of a trace in which a stuck process is looked for: some seconds in the plain reading."""


@dataclass
class Replay:
    """What came of a replay: `fails` when the property fails at the end as recorded.

    `excluded` says which assumption does not hold in the first state of a trace that starts anywhere ('' otherwise);
    then it is no counterexample, whatever happens at the end.  `expected` and `seen` are the words of the property as
    it fails now; `notes` are differences that did not stop the replay.
    """

    fails: bool
    steps: int
    expected: str = ""
    seen: str = ""
    notes: list[str] = field(default_factory=list)
    excluded: str = ""


def replay(trace: Trace, spec: Specification, place: str = "trace") -> Replay:
    """Replay a trace; Misfit when a step cannot be taken, TraceError when it is of another specification."""
    if trace.specification != spec.name:
        raise TraceError(place, f"it is a trace of {trace.specification!r}, not of {spec.name!r}.",
                         "Give the file of its specification with --spec.")
    notes: list[str] = []
    instance = rebuild(trace, spec, notes, place)
    p = _property(trace, spec, place)
    machine = Machine(instance, [p] if p is not None and p.kind == "transition" else [])
    machine.fused = False
    walk = Walk(machine, trace, notes, place)
    if trace.anywhere is not None:
        return _from_anywhere(walk, p, place)
    early = 0
    different = ""
    walk.start()
    for number, step in enumerate(trace.steps, 1):
        if p is not None and p.kind == "invariant" and not early and machine.check(p, walk.cells) is not None:
            early = number - 1
            notes.append(f"{p.id} already fails after step {early}; the trace is longer than it need be.")
        different = different or first_difference(trace, number - 1, instance.show(walk.cells))
        walk.take(number, step)
    different = different or first_difference(trace, len(trace.steps), instance.show(walk.cells))
    if different:
        notes.append(different)
    return _judge(trace, walk, p, notes)


def _from_anywhere(walk: Walk, p: Property | None, place: str) -> Replay:
    """The one box of a counterexample to induction, from the recorded first state."""
    machine, trace, notes = walk.machine, walk.trace, walk.notes
    if p is None or p.kind != "invariant":
        raise Misfit(place, f"{trace.violation.property} is no invariant any more.", "Only invariants are tried for induction.")
    walk.cells = first_state(machine, trace, notes, place)
    out = excluded(machine, trace, walk.cells, place)
    if out:
        return Replay(False, 0, notes=notes, excluded=out)
    walk.take(1, trace.steps[0])
    different = first_difference(trace, 1, machine.instance.show(walk.cells))
    if different:
        raise Misfit(f"{place}, step 1", different, "Its box does something else now: find the counterexample again with prove.")
    return _judge(trace, walk, p, notes)


def rebuild(trace: Trace, spec: Specification, notes: list[str], place: str) -> Instance:
    """The instance that a trace was found in, as far as the specification still has its parts."""
    sizes = {}
    known = [n for n, of in spec.index_sets.items() if of.derived is None] + [k.__name__ for k in spec.kinds]
    constants = spec.scope.constants
    for name, size in trace.sizes.items():
        if name in known or name in constants:
            sizes[name] = size
        else:
            notes.append(f"the index set, process kind or constant {name} is gone (it had {size}).")
    for name in known:
        if name not in sizes and name not in spec.defaults:
            sizes[name] = 1
            notes.append(f"the index set or process kind {name} is new; it is given one member.")
    notes += [f"the constant {n} is new; it has its default {of.default}." for n, of in constants.items() if n not in sizes]
    profile = trace.profile if spec.scope.profiles else ""  # of a specification that names none (any more), every switch is told
    switches = spec.scope.profile(profile, f"{place}, profile")
    for name, word in trace.switches.items():
        if name in switches:
            switches[name] = spec.scope.switches[name].parse(word, f"{place}, switch {name}")
        else:
            notes.append(f"the switch {name} is gone (it was {word}).")
    for name in switches:
        if name not in trace.switches:
            whose = f"the value of the profile {profile}" if profile else "its usual value"
            notes.append(f"the switch {name} is new; it has {whose}, {switches[name].name.lower()}.")
    full = complete_sizes(spec, sizes, f"{place}, sizes")
    programs = {k.__name__: [_program(trace, spec, k, i, full, place) for i in range(full[k.__name__])]
                for k in spec.kinds if k.programs}
    return Instance(spec, sizes, switches, programs, place)


def _program(trace: Trace, spec: Specification, kind: type[Process], i: int, sizes: Sizes, place: str) -> Program:
    name = kind.member(i)
    how, positions = trace.programs.get(name, ("program", []))
    entry: dict[str, object] = {how: positions[0] if how == "menu" else list(positions)}
    return parse_program(spec, kind, entry, sizes, f"{place}, program of {name}")


def _property(trace: Trace, spec: Specification, place: str) -> Property | None:
    v = trace.violation
    if v.kind in WAITING:
        return None
    if v.property not in spec.properties:
        raise Misfit(place, f"the property {v.property} is gone.", near(v.property, list(spec.properties)))
    return spec.properties[v.property]


def _judge(trace: Trace, walk: Walk, p: Property | None, notes: list[str]) -> Replay:
    machine, cells = walk.machine, walk.cells
    steps = len(trace.steps)
    if trace.violation.kind == "stuck":
        return _stuck(trace, walk, notes)
    if p is None:
        return Replay(_deadlocked(machine, cells), steps, trace.violation.expected, trace.violation.seen, notes)
    broken = walk.broken if p.kind == "transition" else machine.check(p, cells)
    if broken is None:
        return Replay(False, steps, notes=notes)
    now = machine.name_arguments(broken)
    if now != trace.violation.arguments:
        notes.append(f"{p.id} now fails for {_words(now)}; recorded for {_words(trace.violation.arguments)}.")
    before, after = walk.pair or (None, cells)
    expected, seen = explained(machine, broken, before, after)
    return Replay(True, steps, expected, seen, notes)


def _words(arguments: dict[str, str]) -> str:
    return ", ".join(f"{n} = {v}" for n, v in arguments.items()) or "no arguments"


def _stuck(trace: Trace, walk: Walk, notes: list[str]) -> Replay:
    """Is the process still stuck?  Looked for in the states behind the last one, as many as fit into a moment."""
    name, steps = trace.violation.arguments.get("process", ""), len(trace.steps)
    if name not in walk.names:
        raise Misfit(walk.place, f"there is no process {name!r} any more.", near(name, walk.names))
    process = walk.names.index(name)
    machine = Machine(walk.instance, [])
    if machine.at_rest(walk.cells) >> process & 1:
        return Replay(False, steps, notes=[*notes, f"{name} rests now."])
    moves, finished = moves_from(machine, walk.cells, process, MOST_BEHIND)
    if moves:
        return Replay(False, steps, notes=notes)
    if not finished:
        notes.append(f"{name} does not move in the next {MOST_BEHIND:,} states; those behind them were not looked at.")
    return Replay(True, steps, trace.violation.expected, trace.violation.seen, notes)


def moves_from(machine: Machine, start: Cells, process: int, most: int) -> tuple[bool, bool]:
    """Does a process move in a state that can be reached from one?  And were they all looked at (not more than `most`)?"""
    met, pending = {start}, deque([start])
    while pending:
        for taken in machine.successors(pending.popleft()):
            if taken.move.process == process:
                return True, True
            if taken.cells not in met:
                if len(met) >= most:
                    return False, False
                met.add(taken.cells)
                pending.append(taken.cells)
    return False, True


def _deadlocked(machine: Machine, cells: Cells) -> bool:
    return next(machine.successors(cells), None) is None and not machine.resting(cells)
