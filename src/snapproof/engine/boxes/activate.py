"""Activate: the pairs of a list (Fig. 19A), or one pair (Fig. 15C).  The session byte is the point in time."""

from __future__ import annotations

from ...vocabulary.group_values import Step662, Test485
from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import Activation, Held, Path, Rollback, YesNo
from ..box import DONE, WAIT, Next, box
from ..errors import NotRelated
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..tables import NONE
from .holding import enter, let_device_go, may_raise, raise_flag
from .pair_lists import has_group, in_group, list_of, pair_at


def related(m: Memory, vdev: int) -> bool:
    """Related, and neither activated nor removed since?"""
    return vdev != NONE and m.tables.virtual[vdev].state == VirtualState.RELATED


def may_be_activated(m: Memory, vdev: int) -> bool:
    """Related; as printed, also when it has been activated since."""
    return related(m, vdev) or (
        m.build.test_485 == Test485.PERFORMED and vdev != NONE and m.tables.virtual[vdev].state == VirtualState.ACTIVE)


def make_active(m: Memory, vdev: int) -> None:
    """The point in time."""
    device = m.tables.virtual[vdev]
    m.tables.standard[device.standard].session_bytes[device.session] = SessionByte.ACTIVE
    device.state, device.ready = VirtualState.ACTIVE, True


def current(m: Memory, me: HostAdapter) -> tuple[int, int]:
    """The pair that the loop stands at: its virtual device (-1: none) and standard device."""
    vdev = pair_at(m, list_of(m, me), me.list_place)
    return vdev, m.tables.virtual[max(vdev, 0)].standard


def one_by_one(m: Memory) -> bool:
    """Fig. 19B: each pair has its exclusive access and its point in time by itself?"""
    return m.build.activation == Activation.FIG_19B


# --- Fig. 19A ----------------------------------------------------------------------------------------------------


@box(HostAdapter, "482", "Fig. 19A", begins=Word.ACTIVATE)
def take_list(m: Memory, me: HostAdapter) -> Next:
    """Hold the list; its first pair.  The pairs of an open group wait for Process Group, which holds the list already."""
    here = list_of(m, me)
    held = m.build.lock_482 == Held.HELD
    if held and m.locks.pair_list[here] not in (NOBODY, me.number):
        return WAIT
    if m.build.step_662 == Step662.DEFERRED and has_group(m, here):
        return leave_to_group
    if held:
        m.locks.pair_list[here] = me.number
    me.list_length = len(m.tables.lists[here])
    return more_to_exclude


@box(HostAdapter, "484", "Fig. 19A", local=True)
def more_to_exclude(m: Memory, me: HostAdapter) -> Next:
    """Another pair?"""
    return test_related if me.list_place < me.list_length else first_to_activate


@box(HostAdapter, "485", "Fig. 19A")
def test_related(m: Memory, me: HostAdapter) -> Next:
    """Is the pair related?"""
    if not may_be_activated(m, current(m, me)[0]):
        return undo(m, me)
    return next_to_exclude if m.build.path_513 == Path.TAKEN or one_by_one(m) else exclude_to_activate


@box(HostAdapter, "487", "Figs. 19A, 19B (495')")
def exclude_to_activate(m: Memory, me: HostAdapter) -> Next:
    """The flag of its standard device; is it related still?"""
    vdev, std = current(m, me)
    if not may_raise(m, me, std):
        return WAIT
    if m.build.retest_487 == YesNo.YES and not may_be_activated(m, vdev):
        return undo(m, me)
    raise_flag(m, me, std)
    return drain_to_activate


