"""Global memory while the array runs: tables, track slots, locks, and what each adapter has in its hands.

Locks record their holder: the number of an adapter, host adapters first, counted from 1; 0 is nobody.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..vocabulary.states import Mail, Word
from .errors import EngineError
from .geometry import BLOCKS, TRACK, Device, Geometry
from .slots import Slots
from .switches import Build
from .tables import NONE, STANDARD, Tables

if TYPE_CHECKING:
    from .box import Box, Next

NOBODY = 0
"""Holder of a free lock."""


@dataclass(frozen=True)
class Command:
    """One command of a host.  A read or write stays within one track; `data` is `count` blocks long."""

    word: Word
    device: Device = Device("S", 0)
    track: int = 0
    block: int = 0
    count: int = BLOCKS
    data: bytes = b""
    standard: int = 0
    virtual: int = 0
    copy: int = 0
    pair_list: int = 0
    goal: int = 0

    @property
    def whole_track(self) -> bool:
        """Does it cover the track?"""
        return self.count == BLOCKS

    @property
    def changes(self) -> bool:
        """May it change anything?"""
        return self.word not in (Word.READ, Word.LOOK_UP, Word.READ_SAVED, Word.READ_BIT, Word.SAVE, Word.ROLL_BACK)


@dataclass(eq=False)
class Ticket:
    """A command on its way: `done` is set when `result` or `error` is there."""

    command: Command
    done: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    error: EngineError | None = None


@dataclass(eq=False)
class Adapter:
    """What both kinds of adapter have: a name, a number, the box to be executed next, log tracks in hand (Fig. 9).

    `callers`: the boxes that have entered a figure and not been returned to, with where they go on.
    """

    number: int
    name: str
    at: Box
    fresh: int = NONE
    entry: int = STANDARD
    keeps: bool = False
    callers: list[tuple[Box, dict[str, Next]]] = field(default_factory=list)

    def reset(self) -> None:
        """Nothing in hand, and in no figure."""
        self.fresh, self.entry, self.keeps = NONE, STANDARD, False
        self.callers.clear()


@dataclass(eq=False)
class HostAdapter(Adapter):
    """Carries out the commands of its host, one after another."""

    reserved: int = 0
    due_track: int = 0
    due_device: int = 0
    list_length: int = 0
    list_place: int = 0
    set_place: int = 0
    mail: Mail = Mail.EMPTY
    ticket: Ticket | None = None
    passes: bool = False
    """Do its commands begin although the gate is shut?  Whoever shut it waits for them (`Array.together`)."""
    queue: deque[Ticket] = field(default_factory=deque)

    def reset(self) -> None:
        super().reset()
        self.reserved, self.due_track, self.due_device, self.list_length, self.list_place, self.set_place = 0, 0, 0, 0, 0, 0
        self.mail = Mail.EMPTY

    @property
    def command(self) -> Command:
        """The command being carried out."""
        assert self.ticket is not None, f"{self.name} carries out no command"
        return self.ticket.command

    def answer(self, result: Any) -> None:
        """What the host gets when the command ends."""
        assert self.ticket is not None
        self.ticket.result = result

    def refuse(self, error: EngineError) -> None:
        """The command ends with this error."""
        assert self.ticket is not None
        self.ticket.error = error


@dataclass(eq=False)
class DiskAdapter(Adapter):
    """Saves old data before a host adapter overwrites it (Fig. 11)."""

    serving: int = NOBODY
    mask: int = 0
    others: int = 0
    turn: int = 0
    target: int = NONE

    def reset(self) -> None:
        super().reset()
        self.serving, self.mask, self.others, self.turn, self.target = NOBODY, 0, 0, 0, NONE


@dataclass
class Locks:
    """Holders: of standard tracks, standard devices, log tracks, lists, virtual devices, open groups, the free list, the session numbers.

    A group is kept from one call of its host to another, and ends when the array is closed: its pairs wait on their list then.
    """

    track: list[list[int]]
    device: list[int]
    log: list[int]
    pair_list: list[int]
    virtual: list[int]
    group: list[int]
    free_list: int = NOBODY
    session: int = NOBODY

    @staticmethod
    def none(g: Geometry) -> Locks:
        """All free."""
        return Locks([[NOBODY] * g.tracks for _ in range(g.standard)], [NOBODY] * g.standard, [NOBODY] * g.log_tracks,
                     [NOBODY] * g.lists, [NOBODY] * g.virtual, [NOBODY] * g.lists)

    def release_all(self, holder: int) -> None:
        """Everything that this adapter holds."""
        for row in (*self.track, self.device, self.log, self.pair_list, self.virtual):
            for i, found in enumerate(row):
                if found == holder:
                    row[i] = NOBODY
        self.free_list = NOBODY if self.free_list == holder else self.free_list
        self.session = NOBODY if self.session == holder else self.session


@dataclass
class Backup:
    """A rolling backup in the memory of a host, and lost with it: sets of saved tracks (None: not in the set), and an image."""

    room: int
    saved: list[list[bytes | None]]
    rolled: list[bytes]
    kept: int = 0

    @staticmethod
    def empty(g: Geometry, room: int) -> Backup:
        """No set, and room for so many."""
        return Backup(room, [[None] * g.tracks for _ in range(room)], [bytes(TRACK)] * g.tracks)

    def forget_image(self) -> None:
        """No image is being made."""
        self.rolled = [bytes(TRACK)] * len(self.rolled)


@dataclass
class Memory:
    """Everything the boxes work on."""

    geometry: Geometry
    build: Build
    tables: Tables
    slots: Slots
    locks: Locks
    backup: Backup
    hosts: list[HostAdapter] = field(default_factory=list)
    disks: list[DiskAdapter] = field(default_factory=list)
    gate: int = 0
    """How many callers wait for the array to be at rest; no command begins meanwhile."""
    rest: threading.Event = field(default_factory=threading.Event)
    """Set by whoever ends a command or request, for those who wait at the gate."""
    changed: int = 0
    """How many commands have changed something since the last commit.  A refused one has not."""
    broken: EngineError | None = None
    """Why the array has stopped itself."""

    @property
    def adapters(self) -> list[Adapter]:
        """By number."""
        return [*self.hosts, *self.disks]

    def may_begin(self, host: HostAdapter) -> bool:
        """Is there a command for this host adapter to take up, and does the gate let it?"""
        return bool(host.queue) and (not self.gate or host.passes)

    @property
    def at_rest(self) -> bool:
        """Is no command and no request under way?"""
        return all(a.at.rest for a in self.adapters)


__all__ = ["NOBODY", "Adapter", "Backup", "Command", "DiskAdapter", "HostAdapter", "Locks", "Memory", "Ticket", "Word"]
