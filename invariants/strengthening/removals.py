"""R: removal (Fig. 14), track by track."""

from __future__ import annotations

from snapproof.model import removal
from snapproof.model.sets import Track
from snapproof.model.state import STANDARD, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant
from snapproof.vocabulary.states import VirtualState

from .places import frees, in_loop_of_14


@invariant("R1", "removed twice")
def device_being_removed_is_own(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """In the loop of Fig. 14 the virtual device is being removed."""
    return not in_loop_of_14(c, ha) or s.vdev_state[ha.virtual] == VirtualState.REMOVING


@invariant("R2", "removed twice")
def removals_do_not_meet(s: Array, c: Embodiment, ha: HostAdapter, hb: HostAdapter) -> bool:
    """Two removals have different virtual devices."""
    if ha.number == hb.number or ha.virtual != hb.virtual:
        return True
    return not in_loop_of_14(c, ha) or not in_loop_of_14(c, hb)


def is_done(s: Array, c: Embodiment, ha: HostAdapter, t: int) -> bool:
    """Has the removal processed the track?"""
    if ha.at(removal.first_track):
        return False
    if ha.at(removal.finish_removal):
        return True
    return t < ha.due_track or (t == ha.due_track and (frees(c, ha) or ha.at(removal.next_track)))


@invariant("R3", "leaked log track")
def processed_tracks_are_clean(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """Tracks that the loop has processed point to the standard track and have no bit."""
    if not in_loop_of_14(c, ha) or not is_done(s, c, ha, t):
        return True
    v = ha.virtual
    return s.pointer[v, t] == STANDARD and not has(s.protection[s.std_of[v], t], s.session_of[v])


@invariant("R4", "leaked log track")
def unmoved_track_stays_so(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """At 376 the entry points to the standard track still."""
    return not ha.at(removal.clear_bit_of_removed) or s.pointer[ha.virtual, ha.due_track] == STANDARD
