"""Restoring a virtual device to another standard device than the one it stands for (Figs. 20C and 22).

The figure's boxes take no lock.  The loop is safe under exclusive access to both devices from before the first track until 586:
no write to the old one may pass between the entry of a track and the type of the session, which tells writers that the track is
to be copied first.  The old device's own contents stay as they are; its protection bits stay set, and stand for the tracks of the
new device that point to it.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, has, step, with_bit, without_bit
from snapproof.vocabulary.restore_values import NewAccess, Step591, Test581
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Held

from .encoding import OnLog, OnStandard
from .indirect_tracks import any_indirect, numbers_locked
from .locks import enter, may_enter, may_raise, raise_flag, release_device
from .pair_lists import list_is_held, on_any_list, take_off_all_lists
from .parts import ENDS, EXCLUSIVE, LOCKS, MOVES, REFUSES, RESTORES, TESTS, TO_NEW, WORKS
from .restore import begin_migration, begin_restore, deallocate
from .sets import Session, StandardDevice, Track
from .state import NOBODY, STANDARD, Array, HostAdapter
from .switches import Embodiment


def clean(s: Array, c: Embodiment, std: int) -> bool:
    """May the new standard device be restored to?  An unrelated feature's session is `RESERVED` for good, and does no harm."""
    if c.test_581 != Test581.NOT_TESTED:
        for k in c.each(Session):
            if s.session_byte[std, k] != SessionByte.FREE and s.session_byte[std, k] != SessionByte.RESERVED:
                return False
    return c.test_581 != Test581.CLEAN or not any_indirect(s, c, std)


