"""Fig. 9, manipulating tracks of a log device: one is obtained (306, 344, 362) or returned (369, 388)."""

from __future__ import annotations

from ...vocabulary.switch_values import Exhaustion, Held, Step248, YesNo
from ..box import WAIT, Figure, Next, box
from ..memory import NOBODY, Adapter, Memory
from ..tables import NONE
from .holding import let_log_track_go
from .pool_tables import choose_head, leave_choice, put_at_head, room_in_pool, take_head

LOG_TRACKS = Figure("Fig. 9", ("done", "none"))


@box(Adapter, "232", LOG_TRACKS, local=True)
def obtain_log_track(m: Memory, me: Adapter) -> Next:
    """More than the free list is touched: the track will hold data."""
    return lock_log_track


@box(Adapter, "234", LOG_TRACKS)
def lock_log_track(m: Memory, me: Adapter) -> Next:
    """Lock the first free log track, or go and create one."""
    head = m.tables.log.free_head
    if head == NONE:
        if room_in_pool(m) != NONE:
            return grow_log_pool
        return WAIT if m.build.exhaustion == Exhaustion.WAIT else LOG_TRACKS.exit("none")
    if m.locks.log[head] != NOBODY:
        return WAIT
    choose_head(m, me)
    return obtains_free_track


@box(Adapter, "pool", LOG_TRACKS)
def grow_log_pool(m: Memory, me: Adapter) -> Next:
    """Create a log track."""
    if m.build.lock_238 == Held.HELD and m.locks.free_list != NOBODY:
        return WAIT
    room = room_in_pool(m)
    if room != NONE:
        put_at_head(m, room)
    return lock_log_track


@box(Adapter, "236", LOG_TRACKS, local=True)
def obtains_free_track(m: Memory, me: Adapter) -> Next:
    """More than allocated tracks are touched: the list changes."""
    return lock_free_list


@box(Adapter, "238", LOG_TRACKS)
def lock_free_list(m: Memory, me: Adapter) -> Next:
    """Lock the free list; when the chosen track is no longer the first, choose again."""
    held = m.build.lock_238 == Held.HELD
    if held and m.locks.free_list != NOBODY:
        return WAIT
    if me.fresh != NONE and m.tables.log.free_head != me.fresh and m.build.recheck_238 == YesNo.YES:
        leave_choice(m, me)
        return lock_log_track
    if held:
        m.locks.free_list = me.number
    return modify_free_list


@box(Adapter, "242", LOG_TRACKS)
def modify_free_list(m: Memory, me: Adapter) -> Next:
    """Take the chosen track, or put back the one that is no longer used."""
    if me.fresh != NONE:
        take_head(m, me.fresh)
    else:
        put_at_head(m, me.entry)
    return unlock_free_list


@box(Adapter, "246", LOG_TRACKS)
def unlock_free_list(m: Memory, me: Adapter) -> Next:
    """Unlock the free list."""
    if m.locks.free_list == me.number:
        m.locks.free_list = NOBODY
    return track_still_needed


@box(Adapter, "248", LOG_TRACKS, local=True)
def track_still_needed(m: Memory, me: Adapter) -> Next:
    """Is the track to be unlocked now?"""
    kept = me.fresh != NONE and me.keeps
    return LOG_TRACKS.exit("done") if kept or m.build.step_248 == Step248.AS_PRINTED else unlock_log_track


@box(Adapter, "252", LOG_TRACKS)
def unlock_log_track(m: Memory, me: Adapter) -> Next:
    """Unlock the track."""
    let_log_track_go(m, me, me.fresh if me.fresh != NONE else me.entry)
    return LOG_TRACKS.exit("done")
