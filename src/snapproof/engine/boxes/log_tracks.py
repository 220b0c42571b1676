"""Fig. 9, manipulating tracks of a log device: for host adapters (344, 362, 388) and for disk adapters (306)."""

from __future__ import annotations

from ..box import DONE, WAIT, Next, box
from ..memory import NOBODY, Adapter, DiskAdapter, HostAdapter, Memory, Word
from ..switch_values import Exhaustion, FullTrack, Held, NewTrack, Step248, YesNo
from ..tables import NONE, STANDARD
from . import copy_on_write, removal, virtual_write
from .holding import let_log_track_go
from .pool_tables import choose_head, leave_choice, put_at_head, room_in_pool, take_head


def lock_head(m: Memory, me: Adapter, grow: Next, none: Next, locked: Next) -> Next:
    """234: lock the first free log track, or go and create one."""
    head = m.tables.log.free_head
    if head == NONE:
        if room_in_pool(m) != NONE:
            return grow
        return WAIT if m.build.exhaustion == Exhaustion.WAIT else none
    if m.locks.log[head] != NOBODY:
        return WAIT
    choose_head(m, me)
    return locked


def create_track(m: Memory, then: Next) -> Next:
    """Create a log track from the pool and put it on the free list."""
    if m.build.lock_238 == Held.HELD and m.locks.free_list != NOBODY:
        return WAIT
    room = room_in_pool(m)
    if room != NONE:
        put_at_head(m, room)
    return then


def lock_list(m: Memory, me: Adapter, again: Next, locked: Next) -> Next:
    """238: lock the free list; when the chosen track is no longer the first, choose again."""
    held = m.build.lock_238 == Held.HELD
    if held and m.locks.free_list != NOBODY:
        return WAIT
    if me.fresh != NONE and m.tables.log.free_head != me.fresh and m.build.recheck_238 == YesNo.YES:
        leave_choice(m, me)
        return again
    if held:
        m.locks.free_list = me.number
    return locked


def unlock_list(m: Memory, me: Adapter) -> None:
    """246."""
    if m.locks.free_list == me.number:
        m.locks.free_list = NOBODY


# --- host adapters --------------------------------------------------------------------------------------------


@box(HostAdapter, "232", "Fig. 9", local=True)
def obtain_log_track(m: Memory, me: HostAdapter) -> Next:
    """More than the free list is touched: the track will hold data."""
    return lock_log_track


@box(HostAdapter, "234", "Fig. 9")
def lock_log_track(m: Memory, me: HostAdapter) -> Next:
    """Lock the first free log track."""
    return lock_head(m, me, grow_log_pool, virtual_write.no_log_track, obtains_free_track)


@box(HostAdapter, "pool", "Fig. 4")
def grow_log_pool(m: Memory, me: HostAdapter) -> Next:
    """Create a log track."""
    return create_track(m, lock_log_track)


@box(HostAdapter, "236", "Fig. 9", local=True)
def obtains_free_track(m: Memory, me: HostAdapter) -> Next:
    """More than allocated tracks are touched: the list changes."""
    return lock_free_list


@box(HostAdapter, "238", "Fig. 9")
def lock_free_list(m: Memory, me: HostAdapter) -> Next:
    """Lock the free list."""
    return lock_list(m, me, lock_log_track, modify_free_list)


@box(HostAdapter, "242", "Fig. 9")
def modify_free_list(m: Memory, me: HostAdapter) -> Next:
    """Take the chosen track, or put back the one that is no longer used."""
    if me.fresh != NONE:
        take_head(m, me.fresh)
    else:
        put_at_head(m, me.entry)
    return unlock_free_list


@box(HostAdapter, "246", "Fig. 9")
def unlock_free_list(m: Memory, me: HostAdapter) -> Next:
    """Unlock the free list."""
    unlock_list(m, me)
    return track_still_needed


@box(HostAdapter, "248", "Fig. 9", local=True)
def track_still_needed(m: Memory, me: HostAdapter) -> Next:
    """Is the track to be unlocked now?"""
    if me.fresh != NONE and m.build.new_track == NewTrack.KEPT:
        return after_obtaining(m, me)
    return unlock_log_track if m.build.step_248 == Step248.CORRECTED else after_figure_9(m, me)


@box(HostAdapter, "252", "Fig. 9")
def unlock_log_track(m: Memory, me: HostAdapter) -> Next:
    """Unlock the track."""
    let_log_track_go(m, me, me.fresh if me.fresh != NONE else me.entry)
    return after_figure_9(m, me)


def after_figure_9(m: Memory, me: HostAdapter) -> Next:
    """Back to 344 or 362, to 388, or the end of a write that freed a track (369)."""
    if me.fresh != NONE:
        return after_obtaining(m, me)
    if me.command.word == Word.WRITE:
        return DONE
    me.entry = STANDARD
    return removal.next_track


def after_obtaining(m: Memory, me: HostAdapter) -> Next:
    """The box behind 344 (the entry pointed to the standard track) or 362 (to a log track)."""
    if me.entry != STANDARD:
        return virtual_write.copy_log_track
    skipped = m.build.step_346 == FullTrack.SKIPPED and me.command.whole_track
    return virtual_write.label_new_track if skipped else virtual_write.copy_standard_track


# --- disk adapters --------------------------------------------------------------------------------------------


@box(DiskAdapter, "234", "Fig. 9")
def lock_log_track_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Lock the first free log track."""
    return lock_head(m, me, grow_log_pool_to_copy, copy_on_write.refuse_request, lock_free_list_to_copy)


@box(DiskAdapter, "pool", "Fig. 4")
def grow_log_pool_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Create a log track."""
    return create_track(m, lock_log_track_to_copy)


@box(DiskAdapter, "238", "Fig. 9")
def lock_free_list_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Lock the free list."""
    return lock_list(m, me, lock_log_track_to_copy, modify_free_list_to_copy)


@box(DiskAdapter, "242", "Fig. 9")
def modify_free_list_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Take the chosen track."""
    take_head(m, me.fresh)
    return unlock_free_list_to_copy


@box(DiskAdapter, "246", "Fig. 9")
def unlock_free_list_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Unlock the free list."""
    unlock_list(m, me)
    return track_is_locked_to_copy


@box(DiskAdapter, "248", "Fig. 9", local=True)
def track_is_locked_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Is the track to be unlocked now?"""
    if m.build.lock_306 == NewTrack.KEPT or m.build.step_248 == Step248.AS_PRINTED:
        return copy_on_write.fill(m)
    return unlock_log_track_to_copy


@box(DiskAdapter, "252", "Fig. 9")
def unlock_log_track_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Unlock the track; nobody else knows it yet."""
    let_log_track_go(m, me, me.fresh)
    return copy_on_write.fill(m)
