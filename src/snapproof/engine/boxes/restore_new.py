"""Restore a virtual device to another standard device (Fig. 22)."""

from __future__ import annotations

from ...vocabulary.restore_values import NewAccess, Step591, Test581
from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import Held
from ..box import DONE, WAIT, Next, box
from ..errors import NotRestorable
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..tables import STANDARD, on_standard
from .holding import enter, let_device_go, raise_flag
from .indirect import all_direct, numbers_locked
from .pair_lists import held_with
from .restore import begin_migration, begin_restore, deallocate, header, source


def restorable_to_new(m: Memory, me: HostAdapter) -> bool:
    """Active, established to another device, and the new one clean?"""
    device, test = source(m, me), m.build.test_581
    if device.state != VirtualState.ACTIVE or device.standard == me.command.standard:
        return False
    if test != Test581.NOT_TESTED and any(b not in (SessionByte.FREE, SessionByte.RESERVED) for b in header(m, me).session_bytes):
        return False
    return test != Test581.CLEAN or all_direct(m, me.command.standard)


def next_device(m: Memory, me: HostAdapter) -> int | None:
    """The first of old and new device, in their order, that is not closed by this adapter yet."""
    closed = {NewAccess.BOTH: {source(m, me).standard, me.command.standard}, NewAccess.OLD: {source(m, me).standard},
              NewAccess.NEW: {me.command.standard}, NewAccess.NONE: set[int]()}[m.build.new_access]
    return next((d for d in sorted(closed) if m.locks.device[d] != me.number), None)


def let_devices_go(m: Memory, me: HostAdapter) -> None:
    """All of them."""
    for std in range(m.geometry.standard):
        let_device_go(m, me, std)


@box(HostAdapter, "581a", "Fig. 22 (silent)", begins=Word.RESTORE_NEW)
def take_off_list_to_restore_to_new(m: Memory, me: HostAdapter) -> Next:
    """Off the lists, unless one of them is being activated."""
    if not restorable_to_new(m, me):
        return refuse_restore_to_new
    if held_with(m, me.command.virtual):
        return WAIT
    m.tables.lists[:] = [[v for v in pairs if v != me.command.virtual] for pairs in m.tables.lists]
    return stop_virtual_device_of_old if m.build.new_access == NewAccess.NONE else exclude_old_and_new


@box(HostAdapter, "581b", "Figs. 20C, 22 (locking)")
def exclude_old_and_new(m: Memory, me: HostAdapter) -> Next:
    """The flag of the next device."""
    if not restorable_to_new(m, me):
        let_devices_go(m, me)
        return refuse_restore_to_new
    due = next_device(m, me) or 0
    if not raise_flag(m, me, due):
        return WAIT
    me.due_device = due
    return drain_old_and_new


