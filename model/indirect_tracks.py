"""Tracks of a standard device whose data is on the log device since a restore (Fig. 20B), and how they become direct again.

A host that accesses such a track has it copied back, or reads through it; a background copy does the same for tracks that
nobody accesses.  No flow chart shows it.  Whoever copies a track back holds it, and holds the log track besides.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, count, figure, step, with_bit, without
from snapproof.vocabulary.restore_values import Follows, MigratedSession, ReadIndirect, WriteIndirect
from snapproof.vocabulary.states import SessionByte
from snapproof.vocabulary.switch_values import Held

from .encoding import is_virtual, virtual_device
from .locks import release_log_track, release_track, track_available
from .log_tracks import LOG_TRACKS, obtains_free_track
from .parts import COPIES_BACK, ENDS, LOCKS, ON_TRACK, TESTS, WORKS
from .sets import Block, Session, Track
from .state import DIRECT, NOBODY, STANDARD, Array, HostAdapter
from .switches import Embodiment

COPY_BACK = figure(HostAdapter, "copy_back", "Fig. 20B", exits=("done",), meaning="copying an indirect track back from the log device")
"""`done`: the track is direct."""


def contents(s: Array, std: int, track: int, block: int) -> int:
    """What a standard block shows to hosts: its own data, or that of the log track that its entry names (-1: garbage)."""
    log = s.indirect[std, track]
    return s.std_data[std, track, block] if log == DIRECT else s.log_data[log, block]


def contents_for_devices(s: Array, c: Embodiment, std: int, track: int, block: int) -> int:
    """What a standard block shows to those who read or copy it for a virtual device (284, 312, 346)."""
    return contents(s, std, track, block) if c.follows == Follows.ALL else s.std_data[std, track, block]


def accessed(s: Array, c: Embodiment, ha: HostAdapter) -> int:
    """The standard device whose track the command is about, by itself or through a virtual device."""
    return s.std_of[virtual_device(c, ha.device)] if is_virtual(c, ha.device) else ha.device


def restored_sessions(s: Array, c: Embodiment, std: int) -> int:
    """The sessions of a standard device whose map bits stand for indirect tracks, as a mask."""
    mask = 0
    for k in c.each(Session):
        if s.session_byte[std, k] == SessionByte.RESTORED or s.session_byte[std, k] == SessionByte.MIGRATING:
            mask = with_bit(mask, k)
    return mask


def any_indirect(s: Array, c: Embodiment, std: int) -> bool:
    """Is a track of the standard device still indirect?"""
    return any(s.indirect[std, t] != DIRECT for t in c.each(Track))


def numbers_locked(s: Array, c: Embodiment, std: int) -> bool:
    """Is a session number to be given back, while somebody has locked the session resources (404)?"""
    return not any_indirect(s, c, std) and c.lock_404 == Held.HELD and s.session_lock != NOBODY


def end_migration(s: Array, c: Embodiment, std: int) -> None:
    """Where all tracks are direct, the numbers of sessions whose tracks have migrated are free for the next Register."""
    if c.migrated_session == MigratedSession.FREED and not any_indirect(s, c, std):
        for k in c.each(Session):
            if s.session_byte[std, k] == SessionByte.MIGRATING:
                s.session_byte[std, k] = SessionByte.FREE


def copied_to_be_read(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Is the track to be copied back before it is read?"""
    return c.read_indirect == ReadIndirect.COPIED and s.indirect[std, track] != DIRECT


def copied_to_be_written(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Is the track to be copied back before it is written?  A log track that others use, too, is never written in place."""
    log = s.indirect[std, track]
    return log != DIRECT and (c.write_indirect == WriteIndirect.COPY_FIRST or count(s.map_bits[log]) > 1)


# --- one track, for whoever accesses it ------------------------------------------------------------------------


@step(HostAdapter, "20B lock", COPY_BACK, LOCKS, ON_TRACK, COPIES_BACK)
def lock_source(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Hold the log track as well; where the track itself is not held, another process may have copied it meanwhile."""
    log = s.indirect[accessed(s, c, ha), ha.track]
    if log == DIRECT:
        return COPY_BACK.done
    if s.log_lock[log] != NOBODY:
        return WAIT
    s.log_lock[log] = ha.number
    ha.entry = log
    return copy_from_log


@step(HostAdapter, "20B copy", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def copy_from_log(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Copy the data from the log track to the standard track, in one transition as at 312."""
    for b in c.each(Block):
        # Garbage would have been told before (I2): a standard track has none.
        s.std_data[accessed(s, c, ha), ha.track, b] = max(s.log_data[ha.entry, b], 0)
    return clear_restored_bit


@step(HostAdapter, "20B map bit", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def clear_restored_bit(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Clear the map bit that stood for the indirect track."""
    s.map_bits[ha.entry] = without(s.map_bits[ha.entry], restored_sessions(s, c, accessed(s, c, ha)))
    return make_direct


@step(HostAdapter, "20B direct", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def make_direct(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Make the entry of the standard track name the track itself."""
    s.indirect[accessed(s, c, ha), ha.track] = DIRECT
    return test_last_user


@step(HostAdapter, "20B last", COPY_BACK, TESTS, ON_TRACK, COPIES_BACK)
def test_last_user(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Does another device still use the log track?  If not, it is returned to the free list (Fig. 9), as 386 and 388 do."""
    if s.map_bits[ha.entry] == 0:
        return LOG_TRACKS.call(obtains_free_track, done=test_all_direct)
    release_log_track(s, ha, ha.entry)
    return test_all_direct


@step(HostAdapter, "20B session", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def test_all_direct(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Was it the last indirect track of the device?  Then the session number is given back, under the session lock."""
    std = accessed(s, c, ha)
    if numbers_locked(s, c, std):
        return WAIT
    end_migration(s, c, std)
    ha.entry = STANDARD
    return COPY_BACK.done


# --- the background copy, track by track ---------------------------------------------------------------------------


@step(HostAdapter, "20B task", "Fig. 20B (background copy)", LOCKS, ENDS)
def hold_track_to_copy(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Hold the next track, if it is indirect."""
    std = accessed(s, c, ha)
    if not track_available(s, c, ha, std, ha.track):
        return WAIT
    if s.indirect[std, ha.track] == DIRECT:
        return DONE
    s.track_lock[std, ha.track] = ha.number
    return COPY_BACK.call(lock_source, done=let_copied_track_go)


@step(HostAdapter, "20B task end", "Fig. 20B (background copy)", LOCKS, ENDS)
def let_copied_track_go(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Let the track go."""
    release_track(s, ha, accessed(s, c, ha), ha.track)
    return DONE
