"""Ghosts of group consistency: which pairs an Activate has activated, and which writes their images lack (Fig. 19A).

The images of a group are consistent when no write is in them that began after another one was acknowledged that is not.
So what must be known is small: the pairs activated so far; whether a write that one of their images lacks has been
acknowledged since; and which commands had begun by then, and owe it nothing.
"""

from __future__ import annotations

from snapproof.spec import with_bit, without, without_bit

from .pair_lists import has_group, on_list
from .sets import PairList, Position, VirtualDevice
from .state import NONE, Array, HostAdapter
from .switches import Embodiment


def listed(s: Array, c: Embodiment, here: int) -> int:
    """The virtual devices on a list, as a mask."""
    mask = 0
    for i in c.each(Position):
        if s.pairs[here, i] != NONE:
            mask = with_bit(mask, s.pairs[here, i])
    return mask


def on_device(s: Array, c: Embodiment, std: int) -> int:
    """The virtual devices that stand for a standard device, as a mask."""
    mask = 0
    for v in c.each(VirtualDevice):
        if s.std_of[v] == std:
            mask = with_bit(mask, v)
    return mask


def forget_group(s: Array, here: int) -> None:
    """The call, or the group, begins or ends (482, 512, 486; 634): nothing of the list is activated by it."""
    s.activated[here] = 0
    s.overtaken = without_bit(s.overtaken, here)


def join_group(s: Array, here: int, vdev: int) -> None:
    """496: the call has activated this pair of the list."""
    s.activated[here] = with_bit(s.activated[here], vdev)


def join_open_groups(s: Array, c: Embodiment, vdev: int) -> None:
    """424: a pair of an open group has been activated alone (662); its image belongs with those of the group all the same."""
    for i in c.each(PairList):
        if has_group(s, i) and on_list(s, c, i, vdev):
            join_group(s, i, vdev)


def lacking(s: Array, c: Embodiment, std: int) -> int:
    """The lists of which a pair of this standard device has its image, while another one waits for its own, as a mask."""
    mask = 0
    for i in c.each(PairList):
        taken = s.activated[i] & on_device(s, c, std) != 0 and without(listed(s, c, i), s.activated[i]) != 0
        mask = with_bit(mask, i) if taken else mask
    return mask


def acknowledge(s: Array, c: Embodiment, std: int) -> None:
    """324 ends a write: lists whose images lack it are overtaken.  Commands under way had not seen it acknowledged."""
    newly = without(lacking(s, c, std), s.overtaken)
    for ha in s.all(HostAdapter):
        if not ha.idle:
            ha.earlier = ha.earlier | newly
    s.overtaken = s.overtaken | newly


__all__ = ["acknowledge", "forget_group", "join_group", "join_open_groups", "lacking", "listed", "on_device"]
