"""C: what follows from the other facts in any state, in smaller pieces than I4, I5 and I7 say it.

No box is tried for these.  They are steps of the argument: whole masks session by session, and the walk along the
free list in the words of ranks.
"""

from __future__ import annotations

from snapproof.invariants.common import at_work
from snapproof.invariants.log_device import at_hand, following, on_free_list, uses
from snapproof.model.encoding import Assigned, Free
from snapproof.model.sets import LogTrack, Session
from snapproof.model.state import NONE, Array
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant


def user(s: Array, c: Embodiment, log: int, k: int) -> bool:
    """Does the virtual device of this session, of the standard device that the log track came from, point to it?"""
    v = s.bound[s.extra[log].device, k]
    return v != NONE and uses(s, c, v, log)


def walked(s: Array, c: Embodiment, steps: int) -> int:
    """The track where so many links from the head of the free list lead (-1: past its end)."""
    here = s.free_head
    for i in c.each(LogTrack):
        if i < steps and here != NONE:
            here = following(s, here)
    return here


@invariant("C4", "broken free list")
def walk_goes_down_the_ranks(s: Array, c: Embodiment, steps: LogTrack) -> bool:
    """So many links from the head stands the track whose rank is so much lower."""
    highest = s.free_rank[s.free_head] if s.free_head != NONE else 0
    here = walked(s, c, steps)
    return highest <= steps if here == NONE else s.free_rank[here] + steps == highest


@invariant("C5", "broken free list")
def rank_tells_the_place(s: Array, c: Embodiment, log: LogTrack, steps: LogTrack) -> bool:
    """A track whose rank is so much lower than that of the head stands so many links from it."""
    if s.free_head == NONE or s.free_rank[log] == 0 or s.free_rank[log] + steps != s.free_rank[s.free_head]:
        return True
    return walked(s, c, steps) == log


@invariant("C6", "broken free list")
def walk_finds_links_back(s: Array, c: Embodiment, steps: LogTrack) -> bool:
    """Each track of the walk has links, and the one back leads to the track before it."""
    here = walked(s, c, steps)
    if here == NONE:
        return True
    before = walked(s, c, steps - 1) if steps > 0 else NONE
    return isinstance(s.extra[here], Free) and s.extra[here].previous == before


@invariant("C7", "broken free list")
def walk_ends(s: Array, c: Embodiment) -> bool:
    """After as many links as there are tracks the list is at its end."""
    return walked(s, c, c.size(LogTrack)) == NONE


@invariant("C1", "broken free list")
def ranked_tracks_are_on_the_list(s: Array, c: Embodiment, log: LogTrack) -> bool:
    """The tracks with a rank are those that are met when the free list is walked."""
    return on_free_list(s, c, log) == (s.free_rank[log] > 0)


@invariant("C2", "wrong map bits")
def map_bit_is_right(s: Array, c: Embodiment, log: LogTrack, k: Session) -> bool:
    """I4, one session at a time."""
    if not isinstance(s.extra[log], Assigned) or has(s.map_bits[log], k) == user(s, c, log, k):
        return True
    return at_work(s, c, s.extra[log].device, s.extra[log].track)


@invariant("C3", "leaked log track")
def track_with_map_bit_is_in_use(s: Array, c: Embodiment, log: LogTrack, k: Session) -> bool:
    """A log track with a map bit is pointed to, or somebody is working with it."""
    return not isinstance(s.extra[log], Assigned) or not has(s.map_bits[log], k) or user(s, c, log, k) or at_hand(s, log)


__all__ = ["map_bit_is_right", "ranked_tracks_are_on_the_list", "track_with_map_bit_is_in_use"]
