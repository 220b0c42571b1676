"""Fig. 9: manipulating tracks of a log device, for whoever obtains one (306, 344, 362) or returns one (369, 388).

Boxes 232, 236, 244 and 248 only ask what kind of manipulation this is.  Obtaining and returning a track
touches both a track that is or becomes allocated and the free list, so both the track (234) and the list
(238) are locked; which lock is already held by the caller is said where the caller is.  What the boxes do to
the tables is in `log_pool.py`.
"""

from __future__ import annotations

from snapproof.spec import WAIT, Next, figure, step
from snapproof.vocabulary.switch_values import Exhaustion, Held, Step248, YesNo

from .locks import release_log_track
from .log_pool import can_grow, forget, give_up_candidate, lock_candidate, put_at_head, take_head, uncreated_track
from .parts import CHOOSES, ENDS, LOCKS, MOVES, ON_TRACK, TESTS, WORKS
from .state import NOBODY, NONE, Adapter, Array
from .switches import Embodiment

LOG_TRACKS = figure(Adapter, "log_tracks", "Fig. 9", exits=("done", "none"), meaning="manipulating tracks of a log device")
"""`done`: the track is obtained, or returned; `none`: no log track is free and none can be created."""


@step(Adapter, "232", LOG_TRACKS, TESTS, ON_TRACK, local=True)
def obtain_log_track(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Obtaining a free track touches more than the free list: its track is to be locked."""
    return lock_log_track


@step(Adapter, "234", LOG_TRACKS, LOCKS, ON_TRACK, CHOOSES)
def lock_log_track(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Lock the first free log track."""
    if s.free_head == NONE:
        if can_grow(s, c):
            return grow_log_pool
        return WAIT if c.exhaustion == Exhaustion.WAIT else LOG_TRACKS.none
    if s.log_lock[s.free_head] != NOBODY:
        return WAIT
    lock_candidate(s, p)
    return obtains_free_track


@step(Adapter, "pool", LOG_TRACKS, WORKS, ON_TRACK)
def grow_log_pool(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Create a log track from the pool (Fig. 4) and put it on the free list."""
    if c.lock_238 == Held.HELD and s.free_list_lock != NOBODY:
        return WAIT
    if can_grow(s, c):
        put_at_head(s, c, uncreated_track(s, c))
    return lock_log_track


@step(Adapter, "236", LOG_TRACKS, TESTS, ON_TRACK, CHOOSES, local=True)
def obtains_free_track(s: Array, c: Embodiment, p: Adapter) -> Next:
    """The track is not only allocated but comes from the free list, or goes there: the list is to be locked."""
    return lock_free_list


@step(Adapter, "238", LOG_TRACKS, LOCKS, ON_TRACK, CHOOSES)
def lock_free_list(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Lock the free list; when another process took the chosen track meanwhile, choose again."""
    if c.lock_238 == Held.HELD:
        if s.free_list_lock != NOBODY:
            return WAIT
    if p.fresh != NONE and s.free_head != p.fresh and c.recheck_238 == YesNo.YES:
        give_up_candidate(s, p)
        return lock_log_track
    if c.lock_238 == Held.HELD:
        s.free_list_lock = p.number
    return modify_free_list


@step(Adapter, "242", LOG_TRACKS, WORKS, MOVES, ON_TRACK, CHOOSES)
def modify_free_list(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Take the chosen track out of the free list, or put the track no longer used into it."""
    if p.fresh != NONE:
        take_head(s, c, p.fresh)
    else:
        forget(s, c, p.entry)
        put_at_head(s, c, p.entry)
    return unlock_free_list


@step(Adapter, "246", LOG_TRACKS, LOCKS, ON_TRACK)
def unlock_free_list(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Unlock the free list (244: the manipulation involved more than allocated tracks)."""
    if s.free_list_lock == p.number:
        s.free_list_lock = NOBODY
    return track_still_needed


@step(Adapter, "248", LOG_TRACKS, TESTS, ENDS, ON_TRACK, local=True)
def track_still_needed(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Was more than the free list touched, so that a track is locked?  Some callers keep their new track locked."""
    if p.fresh != NONE and p.keeps:
        return LOG_TRACKS.done
    return unlock_log_track if c.step_248 == Step248.CORRECTED else LOG_TRACKS.done


@step(Adapter, "252", LOG_TRACKS, LOCKS, ENDS, ON_TRACK)
def unlock_log_track(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Unlock the log track."""
    release_log_track(s, p, p.fresh if p.fresh != NONE else p.entry)
    return LOG_TRACKS.done