@box(HostAdapter, "581b drain", "Figs. 20C, 22 (locking)")
def drain_old_and_new(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: the next one, or all are closed."""
    if not enter(m, me, me.due_device):
        return WAIT
    me.due_device = 0
    return stop_virtual_device_of_old if next_device(m, me) is None else exclude_old_and_new


@box(HostAdapter, "581c", "Fig. 22 (silent)")
def stop_virtual_device_of_old(m: Memory, me: HostAdapter) -> Next:
    """Still restorable, and on no list?  Then not ready."""
    if not restorable_to_new(m, me):
        let_devices_go(m, me)
        return refuse_restore_to_new
    if any(me.command.virtual in pairs for pairs in m.tables.lists):
        let_devices_go(m, me)
        return take_off_list_to_restore_to_new
    begin_restore(m, me)
    return first_track_of_new


@box(HostAdapter, "582", "Fig. 22", local=True)
def first_track_of_new(m: Memory, me: HostAdapter) -> Next:
    """The first track."""
    me.due_track = 0
    return more_tracks_of_new


@box(HostAdapter, "583", "Fig. 22", local=True)
def more_tracks_of_new(m: Memory, me: HostAdapter) -> Next:
    """Another track?"""
    return test_entry_for_new if me.due_track < m.geometry.tracks else mark_restored_to_new


@box(HostAdapter, "588", "Fig. 22")
def test_entry_for_new(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    me.entry = source(m, me).pointers[me.due_track]
    return test_bit_of_old_track if me.entry == STANDARD else test_bit_beside_log_track


def old_words(m: Memory, me: HostAdapter) -> list[int]:
    """The protection words of the old device."""
    return m.tables.standard[source(m, me).standard].protection


def protected(m: Memory, me: HostAdapter) -> bool:
    """Is the device's bit set on the old track?"""
    return bool(old_words(m, me)[me.due_track] >> source(m, me).session & 1)


@box(HostAdapter, "589", "Fig. 22")
def test_bit_of_old_track(m: Memory, me: HostAdapter) -> Next:
    """The bit should be set."""
    return point_to_old_track if protected(m, me) else process_error_of_new


@box(HostAdapter, "593", "Fig. 22")
def test_bit_beside_log_track(m: Memory, me: HostAdapter) -> Next:
    """The bit should be clear."""
    return process_error_of_new if protected(m, me) else point_to_log_track_of_old


@box(HostAdapter, "591", "Fig. 22")
def process_error_of_new(m: Memory, me: HostAdapter) -> Next:
    """Bit and entry contradict each other."""
    if m.build.step_591 == Step591.SUSPENDED:
        let_devices_go(m, me)
        return refuse_restore_to_new
    if m.build.step_591 == Step591.CORRECTED:
        bit = 1 << source(m, me).session
        old_words(m, me)[me.due_track] &= ~bit
        old_words(m, me)[me.due_track] |= bit if me.entry == STANDARD else 0
    return point_to_old_track if me.entry == STANDARD else point_to_log_track_of_old


@box(HostAdapter, "592", "Fig. 22")
def point_to_old_track(m: Memory, me: HostAdapter) -> Next:
    """The new track points to the old one."""
    header(m, me).indirect[me.due_track] = on_standard(source(m, me).standard)
    return next_track_of_new


@box(HostAdapter, "595", "Fig. 22")
def point_to_log_track_of_old(m: Memory, me: HostAdapter) -> Next:
    """The new track points to the log track, when nobody holds that."""
    if m.build.lock_564 == Held.HELD:
        if m.locks.log[me.entry] != NOBODY:
            return WAIT
        if source(m, me).pointers[me.due_track] != me.entry:
            me.entry = STANDARD
            return test_entry_for_new
    header(m, me).indirect[me.due_track] = me.entry
    return next_track_of_new


@box(HostAdapter, "598", "Fig. 22", local=True)
def next_track_of_new(m: Memory, me: HostAdapter) -> Next:
    """The next track."""
    me.entry = STANDARD
    me.due_track += 1
    return more_tracks_of_new


@box(HostAdapter, "584", "Fig. 22")
def mark_restored_to_new(m: Memory, me: HostAdapter) -> Next:
    """The old device's header says that a restore has been performed."""
    device = source(m, me)
    m.tables.standard[device.standard].session_bytes[device.session] = SessionByte.RESTORED
    return deallocate_restored_to_new


@box(HostAdapter, "585", "Figs. 14, 22")
def deallocate_restored_to_new(m: Memory, me: HostAdapter) -> Next:
    """The virtual device is unused."""
    deallocate(m, me)
    return change_session_type_of_old


@box(HostAdapter, "586", "Fig. 22")
def change_session_type_of_old(m: Memory, me: HostAdapter) -> Next:
    """Tracks migrate from now on; end of exclusive access."""
    if numbers_locked(m, me.command.standard):
        return WAIT
    begin_migration(m, me.command.standard)
    let_devices_go(m, me)
    return DONE


@box(HostAdapter, "581 error", "Fig. 22", local=True, refuses=NotRestorable)
def refuse_restore_to_new(m: Memory, me: HostAdapter) -> Next:
    """Not active elsewhere, or the new device is not clean."""
    vdev, std = Device("V", me.command.virtual), Device("S", me.command.standard)
    me.refuse(NotRestorable(f"restore {vdev} to {std}", "the virtual device is not active on another device, or the new device has a "
                            "session of a virtual device, or tracks that are still to be copied to it.",
                            "Look at the sessions with `snapproof engine show`; remove the virtual devices of the new device, or "
                            "copy its tracks with `snapproof engine copy-back`."))
    return DONE
