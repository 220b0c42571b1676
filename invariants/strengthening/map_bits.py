"""M: pointers, map bits and back pointers, exact also while somebody is at work."""

from __future__ import annotations

from snapproof.model import copy_on_write, device_tables, log_tracks, removal, virtual_write
from snapproof.model.copy_on_write import wanted_device, wanted_track
from snapproof.model.encoding import Assigned, ExtraBytes, virtual_device
from snapproof.model.sets import LogTrack, Session, Track, VirtualDevice
from snapproof.model.state import NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant, with_bit, without_bit
from snapproof.vocabulary.states import VirtualState

from .places import before_348, before_366, frees, splits


def at_368(s: Array, c: Embodiment, v: int, t: int) -> bool:
    """Is a writer of this virtual track at 368: the pointer is moved, the map bits are not?"""
    for ha in s.all(HostAdapter):
        if ha.at(virtual_write.modify_map_bits) and virtual_device(c, ha.device) == v and ha.track == t:
            return ha.fresh == s.pointer[v, t]
    return False


@invariant("M1", "wrong map bits")
def pointer_has_map_bit(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """A log track that an entry points to has the map bit of the device, and points back; not so only at 368."""
    entry = s.pointer[v, t]
    if entry == STANDARD:
        return True
    if has(s.map_bits[entry], s.session_of[v]) and s.extra[entry] == Assigned(device=s.std_of[v], track=t):
        return True
    return at_368(s, c, v, t)


@invariant("M2", "wrong map bits")
def map_bit_has_device(s: Array, c: Embodiment, log: LogTrack, k: Session) -> bool:
    """A map bit of an assigned log track is that of a device that is active or being removed."""
    if not isinstance(s.extra[log], Assigned) or not has(s.map_bits[log], k):
        return True
    v = s.bound[s.extra[log].device, k]
    return v != NONE and s.vdev_state[max(v, 0)] >= VirtualState.ACTIVE


@invariant("M11", "wrong map bits")
def map_bit_has_pointer(s: Array, c: Embodiment, log: LogTrack, v: VirtualDevice, t: Track) -> bool:
    """Where a log track that points back has the map bit of a device, the entry points there, or is being moved there or away."""
    if s.vdev_state[v] < VirtualState.ACTIVE or s.extra[log] != Assigned(device=s.std_of[v], track=t):
        return True
    if s.pointer[v, t] == log or not has(s.map_bits[log], s.session_of[v]):
        return True
    return moves_here(s, c, s.std_of[v], t, log, s.session_of[v]) or moves(s, c, v, t, log)


def moves_here(s: Array, c: Embodiment, d: int, t: int, log: int, k: int) -> bool:
    """Is a disk adapter about to move the pointer of this session to the log track (308)?"""
    for da in s.all(DiskAdapter):
        if da.at(copy_on_write.move_pointers) and da.fresh == log and da.turn <= k and has(da.mask, k):
            if wanted_device(s, da) == d and wanted_track(s, da) == t:
                return True
    return False


def moves(s: Array, c: Embodiment, v: int, t: int, log: int) -> bool:
    """Is a writer of this virtual track about to move the pointer here (348), or has it just moved it away (366)?"""
    for ha in s.all(HostAdapter):
        if virtual_device(c, ha.device) == v and ha.track == t:
            if ha.at(virtual_write.point_to_new_track) and ha.fresh == log:
                return True
            if ha.at(virtual_write.modify_map_bits) and ha.entry == log:
                return True
    return False


@invariant("M3", "leaked log track")
def unused_track_is_being_freed(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """An assigned log track without map bits is in the hands of a removal that returns it (386 to 242)."""
    if not isinstance(s.extra[log], Assigned) or s.map_bits[log] != 0:
        return True
    return any(frees(c, ha) and not after_242(ha) and ha.entry == log for ha in s.all(HostAdapter))


def after_242(ha: HostAdapter) -> bool:
    """Has the host adapter returned its log track, or taken it off the free list?"""
    return ha.at(log_tracks.unlock_free_list, log_tracks.track_still_needed, log_tracks.unlock_log_track)


@invariant("M4", "double free")
def freed_track_has_no_user(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 384 to 242 the log track of a removal is assigned; from 388 on it has no map bit."""
    if not frees(c, ha) or after_242(ha):
        return True
    return isinstance(s.extra[ha.entry], Assigned) and (ha.at(removal.test_last_map_bit) or s.map_bits[ha.entry] == 0)


# --- Fig. 13 --------------------------------------------------------------------------------------------------------------


@invariant("M5", "pointer moved by another")
def entry_stays_as_read(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """While a writer holds what its entry points to, the entry stays, and the device is active (or being removed)."""
    v = virtual_device(c, ha.device)
    if before_348(c, ha) or (ha.at(device_tables.modify_entry) and ha.entry == STANDARD):
        return s.pointer[v, ha.track] == STANDARD and s.vdev_state[v] == VirtualState.ACTIVE
    if before_366(c, ha) or ha.at(device_tables.modify_entry, device_tables.write_log_entry):
        return s.pointer[v, ha.track] == ha.entry
    return True


@invariant("M6", "pointer moved by another")
def moved_pointer_stays(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """After 348, and at 368, the entry points to the new log track."""
    if not ha.at(virtual_write.clear_own_bit, virtual_write.modify_map_bits):
        return True
    v = virtual_device(c, ha.device)
    if ha.at(virtual_write.clear_own_bit) and s.vdev_state[v] != VirtualState.ACTIVE:
        return False
    return s.pointer[v, ha.track] == ha.fresh


@invariant("M7", "wrong map bits")
def shared_track_stays_shared(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 362 to 368 the log track has the writer's map bit and another one."""
    if not splits(c, ha) and not ha.at(virtual_write.modify_map_bits):
        return True
    k = s.session_of[virtual_device(c, ha.device)]
    return without_bit(s.map_bits[ha.entry], k) != 0 and has(s.map_bits[ha.entry], k)


@invariant("M8", "wrong map bits")
def new_track_is_labelled(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """At 348 the new log track has the writer's map bit alone, and points back."""
    if not ha.at(virtual_write.point_to_new_track):
        return True
    v = virtual_device(c, ha.device)
    return s.map_bits[ha.fresh] == with_bit(0, s.session_of[v]) and (
        s.extra[ha.fresh] == Assigned(device=s.std_of[v], track=ha.track))


@invariant("M10", "double free")
def new_track_stays_assigned(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 348, or 368, to the end the writer's new log track is assigned."""
    if not ha.at(virtual_write.clear_own_bit, virtual_write.write_new_track, virtual_write.write_after_split):
        return True
    return isinstance(s.extra[ha.fresh], Assigned)


@invariant("M9", "wrong back pointer")
def split_track_points_back(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 356 to 368 the log track of the entry points back to the writer's standard track."""
    if not before_366(c, ha) and not ha.at(virtual_write.modify_map_bits):
        return True
    extra: ExtraBytes = s.extra[ha.entry]
    return extra == Assigned(device=s.std_of[virtual_device(c, ha.device)], track=ha.track)
