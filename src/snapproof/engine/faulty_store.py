"""A store in memory, with the faults a disk may have.

What is durable when:

- `replace` and `remove` are durable when they return, and atomic: a crash during one leaves the file as it was
  before or as it is afterwards.  (On a real disk: the new contents are flushed before they get the name, and
  the directory is flushed behind.)
- `write_at` is durable when a later `sync` of that file returns, and so is the name of a file that it made.
- What was durable stays so.  A read returns what was written last, durable or not, as long as there is power.

What a crash leaves of everything since:

- Of writes that were not synced, any sectors: each of the 512-byte sectors that a write covers is kept or lost on
  its own, in whatever order they were written; so writes are torn, reordered, and lost one without another.  A
  file is at least as long as its last kept sector; sectors lost before that are zeros or what was there.
- During a `sync` nothing is certain: it is as if the crash had come just before it.

What fails without a crash: an operation of a given number, once or from then on (a full disk, a read-only file, a
failing sector): a `write_at` that fails has written any of its sectors, a `sync` that fails has made nothing
durable, a `replace` or `remove` that fails has done nothing.  The process goes on, and so does what the disk holds.
And reads that fail.

Not modelled: a disk that acknowledges `sync` and forgets, and silent corruption of bytes at rest (checksums find it;
tests change bytes directly).
"""

from __future__ import annotations

import errno
import os
import random
from dataclasses import dataclass, field

from .errors import RESTORE, Damaged, StoreError, refusal

SECTOR = 512


class Crash(Exception):
    """The power is gone: the store takes no further operation, and the test looks at `after_crash`."""


@dataclass
class Faults:
    """What goes wrong.  Operations that change the store are counted from 0.

    `crash_at`: the operation during which the power goes (-1: never).  `fail_at`: the operation that the system
    refuses (-1: none); `fail_on`: and every one behind it.  `room`: bytes the store may hold (-1: without limit).
    `bad_reads`: names and offsets whose reading fails, as ranges (name, first, last).  `read_only`: files that
    cannot be written in place.  `seed`: which sectors of a write that fails are written all the same.
    """

    crash_at: int = -1
    fail_at: int = -1
    fail_on: bool = False
    room: int = -1
    bad_reads: list[tuple[str, int, int]] = field(default_factory=list)
    read_only: set[str] = field(default_factory=set)
    seed: int = 0


class MemoryStore:
    """Files as byte strings; see the module's text for its faults."""

    def __init__(self, files: dict[str, bytes] | None = None, faults: Faults | None = None) -> None:
        self.place = "memory"
        self.faults = faults or Faults()
        self.files: dict[str, bytearray] = {n: bytearray(b) for n, b in (files or {}).items()}
        self.durable: dict[str, bytes] = {n: bytes(b) for n, b in self.files.items()}
        self.pending: list[tuple[str, int, bytes]] = []
        """Sectors written and not synced: file, offset, bytes."""
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
                raise refusal("read", f"{self.place}/{name}", OSError(errno.EIO, os.strerror(errno.EIO)))
        if name not in self.files:
            raise Damaged(f"{self.place}/{name}", "it is missing.", RESTORE)
        return bytes(self.files[name][offset:offset + length])

    def can_write(self, name: str) -> None:
        self._alive()
        if name in self.faults.read_only and name in self.files:
            raise self._refuses(name, errno.EACCES)

    def write_at(self, name: str, offset: int, data: bytes) -> None:
        sectors = [(name, offset + i, bytes(data[i:i + SECTOR])) for i in range(0, len(data), SECTOR)]
        self.can_write(name)
        refused = self._count(name, max(0, offset + len(data) - self.size(name)))
        if refused is not None:
            rng = random.Random(self.faults.seed)
            sectors = [s for s in sectors if rng.random() < 0.5]
        self.pending += sectors
        self._crash_now()
        for _, at, part in sectors:
            _put(self.files.setdefault(name, bytearray()), at, part)
        if refused is not None:
            raise refused

    def sync(self, name: str) -> None:
        self._go(name, 0)
        mine = [w for w in self.pending if w[0] == name]
        self.pending = [w for w in self.pending if w[0] != name]
        whole = bytearray(self.durable.get(name, b""))
        for _, offset, data in mine:
            _put(whole, offset, data)
        self.durable[name] = bytes(whole)

    def replace(self, name: str, data: bytes) -> None:
        self._go(name, len(data))  # the old contents stay until the new ones are complete
        self.pending = [w for w in self.pending if w[0] != name]
        self.files[name] = bytearray(data)
        self.durable[name] = bytes(data)

    def remove(self, name: str) -> None:
        self._go(name, 0)
        self.pending = [w for w in self.pending if w[0] != name]
        self.files.pop(name, None)
        self.durable.pop(name, None)

    def close(self) -> None:
        """Nothing to let go."""

    # --- faults -----------------------------------------------------------------------------------------

    def after_crash(self, rng: random.Random, kept: float = 0.5) -> dict[str, bytes]:
        """What a machine finds that starts again: what is durable, and each sector that is not with probability `kept`."""
        files = {n: bytearray(b) for n, b in self.durable.items()}
        for name, offset, data in self.pending:
            if rng.random() < kept:
                _put(files.setdefault(name, bytearray()), offset, data)
        return {n: bytes(b) for n, b in files.items()}

    def _alive(self) -> None:
        if self.dead:
            raise Crash

    def _go(self, name: str, more: int) -> None:
        refused = self._count(name, more)
        if refused is not None:
            raise refused
        self._crash_now()

    def _count(self, name: str, more: int) -> StoreError | None:
        """Count an operation; the refusal when the system does not carry it out."""
        self._alive()
        self.operations += 1
        number, f = self.operations - 1, self.faults
        if number == f.fail_at or f.fail_on and 0 <= f.fail_at < number:
            return self._refuses(name, errno.EIO)
        if f.room >= 0 and sum(map(len, self.files.values())) + more > f.room:
            return self._refuses(name, errno.ENOSPC)
        return None

    def _refuses(self, name: str, number: int) -> StoreError:
        return refusal("write", f"{self.place}/{name}", OSError(number, os.strerror(number)))

    def _crash_now(self) -> None:
        if self.operations - 1 == self.faults.crash_at:
            self.dead = True
            raise Crash


def _put(whole: bytearray, offset: int, data: bytes) -> None:
    if len(whole) < offset:
        whole.extend(bytes(offset - len(whole)))
    whole[offset:offset + len(data)] = data


__all__ = ["Crash", "Faults", "MemoryStore"]
