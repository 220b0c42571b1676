"""Activating related pairs: a whole list (Fig. 19A) or one pair (Fig. 15C).

The point in time of a virtual device is the transition in which its session byte becomes active.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.group_values import Step662, Test485
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Activation, Held, Path, Rollback, YesNo

from .groups import forget_group, join_group, join_open_groups
from .indirect_tracks import contents
from .locks import enter, may_enter, may_raise, raise_flag, release_device
from .pair_lists import clear_list, has_group, in_group, length, list_of
from .parts import ENDS, EXCLUSIVE, LOCKS, REFUSES, TESTS, WITH_LIST, WORKS
from .sets import Block, Track
from .state import NOBODY, NONE, Array, HostAdapter
from .switches import Embodiment
from .virtual_read import show_image


def related(s: Array, vdev: int) -> bool:
    """Was Relate performed for this virtual device, and has it neither been activated nor removed since?"""
    return vdev != NONE and s.vdev_state[max(vdev, 0)] == VirtualState.RELATED


def may_be_activated(s: Array, c: Embodiment, vdev: int) -> bool:
    """Was Relate performed for this pair of a list?  By the letter of 485 it may have been activated since."""
    return related(s, vdev) or c.test_485 == Test485.PERFORMED and vdev != NONE and s.vdev_state[max(vdev, 0)] == VirtualState.ACTIVE


def activate_session(s: Array, c: Embodiment, vdev: int) -> None:
    """The point in time: the session byte becomes active, the virtual device ready.

    One byte is stored, and that is what counts; that the device becomes ready in the same transition can
    only be seen by a host that asks, which finds it ready no earlier than active.
    """
    std = s.std_of[vdev]
    s.session_byte[std, s.session_of[vdev]] = SessionByte.ACTIVE
    s.vdev_state[vdev] = VirtualState.ACTIVE
    s.ready[vdev] = 1
    for t in c.each(Track):
        for b in c.each(Block):
            show_image(s, c, vdev, t, b, max(contents(s, c, std, t, b), 0))


# --- Fig. 19A: the pairs of a list ---------------------------------------------------------------------------
#
# Fig. 19B has the same boxes in another order: 485' alone for all pairs, then 495', 496', 497' for one pair after another.


@step(HostAdapter, "482", "Fig. 19A", LOCKS)
def take_list(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the first pair of the list; the list is held, so that no pair joins or leaves (Process Group holds it already)."""
    here = list_of(c, ha)
    if c.lock_482 == Held.HELD and s.list_lock[here] not in (NOBODY, ha.number):
        return WAIT
    if c.step_662 == Step662.DEFERRED and has_group(s, here):
        return leave_to_group
    if c.lock_482 == Held.HELD:
        s.list_lock[here] = ha.number
    ha.list_length = length(s, c, here)
    forget_group(s, here)
    return more_to_exclude


