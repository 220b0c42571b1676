"""V: virtual devices, their sessions, and the protection bits of those that are not yet, or no longer, live."""

from __future__ import annotations

from snapproof.model import activate, copy_on_write, device_tables, register, relate, removal, virtual_write
from snapproof.model.copy_on_write import wanted_device, wanted_track
from snapproof.model.encoding import virtual_device
from snapproof.model.pair_lists import list_of, on_any_list
from snapproof.model.register import free_session
from snapproof.model.sets import PairList, Position, Session, StandardDevice, Track, VirtualDevice
from snapproof.model.state import NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant
from snapproof.vocabulary.states import SessionByte, VirtualState

from .places import establishes, has_headers, has_inactive, has_reserved, relates, works_on_standard

# --- sessions ---------------------------------------------------------------------------------------------------------


@invariant("V1", "session shared")
def bound_device_knows_its_session(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """The virtual device of a session is as far along as the session byte says, and its header names the session."""
    v = s.bound[d, k]
    if v == NONE:
        return s.session_byte[d, k] != SessionByte.ACTIVE
    if s.session_byte[d, k] == SessionByte.ACTIVE:
        return names(s, v, d, k) and (s.vdev_state[v] == VirtualState.ACTIVE or s.vdev_state[v] == VirtualState.RELATING)
    if s.session_byte[d, k] != SessionByte.INACTIVE:
        return False
    if s.vdev_state[v] == VirtualState.REGISTERED or s.vdev_state[v] == VirtualState.RELATING:
        return True
    return names(s, v, d, k) and (s.vdev_state[v] == VirtualState.RELATED or s.vdev_state[v] == VirtualState.REMOVING)


def names(s: Array, v: int, d: int, k: int) -> bool:
    """Does the header of the virtual device name this session?"""
    return s.std_of[v] == d and s.session_of[v] == k


@invariant("V2", "session shared")
def established_device_has_its_session(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """A virtual device that is related, active or being removed is the one of the session that its header names."""
    if s.vdev_state[v] < VirtualState.RELATED:
        return True
    return s.bound[s.std_of[v], s.session_of[v]] == v


@invariant("V3", "session shared")
def device_has_one_session(s: Array, c: Embodiment, d: StandardDevice, e: StandardDevice, k: Session, q: Session) -> bool:
    """No virtual device has two sessions."""
    return (d == e and k == q) or s.bound[d, k] == NONE or s.bound[d, k] != s.bound[e, q]


@invariant("V4", "session shared")
def unused_device_has_no_session(s: Array, c: Embodiment, v: VirtualDevice, d: StandardDevice, k: Session) -> bool:
    """An unused virtual device has no session."""
    return s.vdev_state[v] != VirtualState.UNUSED or s.bound[d, k] != v


@invariant("V5", "foreign bit")
def reserved_session_has_no_device(s: Array, c: Embodiment, d: StandardDevice, k: Session, t: Track) -> bool:
    """A protection bit is set only for a virtual device that is at least being related, or for an unrelated feature."""
    if not has(s.protection[d, t], k) or (c.foreign_bits == 1 and k == c.size(Session) - 1):
        return True
    v = s.bound[d, k]
    return v != NONE and s.vdev_state[max(v, 0)] >= VirtualState.RELATING


@invariant("V6", "dangling pointer")
def only_established_devices_have_log_tracks(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """Only the entries of an active virtual device, or of one being removed, point to log tracks."""
    return s.pointer[v, t] == STANDARD or s.vdev_state[v] == VirtualState.ACTIVE or s.vdev_state[v] == VirtualState.REMOVING


@invariant("V7", "unsaved track")
def unsaved_track_has_its_bit(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """I3a without its excuse: the bit of a related or active device is set as long as its entry points to the track."""
    if s.vdev_state[v] != VirtualState.RELATED and s.vdev_state[v] != VirtualState.ACTIVE:
        return True
    return s.pointer[v, t] != STANDARD or has(s.protection[s.std_of[v], t], s.session_of[v])


@invariant("V21", "stale protection")
def saved_track_has_bit_only_at_work(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """I3b without its excuse: the bit of an entry that points to a log track is set only between 348 and 352, or 308 and 316."""
    if s.vdev_state[v] < VirtualState.ACTIVE or s.pointer[v, t] == STANDARD:
        return True
    d = s.std_of[v]
    if not has(s.protection[d, t], s.session_of[v]):
        return True
    for ha in s.all(HostAdapter):
        if ha.at(virtual_write.clear_own_bit) and virtual_device(c, ha.device) == v and ha.track == t:
            return True
    for da in s.all(DiskAdapter):
        if da.at(copy_on_write.move_pointers, copy_on_write.clear_protection_bits) and has(da.mask, s.session_of[v]):
            if wanted_device(s, da) == d and wanted_track(s, da) == t:
                return True
    return False


@invariant("V22", "wrong readiness")
def ready_device_is_active(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """Only an active virtual device is ready."""
    return s.ready[v] == 0 or s.vdev_state[v] == VirtualState.ACTIVE


@invariant("V24", "session shared")
def device_stays_active(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A virtual device stays active while somebody holds the standard track that an entry of it pointed to."""
    return not works_on_standard(c, ha) or s.vdev_state[virtual_device(c, ha.device)] == VirtualState.ACTIVE


# --- Register ---------------------------------------------------------------------------------------------------------


@invariant("V8", "session shared")
def chosen_session_is_free(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """At 432b the number chosen is free still, and the virtual device unused."""
    if not ha.at(register.reserve_session):
        return True
    return s.vdev_state[ha.virtual] == VirtualState.UNUSED and ha.reserved == free_session(s, c, ha.standard)


@invariant("V9", "session shared")
def reserved_session_is_own(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 432b to 446 the session is reserved, then inactive, and has no virtual device yet."""
    if not has_reserved(c, ha) or ha.reserved >= c.size(Session):
        return not ha.at(register.create_virtual_device, register.store_registration)
    if s.vdev_state[ha.virtual] != VirtualState.REGISTERED or s.bound[ha.standard, ha.reserved] != NONE:
        return False
    if c.foreign_bits == 1 and ha.reserved == c.size(Session) - 1:
        return False
    return s.session_byte[ha.standard, ha.reserved] == (SessionByte.INACTIVE if has_inactive(ha) else SessionByte.RESERVED)


@invariant("V10", "session shared")
def device_being_registered_has_no_session(s: Array, c: Embodiment, ha: HostAdapter, d: StandardDevice, k: Session) -> bool:
    """From 432b to 446 the virtual device has no session."""
    return not has_reserved(c, ha) or ha.reserved >= c.size(Session) or s.bound[d, k] != ha.virtual


@invariant("V11", "session shared")
def registrations_do_not_meet(s: Array, c: Embodiment, ha: HostAdapter, hb: HostAdapter) -> bool:
    """Two calls of Register have different virtual devices and different sessions."""
    if ha.number == hb.number or not has_reserved(c, ha) or not has_reserved(c, hb):
        return True
    if ha.reserved >= c.size(Session) or hb.reserved >= c.size(Session):
        return True
    return ha.virtual != hb.virtual and (ha.standard != hb.standard or ha.reserved != hb.reserved)


# --- Relate and establish -----------------------------------------------------------------------------------------------


@invariant("V12", "session shared")
def device_being_related_is_own(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 456 to 466 the virtual device is being related, and has an inactive session of the standard device."""
    if not relates(ha):
        return True
    if s.vdev_state[ha.virtual] != VirtualState.RELATING:
        return False
    if has_headers(ha):
        k = s.session_of[ha.virtual]
        return s.std_of[ha.virtual] == ha.standard and s.bound[ha.standard, k] == ha.virtual and (
            s.session_byte[ha.standard, k] == SessionByte.INACTIVE)
    return relate.session_for(s, c, ha.standard, ha.virtual) != NONE


@invariant("V13", "session shared")
def device_being_established_is_own(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 214 to 217 the virtual device is being related, and has an active session of the standard device."""
    if not establishes(ha):
        return True
    k = s.session_of[ha.virtual]
    return s.vdev_state[ha.virtual] == VirtualState.RELATING and s.std_of[ha.virtual] == ha.standard and (
        s.bound[ha.standard, k] == ha.virtual and s.session_byte[ha.standard, k] == SessionByte.ACTIVE)


@invariant("V14", "session shared")
def calls_do_not_meet(s: Array, c: Embodiment, ha: HostAdapter, hb: HostAdapter) -> bool:
    """Two calls that relate or establish have different virtual devices."""
    if ha.number == hb.number or ha.virtual != hb.virtual:
        return True
    return not (relates(ha) or establishes(ha)) or not (relates(hb) or establishes(hb))


@invariant("V15", "lost pre-image")
def bits_are_set_behind_the_loop(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """At 464 and 216b the bits of the tracks behind the loop are set; at 466 and 217 all are."""
    if ha.at(relate.add_to_list, device_tables.make_ready):
        return has(s.protection[ha.standard, t], s.session_of[ha.virtual])
    if not ha.at(relate.set_protection_bits, device_tables.establish_bits) or t >= ha.due_track:
        return True
    return has(s.protection[ha.standard, t], s.session_of[ha.virtual])


@invariant("V16", "unsaved track")
def active_session_with_bits_is_ready_or_held(s: Array, c: Embodiment, d: StandardDevice, k: Session, t: Track) -> bool:
    """While a device is being established in one call, its bits are set only with the standard device held."""
    v = s.bound[d, k]
    if v == NONE or s.session_byte[d, k] != SessionByte.ACTIVE or not has(s.protection[d, t], k):
        return True
    if s.vdev_state[v] == VirtualState.ACTIVE:
        return True
    for ha in s.all(HostAdapter):
        if ha.at(device_tables.establish_bits, device_tables.make_ready) and ha.virtual == v:
            return ha.standard == d
    return False


# --- lists ----------------------------------------------------------------------------------------------------------------


@invariant("V17", "orphaned pair")
def listed_device_is_live(s: Array, c: Embodiment, i: PairList, j: Position) -> bool:
    """What stands on a list is related or active."""
    v = s.pairs[i, j]
    return v == NONE or s.vdev_state[max(v, 0)] == VirtualState.RELATED or s.vdev_state[max(v, 0)] == VirtualState.ACTIVE


@invariant("V18", "broken list")
def list_has_no_gap(s: Array, c: Embodiment, i: PairList, j: Position) -> bool:
    """The pairs of a list stand at its first places."""
    return j + 1 >= c.size(Position) or s.pairs[i, j] != NONE or s.pairs[i, min(j + 1, c.size(Position) - 1)] == NONE


@invariant("V19", "lost pair")
def pair_stands_on_one_place(s: Array, c: Embodiment, i: PairList, j: Position, m: PairList, n: Position) -> bool:
    """A pair stands on one place of one list."""
    return (i == m and j == n) or s.pairs[i, j] == NONE or s.pairs[i, j] != s.pairs[m, n]


@invariant("V23", "orphaned pair")
def device_stays_off_lists(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 371b to 371c the virtual device is on no list: only a device that is being related is put on one."""
    return not ha.at(removal.drain_to_remove, removal.stop_session) or not on_any_list(s, c, ha.virtual)


@invariant("V20", "session shared")
def device_stays_established(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 371b and 422 to the end the virtual device is established, because its standard device is held since the test."""
    if not ha.at(removal.drain_to_remove, removal.stop_session,
                 activate.drain_to_activate_one, activate.activate_one, activate.include_after_activate_one):
        return True
    return s.vdev_state[ha.virtual] == VirtualState.RELATED or s.vdev_state[ha.virtual] == VirtualState.ACTIVE


@invariant("V25", "session shared")
def pair_to_activate_stays_related(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """From 487 until nobody is inside the pair is related, because its standard device and its list are held since the test."""
    if not ha.at(activate.drain_to_activate):
        return True
    v = s.pairs[list_of(c, ha), ha.list_place]
    return v != NONE and s.vdev_state[max(v, 0)] == VirtualState.RELATED
