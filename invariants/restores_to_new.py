"""I9t, I13d, I13k, I19m, I19t, I20r, I22, I24xn to zn: restores to another standard device, and tracks that point from device to device."""

from __future__ import annotations

from snapproof.model import copy_on_write, indirect_tracks, restore, restore_new, virtual_write
from snapproof.model.encoding import Direct, OnLog, OnStandard, entry_words, is_virtual, virtual_device
from snapproof.model.pair_lists import list_is_held, on_any_list
from snapproof.model.parts import READS_STANDARD, READS_VIRTUAL
from snapproof.model.removal import test_last_map_bit
from snapproof.model.sets import Block, Session, StandardDevice, Track, VirtualDevice
from snapproof.model.standard_write import active_bits
from snapproof.model.state import NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant, transition, witness
from snapproof.vocabulary.restore_values import Migrating, ReadIndirect, Step591, Test581
from snapproof.vocabulary.states import SessionByte, VirtualState

from .refusals import refused
from .restores import place

# --- indirect tracks -------------------------------------------------------------------------------------------------


@invariant("I13k", "circular pointer")
def entries_lead_to_data(s: Array, c: Embodiment, d: StandardDevice, t: Track) -> bool:
    """The entries of standard tracks, followed from device to device, come to data: no track points back to itself."""
    return not isinstance(s.indirect[indirect_tracks.home(s, c, d, t), t], OnStandard)


@entries_lead_to_data.explain
def _entries_lead_to_data(s: Array, c: Embodiment, d: int, t: int) -> tuple[str, str]:
    return (f"the data of {StandardDevice.member(d)} {Track.member(t)} is on a track", "its entry leads from device to device, and back")


