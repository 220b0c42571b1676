"""The one place where files of users are read and written.

Read is what is a regular file, and what was handed over as an open descriptor (`/dev/stdin`, `-`): a named pipe or a
device would wait for ever.  Written is complete or not at all: to a new file in the same folder, flushed to the disk,
and renamed over the target.  A reader sees the old file or the new one, and a failure leaves the old one.  Renaming over
something else than a file would destroy it: pipes, terminals and other devices of characters are written through.

Files of an array are replaced by the engine's own store, which says why (`engine/store.py`).
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not every system has it; then nothing is swept, and what is open is not recognised
    fcntl = None  # type: ignore[assignment]

PATIENCE = 10.0
"""Seconds to wait for somebody to read from a named pipe."""

UNFINISHED = re.compile(r"\.snapproof-[0-9a-f]{12}\.part")
"""Files being written.  Each is locked by its writer: one that is not was left by a process that was killed."""

PIECE = 1 << 20


class TooLarge(OSError):
    """A file beyond the size that is read."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(errno.EFBIG, f"it has {'more than ' if size < 0 else ''}{abs(size):,} bytes; the limit is {limit:,}")


# --- reading ----------------------------------------------------------------------------------------------------


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of a file; OSError, also when it is no file, or larger than `limit` bytes."""
    descriptor = _opened(path)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_size > limit:
            raise TooLarge(found.st_size, limit)
        data = b""
        while len(data) <= limit:
            piece = os.read(descriptor, min(PIECE, limit + 1 - len(data)))
            if not piece:
                return data
            data += piece
        raise TooLarge(-limit, limit)
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    if str(path) == "-":
        return os.dup(0)
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        given = _ours(status, os.O_RDONLY)
        if given is None or stat.S_ISDIR(status.st_mode):
            raise _no_file(status)
        return os.dup(given)
    # Not to wait even if it has just become a pipe.
    descriptor = os.open(path, os.O_RDONLY | _flags("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise _no_file(status)
    return descriptor


def _no_file(status: os.stat_result) -> OSError:
    if stat.S_ISDIR(status.st_mode):
        return IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    kind = {stat.S_IFIFO: "a named pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a disk", stat.S_IFSOCK: "a socket"}
    return OSError(errno.EINVAL, f"it is {kind.get(stat.S_IFMT(status.st_mode), 'something else')}, not a file")


def _flags(*names: str) -> int:
    return sum(getattr(os, name, 0) for name in names)


def _ours(status: os.stat_result, mode: int) -> int | None:
    """The descriptor under which this process has been handed the same file, open for reading or for writing."""
    if fcntl is None:
        return None
    try:
        numbers = sorted(int(n) for n in os.listdir("/dev/fd") if n.isascii() and n.isdigit())
    except OSError:
        numbers = [0, 1, 2]
    for number in numbers:
        with suppress(OSError):
            # What was handed over is inheritable; what this program has opened itself is not.
            if os.get_inheritable(number) and os.path.samestat(os.fstat(number), status) and \
                    fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE in (mode, os.O_RDWR):
                return number
    return None


# --- writing ----------------------------------------------------------------------------------------------------


def write_file(path: Path, data: bytes, *, follow: bool = True, mode: int = 0o666) -> None:
    """Replace a file, or write through what is none; OSError, and then nothing was changed.

    `follow`: a link is written to what it points to, and what is no file is written through.  Without it, for names that
    no user has given, a link is replaced itself, and whatever else is no file is refused.  `mode` is that of a new
    file; one that a user has named keeps its own.
    """
    status = _status(path, follow)
    if status is not None and follow:
        given = _ours(status, os.O_WRONLY)
        if given is not None:
            return _all(given, data)
        if stat.S_ISFIFO(status.st_mode) or stat.S_ISCHR(status.st_mode):
            return _through(path, data)
    if status is not None and not stat.S_ISREG(status.st_mode) and not stat.S_ISLNK(status.st_mode):
        raise _no_file(status)
    if status is not None and stat.S_ISREG(status.st_mode) and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    _replace(Path(os.path.realpath(path)) if follow else path, data, mode, status if follow else None)


def _status(path: Path, follow: bool) -> os.stat_result | None:
    try:
        return os.stat(path) if follow else os.lstat(path)
    except FileNotFoundError:
        return None


def _all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left[:PIECE]):]


def _through(path: Path, data: bytes) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | _flags("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC"))
            break
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > end:
                raise OSError(errno.ENXIO, f"nobody has read from it for {PATIENCE:.0f} seconds") from None
            time.sleep(0.02)
    try:
        os.set_blocking(descriptor, True)
        _all(descriptor, data)
    finally:
        os.close(descriptor)


def _replace(target: Path, data: bytes, mode: int, old: os.stat_result | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    temporary, descriptor = _new(target.parent, mode)
    try:
        try:
            _all(descriptor, data)
            if old is not None and stat.S_ISREG(old.st_mode):
                _like(descriptor, old)
            os.fsync(descriptor)
            os.replace(temporary, target)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    flush_folder(target.parent)


def _new(folder: Path, mode: int) -> tuple[Path, int]:
    """A new file in a folder, locked."""
    while True:
        path = folder / f".snapproof-{secrets.token_hex(6)}.part"
        # O_EXCL and O_NOFOLLOW: a file or link that somebody planted under this name is never written through.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _flags("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"), mode)
        # Between its making and its locking it looks like one that nobody writes any more: who sweeps may hold it, and is
        # waited for, since what it holds it removes.
        _lock(descriptor, wait=True)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                return path, descriptor
        os.close(descriptor)


def _lock(descriptor: int, wait: bool = False) -> bool:
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _like(descriptor: int, old: os.stat_result) -> None:
    """Give a file the owner and the mode of the one that it replaces, as far as the system allows."""
    now = os.fstat(descriptor)
    if hasattr(os, "fchown") and (now.st_uid, now.st_gid) != (old.st_uid, old.st_gid):
        with suppress(OSError):
            os.fchown(descriptor, old.st_uid, old.st_gid)
    if hasattr(os, "fchmod"):
        with suppress(OSError):
            os.fchmod(descriptor, stat.S_IMODE(old.st_mode) & 0o777)


def sweep(folder: Path) -> None:
    """Remove what killed processes have left unfinished in a folder."""
    with suppress(OSError):
        for name in filter(UNFINISHED.fullmatch, os.listdir(folder)):
            with suppress(OSError):
                descriptor = os.open(folder / name, os.O_RDWR | _flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"))
                try:
                    if _lock(descriptor):
                        os.unlink(folder / name)
                finally:
                    os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Make names in a folder durable: a crash may forget a new or changed one otherwise."""
    # Not every system can open or flush a folder: then it has to do without.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


__all__ = ["TooLarge", "flush_folder", "read_file", "sweep", "write_file"]
