"""Writing a virtual device (Fig. 13), whole tracks and parts of them; the host adapter executes every box."""

from __future__ import annotations

from ...vocabulary.states import VirtualState
from ...vocabulary.switch_values import Bit352, EmptyMap, FullTrack, Label, MovePointers, NewTrack, SharedTest, Slot
from ..box import DONE, WAIT, Next, box
from ..errors import NoLogTrack, NotReady
from ..memory import HostAdapter, Memory
from ..slots import LOG
from ..tables import NONE, STANDARD, VirtualTable
from .holding import entry_moved_for_write, let_log_track_go, let_slot_go, let_track_go, slot_free, take_slot
from .indirect import home_for_devices
from .log_tracks import LOG_TRACKS, obtain_log_track, obtains_free_track
from .pool_tables import label
from .standard import no_log_track as no_log_track_error
from .virtual_read import look, not_ready


def target(m: Memory, me: HostAdapter) -> VirtualTable:
    """The device being written."""
    return m.tables.virtual[me.command.device.number]


def store_virtual(m: Memory, me: HostAdapter, log: int) -> None:
    """The command's data, to its blocks of the slot of a log track."""
    m.slots.write(LOG, log, me.command.block, me.command.data)


@box(HostAdapter, "342", "Fig. 13")
def test_entry_to_write(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    return lock_slot_to_write if look(m, me, writes=True) else refuse_virtual_write


@box(HostAdapter, "342 lock", "Figs. 6 (note), 7, 13")
def lock_slot_to_write(m: Memory, me: HostAdapter) -> Next:
    """Lock the slot, and see that the entry still points there."""
    vdev, track = me.command.device.number, me.command.track
    if m.build.lock_342 != Slot.NONE:
        if not slot_free(m, me, vdev, track):
            return WAIT
        if m.build.lock_342 == Slot.REREAD and entry_moved_for_write(m, me, vdev, track):
            me.entry = STANDARD
            return test_entry_to_write
        take_slot(m, me, vdev, track)
    return obtain_track_for_standard if me.entry == STANDARD else test_shared


# --- the entry points to the standard device -------------------------------------------------------------------


@box(HostAdapter, "344", "Fig. 13", local=True)
def obtain_track_for_standard(m: Memory, me: HostAdapter) -> Next:
    """Obtain a free log track (Fig. 9)."""
    me.keeps = m.build.new_track == NewTrack.KEPT
    return LOG_TRACKS.call(obtain_log_track, done=test_whole_track, none=no_log_track)


@box(HostAdapter, "346 test", "Fig. 13 (silent)", local=True)
def test_whole_track(m: Memory, me: HostAdapter) -> Next:
    """Is there anything to copy?"""
    skipped = m.build.step_346 == FullTrack.SKIPPED and me.command.whole_track
    return label_new_track if skipped else copy_standard_track


@box(HostAdapter, "346", "Fig. 13")
def copy_standard_track(m: Memory, me: HostAdapter) -> Next:
    """Copy the standard track to the new log track."""
    m.slots.copy(home_for_devices(m, target(m, me).standard, me.command.track), (LOG, me.fresh))
    return label_new_track


@box(HostAdapter, "346 label", "Fig. 13 (silent)")
def label_new_track(m: Memory, me: HostAdapter) -> Next:
    """Map word and back pointer of the new log track."""
    device, build = target(m, me), m.build.label_344
    if build in (Label.BOTH, Label.NO_MAP_BITS):
        word = 1 << device.session if build == Label.BOTH else m.tables.log.map_words[me.fresh]
        label(m, me.fresh, word, device.standard, me.command.track)
    elif build == Label.NO_BACK_POINTER:
        m.tables.log.map_words[me.fresh] = 1 << device.session
    return clear_own_bit if m.build.step_352 == Bit352.BEFORE_348 else point_to_new_track


@box(HostAdapter, "348", "Fig. 13")
def point_to_new_track(m: Memory, me: HostAdapter) -> Next:
    """The entry points to the new log track."""
    target(m, me).pointers[me.command.track] = me.fresh
    return write_new_track if m.build.step_352 == Bit352.BEFORE_348 else clear_own_bit


@box(HostAdapter, "352", "Fig. 13")
def clear_own_bit(m: Memory, me: HostAdapter) -> Next:
    """The standard track need not be saved for this device any more."""
    device, track = target(m, me), me.command.track
    m.tables.standard[device.standard].protection[track] &= ~(1 << device.session)
    if m.build.step_352 == Bit352.BEFORE_348:
        let_track_go(m, me, device.standard, track)
        return point_to_new_track
    return write_new_track


@box(HostAdapter, "354", "Fig. 13")
def write_new_track(m: Memory, me: HostAdapter) -> Next:
    """Write to the new log track, and let everything go."""
    store_virtual(m, me, me.fresh)
    let_slot_go(m, me)
    return DONE


# --- the entry points to the log device ------------------------------------------------------------------------


@box(HostAdapter, "356", "Fig. 13")
def test_shared(m: Memory, me: HostAdapter) -> Next:
    """Do others use the log track?"""
    users = m.tables.log.map_words[me.entry].bit_count()
    if m.build.step_356 == SharedTest.ESTABLISHED:
        std = target(m, me).standard
        counted = (VirtualState.ACTIVE, VirtualState.REMOVING)
        users = sum(v.state in counted and v.standard == std for v in m.tables.virtual)
    return obtain_track_for_log if users > 1 else write_in_place


@box(HostAdapter, "358", "Fig. 13")
def write_in_place(m: Memory, me: HostAdapter) -> Next:
    """Write to the log track."""
    store_virtual(m, me, me.entry)
    let_slot_go(m, me)
    return DONE


@box(HostAdapter, "362", "Fig. 13", local=True)
def obtain_track_for_log(m: Memory, me: HostAdapter) -> Next:
    """Obtain a free log track (Fig. 9)."""
    me.keeps = m.build.new_track == NewTrack.KEPT
    return LOG_TRACKS.call(obtain_log_track, done=copy_log_track, none=no_log_track)


@box(HostAdapter, "364", "Fig. 13")
def copy_log_track(m: Memory, me: HostAdapter) -> Next:
    """Copy the shared log track to the new one."""
    m.slots.copy((LOG, me.entry), (LOG, me.fresh))
    return adjust_pointers


def next_other(m: Memory, me: HostAdapter) -> VirtualTable | None:
    """The next other virtual device that still points to the shared track."""
    word = m.tables.log.map_words[me.entry]
    for k, vdev in enumerate(m.tables.standard[target(m, me).standard].bound):
        if word >> k & 1 and vdev not in (NONE, me.command.device.number):
            if m.tables.virtual[vdev].pointers[me.command.track] == me.entry:
                return m.tables.virtual[vdev]
    return None


@box(HostAdapter, "366", "Fig. 13")
def adjust_pointers(m: Memory, me: HostAdapter) -> Next:
    """Point this device to the new track, or all others, one after another."""
    if m.build.step_366 == MovePointers.WRITER:
        target(m, me).pointers[me.command.track] = me.fresh
        return modify_map_bits
    other = next_other(m, me)
    if other is not None:
        other.pointers[me.command.track] = me.fresh
    return modify_map_bits if next_other(m, me) is None else adjust_pointers


@box(HostAdapter, "368", "Fig. 13")
def modify_map_bits(m: Memory, me: HostAdapter) -> Next:
    """Map words of both log tracks, and the back pointer of the new one."""
    device, words = target(m, me), m.tables.log.map_words
    mine = 1 << device.session
    others = words[me.entry] & ~mine
    writer = m.build.step_366 == MovePointers.WRITER
    label(m, me.fresh, mine if writer else others, device.standard, me.command.track)
    words[me.entry] = others if writer else mine
    return write_after_split


@box(HostAdapter, "369", "Fig. 13")
def write_after_split(m: Memory, me: HostAdapter) -> Next:
    """Write to this device's track, and let both go; an old track that nobody uses may be returned (Fig. 9)."""
    writer = m.build.step_366 == MovePointers.WRITER
    store_virtual(m, me, me.fresh if writer else me.entry)
    if writer and m.tables.log.map_words[me.entry] == 0 and m.build.empty_map_368 == EmptyMap.FREED:
        let_log_track_go(m, me, me.fresh)
        me.fresh = NONE
        return LOG_TRACKS.call(obtains_free_track, done=DONE)
    let_slot_go(m, me)
    return DONE


# --- errors ------------------------------------------------------------------------------------------------------


@box(HostAdapter, "344 error", "Figs. 4, 13", refuses=NoLogTrack)
def no_log_track(m: Memory, me: HostAdapter) -> Next:
    """No log track: nothing has been changed."""
    me.refuse(no_log_track_error(me))
    let_slot_go(m, me)
    return DONE


@box(HostAdapter, "error", "Fig. 13", local=True, refuses=NotReady)
def refuse_virtual_write(m: Memory, me: HostAdapter) -> Next:
    """Not ready for writes."""
    me.refuse(not_ready(m, me))
    return DONE
