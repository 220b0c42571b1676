"""Reading through a virtual device: data (Fig. 10) and the table entry of a track (Fig. 6)."""

from __future__ import annotations

from ...vocabulary.restore_values import Follows
from ...vocabulary.states import Word
from ...vocabulary.switch_values import ReadUnsaved, Slot
from ..box import DONE, WAIT, Next, box
from ..errors import NotReady
from ..extra_bytes import back_device, back_track, is_assigned
from ..geometry import Device
from ..memory import HostAdapter, Memory
from ..slots import LOG
from ..tables import STANDARD
from .deactivation import refuse_saved_track
from .holding import entry_moved, let_slot_go, slot_free, take_slot
from .indirect import COPY_BACK, accessed, copied_before_reading, home_for_devices, lock_source


def not_ready(m: Memory, me: HostAdapter) -> NotReady:
    """The error of any access to a virtual device that is not ready for it."""
    device = m.tables.virtual[me.command.device.number]
    if device.ready and device.read_only:
        return NotReady(f"{me.command.device}", "the virtual device is deactivated, and ready for reads only.", "Write another one.")
    return NotReady(f"{me.command.device}", "the virtual device is not ready.", "Take a snapshot with it first.")


def look(m: Memory, me: HostAdapter, writes: bool = False) -> bool:
    """Remember what the entry points to; False when the device is not ready for this."""
    device = m.tables.virtual[me.command.device.number]
    ready = device.ready and not (writes and device.read_only)
    if ready:
        me.entry = device.pointers[me.command.track]
    return ready


def not_saved(m: Memory, me: HostAdapter) -> bool:
    """Ready for reads only, and the track is not on the log device?"""
    device = m.tables.virtual[me.command.device.number]
    return device.read_only and device.pointers[me.command.track] == STANDARD


def lock_and_look_again(m: Memory, me: HostAdapter, again: Next, standard: Next, log: Next, refused: bool = False) -> Next:
    """Lock the slot and read the entry again (Fig. 6, note); start anew when it is another one, or to be refused."""
    vdev, track = me.command.device.number, me.command.track
    if m.build.lock_282 != Slot.NONE:
        if not slot_free(m, me, vdev, track):
            return WAIT
        if m.build.lock_282 == Slot.REREAD and (refused or entry_moved(m, me, vdev, track)):
            me.entry = STANDARD
            return again
        take_slot(m, me, vdev, track)
    return standard if me.entry == STANDARD else log


@box(HostAdapter, "282", "Fig. 10")
def test_entry_to_read(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    if not look(m, me):
        return refuse_virtual_read
    return refuse_saved_track if m.build.read_unsaved != ReadUnsaved.STANDARD and not_saved(m, me) else lock_slot_to_read


@box(HostAdapter, "282 lock", "Fig. 6 (note)")
def lock_slot_to_read(m: Memory, me: HostAdapter) -> Next:
    """Lock the slot, and see that the entry still points there."""
    refused = m.build.read_unsaved == ReadUnsaved.REFUSED and not_saved(m, me)
    found = lock_and_look_again(m, me, test_entry_to_read, read_from_standard, read_from_log, refused)
    if found is read_from_standard and m.build.follows == Follows.ALL:
        if copied_before_reading(m, accessed(m, me), me.command.track):
            return COPY_BACK.call(lock_source, done=read_from_standard)
    return found


@box(HostAdapter, "284", "Fig. 10")
def read_from_standard(m: Memory, me: HostAdapter) -> Next:
    """Read from the standard device."""
    c = me.command
    me.answer(m.slots.read(*home_for_devices(m, accessed(m, me), c.track), c.block, c.count))
    let_slot_go(m, me)
    return DONE


@box(HostAdapter, "286", "Fig. 10")
def read_from_log(m: Memory, me: HostAdapter) -> Next:
    """Read from the log device."""
    me.answer(m.slots.read(LOG, me.entry, me.command.block, me.command.count))
    let_slot_go(m, me)
    return DONE


@box(HostAdapter, "error", "Fig. 10", local=True, refuses=NotReady)
def refuse_virtual_read(m: Memory, me: HostAdapter) -> Next:
    """Not ready."""
    me.refuse(not_ready(m, me))
    return DONE


# --- the table entry -----------------------------------------------------------------------------------------


@box(HostAdapter, "142", "Fig. 6", begins=Word.LOOK_UP)
def test_entry_of_interest(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    return lock_track_of_interest if look(m, me) else refuse_virtual_read


@box(HostAdapter, "142 lock", "Fig. 6 (note)")
def lock_track_of_interest(m: Memory, me: HostAdapter) -> Next:
    """Lock the slot, and see that the entry still points there."""
    return lock_and_look_again(m, me, test_entry_of_interest, read_standard_entry, read_log_entry)


@box(HostAdapter, "148", "Fig. 6")
def read_standard_entry(m: Memory, me: HostAdapter) -> Next:
    """The entry of the standard track: its protection word."""
    std = m.tables.virtual[me.command.device.number].standard
    word = m.tables.standard[std].protection[me.command.track]
    me.answer({"points to": str(Device("S", std)), "track": me.command.track, "protection bits": word})
    let_slot_go(m, me)
    return DONE


@box(HostAdapter, "158", "Fig. 6")
def read_log_entry(m: Memory, me: HostAdapter) -> Next:
    """The entry of the log track: its map word and back pointer."""
    log = m.tables.log
    extra = log.extra[me.entry]
    back = f"{Device('S', back_device(extra))} track {back_track(extra)}" if is_assigned(extra) else "none"
    me.answer({"points to": str(LOG), "track": me.entry, "map bits": log.map_words[me.entry], "back pointer": back})
    let_slot_go(m, me)
    return DONE
