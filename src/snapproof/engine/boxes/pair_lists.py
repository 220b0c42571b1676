"""Lists of related pairs that wait for activation (466, 482-512); a pair is known by its virtual device."""

from __future__ import annotations

from ...vocabulary.switch_values import Held, ListOrder, ListScope
from ..memory import NOBODY, HostAdapter, Memory
from ..tables import NONE


def list_of(m: Memory, me: HostAdapter) -> int:
    """The list of the command."""
    return 0 if m.build.list_scope == ListScope.GLOBAL else me.command.pair_list


def pair_at(m: Memory, here: int, place: int) -> int:
    """The virtual device at a place of a list (-1: the list is shorter by now)."""
    pairs = m.tables.lists[here]
    return pairs[place] if place < len(pairs) else NONE


def has_group(m: Memory, here: int) -> bool:
    """Is a group open on this list?"""
    return m.locks.group[here] != NOBODY


def in_group(m: Memory, vdev: int) -> bool:
    """Is the pair in an open group?"""
    return any(has_group(m, i) and vdev in pairs for i, pairs in enumerate(m.tables.lists))


def key(m: Memory, vdev: int) -> tuple[int, int]:
    """What lists are ordered by: the standard device, then the virtual device."""
    return m.tables.virtual[vdev].standard, vdev


def add_pair(m: Memory, here: int, vdev: int) -> None:
    """Add a pair that is not there yet: in the order of devices, or at the end.

    Each place keeps the smaller of what it has and what is carried along.  On a list whose order was upset
    (a build that leaves removed pairs on it) that is not the same as an insertion.
    """
    pairs = m.tables.lists[here]
    if vdev in pairs:
        return
    carried = vdev
    if m.build.list_order == ListOrder.BY_DEVICE:
        for i, found in enumerate(pairs):
            if key(m, carried) < key(m, found):
                pairs[i], carried = carried, found
    pairs.append(carried)


def held_with(m: Memory, vdev: int) -> bool:
    """Is a list with this pair being activated?"""
    return m.build.lock_482 == Held.HELD and any(
        holder != NOBODY and vdev in pairs for holder, pairs in zip(m.locks.pair_list, m.tables.lists, strict=True))


__all__ = ["add_pair", "has_group", "held_with", "in_group", "list_of", "pair_at"]
