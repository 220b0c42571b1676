"""Fig. 9: manipulating tracks of a log device.

The boxes stand here twice, for host adapters (344, 362, 388) and for disk adapters (306), because a box
leads to boxes of its own kind of process.  What they do to the tables is in `log_pool.py`.

Boxes 232, 236, 244 and 248 only ask what kind of manipulation this is.  Obtaining and returning a track
touches both a track that is or becomes allocated and the free list, so both the track (234) and the list
(238) are locked; which lock is already held by the caller is said where the caller is.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step

from . import copy_on_write, removal, virtual_write
from .encoding import is_virtual
from .locks import release_log_track
from .log_pool import can_grow, forget, give_up_candidate, lock_candidate, put_at_head, take_head, uncreated_track
from .state import ALL_BLOCKS, NOBODY, NONE, STANDARD, Array, DiskAdapter, HostAdapter
from .switch_values import Exhaustion, FullTrack, Held, NewTrack, Step248, YesNo
from .switches import Embodiment

# --- host adapters: obtaining a track (344, 362) and returning one (388) ---------------------------------


@step(HostAdapter, "232", "Fig. 9", local=True)
def obtain_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Obtaining a free track touches more than the free list: its track is to be locked."""
    return lock_log_track


@step(HostAdapter, "234", "Fig. 9")
def lock_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the first free log track."""
    if s.free_head == NONE:
        if can_grow(s, c):
            return grow_log_pool
        return WAIT if c.exhaustion == Exhaustion.WAIT else virtual_write.no_log_track
    if s.log_lock[s.free_head] != NOBODY:
        return WAIT
    lock_candidate(s, ha)
    return obtains_free_track


@step(HostAdapter, "pool", "Fig. 4")
def grow_log_pool(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Create a log track from the pool and put it on the free list."""
    if c.lock_238 == Held.HELD and s.free_list_lock != NOBODY:
        return WAIT
    if can_grow(s, c):
        put_at_head(s, c, uncreated_track(s, c))
    return lock_log_track


@step(HostAdapter, "236", "Fig. 9", local=True)
def obtains_free_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The track is not only allocated but comes from the free list, or goes there: the list is to be locked."""
    return lock_free_list


@step(HostAdapter, "238", "Fig. 9")
def lock_free_list(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the free list; when another process took the chosen track meanwhile, choose again."""
    if c.lock_238 == Held.HELD:
        if s.free_list_lock != NOBODY:
            return WAIT
    if ha.fresh != NONE and s.free_head != ha.fresh and c.recheck_238 == YesNo.YES:
        give_up_candidate(s, ha)
        return lock_log_track
    if c.lock_238 == Held.HELD:
        s.free_list_lock = ha.number
    return modify_free_list


@step(HostAdapter, "242", "Fig. 9")
def modify_free_list(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Take the chosen track out of the free list, or put the track no longer used into it."""
    if ha.fresh != NONE:
        take_head(s, c, ha.fresh)
    else:
        forget(s, c, ha.entry)
        put_at_head(s, c, ha.entry)
    return unlock_free_list


@step(HostAdapter, "246", "Fig. 9")
def unlock_free_list(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Unlock the free list (244: the manipulation involved more than allocated tracks)."""
    if s.free_list_lock == ha.number:
        s.free_list_lock = NOBODY
    return track_still_needed


@step(HostAdapter, "248", "Fig. 9", local=True)
def track_still_needed(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Was more than the free list touched, so that a track is locked?  A writer keeps its new track locked."""
    if ha.fresh != NONE and c.new_track == NewTrack.KEPT:
        return obtained(ha, c)
    return unlock_log_track if c.step_248 == Step248.CORRECTED else leave_figure_9(ha, c)


@step(HostAdapter, "252", "Fig. 9")
def unlock_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Unlock the log track."""
    release_log_track(s, ha, ha.fresh if ha.fresh != NONE else ha.entry)
    return leave_figure_9(ha, c)


def leave_figure_9(ha: HostAdapter, c: Embodiment) -> Next:
    """The box after the manipulation."""
    if ha.fresh != NONE:
        return obtained(ha, c)
    if is_virtual(c, ha.device):
        return DONE
    ha.entry = STANDARD
    return removal.next_track


def obtained(ha: HostAdapter, c: Embodiment) -> Next:
    """The box after 344 (the entry pointed to the standard track) or 362 (to a log track)."""
    if ha.entry != STANDARD:
        return virtual_write.copy_log_track
    if c.step_346 == FullTrack.SKIPPED and ha.block == ALL_BLOCKS:
        return virtual_write.label_new_track
    return virtual_write.copy_standard_track


# --- disk adapters: obtaining a track (306) ----------------------------------------------------------------


@step(DiskAdapter, "234", "Fig. 9")
def lock_log_track_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Lock the first free log track."""
    if s.free_head == NONE:
        if can_grow(s, c):
            return grow_log_pool_to_copy
        return WAIT if c.exhaustion == Exhaustion.WAIT else copy_on_write.refuse_request
    if s.log_lock[s.free_head] != NOBODY:
        return WAIT
    lock_candidate(s, da)
    return lock_free_list_to_copy


@step(DiskAdapter, "pool", "Fig. 4")
def grow_log_pool_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Create a log track from the pool and put it on the free list."""
    if c.lock_238 == Held.HELD and s.free_list_lock != NOBODY:
        return WAIT
    if can_grow(s, c):
        put_at_head(s, c, uncreated_track(s, c))
    return lock_log_track_to_copy


@step(DiskAdapter, "238", "Fig. 9")
def lock_free_list_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Lock the free list; when another process took the chosen track meanwhile, choose again."""
    if c.lock_238 == Held.HELD:
        if s.free_list_lock != NOBODY:
            return WAIT
    if s.free_head != da.fresh and c.recheck_238 == YesNo.YES:
        give_up_candidate(s, da)
        return lock_log_track_to_copy
    if c.lock_238 == Held.HELD:
        s.free_list_lock = da.number
    return modify_free_list_to_copy


@step(DiskAdapter, "242", "Fig. 9")
def modify_free_list_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Take the chosen track out of the free list."""
    take_head(s, c, da.fresh)
    return unlock_free_list_to_copy


@step(DiskAdapter, "246", "Fig. 9")
def unlock_free_list_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Unlock the free list."""
    if s.free_list_lock == da.number:
        s.free_list_lock = NOBODY
    return track_is_locked_to_copy


@step(DiskAdapter, "248", "Fig. 9", local=True)
def track_is_locked_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Was more than the free list touched, so that a track is locked?  Some embodiments keep it until 318."""
    if c.lock_306 == NewTrack.KEPT:
        return copy_on_write.fill_log_track(da, c)
    return unlock_log_track_to_copy if c.step_248 == Step248.CORRECTED else copy_on_write.fill_log_track(da, c)


@step(DiskAdapter, "252", "Fig. 9")
def unlock_log_track_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> Next:
    """Unlock the log track; nobody else knows it yet."""
    release_log_track(s, da, da.fresh)
    return copy_on_write.fill_log_track(da, c)
