"""Indirect tracks (Figs. 20B, 20C): where their data is, and copying it to where it belongs, when they are accessed or before."""

from __future__ import annotations

from ...vocabulary.restore_values import Follows, MigratedBit, MigratedSession, ReadIndirect, WriteIndirect
from ...vocabulary.states import SessionByte, Word
from ...vocabulary.switch_values import Held
from ..box import DONE, WAIT, Figure, Next, box
from ..extra_bytes import back_device, is_assigned
from ..geometry import Device
from ..memory import NOBODY, Adapter, DiskAdapter, HostAdapter, Memory
from ..slots import LOG, Key
from ..tables import DIRECT, NONE, STANDARD, standard_of
from .holding import let_log_track_go, let_track_go, track_free
from .log_tracks import LOG_TRACKS, obtains_free_track

COPY_BACK = Figure("Figs. 20B, 20C", ("done",))


def home(m: Memory, std: int, track: int) -> Key:
    """The slot that holds the data of a standard track: its own, or what entries lead to, from device to device."""
    here = std
    for _ in m.tables.standard:
        following = standard_of(m.tables.standard[here].indirect[track])
        here = here if following == NONE else following
    entry = m.tables.standard[here].indirect[track]
    return (LOG, entry) if entry >= 0 else (Device("S", here), track)


def home_for_devices(m: Memory, std: int, track: int) -> Key:
    """The same for who reads or copies the track for a virtual device."""
    return home(m, std, track) if m.build.follows == Follows.ALL else (Device("S", std), track)


def accessed(m: Memory, me: HostAdapter) -> int:
    """The standard device whose track the command is about."""
    device = me.command.device
    return m.tables.virtual[device.number].standard if device.kind == "V" else device.number


def copied(m: Memory, me: Adapter) -> tuple[int, int]:
    """Device and number of the track that is copied: the command's, or for a disk adapter its target's."""
    if isinstance(me, DiskAdapter):
        return me.target, m.hosts[me.serving - 1].command.track
    assert isinstance(me, HostAdapter)
    return accessed(m, me), me.command.track


def restored_word(m: Memory, std: int, target: int) -> int:
    """Bit k is set when session k of a device was restored to the target, so that its bits stand for indirect tracks there."""
    header = m.tables.standard[std]
    return sum(1 << k for k, (byte, to) in enumerate(zip(header.session_bytes, header.restored_to, strict=True))
               if byte in (SessionByte.RESTORED, SessionByte.MIGRATING) and to == target)


def migrating_word(m: Memory, std: int, track: int) -> int:
    """The protection bits of a track to which another device still points."""
    header = m.tables.standard[std]
    pointing = [to for to, d in enumerate(m.tables.standard) if standard_of(d.indirect[track]) == std]
    return sum(1 << k for k, byte in enumerate(header.session_bytes)
               if byte == SessionByte.MIGRATING and header.restored_to[k] in pointing and header.protection[track] >> k & 1)


def all_direct(m: Memory, std: int) -> bool:
    """Is no track of the device indirect?"""
    return all(entry == DIRECT for entry in m.tables.standard[std].indirect)


def numbers_locked(m: Memory, target: int) -> bool:
    """Is a number to be given back while somebody is choosing one (404)?"""
    return all_direct(m, target) and m.build.lock_404 == Held.HELD and m.locks.session != NOBODY


def end_migration(m: Memory, target: int) -> None:
    """With the last indirect track the numbers of sessions restored there become free."""
    if m.build.migrated_session == MigratedSession.FREED and all_direct(m, target):
        for header in m.tables.standard:
            for k, (byte, to) in enumerate(zip(header.session_bytes, header.restored_to, strict=True)):
                if byte == SessionByte.MIGRATING and to == target:
                    header.session_bytes[k], header.restored_to[k] = SessionByte.FREE, NONE


def copied_before_reading(m: Memory, std: int, track: int) -> bool:
    """Does a read copy the track first?"""
    return m.build.read_indirect == ReadIndirect.COPIED and m.tables.standard[std].indirect[track] != DIRECT


