"""The eight extra bytes of a log track (Fig. 5, 119): links while it is free, a back pointer while it is assigned.

In memory and on disk they are one 64-bit number, two big-endian words.  The top two bits of the first word say
which purpose the bytes serve.  The description leaves that to whoever reads them; here it is written down, so
that a broken free list is diagnosed instead of followed.
"""

from __future__ import annotations

from .geometry import cylinder_and_head, flat

NOT_CREATED = 0
"""The pool has room for this track, and has not created it."""

FREE, ASSIGNED = 1, 2
"""Values of the two purpose bits."""

MASK = (1 << 30) - 1
NONE = -1


def free_links(forward: int, backward: int) -> int:
    """A free track and its neighbours on the free list (-1: none); each link is stored as number + 1."""
    return FREE << 62 | (forward + 1) << 32 | (backward + 1)


def back_pointer(standard: int, track: int) -> int:
    """A track that holds, or is to hold, old data of this standard track: device, cylinder, head."""
    cylinder, head = cylinder_and_head(track)
    return ASSIGNED << 62 | standard << 32 | cylinder << 16 | head


def is_free(extra: int) -> bool:
    """Are these bytes links?"""
    return extra >> 62 == FREE


def is_assigned(extra: int) -> bool:
    """Are these bytes a back pointer?"""
    return extra >> 62 == ASSIGNED


def forward(extra: int) -> int:
    """Next free track (-1: none)."""
    return (extra >> 32 & MASK) - 1


def backward(extra: int) -> int:
    """Previous free track (-1: none)."""
    return (extra & 0xFFFFFFFF) - 1


def back_device(extra: int) -> int:
    """Standard device of a back pointer."""
    return extra >> 32 & MASK


def back_track(extra: int) -> int:
    """Flat track of a back pointer."""
    return flat(extra >> 16 & 0xFFFF, extra & 0xFFFF)


__all__ = ["ASSIGNED", "FREE", "NOT_CREATED", "back_device", "back_pointer", "back_track", "backward", "forward", "free_links",
           "is_assigned", "is_free"]
