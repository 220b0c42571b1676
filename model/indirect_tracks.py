"""Tracks of a standard device whose data is elsewhere since a restore (Figs. 20B, 20C), and how they become direct again.

The data is on the log device, or on the device to which the restored virtual device was established.  A host that accesses such
a track has it copied, or reads through it; a background copy does the same for tracks that nobody accesses; and a disk adapter
does before the old device's track is overwritten (`copy_on_write.py`).  No flow chart shows it.  Whoever copies a track holds it,
and holds besides what its entry names: first the one, then the other.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, count, figure, has, step, with_bit, without
from snapproof.vocabulary.restore_values import Follows, MigratedBit, MigratedSession, ReadIndirect, WriteIndirect
from snapproof.vocabulary.states import SessionByte
from snapproof.vocabulary.switch_values import Held

from .encoding import Assigned, Direct, OnLog, OnStandard, is_virtual, virtual_device
from .locks import release_log_track, release_track, track_available
from .log_tracks import LOG_TRACKS, obtains_free_track
from .parts import COPIES_BACK, ENDS, LOCKS, ON_TRACK, TESTS, WORKS
from .sets import Block, Session, StandardDevice, Track
from .state import NOBODY, STANDARD, Adapter, Array, DiskAdapter, HostAdapter
from .switches import Embodiment

COPY_BACK = figure(Adapter, "copy_back", "Figs. 20B, 20C", exits=("done",), meaning="copying an indirect track to where it belongs")
"""`done`: the track is direct."""


# --- where the data is -------------------------------------------------------------------------------------------


def home(s: Array, c: Embodiment, std: int, track: int) -> int:
    """The standard device whose track, or whose log track, holds the data: entries are followed from device to device."""
    here = std
    for _ in c.each(StandardDevice):
        if isinstance(s.indirect[here, track], OnStandard):
            here = s.indirect[here, track].standard
    return here


def contents(s: Array, c: Embodiment, std: int, track: int, block: int) -> int:
    """What a standard block shows to hosts: the data of its track, or of what its entry names (-1: garbage)."""
    here = home(s, c, std, track)
    if isinstance(s.indirect[here, track], OnLog):
        return s.log_data[s.indirect[here, track].log, block]
    return s.std_data[here, track, block]


def contents_for_devices(s: Array, c: Embodiment, std: int, track: int, block: int) -> int:
    """What a standard block shows to those who read or copy it for a virtual device (284, 312, 346)."""
    return contents(s, c, std, track, block) if c.follows == Follows.ALL else s.std_data[std, track, block]


def any_indirect(s: Array, c: Embodiment, std: int) -> bool:
    """Is a track of the standard device still indirect?"""
    return any(s.indirect[std, t] != Direct() for t in c.each(Track))


def copied_to_be_read(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Is the track to be copied before it is read?"""
    return bool(c.read_indirect == ReadIndirect.COPIED and s.indirect[std, track] != Direct())


