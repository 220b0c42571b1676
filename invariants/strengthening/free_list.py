"""F: who has a log track that is neither free nor assigned."""

from __future__ import annotations

from snapproof.invariants.log_device import on_free_list
from snapproof.model import copy_on_write, log_tracks, virtual_write
from snapproof.model.encoding import is_free
from snapproof.model.sets import LogTrack
from snapproof.model.state import NONE, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant

from .places import copies


def fills(ha: HostAdapter) -> bool:
    """Has the host adapter taken its new log track off the free list, and not labelled it yet?"""
    return ha.fresh != NONE and ha.at(
        log_tracks.unlock_free_list, log_tracks.track_still_needed, virtual_write.copy_standard_track,
        virtual_write.label_new_track, virtual_write.copy_log_track, virtual_write.adjust_pointers,
        virtual_write.modify_map_bits)


def fills_to_copy(da: DiskAdapter) -> bool:
    """Has the disk adapter taken its log track off the free list, and not labelled it yet?"""
    return copies(da) or da.at(
        log_tracks.unlock_free_list_to_copy, log_tracks.track_is_locked_to_copy, log_tracks.unlock_log_track_to_copy)


@invariant("F1", "leaked log track")
def free_track_is_on_the_list(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """A log track with links is on the free list, or somebody has taken it and not labelled it yet."""
    if not is_free(c, s.extra[log]) or on_free_list(s, c, log):
        return True
    for ha in s.all(HostAdapter):
        if fills(ha) and ha.fresh == log:
            return True
    for da in s.all(DiskAdapter):  # noqa: SIM110  (no generators in the language)
        if fills_to_copy(da) and da.fresh == log:
            return True
    return False


@invariant("F2", "double free")
def track_being_filled_is_taken(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The log track that a host adapter has taken still has its links, and is not on the free list."""
    return not fills(ha) or (is_free(c, s.extra[ha.fresh]) and not on_free_list(s, c, ha.fresh))


@invariant("F3", "double free")
def track_being_copied_to_is_taken(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """The log track that a disk adapter has taken still has its links, and is not on the free list."""
    return not fills_to_copy(da) or (is_free(c, s.extra[da.fresh]) and not on_free_list(s, c, da.fresh))


@invariant("F4", "double free")
def candidate_is_on_the_list(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A log track that was only chosen is on the free list; at 242 it is the first."""
    if ha.fresh == NONE:
        return True
    if ha.at(log_tracks.modify_free_list):
        return s.free_head == ha.fresh
    return not ha.at(log_tracks.obtains_free_track, log_tracks.lock_free_list) or on_free_list(s, c, ha.fresh)


@invariant("F5", "double free")
def candidate_to_copy_is_on_the_list(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A log track that a disk adapter has only chosen is on the free list; at 242 it is the first."""
    if da.at(log_tracks.modify_free_list_to_copy):
        return s.free_head == da.fresh
    return not da.at(log_tracks.lock_free_list_to_copy) or on_free_list(s, c, da.fresh)


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
