"""Restoring a virtual device to the standard device it stands for (Figs. 20B and 21).

The figure's boxes take no lock: what has to be kept away is "understood".  The loop is safe under exclusive access to the
standard device from before the first track until 558, with the virtual device not ready and its log tracks let go by
those who hold them (564).  After 558 the device shows the image; its tracks are copied back later (`indirect_tracks.py`).
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, has, step, without_bit
from snapproof.vocabulary.restore_values import RestoreAccess, RestoreReady, Step557, Step568, Test551
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Held, RemovalTables

from .encoding import OnLog
from .indirect_tracks import any_indirect, end_migration, numbers_locked
from .locks import enter, may_enter, may_raise, raise_flag, release_device
from .pair_lists import list_is_held, on_any_list, take_off_all_lists
from .parts import ENDS, EXCLUSIVE, LOCKS, MOVES, REFUSES, RESTORES, TESTS, WORKS
from .sets import Block, LogTrack, Session, StandardDevice, Track
from .state import NOBODY, NONE, STANDARD, Array, HostAdapter
from .switches import Embodiment


def another_session(s: Array, c: Embodiment, std: int, mine: int) -> bool:
    """Has the standard device another session that forbids the restore, or an indirect track left by one?

    An unrelated feature's session is `RESERVED` for good.  Tracks may be indirect for a session of another device (Fig. 20C).
    """
    if c.test_551 == Test551.ANY and any_indirect(s, c, std):
        return True
    for k in c.each(Session):
        byte = s.session_byte[std, k]
        if k != mine and c.test_551 != Test551.NOT_TESTED:
            if byte == SessionByte.ACTIVE:
                return True
            if c.test_551 == Test551.ANY and byte != SessionByte.FREE and byte != SessionByte.RESERVED:
                return True
    return False


def restorable(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Is the virtual device active and established to this standard device, and no other one is?"""
    return (s.vdev_state[ha.virtual] == VirtualState.ACTIVE and s.std_of[ha.virtual] == ha.standard
            and not another_session(s, c, ha.standard, s.session_of[ha.virtual]))


# --- before the first track ------------------------------------------------------------------------------------


@step(HostAdapter, "551a", "Fig. 21 (silent)", WORKS)
def take_off_list_to_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """A pair that was activated alone stands on its list still: take it off, unless the list is being activated."""
    if not restorable(s, c, ha):
        return refuse_restore
    if list_is_held(s, c, ha.virtual):
        return WAIT
    take_off_all_lists(s, c, ha.virtual)
    return stop_virtual_device if c.restore_access == RestoreAccess.NONE else exclude_to_restore


@step(HostAdapter, "551b", "Figs. 20B, 21 (locking)", LOCKS)
def exclude_to_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device; lists are locked before devices, as at 371b."""
    if not restorable(s, c, ha):
        return refuse_restore
    if on_any_list(s, c, ha.virtual):
        return take_off_list_to_restore
    if not may_raise(s, c, ha, ha.standard):
        return WAIT
    raise_flag(s, c, ha, ha.standard)
    return drain_to_restore


@step(HostAdapter, "551b drain", "Figs. 20B, 21 (locking)", LOCKS)
def drain_to_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device."""
    if not may_enter(s, c, ha, ha.standard):
        return WAIT
    enter(s, c, ha, ha.standard)
    return stop_virtual_device


@step(HostAdapter, "551c", "Fig. 21 (silent)", WORKS, EXCLUSIVE, RESTORES)
def stop_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Test once more, now that it cannot change, and make the virtual device not ready."""
    if not restorable(s, c, ha):
        release_device(s, ha, ha.standard)
        return refuse_restore
    begin_restore(s, c, ha)
    return first_track_to_restore


def begin_restore(s: Array, c: Embodiment, ha: HostAdapter) -> None:
    """The virtual device is being restored to the device that the command names, and is not ready."""
    s.vdev_state[ha.virtual] = VirtualState.RESTORING
    s.restored_to[s.std_of[ha.virtual], s.session_of[ha.virtual]] = ha.standard
    if c.restore_ready == RestoreReady.NOT_READY_FIRST:
        s.ready[ha.virtual] = 0


# --- Fig. 21 -----------------------------------------------------------------------------------------------------


@step(HostAdapter, "552", "Fig. 21", TESTS, RESTORES, local=True)
def first_track_to_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the first track of the virtual device."""
    ha.due_track = 0
    return more_tracks_to_restore


@step(HostAdapter, "554", "Fig. 21", TESTS, RESTORES, local=True)
def more_tracks_to_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Are there more tracks to be processed?"""
    return test_entry_to_restore if ha.due_track < c.size(Track) else mark_restored


@step(HostAdapter, "562", "Fig. 21", TESTS, RESTORES)
def test_entry_to_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does the entry of this track point to the standard device?"""
    ha.entry = s.pointer[ha.virtual, ha.due_track]
    return test_bit_of_standard_track if ha.entry == STANDARD else point_to_log_track


