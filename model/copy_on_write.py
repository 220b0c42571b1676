"""Writing a standard device, the disk adapter's part: saving the old data (Figs. 11 and 16A).

A track that a restored device still points to is copied there before anything else (Fig. 20C).
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, has, step, without
from snapproof.vocabulary.restore_values import Migrating
from snapproof.vocabulary.states import Mail
from snapproof.vocabulary.switch_values import CopyOrder, Exclusive, Exhaustion, Held, NewTrack, SavedSessions, Step304, Step308, Step316

from .encoding import Assigned, Copied
from .indirect_tracks import COPY_BACK, contents_for_devices, copied_track, lock_source, migrating_bits, target_of
from .locks import release_log_track, release_track, track_available
from .log_tracks import LOG_TRACKS, obtain_log_track
from .parts import ENDS, LOCKS, MOVES, ON_TRACK, REFUSES, TELLS, TESTS, WORKS
from .sets import Block, Session
from .standard_write import saved_bits, store_standard
from .state import NOBODY, NONE, STANDARD, Array, DiskAdapter, HostAdapter
from .switches import Embodiment


def wanted_device(s: Array, da: DiskAdapter) -> int:
    """The standard device that the request being served is about."""
    for ha in s.all(HostAdapter):
        if ha.number == da.serving:
            return ha.device
    return 0


def wanted_track(s: Array, da: DiskAdapter) -> int:
    """The track that the request being served is about."""
    for ha in s.all(HostAdapter):
        if ha.number == da.serving:
            return ha.track
    return 0


def answer(s: Array, da: DiskAdapter, status: int) -> None:
    """Send a status to the host adapter whose request is being served."""
    for ha in s.all(HostAdapter):
        if ha.number == da.serving:
            ha.mail = status


def next_due(c: Embodiment, mask: int, turn: int) -> int:
    """The first session of the mask that is not before this one (-1: none)."""
    for k in c.each(Session):
        if k >= turn and has(mask, k):
            return k
    return NONE


@step(DiskAdapter, "request", "Figs. 11, 12", WORKS, rest=True)
def take_request(s: Array, c: Embodiment, da: DiskAdapter, ha: HostAdapter) -> Next:
    """Take up a request that a host adapter has sent at 326."""
    if ha.mail != Mail.REQUEST:
        return WAIT
    ha.mail = Mail.TAKEN
    da.serving = ha.number
    return test_bits_of_request


@step(DiskAdapter, "302", "Figs. 11, 16A", TESTS)
def test_bits_of_request(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Hold the track; for which active sessions (302', 302'') is its old data to be saved?

    A set bit of a session whose tracks migrate to another device sends the track there first; then the bits are tested again.
    """
    std = wanted_device(s, da)
    track = wanted_track(s, da)
    if c.exclusive >= Exclusive.FENCES and s.device_lock[std] != NOBODY:
        return WAIT
    migrating = migrating_bits(s, c, std, track)
    if migrating != 0 and c.migrating == Migrating.COPIED_FIRST:
        da.target = target_of(s, c, std, migrating)
        return hold_new_track
    if c.lock_302 == Held.HELD:
        if s.track_lock[std, track] != NOBODY:
            return WAIT
        s.track_lock[std, track] = da.number
    active = saved_bits(s, c, std, track)
    if active == 0:
        return serve_without_bits
    da.mask = s.protection[std, track] if c.saved_sessions == SavedSessions.ALL_SET else active
    if c.step_316 == Step316.WRITE_BACK:
        da.others = without(s.protection[std, track], da.mask)
    return obtain_track_to_copy