@invariant("I9t", "stray target")
def target_belongs_to_a_restore(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """A session has a device that it was restored to exactly while it is restored, or its virtual device is being restored."""
    v = s.bound[d, k]
    restoring = v != NONE and s.vdev_state[v] == VirtualState.RESTORING
    restored = s.session_byte[d, k] in (SessionByte.RESTORED, SessionByte.MIGRATING)
    return (s.restored_to[d, k] != NONE) == (restoring or restored)


@target_belongs_to_a_restore.explain
def _target_belongs_to_a_restore(s: Array, c: Embodiment, d: int, k: int) -> tuple[str, str]:
    return (f"{Session.member(k)} of {StandardDevice.member(d)} has a target exactly while a restore of it is under way, or its tracks "
            "migrate", "it has none, and needs one" if s.restored_to[d, k] == NONE else "it has one, and nothing migrates")


@invariant("I19t", "stray target")
def target_belongs_to_a_copy(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter has a target only while it waits for that device's track, copies it, or lets it go."""
    return da.target == NONE or da.at(copy_on_write.hold_new_track, copy_on_write.let_new_track_go) or da.inside(
        indirect_tracks.COPY_BACK)


@target_belongs_to_a_copy.explain
def _target_belongs_to_a_copy(s: Array, c: Embodiment, da: DiskAdapter) -> tuple[str, str]:
    return f"{DiskAdapter.member(da.id)} copies no track and has no target", f"it has {StandardDevice.member(max(da.target, 0))}"


@transition("I22", "wrong entry", steps=[restore_new.point_to_old_track, restore_new.point_to_log_track_of_old])
def entry_is_that_of_the_virtual_device(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Behind 592 and 595 the new device's track points to where the virtual device's did at 588; 595 may begin anew."""
    here = after.same(ha)
    if here.at(restore_new.test_entry_for_new, restore_new.point_to_log_track_of_old):
        return True
    pointed = after.indirect[ha.standard, ha.due_track]
    if ha.entry == STANDARD:
        return bool(pointed == OnStandard(standard=before.std_of[ha.virtual]))
    return bool(pointed == OnLog(log=max(ha.entry, 0)))


@entry_is_that_of_the_virtual_device.explain
def _entry_is_that_of_the_virtual_device(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{StandardDevice.member(ha.standard)} {Track.member(ha.due_track)} points to where {VirtualDevice.member(ha.virtual)} did",
            f"it points to {entry_words(after.indirect[ha.standard, ha.due_track], ha.due_track)}")


@transition("I20r", "orphaned pair", steps=[restore.take_off_list_to_restore, restore_new.take_off_list_to_restore_to_new])
def pair_is_taken_off_its_list(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A restore that begins has its pair on no list, and takes it off none that is being activated."""
    here = after.same(ha)
    if refused(after, ha) or here.at(restore.take_off_list_to_restore, restore_new.take_off_list_to_restore_to_new):
        return True
    return not on_any_list(after, c, ha.virtual) and not list_is_held(before, c, ha.virtual)


@pair_is_taken_off_its_list.explain
def _pair_is_taken_off_its_list(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.virtual)} is on no list when its restore begins", "it is on one, or was taken off one that is held")


@transition("I13d", "track of another changed", steps=[indirect_tracks.copy_from_source, indirect_tracks.make_direct])
def only_the_target_is_copied(before: Array, after: Array, c: Embodiment, da: DiskAdapter,
                              d: StandardDevice, t: Track, b: Block) -> bool:
    """A disk adapter that copies a track before it is overwritten changes that track of its target, which it holds, and no other."""
    if d == da.target and t == indirect_tracks.copied_track(before, da):
        return before.track_lock[d, t] == da.number
    return after.indirect[d, t] == before.indirect[d, t] and after.std_data[d, t, b] == before.std_data[d, t, b]


@only_the_target_is_copied.explain
def _only_the_target_is_copied(before: Array, after: Array, c: Embodiment, da: DiskAdapter, d: int, t: int, b: int) -> tuple[str, str]:
    if d == da.target and t == indirect_tracks.copied_track(before, da):
        return f"{DiskAdapter.member(da.id)} holds {StandardDevice.member(d)} {Track.member(t)}", "it does not"
    return f"{StandardDevice.member(d)} {Track.member(t)} is as it was", "copying another track has changed it"


@transition("I19m", "lost image", steps=[copy_on_write.test_bits_of_request])
def request_finds_the_new_device(before: Array, after: Array, c: Embodiment, da: DiskAdapter, ha: HostAdapter) -> bool:
    """Before a track is overwritten to which another device points, 302 sends it there; and nowhere else."""
    if ha.number != da.serving or c.migrating != Migrating.COPIED_FIRST:
        return True
    here = after.same(da)
    if here.at(copy_on_write.hold_new_track):
        return here.target >= 0 and before.indirect[max(here.target, 0), ha.track] == OnStandard(standard=ha.device)
    if here.at(copy_on_write.test_bits_of_request):
        return True
    return not any(has(before.protection[ha.device, ha.track], k) and before.session_byte[ha.device, k] == SessionByte.MIGRATING
                   and before.indirect[max(before.restored_to[ha.device, k], 0), ha.track] == OnStandard(standard=ha.device)
                   for k in c.each(Session))


@request_finds_the_new_device.explain
def _request_finds_the_new_device(before: Array, after: Array, c: Embodiment, da: DiskAdapter, ha: HostAdapter) -> tuple[str, str]:
    return (f"{StandardDevice.member(ha.device)} {Track.member(ha.track)} is copied first to the device that points to it, if one does",
            "302 decides otherwise")


# --- errors ----------------------------------------------------------------------------------------------------------


@transition("I24xn", "error without cause", steps=[restore_new.take_off_list_to_restore_to_new, restore_new.exclude_old_and_new,
                                                   restore_new.stop_virtual_device_of_old])
def refused_restore_to_new_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A restore to a new device is refused only when the virtual device is not active on another one, or the new one is not clean."""
    if not refused(after, ha) or before.vdev_state[ha.virtual] != VirtualState.ACTIVE or before.std_of[ha.virtual] == ha.standard:
        return True
    if c.test_581 == Test581.CLEAN and any(before.indirect[ha.standard, t] != Direct() for t in c.each(Track)):
        return True
    return c.test_581 != Test581.NOT_TESTED and any(
        before.session_byte[ha.standard, k] not in (SessionByte.FREE, SessionByte.RESERVED) for k in c.each(Session))


@refused_restore_to_new_had_a_cause.explain
def _refused_restore_to_new_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.virtual)} is active on another device, and {StandardDevice.member(ha.standard)} is clean, "
            "so it is restored", "an error is returned")


@transition("I24yn", "error without cause", steps=[restore_new.test_bit_of_old_track, restore_new.test_bit_beside_log_track])
def error_of_new_has_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """589 and 593 lead to error processing exactly when the protection bit contradicts the entry."""
    here = after.same(ha)
    bit = has(before.protection[before.std_of[ha.virtual], ha.due_track], before.session_of[ha.virtual])
    return bool(here.at(restore_new.process_error_of_new) == (bit == (ha.entry != STANDARD)))


@error_of_new_has_a_cause.explain
def _error_of_new_has_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "591 is entered exactly when protection bit and entry contradict each other", "589 or 593 decides otherwise"


@transition("I24zn", "error without cause", steps=[restore_new.process_error_of_new])
def only_suspended_restores_to_new_fail(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """591 ends a restore with an error where errors suspend it, and nowhere else."""
    return bool(refused(after, ha) == (c.step_591 == Step591.SUSPENDED))


@only_suspended_restores_to_new_fail.explain
def _only_suspended_restores_to_new_fail(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "error processing ends the restore only where it suspends it", "591 decides otherwise"


# --- what must be reachable --------------------------------------------------------------------------------------------


@witness("W40")
def copied_from_old_device(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host's read or write has a track copied from the old device to the new one."""
    return ha.at(indirect_tracks.copy_from_source) and ha.entry == STANDARD


@witness("W41")
def copied_before_overwritten(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter meets a bit of a restored session, and copies the track to the new device."""
    return da.at(indirect_tracks.copy_from_source)


@witness("W42")
def active_and_migrating_bits(s: Array, c: Embodiment, d: StandardDevice, t: Track) -> bool:
    """A track has bits of an active session and of one whose tracks migrate to another device."""
    return active_bits(s, c, d, t) != 0 and indirect_tracks.migrating_bits(s, c, d, t) != 0


@witness("W43")
def two_hops(s: Array, c: Embodiment, d: StandardDevice, e: StandardDevice, t: Track) -> bool:
    """A track points to one of another device, which itself points to the log device."""
    return s.indirect[d, t] == OnStandard(standard=e) and isinstance(s.indirect[e, t], OnLog)


@witness("W47")
def two_devices_on_the_way(s: Array, c: Embodiment, d: StandardDevice, e: StandardDevice, t: Track) -> bool:
    """A track points to one of another device, which itself points to one of a third."""
    return s.indirect[d, t] == OnStandard(standard=e) and isinstance(s.indirect[e, t], OnStandard)


@witness("W50")
def two_devices_point_here(s: Array, c: Embodiment, d: StandardDevice, e: StandardDevice, f: StandardDevice, t: Track) -> bool:
    """Two devices that were restored from the same one still have their data there."""
    return e < f and s.indirect[e, t] == OnStandard(standard=d) and s.indirect[f, t] == OnStandard(standard=d)


@witness("W51")
def listed_pair_is_restored(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A pair that was activated alone, and stands on its list still, is about to be restored to a new device."""
    return ha.at(restore_new.take_off_list_to_restore_to_new) and on_any_list(s, c, ha.virtual)


@witness("W44")
def entry_changed_before_lock(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter has waited for the new device's track, and finds that another process has copied it."""
    if not da.at(indirect_tracks.lock_source):
        return False
    return bool(s.indirect[max(da.target, 0), indirect_tracks.copied_track(s, da)] == Direct())


@witness("W45")
def virtual_write_beside_indirect_track(s: Array, c: Embodiment, ha: HostAdapter, d: StandardDevice, t: Track) -> bool:
    """A host writes a virtual device on a log track that an indirect track uses as well."""
    return ha.at(virtual_write.test_shared) and ha.track == t and s.indirect[d, t] == OnLog(log=max(ha.entry, 0))


@witness("W46")
def removal_leaves_indirect_track(s: Array, c: Embodiment, ha: HostAdapter, d: StandardDevice, t: Track) -> bool:
    """A removal clears its map bit, and the log track stays in use, because an indirect track points to it (386)."""
    return ha.at(test_last_map_bit) and ha.due_track == t and s.indirect[d, t] == OnLog(log=max(ha.entry, 0))


@witness("W48")
def new_device_on_device_of_another(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """A virtual device is active on a track whose data is on another standard device still."""
    if s.vdev_state[v] != VirtualState.ACTIVE or s.pointer[v, t] != STANDARD:
        return False
    return isinstance(s.indirect[s.std_of[v], t], OnStandard)


@witness("W49")
def read_from_old_device(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """A host reads a track of the new device on the old one, without copying it; by itself, or through a virtual device."""
    if not ha.at(READS_STANDARD, READS_VIRTUAL) or ha.track != t or c.read_indirect != ReadIndirect.READ_THROUGH:
        return False
    if is_virtual(c, ha.device) and s.pointer[virtual_device(c, ha.device), t] != STANDARD:
        return False
    return isinstance(s.indirect[place(s, c, ha), t], OnStandard)


@witness("W19n")
def error_of_new_processed(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A restore to a new device meets a protection bit that is not what the pointer says (591); never with all that is safe."""
    return ha.at(restore_new.process_error_of_new)
