"""I4 to I8: map bits, back pointers, the free list, and the whereabouts of every log track."""

from __future__ import annotations

from snapproof.model import copy_on_write, log_tracks, removal, virtual_read
from snapproof.model.encoding import Assigned, ExtraBytes, Free, NotCreated, OnLog, extra_words, virtual_device
from snapproof.model.indirect_tracks import COPY_BACK, restored_sessions
from snapproof.model.parts import CHOOSES, ON_TRACK, REMOVES
from snapproof.model.sets import LogTrack, Session, StandardDevice, Track, VirtualDevice
from snapproof.model.state import NONE, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant, transition
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import RemovalTables

from .common import at_work, live


def uses(s: Array, c: Embodiment, v: int, log: int) -> bool:
    """Does an entry of this virtual device count as a use of the log track?

    Entries of a device being removed count until the map bit is cleared.  Where tables are kept, entries of
    tracks already processed stay, and are met again when the device is next established (Fig. 8, before
    216); without a map bit they no longer count.
    """
    if not live(s, v):
        if s.vdev_state[v] not in (VirtualState.REMOVING, VirtualState.RESTORING) and not establishing(s, v):
            return False
        if c.removal_tables == RemovalTables.RETAINED and not has(s.map_bits[log], s.session_of[v]):
            return False
    return any(s.pointer[v, t] == log for t in c.each(Track))


def establishing(s: Array, v: int) -> bool:
    """Is the virtual device being established in one call, so that old data is saved for it already (Fig. 8)?"""
    if s.vdev_state[v] != VirtualState.RELATING:
        return False
    k = s.session_of[v]
    return s.bound[s.std_of[v], k] == v and s.session_byte[s.std_of[v], k] == SessionByte.ACTIVE


def shows(s: Array, c: Embodiment, std: int, log: int) -> bool:
    """Does a track of the standard device point to the log track since a restore?"""
    return any(s.indirect[std, t] == OnLog(log=log) for t in c.each(Track))


def referenced(s: Array, c: Embodiment, log: int) -> bool:
    """Does an entry of a virtual device point to the log track, or an indirect track?"""
    return any(uses(s, c, v, log) for v in c.each(VirtualDevice)) or any(shows(s, c, d, log) for d in c.each(StandardDevice))


def users(s: Array, c: Embodiment, std: int, log: int) -> int:
    """The sessions of a standard device whose virtual devices point to the log track, or whose restore made its tracks do so."""
    mask = 0
    for d in c.each(StandardDevice):
        if shows(s, c, d, log):
            mask = mask | restored_sessions(s, c, std, d)
    for k in c.each(Session):
        v = s.bound[std, k]
        if v != NONE:
            if uses(s, c, v, log):
                mask = mask | (1 << k)
    return mask


def following(s: Array, log: int) -> int:
    """The next track of the free list (-1: none, or the track has no links)."""
    return s.extra[log].next if isinstance(s.extra[log], Free) else NONE


def on_free_list(s: Array, c: Embodiment, log: int) -> bool:
    """Is the log track met when the free list is walked from its head?"""
    here = s.free_head
    for _ in c.each(LogTrack):
        if here == log:
            return True
        if here != NONE:
            here = following(s, here)
    return False


def choosing(ha: HostAdapter) -> bool:
    """Has the host adapter only chosen a track that is still on the free list?"""
    return ha.at(CHOOSES)


def taken(ha: HostAdapter, log: int) -> bool:
    """Has the host adapter taken the track off the free list and not yet finished with it?"""
    return ha.fresh == log and not choosing(ha)


def disk_hand(da: DiskAdapter, log: int) -> bool:
    """Has the disk adapter taken the track off the free list and not yet finished with it?

    From 316 on it does not touch the log track any more; those that point to it may even have freed it.
    """
    return da.fresh == log and not da.at(CHOOSES, copy_on_write.clear_protection_bits, copy_on_write.send_status)


def returning(ha: HostAdapter, log: int) -> bool:
    """Is the host adapter about to put the track on the free list?"""
    return ha.entry == log and ha.fresh == NONE and ha.at(
        removal.return_log_track, log_tracks.obtains_free_track, log_tracks.lock_free_list, log_tracks.modify_free_list)


def disk_returning(da: DiskAdapter, log: int) -> bool:
    """Is the disk adapter about to put the track on the free list, behind the last use of it?"""
    return da.entry == log and da.fresh == NONE and da.at(
        log_tracks.obtains_free_track, log_tracks.lock_free_list, log_tracks.modify_free_list)


def owners(s: Array, log: int) -> int:
    """How many processes have taken the track off the free list, or are about to put it there."""
    total = 0
    for ha in s.all(HostAdapter):
        if taken(ha, log) or returning(ha, log):
            total = total + 1
    for da in s.all(DiskAdapter):
        if disk_hand(da, log) or disk_returning(da, log):
            total = total + 1
    return total


def at_hand(s: Array, log: int) -> bool:
    """Is a process working with the track, so that it cannot be lost?"""
    for ha in s.all(HostAdapter):
        if ha.entry == log and ha.at(ON_TRACK, REMOVES):
            return True
    for da in s.all(DiskAdapter):
        if da.entry == log and da.inside(COPY_BACK):
            return True
    return owners(s, log) > 0