@step(DiskAdapter, "302 target", "Fig. 20C (silent)", LOCKS)
def hold_new_track(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Hold the new device's track; it is held before the old one's, and its entry is read then."""
    track = copied_track(s, da)
    if not track_available(s, c, da, max(da.target, 0), track):
        return WAIT
    s.track_lock[max(da.target, 0), track] = da.number
    return COPY_BACK.call(lock_source, done=let_new_track_go)


@step(DiskAdapter, "302 target end", "Fig. 20C (silent)", LOCKS)
def let_new_track_go(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Let the new device's track go; then the bits of the request are tested again."""
    release_track(s, da, max(da.target, 0), copied_track(s, da))
    da.target = -1
    return test_bits_of_request


@step(DiskAdapter, "304", "Fig. 11", WORKS, ENDS, TELLS, MOVES, ON_TRACK)
def serve_without_bits(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """There is nothing to save (another write saved it, or the session ended): say so to the host adapter."""
    if c.step_304 == Step304.WRITE_AND_STATUS or c.step_304 == Step304.WRITE_ONLY:
        for ha in s.all(HostAdapter):
            if ha.number == da.serving:
                store_standard(s, c, ha)
                ha.executed = 1
    if c.step_304 == Step304.STATUS or c.step_304 == Step304.WRITE_AND_STATUS:
        answer(s, da, Mail.STATUS_OK)
    release_track(s, da, wanted_device(s, da), wanted_track(s, da))
    return DONE


@step(DiskAdapter, "306", "Fig. 11", TESTS, ON_TRACK, local=True)
def obtain_track_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Obtain a free log track (Fig. 9)."""
    da.keeps = c.lock_306 == NewTrack.KEPT
    return LOG_TRACKS.call(obtain_log_track, done=fill_log_track, none=refuse_request)


@step(DiskAdapter, "306 order", "Fig. 11", TESTS, ON_TRACK, local=True)
def fill_log_track(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Copy the old data first, or as printed move the pointers first?"""
    return move_pointers if c.copy_order == CopyOrder.POINTER_FIRST else copy_track


def after_pointers(da: DiskAdapter, c: Embodiment) -> Next:
    """The box after 308: clear the bits, or what is still missing about the log track."""
    if c.copy_order == CopyOrder.COPY_FIRST:
        return clear_protection_bits
    return store_back_pointer if c.copy_order == CopyOrder.BACK_POINTER_LAST else copy_track


@step(DiskAdapter, "308", "Fig. 11", WORKS, MOVES, ON_TRACK)
def move_pointers(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Make the next virtual device with a bit point to the log track; each is a table of its own."""
    track = wanted_track(s, da)
    k = next_due(c, da.mask, da.turn)
    vdev = s.bound[wanted_device(s, da), k]
    if vdev != NONE:
        if c.step_308 == Step308.ALWAYS or s.pointer[vdev, track] == STANDARD:
            s.pointer[vdev, track] = da.fresh
    da.turn = k + 1
    if next_due(c, da.mask, k + 1) != NONE:
        return move_pointers
    return after_pointers(da, c)


@step(DiskAdapter, "312a", "Fig. 11", WORKS, MOVES, ON_TRACK)
def copy_track(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Copy the old data to the log track: it is in the slot and write pending.

    All blocks move in one transition, also where lock_302 is off: a simplification (docs/findings.md).
    """
    std = wanted_device(s, da)
    track = wanted_track(s, da)
    for b in c.each(Block):
        s.log_data[da.fresh, b] = contents_for_devices(s, c, std, track, b)
        s.log_origin[da.fresh, b] = Copied(standard=std, track=track)
    return copy_bits_to_map


@step(DiskAdapter, "312b", "Fig. 11", WORKS, ON_TRACK)
def copy_bits_to_map(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Copy the protection bits to the map bits of the log track."""
    s.map_bits[da.fresh] = da.mask
    return move_pointers if c.copy_order == CopyOrder.BACK_POINTER_LAST else store_back_pointer


@step(DiskAdapter, "314", "Fig. 11", WORKS, ON_TRACK)
def store_back_pointer(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Make the extra bytes of the log track point back to the standard track."""
    s.extra[da.fresh] = Assigned(device=wanted_device(s, da), track=wanted_track(s, da))
    return move_pointers if c.copy_order == CopyOrder.COPY_FIRST else clear_protection_bits


@step(DiskAdapter, "316", "Fig. 11", WORKS, ON_TRACK)
def clear_protection_bits(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Clear the protection bits whose old data is saved."""
    std = wanted_device(s, da)
    track = wanted_track(s, da)
    if c.step_316 == Step316.WRITE_BACK:
        s.protection[std, track] = da.others
    else:
        s.protection[std, track] = without(s.protection[std, track], da.mask)
    return send_status


@step(DiskAdapter, "318", "Fig. 11", WORKS, ENDS, TELLS, ON_TRACK)
def send_status(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Send status to the host adapter and let the track go (and the log track, if it was kept)."""
    answer(s, da, Mail.STATUS_OK)
    if c.lock_306 == NewTrack.KEPT:
        release_log_track(s, da, da.fresh)
    release_track(s, da, wanted_device(s, da), wanted_track(s, da))
    return DONE


@step(DiskAdapter, "306 error", "Figs. 4, 11", REFUSES, ENDS, TELLS, ON_TRACK)
def refuse_request(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """No log track is free and none can be created: nothing has been changed; say so to the host adapter, or go on as if it were saved."""
    if c.exhaustion == Exhaustion.OVERWRITE:
        return clear_protection_bits
    answer(s, da, Mail.STATUS_ERROR)
    release_track(s, da, wanted_device(s, da), wanted_track(s, da))
    return DONE
