"""Writing a virtual device (Fig. 13), whole tracks and parts of tracks.

The figure's boxes belong to host and disk adapter together; here the host adapter executes them all.  It
holds what the entry points to (the standard track, or the log track) from before 344 or 356 until the write
is executed, and the new log track from 234 on: an entry is only changed by whoever holds what it points to.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, count, has, step, with_bit, without_bit
from snapproof.vocabulary.states import VirtualState
from snapproof.vocabulary.switch_values import Bit352, EmptyMap, FullTrack, Label, MovePointers, NewTrack, SharedTest, Slot

from .encoding import Copied, Written, virtual_device
from .indirect_tracks import contents_for_devices
from .locks import entry_changed_for_write, lock_slot, release_log_track, release_slot, release_track, slot_available
from .log_pool import label
from .log_tracks import LOG_TRACKS, obtain_log_track, obtains_free_track
from .parts import (
    ASKS_READY,
    ENDS,
    LOCKS,
    MOVES,
    NEW_TRACK,
    NOT_READY,
    ON_TRACK,
    REFUSES,
    TESTS,
    WORKS,
    WRITES_VIRTUAL,
)
from .sets import Block, Session, VirtualDevice
from .state import ALL_BLOCKS, NONE, STANDARD, Array, HostAdapter
from .switches import Embodiment
from .virtual_read import show_image


def target(c: Embodiment, ha: HostAdapter) -> int:
    """The virtual device that the command writes."""
    return virtual_device(c, ha.device)


def store_virtual(s: Array, c: Embodiment, ha: HostAdapter, log: int) -> None:
    """Write the command's block, or all of them, to a log track; the image shows it from now on.

    One transfer to one slot, as on a standard device.
    """
    vdev = virtual_device(c, ha.device)
    for b in c.each(Block):
        if ha.block == ALL_BLOCKS or ha.block == b:
            s.log_data[log, b] = ha.value
            s.log_origin[log, b] = Written(virtual=vdev, track=ha.track)
            show_image(s, c, vdev, ha.track, b, ha.value)


def established(s: Array, c: Embodiment, std: int) -> int:
    """How many virtual devices have been established to a standard device; one being removed, or deactivated, still counts."""
    total = 0
    for v in c.each(VirtualDevice):
        if s.std_of[v] == std and s.vdev_state[v] in (VirtualState.ACTIVE, VirtualState.REMOVING, VirtualState.DEACTIVATED):
            total = total + 1
    return total


@step(HostAdapter, "342", "Fig. 13", TESTS, ASKS_READY, NOT_READY)
def test_entry_to_write(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does the virtual device point to the standard device?"""
    vdev = target(c, ha)
    if not s.ready[vdev] or s.read_only[vdev]:
        return refuse_virtual_write
    ha.entry = s.pointer[vdev, ha.track]
    return lock_slot_to_write