@invariant("I4", "wrong map bits")
def map_bits_name_users(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """The map bits of an assigned log track name exactly the virtual devices that point to it."""
    if not isinstance(s.extra[log], Assigned):
        return True
    std = s.extra[log].device
    if s.map_bits[log] == users(s, c, std, log):
        return True
    track = s.extra[log].track
    return at_work(s, c, std, track) or any(shows(s, c, d, log) and at_work(s, c, d, track) for d in c.each(StandardDevice))


@map_bits_name_users.explain
def _map_bits_name_users(s: Array, c: Embodiment, log: int) -> tuple[str, str]:
    right = users(s, c, s.extra[log].device, log)
    return (f"the map bits of {LogTrack.member(log)} are {_sessions(c, right)}, the devices that point to it",
            _sessions(c, s.map_bits[log]))


def _sessions(c: Embodiment, mask: int) -> str:
    return ", ".join(Session.member(k) for k in range(c.size(Session)) if has(mask, k)) or "none"


@invariant("I7", "broken free list")
def free_list_is_sound(s: Array, c: Embodiment) -> bool:
    """The free list is one chain of free tracks, linked both ways, that ends."""
    here = s.free_head
    previous = NONE
    for _ in c.each(LogTrack):
        if here != NONE:
            if not isinstance(s.extra[here], Free):
                return False
            if s.extra[here].previous != previous:
                return False
            previous = here
            here = following(s, here)
    return here == NONE


@free_list_is_sound.explain
def _free_list_is_sound(s: Array, c: Embodiment) -> tuple[str, str]:
    return "the free list is a chain of free tracks, linked both ways", "a link leads to a track that is not free, or back"


@invariant("I5a", "leaked log track")
def no_track_is_lost(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """A log track that exists is free, pointed to, or in a process's hands."""
    if isinstance(s.extra[log], NotCreated) or referenced(s, c, log) or on_free_list(s, c, log):
        return True
    return at_hand(s, log)


@no_track_is_lost.explain
def _no_track_is_lost(s: Array, c: Embodiment, log: int) -> tuple[str, str]:
    return (f"{LogTrack.member(log)} is on the free list, or a virtual device or an indirect track points to it, or somebody "
            "is working with it",
            "none of these: nobody will ever use or free it")


@invariant("I5b", "dangling pointer")
def no_pointer_dangles(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """No entry of a virtual device points to a track on the free list."""
    entry = s.pointer[v, t]
    if entry == NONE:
        return True
    return not uses(s, c, v, entry) or not on_free_list(s, c, entry)


@no_pointer_dangles.explain
def _no_pointer_dangles(s: Array, c: Embodiment, v: int, t: int) -> tuple[str, str]:
    return (f"{VirtualDevice.member(v)} {Track.member(t)} points to a track that is not free",
            f"it points to {LogTrack.member(s.pointer[v, t])}, which is on the free list")


@invariant("I5c", "double free")
def track_has_one_owner(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """A log track that is being obtained or returned is in one process's hands, and not on the free list."""
    count = owners(s, log)
    return count == 0 or (count == 1 and not on_free_list(s, c, log))


@track_has_one_owner.explain
def _track_has_one_owner(s: Array, c: Embodiment, log: int) -> tuple[str, str]:
    return (f"one process has {LogTrack.member(log)} in hand, and it is not on the free list",
            f"{owners(s, log)} have it in hand" + (", and it is on the free list" if on_free_list(s, c, log) else ""))


@invariant("I6", "wrong back pointer")
def back_pointer_is_right(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """The extra bytes of a log track that an entry points to name the standard track it came from."""
    entry = s.pointer[v, t]
    if not live(s, v) or entry == NONE:
        return True
    if s.extra[entry] == Assigned(device=s.std_of[v], track=t):
        return True
    return at_work(s, c, s.std_of[v], t)


@back_pointer_is_right.explain
def _back_pointer_is_right(s: Array, c: Embodiment, v: int, t: int) -> tuple[str, str]:
    extra = s.extra[s.pointer[v, t]]
    return (f"the extra bytes of {LogTrack.member(s.pointer[v, t])} point back to "
            f"{StandardDevice.member(s.std_of[v])} {Track.member(t)}", f"they say: {extra_words(extra)}")


@transition("I6r", "wrong back pointer", steps=[virtual_read.read_log_entry])
def entry_read_is_own(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The table entry of a log track that is read through a virtual device names the device's own track."""
    extra: ExtraBytes = before.extra[ha.entry]
    return extra == Assigned(device=before.std_of[virtual_device(c, ha.device)], track=ha.track)


@entry_read_is_own.explain
def _entry_read_is_own(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    std = StandardDevice.member(before.std_of[virtual_device(c, ha.device)])
    return (f"the entry of {LogTrack.member(ha.entry)} points back to {std} {Track.member(ha.track)}",
            f"its extra bytes say: {extra_words(before.extra[ha.entry])}")


@invariant("I8", "misaligned log track")
def shared_tracks_are_aligned(s: Array, c: Embodiment, v: VirtualDevice, w: VirtualDevice, t: Track, u: Track) -> bool:
    """Entries that point to the same log track are for the same track of the same standard device."""
    if s.pointer[v, t] == NONE or s.pointer[v, t] != s.pointer[w, u]:
        return True
    return not live(s, v) or not live(s, w) or (t == u and s.std_of[v] == s.std_of[w])




@shared_tracks_are_aligned.explain
def _shared_tracks_are_aligned(s: Array, c: Embodiment, v: int, w: int, t: int, u: int) -> tuple[str, str]:
    log = LogTrack.member(s.pointer[v, t])
    return (f"all entries that point to {log} are for one track of one standard device",
            f"{VirtualDevice.member(v)} {Track.member(t)} of {StandardDevice.member(s.std_of[v])} and "
            f"{VirtualDevice.member(w)} {Track.member(u)} of {StandardDevice.member(s.std_of[w])} point to it")
