"""What the engine says when it refuses: a small family, each with place, cause and fix.

`Refused` is an answer to a host: the request was looked at, nothing is broken.  The others say that the array
cannot be used: it is damaged, foreign, in use elsewhere, its store failed, or a process hangs.
"""

from __future__ import annotations

import errno
import os

RESTORE = "Restore the directory from a copy; nothing has been written to it."
"""What to do about damage that was found before anything was written."""


class EngineError(Exception):
    """A refusal; `str()` is one paragraph."""

    def __init__(self, place: str, cause: str, fix: str) -> None:
        super().__init__(place, cause, fix)
        self.place, self.cause, self.fix = place, cause, fix

    def __str__(self) -> str:
        return f"{self.place}: {self.cause} {self.fix}".strip()


class Refused(EngineError):
    """A host's request cannot be carried out; the array is as it was before."""


class BadRequest(Refused):
    """No such device, track, block, session or list, or data of the wrong length."""


class NotReady(Refused):
    """The virtual device is not ready to hosts: not activated yet, being removed, or deactivated; or not for writes (Figs. 10, 13)."""


class NoSession(Refused):
    """All session numbers of the standard device are used, or the virtual device is (442)."""


class NotRegistered(Refused):
    """Relate without Register (454)."""


class NotRelated(Refused):
    """Activate without Relate (486)."""


class GroupRefused(Refused):
    """A group begins on an empty list that has none, and is processed by the host that has begun it (634, 666)."""


class NotEstablished(Refused):
    """There is nothing to remove (Fig. 14)."""


class NotRestorable(Refused):
    """The virtual device is not active, or the device that it is to be restored to may not have it (Figs. 20B to 22)."""


class NotActive(Refused):
    """Only an active virtual device can be deactivated (Fig. 27)."""


class NotSaved(Refused):
    """The virtual device is not deactivated, or has not saved the track (754)."""


class NotKept(Refused):
    """A rolling backup keeps what deactivated devices have saved, and goes back to what it keeps (766, 782)."""


class NoLogTrack(Refused):
    """No log track is free and none can be created; the old data could not be saved, so nothing was written."""


class BadBuild(EngineError):
    """The engine cannot be built with these switches."""


class NotAnArray(EngineError):
    """The directory holds something else, or nothing."""


class Damaged(EngineError):
    """The directory is an array whose bytes contradict each other or their checksums."""


class InUse(EngineError):
    """Another process has the array open."""


class StoreError(EngineError):
    """The system below refuses: a failing read, a full disk."""


class Failed(EngineError):
    """The array stopped itself after an error it could not undo; open it again to get the last committed state."""


class Hung(EngineError):
    """A process did not get on within the time limit; `stacks` has every process with its box and stack."""

    def __init__(self, place: str, cause: str, fix: str, stacks: str) -> None:
        super().__init__(place, cause, fix)
        self.stacks = stacks


FIXES = {
    errno.ENOSPC: "Free some space.",
    errno.EDQUOT: "Free some space, or have the quota raised.",
    errno.EFBIG: "A limit on the size of files is in force (ulimit -f): raise it.",
    errno.EACCES: "Give yourself permission (chmod, chown), or work as the owner of the array.",
    errno.EPERM: "Give yourself permission (chmod, chown), or work as the owner of the array.",
    errno.EROFS: "The array can be read here; to write, mount the file system writable or copy the directory.",
    errno.EIO: "The disk below fails: copy the directory to another one.",
    errno.ENOENT: "Check the path.",
    errno.EEXIST: "Something else has that name; give another one.",
    errno.ENOTDIR: "Name the directory of an array.",
    errno.EMFILE: "Too many files are open: raise the limit (ulimit -n).",
}
"""What to do about a refusal of the system."""

KEPT = "Everything acknowledged is kept, and this call is there whole or not at all; then the array works again."


def refusal(what: str, place: str, error: OSError) -> StoreError:
    """The system below has refused to do something to a file of the store."""
    said = error.strerror or (os.strerror(error.errno) if error.errno else str(error))
    kept = f" {KEPT}" if what in ("write", "remove") else ""
    return StoreError(place, f"the system cannot {what} it: {said}.",
                      FIXES.get(error.errno or 0, "Check that it exists, free space and permissions.") + kept)


__all__ = ["FIXES", "RESTORE", "BadBuild", "BadRequest", "Damaged", "EngineError", "Failed", "GroupRefused", "Hung", "InUse", "NoLogTrack",
           "NoSession", "NotAnArray", "NotEstablished", "NotKept", "NotReady", "NotRegistered", "NotRelated", "Refused", "StoreError",
           "refusal"]
