"""Relate (Fig. 18): the entries of a virtual device point to a standard device; protection bits; a list."""

from __future__ import annotations

from ...vocabulary.group_values import GroupMembers, Step466
from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import Held, Path, YesNo
from ..box import DONE, WAIT, Next, box
from ..errors import NotRegistered
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..tables import NONE, STANDARD
from .activate import exclude_to_activate_one
from .holding import enter, let_device_go, may_raise, raise_flag
from .pair_lists import add_pair, has_group, list_of


def session_for(m: Memory, std: int, vdev: int) -> int:
    """The inactive session that was registered for the virtual device (-1: none)."""
    header = m.tables.standard[std]
    for k, (byte, bound) in enumerate(zip(header.session_bytes, header.bound, strict=True)):
        if bound == vdev and byte == SessionByte.INACTIVE:
            return k
    return NONE


def registered(m: Memory, me: HostAdapter) -> bool:
    """Registered, and not related since?"""
    c = me.command
    return m.tables.virtual[c.virtual].state == VirtualState.REGISTERED and session_for(m, c.standard, c.virtual) != NONE


@box(HostAdapter, "452", "Fig. 18", begins=Word.RELATE)
def test_registered(m: Memory, me: HostAdapter) -> Next:
    """Is the pair registered?"""
    return obtain_virtual_device if registered(m, me) else refuse_relation


@box(HostAdapter, "454", "Fig. 18", local=True, refuses=NotRegistered)
def refuse_relation(m: Memory, me: HostAdapter) -> Next:
    """Not registered."""
    std, vdev = Device("S", me.command.standard), Device("V", me.command.virtual)
    me.refuse(NotRegistered(f"relate {std} {vdev}", f"{vdev} is not registered for {std}, or is related already.",
                            "Register it first."))
    return DONE


@box(HostAdapter, "455", "Fig. 18", local=True)
def obtain_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """The host has named it."""
    return exclude_to_relate


@box(HostAdapter, "456", "Figs. 15B (412), 18")
def exclude_to_relate(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device, unless path 463 is taken; the pair is this adapter's from here on."""
    c, plain = me.command, m.build.path_463 == Path.NOT_TAKEN
    if plain and not may_raise(m, me, c.standard):
        return WAIT
    if m.build.retest_456 == YesNo.YES and not registered(m, me):
        return refuse_relation
    m.tables.virtual[c.virtual].state = VirtualState.RELATING
    if not plain:
        return point_to_standard
    raise_flag(m, me, c.standard)
    return drain_to_relate


@box(HostAdapter, "456 drain", "Figs. 15B (412), 18")
def drain_to_relate(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return point_to_standard if enter(m, me, me.command.standard) else WAIT


@box(HostAdapter, "458", "Fig. 18")
def point_to_standard(m: Memory, me: HostAdapter) -> Next:
    """The next entry points to the standard device."""
    m.tables.virtual[me.command.virtual].pointers[me.due_track] = STANDARD
    me.due_track += 1
    return point_to_standard if me.due_track < m.geometry.tracks else store_headers


@box(HostAdapter, "461", "Fig. 18")
def store_headers(m: Memory, me: HostAdapter) -> Next:
    """The pair, in the header of the virtual device."""
    c = me.command
    device = m.tables.virtual[c.virtual]
    device.standard, device.session = c.standard, max(session_for(m, c.standard, c.virtual), 0)
    me.due_track = 0
    return set_protection_bits if m.build.path_463 == Path.TAKEN else include_after_relate


@box(HostAdapter, "462", "Figs. 15B (416), 18")
def include_after_relate(m: Memory, me: HostAdapter) -> Next:
    """End of exclusive access."""
    let_device_go(m, me, me.command.standard)
    return set_protection_bits


@box(HostAdapter, "464", "Figs. 15B (418), 18")
def set_protection_bits(m: Memory, me: HostAdapter) -> Next:
    """The bit of the next track; writes ignore it while the session is inactive."""
    c = me.command
    m.tables.standard[c.standard].protection[me.due_track] |= 1 << m.tables.virtual[c.virtual].session
    me.due_track += 1
    return set_protection_bits if me.due_track < m.geometry.tracks else add_to_list


def goes_on(m: Memory, me: HostAdapter, here: int) -> bool:
    """Is the pair activated without waiting on a list?"""
    if m.build.step_466 != Step466.ACTIVATED:
        return m.build.step_466 == Step466.ALWAYS
    return m.locks.group[here] != me.number if m.build.group_members == GroupMembers.OWN else not has_group(m, here)


@box(HostAdapter, "466", "Fig. 18")
def add_to_list(m: Memory, me: HostAdapter) -> Next:
    """The pair waits on a list, or is activated at once; it is in no group that another host has begun."""
    here = list_of(m, me)
    if goes_on(m, me, here):
        m.tables.virtual[me.command.virtual].state = VirtualState.RELATED
        return exclude_to_activate_one
    if m.build.group_members == GroupMembers.OWN and m.locks.group[here] not in (NOBODY, me.number):
        return WAIT
    if m.build.lock_482 == Held.HELD and m.locks.pair_list[here] != NOBODY:
        return WAIT
    add_pair(m, here, me.command.virtual)
    m.tables.virtual[me.command.virtual].state = VirtualState.RELATED
    return DONE
