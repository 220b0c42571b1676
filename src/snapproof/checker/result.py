"""What a search says when it stops: a verdict that tells what was done, counts, and a counterexample."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..exit_codes import ExitCode
from ..spec.instance import Instance
from ..spec.machine import Broken, Transition


class Verdict(Enum):
    """The value is the word shown; `exit_code` follows TLC (docs/exit-codes.md)."""

    HOLDS = "holds"
    VIOLATED = "violated"
    DEADLOCK = "deadlock"
    STUCK = "stuck"
    UNREACHED = "unreached"
    INCOMPLETE = "incomplete"

    @property
    def exit_code(self) -> ExitCode:
        """0 only for a finished search without violation whose witnesses were all reached."""
        return {"holds": ExitCode.SUCCESS, "violated": ExitCode.INVARIANT_VIOLATED, "deadlock": ExitCode.DEADLOCK,
                "stuck": ExitCode.DEADLOCK, "unreached": ExitCode.UNREACHED, "incomplete": ExitCode.INCOMPLETE}[self.value]


MEMORY = "memory limit reached"
"""Why a search stopped whose states did not fit."""


class OutOfTime(Exception):
    """It must stop before it has done what it was about; says why."""


@dataclass
class Progress:
    """A snapshot of a running search, for a progress display.

    `memory` in bytes; `frontier` is the number of states found and not yet expanded.
    """

    reading: str
    distinct: int
    generated: int
    depth: int
    frontier: int
    seconds: float
    memory: int


@dataclass
class Limits:
    """When to stop early: memory in bytes, distinct states, seconds (None: no limit).

    The compiled reading has to know how much room there is: without a limit it takes what a command takes (memory.py).
    """

    memory: int | None = None
    states: int | None = None
    seconds: float | None = None


@dataclass
class Result:
    """The outcome of one search.

    `distinct` states stored, `generated` successors computed plus initial states (TLC's counting), `depth`
    the number of transitions to the farthest state; `reason` says why an incomplete search stopped; `stuck`
    are the processes that can never move again; `counterexample` starts with the initial state and is a
    shortest one; `executed` counts, for each (kind, step name), how often it was executed; `unreached` are
    ids of witnesses and names of steps that should have been met.  `memory` is in bytes, all of the
    search's storage.  `allowed` is what the specification declares to be no error, so that it was not looked for.
    `constraints` are the names of those of the specification, `cut` the states that were not explored further because of them.
    """

    instance: Instance
    verdict: Verdict
    reading: str
    distinct: int
    generated: int
    depth: int
    seconds: float
    memory: int
    state_bits: int = 0
    compile_seconds: float = 0.0
    reason: str = ""
    broken: Broken | None = None
    stuck: list[int] = field(default_factory=list)
    counterexample: list[Transition] | None = None
    executed: dict[tuple[str, str], int] = field(default_factory=dict)
    unreached: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    cut: int = 0

    @property
    def bytes_per_state(self) -> float:
        """All memory of the search over the states it stored."""
        return self.memory / max(1, self.distinct)

    def line(self) -> str:
        """The verdict in words: *holds (complete)*, *violated: I1 torn image*, *incomplete (N states, …)*."""
        if self.verdict is Verdict.HOLDS:
            more = [self.not_explored()] * bool(self.cut) + [f"allowed: {', '.join(self.allowed)}"] * bool(self.allowed)
            return f"holds{self.within()} ({'; '.join(['complete', *more])})"
        if self.verdict is Verdict.VIOLATED:
            assert self.broken is not None
            return f"violated: {self.broken.property.id} {self.broken.property.violation}"
        if self.verdict is Verdict.UNREACHED:
            return f"proves nothing: not reached{self.within()} {', '.join(self.unreached)}" if self.unreached else \
                "proves nothing: no property is checked"
        if self.verdict is Verdict.INCOMPLETE:
            return f"incomplete ({self.distinct:,} states, {self.reason})"
        if self.verdict is Verdict.STUCK:
            return f"stuck: {', '.join(self.stuck_processes)} can never move again"
        return "deadlock"

    def within(self) -> str:
        """Behind "holds": how far the search went, where constraints have cut something off."""
        return f" within {' and '.join(self.constraints)}" if self.cut else ""

    def not_explored(self) -> str:
        """How many states constraints have cut off."""
        return "1 state not explored further" if self.cut == 1 else f"{self.cut:,} states not explored further"

    @property
    def stuck_processes(self) -> list[str]:
        """The names of the processes that can never move again."""
        return [self.instance.process_name(i) for i in self.stuck]

    def summary(self) -> dict[str, Any]:
        """The result as JSON, without the counterexample."""
        return {"verdict": self.verdict.value, "reading": self.reading, "distinct": self.distinct,
                "generated": self.generated, "depth": self.depth, "seconds": round(self.seconds, 3),
                "compile_seconds": round(self.compile_seconds, 3), "memory": self.memory,
                "bytes_per_state": round(self.bytes_per_state, 1), "state_bits": self.state_bits, "reason": self.reason,
                "property": self.broken.property.id if self.broken else None,
                "violation": self.broken.property.violation if self.broken else None,
                "stuck": self.stuck_processes,
                "counterexample_length": len(self.counterexample) if self.counterexample else None,
                "unreached": self.unreached, "allowed": self.allowed, "constraints": self.constraints, "cut": self.cut}
