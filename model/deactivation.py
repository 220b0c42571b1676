"""Deactivating a virtual device (Fig. 27), and reading what it has saved (Fig. 28).

From 736 on nothing is saved for the device any more: what it points to on the log device are the tracks that changed between
its point in time and then.  Its session stays, inactive, with the bits of those that did not change.  The text lets what is
in flight finish by exclusive access to both devices; no box asks whether the device is active.

742 may make it not ready for writes only: then Fig. 10 reads it, which ends at 754 for what was not saved (virtual_read.py).
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Path, Slot, Step742, Step744, YesNo

from .encoding import virtual_device
from .locks import (
    close_virtual_device,
    enter,
    may_enter,
    may_raise,
    raise_flag,
    release_device,
    release_log_track,
    release_virtual_device,
    virtual_device_drained,
)
from .parts import ENDS, EXCLUSIVE, LOCKS, READS_ENTRY, READS_SAVED, REFUSES, TESTS, WORKS
from .state import NOBODY, STANDARD, Array, HostAdapter
from .switches import Embodiment

# --- Fig. 27 -----------------------------------------------------------------------------------------------------


@step(HostAdapter, "732", "Fig. 27", LOCKS)
def exclude_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Take exclusive access to the virtual device: no host adapter takes a slot of it from now on."""
    if s.vdev_state[ha.virtual] != VirtualState.ACTIVE:
        return refuse_deactivation
    if c.path_746a == Path.NOT_TAKEN:
        if s.virtual_lock[ha.virtual] != NOBODY:
            return WAIT
        close_virtual_device(s, ha, ha.virtual)
    return drain_virtual_device


@step(HostAdapter, "732 drain", "Fig. 27", TESTS)
def drain_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside by a log track; who is inside by a standard track is waited for at 734."""
    if c.path_746a == Path.NOT_TAKEN and not virtual_device_drained(s, c, ha.virtual):
        return WAIT
    return stop_saving if c.path_746b == Path.TAKEN else exclude_to_deactivate


@step(HostAdapter, "734", "Fig. 27", LOCKS)
def exclude_to_deactivate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device, unless a removal or a restore was faster: that may be another device by now."""
    if c.retest_736 == YesNo.YES and s.vdev_state[ha.virtual] != VirtualState.ACTIVE:
        release_virtual_device(s, ha, ha.virtual)
        return refuse_deactivation
    if not may_raise(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    raise_flag(s, c, ha, s.std_of[ha.virtual])
    return drain_to_deactivate


@step(HostAdapter, "734 drain", "Fig. 27", LOCKS)
def drain_to_deactivate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device."""
    if not may_enter(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    enter(s, c, ha, s.std_of[ha.virtual])
    return stop_saving


@step(HostAdapter, "736", "Fig. 27", WORKS, EXCLUSIVE)
def stop_saving(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the session inactive, if the device still is active: its changes are frozen."""
    std = s.std_of[ha.virtual]
    if c.retest_736 == YesNo.YES and s.vdev_state[ha.virtual] != VirtualState.ACTIVE:
        release_device(s, ha, std)
        release_virtual_device(s, ha, ha.virtual)
        return refuse_deactivation
    s.session_byte[std, s.session_of[ha.virtual]] = SessionByte.INACTIVE
    s.vdev_state[ha.virtual] = VirtualState.DEACTIVATED
    return include_after_deactivate


@step(HostAdapter, "738", "Fig. 27", LOCKS)
def include_after_deactivate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """End exclusive access to the standard device; writes to it do nothing for the virtual device any more."""
    release_device(s, ha, s.std_of[ha.virtual])
    return make_not_ready


@step(HostAdapter, "742", "Fig. 27", WORKS)
def make_not_ready(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the virtual device not ready, or not ready for writes only; its table is maintained."""
    if c.step_742 == Step742.NOT_READY:
        s.ready[ha.virtual] = 0
    elif c.step_742 == Step742.READ_ONLY:
        s.read_only[ha.virtual] = 1
    return include_virtual_device


@step(HostAdapter, "744", "Fig. 27", LOCKS, ENDS)
def include_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """End exclusive access to the virtual device; as printed, to the standard device once more."""
    if c.step_744 == Step744.VIRTUAL:
        release_virtual_device(s, ha, ha.virtual)
    else:
        release_device(s, ha, s.std_of[ha.virtual])
    return DONE


@step(HostAdapter, "732 error", "Fig. 27 (silent)", REFUSES, ENDS, local=True)
def refuse_deactivation(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not active: an error is returned."""
    return DONE


# --- the protection bit of a track -----------------------------------------------------------------------------------


@step(HostAdapter, "751", "Fig. 27 (protection bits)", TESTS)
def test_device_of_bit(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the virtual device deactivated?  The bit of another one says nothing yet, or nothing any more."""
    deactivated = s.vdev_state[virtual_device(c, ha.device)] == VirtualState.DEACTIVATED
    return read_protection_bit if deactivated else refuse_saved_track


@step(HostAdapter, "751 bit", "Fig. 27 (protection bits)", READS_ENTRY, ENDS)
def read_protection_bit(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Return the bit of the device's session: it is clear when the track changed, and was saved."""
    return DONE


# --- Fig. 28 -------------------------------------------------------------------------------------------------------------


@step(HostAdapter, "752", "Fig. 28", TESTS)
def test_deactivated(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the virtual device deactivated?"""
    deactivated = s.vdev_state[virtual_device(c, ha.device)] == VirtualState.DEACTIVATED
    return test_saved if deactivated else refuse_saved_track


@step(HostAdapter, "756", "Fig. 28", TESTS)
def test_saved(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does the virtual device point to the log device for this track?"""
    ha.entry = s.pointer[virtual_device(c, ha.device), ha.track]
    return refuse_saved_track if ha.entry == STANDARD else lock_saved_track


@step(HostAdapter, "756 lock", "Figs. 6 (note), 28", LOCKS)
def lock_saved_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the log track, and see that the device is deactivated and points to it still; otherwise test again."""
    vdev = virtual_device(c, ha.device)
    if c.lock_756 != Slot.NONE:
        if s.log_lock[ha.entry] != NOBODY:
            return WAIT
        if c.lock_756 == Slot.REREAD and (s.pointer[vdev, ha.track] != ha.entry or s.vdev_state[vdev] != VirtualState.DEACTIVATED):
            ha.entry = STANDARD
            return test_deactivated
        s.log_lock[ha.entry] = ha.number
    return read_saved_track


@step(HostAdapter, "758", "Fig. 28", READS_SAVED, ENDS)
def read_saved_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Return the data of the log track and let it go."""
    release_log_track(s, ha, ha.entry)
    return DONE


@step(HostAdapter, "754", "Fig. 28", REFUSES, ENDS, local=True)
def refuse_saved_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The device is not deactivated, or the track was not saved: an error is returned."""
    return DONE
