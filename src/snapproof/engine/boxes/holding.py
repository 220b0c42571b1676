"""Taking and letting go: standard tracks, standard devices, log tracks (Figs. 6-9, 15B).

Locks are taken in this order: list, virtual device, standard devices (ascending), a standard track or the log track that an
entry points to, a new log track, the free list.  Nobody waits against it.
"""

from __future__ import annotations

from ...vocabulary.switch_values import Drain, Exclusive, Raise, Reentrant
from ..memory import NOBODY, Adapter, HostAdapter, Memory
from ..tables import STANDARD


def closed_to(m: Memory, me: Adapter, std: int) -> bool:
    """Has somebody else exclusive access that keeps this host adapter from taking tracks?"""
    return m.build.exclusive >= Exclusive.BLOCKS and m.locks.device[std] not in (NOBODY, me.number)


def track_free(m: Memory, me: Adapter, std: int, track: int) -> bool:
    """May this host adapter take the slot of a standard track?"""
    return m.locks.track[std][track] == NOBODY and not closed_to(m, me, std)


def let_track_go(m: Memory, me: Adapter, std: int, track: int) -> None:
    """A standard track, if it is in this adapter's hands."""
    if m.locks.track[std][track] == me.number:
        m.locks.track[std][track] = NOBODY


def let_log_track_go(m: Memory, me: Adapter, log: int) -> None:
    """A log track (-1: none), if it is in this adapter's hands."""
    if log >= 0 and m.locks.log[log] == me.number:
        m.locks.log[log] = NOBODY


# --- exclusive access: the flag of a standard device, then those who are inside still ----------------------


def flag_free(m: Memory, me: Adapter, std: int) -> bool:
    """May this adapter raise the flag?"""
    holder = m.locks.device[std]
    if holder == me.number:
        return m.build.reentrant_487 == Reentrant.YES
    return holder == NOBODY or m.build.raise_412 == Raise.UNTESTED


def drained(m: Memory, std: int) -> bool:
    """Has nobody a track of the device in hand?"""
    return m.build.exclusive < Exclusive.DRAINS or not any(m.locks.track[std])


def raise_flag(m: Memory, me: Adapter, std: int) -> bool:
    """First half, from which on nobody takes a track of the device; False when it must wait.  (Built wrong, it only looks.)"""
    if m.build.drain_412 == Drain.BEFORE_FLAG:
        return drained(m, std)
    if not flag_free(m, me, std):
        return False
    m.locks.device[std] = me.number
    return True


def enter(m: Memory, me: Adapter, std: int) -> bool:
    """Second half: those who were inside have left; False when it must wait."""
    if m.build.drain_412 == Drain.AFTER_FLAG:
        return drained(m, std)
    if not flag_free(m, me, std):
        return False
    m.locks.device[std] = me.number
    return True


def may_raise(m: Memory, me: Adapter, std: int) -> bool:
    """Would `raise_flag` succeed?  For boxes that look at something else before they do it."""
    return drained(m, std) if m.build.drain_412 == Drain.BEFORE_FLAG else flag_free(m, me, std)


def let_device_go(m: Memory, me: Adapter, std: int) -> None:
    """A standard device, if it is in this adapter's hands."""
    if m.locks.device[std] == me.number:
        m.locks.device[std] = NOBODY


# --- exclusive access to a virtual device ------------------------------------------------------------------


def close_virtual_device(m: Memory, me: Adapter, vdev: int) -> bool:
    """Nobody takes a slot of it any more; False when somebody else has closed it."""
    if m.locks.virtual[vdev] != NOBODY:
        return False
    m.locks.virtual[vdev] = me.number
    return True


def virtual_device_drained(m: Memory, vdev: int) -> bool:
    """Has nobody one of its log tracks in hand?"""
    return not any(m.locks.log[log] for log in m.tables.virtual[vdev].pointers if log != STANDARD)


def let_virtual_device_go(m: Memory, me: Adapter, vdev: int) -> None:
    """A virtual device, if it is in this adapter's hands."""
    if m.locks.virtual[vdev] == me.number:
        m.locks.virtual[vdev] = NOBODY


# --- what an entry of a virtual device points to -----------------------------------------------------------


def slot_free(m: Memory, me: HostAdapter, vdev: int, track: int) -> bool:
    """May the host adapter take the standard or log track that it saw in the entry, and access the device at all?"""
    if m.locks.virtual[vdev] != NOBODY:
        return False
    if me.entry == STANDARD:
        return track_free(m, me, m.tables.virtual[vdev].standard, track)
    return m.locks.log[me.entry] == NOBODY


def entry_moved(m: Memory, me: HostAdapter, vdev: int, track: int) -> bool:
    """Is the entry another one by now, or the device no longer ready?"""
    device = m.tables.virtual[vdev]
    return device.pointers[track] != me.entry or not device.ready


def entry_moved_for_write(m: Memory, me: HostAdapter, vdev: int, track: int) -> bool:
    """Is the entry another one by now, or the device no longer ready for writes?"""
    return entry_moved(m, me, vdev, track) or m.tables.virtual[vdev].read_only


def take_slot(m: Memory, me: HostAdapter, vdev: int, track: int) -> None:
    """Take what the entry points to."""
    if me.entry == STANDARD:
        m.locks.track[m.tables.virtual[vdev].standard][track] = me.number
    else:
        m.locks.log[me.entry] = me.number


def let_slot_go(m: Memory, me: HostAdapter) -> None:
    """What the command's entry points to, and a new log track."""
    command = me.command
    let_track_go(m, me, m.tables.virtual[command.device.number].standard, command.track)
    let_log_track_go(m, me, me.entry)
    let_log_track_go(m, me, me.fresh)


__all__ = ["close_virtual_device", "closed_to", "enter", "entry_moved", "entry_moved_for_write", "let_device_go", "let_log_track_go",
           "let_slot_go", "let_track_go", "let_virtual_device_go", "may_raise", "raise_flag", "slot_free", "take_slot", "track_free",
           "virtual_device_drained"]
