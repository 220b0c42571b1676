"""Reading and writing a standard device, the host adapter's part (Figs. 3, 12, 16B)."""

from __future__ import annotations

from ...vocabulary.restore_values import Migrating
from ...vocabulary.states import Mail, SessionByte
from ...vocabulary.switch_values import Held, YesNo
from ..box import DONE, WAIT, Next, box
from ..errors import NoLogTrack
from ..memory import HostAdapter, Memory
from ..slots import LOG
from .holding import closed_to, let_track_go, track_free
from .indirect import COPY_BACK, copied_before_reading, copied_before_writing, home, lock_source, migrating_word


def active_word(m: Memory, std: int) -> int:
    """Bit k is set when session k of the device is active."""
    return sum(1 << k for k, byte in enumerate(m.tables.standard[std].session_bytes) if byte == SessionByte.ACTIVE)


def active_bits(m: Memory, std: int, track: int) -> int:
    """The bits of a protection word that count (322', 302')."""
    return m.tables.standard[std].protection[track] & active_word(m, std)


def saved_bits(m: Memory, std: int, track: int) -> int:
    """Those for which a disk adapter saves the track: with those of migrating sessions, when built so."""
    return active_bits(m, std, track) | (migrating_word(m, std, track) if m.build.migrating == Migrating.AS_ACTIVE else 0)


def store_standard(m: Memory, me: HostAdapter) -> None:
    """The command's data, to its blocks of the slot of the standard track, or of the log track it points to."""
    c = me.command
    entry = m.tables.standard[c.device.number].indirect[c.track]
    m.slots.write(*((LOG, entry) if entry >= 0 else (c.device, c.track)), c.block, c.data)


@box(HostAdapter, "read", "Fig. 3")
def read_standard_track(m: Memory, me: HostAdapter) -> Next:
    """Read the blocks; the slot is taken and let go within the box, or kept while an indirect track is copied back."""
    c = me.command
    std, held = c.device.number, m.build.lock_322 == Held.HELD
    if held and m.locks.track[std][c.track] != me.number and not track_free(m, me, std, c.track):
        return WAIT
    if copied_before_reading(m, std, c.track):
        if held:
            m.locks.track[std][c.track] = me.number
        return COPY_BACK.call(lock_source, done=read_standard_track)
    me.answer(m.slots.read(*home(m, std, c.track), c.block, c.count))
    let_track_go(m, me, std, c.track)
    return DONE


@box(HostAdapter, "322", "Figs. 12, 16B")
def test_protection_bits(m: Memory, me: HostAdapter) -> Next:
    """Has an active session its bit set on the track, or a migrating one?  If none has, the track is held until it is written."""
    std, track = me.command.device.number, me.command.track
    held = m.build.lock_322 == Held.HELD
    if not track_free(m, me, std, track) if held else closed_to(m, me, std):
        return WAIT
    if active_bits(m, std, track) or m.build.migrating != Migrating.AS_INACTIVE and migrating_word(m, std, track):
        return send_protection_request
    if held:
        m.locks.track[std][track] = me.number
    return to_be_written(m, std, track)


def to_be_written(m: Memory, std: int, track: int) -> Next:
    """The write, behind copying an indirect track back if that comes first."""
    if copied_before_writing(m, std, track):
        return COPY_BACK.call(lock_source, done=write_standard_track)
    return write_standard_track


@box(HostAdapter, "324", "Figs. 12, 16B")
def write_standard_track(m: Memory, me: HostAdapter) -> Next:
    """The normal write."""
    store_standard(m, me)
    let_track_go(m, me, me.command.device.number, me.command.track)
    return DONE


@box(HostAdapter, "326", "Fig. 12")
def send_protection_request(m: Memory, me: HostAdapter) -> Next:
    """Have a disk adapter save the old data."""
    me.mail = Mail.REQUEST
    return disconnect


@box(HostAdapter, "328", "Fig. 12", local=True)
def disconnect(m: Memory, me: HostAdapter) -> Next:
    """The disk adapter may serve others meanwhile."""
    return wait_for_status


@box(HostAdapter, "332", "Fig. 12")
def wait_for_status(m: Memory, me: HostAdapter) -> Next:
    """With the status, test the bits again; a build that does not takes the track and writes."""
    if me.mail == Mail.STATUS_ERROR:
        return refuse_standard_write
    if me.mail != Mail.STATUS_OK:
        return WAIT
    if m.build.retest_322 == YesNo.YES:
        return test_protection_bits
    std, track = me.command.device.number, me.command.track
    if m.build.lock_322 == Held.HELD:
        if not track_free(m, me, std, track):
            return WAIT
        m.locks.track[std][track] = me.number
    return to_be_written(m, std, track)


@box(HostAdapter, "error", "Figs. 4, 12", local=True, refuses=NoLogTrack)
def refuse_standard_write(m: Memory, me: HostAdapter) -> Next:
    """The old data could not be saved, so nothing is written."""
    if me.ticket is not None and me.ticket.error is None:
        me.refuse(no_log_track(me))
    return DONE


def no_log_track(me: HostAdapter) -> NoLogTrack:
    """The error of a write that found no log track."""
    return NoLogTrack(f"{me.command.device}, track {me.command.track}", "no log track is free and the pool can create none.",
                      "Remove a virtual device, or make the array with more log tracks.")
