"""Remove (Fig. 14): bits, map bits and log tracks of a virtual device, then its session number."""

from __future__ import annotations

from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import BackAtOnce, Held, Lock384, Removal, RemovalList, RemovalReady, RemovalTables, SessionRelease
from ..box import DONE, WAIT, Next, box
from ..errors import NotEstablished
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..tables import NONE, STANDARD, VirtualTable
from .holding import enter, let_device_go, let_log_track_go, raise_flag
from .log_tracks import LOG_TRACKS, obtains_free_track
from .pair_lists import held_with


def target(m: Memory, me: HostAdapter) -> VirtualTable:
    """The device being removed."""
    return m.tables.virtual[me.command.virtual]


def established(m: Memory, me: HostAdapter) -> bool:
    """Is there something to remove?"""
    return target(m, me).state in (VirtualState.RELATED, VirtualState.ACTIVE, VirtualState.DEACTIVATED)


def give_session_back(m: Memory, device: VirtualTable) -> None:
    """The number is free for the next Register."""
    header = m.tables.standard[device.standard]
    header.session_bytes[device.session], header.bound[device.session] = SessionByte.FREE, NONE


@box(HostAdapter, "371a", "Fig. 14 (silent)", begins=Word.REMOVE)
def take_off_list(m: Memory, me: HostAdapter) -> Next:
    """Off the lists, unless one of them is being activated."""
    if not established(m, me):
        return refuse_removal
    if m.build.removal_list != RemovalList.LEFT:
        if held_with(m, me.command.virtual):
            return WAIT
        m.tables.lists[:] = [[v for v in pairs if v != me.command.virtual] for pairs in m.tables.lists]
    return exclude_to_remove if m.build.removal_session == Removal.EXCLUSIVE else stop_session


@box(HostAdapter, "371b", "Fig. 14 (silent)")
def exclude_to_remove(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device."""
    if not established(m, me):
        return refuse_removal
    if m.build.removal_list == RemovalList.TAKEN_OFF and any(me.command.virtual in pairs for pairs in m.tables.lists):
        return take_off_list
    if m.build.lock_371 == Held.HELD and m.locks.virtual[me.command.virtual] != NOBODY:
        return WAIT
    return drain_to_remove if raise_flag(m, me, target(m, me).standard) else WAIT


@box(HostAdapter, "371b drain", "Fig. 14 (silent)")
def drain_to_remove(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return stop_session if enter(m, me, target(m, me).standard) else WAIT


@box(HostAdapter, "371c", "Fig. 14 (not ready first)")
def stop_session(m: Memory, me: HostAdapter) -> Next:
    """Not ready, session inactive; end of exclusive access."""
    if not established(m, me):
        return refuse_removal
    device = target(m, me)
    device.state = VirtualState.REMOVING
    if m.build.removal_ready == RemovalReady.NOT_READY_FIRST:
        device.ready = False
    if m.build.removal_session != Removal.UNCHANGED:
        m.tables.standard[device.standard].session_bytes[device.session] = SessionByte.INACTIVE
    let_device_go(m, me, device.standard)
    if m.build.session_release == SessionRelease.AT_START:
        give_session_back(m, device)
    return first_track


@box(HostAdapter, "372", "Fig. 14", local=True)
def first_track(m: Memory, me: HostAdapter) -> Next:
    """The first track."""
    me.due_track = 0
    return test_entry_to_remove


@box(HostAdapter, "374", "Fig. 14")
def test_entry_to_remove(m: Memory, me: HostAdapter) -> Next:
    """Where does the entry point?"""
    me.entry = target(m, me).pointers[me.due_track]
    return clear_bit_of_removed if me.entry == STANDARD else clear_map_bit


@box(HostAdapter, "376", "Fig. 14")
def clear_bit_of_removed(m: Memory, me: HostAdapter) -> Next:
    """The protection bit of the standard track."""
    device = target(m, me)
    m.tables.standard[device.standard].protection[me.due_track] &= ~(1 << device.session)
    return next_track


@box(HostAdapter, "378", "Fig. 14", local=True)
def next_track(m: Memory, me: HostAdapter) -> Next:
    """The next track; the entry of this one is dealt with."""
    me.entry = STANDARD
    me.due_track += 1
    return more_tracks


@box(HostAdapter, "382", "Fig. 14", local=True)
def more_tracks(m: Memory, me: HostAdapter) -> Next:
    """Another track?"""
    return test_entry_to_remove if me.due_track < m.geometry.tracks else finish_removal


@box(HostAdapter, "384", "Figs. 9 (234), 14")
def clear_map_bit(m: Memory, me: HostAdapter) -> Next:
    """Hold the log track, see that the entry still points to it, clear the map bit."""
    device = target(m, me)
    if m.build.lock_384 != Lock384.NONE:
        if m.locks.log[me.entry] != NOBODY:
            return next_track if m.build.lock_384 == Lock384.SKIPPED else WAIT
        if device.pointers[me.due_track] != me.entry:
            me.entry = STANDARD
            return test_entry_to_remove
        m.locks.log[me.entry] = me.number
    m.tables.log.map_words[me.entry] &= ~(1 << device.session)
    if m.build.removal_tables == RemovalTables.DISCARDED:
        device.pointers[me.due_track] = STANDARD
    return test_last_map_bit


@box(HostAdapter, "386", "Fig. 14")
def test_last_map_bit(m: Memory, me: HostAdapter) -> Next:
    """Was it the last one?"""
    if m.tables.log.map_words[me.entry] == 0 or m.build.removal_return == BackAtOnce.AT_ONCE:
        return return_log_track
    let_log_track_go(m, me, me.entry)
    return next_track


@box(HostAdapter, "388", "Fig. 14", local=True)
def return_log_track(m: Memory, me: HostAdapter) -> Next:
    """Return the log track (Fig. 9)."""
    return LOG_TRACKS.call(obtains_free_track, done=next_track)


@box(HostAdapter, "382 end", "Figs. 14, 15A (silent)")
def finish_removal(m: Memory, me: HostAdapter) -> Next:
    """The virtual device is unused, the session number free."""
    if m.build.lock_404 == Held.HELD and m.locks.session != NOBODY:
        return WAIT
    device = target(m, me)
    if m.build.session_release == SessionRelease.AT_END:
        give_session_back(m, device)
    elif m.build.session_release == SessionRelease.NEVER:
        m.tables.standard[device.standard].bound[device.session] = NONE
    device.state, device.ready, device.standard, device.session = VirtualState.UNUSED, False, 0, 0
    device.read_only = False
    return DONE


@box(HostAdapter, "370 error", "Fig. 14", local=True, refuses=NotEstablished)
def refuse_removal(m: Memory, me: HostAdapter) -> Next:
    """Nothing to remove."""
    vdev = Device("V", me.command.virtual)
    me.refuse(NotEstablished(f"remove {vdev}", "the virtual device is neither related nor active, or is being removed.",
                             "Look at the states with `snapproof engine show`."))
    return DONE
