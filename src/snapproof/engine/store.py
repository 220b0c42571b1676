"""The seam to the disk: a directory of files, or memory that can fail on purpose (`faulty_store.py`).

What the engine asks of a store, and what every store must keep:

- `replace` is atomic and durable: afterwards the file has the new contents, and a crash leaves the old or the new.
- `write_at` may be torn by a crash, and is durable only after `sync` of that file.
- Nothing is ever written except through `replace`, `write_at` and `remove`.
- One process writes, or several read; whoever comes in between is refused (InUse).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from .errors import InUse, StoreError

T = TypeVar("T")

TEMPORARY = ".tmp"
"""End of the name of a file being written by `replace`; what a crash leaves of it is ignored and overwritten."""


class Store(Protocol):
    """Named files of bytes.  Every method raises StoreError when the system below refuses."""

    place: str
    """How messages call this store."""

    def names(self) -> list[str]:
        """The files, sorted, without what a crash left of temporary ones."""

    def size(self, name: str) -> int:
        """Length in bytes; 0 for a file that does not exist."""

    def read(self, name: str) -> bytes:
        """The whole file."""

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        """`length` bytes, fewer at the end of the file."""

    def write_at(self, name: str, offset: int, data: bytes) -> None:
        """Overwrite or extend; durable after `sync`."""

    def sync(self, name: str) -> None:
        """Make earlier writes of this file durable."""

    def replace(self, name: str, data: bytes) -> None:
        """New contents, atomically and durably."""

    def remove(self, name: str) -> None:
        """Delete a file, durably; nothing happens when it does not exist."""

    def close(self) -> None:
        """Let the store go."""


class FileStore:
    """Files of one directory.  A writer locks the directory; readers share a lock that keeps writers away.

    Raises InUse, StoreError.  Opening writes nothing and makes no directory.
    """

    def __init__(self, directory: Path, *, writable: bool = True) -> None:
        self.directory, self.place, self.writable = directory, str(directory), writable
        self._open: dict[str, int] = {}
        self._lock = self._system("open", "", lambda: os.open(directory, os.O_RDONLY | os.O_DIRECTORY))
        try:
            fcntl.flock(self._lock, (fcntl.LOCK_EX if writable else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise InUse(self.place, "another process has this array open.", "Wait until it has ended, or end it.") from None

    def names(self) -> list[str]:
        found = self._system("list", "", lambda: os.listdir(self.directory))
        return sorted(n for n in found if not n.endswith(TEMPORARY))

    def size(self, name: str) -> int:
        try:
            return os.stat(self.directory / name).st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._refusal("look at", name, error) from None

    def read(self, name: str) -> bytes:
        return self._system("read", name, lambda: (self.directory / name).read_bytes())

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        return self._system("read", name, lambda: os.pread(self._file(name), length, offset))

    def write_at(self, name: str, offset: int, data: bytes) -> None:
        def write() -> None:
            done = 0
            while done < len(data):
                done += os.pwrite(self._file(name), data[done:], offset + done)
        self._system("write", name, write)

    def sync(self, name: str) -> None:
        self._system("write", name, lambda: os.fsync(self._file(name)))

    def replace(self, name: str, data: bytes) -> None:
        def write() -> None:
            temporary = self.directory / (name + TEMPORARY)
            with open(temporary, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, self.directory / name)
            os.fsync(self._lock)
        self._forget(name)
        self._system("write", name, write)

    def remove(self, name: str) -> None:
        def delete() -> None:
            (self.directory / name).unlink(missing_ok=True)
            os.fsync(self._lock)
        self._forget(name)
        self._system("remove", name, delete)

    def close(self) -> None:
        for name in list(self._open):
            self._forget(name)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _file(self, name: str) -> int:
        if name not in self._open:
            flags = os.O_RDWR | os.O_CREAT if self.writable else os.O_RDONLY
            self._open[name] = os.open(self.directory / name, flags, 0o644)
        return self._open[name]

    def _forget(self, name: str) -> None:
        if name in self._open:
            os.close(self._open.pop(name))

    def _system(self, what: str, name: str, action: Callable[[], T]) -> T:
        try:
            return action()
        except OSError as error:
            raise self._refusal(what, name, error) from None

    def _refusal(self, what: str, name: str, error: OSError) -> StoreError:
        place = f"{self.place}/{name}" if name else self.place
        return StoreError(place, f"the system cannot {what} it: {error.strerror}.",
                          "Check that it exists, free space and permissions.")


__all__ = ["TEMPORARY", "FileStore", "Store"]
