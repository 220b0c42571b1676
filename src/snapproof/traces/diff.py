"""What changed from one state to the next, cell by cell, inside nested values and sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..words import plain, value
from .trace import State, Trace


@dataclass(frozen=True)
class Change:
    """One cell: its name (`track_lock[S1,T1]`, `HA1.track`), its values, and whether it is a ghost."""

    name: str
    old: Any
    new: Any
    ghost: bool

    def line(self) -> str:
        """`protection[S1,T1]: {K1, K2} -> {K1} (without K2)`."""
        ghost = " (ghost)" if self.ghost else ""
        return f"{self.name}: {value(self.old)} -> {value(self.new)}{_members(self.old, self.new)}{ghost}"


def _members(old: Any, new: Any) -> str:
    """Which members of a set came and went, where that is not plain to see."""
    if not (isinstance(old, list) and isinstance(new, list) and len(old) + len(new) > 2):
        return ""
    came, went = [v for v in new if v not in old], [v for v in old if v not in new]
    parts = [f"{word} {', '.join(map(plain, members))}" for word, members in (("with", came), ("without", went)) if members]
    return f" ({', '.join(parts)})"


def cells(trace: Trace, state: State, only: str | None = None) -> Iterator[tuple[str, Any, bool]]:
    """Every cell of a state: its name, its value, is it a ghost; shared variables first, then locals.

    `step` and `position` of processes are left out: traces say where a process is in their own words.
    """
    for name, note in trace.variables.items():
        if "." not in name and only in (None, name):
            yield from _nested(plain(name), state[name], [trace.index_sets[i] for i in note.indices], (), note.ghost)
    for process in trace.processes:
        for name, found in state[process].items():
            if name not in ("step", "position") and only in (None, process):
                yield f"{plain(process)}.{plain(name)}", found, trace.local(process, name).ghost


def _nested(name: str, found: Any, members: list[list[str]], at: tuple[str, ...], ghost: bool) -> Iterator[tuple[str, Any, bool]]:
    if not members:
        yield cell_name(name, *at), found, ghost
        return
    for member, part in zip(members[0], found, strict=True):
        yield from _nested(name, part, members[1:], (*at, plain(member)), ghost)


def cell_name(name: str, *at: str) -> str:
    """`track_lock[S1,T1]`, as changes and explanations write it."""
    return f"{name}[{','.join(at)}]" if at else name


def unusual(trace: Trace) -> list[Change]:
    """Where the first state differs from an initial state of the scenario, processes' places included.

    Nothing for a trace that starts in an initial state.
    """
    found, first = changes(trace, trace.usual, trace.initial.state), trace.initial.state
    for process in trace.processes:
        old, new = trace.usual[process], first[process]
        found += [Change(f"{plain(process)}.{name}", old[name], new[name], False)
                  for name in ("step", "position") if name in new and old[name] != new[name]]
    return found


def changes(trace: Trace, before: State, after: State) -> list[Change]:
    """The cells that differ between two states of a trace."""
    return [Change(name, old, new, ghost)
            for (name, old, ghost), (_, new, _) in zip(cells(trace, before), cells(trace, after), strict=True) if old != new]
