"""What the engine says when it refuses: a small family, each with place, cause and fix.

`Refused` is an answer to a host: the request was looked at, nothing is broken.  The others say that the array
cannot be used: it is damaged, foreign, in use elsewhere, its store failed, or a process hangs.
"""

from __future__ import annotations


class EngineError(Exception):
    """A refusal; `str()` is one paragraph."""

    def __init__(self, place: str, cause: str, fix: str) -> None:
        super().__init__(f"{place}: {cause} {fix}".strip())
        self.place, self.cause, self.fix = place, cause, fix


class Refused(EngineError):
    """A host's request cannot be carried out; the array is as it was before."""


class BadRequest(Refused):
    """No such device, track, block, session or list, or data of the wrong length."""


class NotReady(Refused):
    """The virtual device is not ready to hosts: not activated yet, or being removed (Figs. 10, 13)."""


class NoSession(Refused):
    """All session numbers of the standard device are used, or the virtual device is (442)."""


class NotRegistered(Refused):
    """Relate without Register (454)."""


class NotRelated(Refused):
    """Activate without Relate (486)."""


class NotEstablished(Refused):
    """There is nothing to remove (Fig. 14)."""


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


__all__ = ["BadBuild", "BadRequest", "Damaged", "EngineError", "Failed", "Hung", "InUse", "NoLogTrack", "NoSession", "NotAnArray",
           "NotEstablished", "NotReady", "NotRegistered", "NotRelated", "Refused", "StoreError"]