@step(HostAdapter, "564", "Fig. 21", WORKS, EXCLUSIVE, RESTORES)
def point_to_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the standard track point to the log track, once those who hold that have let it go.

    Who writes the virtual device in its log track has that in his hands alone; he has found the device ready.
    """
    if c.lock_564 == Held.HELD:
        if s.log_lock[ha.entry] != NOBODY:
            return WAIT
        if s.pointer[ha.virtual, ha.due_track] != ha.entry:
            ha.entry = STANDARD
            return test_entry_to_restore
    s.indirect[ha.standard, ha.due_track] = OnLog(log=ha.entry)
    return test_bit_of_log_track


@step(HostAdapter, "567", "Fig. 21", TESTS, RESTORES)
def test_bit_of_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the protection bit set?  It should not be."""
    return process_error if protected(s, ha) else next_track_to_restore


@step(HostAdapter, "574", "Fig. 21", TESTS, RESTORES)
def test_bit_of_standard_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the protection bit set?  It should be."""
    return clear_bit_of_restored if protected(s, ha) else process_error


def protected(s: Array, ha: HostAdapter) -> bool:
    """Is the protection bit of the virtual device set on the track being processed?"""
    return has(s.protection[ha.standard, ha.due_track], s.session_of[ha.virtual])


@step(HostAdapter, "578", "Fig. 21", WORKS, EXCLUSIVE, RESTORES)
def clear_bit_of_restored(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Clear the protection bit: the standard track is what the image shows, and a write to it need save nothing."""
    clear_own_protection(s, ha)
    return next_track_to_restore


def clear_own_protection(s: Array, ha: HostAdapter) -> None:
    """Clear the bit of the virtual device on the track being processed."""
    s.protection[ha.standard, ha.due_track] = without_bit(s.protection[ha.standard, ha.due_track], s.session_of[ha.virtual])


@step(HostAdapter, "568", "Fig. 21", WORKS, EXCLUSIVE, RESTORES)
def process_error(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The bit is not what the pointer says: log it and go on, give up, or clear the bit."""
    if c.step_568 == Step568.SUSPENDED:
        release_device(s, ha, ha.standard)
        return refuse_restore
    if c.step_568 == Step568.CORRECTED:
        clear_own_protection(s, ha)
    return next_track_to_restore


@step(HostAdapter, "572", "Fig. 21", TESTS, RESTORES, local=True)
def next_track_to_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the next track."""
    ha.entry = STANDARD
    ha.due_track = ha.due_track + 1
    return more_tracks_to_restore


# --- the end: header, virtual device, session type -----------------------------------------------------------------


@step(HostAdapter, "555", "Fig. 21", WORKS, EXCLUSIVE, RESTORES)
def mark_restored(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write to the header that the session has been restored."""
    s.session_byte[ha.standard, s.session_of[ha.virtual]] = SessionByte.RESTORED
    return deallocate_restored


@step(HostAdapter, "557", "Figs. 14, 21", WORKS, MOVES, EXCLUSIVE, RESTORES)
def deallocate_restored(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is unused; its log tracks are not returned, because the standard device shows them.

    From here on the standard device must show what the virtual device did.
    """
    deallocate(s, c, ha)
    return change_session_type


def deallocate(s: Array, c: Embodiment, ha: HostAdapter) -> None:
    """Of the virtual device nothing is left but its session, whose bits stand for indirect tracks of the restored device."""
    std = s.std_of[ha.virtual]
    k = s.session_of[ha.virtual]
    for t in c.each(Track):
        for b in c.each(Block):
            s.logical[ha.standard, t, b] = s.image[ha.virtual, t, b]
            s.image[ha.virtual, t, b] = 0
        if c.removal_tables == RemovalTables.DISCARDED:
            s.pointer[ha.virtual, t] = STANDARD
    if c.step_557 == Step557.CLEARED:
        for log in c.each(LogTrack):
            if any(s.indirect[ha.standard, t] == OnLog(log=log) for t in c.each(Track)):
                s.map_bits[log] = without_bit(s.map_bits[log], k)
    s.bound[std, k] = NONE
    s.vdev_state[ha.virtual] = VirtualState.UNUSED
    s.ready[ha.virtual] = 0
    s.std_of[ha.virtual] = 0
    s.session_of[ha.virtual] = 0


@step(HostAdapter, "558", "Fig. 21", WORKS, ENDS, EXCLUSIVE, RESTORES)
def change_session_type(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The session says now that tracks are indirect, unless none is, and exclusive access ends: the restore is done."""
    if numbers_locked(s, c, ha.standard):
        return WAIT
    begin_migration(s, c, ha.standard)
    release_device(s, ha, ha.standard)
    return DONE


def begin_migration(s: Array, c: Embodiment, target: int) -> None:
    """Sessions whose virtual device was restored to a device have indirect tracks there from now on, unless none is."""
    for d in c.each(StandardDevice):
        for k in c.each(Session):
            if s.session_byte[d, k] == SessionByte.RESTORED and s.restored_to[d, k] == target:
                s.session_byte[d, k] = SessionByte.MIGRATING
    end_migration(s, c, target)


@step(HostAdapter, "551 error", "Fig. 21", REFUSES, ENDS, local=True)
def refuse_restore(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not active, or not the only one of the standard device: an error is returned."""
    return DONE