def restorable_to_new(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Is the virtual device active and established to another standard device, and is the new one clean?"""
    return (s.vdev_state[ha.virtual] == VirtualState.ACTIVE and s.std_of[ha.virtual] != ha.standard
            and clean(s, c, ha.standard))


# --- before the first track ------------------------------------------------------------------------------------


@step(HostAdapter, "581a", "Fig. 22 (silent)", WORKS)
def take_off_list_to_restore_to_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """A pair that was activated alone stands on its list still: take it off, unless the list is being activated."""
    if not restorable_to_new(s, c, ha):
        return refuse_restore_to_new
    if list_is_held(s, c, ha.virtual):
        return WAIT
    take_off_all_lists(s, c, ha.virtual)
    return stop_virtual_device_of_old if c.new_access == NewAccess.NONE else exclude_old_and_new


def next_to_exclude(s: Array, c: Embodiment, ha: HostAdapter) -> int:
    """The first of the old and the new device, in their order, to which exclusive access is due (-1: there is none)."""
    old = s.std_of[ha.virtual]
    for d in c.each(StandardDevice):
        if d == old and c.new_access != NewAccess.NEW or d == ha.standard and c.new_access != NewAccess.OLD:
            if s.device_lock[d] != ha.number:
                return d
    return -1


def release_devices(s: Array, c: Embodiment, ha: HostAdapter) -> None:
    """End exclusive access to every device to which this process has it."""
    for d in c.each(StandardDevice):
        release_device(s, ha, d)


@step(HostAdapter, "581b", "Figs. 20C, 22 (locking)", LOCKS)
def exclude_old_and_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the next device."""
    if not restorable_to_new(s, c, ha):
        release_devices(s, c, ha)
        return refuse_restore_to_new
    due = max(next_to_exclude(s, c, ha), 0)
    if not may_raise(s, c, ha, due):
        return WAIT
    ha.due_device = due
    raise_flag(s, c, ha, due)
    return drain_old_and_new


@step(HostAdapter, "581b drain", "Figs. 20C, 22 (locking)", LOCKS)
def drain_old_and_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside; then the next device, or exclusive access is there."""
    if not may_enter(s, c, ha, ha.due_device):
        return WAIT
    enter(s, c, ha, ha.due_device)
    ha.due_device = 0
    return stop_virtual_device_of_old if next_to_exclude(s, c, ha) < 0 else exclude_old_and_new


@step(HostAdapter, "581c", "Fig. 22 (silent)", WORKS, EXCLUSIVE, RESTORES, TO_NEW)
def stop_virtual_device_of_old(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Test once more, now that it cannot change, and make the virtual device not ready.

    Lists are locked before devices, as at 371b: where the pair is on a list again, all begins anew.
    """
    if not restorable_to_new(s, c, ha):
        release_devices(s, c, ha)
        return refuse_restore_to_new
    if on_any_list(s, c, ha.virtual):
        release_devices(s, c, ha)
        return take_off_list_to_restore_to_new
    begin_restore(s, c, ha)
    return first_track_of_new


# --- Fig. 22 -----------------------------------------------------------------------------------------------------


@step(HostAdapter, "582", "Fig. 22", TESTS, RESTORES, TO_NEW, local=True)
def first_track_of_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the first track of the virtual device."""
    ha.due_track = 0
    return more_tracks_of_new


@step(HostAdapter, "583", "Fig. 22", TESTS, RESTORES, TO_NEW, local=True)
def more_tracks_of_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Are there more tracks to be processed?"""
    return test_entry_for_new if ha.due_track < c.size(Track) else mark_restored_to_new


@step(HostAdapter, "588", "Fig. 22", TESTS, RESTORES, TO_NEW)
def test_entry_for_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does the entry of this track point to the old standard device?"""
    ha.entry = s.pointer[ha.virtual, ha.due_track]
    return test_bit_of_old_track if ha.entry == STANDARD else test_bit_beside_log_track


def old_bit(s: Array, ha: HostAdapter) -> bool:
    """Is the protection bit of the virtual device set on the old device's track?"""
    return has(s.protection[s.std_of[ha.virtual], ha.due_track], s.session_of[ha.virtual])


@step(HostAdapter, "589", "Fig. 22", TESTS, RESTORES, TO_NEW)
def test_bit_of_old_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the protection bit set?  It should be."""
    return point_to_old_track if old_bit(s, ha) else process_error_of_new


@step(HostAdapter, "593", "Fig. 22", TESTS, RESTORES, TO_NEW)
def test_bit_beside_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the protection bit set?  It should not be."""
    return process_error_of_new if old_bit(s, ha) else point_to_log_track_of_old


@step(HostAdapter, "591", "Fig. 22", WORKS, EXCLUSIVE, RESTORES, TO_NEW)
def process_error_of_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The bit is not what the pointer says: log it and go on, give up, or set the bit to the correct value."""
    if c.step_591 == Step591.SUSPENDED:
        release_devices(s, c, ha)
        return refuse_restore_to_new
    old = s.std_of[ha.virtual]
    if c.step_591 == Step591.CORRECTED:
        if ha.entry == STANDARD:
            s.protection[old, ha.due_track] = with_bit(s.protection[old, ha.due_track], s.session_of[ha.virtual])
        else:
            s.protection[old, ha.due_track] = without_bit(s.protection[old, ha.due_track], s.session_of[ha.virtual])
    return point_to_old_track if ha.entry == STANDARD else point_to_log_track_of_old


@step(HostAdapter, "592", "Fig. 22", WORKS, EXCLUSIVE, RESTORES, TO_NEW)
def point_to_old_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the new device's track point to the old device's track."""
    s.indirect[ha.standard, ha.due_track] = OnStandard(standard=s.std_of[ha.virtual])
    return next_track_of_new


@step(HostAdapter, "595", "Fig. 22", WORKS, EXCLUSIVE, RESTORES, TO_NEW)
def point_to_log_track_of_old(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the new device's track point to the log track, once those who hold that have let it go, as at 564."""
    if c.lock_564 == Held.HELD:
        if s.log_lock[ha.entry] != NOBODY:
            return WAIT
        if s.pointer[ha.virtual, ha.due_track] != ha.entry:
            ha.entry = STANDARD
            return test_entry_for_new
    s.indirect[ha.standard, ha.due_track] = OnLog(log=ha.entry)
    return next_track_of_new


@step(HostAdapter, "598", "Fig. 22", TESTS, RESTORES, TO_NEW, local=True)
def next_track_of_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the next track."""
    ha.entry = STANDARD
    ha.due_track = ha.due_track + 1
    return more_tracks_of_new


# --- the end: header, virtual device, session type -----------------------------------------------------------------


@step(HostAdapter, "584", "Fig. 22", WORKS, EXCLUSIVE, RESTORES, TO_NEW)
def mark_restored_to_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write to the header of the old device that the session has been restored; its bits stay set."""
    s.session_byte[s.std_of[ha.virtual], s.session_of[ha.virtual]] = SessionByte.RESTORED
    return deallocate_restored_to_new


@step(HostAdapter, "585", "Figs. 14, 22", WORKS, MOVES, EXCLUSIVE, RESTORES, TO_NEW)
def deallocate_restored_to_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is unused; from here on the new standard device must show what it did."""
    deallocate(s, c, ha)
    return change_session_type_of_old


@step(HostAdapter, "586", "Fig. 22", WORKS, ENDS, EXCLUSIVE, RESTORES, TO_NEW)
def change_session_type_of_old(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The session says now that tracks migrate, and exclusive access ends: the restore is done."""
    if numbers_locked(s, c, ha.standard):
        return WAIT
    begin_migration(s, c, ha.standard)
    release_devices(s, c, ha)
    return DONE


@step(HostAdapter, "581 error", "Fig. 22", REFUSES, ENDS, local=True)
def refuse_restore_to_new(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not active on another device, or the new one is not clean: an error is returned."""
    return DONE
