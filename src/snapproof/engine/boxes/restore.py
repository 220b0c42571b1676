"""Restore a virtual device to its standard device (Fig. 21)."""

from __future__ import annotations

from ...vocabulary.restore_values import RestoreAccess, RestoreReady, Step557, Step568, Test551
from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import Held, RemovalTables
from ..box import DONE, WAIT, Next, box
from ..errors import NotRestorable
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..tables import NONE, STANDARD, StandardTable, VirtualTable
from .holding import enter, let_device_go, raise_flag
from .indirect import all_direct, end_migration, numbers_locked
from .pair_lists import held_with

FORBID = {Test551.ANY: (SessionByte.INACTIVE, SessionByte.ACTIVE, SessionByte.RESTORED, SessionByte.MIGRATING),
          Test551.ACTIVE: (SessionByte.ACTIVE,), Test551.NOT_TESTED: ()}
"""Session bytes of others that forbid a restore."""


def source(m: Memory, me: HostAdapter) -> VirtualTable:
    """The device being restored."""
    return m.tables.virtual[me.command.virtual]


def header(m: Memory, me: HostAdapter) -> StandardTable:
    """The device that it is restored to."""
    return m.tables.standard[me.command.standard]


def restorable(m: Memory, me: HostAdapter) -> bool:
    """Active, established to this standard device, and alone there, with no track left elsewhere by another restore?"""
    device = source(m, me)
    if device.state != VirtualState.ACTIVE or device.standard != me.command.standard:
        return False
    if m.build.test_551 == Test551.ANY and not all_direct(m, me.command.standard):
        return False
    others = [b for k, b in enumerate(header(m, me).session_bytes) if k != device.session]
    return not any(b in FORBID[m.build.test_551] for b in others)


@box(HostAdapter, "551a", "Fig. 21 (silent)", begins=Word.RESTORE)
def take_off_list_to_restore(m: Memory, me: HostAdapter) -> Next:
    """Off the lists, unless one of them is being activated."""
    if not restorable(m, me):
        return refuse_restore
    if held_with(m, me.command.virtual):
        return WAIT
    m.tables.lists[:] = [[v for v in pairs if v != me.command.virtual] for pairs in m.tables.lists]
    return stop_virtual_device if m.build.restore_access == RestoreAccess.NONE else exclude_to_restore


