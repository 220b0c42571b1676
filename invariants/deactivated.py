"""I14, I15, I24d: what a deactivated virtual device has saved is frozen, complete, and read as it is (Figs. 27, 28)."""

from __future__ import annotations

from snapproof.model import deactivation, device_tables, virtual_read, virtual_write
from snapproof.model.encoding import is_virtual, virtual_device
from snapproof.model.indirect_tracks import contents
from snapproof.model.parts import COPIES, EXCLUSIVE, MOVES, READS_SAVED, READS_VIRTUAL
from snapproof.model.sets import Block, LogTrack, Track, VirtualDevice
from snapproof.model.standard_write import active_bits
from snapproof.model.state import STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant, transition, witness
from snapproof.vocabulary.restore_values import CopySource
from snapproof.vocabulary.states import VirtualState

from .refusals import refused
from .virtual_view import block_name, value_name


def deactivated(s: Array, vdev: int) -> bool:
    """Is the virtual device deactivated?"""
    return s.vdev_state[vdev] == VirtualState.DEACTIVATED


# --- frozen ----------------------------------------------------------------------------------------------------------


@invariant("I14", "saved track changed")
def saved_track_shows_the_image(s: Array, c: Embodiment, v: VirtualDevice, t: Track, b: Block) -> bool:
    """What a deactivated device points to on the log device is its image, and stays so whoever else uses the log track."""
    log = s.pointer[v, t]
    return not deactivated(s, v) or log == STANDARD or s.log_data[log, b] == s.image[v, t, b]


@saved_track_shows_the_image.explain
def _saved_track_shows_the_image(s: Array, c: Embodiment, v: int, t: int, b: int) -> tuple[str, str]:
    log = s.pointer[v, t]
    return (f"{LogTrack.member(log)}, saved for {block_name(v, t, b)}, holds {value_name(s.image[v, t, b])}",
            value_name(s.log_data[log, b]))


def frozen(before: Array, after: Array, v: int, t: int) -> bool:
    """Is a track that the device has saved still saved behind this box, and one that it has not, still not?"""
    if not deactivated(before, v) or not deactivated(after, v):
        return True
    return (before.pointer[v, t] == STANDARD) == (after.pointer[v, t] == STANDARD)


WRITE_ENTRIES = (device_tables.write_standard_entry, device_tables.write_log_entry, device_tables.modify_entry)
"""What these write back is what they have read, so that nothing but who writes it can be wrong."""


@transition("I14f", "frozen device changed", steps=[MOVES])
def nothing_is_saved_for_a_deactivated_device(before: Array, after: Array, c: Embodiment, da: DiskAdapter,
                                              v: VirtualDevice, t: Track) -> bool:
    """Behind 736 no disk adapter saves a track for the device any more."""
    return frozen(before, after, v, t)


@transition("I14g", "frozen device changed", steps=[MOVES, *WRITE_ENTRIES])
def nobody_writes_a_deactivated_device(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                       v: VirtualDevice, t: Track) -> bool:
    """Behind 736 no host writes to the device any more, and none adds to what it has saved."""
    if ha.at(device_tables.write_standard_entry, device_tables.write_log_entry, device_tables.modify_entry):
        if virtual_device(c, ha.device) == v:
            return not deactivated(before, v)
    if not frozen(before, after, v, t):
        return False
    return not deactivated(before, v) or not deactivated(after, v) or all(
        after.image[v, t, b] == before.image[v, t, b] for b in c.each(Block))


@nothing_is_saved_for_a_deactivated_device.explain
def _nothing_is_saved_for_a_deactivated_device(before: Array, after: Array, c: Embodiment, da: DiskAdapter,
                                               v: int, t: int) -> tuple[str, str]:
    return _changed(v, t)


@nobody_writes_a_deactivated_device.explain
def _nobody_writes_a_deactivated_device(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                        v: int, t: int) -> tuple[str, str]:
    return _changed(v, t)


def _changed(v: int, t: int) -> tuple[str, str]:
    return (f"{VirtualDevice.member(v)} is deactivated, so its {Track.member(t)} is what it was at 736",
            "the track was saved, or written, after that")


# --- complete --------------------------------------------------------------------------------------------------------


@transition("I15", "change not saved", steps=[deactivation.stop_saving])
def unsaved_tracks_have_not_changed(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: Track, b: Block) -> bool:
    """At 736 every track that is not saved shows the image still: the saved ones are all that changed."""
    v = ha.virtual
    if not deactivated(after, v) or before.pointer[v, t] != STANDARD:
        return True
    return contents(before, c, before.std_of[v], t, b) == before.image[v, t, b]


@unsaved_tracks_have_not_changed.explain
def _unsaved_tracks_have_not_changed(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: int, b: int) -> tuple[str, str]:
    v = ha.virtual
    return (f"{block_name(v, t, b)} was not saved, so its standard track shows {value_name(before.image[v, t, b])} still",
            value_name(contents(before, c, before.std_of[v], t, b)))


# --- read ------------------------------------------------------------------------------------------------------------------


