"""Writing device tables: the entry a virtual device points to (Fig. 7), and the virtual device's own table (Fig. 8).

A table entry holds more than what is modelled of it; whoever changes part of it writes the whole entry
back.  So an entry written back after it has changed undoes the change.  As with reads, locking the slot and
reading the entry again are one transition.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step, with_bit
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Held, YesNo

from .activate import activate_session
from .encoding import Assigned, virtual_device
from .locks import (
    enter,
    entry_changed_for_write,
    lock_slot,
    may_enter,
    may_raise,
    raise_flag,
    release_device,
    release_slot,
    slot_available,
)
from .parts import ASKS_READY, ENDS, EXCLUSIVE, LOCKS, NOT_READY, ON_TRACK, REFUSES, TESTS, WORKS
from .register import free_session
from .sets import Session, Track
from .state import NOBODY, STANDARD, Array, HostAdapter
from .switches import Embodiment

# --- Fig. 7: the entry pointed to ------------------------------------------------------------------------------


@step(HostAdapter, "172", "Fig. 7", TESTS, ASKS_READY, NOT_READY)
def test_entry_to_update(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the track whose entry is to be written on the standard device or on the log device?"""
    vdev = virtual_device(c, ha.device)
    if not s.ready[vdev] or s.read_only[vdev]:
        return refuse_table_access
    ha.entry = s.pointer[vdev, ha.track]
    return lock_standard_entry if ha.entry == STANDARD else lock_log_entry


@step(HostAdapter, "178", "Fig. 7", LOCKS, NOT_READY)
def lock_standard_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the standard track; start anew when the entry points elsewhere now."""
    if not slot_available(s, c, ha, virtual_device(c, ha.device), ha.track):
        return WAIT
    if c.reread_172 == YesNo.YES and entry_changed_for_write(s, ha, virtual_device(c, ha.device), ha.track):
        return test_entry_to_update
    lock_slot(s, ha, virtual_device(c, ha.device), ha.track)
    return write_standard_entry


@step(HostAdapter, "182", "Fig. 7", WORKS)
def write_standard_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write the entry of the standard track; what it says (where the track is on the disk) is not modelled."""
    return unlock_standard_entry


@step(HostAdapter, "184", "Fig. 7", LOCKS, ENDS)
def unlock_standard_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Unlock the standard track."""
    release_slot(s, c, ha)
    return DONE


@step(HostAdapter, "194", "Fig. 7", LOCKS, NOT_READY)
def lock_log_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the log track; start anew when the entry points elsewhere now."""
    if not slot_available(s, c, ha, virtual_device(c, ha.device), ha.track):
        return WAIT
    if c.reread_172 == YesNo.YES and entry_changed_for_write(s, ha, virtual_device(c, ha.device), ha.track):
        ha.entry = STANDARD
        return test_entry_to_update
    lock_slot(s, ha, virtual_device(c, ha.device), ha.track)
    return write_log_entry


@step(HostAdapter, "196", "Fig. 7", WORKS, ON_TRACK)
def write_log_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write the entry of the log track: its extra bytes point back to the standard track, as they should."""
    s.extra[ha.entry] = Assigned(device=s.std_of[virtual_device(c, ha.device)], track=ha.track)
    return unlock_log_entry


@step(HostAdapter, "198", "Fig. 7", LOCKS, ENDS)
def unlock_log_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Unlock the log track."""
    release_slot(s, c, ha)
    return DONE


# --- Fig. 8: the virtual device's own table, other than establishing it ----------------------------------------


