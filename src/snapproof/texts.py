"""Texts as files, and what is said when the system refuses; how files are written stands in `snapproof.files`."""

from __future__ import annotations

import errno
from pathlib import Path

from .exit_codes import ExitCode
from .files import write_file
from .spec.errors import SnapproofError

FIXES = {
    errno.ENOSPC: "Free some space, or give another folder.",
    errno.EDQUOT: "Free some space, or give another folder.",
    errno.EACCES: "Give a folder that you may write to.",
    errno.EPERM: "Give a folder that you may write to.",
    errno.EROFS: "The file system is read-only; give a folder elsewhere.",
    errno.EISDIR: "There is a folder of that name; give the name of a file.",
    errno.ENOTDIR: "A part of the path is a file; give another folder.",
    errno.EEXIST: "A part of the path is a file; give another folder.",
    errno.ENAMETOOLONG: "Give a shorter name.",
    errno.ELOOP: "Its links lead in a circle; give another name.",
    errno.EINVAL: "Give the name of a file.",
    errno.ENXIO: "Start what reads from it first, or give the name of a file.",
}


class FileError(SnapproofError):
    """A file cannot be written or read: full disk, missing permission, missing folder (TLC: system error)."""

    exit_code = ExitCode.SYSTEM_REFUSES


def write_text(path: Path, text: str, *, follow: bool = True) -> None:
    """Write a UTF-8 file, making its folder if needed; FileError when the system refuses.

    `follow` is for names that a user has given: links and devices are written through (`snapproof.files`).
    """
    try:
        # Half a surrogate pair, as file names that are not UTF-8 have them, is escaped: JSON reads that back.
        write_file(path, text.encode("utf-8", "backslashreplace"), follow=follow)
    except BrokenPipeError:
        raise  # whoever reads has gone, as in `| head`
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> FileError:
    """The refusal for a write that failed."""
    fix = FIXES.get(error.errno or 0, "Check the path and its permissions.")
    return FileError(str(path), f"it cannot be written ({error.strerror}); nothing was changed.", fix)
