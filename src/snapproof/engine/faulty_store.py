"""A store in memory, with the faults a disk may have.

Fair faults, and why: a crash at any operation (power goes); of the writes since the last `sync` of a file any
subset survives, the last of them torn anywhere (a disk reorders within its cache); a read that fails (a bad
sector); a full disk.  Not modelled: a disk that acknowledges `sync` and forgets, and silent corruption of
bytes at rest (checksums find it; tests change bytes directly).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .errors import StoreError


class Crash(Exception):
    """The power is gone: the store takes no further operation, and the test looks at `after_crash`."""


@dataclass
class Faults:
    """What goes wrong.  Operations that change the store are counted from 0.

    `crash_at`: the operation during which the power goes (-1: never).  `room`: bytes the store may hold
    (-1: without limit).  `bad_reads`: names and offsets whose reading fails, as ranges (name, first, last).
    """

    crash_at: int = -1
    room: int = -1
    bad_reads: list[tuple[str, int, int]] = field(default_factory=list)


class MemoryStore:
    """Files as byte strings; see the module's text for its faults."""

    def __init__(self, files: dict[str, bytes] | None = None, faults: Faults | None = None) -> None:
        self.place = "memory"
        self.faults = faults or Faults()
        self.files: dict[str, bytearray] = {n: bytearray(b) for n, b in (files or {}).items()}
        self.durable: dict[str, bytes] = {n: bytes(b) for n, b in self.files.items()}
        self.pending: list[tuple[str, int, bytes]] = []
        self.operations = 0
        self.dead = False

    # --- the operations of a store ------------------------------------------------------------------

    def names(self) -> list[str]:
        self._alive()
        return sorted(self.files)

    def size(self, name: str) -> int:
        self._alive()
        return len(self.files.get(name, b""))

    def read(self, name: str) -> bytes:
        return self.read_at(name, 0, self.size(name))

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        self._alive()
        for bad, first, last in self.faults.bad_reads:
            if bad == name and first <= offset + length - 1 and offset <= last:
                raise StoreError(f"{self.place}/{name}", "the system cannot read it: Input/output error.",
                                 "Check that it exists, free space and permissions.")
        if name not in self.files:
            raise StoreError(f"{self.place}/{name}", "the system cannot read it: No such file or directory.",
                             "Check that it exists, free space and permissions.")
        return bytes(self.files[name][offset:offset + length])

    def write_at(self, name: str, offset: int, data: bytes) -> None:
        self._count(name, max(0, offset + len(data) - self.size(name)))
        self.pending.append((name, offset, bytes(data)))
        self._crash_now()
        _put(self.files.setdefault(name, bytearray()), offset, data)

    def sync(self, name: str) -> None:
        self._count(name, 0)
        self._crash_now()
        mine = [w for w in self.pending if w[0] == name]
        self.pending = [w for w in self.pending if w[0] != name]
        whole = bytearray(self.durable.get(name, b""))
        for _, offset, data in mine:
            _put(whole, offset, data)
        self.durable[name] = bytes(whole)

    def replace(self, name: str, data: bytes) -> None:
        self._count(name, len(data))  # the old contents stay until the new ones are complete
        self._crash_now()
        self.pending = [w for w in self.pending if w[0] != name]
        self.files[name] = bytearray(data)
        self.durable[name] = bytes(data)

    def remove(self, name: str) -> None:
        self._count(name, 0)
        self._crash_now()
        self.pending = [w for w in self.pending if w[0] != name]
        self.files.pop(name, None)
        self.durable.pop(name, None)

    def close(self) -> None:
        """Nothing to let go."""

    # --- faults -----------------------------------------------------------------------------------------

    def after_crash(self, rng: random.Random) -> dict[str, bytes]:
        """What a machine finds that starts again: durable contents, some unsynced writes, the last one torn."""
        files = {n: bytearray(b) for n, b in self.durable.items()}
        kept = [w for w in self.pending if rng.random() < 0.5]
        for i, (name, offset, data) in enumerate(kept):
            part = data if i + 1 < len(kept) else data[:rng.randrange(len(data) + 1)]
            _put(files.setdefault(name, bytearray()), offset, part)
        return {n: bytes(b) for n, b in files.items()}

    def _alive(self) -> None:
        if self.dead:
            raise Crash

    def _count(self, name: str, more: int) -> None:
        self._alive()
        if self.faults.room >= 0 and sum(map(len, self.files.values())) + more > self.faults.room:
            raise StoreError(f"{self.place}/{name}", "the system cannot write it: No space left on device.",
                             "Check that it exists, free space and permissions.")
        self.operations += 1

    def _crash_now(self) -> None:
        if self.operations - 1 == self.faults.crash_at:
            self.dead = True
            raise Crash


def _put(whole: bytearray, offset: int, data: bytes) -> None:
    if len(whole) < offset:
        whole.extend(bytes(offset - len(whole)))
    whole[offset:offset + len(data)] = data


__all__ = ["Crash", "Faults", "MemoryStore"]
