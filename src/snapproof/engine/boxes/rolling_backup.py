"""A rolling backup in a host's own memory: sets of saved tracks, and the way back through them (Figs. 29, 30)."""

from __future__ import annotations

from ...vocabulary.restore_values import Step782
from ...vocabulary.states import VirtualState, Word
from ..box import DONE, WAIT, Next, box
from ..errors import NotKept
from ..geometry import BLOCKS, Device
from ..memory import NOBODY, HostAdapter, Memory
from ..slots import LOG
from ..tables import STANDARD
from .holding import track_free
from .indirect import home_for_devices

AT_WORK = ("save_track", "start_with_image", "point_to_most_recent", "apply_saved_tracks", "return_image")
"""A host works with the backup at these boxes."""


def in_use(m: Memory, me: HostAdapter) -> bool:
    """Another host does?"""
    return any(host is not me and host.at.name in AT_WORK for host in m.hosts)


@box(HostAdapter, "766 test", "Fig. 29", begins=Word.SAVE)
def test_to_save(m: Memory, me: HostAdapter) -> Next:
    """Deactivated, and room for a set?"""
    if in_use(m, me):
        return WAIT
    deactivated = m.tables.virtual[me.command.virtual].state == VirtualState.DEACTIVATED
    return save_track if deactivated and m.backup.kept < m.backup.room else refuse_backup


@box(HostAdapter, "766", "Fig. 29")
def save_track(m: Memory, me: HostAdapter) -> Next:
    """The next track, if it was saved; behind the last one the set is there."""
    device, t = m.tables.virtual[me.command.virtual], me.due_track
    if device.state != VirtualState.DEACTIVATED:
        return refuse_backup
    entry = device.pointers[t]
    if entry != STANDARD and m.locks.log[entry] != NOBODY:
        return WAIT
    m.backup.saved[m.backup.kept][t] = None if entry == STANDARD else m.slots.read(LOG, entry, 0, BLOCKS)
    me.due_track += 1
    if me.due_track < m.geometry.tracks:
        return save_track
    m.backup.kept += 1
    return DONE


@box(HostAdapter, "782 test", "Fig. 30", begins=Word.ROLL_BACK)
def test_to_roll_back(m: Memory, me: HostAdapter) -> Next:
    """A set that old, and an active device?"""
    if in_use(m, me):
        return WAIT
    active = m.tables.virtual[me.command.virtual].state == VirtualState.ACTIVE
    return start_with_image if me.command.goal < m.backup.kept and active else refuse_backup


@box(HostAdapter, "782", "Fig. 30")
def start_with_image(m: Memory, me: HostAdapter) -> Next:
    """The next track of the current image."""
    device, t = m.tables.virtual[me.command.virtual], me.due_track
    if device.state != VirtualState.ACTIVE:
        return refuse_backup
    entry = device.pointers[t] if m.build.step_782 == Step782.NEWEST else STANDARD
    free = track_free(m, me, device.standard, t) if entry == STANDARD else m.locks.log[entry] == NOBODY
    if not free or m.locks.virtual[me.command.virtual] != NOBODY:
        return WAIT
    where, track = home_for_devices(m, device.standard, t) if entry == STANDARD else (LOG, entry)
    m.backup.rolled[t] = m.slots.read(where, track, 0, BLOCKS)
    me.due_track += 1
    return start_with_image if me.due_track < m.geometry.tracks else point_to_most_recent


@box(HostAdapter, "784", "Fig. 30")
def point_to_most_recent(m: Memory, me: HostAdapter) -> Next:
    """The set that was saved last."""
    me.set_place = m.backup.kept
    return apply_saved_tracks


@box(HostAdapter, "786", "Fig. 30")
def apply_saved_tracks(m: Memory, me: HostAdapter) -> Next:
    """Its tracks, onto the image."""
    for t, data in enumerate(m.backup.saved[me.set_place - 1]):
        if data is not None:
            m.backup.rolled[t] = data
    return next_most_recent


@box(HostAdapter, "788", "Fig. 30", local=True)
def next_most_recent(m: Memory, me: HostAdapter) -> Next:
    """The one before."""
    me.set_place -= 1
    return test_time


@box(HostAdapter, "792", "Fig. 30", local=True)
def test_time(m: Memory, me: HostAdapter) -> Next:
    """Old enough?"""
    return return_image if me.set_place == me.command.goal else apply_saved_tracks


@box(HostAdapter, "792 image", "Fig. 30")
def return_image(m: Memory, me: HostAdapter) -> Next:
    """The image, whose room is free again."""
    me.answer(list(m.backup.rolled))
    m.backup.forget_image()
    return DONE


@box(HostAdapter, "766 error", "Figs. 29, 30 (silent)", local=True, refuses=NotKept)
def refuse_backup(m: Memory, me: HostAdapter) -> Next:
    """Nothing to keep, no room, no such set, or no device to begin with."""
    me.refuse(NotKept(f"rolling backup, {Device('V', me.command.virtual)}",
                      "it is not deactivated, or not active to go back from, or there is no room, or no set that old.",
                      "Save deactivated devices, as many as there is room for; go back from the newest active one to a set that is kept."))
    return DONE