@step(HostAdapter, "342 lock", "Figs. 6 (note), 7, 13", LOCKS, NOT_READY)
def lock_slot_to_write(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the slot and read the entry again; start anew when it has changed."""
    vdev = target(c, ha)
    if c.lock_342 != Slot.NONE:
        if not slot_available(s, c, ha, vdev, ha.track):
            return WAIT
        if c.lock_342 == Slot.REREAD and entry_changed_for_write(s, ha, vdev, ha.track):
            ha.entry = STANDARD
            return test_entry_to_write
        lock_slot(s, ha, vdev, ha.track)
    return obtain_track_for_standard if ha.entry == STANDARD else test_shared


# --- the entry points to the standard device ---------------------------------------------------------------


@step(HostAdapter, "344", "Fig. 13", TESTS, ON_TRACK, local=True)
def obtain_track_for_standard(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Obtain a free log track (Fig. 9)."""
    ha.keeps = c.new_track == NewTrack.KEPT
    return LOG_TRACKS.call(obtain_log_track, done=test_whole_track, none=no_log_track)


@step(HostAdapter, "346 test", "Fig. 13 (silent)", TESTS, ON_TRACK, NEW_TRACK, local=True)
def test_whole_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the whole track written, so that what it replaces need not be copied?"""
    return label_new_track if c.step_346 == FullTrack.SKIPPED and ha.block == ALL_BLOCKS else copy_standard_track


@step(HostAdapter, "346", "Fig. 13", WORKS, MOVES, ON_TRACK, NEW_TRACK)
def copy_standard_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Copy the data of the standard track to the new log track.

    All blocks move in one transition, also where lock_342 is off: a simplification (docs/findings.md).
    """
    std = s.std_of[target(c, ha)]
    for b in c.each(Block):
        s.log_data[ha.fresh, b] = contents_for_devices(s, c, std, ha.track, b)
        s.log_origin[ha.fresh, b] = Copied(standard=std, track=ha.track)
    return label_new_track


@step(HostAdapter, "346 label", "Fig. 13 (silent)", WORKS, ON_TRACK, NEW_TRACK)
def label_new_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Set the map bit and the back pointer of the new log track, as 312 and 314 do."""
    vdev = target(c, ha)
    if c.label_344 == Label.BOTH:
        label(s, ha.fresh, with_bit(0, s.session_of[vdev]), s.std_of[vdev], ha.track)
    elif c.label_344 == Label.NO_BACK_POINTER:
        s.map_bits[ha.fresh] = with_bit(0, s.session_of[vdev])
    elif c.label_344 == Label.NO_MAP_BITS:
        label(s, ha.fresh, s.map_bits[ha.fresh], s.std_of[vdev], ha.track)
    return clear_own_bit if c.step_352 == Bit352.BEFORE_348 else point_to_new_track


@step(HostAdapter, "348", "Fig. 13", WORKS, MOVES, ON_TRACK, NEW_TRACK)
def point_to_new_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the entry of the virtual device point to the new log track."""
    s.pointer[target(c, ha), ha.track] = ha.fresh
    return write_new_track if c.step_352 == Bit352.BEFORE_348 else clear_own_bit


@step(HostAdapter, "352", "Fig. 13", WORKS, ON_TRACK, NEW_TRACK)
def clear_own_bit(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Clear the protection bit of the virtual device on the standard track."""
    vdev = target(c, ha)
    std = s.std_of[vdev]
    s.protection[std, ha.track] = without_bit(s.protection[std, ha.track], s.session_of[vdev])
    if c.step_352 == Bit352.BEFORE_348:
        release_track(s, ha, std, ha.track)
        return point_to_new_track
    return write_new_track


@step(HostAdapter, "354", "Fig. 13", WRITES_VIRTUAL, ENDS, MOVES, ON_TRACK, NEW_TRACK)
def write_new_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write the track, or the part of it, to the new log track, and let everything go."""
    store_virtual(s, c, ha, ha.fresh)
    release_slot(s, c, ha)
    return DONE


# --- the entry points to the log device ----------------------------------------------------------------------


@step(HostAdapter, "356", "Fig. 13", TESTS, ON_TRACK)
def test_shared(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Do more virtual devices than this one use the log track?"""
    users = count(s.map_bits[ha.entry])
    if c.step_356 == SharedTest.ESTABLISHED:
        users = established(s, c, s.std_of[target(c, ha)])
    return obtain_track_for_log if users > 1 else write_in_place


@step(HostAdapter, "358", "Fig. 13", WRITES_VIRTUAL, ENDS, MOVES, ON_TRACK)
def write_in_place(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write to the log track and let it go."""
    store_virtual(s, c, ha, ha.entry)
    release_slot(s, c, ha)
    return DONE


@step(HostAdapter, "362", "Fig. 13", TESTS, ON_TRACK, local=True)
def obtain_track_for_log(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Obtain a free log track (Fig. 9)."""
    ha.keeps = c.new_track == NewTrack.KEPT
    return LOG_TRACKS.call(obtain_log_track, done=copy_log_track, none=no_log_track)


@step(HostAdapter, "364", "Fig. 13", WORKS, MOVES, ON_TRACK, NEW_TRACK)
def copy_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Copy the data of the shared log track to the new one, in one transition as at 346."""
    for b in c.each(Block):
        s.log_data[ha.fresh, b] = s.log_data[ha.entry, b]
        s.log_origin[ha.fresh, b] = s.log_origin[ha.entry, b]
    return adjust_pointers


def next_other(s: Array, c: Embodiment, ha: HostAdapter) -> int:
    """The first other virtual device of the map that still points to the shared track (-1: none)."""
    vdev = target(c, ha)
    for k in c.each(Session):
        other = s.bound[s.std_of[vdev], k]
        if has(s.map_bits[ha.entry], k) and other != NONE and other != vdev:
            if s.pointer[other, ha.track] == ha.entry:
                return other
    return NONE


@step(HostAdapter, "366", "Fig. 13", WORKS, MOVES, ON_TRACK, NEW_TRACK)
def adjust_pointers(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Move the pointer of the device being written to the new track, or those of all others, one by one."""
    if c.step_366 == MovePointers.WRITER:
        s.pointer[target(c, ha), ha.track] = ha.fresh
        return modify_map_bits
    other = next_other(s, c, ha)
    if other == NONE:
        return modify_map_bits
    s.pointer[other, ha.track] = ha.fresh
    return modify_map_bits if next_other(s, c, ha) == NONE else adjust_pointers


@step(HostAdapter, "368", "Fig. 13", WORKS, ON_TRACK, NEW_TRACK)
def modify_map_bits(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Set the map bits of both log tracks, and the back pointer of the new one."""
    vdev = target(c, ha)
    k = s.session_of[vdev]
    rest = without_bit(s.map_bits[ha.entry], k)
    if c.step_366 == MovePointers.WRITER:
        label(s, ha.fresh, with_bit(0, k), s.std_of[vdev], ha.track)
        s.map_bits[ha.entry] = rest
    else:
        label(s, ha.fresh, rest, s.std_of[vdev], ha.track)
        s.map_bits[ha.entry] = with_bit(0, k)
    return write_after_split


@step(HostAdapter, "369", "Fig. 13", WRITES_VIRTUAL, ENDS, MOVES, ON_TRACK, NEW_TRACK)
def write_after_split(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write to the log track that the device now points to, and let both tracks go.

    A shared track that nobody uses any more stays in this process's hands and is returned (Fig. 9).
    """
    mine = ha.fresh if c.step_366 == MovePointers.WRITER else ha.entry
    store_virtual(s, c, ha, mine)
    unused = s.map_bits[ha.entry] == 0 and c.step_366 == MovePointers.WRITER
    if unused and c.empty_map_368 == EmptyMap.FREED:
        release_log_track(s, ha, ha.fresh)
        ha.fresh = NONE
        return LOG_TRACKS.call(obtains_free_track, done=DONE)
    release_slot(s, c, ha)
    return DONE


# --- errors --------------------------------------------------------------------------------------------------


@step(HostAdapter, "344 error", "Figs. 4, 13", REFUSES, ENDS, ON_TRACK)
def no_log_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """No log track is free and none can be created: the write ends with an error and has changed nothing."""
    release_slot(s, c, ha)
    return DONE


@step(HostAdapter, "error", "Fig. 13", REFUSES, ENDS, local=True)
def refuse_virtual_write(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device is not ready for writes: the write ends with an error."""
    return DONE
