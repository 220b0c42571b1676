"""D: a disk adapter between 302 and 316: what it saves, for whom, and how far it has come."""

from __future__ import annotations

from snapproof.model import copy_on_write
from snapproof.model.copy_on_write import next_due, wanted_device, wanted_track
from snapproof.model.encoding import Assigned
from snapproof.model.sets import Session
from snapproof.model.state import NONE, STANDARD, Array, DiskAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant
from snapproof.vocabulary.states import SessionByte, VirtualState

from .places import saves


@invariant("D1", "lost pre-image")
def saved_sessions_are_active(s: Array, c: Embodiment, da: DiskAdapter, k: Session) -> bool:
    """The sessions whose old data is being saved are active, and their bits are set until 316."""
    if not saves(da) or not has(da.mask, k):
        return True
    d = wanted_device(s, da)
    v = s.bound[d, k]
    if v == NONE or s.session_byte[d, k] != SessionByte.ACTIVE or not has(s.protection[d, wanted_track(s, da)], k):
        return False
    return s.vdev_state[v] == VirtualState.ACTIVE


@invariant("D2", "wrong map bits")
def pointers_move_in_turn(s: Array, c: Embodiment, da: DiskAdapter, k: Session) -> bool:
    """Entries of sessions that are due point to the standard track, those of the others to log tracks."""
    if not saves(da) or not has(da.mask, k):
        return True
    v = s.bound[wanted_device(s, da), k]
    moved = da.at(copy_on_write.clear_protection_bits) or k < da.turn
    return v != NONE and (s.pointer[max(v, 0), wanted_track(s, da)] == STANDARD) != moved


@invariant("D3", "wrong map bits")
def log_track_is_labelled_before_308(s: Array, c: Embodiment, da: DiskAdapter, k: Session) -> bool:
    """At 314 the map bits are those of the sessions; at 308 they still are for the sessions that are due."""
    if da.at(copy_on_write.store_back_pointer):
        return s.map_bits[da.fresh] == da.mask
    if not da.at(copy_on_write.move_pointers):
        return True
    if s.extra[da.fresh] != Assigned(device=wanted_device(s, da), track=wanted_track(s, da)):
        return False
    return not has(da.mask, k) or k < da.turn or has(s.map_bits[da.fresh], k)


@invariant("D4", "wrong map bits")
def somebody_is_due(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """Until 308 is done there is a session whose entry is to be moved."""
    if not saves(da):
        return True
    if da.at(copy_on_write.clear_protection_bits):
        return da.mask != 0
    return next_due(c, da.mask, da.turn) != NONE
