"""The seam to the disk: a directory of files, or memory that can fail on purpose (`faulty_store.py`).

What the engine asks of a store, and what every store must keep:

- `replace` is atomic and durable: afterwards the file has the new contents, and a crash leaves the old or the new.
- `write_at` may be torn by a crash, and is durable only after `sync` of that file; so is the name of a file that it made.
- Nothing is ever written except through `replace`, `write_at` and `remove`; reading and looking create nothing.
- One process writes, or several read; whoever comes in between is refused (InUse).
- A file of an array is a regular file that lies in the directory itself.  Anything else under its name is Damaged.

`snapproof/files.py` replaces files of users by the same calls, and the two share no function, for they differ in each of
them.  There a name is a path that may lead anywhere; many may write at a time, so temporary files are locked, have names of
their own and are swept; and a folder that cannot be flushed is done without.  Here every name is reached from the locked
directory; one writer has one temporary name, which recovery knows; a flush that fails is told, since a call that returns
has promised durability; and a crash tidies nothing up.  Tests put a made-up system under exactly these calls
(`tests/engine_system.py`).
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

from .errors import RESTORE, Damaged, InUse, StoreError, refusal

T = TypeVar("T")

TEMPORARY = ".tmp"
"""End of the name of a file being written by `replace`; what a crash leaves of it is ignored and overwritten."""

MOST_OPEN = 64
"""Files kept open; an array may have more than the system lets a process open at a time."""

CAREFULLY = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""How every member is opened: no link is followed, and a FIFO that lies there hangs nobody."""

KINDS = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket",
         stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


