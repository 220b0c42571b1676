"""Writing table entries: the one that a virtual device points to (Fig. 7), and its own, or all of them (Fig. 8)."""

from __future__ import annotations

from ...vocabulary.states import SessionByte, VirtualState
from ...vocabulary.switch_values import Held, YesNo
from ..box import DONE, WAIT, Next, box
from ..errors import NoSession, NotReady
from ..extra_bytes import back_pointer
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory, Word
from ..tables import STANDARD
from .activate import make_active
from .holding import enter, entry_moved_for_write, let_device_go, let_slot_go, raise_flag, slot_free, take_slot
from .register import free_session
from .virtual_read import look, not_ready


def lock_entry(m: Memory, me: HostAdapter, reread: YesNo, again: Next, locked: Next) -> Next:
    """Lock what the entry points to; start anew when it points elsewhere by now."""
    vdev, track = me.command.device.number, me.command.track
    if not slot_free(m, me, vdev, track):
        return WAIT
    if reread == YesNo.YES and entry_moved_for_write(m, me, vdev, track):
        me.entry = STANDARD
        return again
    take_slot(m, me, vdev, track)
    return locked


# --- Fig. 7 ------------------------------------------------------------------------------------------------------


@box(HostAdapter, "172", "Fig. 7", begins=Word.WRITE_ENTRY)
def test_entry_to_update(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    if not look(m, me, writes=True):
        return refuse_table_access
    return lock_standard_entry if me.entry == STANDARD else lock_log_entry


@box(HostAdapter, "178", "Fig. 7")
def lock_standard_entry(m: Memory, me: HostAdapter) -> Next:
    """Lock the standard track."""
    return lock_entry(m, me, m.build.reread_172, test_entry_to_update, write_standard_entry)


@box(HostAdapter, "182", "Fig. 7")
def write_standard_entry(m: Memory, me: HostAdapter) -> Next:
    """Write the entry of the standard track: where it lies on the disk, which here never changes."""
    return unlock_standard_entry


@box(HostAdapter, "184", "Fig. 7")
def unlock_standard_entry(m: Memory, me: HostAdapter) -> Next:
    """Unlock the standard track."""
    let_slot_go(m, me)
    return DONE


@box(HostAdapter, "194", "Fig. 7")
def lock_log_entry(m: Memory, me: HostAdapter) -> Next:
    """Lock the log track."""
    return lock_entry(m, me, m.build.reread_172, test_entry_to_update, write_log_entry)


@box(HostAdapter, "196", "Fig. 7")
def write_log_entry(m: Memory, me: HostAdapter) -> Next:
    """Write the entry of the log track: its extra bytes are the back pointer."""
    m.tables.log.extra[me.entry] = back_pointer(m.tables.virtual[me.command.device.number].standard, me.command.track)
    return unlock_log_entry


@box(HostAdapter, "198", "Fig. 7")
def unlock_log_entry(m: Memory, me: HostAdapter) -> Next:
    """Unlock the log track."""
    let_slot_go(m, me)
    return DONE


# --- Fig. 8, one entry -------------------------------------------------------------------------------------------


@box(HostAdapter, "212", "Fig. 8", begins=Word.MODIFY_ENTRY)
def test_entry_to_modify(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    return lock_entry_to_modify if look(m, me, writes=True) else refuse_table_access


@box(HostAdapter, "222", "Fig. 8")
def lock_entry_to_modify(m: Memory, me: HostAdapter) -> Next:
    """Lock what it points to."""
    return lock_entry(m, me, m.build.reread_222, test_entry_to_modify, modify_entry)


@box(HostAdapter, "224", "Fig. 8")
def modify_entry(m: Memory, me: HostAdapter) -> Next:
    """Write the whole entry back, with the pointer that was read."""
    m.tables.virtual[me.command.device.number].pointers[me.command.track] = me.entry
    return unlock_modified_entry


@box(HostAdapter, "226", "Fig. 8")
def unlock_modified_entry(m: Memory, me: HostAdapter) -> Next:
    """Unlock it."""
    let_slot_go(m, me)
    return DONE


@box(HostAdapter, "error", "Figs. 7, 8", local=True, refuses=NotReady)
def refuse_table_access(m: Memory, me: HostAdapter) -> Next:
    """Not ready for writes, or it cannot be established."""
    c = me.command
    if c.word == Word.ESTABLISH:
        std, vdev = Device("S", c.standard), Device("V", c.virtual)
        me.refuse(NoSession(f"establish {std} {vdev}", f"{std} has no free session number, or {vdev} is in use.",
                            "Remove a virtual device of it, or choose another virtual device."))
    else:
        me.refuse(not_ready(m, me))
    return DONE


# --- Fig. 8, establishing ----------------------------------------------------------------------------------------


@box(HostAdapter, "214", "Fig. 8", begins=Word.ESTABLISH)
def lock_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """Take the unused virtual device and a session number, active at once."""
    c = me.command
    if m.build.lock_404 == Held.HELD and m.locks.session != NOBODY:
        return WAIT
    k, device, header = free_session(m, c.standard), m.tables.virtual[c.virtual], m.tables.standard[c.standard]
    if device.state != VirtualState.UNUSED or k == m.geometry.sessions:
        return refuse_table_access
    device.state, device.standard, device.session = VirtualState.RELATING, c.standard, k
    header.bound[k], header.session_bytes[k] = c.virtual, SessionByte.ACTIVE
    return establish_pointers if m.build.lock_216 == Held.NONE else exclude_to_establish


@box(HostAdapter, "216 lock", "Fig. 8, Fig. 14 (after)")
def exclude_to_establish(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device."""
    return drain_to_establish if raise_flag(m, me, me.command.standard) else WAIT


@box(HostAdapter, "216 drain", "Fig. 8, Fig. 14 (after)")
def drain_to_establish(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return establish_pointers if enter(m, me, me.command.standard) else WAIT


@box(HostAdapter, "216a", "Fig. 8")
def establish_pointers(m: Memory, me: HostAdapter) -> Next:
    """The next entry points to the standard device."""
    m.tables.virtual[me.command.virtual].pointers[me.due_track] = STANDARD
    me.due_track += 1
    if me.due_track < m.geometry.tracks:
        return establish_pointers
    me.due_track = 0
    return establish_bits


@box(HostAdapter, "216b", "Fig. 8")
def establish_bits(m: Memory, me: HostAdapter) -> Next:
    """The protection bit of the next track."""
    c = me.command
    m.tables.standard[c.standard].protection[me.due_track] |= 1 << m.tables.virtual[c.virtual].session
    me.due_track += 1
    return establish_bits if me.due_track < m.geometry.tracks else make_ready


@box(HostAdapter, "217", "Fig. 8")
def make_ready(m: Memory, me: HostAdapter) -> Next:
    """The point in time."""
    make_active(m, me.command.virtual)
    return unlock_virtual_device


@box(HostAdapter, "218", "Fig. 8")
def unlock_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """Both devices are free for others."""
    let_device_go(m, me, me.command.standard)
    return DONE
