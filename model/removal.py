"""Removing a virtual device (Fig. 14), and giving its session number back.

The figure's loop is safe once nothing new can begin: the device is not ready, and its session is inactive
with no disk adapter and no writer in the middle of a track (371b, 371c).  Then only writers and readers that
already hold a log track can meet the loop; it waits for them at 384.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step, without_bit
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import BackAtOnce, Held, Lock384, Removal, RemovalList, RemovalReady, RemovalTables, SessionRelease

from .locks import enter, may_enter, may_raise, raise_flag, release_device, release_log_track
from .log_tracks import LOG_TRACKS, obtains_free_track
from .pair_lists import list_is_held, on_any_list, take_off_all_lists
from .parts import ENDS, EXCLUSIVE, LOCKS, MOVES, REFUSES, REMOVES, TESTS, WORKS
from .sets import Block, Track
from .state import NOBODY, NONE, STANDARD, Array, HostAdapter
from .switches import Embodiment


def established(s: Array, vdev: int) -> bool:
    """Is there something to remove?"""
    return s.vdev_state[vdev] in (VirtualState.RELATED, VirtualState.ACTIVE, VirtualState.DEACTIVATED)


def leave_session(s: Array, c: Embodiment, ha: HostAdapter) -> None:
    """The session number is free for the next Register."""
    std = s.std_of[ha.virtual]
    k = s.session_of[ha.virtual]
    s.session_byte[std, k] = SessionByte.FREE
    s.bound[std, k] = NONE


@step(HostAdapter, "371a", "Fig. 14 (silent)", WORKS)
def take_off_list(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Take the pair off the list where it waits for activation, unless the list is being activated."""
    if not established(s, ha.virtual):
        return refuse_removal
    if c.removal_list != RemovalList.LEFT:
        if list_is_held(s, c, ha.virtual):
            return WAIT
        take_off_all_lists(s, c, ha.virtual)
    return stop_session if c.removal_session != Removal.EXCLUSIVE else exclude_to_remove


@step(HostAdapter, "371b", "Fig. 14 (silent)", LOCKS)
def exclude_to_remove(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device.

    Lists are locked before devices, so the pair was taken off its list before.  Since then the device may
    have been removed by another process, registered and related again; then the pair is on a list again.
    """
    if not established(s, ha.virtual):
        return refuse_removal
    if c.removal_list == RemovalList.TAKEN_OFF and on_any_list(s, c, ha.virtual):
        return take_off_list
    if c.lock_371 == Held.HELD and s.virtual_lock[ha.virtual] != NOBODY:
        return WAIT
    if not may_raise(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    raise_flag(s, c, ha, s.std_of[ha.virtual])
    return drain_to_remove


@step(HostAdapter, "371b drain", "Fig. 14 (silent)", LOCKS)
def drain_to_remove(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access, with no track of the standard device in anybody's hands."""
    if not may_enter(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    enter(s, c, ha, s.std_of[ha.virtual])
    return stop_session


@step(HostAdapter, "371c", "Fig. 14 (not ready first)", WORKS, EXCLUSIVE)
def stop_session(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the virtual device not ready and its session inactive, and end exclusive access."""
    if not established(s, ha.virtual):
        return refuse_removal
    std = s.std_of[ha.virtual]
    s.vdev_state[ha.virtual] = VirtualState.REMOVING
    if c.removal_ready == RemovalReady.NOT_READY_FIRST:
        s.ready[ha.virtual] = 0
    if c.removal_session != Removal.UNCHANGED:
        s.session_byte[std, s.session_of[ha.virtual]] = SessionByte.INACTIVE
    release_device(s, ha, std)
    if c.session_release == SessionRelease.AT_START:
        leave_session(s, c, ha)
    return first_track


@step(HostAdapter, "372", "Fig. 14", TESTS, local=True)
def first_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the first track of the virtual device."""
    ha.due_track = 0
    return test_entry_to_remove


@step(HostAdapter, "374", "Fig. 14", TESTS, REMOVES)
def test_entry_to_remove(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does the entry of this track point to the standard device?"""
    ha.entry = s.pointer[ha.virtual, ha.due_track]
    return clear_bit_of_removed if ha.entry == STANDARD else clear_map_bit


@step(HostAdapter, "376", "Fig. 14", WORKS, REMOVES)
def clear_bit_of_removed(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Clear the protection bit of the virtual device on the standard track."""
    std = s.std_of[ha.virtual]
    s.protection[std, ha.due_track] = without_bit(s.protection[std, ha.due_track], s.session_of[ha.virtual])
    return next_track


@step(HostAdapter, "378", "Fig. 14", TESTS, local=True)
def next_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the next track; the entry of this one is dealt with."""
    ha.entry = STANDARD
    ha.due_track = ha.due_track + 1
    return more_tracks


@step(HostAdapter, "382", "Fig. 14", TESTS, local=True)
def more_tracks(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Have all tracks been processed?"""
    return test_entry_to_remove if ha.due_track < c.size(Track) else finish_removal


@step(HostAdapter, "384", "Figs. 9 (234), 14", WORKS, MOVES, REMOVES)
def clear_map_bit(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Hold the log track, see that it still is the one, and clear the map bit of the virtual device.

    The entry is discarded with it, unless tables of removed devices are kept.
    """
    if c.lock_384 != Lock384.NONE:
        if s.log_lock[ha.entry] != NOBODY:
            return next_track if c.lock_384 == Lock384.SKIPPED else WAIT
        if s.pointer[ha.virtual, ha.due_track] != ha.entry:
            ha.entry = STANDARD
            return test_entry_to_remove
        s.log_lock[ha.entry] = ha.number
    s.map_bits[ha.entry] = without_bit(s.map_bits[ha.entry], s.session_of[ha.virtual])
    if c.removal_tables == RemovalTables.DISCARDED:
        s.pointer[ha.virtual, ha.due_track] = STANDARD
    return test_last_map_bit


@step(HostAdapter, "386", "Fig. 14", TESTS, REMOVES)
def test_last_map_bit(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Was it the last map bit of the log track?  If not, the track is let go."""
    if s.map_bits[ha.entry] == 0 or c.removal_return == BackAtOnce.AT_ONCE:
        return return_log_track
    release_log_track(s, ha, ha.entry)
    return next_track


@step(HostAdapter, "388", "Fig. 14", TESTS, REMOVES, local=True)
def return_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Return the log track to the free list (Fig. 9; its track is already locked, 234)."""
    return LOG_TRACKS.call(obtains_free_track, done=next_track)


@step(HostAdapter, "382 end", "Figs. 14, 15A (silent)", WORKS, ENDS)
def finish_removal(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is unused again, and its session number is given back under the session lock."""
    if c.lock_404 == Held.HELD and s.session_lock != NOBODY:
        return WAIT
    if c.session_release == SessionRelease.AT_END:
        leave_session(s, c, ha)
    elif c.session_release == SessionRelease.NEVER:
        s.bound[s.std_of[ha.virtual], s.session_of[ha.virtual]] = NONE
    s.vdev_state[ha.virtual] = VirtualState.UNUSED
    s.ready[ha.virtual] = 0
    s.read_only[ha.virtual] = 0
    s.std_of[ha.virtual] = 0
    s.session_of[ha.virtual] = 0
    for t in c.each(Track):
        for b in c.each(Block):
            s.image[ha.virtual, t, b] = 0
    return DONE


@step(HostAdapter, "370 error", "Fig. 14", REFUSES, ENDS, local=True)
def refuse_removal(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """There is nothing to remove, or another process is removing it: an error is returned."""
    return DONE
