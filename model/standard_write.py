"""Writing a standard device, the host adapter's part (Figs. 12 and 16B)."""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.restore_values import Migrating
from snapproof.vocabulary.states import Mail, SessionByte
from snapproof.vocabulary.switch_values import Held, YesNo

from .encoding import OnLog
from .groups import acknowledge
from .indirect_tracks import COPY_BACK, copied_to_be_written, lock_source, migrating_bits
from .locks import device_closed, release_track, track_available
from .parts import ENDS, MOVES, REFUSES, TESTS, WORKS, WRITES_STANDARD
from .sets import Block, Session
from .state import ALL_BLOCKS, Array, HostAdapter
from .switches import Embodiment


def active_sessions(s: Array, c: Embodiment, std: int) -> int:
    """The sessions of a standard device whose byte says active, as a mask."""
    mask = 0
    for k in c.each(Session):
        if s.session_byte[std, k] == SessionByte.ACTIVE:
            mask = mask | (1 << k)
    return mask


def active_bits(s: Array, c: Embodiment, std: int, track: int) -> int:
    """Protection bits of a track that belong to active sessions (322', 322'')."""
    return s.protection[std, track] & active_sessions(s, c, std)


def saved_bits(s: Array, c: Embodiment, std: int, track: int) -> int:
    """The bits for which a disk adapter saves the track (302''): of active sessions; of migrating ones if it knows no better."""
    active = active_bits(s, c, std, track)
    return active | migrating_bits(s, c, std, track) if c.migrating == Migrating.AS_ACTIVE else active


def any_special_bit(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Has the write to wait for a disk adapter (322', 322'')?"""
    if active_bits(s, c, std, track) != 0:
        return True
    return c.migrating != Migrating.AS_INACTIVE and migrating_bits(s, c, std, track) != 0


def store_standard(s: Array, c: Embodiment, ha: HostAdapter) -> None:
    """Write the command's block, or all of them, to the standard track, or to the log track that its entry names.

    The whole command is one transfer to one slot, also where lock_322 is off: a simplification
    (docs/findings.md).  The logical contents take each command once, however often it is executed.
    """
    for b in c.each(Block):
        if ha.block == ALL_BLOCKS or ha.block == b:
            if isinstance(s.indirect[ha.device, ha.track], OnLog):
                s.log_data[s.indirect[ha.device, ha.track].log, b] = ha.value
            else:
                s.std_data[ha.device, ha.track, b] = ha.value
            s.logical[ha.device, ha.track, b] = s.logical[ha.device, ha.track, b] if ha.executed else ha.value


@step(HostAdapter, "322", "Figs. 12, 16B", TESTS)
def test_protection_bits(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does an active session protect the track about to be written, or one whose tracks migrate?  If not, it is held until 324."""
    if c.lock_322 == Held.HELD:
        if not track_available(s, c, ha, ha.device, ha.track):
            return WAIT
    elif device_closed(s, c, ha, ha.device):
        return WAIT
    if any_special_bit(s, c, ha.device, ha.track):
        return send_protection_request
    if c.lock_322 == Held.HELD:
        s.track_lock[ha.device, ha.track] = ha.number
    if copied_to_be_written(s, c, ha.device, ha.track):
        return COPY_BACK.call(lock_source, done=write_standard_track)
    return write_standard_track


@step(HostAdapter, "324", "Figs. 12, 16B", WRITES_STANDARD, ENDS, MOVES)
def write_standard_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Write the data in a conventional way and let the track go."""
    store_standard(s, c, ha)
    acknowledge(s, c, ha.device)
    release_track(s, ha, ha.device, ha.track)
    return DONE


@step(HostAdapter, "326", "Fig. 12", WORKS)
def send_protection_request(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Ask a disk adapter to save the old data."""
    ha.mail = Mail.REQUEST
    return disconnect


@step(HostAdapter, "328", "Fig. 12", TESTS, local=True)
def disconnect(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Disconnect, so that the disk adapter can serve others meanwhile."""
    return wait_for_status


@step(HostAdapter, "332", "Fig. 12", TESTS)
def wait_for_status(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait for the disk adapter's status, then test the bits again.

    A host adapter that does not test again takes the track here and writes.
    """
    if ha.mail == Mail.STATUS_ERROR:
        return refuse_standard_write
    if ha.mail != Mail.STATUS_OK:
        return WAIT
    if c.retest_322 == YesNo.YES:
        return test_protection_bits
    if c.lock_322 == Held.HELD:
        if not track_available(s, c, ha, ha.device, ha.track):
            return WAIT
        s.track_lock[ha.device, ha.track] = ha.number
    if copied_to_be_written(s, c, ha.device, ha.track):
        return COPY_BACK.call(lock_source, done=write_standard_track)
    return write_standard_track


@step(HostAdapter, "error", "Figs. 4, 12", REFUSES, ENDS, local=True)
def refuse_standard_write(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The old data could not be saved: the write ends with an error and has changed nothing."""
    return DONE


