"""Reading through a virtual device: a table entry (Fig. 6) and data (Fig. 10).

Between the test of the entry and the read the entry may change.  The note to Fig. 6 has the remedy: lock
the slot, then read the entry again.  Locking and reading again are one transition: nobody can change the
entry without the lock.

A deactivated device may be ready for reads still (742).  What it has not saved is on its standard device by the letter of Fig. 10, with
all that hosts have written since; by that of Fig. 28 it is an error (754).  A table entry is returned either way: it tells which.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step, with_bit
from snapproof.vocabulary.restore_values import Follows
from snapproof.vocabulary.switch_values import ReadUnsaved, Slot

from .deactivation import refuse_saved_track
from .encoding import virtual_device
from .indirect_tracks import COPY_BACK, copied_to_be_read, lock_source
from .locks import entry_changed, lock_slot, release_slot, slot_available
from .parts import ASKS_READY, COPIES_BACK, ENDS, LOCKS, NOT_READY, READS_ENTRY, READS_VIRTUAL, REFUSES, TESTS
from .state import STANDARD, Array, HostAdapter
from .switches import Embodiment


def show_image(s: Array, c: Embodiment, vdev: int, track: int, block: int, value: int) -> None:
    """From now on a virtual block must show this value; a read of it that is under way may return it."""
    s.image[vdev, track, block] = value
    for ha in s.all(HostAdapter):
        if ha.at(test_entry_to_read, lock_slot_to_read, read_from_standard, read_from_log, COPIES_BACK):
            if virtual_device(c, ha.device) == vdev and ha.track == track and ha.read_block == block:
                ha.may_return = with_bit(ha.may_return, value)


def not_saved(s: Array, vdev: int, track: int) -> bool:
    """Is the device ready for reads only, and has it not saved the track?"""
    return bool(s.read_only[vdev]) and s.pointer[vdev, track] == STANDARD


# --- Fig. 10: data ---------------------------------------------------------------------------------------


@step(HostAdapter, "282", "Fig. 10", TESTS, ASKS_READY, NOT_READY)
def test_entry_to_read(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does the entry of the virtual device point to the standard device or to the log device?"""
    vdev = virtual_device(c, ha.device)
    if not s.ready[vdev]:
        return refuse_virtual_read
    if c.read_unsaved != ReadUnsaved.STANDARD and not_saved(s, vdev, ha.track):
        return refuse_saved_track
    ha.entry = s.pointer[vdev, ha.track]
    ha.may_return = with_bit(ha.may_return, s.image[vdev, ha.track, ha.read_block])
    return lock_slot_to_read


@step(HostAdapter, "282 lock", "Fig. 6 (note)", LOCKS, NOT_READY)
def lock_slot_to_read(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the slot and read the entry again; start anew when it has changed, or the device may not read it there any more."""
    vdev = virtual_device(c, ha.device)
    if c.lock_282 != Slot.NONE:
        if not slot_available(s, c, ha, vdev, ha.track):
            return WAIT
        refused = c.read_unsaved == ReadUnsaved.REFUSED and not_saved(s, vdev, ha.track)
        if c.lock_282 == Slot.REREAD and (entry_changed(s, ha, vdev, ha.track) or refused):
            ha.entry = STANDARD
            return test_entry_to_read
        lock_slot(s, ha, vdev, ha.track)
    if ha.entry != STANDARD:
        return read_from_log
    if c.follows == Follows.ALL and copied_to_be_read(s, c, s.std_of[vdev], ha.track):
        return COPY_BACK.call(lock_source, done=read_from_standard)
    return read_from_standard


@step(HostAdapter, "284", "Fig. 10", READS_VIRTUAL, ENDS)
def read_from_standard(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Read the block from the standard device, return it and let the slot go."""
    release_slot(s, c, ha)
    return DONE


@step(HostAdapter, "286", "Fig. 10", READS_VIRTUAL, ENDS)
def read_from_log(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Read the block from the log device, return it and let the slot go."""
    release_slot(s, c, ha)
    return DONE


@step(HostAdapter, "error", "Fig. 10", REFUSES, ENDS, local=True)
def refuse_virtual_read(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not ready: the read ends with an error."""
    return DONE


# --- Fig. 6: a table entry ---------------------------------------------------------------------------------


@step(HostAdapter, "142", "Fig. 6", TESTS, ASKS_READY, NOT_READY)
def test_entry_of_interest(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the track of interest on the standard device or on the log device?"""
    vdev = virtual_device(c, ha.device)
    if not s.ready[vdev]:
        return refuse_virtual_read
    ha.entry = s.pointer[vdev, ha.track]
    return lock_track_of_interest


@step(HostAdapter, "142 lock", "Fig. 6 (note)", LOCKS, NOT_READY)
def lock_track_of_interest(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the slot and read the entry again; start anew when it has changed."""
    vdev = virtual_device(c, ha.device)
    if c.lock_282 != Slot.NONE:
        if not slot_available(s, c, ha, vdev, ha.track):
            return WAIT
        if c.lock_282 == Slot.REREAD and entry_changed(s, ha, vdev, ha.track):
            ha.entry = STANDARD
            return test_entry_of_interest
        lock_slot(s, ha, vdev, ha.track)
    return read_standard_entry if ha.entry == STANDARD else read_log_entry


@step(HostAdapter, "148", "Fig. 6", READS_ENTRY, ENDS)
def read_standard_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Read the table entry of the standard device and let the slot go."""
    release_slot(s, c, ha)
    return DONE


@step(HostAdapter, "158", "Fig. 6", READS_ENTRY, ENDS)
def read_log_entry(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Read the table entry of the log device and let the slot go."""
    release_slot(s, c, ha)
    return DONE


