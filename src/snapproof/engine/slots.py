"""Track slots in global memory (Fig. 1): tracks read from the store, and written ones that wait to be destaged.

A slot is the 20,480 bytes that hosts see.  A write only ever touches the slot; `journal.py` takes the pending
ones to the store.  Reading a track checks it against the checksum in its table entry.
"""

from __future__ import annotations

import zlib

from .errors import RESTORE, Damaged
from .extra_bytes import is_assigned
from .geometry import BLOCK, LOG_RECORD, TRACK, Device
from .store import Store
from .tables import Tables

LOG = Device("L", 0)
"""The log device; hosts never see it."""

Key = tuple[Device, int]
"""A track: device and flat track number."""

MOST_CLEAN = 512
"""Slots (10 MiB) kept after destaging; more are dropped."""


def file_of(device: Device) -> str:
    """The file that holds the tracks of a standard device or of the log device."""
    return f"{'log' if device.kind == 'L' else 'standard'}-{device.number + 1:04}"


def record_length(device: Device) -> int:
    """Bytes of a track on disk."""
    return LOG_RECORD if device.kind == "L" else TRACK


def checks_of(tables: Tables, device: Device) -> list[int]:
    """The checksum of each track of a device on disk; -1 for one that was never written."""
    return tables.log.checks if device.kind == "L" else tables.standard[device.number].checks


class Slots:
    """The tracks of all standard devices and of the log device.  Raises StoreError and Damaged when one must be read.

    `journal`: tracks that are in a journal and not in their places yet.  They stay here until a commit, which
    brings the journal to its places first.
    """

    def __init__(self, store: Store, tables: Tables, journal: dict[Key, bytes]) -> None:
        self._store, self._tables = store, tables
        self._slots: dict[Key, bytearray] = {key: bytearray(data) for key, data in journal.items()}
        self.pending: set[Key] = set()

    def read(self, device: Device, track: int, block: int, count: int) -> bytes:
        """`count` blocks from `block` on."""
        return bytes(self._slot(device, track)[block * BLOCK:(block + count) * BLOCK])

    def write(self, device: Device, track: int, block: int, data: bytes) -> None:
        """Overwrite blocks from `block` on; a whole track is not read first."""
        slot = bytearray(TRACK) if len(data) == TRACK else self._slot(device, track)
        slot[block * BLOCK:block * BLOCK + len(data)] = data
        self._keep(device, track, slot)

    def copy(self, source: Key, target: Key) -> None:
        """The whole track."""
        self._keep(*target, bytearray(self._slot(*source)))

    def whole(self, device: Device, track: int) -> bytes:
        """All 20,480 bytes."""
        return bytes(self._slot(device, track))

    def destaged(self) -> None:
        """Everything is on disk: slots may be dropped."""
        self.pending.clear()
        if len(self._slots) > MOST_CLEAN:
            self._slots.clear()

    def _keep(self, device: Device, track: int, slot: bytearray) -> None:
        self._slots[device, track] = slot
        self.pending.add((device, track))

    def _slot(self, device: Device, track: int) -> bytearray:
        found = self._slots.get((device, track))
        if found is None:
            found = self._slots[device, track] = self._load(device, track)
        return found

    def _load(self, device: Device, track: int) -> bytearray:
        log, check = self._tables.log, checks_of(self._tables, device)[track]
        if check < 0:
            return bytearray(TRACK)
        name, length = file_of(device), record_length(device)
        data = self._store.read_at(name, track * length, length)
        place = f"{self._store.place}/{name}, track {track}"
        if len(data) < length:
            raise Damaged(place, "the file ends before the end of the track.", RESTORE)
        if zlib.crc32(data[:TRACK]) != check:
            raise Damaged(place, "the track on disk does not have the checksum of its table entry.", RESTORE)
        if device.kind == "L" and is_assigned(log.extra[track]):
            if int.from_bytes(data[TRACK:TRACK + 8], "big") != log.extra[track]:
                raise Damaged(place, "the back pointer in the appended block is not the one in the extra bytes of the table.", RESTORE)
        return bytearray(data[:TRACK])


def record_of(tables: Tables, key: Key, data: bytes) -> bytes:
    """A track as it lies on disk: behind a log track the appended block with its extra bytes."""
    device, track = key
    if device.kind != "L":
        return data
    return data + tables.log.extra[track].to_bytes(8, "big") + bytes(BLOCK - 8)


__all__ = ["LOG", "Key", "Slots", "checks_of", "file_of", "record_length", "record_of"]