@box(HostAdapter, "487 drain", "Figs. 19A, 19B (495')")
def drain_to_activate(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    if not enter(m, me, current(m, me)[1]):
        return WAIT
    return activate_pair if one_by_one(m) else next_to_exclude


@box(HostAdapter, "488", "Fig. 19A", local=True)
def next_to_exclude(m: Memory, me: HostAdapter) -> Next:
    """The next pair."""
    me.list_place += 1
    return more_to_exclude


@box(HostAdapter, "492", "Fig. 19A", local=True)
def first_to_activate(m: Memory, me: HostAdapter) -> Next:
    """The first pair again."""
    me.list_place = 0
    return more_to_activate


@box(HostAdapter, "494", "Fig. 19A", local=True)
def more_to_activate(m: Memory, me: HostAdapter) -> Next:
    """Another pair?"""
    if not one_by_one(m):
        return activate_pair if me.list_place < me.list_length else first_to_include
    if me.list_place == me.list_length:
        return empty_list
    return activate_pair if m.build.path_513 == Path.TAKEN else exclude_to_activate


@box(HostAdapter, "496", "Figs. 15C (424), 19A, 19B")
def activate_pair(m: Memory, me: HostAdapter) -> Next:
    """Its session is active, its virtual device ready."""
    vdev, _ = current(m, me)
    if vdev != NONE:
        make_active(m, vdev)
    return include_after_activate if one_by_one(m) and m.build.path_513 == Path.NOT_TAKEN else next_to_activate


@box(HostAdapter, "498", "Fig. 19A", local=True)
def next_to_activate(m: Memory, me: HostAdapter) -> Next:
    """The next pair."""
    me.list_place += 1
    return more_to_activate


@box(HostAdapter, "502", "Fig. 19A", local=True)
def first_to_include(m: Memory, me: HostAdapter) -> Next:
    """The first pair again."""
    me.list_place = 0
    return more_to_include


@box(HostAdapter, "504", "Fig. 19A", local=True)
def more_to_include(m: Memory, me: HostAdapter) -> Next:
    """Another pair?"""
    return include_after_activate if me.list_place < me.list_length and m.build.path_513 == Path.NOT_TAKEN else empty_list


@box(HostAdapter, "506", "Figs. 19A, 19B (497')")
def include_after_activate(m: Memory, me: HostAdapter) -> Next:
    """End of exclusive access to its standard device."""
    let_device_go(m, me, current(m, me)[1])
    return next_to_activate if one_by_one(m) else next_to_include


@box(HostAdapter, "508", "Fig. 19A", local=True)
def next_to_include(m: Memory, me: HostAdapter) -> Next:
    """The next pair."""
    me.list_place += 1
    return more_to_include


@box(HostAdapter, "512", "Fig. 19A")
def empty_list(m: Memory, me: HostAdapter) -> Next:
    """The list is empty, and free for others."""
    m.tables.lists[list_of(m, me)].clear()
    let_list_go(m, me)
    return DONE


def let_list_go(m: Memory, me: HostAdapter) -> None:
    """The list, if it is held."""
    if m.locks.pair_list[list_of(m, me)] == me.number:
        m.locks.pair_list[list_of(m, me)] = NOBODY


def undo(m: Memory, me: HostAdapter) -> Next:
    """The box behind a pair that is not related."""
    if m.build.rollback_486 == Rollback.NONE or m.build.path_513 == Path.TAKEN or one_by_one(m):
        return fail_activation
    if m.build.rollback_486 == Rollback.WHOLE_LIST:
        me.list_place = me.list_length
    return include_before_error if me.list_place > 0 else fail_activation


@box(HostAdapter, "486 undo", "Fig. 19A (note)")
def include_before_error(m: Memory, me: HostAdapter) -> Next:
    """End of exclusive access to the device of the pair before (taken literally: whoever has it)."""
    me.list_place -= 1
    _, std = current(m, me)
    if m.build.rollback_486 == Rollback.WHOLE_LIST:
        m.locks.device[std] = NOBODY
    else:
        let_device_go(m, me, std)
    return include_before_error if me.list_place > 0 else fail_activation


@box(HostAdapter, "486", "Fig. 19A", refuses=NotRelated)
def fail_activation(m: Memory, me: HostAdapter) -> Next:
    """A pair of the list is not related; the list stays as it is."""
    me.refuse(NotRelated(f"activate list {list_of(m, me) + 1}", "a virtual device of the list is not related.",
                         "Relate it again, or remove it."))
    let_list_go(m, me)
    return DONE


# --- Fig. 15C ----------------------------------------------------------------------------------------------------


@box(HostAdapter, "422", "Fig. 15C", begins=Word.ACTIVATE_ONE)
def exclude_to_activate_one(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device of a related virtual device, which is in no open group."""
    if not related(m, me.command.virtual):
        return refuse_activation
    if m.build.step_662 == Step662.DEFERRED and in_group(m, me.command.virtual):
        return leave_to_group
    if m.build.path_428 == Path.TAKEN:
        return activate_one
    return drain_to_activate_one if raise_flag(m, me, m.tables.virtual[me.command.virtual].standard) else WAIT


@box(HostAdapter, "422 drain", "Fig. 15C")
def drain_to_activate_one(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return activate_one if enter(m, me, m.tables.virtual[me.command.virtual].standard) else WAIT


@box(HostAdapter, "424", "Fig. 15C")
def activate_one(m: Memory, me: HostAdapter) -> Next:
    """Its session is active, it is ready; it stays on its list."""
    if related(m, me.command.virtual):
        make_active(m, me.command.virtual)
    return DONE if m.build.path_428 == Path.TAKEN else include_after_activate_one


@box(HostAdapter, "426", "Fig. 15C")
def include_after_activate_one(m: Memory, me: HostAdapter) -> Next:
    """End of exclusive access."""
    let_device_go(m, me, m.tables.virtual[me.command.virtual].standard)
    return DONE


@box(HostAdapter, "422 error", "Fig. 15C", local=True, refuses=NotRelated)
def refuse_activation(m: Memory, me: HostAdapter) -> Next:
    """Not related."""
    vdev = Device("V", me.command.virtual)
    me.refuse(NotRelated(f"activate {vdev}", "the virtual device is not related, or is active already.",
                         "Register and relate it first."))
    return DONE


# --- Fig. 25 ------------------------------------------------------------------------------------------------------


@box(HostAdapter, "662", "Figs. 15C, 19A, 25", local=True)
def leave_to_group(m: Memory, me: HostAdapter) -> Next:
    """In an open group: Process Group will activate it."""
    return DONE