@step(HostAdapter, "212", "Fig. 8", TESTS, ASKS_READY, NOT_READY)
def test_entry_to_modify(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not being established; what does the entry to be modified point to?"""
    vdev = virtual_device(c, ha.device)
    if not s.ready[vdev] or s.read_only[vdev]:
        return refuse_table_access
    ha.entry = s.pointer[vdev, ha.track]
    return lock_entry_to_modify


@step(HostAdapter, "222", "Fig. 8", LOCKS, NOT_READY)
def lock_entry_to_modify(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the track that the entry points to; start anew when it points elsewhere now."""
    vdev = virtual_device(c, ha.device)
    if not slot_available(s, c, ha, vdev, ha.track):
        return WAIT
    if c.reread_222 == YesNo.YES and entry_changed_for_write(s, ha, vdev, ha.track):
        ha.entry = STANDARD
        return test_entry_to_modify
    lock_slot(s, ha, vdev, ha.track)
    return modify_entry


@step(HostAdapter, "224", "Fig. 8", WORKS, ON_TRACK)
def modify_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Modify the entry: it is written back whole, with the pointer that was read."""
    s.pointer[virtual_device(c, ha.device), ha.track] = ha.entry
    return unlock_modified_entry


@step(HostAdapter, "226", "Fig. 8", LOCKS, ENDS)
def unlock_modified_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Unlock the track."""
    release_slot(s, c, ha)
    return DONE


@step(HostAdapter, "error", "Figs. 7, 8", REFUSES, ENDS, local=True)
def refuse_table_access(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not ready for writes, or cannot be established: an error is returned."""
    return DONE


# --- Fig. 8: establishing in one call ------------------------------------------------------------------------------


@step(HostAdapter, "214", "Fig. 8", WORKS)
def lock_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the unused virtual device, and give it a session number, whose byte is active at once.

    The lock is the device's state: no other call takes a device that is being related.  Fig. 8 knows no
    session bytes; a bit that is set counts, which an active byte says.
    """
    if c.lock_404 == Held.HELD and s.session_lock != NOBODY:
        return WAIT
    k = free_session(s, c, ha.standard)
    if s.vdev_state[ha.virtual] != VirtualState.UNUSED or k == c.size(Session):
        return refuse_table_access
    s.vdev_state[ha.virtual] = VirtualState.RELATING
    s.std_of[ha.virtual] = ha.standard
    s.session_of[ha.virtual] = k
    s.bound[ha.standard, k] = ha.virtual
    s.session_byte[ha.standard, k] = SessionByte.ACTIVE
    return establish_pointers if c.lock_216 == Held.NONE else exclude_to_establish


@step(HostAdapter, "216 lock", "Fig. 8, Fig. 14 (after)", LOCKS)
def exclude_to_establish(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the entire standard device while all protection bits are being set: raise its flag."""
    if not may_raise(s, c, ha, ha.standard):
        return WAIT
    raise_flag(s, c, ha, ha.standard)
    return drain_to_establish


@step(HostAdapter, "216 drain", "Fig. 8, Fig. 14 (after)", LOCKS)
def drain_to_establish(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device."""
    if not may_enter(s, c, ha, ha.standard):
        return WAIT
    enter(s, c, ha, ha.standard)
    return establish_pointers


@step(HostAdapter, "216a", "Fig. 8", WORKS, EXCLUSIVE)
def establish_pointers(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the next entry of the virtual device point to the standard device."""
    s.pointer[ha.virtual, ha.due_track] = STANDARD
    ha.due_track = ha.due_track + 1
    if ha.due_track < c.size(Track):
        return establish_pointers
    ha.due_track = 0
    return establish_bits


@step(HostAdapter, "216b", "Fig. 8", WORKS, EXCLUSIVE)
def establish_bits(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Set the protection bit of the next track; from now on a write to it saves the old data."""
    std = ha.standard
    s.protection[std, ha.due_track] = with_bit(s.protection[std, ha.due_track], s.session_of[ha.virtual])
    ha.due_track = ha.due_track + 1
    return establish_bits if ha.due_track < c.size(Track) else make_ready


@step(HostAdapter, "217", "Fig. 8", WORKS, EXCLUSIVE)
def make_ready(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the virtual device ready: this is its point in time."""
    activate_session(s, c, ha.virtual)
    return unlock_virtual_device


@step(HostAdapter, "218", "Fig. 8", LOCKS, ENDS)
def unlock_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Unlock the virtual device (its state says so since 217) and the standard device."""
    release_device(s, ha, ha.standard)
    return DONE
