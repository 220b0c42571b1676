"""The tables in global memory (Fig. 5), as objects; `table_format.py` says how they lie on disk.

They hold what outlives a command.  What a process has in its hands (locks, locals, mail) is in `memory.py`
and never on disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..vocabulary.states import SessionByte, VirtualState
from ..vocabulary.switch_values import PoolAtStart, Start, YesNo
from .extra_bytes import NOT_CREATED, free_links
from .geometry import SESSIONS, Geometry
from .switches import Build

STANDARD = -1
"""Pointer of a virtual track to the track of the standard device; a log track is 0 or more."""

DIRECT = -1
"""Entry of a standard track whose data is on the track itself; since a restore it may be a log track, 0 or more, or `on_standard`."""

NONE = -1
"""No device, no log track."""


def on_standard(device: int) -> int:
    """The entry of a standard track whose data is on the same track of another standard device."""
    return -2 - device


def standard_of(entry: int) -> int:
    """The other standard device that an entry names; NONE for any other entry."""
    return -2 - entry if entry <= -2 else NONE


@dataclass
class StandardTable:
    """One standard device: header, and a track's protection word (bit k: session k) and where its data is."""

    session_bytes: list[int]
    bound: list[int]
    protection: list[int]
    checks: list[int]
    """CRC-32 of each track on disk; -1 for one that was never written and reads as zeros."""
    indirect: list[int]
    """Where the data of each track is since a restore: a log track, another standard device (Figs. 20B, 20C), or DIRECT."""
    restored_to: list[int]
    """The standard device to which each session's virtual device is being restored, or was, while tracks migrate; NONE for others."""


@dataclass
class VirtualTable:
    """One virtual device: header, and a pointer a track."""

    pointers: list[int]
    state: int = VirtualState.UNUSED
    ready: bool = False
    standard: int = 0
    session: int = 0
    read_only: bool = False
    """Not ready for writes, whether ready or not (742)."""


@dataclass
class LogTable:
    """The log device: extra bytes and map word of each track, and the head of the free list."""

    extra: list[int]
    map_words: list[int]
    checks: list[int]
    free_head: int = NONE


@dataclass
class Tables:
    """All tables of an array, and the lists of related pairs (by virtual device)."""

    geometry: Geometry
    standard: list[StandardTable]
    virtual: list[VirtualTable]
    log: LogTable
    lists: list[list[int]] = field(default_factory=list)


def blank_tables(g: Geometry) -> Tables:
    """An array without sessions and without log tracks; every track reads as zeros."""
    return Tables(
        g,
        [StandardTable([SessionByte.FREE] * SESSIONS, [NONE] * SESSIONS, [0] * g.tracks, [-1] * g.tracks,
                       [DIRECT] * g.tracks, [NONE] * SESSIONS) for _ in range(g.standard)],
        [VirtualTable([STANDARD] * g.tracks) for _ in range(g.virtual)],
        LogTable([NOT_CREATED] * g.log_tracks, [0] * g.log_tracks, [-1] * g.log_tracks),
        [[] for _ in range(g.lists)],
    )


def new_tables(g: Geometry, build: Build) -> Tables:
    """The tables of a new array, its virtual devices as far along as `start` says.

    Virtual device i stands for standard device i modulo their number, in its next session; what is related
    and not active waits on the first list.  `foreign_bits` gives the last session to an unrelated feature.
    """
    t = blank_tables(g)
    created = {PoolAtStart.ALL: g.log_tracks, PoolAtStart.ONE: 1, PoolAtStart.NONE: 0}[build.pool_at_start]
    for log in range(created):
        t.log.extra[log] = free_links(log + 1 if log + 1 < created else NONE, log - 1)
    t.log.free_head = 0 if created else NONE
    usable = g.sessions - (build.foreign_bits == YesNo.YES)
    for std in range(g.standard):
        for v in range(std, g.virtual, g.standard):
            reached = _reached(build.start, v)
            if reached != VirtualState.UNUSED and v // g.standard < usable:
                _relate(t, std, v, v // g.standard, reached)
        if build.foreign_bits == YesNo.YES:
            t.standard[std].session_bytes[g.sessions - 1] = SessionByte.RESERVED
            t.standard[std].protection = [w | 1 << (g.sessions - 1) for w in t.standard[std].protection]
    return t


def _reached(start: Start, v: int) -> VirtualState:
    first, others = {
        Start.BLANK: (VirtualState.UNUSED, VirtualState.UNUSED),
        Start.RELATED: (VirtualState.RELATED, VirtualState.RELATED),
        Start.MIXED: (VirtualState.ACTIVE, VirtualState.RELATED),
        Start.FIRST: (VirtualState.ACTIVE, VirtualState.UNUSED),
        Start.ESTABLISHED: (VirtualState.ACTIVE, VirtualState.ACTIVE),
    }[start]
    return others if v else first


def _relate(t: Tables, std: int, v: int, k: int, reached: VirtualState) -> None:
    active = reached == VirtualState.ACTIVE
    device, header = t.virtual[v], t.standard[std]
    device.state, device.ready, device.standard, device.session = reached, active, std, k
    header.bound[k] = v
    header.session_bytes[k] = SessionByte.ACTIVE if active else SessionByte.INACTIVE
    header.protection = [w | 1 << k for w in header.protection]
    if not active:
        t.lists[0].append(v)


__all__ = ["DIRECT", "NONE", "STANDARD", "LogTable", "SessionByte", "StandardTable", "Tables", "VirtualState", "VirtualTable",
           "blank_tables", "new_tables", "on_standard", "standard_of"]
