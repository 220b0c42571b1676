"""A counterexample as data: names, never positions, so that it outlives edits of the specification.

The file form is described in docs/traces.md; `trace_file` reads and writes it, `record` makes one from a
search, `show` tells it in words, `replay` runs it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

FORMAT, VERSION = "snapproof-trace", 3
"""The newest version that is read.  A trace is written with the lowest one that can say it: 2 only if it starts anywhere,
3 only if a process is stuck at its end."""

WAITING = ("deadlock", "stuck")
"""Kinds of violations without a property: who waits, and for what, is all there is to see."""

State = dict[str, Any]
"""A state in readable form: variable -> value or nested lists; process name -> {local: value}."""


@dataclass(frozen=True)
class Box:
    """One executed step: function name, step id, figure, title, and its choices (parameter -> member)."""

    step: str
    id: str = ""
    figure: str = ""
    title: str = ""
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TraceStep:
    """One transition and the state behind it.

    `process` and `kind` are empty for an action and for the initial state.  `boxes` were executed
    together, the first one by choice; `command` is what a process took up in a next_command box.
    """

    process: str
    kind: str
    boxes: tuple[Box, ...]
    command: str
    state: State


@dataclass(frozen=True)
class VariableNote:
    """What a reader needs to know of a variable: its index sets by name, is it a ghost, what it means."""

    indices: tuple[str, ...]
    ghost: bool
    meaning: str


@dataclass(frozen=True)
class Read:
    """What a condition read: a cell, local or switch, its value in words, and the process that holds it ('' where none does)."""

    name: str
    value: str
    holder: str = ""


@dataclass(frozen=True)
class Why:
    """Why a box waits: its conditions, each a place and its line, and what they read; or the `reason` where there is none."""

    conditions: tuple[tuple[str, str], ...] = ()
    reads: tuple[Read, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Waiting:
    """A process that waits at a box (function name and step id); `callers`: the ids of those that called its figures, innermost first."""

    process: str
    step: str
    id: str
    callers: tuple[str, ...]
    why: Why


@dataclass(frozen=True)
class Violation:
    """What went wrong: `kind` is invariant, transition, witness, deadlock or stuck.

    `waiting` says of a deadlock or stuck process what `seen` says in words; it is empty in traces that were written before.
    """

    kind: str
    property: str
    violation: str
    severity: str
    title: str
    arguments: dict[str, str]
    expected: str
    seen: str
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True)
class Anywhere:
    """Of a counterexample to induction, whose first state nobody need ever reach.

    `assumed` are the ids of the invariants that hold in it, the violated one among them.  `usual` is an initial state
    of the scenario: what a reader compares the first state with.
    """

    assumed: tuple[str, ...]
    usual: State


@dataclass(frozen=True)
class Trace:
    """A whole counterexample.

    `programs` maps a process to ("program", positions) or ("menu", [alternatives]), commands in words.
    `departures` maps each switch that differs from the profile to the profile's value.  `fused` says
    whether local boxes were executed together with the box before them.  `anywhere` is None when the trace
    starts in an initial state; otherwise it has exactly one step, of one box, and `initial` has no boxes.
    """

    specification: str
    scenario: str
    purpose: str
    sizes: dict[str, int]
    profile: str
    switches: dict[str, str]
    departures: dict[str, str]
    programs: dict[str, tuple[str, list[list[str]]]]
    fused: bool
    index_sets: dict[str, list[str]]
    processes: dict[str, str]
    variables: dict[str, VariableNote]
    violation: Violation
    initial: TraceStep
    steps: tuple[TraceStep, ...]
    anywhere: Anywhere | None = None

    def local(self, process: str, name: str) -> VariableNote:
        """The note of a local variable of a process."""
        return self.variables[f"{self.processes[process]}.{name}"]

    @cached_property
    def states(self) -> list[State]:
        """Every state, the first one first.  Made once: whoever walks along a trace asks for it at every step."""
        return [self.initial.state, *(s.state for s in self.steps)]

    @property
    def usual(self) -> State:
        """An initial state of the scenario: the first state, unless the trace starts anywhere."""
        return self.anywhere.usual if self.anywhere is not None else self.initial.state

    def before(self, number: int) -> State:
        """What the state behind a step is compared with: the one before it; for the first state (0) a usual one."""
        return self.states[number - 1] if number else self.usual
