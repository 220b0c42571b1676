"""I10t, I10e, I10i: what is read or changed is held, or at least not held by another.

A track moves in one transition here (docs/findings.md), and what is done with exclusive access is done box by box in an
order that forgives much: no data is wrong where such a lock is missing.  In an array it would be.
"""

from __future__ import annotations

from snapproof.model import activate, deactivation, device_tables, register, relate, removal, restore_new
from snapproof.model.encoding import OnStandard
from snapproof.model.indirect_tracks import accessed, copied_track
from snapproof.model.pair_lists import list_of
from snapproof.model.parts import COPIES, COPIES_BACK, EXCLUSIVE, READS_STANDARD, RESTORES, TO_NEW, WRITES_STANDARD
from snapproof.model.sets import StandardDevice, Track
from snapproof.model.state import NOBODY, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import transition
from snapproof.vocabulary.restore_values import CopyAccess, NewAccess, RestoreAccess
from snapproof.vocabulary.switch_values import Drain, Exclusive, Held, Path, Raise, Removal


@transition("I10t", "slot of another used", steps=[READS_STANDARD, WRITES_STANDARD])
def standard_track_is_not_anothers(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A standard track is read or written while nobody else holds it, where host adapters take it at all (322)."""
    holder = before.track_lock[ha.device, ha.track]
    return c.lock_322 == Held.NONE or holder == NOBODY or holder == ha.number


@standard_track_is_not_anothers.explain
def _standard_track_is_not_anothers(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{StandardDevice.member(ha.device)} {Track.member(ha.track)} is in nobody else's hands",
            "another process holds it, and may have moved half of it")


def closed_device(s: Array, c: Embodiment, ha: HostAdapter) -> int:
    """The standard device to which the box about to be executed needs exclusive access."""
    if ha.at(activate.activate_pair):
        return s.std_of[max(s.pairs[list_of(c, ha), ha.list_place], 0)]
    of_virtual = ha.at(activate.activate_one, removal.stop_session, deactivation.stop_saving, COPIES)
    return s.std_of[ha.virtual] if of_virtual else ha.standard


def needs(s: Array, c: Embodiment, ha: HostAdapter, std: int) -> bool:
    """Does the box about to be executed need exclusive access to this standard device?

    A restore to a new device needs the old one, too, from which 585 takes the virtual device away.
    """
    if ha.at(TO_NEW):
        if std == ha.standard:
            return needs_exclusive(c, ha) and c.new_access in (NewAccess.BOTH, NewAccess.NEW)
        return (needs_exclusive(c, ha) and c.new_access in (NewAccess.BOTH, NewAccess.OLD)
                and not ha.at(restore_new.change_session_type_of_old) and std == s.std_of[ha.virtual])
    return needs_exclusive(c, ha) and std == closed_device(s, c, ha)


def needs_exclusive(c: Embodiment, ha: HostAdapter) -> bool:
    """Does the embodiment execute this box with exclusive access?  Where flags are raised over others, nobody has it for sure."""
    if c.raise_412 == Raise.UNTESTED:
        return False
    if ha.at(register.make_inactive):
        return bool(c.path_437 == Path.NOT_TAKEN)
    if ha.at(relate.point_to_standard, relate.store_headers):
        return bool(c.path_463 == Path.NOT_TAKEN)
    if ha.at(activate.activate_pair):
        return bool(c.path_513 == Path.NOT_TAKEN)
    if ha.at(activate.activate_one):
        return bool(c.path_428 == Path.NOT_TAKEN)
    if ha.at(removal.stop_session):
        return bool(c.removal_session == Removal.EXCLUSIVE)
    if ha.at(deactivation.stop_saving):
        return bool(c.path_746b == Path.NOT_TAKEN)
    if ha.at(COPIES):
        return bool(c.copy_access == CopyAccess.EXCLUSIVE)
    if ha.at(TO_NEW):
        return bool(c.new_access != NewAccess.NONE)
    if ha.at(RESTORES):
        return bool(c.restore_access == RestoreAccess.EXCLUSIVE)
    # A box that is not known here needs it: so one that is added is told at once, and nothing falls to another's switch.
    return not ha.at(device_tables.establish_pointers, device_tables.establish_bits, device_tables.make_ready) or c.lock_216 == Held.HELD


@transition("I10e", "exclusive access missing", steps=[EXCLUSIVE])
def device_is_closed_by_caller(before: Array, after: Array, c: Embodiment, ha: HostAdapter, d: StandardDevice) -> bool:
    """Between the boxes that begin and end exclusive access, the process that executes them has it."""
    return not needs(before, c, ha, d) or before.device_lock[d] == ha.number


@device_is_closed_by_caller.explain
def _device_is_closed_by_caller(before: Array, after: Array, c: Embodiment, ha: HostAdapter, d: int) -> tuple[str, str]:
    return f"{HostAdapter.member(ha.id)} has exclusive access to {StandardDevice.member(d)}", "it has not"


def empties(c: Embodiment) -> bool:
    """Does exclusive access mean that nobody has a track of the device in hand, from its beginning to its end?"""
    return bool(c.exclusive == Exclusive.FENCES and c.drain_412 == Drain.AFTER_FLAG)


@transition("I10i", "exclusive access shared", steps=[EXCLUSIVE])
def closed_device_is_empty(before: Array, after: Array, c: Embodiment, ha: HostAdapter, d: StandardDevice, t: Track) -> bool:
    """While a process has exclusive access, nobody has a track of the device in hand: those inside have left (412).

    Who copies a track from the device to another one, in which he is, may take it: he changes nothing that the device shows.
    """
    return not needs(before, c, ha, d) or not empties(c) or before.track_lock[d, t] == NOBODY or copied_from(before, c, d, t)


def copied_from(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Does the holder of the track copy it to a device that was restored from this one (Fig. 20C)?"""
    holder = s.track_lock[std, track]
    for da in s.all(DiskAdapter):
        if da.number == holder and da.at(COPIES_BACK) and copied_track(s, da) == track:
            return bool(s.indirect[max(da.target, 0), track] == OnStandard(standard=std))
    return any(ha.number == holder and ha.at(COPIES_BACK) and ha.track == track
               and s.indirect[accessed(s, c, ha), track] == OnStandard(standard=std) for ha in s.all(HostAdapter))


@closed_device_is_empty.explain
def _closed_device_is_empty(before: Array, after: Array, c: Embodiment, ha: HostAdapter, d: int, t: int) -> tuple[str, str]:
    return (f"{HostAdapter.member(ha.id)} has exclusive access to {StandardDevice.member(d)}, so nobody has one of its tracks in hand",
            f"{Track.member(t)} is in somebody's hands")