@box(HostAdapter, "551b", "Figs. 20B, 21 (locking)")
def exclude_to_restore(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device."""
    if not restorable(m, me):
        return refuse_restore
    if any(me.command.virtual in pairs for pairs in m.tables.lists):
        return take_off_list_to_restore
    return drain_to_restore if raise_flag(m, me, me.command.standard) else WAIT


@box(HostAdapter, "551b drain", "Figs. 20B, 21 (locking)")
def drain_to_restore(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return stop_virtual_device if enter(m, me, me.command.standard) else WAIT


@box(HostAdapter, "551c", "Fig. 21 (silent)")
def stop_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """Still restorable?  Then not ready."""
    if not restorable(m, me):
        let_device_go(m, me, me.command.standard)
        return refuse_restore
    begin_restore(m, me)
    return first_track_to_restore


def begin_restore(m: Memory, me: HostAdapter) -> None:
    """Restoring, to this device; and not ready."""
    device = source(m, me)
    device.state = VirtualState.RESTORING
    m.tables.standard[device.standard].restored_to[device.session] = me.command.standard
    if m.build.restore_ready == RestoreReady.NOT_READY_FIRST:
        device.ready = False


@box(HostAdapter, "552", "Fig. 21", local=True)
def first_track_to_restore(m: Memory, me: HostAdapter) -> Next:
    """The first track."""
    me.due_track = 0
    return more_tracks_to_restore


@box(HostAdapter, "554", "Fig. 21", local=True)
def more_tracks_to_restore(m: Memory, me: HostAdapter) -> Next:
    """Another track?"""
    return test_entry_to_restore if me.due_track < m.geometry.tracks else mark_restored


@box(HostAdapter, "562", "Fig. 21")
def test_entry_to_restore(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    me.entry = source(m, me).pointers[me.due_track]
    return test_bit_of_standard_track if me.entry == STANDARD else point_to_log_track


@box(HostAdapter, "564", "Fig. 21")
def point_to_log_track(m: Memory, me: HostAdapter) -> Next:
    """The standard track points to the log track, when nobody holds that."""
    if m.build.lock_564 == Held.HELD:
        if m.locks.log[me.entry] != NOBODY:
            return WAIT
        if source(m, me).pointers[me.due_track] != me.entry:
            me.entry = STANDARD
            return test_entry_to_restore
    header(m, me).indirect[me.due_track] = me.entry
    return test_bit_of_log_track


def protected(m: Memory, me: HostAdapter) -> bool:
    """Is the device's bit set on the track?"""
    return bool(header(m, me).protection[me.due_track] >> source(m, me).session & 1)


def clear_bit(m: Memory, me: HostAdapter) -> None:
    """The device's bit on the track."""
    header(m, me).protection[me.due_track] &= ~(1 << source(m, me).session)


@box(HostAdapter, "567", "Fig. 21")
def test_bit_of_log_track(m: Memory, me: HostAdapter) -> Next:
    """The bit should be clear."""
    return process_error if protected(m, me) else next_track_to_restore


@box(HostAdapter, "574", "Fig. 21")
def test_bit_of_standard_track(m: Memory, me: HostAdapter) -> Next:
    """The bit should be set."""
    return clear_bit_of_restored if protected(m, me) else process_error


@box(HostAdapter, "578", "Fig. 21")
def clear_bit_of_restored(m: Memory, me: HostAdapter) -> Next:
    """Nothing is to be saved for this device any more."""
    clear_bit(m, me)
    return next_track_to_restore


@box(HostAdapter, "568", "Fig. 21")
def process_error(m: Memory, me: HostAdapter) -> Next:
    """Bit and entry contradict each other."""
    if m.build.step_568 == Step568.SUSPENDED:
        let_device_go(m, me, me.command.standard)
        return refuse_restore
    if m.build.step_568 == Step568.CORRECTED:
        clear_bit(m, me)
    return next_track_to_restore


@box(HostAdapter, "572", "Fig. 21", local=True)
def next_track_to_restore(m: Memory, me: HostAdapter) -> Next:
    """The next track."""
    me.entry = STANDARD
    me.due_track += 1
    return more_tracks_to_restore


@box(HostAdapter, "555", "Fig. 21")
def mark_restored(m: Memory, me: HostAdapter) -> Next:
    """The header says that a restore has been performed."""
    header(m, me).session_bytes[source(m, me).session] = SessionByte.RESTORED
    return deallocate_restored


@box(HostAdapter, "557", "Figs. 14, 21")
def deallocate_restored(m: Memory, me: HostAdapter) -> Next:
    """The virtual device is unused; its log tracks stay with the standard device."""
    deallocate(m, me)
    return change_session_type


def deallocate(m: Memory, me: HostAdapter) -> None:
    """Only the session is left of the device; its bits stand for what the restored device has elsewhere."""
    device = source(m, me)
    if m.build.removal_tables == RemovalTables.DISCARDED:
        device.pointers[:] = [STANDARD] * len(device.pointers)
    if m.build.step_557 == Step557.CLEARED:
        for log in {entry for entry in header(m, me).indirect if entry >= 0}:
            m.tables.log.map_words[log] &= ~(1 << device.session)
    m.tables.standard[device.standard].bound[device.session] = NONE
    device.state, device.ready, device.standard, device.session = VirtualState.UNUSED, False, 0, 0


@box(HostAdapter, "558", "Fig. 21")
def change_session_type(m: Memory, me: HostAdapter) -> Next:
    """Tracks are indirect from now on, or none is; end of exclusive access."""
    std = me.command.standard
    if numbers_locked(m, std):
        return WAIT
    begin_migration(m, std)
    let_device_go(m, me, std)
    return DONE


def begin_migration(m: Memory, target: int) -> None:
    """Sessions restored to the device have indirect tracks there from now on, unless none is."""
    for table in m.tables.standard:
        for k, (byte, to) in enumerate(zip(table.session_bytes, table.restored_to, strict=True)):
            if byte == SessionByte.RESTORED and to == target:
                table.session_bytes[k] = SessionByte.MIGRATING
    end_migration(m, target)


@box(HostAdapter, "551 error", "Fig. 21", local=True, refuses=NotRestorable)
def refuse_restore(m: Memory, me: HostAdapter) -> Next:
    """Not active there, or not alone."""
    vdev, std = Device("V", me.command.virtual), Device("S", me.command.standard)
    me.refuse(NotRestorable(f"restore {vdev} to {std}", "the virtual device is not active on it, or the standard device has another "
                            "session, of another virtual device or of a restore, or tracks that are still to be copied back.",
                            "Look at the sessions with `snapproof engine show`; remove the others, or copy the tracks back."))
    return DONE
