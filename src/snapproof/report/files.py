"""The one place where this package writes files: complete or not at all.

A text is written to a new file in the same folder, flushed to the disk, and renamed over the target.
A reader sees the old file or the new one; a failure leaves the old one and no litter.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from .errors import FileError

FIXES = {
    errno.ENOSPC: "Free some space, or give another folder.",
    errno.EDQUOT: "Free some space, or give another folder.",
    errno.EACCES: "Give a folder that you may write to.",
    errno.EPERM: "Give a folder that you may write to.",
    errno.EROFS: "The file system is read-only; give a folder elsewhere.",
    errno.EISDIR: "There is a folder of that name; move it away.",
    errno.ENOTDIR: "A part of the path is a file; give another folder.",
    errno.EEXIST: "A part of the path is a file; give another folder.",
    errno.ENAMETOOLONG: "Give a shorter name.",
}


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file atomically, making its folder if needed; FileError when the system refuses."""
    temporary = path.with_name(f".{path.name[:200]}.{secrets.token_hex(6)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(temporary, text.encode("utf-8"))
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def unwritable(path: Path, error: OSError) -> FileError:
    """The refusal for a write that failed."""
    fix = FIXES.get(error.errno or 0, "Check the path and its permissions.")
    return FileError(str(path), f"it cannot be written ({error.strerror}); nothing was changed.", fix)


def _write_new(path: Path, data: bytes) -> None:
    # O_EXCL and O_NOFOLLOW: a file or link that somebody planted under this name is never written through.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    # Without this a crash may forget the renaming.  Not every system can open a folder: then it has to do without.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
