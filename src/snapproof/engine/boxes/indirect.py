"""Indirect tracks of a standard device (Fig. 20B): where their data is, and copying it back when they are accessed, or before."""

from __future__ import annotations

from ...vocabulary.restore_values import Follows, MigratedSession, ReadIndirect, WriteIndirect
from ...vocabulary.states import SessionByte, Word
from ...vocabulary.switch_values import Held
from ..box import DONE, WAIT, Figure, Next, box
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..slots import LOG, Key
from ..tables import DIRECT, STANDARD
from .holding import let_log_track_go, let_track_go, track_free
from .log_tracks import LOG_TRACKS, obtains_free_track

COPY_BACK = Figure("Fig. 20B", ("done",))


def home(m: Memory, std: int, track: int) -> Key:
    """The slot that holds the data of a standard track: its own, or that of the log track it points to."""
    log = m.tables.standard[std].indirect[track]
    return (Device("S", std), track) if log == DIRECT else (LOG, log)


def home_for_devices(m: Memory, std: int, track: int) -> Key:
    """The same for who reads or copies the track for a virtual device."""
    return home(m, std, track) if m.build.follows == Follows.ALL else (Device("S", std), track)


def accessed(m: Memory, me: HostAdapter) -> int:
    """The standard device whose track the command is about."""
    device = me.command.device
    return m.tables.virtual[device.number].standard if device.kind == "V" else device.number


def restored_word(m: Memory, std: int) -> int:
    """Bit k is set when session k has been restored, so that its map bits stand for indirect tracks."""
    return sum(1 << k for k, byte in enumerate(m.tables.standard[std].session_bytes)
               if byte in (SessionByte.RESTORED, SessionByte.MIGRATING))


def all_direct(m: Memory, std: int) -> bool:
    """Is no track of the device indirect?"""
    return all(log == DIRECT for log in m.tables.standard[std].indirect)


def numbers_locked(m: Memory, std: int) -> bool:
    """Is a number to be given back while somebody is choosing one (404)?"""
    return all_direct(m, std) and m.build.lock_404 == Held.HELD and m.locks.session != NOBODY


def end_migration(m: Memory, std: int) -> None:
    """With the last indirect track the numbers of restored sessions become free."""
    if m.build.migrated_session == MigratedSession.FREED and all_direct(m, std):
        header = m.tables.standard[std]
        header.session_bytes = [SessionByte.FREE if b == SessionByte.MIGRATING else b for b in header.session_bytes]


def copied_before_reading(m: Memory, std: int, track: int) -> bool:
    """Does a read copy the track back first?"""
    return m.build.read_indirect == ReadIndirect.COPIED and m.tables.standard[std].indirect[track] != DIRECT


def copied_before_writing(m: Memory, std: int, track: int) -> bool:
    """Does a write copy the track back first?"""
    log = m.tables.standard[std].indirect[track]
    return log != DIRECT and (m.build.write_indirect == WriteIndirect.COPY_FIRST or m.tables.log.map_words[log].bit_count() > 1)


@box(HostAdapter, "20B lock", COPY_BACK)
def lock_source(m: Memory, me: HostAdapter) -> Next:
    """Hold the log track."""
    log = m.tables.standard[accessed(m, me)].indirect[me.command.track]
    if log == DIRECT:
        return COPY_BACK.exit("done")
    if m.locks.log[log] != NOBODY:
        return WAIT
    m.locks.log[log], me.entry = me.number, log
    return copy_from_log


@box(HostAdapter, "20B copy", COPY_BACK)
def copy_from_log(m: Memory, me: HostAdapter) -> Next:
    """Copy the data."""
    m.slots.copy((LOG, me.entry), (Device("S", accessed(m, me)), me.command.track))
    return clear_restored_bit


@box(HostAdapter, "20B map bit", COPY_BACK)
def clear_restored_bit(m: Memory, me: HostAdapter) -> Next:
    """The map bit that stood for the indirect track."""
    m.tables.log.map_words[me.entry] &= ~restored_word(m, accessed(m, me))
    return make_direct


@box(HostAdapter, "20B direct", COPY_BACK)
def make_direct(m: Memory, me: HostAdapter) -> Next:
    """The data is on the track itself."""
    m.tables.standard[accessed(m, me)].indirect[me.command.track] = DIRECT
    return test_last_user


@box(HostAdapter, "20B last", COPY_BACK)
def test_last_user(m: Memory, me: HostAdapter) -> Next:
    """Does nobody use the log track any more?"""
    if m.tables.log.map_words[me.entry] == 0:
        return LOG_TRACKS.call(obtains_free_track, done=test_all_direct)
    let_log_track_go(m, me, me.entry)
    return test_all_direct


@box(HostAdapter, "20B session", COPY_BACK)
def test_all_direct(m: Memory, me: HostAdapter) -> Next:
    """With the last one the session number is given back."""
    std = accessed(m, me)
    if numbers_locked(m, std):
        return WAIT
    end_migration(m, std)
    me.entry = STANDARD
    return COPY_BACK.exit("done")


@box(HostAdapter, "20B task", "Fig. 20B (background copy)", begins=Word.COPY_BACK)
def hold_track_to_copy(m: Memory, me: HostAdapter) -> Next:
    """The track in hand, if there is something to copy."""
    std, track = accessed(m, me), me.command.track
    if not track_free(m, me, std, track):
        return WAIT
    if m.tables.standard[std].indirect[track] == DIRECT:
        return DONE
    m.locks.track[std][track] = me.number
    return COPY_BACK.call(lock_source, done=let_copied_track_go)


@box(HostAdapter, "20B task end", "Fig. 20B (background copy)")
def let_copied_track_go(m: Memory, me: HostAdapter) -> Next:
    """Let the track go."""
    let_track_go(m, me, accessed(m, me), me.command.track)
    return DONE
