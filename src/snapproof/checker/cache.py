"""Compiled modules, kept between runs: object code under the digest of its text.

Object code is executed, so a cache that another account could have written is never read: the directory
and the file must belong to this user and be writable by nobody else.  A file carries a checksum; a
damaged one is rebuilt.  Whatever goes wrong here costs a compilation, never a run.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path

from ..files import write_file

MAGIC = b"snapproof object 1\n"
KEEP = 2000
"""How many compiled modules are kept, most of them of some ten thousand bytes; the oldest go first."""

NOWHERE = Path(os.devnull) / "snapproof"
"""A cache that nothing is read from and nothing can be written to."""


def default_directory() -> Path:
    """The user's cache directory, or `SNAPPROOF_CACHE` when it is set; NOWHERE for a user without a home."""
    given = os.environ.get("SNAPPROOF_CACHE")
    if given:
        return Path(given)
    import platformdirs

    try:
        found = Path(platformdirs.user_cache_dir("snapproof"))
    except (RuntimeError, OSError):  # an account of which the system knows no home
        return NOWHERE
    # Where XDG_CACHE_HOME is not absolute it is to be ignored, says its standard.
    found = found if found.is_absolute() else Path(os.path.expanduser("~/.cache/snapproof"))
    return found if found.is_absolute() else NOWHERE


class Cache:
    """A directory of compiled modules.  `notes` says, in sentences, what kept it from being used."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory or default_directory()
        self.notes: list[str] = []

    def load(self, key: str) -> bytes | None:
        """The object code kept under a key; None when there is none that can be trusted."""
        path = self.directory / f"{key}.o"
        try:
            if not self._private(self.directory):
                return None
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        except OSError:
            return None
        try:
            with os.fdopen(handle, "rb") as file:
                if not _owned(os.fstat(file.fileno())):
                    self.notes.append(f"{path.name} in the cache could have been written by another account; compiled anew.")
                    return None
                data = file.read()
        except OSError:
            return None
        head, digest, code = data[:len(MAGIC)], data[len(MAGIC):len(MAGIC) + 32], data[len(MAGIC) + 32:]
        if head != MAGIC or hashlib.sha256(key.encode() + code).digest() != digest:
            self.notes.append(f"{path.name} in the cache is damaged; compiled anew.")
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return code

    def store(self, key: str, code: bytes) -> None:
        """Keep object code under a key, whole or not at all."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._private(self.directory):
                return
            data = MAGIC + hashlib.sha256(key.encode() + code).digest() + code
            write_file(self.directory / f"{key}.o", data, follow=False, mode=0o600)
            self._forget_old()
        except OSError as error:
            self.notes.append(f"the cache {self.directory} cannot be written ({error.strerror}); the next run compiles again.")

    def _private(self, path: Path) -> bool:
        if _owned(os.stat(path)):
            return True
        note = f"the cache {path} could be written by another account and is not used; chmod 700 it, or set SNAPPROOF_CACHE."
        if note not in self.notes:
            self.notes.append(note)
        return False

    def _forget_old(self) -> None:
        kept = list(self.directory.glob("*.o"))
        if len(kept) > KEEP:
            for path in sorted(kept, key=lambda p: p.stat().st_mtime)[:-KEEP]:
                path.unlink()


def _owned(status: os.stat_result) -> bool:
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
