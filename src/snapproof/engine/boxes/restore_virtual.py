"""Restore a virtual device to a new virtual device, a copy of it (Fig. 20E)."""

from __future__ import annotations

from ...vocabulary.restore_values import CopyAccess, CopyLabels, CopySession, CopySource
from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import Held
from ..box import DONE, WAIT, Next, box
from ..errors import NotRestorable
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..tables import STANDARD, VirtualTable
from .holding import close_virtual_device, enter, let_device_go, let_virtual_device_go, raise_flag, virtual_device_drained
from .register import free_session
from .restore import source

PROTECTED = (CopyLabels.BOTH, CopyLabels.NO_MAP_BITS)
MAPPED = (CopyLabels.BOTH, CopyLabels.NO_PROTECTION_BITS)


def copy(m: Memory, me: HostAdapter) -> VirtualTable:
    """The new device."""
    return m.tables.virtual[me.command.copy]


def let_source_go(m: Memory, me: HostAdapter) -> None:
    """The device that is copied, and the standard device that it stands for."""
    let_device_go(m, me, source(m, me).standard)
    let_virtual_device_go(m, me, me.command.virtual)


@box(HostAdapter, "20E close", "Fig. 20E (locking)", begins=Word.RESTORE_VIRTUAL)
def close_source(m: Memory, me: HostAdapter) -> Next:
    """Nobody takes a slot of it any more."""
    if source(m, me).state != VirtualState.ACTIVE:
        return refuse_restore_to_virtual
    if m.build.copy_source == CopySource.CLOSED and not close_virtual_device(m, me, me.command.virtual):
        return WAIT
    return drain_source


@box(HostAdapter, "20E close drain", "Fig. 20E (locking)")
def drain_source(m: Memory, me: HostAdapter) -> Next:
    """None of its log tracks is in anybody's hands."""
    if m.build.copy_source == CopySource.CLOSED and not virtual_device_drained(m, me.command.virtual):
        return WAIT
    return reserve_for_copy if m.build.copy_access == CopyAccess.NONE else exclude_standard_of_source


@box(HostAdapter, "20E exclude", "Fig. 20E (locking)")
def exclude_standard_of_source(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device, if the virtual one still is active."""
    if source(m, me).state != VirtualState.ACTIVE:
        let_source_go(m, me)
        return refuse_restore_to_virtual
    return drain_standard_of_source if raise_flag(m, me, source(m, me).standard) else WAIT


@box(HostAdapter, "20E exclude drain", "Fig. 20E (locking)")
def drain_standard_of_source(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return reserve_for_copy if enter(m, me, source(m, me).standard) else WAIT


@box(HostAdapter, "20E session", "Figs. 15A (404), 20E (silent)")
def reserve_for_copy(m: Memory, me: HostAdapter) -> Next:
    """Still active, the new one unused, a number left?  Then it is the new one's, active at once."""
    if m.build.lock_404 == Held.HELD and m.locks.session != NOBODY:
        return WAIT
    device, new, std = source(m, me), copy(m, me), source(m, me).standard
    own = m.build.copy_session == CopySession.OWN
    k = free_session(m, std) if own else device.session
    if device.state != VirtualState.ACTIVE or new.state != VirtualState.UNUSED or k == m.geometry.sessions:
        let_source_go(m, me)
        return refuse_restore_to_virtual
    new.state, new.standard, new.session = VirtualState.RELATING, std, k
    if own:
        header = m.tables.standard[std]
        header.bound[k], header.session_bytes[k] = me.command.copy, SessionByte.ACTIVE
    return first_track_to_copy


@box(HostAdapter, "20E first", "Fig. 20E", local=True)
def first_track_to_copy(m: Memory, me: HostAdapter) -> Next:
    """The first track."""
    me.due_track = 0
    return more_tracks_to_copy


@box(HostAdapter, "20E more", "Fig. 20E", local=True)
def more_tracks_to_copy(m: Memory, me: HostAdapter) -> Next:
    """Another track?"""
    return test_entry_to_copy if me.due_track < m.geometry.tracks else make_copy_ready


@box(HostAdapter, "20E test", "Fig. 20E")
def test_entry_to_copy(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    me.entry = source(m, me).pointers[me.due_track]
    return point_copy_to_standard if me.entry == STANDARD else point_copy_to_log


@box(HostAdapter, "20E standard", "Fig. 20E")
def point_copy_to_standard(m: Memory, me: HostAdapter) -> Next:
    """The same entry, and a protection bit."""
    copy(m, me).pointers[me.due_track] = STANDARD
    if m.build.copy_labels in PROTECTED:
        m.tables.standard[copy(m, me).standard].protection[me.due_track] |= 1 << copy(m, me).session
    return next_track_to_copy


@box(HostAdapter, "20E log", "Fig. 20E")
def point_copy_to_log(m: Memory, me: HostAdapter) -> Next:
    """The same entry, and a map bit, when nobody holds the log track."""
    if m.locks.log[me.entry] != NOBODY:
        return WAIT
    copy(m, me).pointers[me.due_track] = me.entry
    if m.build.copy_labels in MAPPED:
        m.tables.log.map_words[me.entry] |= 1 << copy(m, me).session
    return next_track_to_copy


@box(HostAdapter, "20E next", "Fig. 20E", local=True)
def next_track_to_copy(m: Memory, me: HostAdapter) -> Next:
    """The next track."""
    me.entry = STANDARD
    me.due_track += 1
    return more_tracks_to_copy


@box(HostAdapter, "20E ready", "Fig. 20E")
def make_copy_ready(m: Memory, me: HostAdapter) -> Next:
    """Hosts find the new device ready; the other one is everybody's again."""
    copy(m, me).state, copy(m, me).ready = VirtualState.ACTIVE, True
    let_source_go(m, me)
    return DONE


@box(HostAdapter, "20E error", "Fig. 20E (silent)", local=True, refuses=NotRestorable)
def refuse_restore_to_virtual(m: Memory, me: HostAdapter) -> Next:
    """Not active, the new one used, or no number left."""
    old, new = Device("V", me.command.virtual), Device("V", me.command.copy)
    me.refuse(NotRestorable(f"restore {old} to {new}", f"{old} is not active, {new} is in use, or the standard device has no free "
                            "session number.",
                            "Look at the states with `snapproof engine show`; remove a virtual device, or choose another."))
    return DONE