def copied_before_writing(m: Memory, std: int, track: int) -> bool:
    """Does a write copy the track first?"""
    entry = m.tables.standard[std].indirect[track]
    if entry < 0:
        return entry != DIRECT
    return m.build.write_indirect == WriteIndirect.COPY_FIRST or m.tables.log.map_words[entry].bit_count() > 1


@box(Adapter, "20B lock", COPY_BACK)
def lock_source(m: Memory, me: Adapter) -> Next:
    """Hold the log track, or the other device's track (also while that device is closed)."""
    std, track = copied(m, me)
    entry = m.tables.standard[std].indirect[track]
    if entry == DIRECT:
        return COPY_BACK.exit("done")
    if entry >= 0:
        if m.locks.log[entry] != NOBODY:
            return WAIT
        m.locks.log[entry], me.entry = me.number, entry
    else:
        if m.locks.track[standard_of(entry)][track] != NOBODY:
            return WAIT
        m.locks.track[standard_of(entry)][track] = me.number
    return copy_from_source


@box(Adapter, "20B copy", COPY_BACK)
def copy_from_source(m: Memory, me: Adapter) -> Next:
    """Copy the data."""
    std, track = copied(m, me)
    source = home(m, std, track)
    if source != (Device("S", std), track):
        m.slots.copy(source, (Device("S", std), track))
    return clear_restored_bit if me.entry != STANDARD else clear_migrated_bit


@box(Adapter, "20B map bit", COPY_BACK)
def clear_restored_bit(m: Memory, me: Adapter) -> Next:
    """The map bit that stood for the indirect track."""
    std, _ = copied(m, me)
    extra = m.tables.log.extra[me.entry]
    m.tables.log.map_words[me.entry] &= ~restored_word(m, back_device(extra) if is_assigned(extra) else std, std)
    return make_direct


@box(Adapter, "20C bit", COPY_BACK)
def clear_migrated_bit(m: Memory, me: Adapter) -> Next:
    """The protection bit that stood for it."""
    std, track = copied(m, me)
    old = standard_of(m.tables.standard[std].indirect[track])
    if m.build.migrated_bit == MigratedBit.CLEARED and old != NONE:
        m.tables.standard[old].protection[track] &= ~restored_word(m, old, std)
    return make_direct


@box(Adapter, "20B direct", COPY_BACK)
def make_direct(m: Memory, me: Adapter) -> Next:
    """The data is on the track itself."""
    std, track = copied(m, me)
    old = standard_of(m.tables.standard[std].indirect[track])
    if old != NONE:
        let_track_go(m, me, old, track)
    m.tables.standard[std].indirect[track] = DIRECT
    return test_last_user if me.entry != STANDARD else test_all_direct


@box(Adapter, "20B last", COPY_BACK)
def test_last_user(m: Memory, me: Adapter) -> Next:
    """Does nobody use the log track any more?"""
    if m.tables.log.map_words[me.entry] == 0:
        return LOG_TRACKS.call(obtains_free_track, done=test_all_direct)
    let_log_track_go(m, me, me.entry)
    return test_all_direct


@box(Adapter, "20B session", COPY_BACK)
def test_all_direct(m: Memory, me: Adapter) -> Next:
    """With the last one the session number is given back."""
    std, _ = copied(m, me)
    if numbers_locked(m, std):
        return WAIT
    end_migration(m, std)
    me.entry = STANDARD
    return COPY_BACK.exit("done")


@box(HostAdapter, "20B task", "Figs. 20B, 20C (background copy)", begins=Word.COPY_BACK)
def hold_track_to_copy(m: Memory, me: HostAdapter) -> Next:
    """The track in hand, if there is something to copy."""
    std, track = copied(m, me)
    if not track_free(m, me, std, track):
        return WAIT
    if m.tables.standard[std].indirect[track] == DIRECT:
        return DONE
    m.locks.track[std][track] = me.number
    return COPY_BACK.call(lock_source, done=let_copied_track_go)


@box(HostAdapter, "20B task end", "Figs. 20B, 20C (background copy)")
def let_copied_track_go(m: Memory, me: HostAdapter) -> Next:
    """Let the track go."""
    let_track_go(m, me, *copied(m, me))
    return DONE
