"""Arrays for tests of the engine: in memory, small, with names for data; and the oracle they are held against."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from snapproof.engine import Array, Build, Host, create, journal
from snapproof.engine.errors import EngineError
from snapproof.engine.faulty_store import Faults, MemoryStore
from snapproof.engine.geometry import BLOCK, BLOCKS, TRACK, Device, Geometry
from snapproof.engine.lockstep import LockStep
from snapproof.engine.memory import Command, Ticket, Word
from snapproof.engine.table_format import encode
from snapproof.engine.tables import Tables

SMALL = Geometry(standard=2, virtual=3, tracks=2, log_tracks=6, sessions=3, lists=2)
NEVER_SAFE = {("HostAdapter", "process_error"), ("HostAdapter", "process_error_of_new")}
"""Boxes that no safe engine comes to, by kind and name: 568 and 591 have nothing to process there (docs/findings, C-28e)."""

SELDOM = {("DiskAdapter", "clear_restored_bit"), ("DiskAdapter", "test_last_user")}
"""Boxes that random ways hardly come to: while a disk adapter waits for the new device's track, all of that device is copied, and another
virtual device is restored to it from a log track.  A query finds the way (`tests/conformance/test_conformance.py`)."""

ONE = Geometry(standard=1, virtual=2, tracks=1, log_tracks=4, sessions=2, lists=1)


def filled(letter: str, count: int = BLOCKS) -> bytes:
    """`count` blocks of one letter."""
    return letter.encode() * (BLOCK * count)


def made(geometry: Geometry = SMALL, faults: Faults | None = None, **switches: str) -> MemoryStore:
    """A store with a new array."""
    store = MemoryStore()
    create(store, geometry, Build.of(switches))
    store.faults = faults or Faults()
    return store


def snapped(h: Host) -> None:
    """S1 is written, V1 is its snapshot, and S1's second track is written behind that."""
    h.write("S1", 0, filled("a"))
    h.write("S1", 1, filled("b"))
    h.snapshot([("S1", "V1")])
    h.write("S1", 1, filled("c", 3), 2)


def contents(store: MemoryStore) -> Tables:
    """The tables that lie in a store."""
    return journal.read_contents(store).tables


def changed(store: MemoryStore, change: Callable[[Tables], object]) -> MemoryStore:
    """A copy of a store whose tables say something else, sealed as if an array had written it."""
    found = journal.read_contents(store)
    change(found.tables)
    sealed = journal.seal("tables", found.identity, found.generation, encode(found.tables))
    return MemoryStore({n: bytes(b) for n, b in store.files.items()} | {"tables": sealed})


def array(geometry: Geometry = SMALL, hosts: int = 2, disks: int = 1, **switches: str) -> Array:
    """A new array, running, that writes to its store only when it is closed."""
    return Array(made(geometry, **switches), Build.of(switches), hosts=hosts, disks=disks, durable=False, limit=20.0)


def driven(geometry: Geometry = ONE, hosts: int = 2, disks: int = 1, **switches: str) -> tuple[Array, LockStep]:
    """A new array in lock-step, settled."""
    driver = LockStep()
    made_array = Array(made(geometry, **switches), Build.of(switches), hosts=hosts, disks=disks, schedule=driver, durable=False)
    driver.settle()
    return made_array, driver


def write(device: str, letter: str, track: int = 0, block: int = 0, count: int = BLOCKS) -> Command:
    """A write command."""
    return Command(Word.WRITE, Device.parse(device), track, block, count, filled(letter, count))


def read(device: str, track: int = 0, block: int = 0, count: int = BLOCKS) -> Command:
    """A read command."""
    return Command(Word.READ, Device.parse(device), track, block, count)


def finished(driver: LockStep, ticket: Ticket, number: int, most: int = 200) -> Ticket:
    """Drive one adapter until its command ends or it waits."""
    for _ in range(most):
        if ticket.done.is_set() or not driver.advance(number):
            break
    return ticket


@dataclass
class Oracle:
    """What an array must show: bytes of standard tracks, and frozen copies for snapshots.  No tables, no tracks in logs."""

    geometry: Geometry
    data: dict[tuple[str, int], bytearray] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)

    def track(self, device: str, track: int) -> bytearray:
        """The bytes of a track; zeros when it was never written."""
        return self.data.setdefault((device, track), bytearray(TRACK))

    def write(self, device: str, track: int, block: int, data: bytes) -> None:
        """Overwrite, across tracks if need be."""
        while data:
            here = data[:TRACK - block * BLOCK]
            self.track(device, track)[block * BLOCK:block * BLOCK + len(here)] = here
            data, track, block = data[len(here):], track + 1, 0

    def read(self, device: str, track: int, block: int, count: int) -> bytes:
        """As a host sees it."""
        whole = b"".join(bytes(self.track(device, t)) for t in range(track, self.geometry.tracks))
        return whole[block * BLOCK:(block + count) * BLOCK]

    def freeze(self, virtual: str, standard: str) -> None:
        """The point in time."""
        self.ready.add(virtual)
        for t in range(self.geometry.tracks):
            self.data[virtual, t] = bytearray(self.track(standard, t))


def letters(rng: random.Random) -> str:
    """A letter."""
    return chr(ord("a") + rng.randrange(26))


def used(store: MemoryStore) -> None:
    """Two snapshots, old data in the log, a write to a snapshot, a pair on a list."""
    with Array(store) as a:
        h = Host(a)
        h.write("S1", 0, filled("a"))
        for vdev in ("V1", "V2"):
            h.register("S1", vdev)
            h.relate("S1", vdev)
        h.activate()
        h.write("S1", 0, filled("b"))
        h.write("V1", 0, filled("c", 1), 5)
        h.register("S2", "V3")
        h.relate("S2", "V3", 2)


def seen(store: MemoryStore) -> dict[str, bytes]:
    """Everything that hosts can read."""
    with Array(store, durable=False) as a:
        h, found = Host(a), {}
        for device in ("S1", "S2", "V1", "V2"):
            for track in range(SMALL.tracks):
                try:
                    found[f"{device} {track}"] = h.read(device, track)
                except EngineError as error:
                    found[f"{device} {track}"] = type(error).__name__.encode()
        return found