def copied_to_be_written(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Is the track to be copied before it is written?  What others use, too, is never written in place."""
    if isinstance(s.indirect[std, track], OnLog):
        return c.write_indirect == WriteIndirect.COPY_FIRST or count(s.map_bits[s.indirect[std, track].log]) > 1
    return bool(s.indirect[std, track] != Direct())


# --- for whom ----------------------------------------------------------------------------------------------------


def accessed(s: Array, c: Embodiment, ha: HostAdapter) -> int:
    """The standard device whose track the command is about, by itself or through a virtual device."""
    return s.std_of[virtual_device(c, ha.device)] if is_virtual(c, ha.device) else ha.device


def copied_device(s: Array, c: Embodiment, p: Adapter) -> int:
    """The standard device whose track is copied: that of the host adapter's command, or the disk adapter's target."""
    for ha in s.all(HostAdapter):
        if ha.number == p.number:
            return accessed(s, c, ha)
    for da in s.all(DiskAdapter):
        if da.number == p.number:
            return max(da.target, 0)
    return 0


def copied_track(s: Array, p: Adapter) -> int:
    """The track that is copied: that of the host adapter's command, or of the request that the disk adapter serves."""
    serves = p.number
    for da in s.all(DiskAdapter):
        if da.number == p.number:
            serves = da.serving
    for ha in s.all(HostAdapter):
        if ha.number == serves:
            return ha.track
    return 0


# --- sessions of virtual devices that were restored ----------------------------------------------------------------


def restored_sessions(s: Array, c: Embodiment, std: int, target: int) -> int:
    """The sessions of a standard device, as a mask, whose bits stand for indirect tracks of the other one, or of itself."""
    mask = 0
    for k in c.each(Session):
        if s.session_byte[std, k] == SessionByte.RESTORED or s.session_byte[std, k] == SessionByte.MIGRATING:
            if s.restored_to[std, k] == target:
                mask = with_bit(mask, k)
    return mask


def numbers_locked(s: Array, c: Embodiment, target: int) -> bool:
    """Is a session number to be given back, while somebody has locked the session resources (404)?"""
    return not any_indirect(s, c, target) and c.lock_404 == Held.HELD and s.session_lock != NOBODY


def end_migration(s: Array, c: Embodiment, target: int) -> None:
    """Where all tracks are direct, the numbers of sessions whose tracks have migrated there are free for the next Register."""
    if c.migrated_session == MigratedSession.FREED and not any_indirect(s, c, target):
        for d in c.each(StandardDevice):
            for k in c.each(Session):
                if s.session_byte[d, k] == SessionByte.MIGRATING and s.restored_to[d, k] == target:
                    s.session_byte[d, k] = SessionByte.FREE
                    s.restored_to[d, k] = -1


# --- one track, for whoever accesses it ------------------------------------------------------------------------


@step(Adapter, "20B lock", COPY_BACK, LOCKS, ON_TRACK, COPIES_BACK)
def lock_source(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Hold what the entry names as well; where the track itself is not held, another process may have copied it meanwhile.

    A standard track is taken although its device is closed: whoever closes it waits for those inside of either device.
    """
    std = copied_device(s, c, p)
    track = copied_track(s, p)
    if isinstance(s.indirect[std, track], OnLog):
        log = s.indirect[std, track].log
        if s.log_lock[log] != NOBODY:
            return WAIT
        s.log_lock[log] = p.number
        p.entry = log
        return copy_from_source
    if isinstance(s.indirect[std, track], OnStandard):
        old = s.indirect[std, track].standard
        if s.track_lock[old, track] != NOBODY:
            return WAIT
        s.track_lock[old, track] = p.number
        return copy_from_source
    return COPY_BACK.done


@step(Adapter, "20B copy", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def copy_from_source(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Copy the data to the standard track, in one transition as at 312."""
    std = copied_device(s, c, p)
    track = copied_track(s, p)
    for b in c.each(Block):
        # Garbage would have been told before (I2): a standard track has none.
        s.std_data[std, track, b] = max(contents(s, c, std, track, b), 0)
    return clear_restored_bit if p.entry != STANDARD else clear_migrated_bit


@step(Adapter, "20B map bit", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def clear_restored_bit(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Clear the map bit that stood for the indirect track; it is a bit of the device that the log track points back to."""
    std = copied_device(s, c, p)
    old = owner(s, p.entry, std)
    s.map_bits[p.entry] = without(s.map_bits[p.entry], restored_sessions(s, c, old, std))
    return make_direct


def owner(s: Array, log: int, otherwise: int) -> int:
    """The standard device that a log track points back to, whose sessions its map bits are."""
    return s.extra[log].device if isinstance(s.extra[log], Assigned) else otherwise


@step(Adapter, "20C bit", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def clear_migrated_bit(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Clear the protection bit of the old device's track: a write to it has nothing to copy any more."""
    std = copied_device(s, c, p)
    track = copied_track(s, p)
    if c.migrated_bit == MigratedBit.CLEARED:
        if isinstance(s.indirect[std, track], OnStandard):
            old = s.indirect[std, track].standard
            s.protection[old, track] = without(s.protection[old, track], restored_sessions(s, c, old, std))
    return make_direct


@step(Adapter, "20B direct", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def make_direct(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Make the entry of the standard track name the track itself, and let the old device's track go."""
    std = copied_device(s, c, p)
    track = copied_track(s, p)
    if isinstance(s.indirect[std, track], OnStandard):
        release_track(s, p, s.indirect[std, track].standard, track)
    s.indirect[std, track] = Direct()
    return test_last_user if p.entry != STANDARD else test_all_direct


@step(Adapter, "20B last", COPY_BACK, TESTS, ON_TRACK, COPIES_BACK)
def test_last_user(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Does another device still use the log track?  If not, it is returned to the free list (Fig. 9), as 386 and 388 do."""
    if s.map_bits[p.entry] == 0:
        return LOG_TRACKS.call(obtains_free_track, done=test_all_direct)
    release_log_track(s, p, p.entry)
    return test_all_direct


@step(Adapter, "20B session", COPY_BACK, WORKS, ON_TRACK, COPIES_BACK)
def test_all_direct(s: Array, c: Embodiment, p: Adapter) -> Next:
    """Was it the last indirect track of the device?  Then the session number is given back, under the session lock."""
    std = copied_device(s, c, p)
    if numbers_locked(s, c, std):
        return WAIT
    end_migration(s, c, std)
    p.entry = STANDARD
    return COPY_BACK.done


# --- the background copy, track by track ---------------------------------------------------------------------------


@step(HostAdapter, "20B task", "Figs. 20B, 20C (background copy)", LOCKS, ENDS)
def hold_track_to_copy(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Hold the next track, if it is indirect."""
    std = accessed(s, c, ha)
    if not track_available(s, c, ha, std, ha.track):
        return WAIT
    if s.indirect[std, ha.track] == Direct():
        return DONE
    s.track_lock[std, ha.track] = ha.number
    return COPY_BACK.call(lock_source, done=let_copied_track_go)


@step(HostAdapter, "20B task end", "Figs. 20B, 20C (background copy)", LOCKS, ENDS)
def let_copied_track_go(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Let the track go."""
    release_track(s, ha, accessed(s, c, ha), ha.track)
    return DONE


# --- before the old device's track is overwritten (302'', 322'') -------------------------------------------------------


def migrating_bits(s: Array, c: Embodiment, std: int, track: int) -> int:
    """Protection bits of a track that say: another device has its data here still.

    Its entry is asked, too: a bit may be left behind (`migrated_bit`).
    """
    mask = 0
    for k in c.each(Session):
        if has(s.protection[std, track], k) and s.session_byte[std, k] == SessionByte.MIGRATING:
            if s.indirect[max(s.restored_to[std, k], 0), track] == OnStandard(standard=std):
                mask = with_bit(mask, k)
    return mask


def target_of(s: Array, c: Embodiment, std: int, mask: int) -> int:
    """The device to which the first of these sessions was restored (-1: there is none)."""
    for k in c.each(Session):
        if has(mask, k):
            return s.restored_to[std, k]
    return -1