@transition("I15r", "foreign data", steps=[READS_SAVED])
def saved_track_read_is_own(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """758 returns what the device has saved for the track that the call names; a removal that has begun waits for it (384)."""
    v = virtual_device(c, ha.device)
    return (before.pointer[v, ha.track] == ha.entry
            and before.log_data[max(ha.entry, 0), ha.read_block] == before.image[v, ha.track, ha.read_block])


@saved_track_read_is_own.explain
def _saved_track_read_is_own(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    v = virtual_device(c, ha.device)
    what = block_name(v, ha.track, ha.read_block)
    if before.pointer[v, ha.track] != ha.entry:
        return f"{what} is read where the device has saved it", "the device does not point there any more"
    return (f"a read of what is saved for {what} returns {value_name(before.image[v, ha.track, ha.read_block])}",
            f"{value_name(before.log_data[max(ha.entry, 0), ha.read_block])}, read from {LogTrack.member(max(ha.entry, 0))}")


@transition("I15s", "wrong protection bit", steps=[deactivation.read_protection_bit])
def bit_read_tells_what_is_saved(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The bit that the call returns is set exactly when the device has not saved the track; the session is its own."""
    v = virtual_device(c, ha.device)
    bit = has(before.protection[before.std_of[v], ha.track], before.session_of[v])
    return not deactivated(before, v) or bit == (before.pointer[v, ha.track] == STANDARD)


@bit_read_tells_what_is_saved.explain
def _bit_read_tells_what_is_saved(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    v = virtual_device(c, ha.device)
    return (f"the bit of {VirtualDevice.member(v)} {Track.member(ha.track)} says whether the track was saved", "it does not")


# --- errors -------------------------------------------------------------------------------------------------------------------


@transition("I24d", "error without cause",
            steps=[deactivation.exclude_virtual_device, deactivation.exclude_to_deactivate, deactivation.stop_saving])
def refused_deactivation_found_no_active_device(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A deactivation refuses only a virtual device that is not active."""
    return not refused(after, ha) or before.vdev_state[ha.virtual] != VirtualState.ACTIVE


@refused_deactivation_found_no_active_device.explain
def _refused_deactivation_found_no_active_device(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{VirtualDevice.member(ha.virtual)} is active, so it is deactivated", "an error is returned"


@transition("I24k", "error without cause", steps=[deactivation.test_deactivated, deactivation.test_saved, deactivation.test_device_of_bit])
def refused_track_was_not_saved(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """754 is entered only for a device that is not deactivated, or behind 756 for a track that it has not saved; and always then."""
    v = virtual_device(c, ha.device)
    if ha.at(deactivation.test_saved):
        return refused(after, ha) == (before.pointer[v, ha.track] == STANDARD)
    return refused(after, ha) != deactivated(before, v)


@refused_track_was_not_saved.explain
def _refused_track_was_not_saved(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "754 is entered for what is not deactivated or not saved, and for nothing else", "752 or 756 decides otherwise"


@transition("I10v", "lock of another released", steps=[EXCLUSIVE])
def virtual_device_is_closed_by_caller(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """At 736, and while it is restored to a new one, the process has exclusive access to the virtual device, if it takes that at all."""
    if ha.at(COPIES):
        return c.copy_source == CopySource.OPEN or before.virtual_lock[ha.virtual] == ha.number
    if not ha.at(deactivation.stop_saving) or c.path_746a != 0:
        return True
    return before.virtual_lock[ha.virtual] == ha.number


@virtual_device_is_closed_by_caller.explain
def _virtual_device_is_closed_by_caller(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{HostAdapter.member(ha.id)} has exclusive access to {VirtualDevice.member(ha.virtual)}", "it has not"


# --- what must be reachable ---------------------------------------------------------------------------------------------------


@witness("W16a")
def saved_track_read(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A saved track of a deactivated device is read (758)."""
    return ha.at(READS_SAVED)


@witness("W16b")
def unsaved_track_asked_for(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """756 is about to find that a deactivated device has not saved the track."""
    return ha.at(deactivation.test_saved) and ha.track == t and s.pointer[virtual_device(c, ha.device), t] == STANDARD


def asked_for_reads(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Does the command of this host adapter name a virtual device that is ready for reads only?"""
    return is_virtual(c, ha.device) and s.read_only[virtual_device(c, ha.device)] == 1 and s.ready[virtual_device(c, ha.device)] == 1


@witness("W16c")
def read_only_device_read(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A deactivated device that is ready for reads is read (742, 286)."""
    return ha.at(READS_VIRTUAL) and asked_for_reads(s, c, ha)


@witness("W16d")
def unsaved_track_of_read_only_device_read(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host has come to read a device, and finds it deactivated, and the track not saved (282 lock)."""
    return (ha.at(virtual_read.lock_slot_to_read) and asked_for_reads(s, c, ha)
            and s.pointer[virtual_device(c, ha.device), ha.track] == STANDARD)


@witness("W16e")
def writer_of_read_only_device(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host has come to write an active device, and finds that it is ready for reads only (342 lock)."""
    return ha.at(virtual_write.lock_slot_to_write) and asked_for_reads(s, c, ha)


@witness("W20")
def shared_with_a_deactivated_device(s: Array, c: Embodiment, v: VirtualDevice, w: VirtualDevice, t: Track) -> bool:
    """A deactivated and an active device share a log track."""
    return (deactivated(s, v) and s.vdev_state[w] == VirtualState.ACTIVE and s.pointer[v, t] != STANDARD
            and s.pointer[v, t] == s.pointer[w, t])


@witness("W38")
def written_over_a_frozen_bit(s: Array, c: Embodiment, ha: HostAdapter, v: VirtualDevice, t: Track) -> bool:
    """A host is about to write a standard track while the bit of a deactivated device is set on it, and no active one."""
    if is_virtual(c, ha.device) or not deactivated(s, v) or s.std_of[v] != ha.device or ha.track != t:
        return False
    return has(s.protection[s.std_of[v], t], s.session_of[v]) and active_bits(s, c, s.std_of[v], t) == 0 and not ha.idle


@witness("W39")
def deactivation_waits_for_a_virtual_write(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """732 has to wait for a host that has a log track of the virtual device in hand."""
    log = s.pointer[ha.virtual, t]
    return ha.at(deactivation.drain_virtual_device) and log != STANDARD and s.log_lock[max(log, 0)] != 0
