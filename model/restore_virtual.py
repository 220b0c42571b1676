"""Restoring a virtual device to a new virtual device, which becomes a copy of it (Fig. 20E).

There is no flow chart; the text has one sentence: the new device has pointers to the standard device and the log device.  It needs a
session number, protection bits and map bits of its own, as any virtual device of the standard device.  The loop is safe
with the virtual device closed, so that hosts do not write to it meanwhile, and with exclusive access to the standard device, so
that nobody saves a track between the look at its entry and the bit.  The virtual device that is restored stays.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step, with_bit
from snapproof.vocabulary.restore_values import CopyAccess, CopyLabels, CopySession, CopySource
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Held

from .encoding import Copied
from .locks import (
    close_virtual_device,
    enter,
    may_enter,
    may_raise,
    raise_flag,
    release_device,
    release_virtual_device,
    virtual_device_drained,
)
from .parts import COPIES, ENDS, EXCLUSIVE, LOCKS, REFUSES, TESTS, WORKS
from .register import free_session
from .sets import Block, Session, Track
from .state import NOBODY, STANDARD, Array, HostAdapter
from .switches import Embodiment
from .virtual_read import show_image


def release_source(s: Array, ha: HostAdapter) -> None:
    """Let the virtual device that is restored go, and the standard device that it stands for, where this process has them."""
    release_device(s, ha, s.std_of[ha.virtual])
    release_virtual_device(s, ha, ha.virtual)


# --- before the first track ------------------------------------------------------------------------------------


@step(HostAdapter, "20E close", "Fig. 20E (locking)", LOCKS)
def close_source(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Take exclusive access to the virtual device, as at 732: no host adapter takes a slot of it from now on."""
    if s.vdev_state[ha.virtual] != VirtualState.ACTIVE:
        return refuse_restore_to_virtual
    if c.copy_source == CopySource.CLOSED:
        if s.virtual_lock[ha.virtual] != NOBODY:
            return WAIT
        close_virtual_device(s, ha, ha.virtual)
    return drain_source


@step(HostAdapter, "20E close drain", "Fig. 20E (locking)", TESTS)
def drain_source(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside by a log track; who is inside by a standard track is waited for at the next drain."""
    if c.copy_source == CopySource.CLOSED and not virtual_device_drained(s, c, ha.virtual):
        return WAIT
    return reserve_for_copy if c.copy_access == CopyAccess.NONE else exclude_standard_of_source


@step(HostAdapter, "20E exclude", "Fig. 20E (locking)", LOCKS)
def exclude_standard_of_source(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device, unless a removal or a restore was faster: that may be another device by now."""
    if s.vdev_state[ha.virtual] != VirtualState.ACTIVE:
        release_source(s, ha)
        return refuse_restore_to_virtual
    if not may_raise(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    raise_flag(s, c, ha, s.std_of[ha.virtual])
    return drain_standard_of_source


@step(HostAdapter, "20E exclude drain", "Fig. 20E (locking)", LOCKS)
def drain_standard_of_source(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device."""
    if not may_enter(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    enter(s, c, ha, s.std_of[ha.virtual])
    return reserve_for_copy


@step(HostAdapter, "20E session", "Figs. 15A (404), 20E (silent)", WORKS, EXCLUSIVE, COPIES)
def reserve_for_copy(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Test once more, and give the new virtual device a session number, whose byte is active at once, as at 214.

    No host finds the new device ready before all of its tracks are there.
    """
    if c.lock_404 == Held.HELD and s.session_lock != NOBODY:
        return WAIT
    std = s.std_of[ha.virtual]
    k = free_session(s, c, std) if c.copy_session == CopySession.OWN else s.session_of[ha.virtual]
    if s.vdev_state[ha.virtual] != VirtualState.ACTIVE or s.vdev_state[ha.copy] != VirtualState.UNUSED or k == c.size(Session):
        release_source(s, ha)
        return refuse_restore_to_virtual
    s.vdev_state[ha.copy] = VirtualState.RELATING
    s.std_of[ha.copy] = std
    s.session_of[ha.copy] = k
    if c.copy_session == CopySession.OWN:
        s.bound[std, k] = ha.copy
        s.session_byte[std, k] = SessionByte.ACTIVE
    return first_track_to_copy


# --- the tracks ----------------------------------------------------------------------------------------------------


@step(HostAdapter, "20E first", "Fig. 20E", TESTS, COPIES, local=True)
def first_track_to_copy(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the first track of the virtual device."""
    ha.due_track = 0
    return more_tracks_to_copy


@step(HostAdapter, "20E more", "Fig. 20E", TESTS, COPIES, local=True)
def more_tracks_to_copy(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Are there more tracks to be processed?"""
    return test_entry_to_copy if ha.due_track < c.size(Track) else make_copy_ready


@step(HostAdapter, "20E test", "Fig. 20E", TESTS, COPIES)
def test_entry_to_copy(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does the entry of this track point to the standard device?"""
    ha.entry = s.pointer[ha.virtual, ha.due_track]
    return point_copy_to_standard if ha.entry == STANDARD else point_copy_to_log


@step(HostAdapter, "20E standard", "Fig. 20E", WORKS, EXCLUSIVE, COPIES)
def point_copy_to_standard(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the new device point to the standard track, and set its protection bit there."""
    std = s.std_of[ha.copy]
    s.pointer[ha.copy, ha.due_track] = STANDARD
    if c.copy_labels in (CopyLabels.BOTH, CopyLabels.NO_MAP_BITS):
        s.protection[std, ha.due_track] = with_bit(s.protection[std, ha.due_track], s.session_of[ha.copy])
    return next_track_to_copy


@step(HostAdapter, "20E log", "Fig. 20E", WORKS, EXCLUSIVE, COPIES)
def point_copy_to_log(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the new device point to the log track, once those who hold that have let it go, and set its map bit there."""
    if s.log_lock[ha.entry] != NOBODY:
        return WAIT
    s.pointer[ha.copy, ha.due_track] = ha.entry
    if c.copy_labels in (CopyLabels.BOTH, CopyLabels.NO_PROTECTION_BITS):
        s.map_bits[ha.entry] = with_bit(s.map_bits[ha.entry], s.session_of[ha.copy])
    return next_track_to_copy


@step(HostAdapter, "20E next", "Fig. 20E", TESTS, COPIES, local=True)
def next_track_to_copy(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the next track."""
    ha.entry = STANDARD
    ha.due_track = ha.due_track + 1
    return more_tracks_to_copy


# --- the end ---------------------------------------------------------------------------------------------------------


@step(HostAdapter, "20E ready", "Fig. 20E", WORKS, ENDS, EXCLUSIVE, COPIES)
def make_copy_ready(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the new virtual device ready, and let everything go: from here on it shows what the other one does now.

    What hosts have written to that one is the volume's own from here on, and no longer one device's.
    """
    s.vdev_state[ha.copy] = VirtualState.ACTIVE
    s.ready[ha.copy] = 1
    for t in c.each(Track):
        for b in c.each(Block):
            show_image(s, c, ha.copy, t, b, s.image[ha.virtual, t, b])
            if s.pointer[ha.copy, t] != STANDARD:
                s.log_origin[s.pointer[ha.copy, t], b] = Copied(standard=s.std_of[ha.copy], track=t)
    release_source(s, ha)
    return DONE


@step(HostAdapter, "20E error", "Fig. 20E (silent)", REFUSES, ENDS, local=True)
def refuse_restore_to_virtual(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not active, the new one is used, or no session number is left: an error is returned."""
    return DONE
