"""The free list and the pool of log tracks: what the boxes of Fig. 9 do to the tables (Figs. 4, 5).

Tracks are taken from the head of the doubly linked list and returned to the head.
"""

from __future__ import annotations

from snapproof.vocabulary.switch_values import Pool

from .encoding import Assigned, Free, Nobody, NotCreated
from .sets import Block, LogTrack
from .state import NOBODY, NONE, Adapter, Array
from .switches import Embodiment


def uncreated_track(s: Array, c: Embodiment) -> int:
    """A log track that the pool has room for and has not created (-1: none)."""
    for log in c.each(LogTrack):
        if isinstance(s.extra[log], NotCreated):
            return log
    return NONE


def can_grow(s: Array, c: Embodiment) -> bool:
    """Can the pool create a log track?"""
    return c.pool == Pool.GROWS and uncreated_track(s, c) != NONE


def put_at_head(s: Array, c: Embodiment, log: int) -> None:
    """Link a track in before the first free one."""
    head = s.free_head
    s.extra[log] = Free(next=head, previous=NONE)
    if head != NONE:
        relink(s, head, log)
    # A list that a fault has made a ring has no end to count from.
    s.free_rank[log] = min(s.free_rank[max(head, 0)] + 1, c.size(LogTrack)) if head != NONE else 1
    s.free_head = log


def forget(s: Array, c: Embodiment, log: int) -> None:
    """The contents of a track that becomes free are nobody's any more.

    The bytes stay on a real track.  Here they become garbage, so that a reader that comes back to the
    track is caught even when the old bytes are by chance the right ones.
    """
    for b in c.each(Block):
        s.log_data[log, b] = NONE
        s.log_origin[log, b] = Nobody()


def take_head(s: Array, c: Embodiment, log: int) -> None:
    """Take the first track out of the free list: the next one becomes the first.

    That the track is the first was seen at 238, under the lock of the list.  Its own extra bytes keep the
    stale links until a back pointer is stored in the same eight bytes.
    """
    following = s.extra[log].next if isinstance(s.extra[log], Free) else NONE
    if following != NONE:
        relink(s, following, NONE)
    s.free_rank[log] = 0
    s.free_head = following


def relink(s: Array, log: int, previous: int) -> None:
    """Give a free track another previous one (extra bytes that are no links are left alone: the list is broken)."""
    if isinstance(s.extra[log], Free):
        s.extra[log] = s.extra[log].with_(previous=previous)


def lock_candidate(s: Array, p: Adapter) -> None:
    """Choose the first free track and lock it (234); the free list is not locked yet."""
    p.fresh = s.free_head
    s.log_lock[p.fresh] = p.number


def give_up_candidate(s: Array, p: Adapter) -> None:
    """Another process was faster: let the chosen track go."""
    s.log_lock[p.fresh] = NOBODY
    p.fresh = NONE


def label(s: Array, log: int, sessions: int, std: int, track: int) -> None:
    """Say which sessions use a log track and which standard track it belongs to."""
    s.map_bits[log] = sessions
    s.extra[log] = Assigned(device=std, track=track)


__all__ = ["can_grow", "forget", "give_up_candidate", "label", "lock_candidate", "put_at_head", "uncreated_track",
           "relink", "take_head"]
