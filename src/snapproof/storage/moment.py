"""The state of a storage device as a trace shows it, by the names of its parts.

Nothing of the model is imported: a trace is recognised by its variables and their index sets, and every variable
but the four that make the picture may be missing, so that pages of older and newer models can be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..report.suspects import Path, Suspects
from ..traces.diff import cell_name
from ..traces.trace import State, Trace
from ..words import fields_of, value

NEEDED = {"std_data": ("StandardDevice", "Track", "Block"), "pointer": ("VirtualDevice", "Track"),
          "log_data": ("LogTrack", "Block"), "extra": ("LogTrack",)}
NO_MEMBER = ("none", "nobody", "")
UNRELATED = ("UNUSED", "REGISTERED")
"""States of a virtual device in which an entry that points to the standard track says nothing yet."""


def is_storage(trace: Trace) -> bool:
    """Is this the trace of a storage device, so that its state can be drawn?"""
    return all(n in trace.variables and trace.variables[n].indices == indices for n, indices in NEEDED.items())


def argument_paths(trace: Trace) -> set[Path]:
    """The arguments of the violation as paths: a device with its track, block and session; other members alone."""
    kinds = {m: kind for kind, members in trace.index_sets.items() for m in members}
    arguments = [a for a in trace.violation.arguments.values() if a in kinds]
    inner = [a for wanted in ("Track", "Block") for a in arguments if kinds[a] == wanted]
    sessions = [a for a in arguments if kinds[a] == "Session"]
    outer = [a for a in arguments if a not in inner and a not in sessions]
    if not outer:
        return {tuple(inner)} if inner else set()
    # Two sessions of one device are two things.
    ends: list[Path] = [(s,) for s in sessions] or [()]
    return {(a, *inner, *end) if kinds[a].endswith("Device") else (a,) for a in outer for end in ends}


@dataclass(frozen=True)
class Free:
    """Extra bytes of a free log track: its neighbours on the free list ('' for none)."""

    next: str
    previous: str


def place(entry: object, track: str) -> str:
    """Where the data of a standard track with this entry is; '' for the track itself."""
    other, log = fields_of(entry, "OnStandard"), fields_of(entry, "OnLog")
    if other is not None:
        return f"{other.get('standard')} {track}"
    if log is not None:
        return str(log.get("log"))
    # A trace from before entries could lead to other devices names the log track alone.
    return entry if isinstance(entry, str) and entry != "direct" else ""


def free_links(extra: object) -> Free | None:
    """The links in extra bytes, None when they are no links."""
    found = fields_of(extra, "Free")
    links = None if found is None else [found.get("next"), found.get("previous")]
    return None if links is None or None in links else Free(*("" if m in NO_MEMBER else str(m) for m in links))


def bytes_of(origin: object) -> str:
    """Whose bytes they are, as an origin says: `from S1 T1`, or `garbage`; of an older trace, what it says."""
    device = fields_of(origin, "Copied") or fields_of(origin, "Written")
    if device:
        return f"from {' '.join(map(str, device.values()))}"
    return "garbage" if fields_of(origin, "Nobody") is not None else value(origin)


class Moment:
    """One state of the trace with the state before it: values, what changed, and (at the end) what is wrong.

    Before the first state there is none; it is compared with an initial state, where it is none itself.
    """

    def __init__(self, trace: Trace, number: int, marked: Suspects | None = None) -> None:
        self.trace, self.number = trace, number
        self.now: State = trace.states[number]
        self.before: State = trace.before(number)
        self.marked = marked
        self.wrong = self._wrong(marked) if marked else frozenset()

    def members(self, index_set: str) -> list[str]:
        """The members of an index set ([] when the trace has none of this name)."""
        return self.trace.index_sets.get(index_set, [])

    def has(self, name: str) -> bool:
        """Does the trace have this shared variable?"""
        return name in self.trace.variables

    def value(self, name: str, *at: str) -> Any:
        """The value of a cell; None when there is no such cell."""
        return self._cell(self.now, name, at)

    def old(self, name: str, *at: str) -> Any:
        """The value of a cell before the step."""
        return self._cell(self.before, name, at)

    def changed(self, name: str, *at: str) -> bool:
        """Did the step change this cell?"""
        return bool(self.value(name, *at) != self.old(name, *at))

    def _cell(self, state: State, name: str, at: tuple[str, ...]) -> Any:
        note = self.trace.variables.get(name)
        found = state.get(name)
        if note is None or found is None or len(note.indices) != len(at):
            return None
        for index_set, member in zip(note.indices, at, strict=True):
            members = self.trace.index_sets[index_set]
            if member not in members:
                return None
            found = found[members.index(member)]
        return found

    # --- pointers -----------------------------------------------------------------------------------

    def target(self, vdev: str, track: str, before: bool = False) -> Path:
        """What a table entry points to: `(S1, T1)`, `(L2,)`, or () when it points to nothing that is drawn."""
        cell = self.old if before else self.value
        entry = cell("pointer", vdev, track)
        if entry in self.members("LogTrack"):
            return (str(entry),)
        std = cell("std_of", vdev)
        if cell("vdev_state", vdev) in UNRELATED or std not in self.members("StandardDevice"):
            return ()
        return str(std), track

    def readiness(self, vdev: str) -> str:
        """What a virtual device is ready for."""
        if not self.value("ready", vdev):
            return "not ready"
        return "ready for reads" if self.value("read_only", vdev) else "ready"

    def elsewhere(self, device: str, track: str) -> str:
        """Where the data of a standard track is, when not on it: `L1`, or `S2 T1`; '' for the track itself."""
        return place(self.value("indirect", device, track), track)

    def targets(self) -> list[Path]:
        """What the table entries of all virtual devices point to."""
        return [self.target(v, t) for v in self.members("VirtualDevice") for t in self.members("Track") if self.target(v, t)]

    def touched(self, member: str, *but: str) -> bool:
        """Did the step change a shared cell of this member (its own first index), apart from some variables?"""
        return any(self.now[n] != self.before[n] and self._part(self.now, n, member) != self._part(self.before, n, member)
                   for n, note in self.trace.variables.items() if note.indices and "." not in n and n not in but)

    def _part(self, state: State, name: str, member: str) -> Any:
        members = self.trace.index_sets[self.trace.variables[name].indices[0]]
        return state[name][members.index(member)] if member in members else None

    def free_list(self) -> list[str]:
        """The log tracks that can be reached from the head of the free list, in order."""
        found: list[str] = []
        at = self.value("free_head")
        while at in self.members("LogTrack") and at not in found:
            found.append(at)
            links = free_links(self.value("extra", at))
            at = links.next if links else ""
        return found

    def created(self, log: str) -> bool:
        """Does the log track exist, or has the pool only room for it?"""
        return fields_of(self.value("extra", log), "NotCreated") is None

    def in_hand(self, log: str, before: bool = False) -> list[str]:
        """The processes that are obtaining or returning a log track."""
        state = self.before if before else self.now
        return [p for p in self.trace.processes if state[p].get("fresh") == log]

    # --- what is wrong ------------------------------------------------------------------------------

    def _wrong(self, marked: Suspects) -> frozenset[Path]:
        paths = set(marked.paths)
        tracks = [p for p in marked.seen if p[0] in self.members("LogTrack") or p[0] in self.members("StandardDevice")]
        for path in marked.paths:
            if len(path) == 3 and path[0] in self.members("VirtualDevice") and path[2] in self.members("Block"):
                # The block that the reader of a virtual device came to: as the words say, else as its entry says now.
                target = self.target(path[0], path[1])
                for source in tracks or ([target] if target else []):
                    paths |= {source, (*source, path[2])}
                paths.add(path[:2])
        return frozenset(paths)

    def is_wrong(self, *path: str) -> bool:
        """Is this thing what the violation is about?"""
        return path in self.wrong

    def lock_is_wrong(self, name: str, *at: str) -> bool:
        """Is this lock one that a stuck process holds, or that a deadlock waits for?"""
        holder = self.value(name, *at)
        if self.marked is None or holder in NO_MEMBER:
            return False
        v = self.trace.violation
        return cell_name(name, *at) in self.marked.cells or ("lock" in v.violation and holder in self.marked.processes)
