"""F: the free list link by link, and who has a log track that is neither free nor assigned.

Walking the list from its head is one long formula.  The rank of each track, counted from the end of the list, says
the same locally: every link leads one rank down.
"""

from __future__ import annotations

from snapproof.model import copy_on_write, log_tracks, virtual_write
from snapproof.model.encoding import Free
from snapproof.model.sets import LogTrack
from snapproof.model.state import NONE, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant

from .places import copies


def fills(ha: HostAdapter) -> bool:
    """Has the host adapter taken its new log track off the free list, and not labelled it yet?"""
    return ha.fresh != NONE and ha.at(
        log_tracks.unlock_free_list, log_tracks.track_still_needed, virtual_write.test_whole_track,
        virtual_write.copy_standard_track, virtual_write.label_new_track, virtual_write.copy_log_track, virtual_write.adjust_pointers,
        virtual_write.modify_map_bits)


def fills_to_copy(da: DiskAdapter) -> bool:
    """Has the disk adapter taken its log track off the free list, and not labelled it yet?"""
    return copies(da) or da.at(
        log_tracks.unlock_free_list, log_tracks.track_still_needed, log_tracks.unlock_log_track)


@invariant("F1", "leaked log track")
def free_track_is_on_the_list(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """A log track with links is on the free list, or somebody has taken it and not labelled it yet."""
    if not isinstance(s.extra[log], Free) or s.free_rank[log] > 0:
        return True
    return (any(fills(ha) and ha.fresh == log for ha in s.all(HostAdapter))
            or any(fills_to_copy(da) and da.fresh == log for da in s.all(DiskAdapter)))


@invariant("F2", "double free")
def track_being_filled_is_taken(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The log track that a host adapter has taken still has its links, and is not on the free list."""
    return not fills(ha) or (isinstance(s.extra[ha.fresh], Free) and s.free_rank[ha.fresh] == 0)


@invariant("F3", "double free")
def track_being_copied_to_is_taken(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """The log track that a disk adapter has taken still has its links, and is not on the free list."""
    return not fills_to_copy(da) or (isinstance(s.extra[da.fresh], Free) and s.free_rank[da.fresh] == 0)


@invariant("F4", "double free")
def candidate_is_on_the_list(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A log track that was only chosen is on the free list; at 242 it is the first."""
    if ha.fresh == NONE:
        return True
    if ha.at(log_tracks.modify_free_list):
        return s.free_head == ha.fresh
    return not ha.at(log_tracks.obtains_free_track, log_tracks.lock_free_list) or s.free_rank[ha.fresh] > 0


@invariant("F5", "double free")
def candidate_to_copy_is_on_the_list(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A log track that a disk adapter has only chosen is on the free list; at 242 it is the first."""
    if da.at(log_tracks.modify_free_list):
        return s.free_head == da.fresh
    return not da.at(log_tracks.obtains_free_track, log_tracks.lock_free_list) or s.free_rank[da.fresh] > 0


@invariant("F6", "double free")
def takers_have_different_tracks(s: Array, c: Embodiment, ha: HostAdapter, da: DiskAdapter) -> bool:
    """A host adapter and a disk adapter do not have the same new log track."""
    if not fills_to_copy(da) and not da.at(copy_on_write.move_pointers):
        return True
    return ha.fresh == NONE or ha.fresh != da.fresh


@invariant("F7", "double free")
def copiers_have_different_tracks(s: Array, c: Embodiment, da: DiskAdapter, db: DiskAdapter) -> bool:
    """Two disk adapters do not have the same new log track."""
    if da.number == db.number or not (fills_to_copy(da) or da.at(copy_on_write.move_pointers)):
        return True
    return not (fills_to_copy(db) or db.at(copy_on_write.move_pointers)) or da.fresh != db.fresh


# --- the list ---------------------------------------------------------------------------------------------------------


@invariant("F8", "broken free list")
def ranked_track_is_free(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """A track on the list has links; the first is the one that none leads to."""
    if s.free_rank[log] == 0:
        return s.free_head != log
    return isinstance(s.extra[log], Free) and (s.extra[log].previous == NONE) == (s.free_head == log)


@invariant("F9", "broken free list")
def first_track_has_the_highest_rank(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """No track has a higher rank than the first; without a first none has a rank."""
    if s.free_head == NONE:
        return s.free_rank[log] == 0
    return s.free_rank[log] <= s.free_rank[s.free_head]


@invariant("F10", "broken free list")
def links_lead_one_rank_down(s: Array, c: Embodiment, log: LogTrack, following: LogTrack) -> bool:
    """The next track has the next lower rank, and points back."""
    if s.free_rank[log] == 0 or not isinstance(s.extra[log], Free) or s.extra[log].next != following:
        return True
    if s.free_rank[following] == 0 or s.free_rank[following] + 1 != s.free_rank[log]:
        return False
    return isinstance(s.extra[following], Free) and s.extra[following].previous == log


@invariant("F11", "broken free list")
def last_track_has_rank_one(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """A track without a next one has rank 1."""
    return s.free_rank[log] < 2 or (isinstance(s.extra[log], Free) and s.extra[log].next != NONE)


@invariant("F12", "broken free list")
def ranks_differ(s: Array, c: Embodiment, log: LogTrack, other: LogTrack) -> bool:
    """No two tracks of the list have the same rank."""
    return log == other or s.free_rank[log] == 0 or s.free_rank[log] != s.free_rank[other]


@invariant("F13", "broken free list")
def first_rank_is_the_length(s: Array, c: Embodiment) -> bool:
    """The rank of the first track is the number of tracks on the list."""
    total = 0
    for log in c.each(LogTrack):
        if s.free_rank[log] > 0:
            total = total + 1
    return total == (s.free_rank[s.free_head] if s.free_head != NONE else 0)