class Store(Protocol):
    """Named files of bytes.  Every method raises StoreError when the system below refuses, Damaged for what is no regular file."""

    place: str
    """How messages call this store."""

    def names(self) -> list[str]:
        """The files, sorted, without what a crash left of temporary ones."""

    def size(self, name: str) -> int:
        """Length in bytes; 0 for a file that does not exist."""

    def read(self, name: str) -> bytes:
        """The whole file; Damaged when it does not exist."""

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        """`length` bytes, fewer at the end of the file; Damaged when it does not exist."""

    def can_write(self, name: str) -> None:
        """StoreError when `write_at` could not write to a file that exists; writes nothing."""

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

    Every file is reached from the descriptor of the directory, so renaming the directory meanwhile misleads nobody.
    Raises InUse, StoreError.  Opening writes nothing and makes no directory.
    """

    def __init__(self, directory: Path, *, writable: bool = True) -> None:
        self.directory, self.place, self.writable = directory, str(directory), writable
        self._open: dict[tuple[str, bool], int] = {}
        self._nameless: set[str] = set()
        """Files made by `write_at` whose names are not durable yet."""
        self._lock = self._system("open", "", lambda: os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        try:
            fcntl.flock(self._lock, (fcntl.LOCK_EX if writable else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            if isinstance(error, BlockingIOError):
                raise InUse(self.place, "another process has this array open.", "Wait until it has ended, or end it.") from None
            raise refusal("lock", self.place, error) from None

    # --- looking and reading ------------------------------------------------------------------------------

    def names(self) -> list[str]:
        found = self._system("list", "", lambda: os.listdir(self._directory))
        return sorted(n for n in found if not n.endswith(TEMPORARY))

    def size(self, name: str) -> int:
        found = self._look(name)
        return found.st_size if found is not None else 0

    def read(self, name: str) -> bytes:
        return self.read_at(name, 0, self.size(name))

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        def read() -> bytes:
            parts, done = [], 0
            while done < length:
                part = os.pread(self._file(name, writing=False), length - done, offset + done)
                if not part:
                    break
                parts.append(part)
                done += len(part)
            return b"".join(parts)
        if self._look(name) is None:
            raise Damaged(f"{self.place}/{name}", "it is missing.", RESTORE)
        return self._system("read", name, read)

    # --- writing --------------------------------------------------------------------------------------------

    def can_write(self, name: str) -> None:
        if self._look(name) is not None:
            self._system("write", name, lambda: self._file(name, writing=True))

    def write_at(self, name: str, offset: int, data: bytes) -> None:
        self._look(name)
        self._system("write", name, lambda: _write_all(self._file(name, writing=True), data, offset))

    def sync(self, name: str) -> None:
        def flush() -> None:
            os.fsync(self._file(name, writing=True))
            if name in self._nameless:
                os.fsync(self._directory)
                self._nameless.discard(name)
        self._system("write", name, flush)

    def replace(self, name: str, data: bytes) -> None:
        temporary = self._checked(name) + TEMPORARY

        def write() -> None:
            self._may_write()
            self._unlink(temporary)
            try:
                new = self._descriptor(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
                try:
                    _write_all(new, data, 0)
                    os.fsync(new)
                finally:
                    os.close(new)
                os.rename(temporary, name, src_dir_fd=self._directory, dst_dir_fd=self._directory)
            except OSError:
                with suppress(OSError):  # half a journal must not fill the disk that has no room for a whole one
                    self._unlink(temporary)
                raise
            os.fsync(self._directory)
        self._forget(name)
        self._system("write", name, write)

    def remove(self, name: str) -> None:
        def delete() -> None:
            self._may_write()
            self._unlink(self._checked(name))
            os.fsync(self._directory)
        self._forget(name)
        self._system("remove", name, delete)

    def close(self) -> None:
        for name, _ in list(self._open):
            self._forget(name)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> FileStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _directory(self) -> int:
        """The descriptor of the directory.  (For -1 the system would take the folder in which the process was started.)"""
        if self._lock < 0:
            raise StoreError(self.place, "the store has been closed.", "Open it again.")
        return self._lock

    # --- members of the directory ---------------------------------------------------------------------------

    def _checked(self, name: str) -> str:
        """A name that cannot lead out of the directory."""
        if not name or "/" in name or "\0" in name or name in (".", ".."):
            raise Damaged(f"{self.place}/{name}", "this is not the name of a file of an array.", RESTORE)
        return name

    def _look(self, name: str) -> os.stat_result | None:
        """What the system knows of a regular file, None when there is none; Damaged for anything else."""
        try:
            found = os.stat(self._checked(name), dir_fd=self._directory, follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise refusal("look at", f"{self.place}/{name}", error) from None
        return self._regular(name, found)

    def _regular(self, name: str, found: os.stat_result) -> os.stat_result:
        if not stat.S_ISREG(found.st_mode):
            kind = KINDS.get(stat.S_IFMT(found.st_mode), "something special")
            raise Damaged(f"{self.place}/{name}", f"it is {kind}; every file of an array is a regular file in its own directory.",
                          "Nothing was read from there or written to it. Put the file itself in its place, from a copy.")
        return found

    def _file(self, name: str, writing: bool) -> int:
        if (name, writing) not in self._open:
            found = self._for_writing(name) if writing else self._descriptor(name, os.O_RDONLY)
            if len(self._open) >= MOST_OPEN:
                os.close(self._open.pop(next(iter(self._open))))
            self._open[name, writing] = found
        return self._open[name, writing]

    def _may_write(self) -> None:
        if not self.writable:
            raise OSError(errno.EROFS, "it was opened for reading only")

    def _for_writing(self, name: str) -> int:
        self._may_write()
        new = self._look(name) is None
        found = self._descriptor(name, os.O_RDWR | (os.O_CREAT | os.O_EXCL if new else 0))
        if os.fstat(found).st_nlink > 1:
            os.close(found)
            raise StoreError(f"{self.place}/{name}", "it has another name somewhere (a hard link), where a write would show, too.",
                             "Part them: copy the file, and rename the copy over it.")
        if new:
            self._nameless.add(name)
        return found

    def _descriptor(self, name: str, flags: int) -> int:
        """Opened, and looked at once more: what the name meant a moment ago does not count."""
        found = os.open(self._checked(name), flags | CAREFULLY, 0o644, dir_fd=self._directory)
        try:
            self._regular(name, os.fstat(found))
        except BaseException:
            os.close(found)
            raise
        return found

    def _unlink(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._directory)

    def _forget(self, name: str) -> None:
        for writing in (False, True):
            if (name, writing) in self._open:
                os.close(self._open.pop((name, writing)))

    def _system(self, what: str, name: str, action: Callable[[], T]) -> T:
        try:
            return action()
        except OSError as error:
            raise refusal(what, f"{self.place}/{name}" if name else self.place, error) from None


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        done = os.pwrite(descriptor, view, offset)
        if not done:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view, offset = view[done:], offset + done


__all__ = ["TEMPORARY", "FileStore", "Store"]
