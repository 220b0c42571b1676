"""I3: the protection bit of a virtual device says whether its entry still points to the standard track."""

from __future__ import annotations

from snapproof.model.sets import Session, StandardDevice, Track, VirtualDevice
from snapproof.model.state import NONE, STANDARD, Array
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant
from snapproof.vocabulary.states import SessionByte

from .common import at_work, live


@invariant("I3a", "lost pre-image")
def unsaved_track_is_protected(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """A related or active virtual device whose entry points to the standard track has its bit set there."""
    if not live(s, v) or s.pointer[v, t] != STANDARD or has(s.protection[s.std_of[v], t], s.session_of[v]):
        return True
    return at_work(s, c, s.std_of[v], t)


@unsaved_track_is_protected.explain
def _unsaved_track_is_protected(s: Array, c: Embodiment, v: int, t: int) -> tuple[str, str]:
    return (f"the bit {Session.member(s.session_of[v])} of {StandardDevice.member(s.std_of[v])} {Track.member(t)} is set, "
            f"because {VirtualDevice.member(v)} still points there", "it is clear: the next write would not save the old data")


@invariant("I3b", "stale protection")
def protected_track_is_unsaved(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """A virtual device whose bit is set on a track still points to that track."""
    if not live(s, v) or s.pointer[v, t] == STANDARD or not has(s.protection[s.std_of[v], t], s.session_of[v]):
        return True
    return at_work(s, c, s.std_of[v], t)


@protected_track_is_unsaved.explain
def _protected_track_is_unsaved(s: Array, c: Embodiment, v: int, t: int) -> tuple[str, str]:
    return (f"the bit {Session.member(s.session_of[v])} of {StandardDevice.member(s.std_of[v])} {Track.member(t)} is clear, "
            f"because {VirtualDevice.member(v)} points to the log device", "it is set: a write would save data for it again")


@invariant("I3f", "foreign bit")
def foreign_bits_stay(s: Array, c: Embodiment, d: StandardDevice, k: Session, t: Track) -> bool:
    """Bits that an unrelated feature has set stay set."""
    if c.foreign_bits == 0 or k != c.size(Session) - 1:
        return True
    return s.session_byte[d, k] == SessionByte.RESERVED and s.bound[d, k] == NONE and has(s.protection[d, t], k)


@foreign_bits_stay.explain
def _foreign_bits_stay(s: Array, c: Embodiment, d: int, k: int, t: int) -> tuple[str, str]:
    where = f"{StandardDevice.member(d)} {Track.member(t)}"
    return (f"the bit {Session.member(k)} of {where} belongs to an unrelated feature and stays set",
            "it was cleared, or its session number was given away")
