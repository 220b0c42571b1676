"""I10: locks are let go by their holders, and nobody who is done holds one."""

from __future__ import annotations

from snapproof.model import activate, copy_on_write
from snapproof.model.pair_lists import list_of
from snapproof.model.sets import LogTrack, PairList, StandardDevice, Track, VirtualDevice
from snapproof.model.state import Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant, transition


def holds_lock(s: Array, c: Embodiment, number: int) -> bool:
    """Does the process with this number hold any lock?"""
    for d in c.each(StandardDevice):
        if s.device_lock[d] == number:
            return True
        for t in c.each(Track):
            if s.track_lock[d, t] == number:
                return True
    for log in c.each(LogTrack):
        if s.log_lock[log] == number:
            return True
    for i in c.each(PairList):
        if s.list_lock[i] == number:
            return True
    for v in c.each(VirtualDevice):
        if s.virtual_lock[v] == number:
            return True
    return s.free_list_lock == number or s.session_lock == number


@invariant("I10", "stuck lock")
def idle_host_holds_no_lock(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host adapter without a command holds no lock."""
    return not ha.idle or not holds_lock(s, c, ha.number)


@idle_host_holds_no_lock.explain
def _idle_host_holds_no_lock(s: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{HostAdapter.member(ha.id)} has finished its command and holds no lock", "it still holds one; nobody will let it go"


@invariant("I10d", "stuck lock")
def idle_disk_adapter_holds_no_lock(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter that waits for requests holds no lock."""
    return not da.at(copy_on_write.take_request) or not holds_lock(s, c, da.number)


@idle_disk_adapter_holds_no_lock.explain
def _idle_disk_adapter_holds_no_lock(s: Array, c: Embodiment, da: DiskAdapter) -> tuple[str, str]:
    return f"{DiskAdapter.member(da.id)} has finished its request and holds no lock", "it still holds one; nobody will let it go"


@transition("I10r", "lock of another released", steps=[activate.include_before_error])
def device_is_released_by_holder(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Exclusive access that ends before the error 486 was the caller's own."""
    std = before.std_of[max(before.pairs[list_of(c, ha), ha.list_place - 1], 0)]
    return before.device_lock[std] == after.device_lock[std] or before.device_lock[std] == ha.number


@device_is_released_by_holder.explain
def _device_is_released_by_holder(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "an unsuccessful Activate lets go what it has taken", "it ended the exclusive access of another process"
