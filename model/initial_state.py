"""Where an exploration begins: a consistent device, its virtual devices as far along as `start` says."""

from __future__ import annotations

from snapproof.spec import DONE, Signal, initial, with_bit
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import PoolAtStart, Start, YesNo

from .encoding import Free
from .sets import LogTrack, Session, StandardDevice, Track, VirtualDevice
from .state import NONE, Array
from .switches import Embodiment


def created_at_start(c: Embodiment) -> int:
    """How many log tracks exist."""
    if c.pool_at_start == PoolAtStart.ALL:
        return c.size(LogTrack)
    return 1 if c.pool_at_start == PoolAtStart.ONE else 0


def usable_sessions(c: Embodiment) -> int:
    """How many session numbers of a standard device are there for virtual devices."""
    return c.size(Session) - 1 if c.foreign_bits == YesNo.YES else c.size(Session)


def state_at_start(c: Embodiment, vdev: int) -> int:
    """How far a virtual device has come; unused when its standard device has no session number left."""
    if vdev // c.size(StandardDevice) >= usable_sessions(c) or c.start == Start.BLANK:
        return VirtualState.UNUSED
    if c.start == Start.ESTABLISHED:
        return VirtualState.ACTIVE
    if c.start == Start.RELATED:
        return VirtualState.RELATED
    if vdev == 0:
        return VirtualState.ACTIVE
    return VirtualState.RELATED if c.start == Start.MIXED else VirtualState.UNUSED


def relate_at_start(s: Array, c: Embodiment, vdev: int) -> None:
    """Give a virtual device its standard device, session number and protection bits."""
    std = vdev % c.size(StandardDevice)
    k = vdev // c.size(StandardDevice)
    s.std_of[vdev] = std
    s.session_of[vdev] = k
    s.bound[std, k] = vdev
    s.session_byte[std, k] = SessionByte.INACTIVE
    for t in c.each(Track):
        s.protection[std, t] = with_bit(s.protection[std, t], k)


@initial
def begin_log_pool(s: Array, c: Embodiment) -> Signal:
    """Put the log tracks that exist on the free list, in order."""
    last = created_at_start(c) - 1
    for log in range(last + 1):
        s.extra[log] = Free(next=NONE if log == last else log + 1, previous=log - 1)
        s.free_rank[log] = last + 1 - log
    s.free_head = 0 if last >= 0 else NONE
    return DONE


@initial
def begin_virtual_devices(s: Array, c: Embodiment) -> Signal:
    """Take each virtual device as far as the scenario starts with it; all data is v0, so the images are."""
    place = 0
    for std in c.each(StandardDevice):
        for v in c.each(VirtualDevice):
            reached = state_at_start(c, v)
            if v % c.size(StandardDevice) == std and reached != VirtualState.UNUSED:
                relate_at_start(s, c, v)
                s.vdev_state[v] = reached
                if reached == VirtualState.ACTIVE:
                    s.session_byte[std, s.session_of[v]] = SessionByte.ACTIVE
                    s.ready[v] = 1
                else:
                    s.pairs[0, place] = v
                    place = place + 1
    return DONE


@initial
def begin_foreign_bits(s: Array, c: Embodiment) -> Signal:
    """Set the bits of an unrelated feature in the last session, if the scenario has one."""
    if c.foreign_bits == YesNo.YES:
        for std in c.each(StandardDevice):
            s.session_byte[std, c.size(Session) - 1] = SessionByte.RESERVED
            for t in c.each(Track):
                s.protection[std, t] = with_bit(s.protection[std, t], c.size(Session) - 1)
    return DONE
