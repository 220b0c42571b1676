"""Relating a virtual device to a standard device (Fig. 18); 464 is 418 of Fig. 15B."""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step, with_bit
from snapproof.vocabulary.group_values import GroupMembers, Step466
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Held, Path, YesNo

from .activate import exclude_to_activate_one
from .locks import enter, may_enter, may_raise, raise_flag, release_device
from .pair_lists import add_pair, has_group, list_of
from .parts import ENDS, EXCLUSIVE, LOCKS, REFUSES, TESTS, WORKS
from .sets import Session, Track
from .state import NOBODY, NONE, STANDARD, Array, HostAdapter
from .switches import Embodiment


def session_for(s: Array, c: Embodiment, std: int, vdev: int) -> int:
    """The inactive session of a standard device that a virtual device was registered for (-1: none)."""
    for k in c.each(Session):
        if s.bound[std, k] == vdev and s.session_byte[std, k] == SessionByte.INACTIVE:
            return k
    return NONE


def registered(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Has the pair been registered, and not been related since?"""
    return s.vdev_state[ha.virtual] == VirtualState.REGISTERED and session_for(s, c, ha.standard, ha.virtual) != NONE


@step(HostAdapter, "452", "Fig. 18", TESTS)
def test_registered(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Has the standard device been registered, for this virtual device?"""
    return obtain_virtual_device if registered(s, c, ha) else refuse_relation


@step(HostAdapter, "454", "Fig. 18", REFUSES, ENDS, local=True)
def refuse_relation(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Not registered: an error is returned."""
    return DONE


@step(HostAdapter, "455", "Fig. 18", TESTS, local=True)
def obtain_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device was passed by the host."""
    return exclude_to_relate


@step(HostAdapter, "456", "Figs. 15B (412), 18", WORKS)
def exclude_to_relate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device; the pair is this process's now, if it still is registered.

    On path 463 nothing is excluded; the pair is claimed all the same, in one unitary store.
    """
    if c.path_463 == Path.NOT_TAKEN and not may_raise(s, c, ha, ha.standard):
        return WAIT
    if c.retest_456 == YesNo.YES and not registered(s, c, ha):
        return refuse_relation
    s.vdev_state[ha.virtual] = VirtualState.RELATING
    if c.path_463 == Path.TAKEN:
        return point_to_standard
    raise_flag(s, c, ha, ha.standard)
    return drain_to_relate


@step(HostAdapter, "456 drain", "Figs. 15B (412), 18", LOCKS)
def drain_to_relate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device."""
    if not may_enter(s, c, ha, ha.standard):
        return WAIT
    enter(s, c, ha, ha.standard)
    return point_to_standard


@step(HostAdapter, "458", "Fig. 18", WORKS, EXCLUSIVE)
def point_to_standard(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the next entry of the virtual device point to the standard device."""
    s.pointer[ha.virtual, ha.due_track] = STANDARD
    ha.due_track = ha.due_track + 1
    return point_to_standard if ha.due_track < c.size(Track) else store_headers


@step(HostAdapter, "461", "Fig. 18", WORKS, EXCLUSIVE)
def store_headers(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Store the pair in the headers of both devices (the standard device's has had it since 446)."""
    k = session_for(s, c, ha.standard, ha.virtual)
    s.std_of[ha.virtual] = ha.standard
    s.session_of[ha.virtual] = max(k, 0)
    ha.due_track = 0
    return set_protection_bits if c.path_463 == Path.TAKEN else include_after_relate


@step(HostAdapter, "462", "Figs. 15B (416), 18", LOCKS)
def include_after_relate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """End exclusive access; hosts write the standard device from here on."""
    release_device(s, ha, ha.standard)
    return set_protection_bits


@step(HostAdapter, "464", "Figs. 15B (418), 18", WORKS)
def set_protection_bits(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Set the protection bit of the next track; the session is inactive, so writes ignore it."""
    k = s.session_of[ha.virtual]
    s.protection[ha.standard, ha.due_track] = with_bit(s.protection[ha.standard, ha.due_track], k)
    ha.due_track = ha.due_track + 1
    return set_protection_bits if ha.due_track < c.size(Track) else add_to_list


def activates_at_once(s: Array, c: Embodiment, ha: HostAdapter, here: int) -> bool:
    """Does Relate go on to activate the pair (Fig. 15C): always, or because it is not in a group?"""
    if c.step_466 != Step466.ACTIVATED:
        return bool(c.step_466 == Step466.ALWAYS)
    if c.group_members == GroupMembers.OWN:
        return bool(s.group[here] != ha.number)
    return not has_group(s, here)


@step(HostAdapter, "466", "Fig. 18", WORKS, ENDS)
def add_to_list(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Add the pair to the list of related pairs that wait for activation, or activate it at once.

    While another host has a group open on the list, a pair waits to join it: it is none of that group.
    """
    here = list_of(c, ha)
    if activates_at_once(s, c, ha, here):
        s.vdev_state[ha.virtual] = VirtualState.RELATED
        return exclude_to_activate_one
    if c.lock_482 == Held.HELD and s.list_lock[here] != NOBODY:
        return WAIT
    if c.group_members == GroupMembers.OWN and s.group[here] not in (NOBODY, ha.number):
        return WAIT
    add_pair(s, c, here, ha.virtual)
    s.vdev_state[ha.virtual] = VirtualState.RELATED
    return DONE
