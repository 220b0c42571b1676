"""Lists of related pairs that wait for activation (Fig. 18, 466; Fig. 19A).

A pair is known by its virtual device, whose header names the standard device.
"""

from __future__ import annotations

from snapproof.vocabulary.switch_values import Held, ListOrder, ListScope

from .sets import PairList, Position, VirtualDevice
from .state import NOBODY, NONE, Array, HostAdapter
from .switches import Embodiment


def list_of(c: Embodiment, ha: HostAdapter) -> int:
    """The list that the command is about: the one it names, or the one that all share."""
    return 0 if c.list_scope == ListScope.GLOBAL else ha.pair_list


def place_key(s: Array, c: Embodiment, vdev: int) -> int:
    """Pairs in the order of their standard devices have ascending keys."""
    return s.std_of[vdev] * c.size(VirtualDevice) + vdev


def on_list(s: Array, c: Embodiment, here: int, vdev: int) -> bool:
    """Does the pair stand on this list?"""
    return any(s.pairs[here, i] == vdev for i in c.each(Position))


def on_any_list(s: Array, c: Embodiment, vdev: int) -> bool:
    """Does the pair stand on some list?"""
    return any(on_list(s, c, i, vdev) for i in c.each(PairList))


def has_group(s: Array, here: int) -> bool:
    """Is a group open on this list?"""
    return s.group[here] != NOBODY


def in_group(s: Array, c: Embodiment, vdev: int) -> bool:
    """Is the pair in an open group?"""
    return any(has_group(s, i) and on_list(s, c, i, vdev) for i in c.each(PairList))


def length(s: Array, c: Embodiment, here: int) -> int:
    """How many pairs stand on a list; they stand at its first places."""
    total = 0
    for i in c.each(Position):
        if s.pairs[here, i] != NONE:
            total = total + 1
    return total


def add_pair(s: Array, c: Embodiment, here: int, vdev: int) -> None:
    """Add a pair, unless it is there: at its place in the order of devices, or at the end."""
    carried = NONE if on_list(s, c, here, vdev) else vdev
    for i in c.each(Position):
        found = s.pairs[here, i]
        if carried != NONE:
            if found == NONE:
                s.pairs[here, i] = carried
                carried = NONE
            elif c.list_order == ListOrder.BY_DEVICE and place_key(s, c, carried) < place_key(s, c, found):
                s.pairs[here, i] = carried
                carried = found


def remove_pair(s: Array, c: Embodiment, here: int, vdev: int) -> None:
    """Take a pair off a list, on which it stands once at most, and let those behind it move up."""
    gone = 0
    for i in c.each(Position):
        found = s.pairs[here, i]
        if gone:
            s.pairs[here, i - 1] = found
            s.pairs[here, i] = NONE
        elif found == vdev:
            s.pairs[here, i] = NONE
            gone = 1


def take_off_all_lists(s: Array, c: Embodiment, vdev: int) -> None:
    """Take a pair off the lists it stands on."""
    for i in c.each(PairList):
        remove_pair(s, c, i, vdev)


def clear_list(s: Array, c: Embodiment, here: int) -> None:
    """Empty a list (512)."""
    for i in c.each(Position):
        s.pairs[here, i] = NONE


def list_is_held(s: Array, c: Embodiment, vdev: int) -> bool:
    """Is a list that holds this pair being activated?"""
    return any(c.lock_482 == Held.HELD and s.list_lock[i] != NOBODY and on_list(s, c, i, vdev) for i in c.each(PairList))
