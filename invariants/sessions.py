"""I9, I11, I20: session numbers, readiness, and lists of related pairs."""

from __future__ import annotations

from snapproof.model import activate, deactivation, removal
from snapproof.model.encoding import Assigned
from snapproof.model.pair_lists import on_list
from snapproof.model.parts import REGISTERED
from snapproof.model.sets import LogTrack, PairList, Session, StandardDevice, Track, VirtualDevice
from snapproof.model.state import NONE, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant
from snapproof.vocabulary.group_values import Step466
from snapproof.vocabulary.restore_values import RestoreReady
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import RemovalReady, Step742

from .common import live


@invariant("I9", "session reused too early")
def free_session_is_clean(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """A free session number has no protection bit, no map bit and no virtual device."""
    if s.session_byte[d, k] != SessionByte.FREE:
        return True
    for t in c.each(Track):
        if has(s.protection[d, t], k):
            return False
    for log in c.each(LogTrack):
        if isinstance(s.extra[log], Assigned) and has(s.map_bits[log], k):
            if s.extra[log].device == d:
                return False
    return s.bound[d, k] == NONE


@free_session_is_clean.explain
def _free_session_is_clean(s: Array, c: Embodiment, d: int, k: int) -> tuple[str, str]:
    return (f"{Session.member(k)} of {StandardDevice.member(d)} is free, so no protection bit and no map bit of it is set",
            "one is still set: the next virtual device with this number would inherit it")


@invariant("I9b", "session shared")
def session_belongs_to_one(s: Array, c: Embodiment, d: StandardDevice, k: Session, q: Session) -> bool:
    """No virtual device has two sessions, and a related one has the session that its header names."""
    v = s.bound[d, k]
    if v == NONE:
        return True
    if k != q and s.bound[d, q] == v:
        return False
    return not live(s, v) or (s.std_of[v] == d and s.session_of[v] == k)


@session_belongs_to_one.explain
def _session_belongs_to_one(s: Array, c: Embodiment, d: int, k: int, q: int) -> tuple[str, str]:
    v = s.bound[d, k]
    return (f"{VirtualDevice.member(v)} has one session, the one that its header names",
            f"{StandardDevice.member(d)} has it under {Session.member(k)} and {Session.member(q)}; its header names "
            f"{Session.member(s.session_of[v])} of {StandardDevice.member(s.std_of[v])}")


@invariant("I9c", "session shared")
def live_device_has_session(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """A related virtual device has an inactive session of its own, an active one an active session."""
    if not live(s, v):
        return True
    d = s.std_of[v]
    k = s.session_of[v]
    byte = SessionByte.ACTIVE if s.vdev_state[v] == VirtualState.ACTIVE else SessionByte.INACTIVE
    return s.bound[d, k] == v and s.session_byte[d, k] == byte


@live_device_has_session.explain
def _live_device_has_session(s: Array, c: Embodiment, v: int) -> tuple[str, str]:
    d, k = s.std_of[v], s.session_of[v]
    state = VirtualState(s.vdev_state[v]).name.lower()
    owner = VirtualDevice.member(s.bound[d, k]) if s.bound[d, k] != NONE else "no virtual device"
    return (f"{VirtualDevice.member(v)} is {state} and has session {Session.member(k)} of {StandardDevice.member(d)}",
            f"that session is {SessionByte(s.session_byte[d, k]).name.lower()} and belongs to {owner}")


@invariant("I9d", "leaked session")
def inactive_session_is_used(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """An inactive or active session has a virtual device, or is being registered."""
    if s.session_byte[d, k] not in (SessionByte.INACTIVE, SessionByte.ACTIVE) or s.bound[d, k] != NONE:
        return True
    return any(ha.at(REGISTERED) and ha.standard == d and ha.reserved == k for ha in s.all(HostAdapter))


@inactive_session_is_used.explain
def _inactive_session_is_used(s: Array, c: Embodiment, d: int, k: int) -> tuple[str, str]:
    return (f"{Session.member(k)} of {StandardDevice.member(d)} has a virtual device, or is free",
            "it has neither: the number is lost for ever")


@invariant("I11", "wrong readiness")
def ready_device_is_active(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """A virtual device is ready to hosts exactly while it is active; some embodiments keep it so during removal or restore, or for reads
    when it is deactivated."""
    if s.vdev_state[v] == VirtualState.REMOVING and c.removal_ready == RemovalReady.READY_UNTIL_DONE:
        return True
    if s.vdev_state[v] == VirtualState.RESTORING and c.restore_ready == RestoreReady.READY_UNTIL_DONE:
        return True
    if s.read_only[v] == 1 and s.vdev_state[v] != VirtualState.REMOVING:
        return s.vdev_state[v] == VirtualState.DEACTIVATED and s.ready[v] == 1
    if s.vdev_state[v] == VirtualState.DEACTIVATED and s.ready[v] == 1:
        # Its session is inactive since 736, and 742 is to come, or leaves it ready.
        return c.step_742 == Step742.LEFT_READY or any(
            ha.at(deactivation.include_after_deactivate, deactivation.make_not_ready) and ha.virtual == v for ha in s.all(HostAdapter))
    return (s.vdev_state[v] == VirtualState.ACTIVE) == (s.ready[v] == 1)


@ready_device_is_active.explain
def _ready_device_is_active(s: Array, c: Embodiment, v: int) -> tuple[str, str]:
    state = VirtualState(s.vdev_state[v]).name.lower()
    return (f"{VirtualDevice.member(v)} is ready exactly while it is active",
            f"it is {'ready' if s.ready[v] else 'not ready'}{' for reads only' if s.read_only[v] else ''} and {state}")


@invariant("I20", "lost pair")
def related_pair_is_listed(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """A related pair stands on exactly one list, except when its removal has begun, or Relate goes on to activate it."""
    if s.vdev_state[v] != VirtualState.RELATED:
        return True
    for ha in s.all(HostAdapter):
        if ha.at(removal.exclude_to_remove, removal.drain_to_remove, removal.stop_session) and ha.virtual == v:
            return True
        if c.step_466 != Step466.LISTED and ha.virtual == v:
            if ha.at(activate.exclude_to_activate_one, activate.drain_to_activate_one, activate.activate_one):
                return True
    lists = 0
    for i in c.each(PairList):
        if on_list(s, c, i, v):
            lists = lists + 1
    return lists == 1


@related_pair_is_listed.explain
def _related_pair_is_listed(s: Array, c: Embodiment, v: int) -> tuple[str, str]:
    return (f"{VirtualDevice.member(v)} is related and waits on a list",
            "it is on none, or on two: an Activate will miss or repeat it")


@invariant("I20b", "orphaned pair")
def listed_pair_exists(s: Array, c: Embodiment, i: PairList, v: VirtualDevice) -> bool:
    """A pair on a list has not been removed."""
    return live(s, v) or s.vdev_state[v] == VirtualState.RELATING or not on_list(s, c, i, v)


@listed_pair_exists.explain
def _listed_pair_exists(s: Array, c: Embodiment, i: int, v: int) -> tuple[str, str]:
    return (f"{VirtualDevice.member(v)} was removed, so it waits on no list",
            f"it is on {PairList.member(i)}: every Activate of the list fails from now on")