@step(HostAdapter, "484", "Fig. 19A", TESTS, WITH_LIST, local=True)
def more_to_exclude(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is there another pair on the list?"""
    return test_related if ha.list_place < ha.list_length else first_to_activate


@step(HostAdapter, "485", "Fig. 19A", TESTS, WITH_LIST)
def test_related(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Was Relate performed for the pair?"""
    if not may_be_activated(s, c, s.pairs[list_of(c, ha), ha.list_place]):
        return undo_or_fail(ha, c)
    return next_to_exclude if c.path_513 == Path.TAKEN or c.activation == Activation.FIG_19B else exclude_to_activate


@step(HostAdapter, "487", "Figs. 19A, 19B (495')", LOCKS, WITH_LIST)
def exclude_to_activate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device of the pair, and test again whether it is related."""
    vdev = s.pairs[list_of(c, ha), ha.list_place]
    std = s.std_of[max(vdev, 0)]
    if not may_raise(s, c, ha, std):
        return WAIT
    if c.retest_487 == YesNo.YES and not may_be_activated(s, c, vdev):
        return undo_or_fail(ha, c)
    raise_flag(s, c, ha, std)
    return drain_to_activate


@step(HostAdapter, "487 drain", "Figs. 19A, 19B (495')", LOCKS, WITH_LIST)
def drain_to_activate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device of the pair."""
    std = s.std_of[max(s.pairs[list_of(c, ha), ha.list_place], 0)]
    if not may_enter(s, c, ha, std):
        return WAIT
    enter(s, c, ha, std)
    return activate_pair if c.activation == Activation.FIG_19B else next_to_exclude


@step(HostAdapter, "488", "Fig. 19A", TESTS, WITH_LIST, local=True)
def next_to_exclude(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the next pair."""
    ha.list_place = ha.list_place + 1
    return more_to_exclude


@step(HostAdapter, "492", "Fig. 19A", TESTS, WITH_LIST, local=True)
def first_to_activate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the first pair again."""
    ha.list_place = 0
    return more_to_activate


@step(HostAdapter, "494", "Fig. 19A", TESTS, WITH_LIST, local=True)
def more_to_activate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is there another pair on the list?"""
    if c.activation == Activation.FIG_19A:
        return activate_pair if ha.list_place < ha.list_length else first_to_include
    if ha.list_place == ha.list_length:
        return empty_list
    return activate_pair if c.path_513 == Path.TAKEN else exclude_to_activate


@step(HostAdapter, "496", "Figs. 15C (424), 19A, 19B", WORKS, EXCLUSIVE, WITH_LIST)
def activate_pair(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the session of the pair active and its virtual device ready: the point in time."""
    vdev = s.pairs[list_of(c, ha), ha.list_place]
    if vdev != NONE:
        activate_session(s, c, vdev)
        join_group(s, list_of(c, ha), vdev)
    if c.activation == Activation.FIG_19B and c.path_513 == Path.NOT_TAKEN:
        return include_after_activate
    return next_to_activate


@step(HostAdapter, "498", "Fig. 19A", TESTS, WITH_LIST, local=True)
def next_to_activate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the next pair."""
    ha.list_place = ha.list_place + 1
    return more_to_activate


@step(HostAdapter, "502", "Fig. 19A", TESTS, WITH_LIST, local=True)
def first_to_include(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the first pair again."""
    ha.list_place = 0
    return more_to_include


@step(HostAdapter, "504", "Fig. 19A", TESTS, WITH_LIST, local=True)
def more_to_include(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is there another pair on the list?"""
    return include_after_activate if ha.list_place < ha.list_length and c.path_513 == Path.NOT_TAKEN else empty_list


@step(HostAdapter, "506", "Figs. 19A, 19B (497')", LOCKS, WITH_LIST)
def include_after_activate(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """End exclusive access to the standard device of the pair (once, when it stands on the list twice)."""
    vdev = s.pairs[list_of(c, ha), ha.list_place]
    release_device(s, ha, s.std_of[max(vdev, 0)])
    return next_to_activate if c.activation == Activation.FIG_19B else next_to_include


@step(HostAdapter, "508", "Fig. 19A", TESTS, WITH_LIST, local=True)
def next_to_include(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the next pair."""
    ha.list_place = ha.list_place + 1
    return more_to_include


@step(HostAdapter, "512", "Fig. 19A", WORKS, ENDS, WITH_LIST)
def empty_list(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Clear the list, so that no later call activates its pairs again, and let it go."""
    here = list_of(c, ha)
    clear_list(s, c, here)
    forget_group(s, here)
    if s.list_lock[here] == ha.number:
        s.list_lock[here] = NOBODY
    return DONE


# --- an unsuccessful call --------------------------------------------------------------------------------------


def undo_or_fail(ha: HostAdapter, c: Embodiment) -> Next:
    """The box after a pair that is not related: let devices go, or fail at once."""
    if c.rollback_486 == Rollback.NONE or c.path_513 == Path.TAKEN or c.activation == Activation.FIG_19B:
        return fail_activation
    if c.rollback_486 == Rollback.WHOLE_LIST:
        ha.list_place = ha.list_length
    return include_before_error if ha.list_place > 0 else fail_activation


@step(HostAdapter, "486 undo", "Fig. 19A (note)", REFUSES, WITH_LIST)
def include_before_error(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Before the error, end exclusive access to the device of the pair before; taken literally, of every pair."""
    ha.list_place = ha.list_place - 1
    std = s.std_of[max(s.pairs[list_of(c, ha), ha.list_place], 0)]
    if c.rollback_486 == Rollback.WHOLE_LIST:
        s.device_lock[std] = NOBODY
    else:
        release_device(s, ha, std)
    return include_before_error if ha.list_place > 0 else fail_activation


@step(HostAdapter, "486", "Fig. 19A", REFUSES, ENDS, WITH_LIST)
def fail_activation(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """A pair is not related: the list is let go unchanged, an error is returned."""
    here = list_of(c, ha)
    forget_group(s, here)
    if s.list_lock[here] == ha.number:
        s.list_lock[here] = NOBODY
    return DONE


# --- Fig. 15C: one pair, without a list --------------------------------------------------------------------------


@step(HostAdapter, "422", "Fig. 15C", LOCKS)
def exclude_to_activate_one(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device of the pair, which must be related."""
    if not related(s, ha.virtual):
        return refuse_activation
    if c.step_662 == Step662.DEFERRED and in_group(s, c, ha.virtual):
        return leave_to_group
    if c.path_428 == Path.TAKEN:
        return activate_one
    if not may_raise(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    raise_flag(s, c, ha, s.std_of[ha.virtual])
    return drain_to_activate_one


@step(HostAdapter, "422 drain", "Fig. 15C", LOCKS)
def drain_to_activate_one(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device of the pair."""
    if not may_enter(s, c, ha, s.std_of[ha.virtual]):
        return WAIT
    enter(s, c, ha, s.std_of[ha.virtual])
    return activate_one


@step(HostAdapter, "424", "Fig. 15C", WORKS, ENDS, EXCLUSIVE)
def activate_one(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the session active and its virtual device ready: the point in time.  The pair stays on its list."""
    if related(s, ha.virtual):
        activate_session(s, c, ha.virtual)
        join_open_groups(s, c, ha.virtual)
    return DONE if c.path_428 == Path.TAKEN else include_after_activate_one


@step(HostAdapter, "426", "Fig. 15C", LOCKS, ENDS)
def include_after_activate_one(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """End exclusive access."""
    release_device(s, ha, s.std_of[ha.virtual])
    return DONE


@step(HostAdapter, "422 error", "Fig. 15C", REFUSES, ENDS, local=True)
def refuse_activation(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not related: an error is returned."""
    return DONE


# --- Fig. 25: while a group is open ------------------------------------------------------------------------------


@step(HostAdapter, "662", "Figs. 15C, 19A, 25", TESTS, ENDS, local=True)
def leave_to_group(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """What is to be activated is in an open group: Process Group (666) will activate it, with all others."""
    return DONE
