"""Who may take what, and how it is taken and let go.

Order in which a process takes locks, always: list, virtual device, standard devices (in their order), a standard track or a
log track that an entry points to, a free log track, free list.  Whoever copies an indirect standard
track takes it first, then the track of another standard device that its entry names, also where that device is closed
(docs/decisions/0012-who-copies-a-track-holds-two.md).  No process waits against this order.
"""

from __future__ import annotations

from snapproof.vocabulary.switch_values import Drain, Exclusive, Raise, Reentrant

from .encoding import virtual_device
from .sets import Track
from .state import NOBODY, STANDARD, Adapter, Array, HostAdapter
from .switches import Embodiment


def device_closed(s: Array, c: Embodiment, p: Adapter, std: int) -> bool:
    """Does another process have exclusive access that keeps host adapters away?"""
    holder = s.device_lock[std]
    return c.exclusive >= Exclusive.BLOCKS and holder != NOBODY and holder != p.number


def track_available(s: Array, c: Embodiment, p: Adapter, std: int, track: int) -> bool:
    """May a host adapter take the slot of this standard track now?"""
    return s.track_lock[std, track] == NOBODY and not device_closed(s, c, p, std)


def release_track(s: Array, p: Adapter, std: int, track: int) -> None:
    """Let go a standard track, if this process holds it."""
    if s.track_lock[std, track] == p.number:
        s.track_lock[std, track] = NOBODY


def release_log_track(s: Array, p: Adapter, log: int) -> None:
    """Let go a log track (-1: none), if this process holds it."""
    if log >= 0:
        if s.log_lock[log] == p.number:
            s.log_lock[log] = NOBODY


# --- exclusive access to a standard device (412), in two halves: its flag, and those who are still inside -------


def flag_free(s: Array, c: Embodiment, p: Adapter, std: int) -> bool:
    """May this process raise the flag of a standard device now?"""
    holder = s.device_lock[std]
    if holder == p.number:
        return bool(c.reentrant_487 == Reentrant.YES)
    return holder == NOBODY or c.raise_412 == Raise.UNTESTED


def drained(s: Array, c: Embodiment, std: int) -> bool:
    """Has nobody a track of the standard device in hand, so that a write past its test 322 has been executed?"""
    if c.exclusive >= Exclusive.DRAINS:
        for t in c.each(Track):
            if s.track_lock[std, t] != NOBODY:
                return False
    return True


def may_raise(s: Array, c: Embodiment, p: Adapter, std: int) -> bool:
    """May this process do the first half now: raise the flag?"""
    return drained(s, c, std) if c.drain_412 == Drain.BEFORE_FLAG else flag_free(s, c, p, std)


def raise_flag(s: Array, c: Embodiment, p: Adapter, std: int) -> None:
    """The first half: whoever takes a track of the device from now on waits, and so does the next call."""
    if c.drain_412 == Drain.AFTER_FLAG:
        s.device_lock[std] = p.number


def may_enter(s: Array, c: Embodiment, p: Adapter, std: int) -> bool:
    """May this process do the second half now: have those left who were inside when the flag was raised?"""
    return flag_free(s, c, p, std) if c.drain_412 == Drain.BEFORE_FLAG else drained(s, c, std)


def enter(s: Array, c: Embodiment, p: Adapter, std: int) -> None:
    """The second half: the device is this process's alone."""
    if c.drain_412 == Drain.BEFORE_FLAG:
        s.device_lock[std] = p.number


def release_device(s: Array, p: Adapter, std: int) -> None:
    """End exclusive access, if this process has it."""
    if s.device_lock[std] == p.number:
        s.device_lock[std] = NOBODY


# --- exclusive access to a virtual device (732) ------------------------------------------------------------------


def close_virtual_device(s: Array, p: Adapter, vdev: int) -> None:
    """No host adapter takes a slot of the virtual device from now on."""
    s.virtual_lock[vdev] = p.number


def virtual_device_drained(s: Array, c: Embodiment, vdev: int) -> bool:
    """Has nobody a log track of the virtual device in hand?"""
    for t in c.each(Track):
        log = s.pointer[vdev, t]
        if log != STANDARD and s.log_lock[max(log, 0)] != NOBODY:
            return False
    return True


def release_virtual_device(s: Array, p: Adapter, vdev: int) -> None:
    """Let the virtual device go, if this process has it."""
    if s.virtual_lock[vdev] == p.number:
        s.virtual_lock[vdev] = NOBODY


# --- the slot that an entry of a virtual device points to (Fig. 6 note, Figs. 7, 8) ---------------------


def slot_available(s: Array, c: Embodiment, ha: HostAdapter, vdev: int, track: int) -> bool:
    """May the host adapter take what its entry of this virtual track points to, and access the virtual device at all?"""
    if s.virtual_lock[vdev] != NOBODY:
        return False
    if ha.entry == STANDARD:
        return track_available(s, c, ha, s.std_of[vdev], track)
    return s.log_lock[ha.entry] == NOBODY


def entry_changed(s: Array, ha: HostAdapter, vdev: int, track: int) -> bool:
    """Has the entry changed since it was read, or is the device no longer ready?"""
    return s.pointer[vdev, track] != ha.entry or not s.ready[vdev]


def entry_changed_for_write(s: Array, ha: HostAdapter, vdev: int, track: int) -> bool:
    """Has the entry changed since it was read, or is the device no longer ready for writes?"""
    return entry_changed(s, ha, vdev, track) or bool(s.read_only[vdev])


def lock_slot(s: Array, ha: HostAdapter, vdev: int, track: int) -> None:
    """Take what the entry points to: the standard track or the log track."""
    if ha.entry == STANDARD:
        s.track_lock[s.std_of[vdev], track] = ha.number
    else:
        s.log_lock[ha.entry] = ha.number


def release_slot(s: Array, c: Embodiment, ha: HostAdapter) -> None:
    """Let go the slot of the virtual track that the command is about, and a new log track if there is one."""
    vdev = virtual_device(c, ha.device)
    release_track(s, ha, s.std_of[vdev], ha.track)
    release_log_track(s, ha, ha.entry)
    release_log_track(s, ha, ha.fresh)
