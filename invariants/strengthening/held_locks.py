"""H: who holds which lock at which box, and what a locked device means."""

from __future__ import annotations

from snapproof.model import activate, copy_on_write, device_tables, log_tracks, register, relate, removal, standard_write
from snapproof.model.copy_on_write import wanted_device, wanted_track
from snapproof.model.encoding import is_virtual, virtual_device
from snapproof.model.pair_lists import list_of
from snapproof.model.sets import Position, StandardDevice, Track
from snapproof.model.state import NOBODY, NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant

from .places import activates_list, drains, frees, has_track, holds_candidate, obtains_track, works_on_log, works_on_standard


@invariant("H1", "lock missing")
def disk_adapter_holds_track(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """From 302 on a disk adapter holds the standard track of its request."""
    if da.at(copy_on_write.take_request, copy_on_write.test_bits_of_request):
        return True
    return s.track_lock[wanted_device(s, da), wanted_track(s, da)] == da.number


@invariant("H2", "lock missing")
def writer_holds_track(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """At 324 a host adapter holds the standard track that it writes."""
    if not ha.at(standard_write.write_standard_track):
        return True
    return not is_virtual(c, ha.device) and s.track_lock[ha.device, ha.track] == ha.number


@invariant("H3", "lock missing")
def slot_on_standard_is_held(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Whoever works on a virtual track that points to the standard track holds the standard track."""
    if not works_on_standard(c, ha):
        return True
    return ha.entry == STANDARD and s.track_lock[s.std_of[virtual_device(c, ha.device)], ha.track] == ha.number


@invariant("H4", "lock missing")
def slot_on_log_is_held(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Whoever works on a virtual track that points to a log track, or returns one, holds the log track."""
    if not works_on_log(c, ha) and not frees(c, ha):
        return True
    return ha.entry != STANDARD and s.log_lock[max(ha.entry, 0)] == ha.number


@invariant("H5", "lock missing")
def new_track_is_held(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host adapter holds the log track that it is obtaining or has obtained; it has one from 234 to the end."""
    if ha.fresh == NONE:
        return not has_track(ha)
    return s.log_lock[ha.fresh] == ha.number and (has_track(ha) or obtains_track(c, ha))


@invariant("H6", "lock missing")
def candidate_is_held(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter holds the log track that it is obtaining, from 234 to 252."""
    return not holds_candidate(da) or (da.fresh != NONE and s.log_lock[max(da.fresh, 0)] == da.number)


@invariant("H7", "lock missing")
def free_list_is_held(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host adapter at 242 holds the free list."""
    return not ha.at(log_tracks.modify_free_list) or s.free_list_lock == ha.number


@invariant("H8", "lock missing")
def free_list_is_held_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter at 242 holds the free list."""
    return not da.at(log_tracks.modify_free_list) or s.free_list_lock == da.number


@invariant("H9", "lock missing")
def device_is_held(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Calls that need a standard device to themselves have it, from its flag on: 458 to 462, 371c, 424, 426, 216 to 218."""
    if ha.at(removal.drain_to_remove, removal.stop_session,
             activate.drain_to_activate_one, activate.activate_one, activate.include_after_activate_one):
        return s.device_lock[s.std_of[ha.virtual]] == ha.number
    if ha.at(relate.drain_to_relate, relate.point_to_standard, relate.store_headers, relate.include_after_relate,
             device_tables.drain_to_establish, device_tables.establish_pointers, device_tables.establish_bits,
             device_tables.make_ready):
        return s.device_lock[ha.standard] == ha.number
    if ha.at(activate.drain_to_activate):
        return s.device_lock[s.std_of[max(s.pairs[list_of(c, ha), ha.list_place], 0)]] == ha.number
    return True


@invariant("H10", "lock shared")
def held_device_has_no_held_track(s: Array, c: Embodiment, d: StandardDevice, t: Track) -> bool:
    """While the flag of a standard device is raised none of its tracks is held, unless its holder waits for just that."""
    if s.device_lock[d] == NOBODY or s.track_lock[d, t] == NOBODY:
        return True
    return any(s.device_lock[d] == ha.number and drains(s, c, ha, d) for ha in s.all(HostAdapter))


@invariant("H11", "stuck lock")
def device_holder_is_at_work(s: Array, c: Embodiment, ha: HostAdapter, d: StandardDevice) -> bool:
    """A host adapter that holds a standard device is inside the part of a call that needs it."""
    if s.device_lock[d] != ha.number:
        return True
    if ha.at(register.drain_to_register, register.make_inactive, register.include_after_register,
             relate.drain_to_relate, relate.point_to_standard, relate.store_headers, relate.include_after_relate,
             device_tables.drain_to_establish, device_tables.establish_pointers, device_tables.establish_bits,
             device_tables.make_ready, device_tables.unlock_virtual_device):
        return d == ha.standard
    if ha.at(activate.drain_to_activate_one, activate.activate_one, activate.include_after_activate_one,
             removal.drain_to_remove, removal.stop_session):
        return d == s.std_of[ha.virtual]
    return activates_list(ha) and on_part_of_list(s, c, ha, d)


def on_part_of_list(s: Array, c: Embodiment, ha: HostAdapter, d: int) -> bool:
    """Does the part of the list whose devices are held now have a pair of this standard device?"""
    first = 0
    last = ha.list_place
    if ha.at(activate.drain_to_activate, activate.next_to_exclude):
        last = ha.list_place + 1
    if ha.at(activate.first_to_activate, activate.more_to_activate, activate.activate_pair, activate.next_to_activate,
             activate.first_to_include):
        last = ha.list_length
    if ha.at(activate.more_to_include, activate.include_after_activate):
        first = ha.list_place
        last = ha.list_length
    if ha.at(activate.next_to_include):
        first = ha.list_place + 1
        last = ha.list_length
    for i in c.each(Position):
        v = s.pairs[list_of(c, ha), i]
        if i >= first and i < last and v != NONE:
            if s.std_of[v] == d:
                return not ha.at(activate.empty_list, activate.fail_activation)
    return False


@invariant("H12", "stuck lock")
def disk_adapter_holds_no_device(s: Array, c: Embodiment, da: DiskAdapter, d: StandardDevice) -> bool:
    """A disk adapter never has exclusive access to a standard device."""
    return s.device_lock[d] != da.number


@invariant("H13", "lock missing")
def list_is_held(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Activate holds its list from 482 to the end."""
    return not activates_list(ha) or s.list_lock[list_of(c, ha)] == ha.number


@invariant("H14", "lock missing")
def session_resources_are_held(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Register at 432b holds the session resources."""
    return not ha.at(register.reserve_session) or s.session_lock == ha.number


