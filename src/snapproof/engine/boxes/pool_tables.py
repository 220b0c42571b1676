"""What the boxes of Fig. 9 do to the free list and the pool (Figs. 4, 5).

The list is doubly linked through the extra bytes; tracks are taken from its head and returned to its head.
"""

from __future__ import annotations

from ...vocabulary.switch_values import Pool
from ..extra_bytes import NOT_CREATED, back_pointer, backward, forward, free_links, is_free
from ..memory import NOBODY, Adapter, Memory
from ..tables import NONE


def room_in_pool(m: Memory) -> int:
    """A log track that can be created (-1: none)."""
    if m.build.pool != Pool.GROWS:
        return NONE
    return next((i for i, extra in enumerate(m.tables.log.extra) if extra == NOT_CREATED), NONE)


def put_at_head(m: Memory, log: int) -> None:
    """Link a track in before the first free one.  Its bytes stay; nobody is to look at them."""
    t = m.tables.log
    following = t.free_head
    t.extra[log] = free_links(following, NONE)
    if following != NONE:
        relink(m, following, log)
    t.free_head = log


def append(m: Memory, log: int) -> None:
    """Link a track in behind the last free one.

    This end of the list may be changed without its lock: who holds the lock is about to take the first track,
    and reads its forward link only then.
    """
    t = m.tables.log
    last = (free_tracks(m) or [NONE])[-1]
    t.extra[log] = free_links(NONE, last)
    if last == NONE:
        t.free_head = log
    else:
        t.extra[last] = free_links(log, backward(t.extra[last]))


def take_head(m: Memory, log: int) -> None:
    """Take the first track out; its own links stay in the extra bytes until a back pointer replaces them."""
    t = m.tables.log
    following = forward(t.extra[log]) if is_free(t.extra[log]) else NONE
    if following != NONE:
        relink(m, following, NONE)
    t.free_head = following


def relink(m: Memory, log: int, previous: int) -> None:
    """Give a free track another predecessor; extra bytes that are no links are left alone."""
    extra = m.tables.log.extra
    if is_free(extra[log]):
        extra[log] = free_links(forward(extra[log]), previous)


def choose_head(m: Memory, me: Adapter) -> None:
    """Lock the first free track (234); the list itself is not locked yet."""
    me.fresh = m.tables.log.free_head
    m.locks.log[me.fresh] = me.number


def leave_choice(m: Memory, me: Adapter) -> None:
    """Somebody else took it meanwhile."""
    m.locks.log[me.fresh] = NOBODY
    me.fresh = NONE


def label(m: Memory, log: int, sessions: int, std: int, track: int) -> None:
    """Map word and back pointer of a log track."""
    m.tables.log.map_words[log] = sessions
    m.tables.log.extra[log] = back_pointer(std, track)


def free_tracks(m: Memory) -> list[int]:
    """The free list from its head; it ends where the links do not fit."""
    found: list[int] = []
    extra, at = m.tables.log.extra, m.tables.log.free_head
    while at != NONE and at not in found and is_free(extra[at]) and backward(extra[at]) == (found[-1] if found else NONE):
        found.append(at)
        at = forward(extra[at])
    return found


__all__ = ["append", "choose_head", "free_tracks", "label", "leave_choice", "put_at_head", "relink", "room_in_pool", "take_head"]
