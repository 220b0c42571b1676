"""I24: an error has a cause, and a command ends only where its work is done or refused.

The box that returns an error comes after the cause may have gone.  So the box that *decides* is watched: where it
leads (in the state after it) and why (in the state before it).  The causes are written anew here, without the
helpers of the boxes.
"""

from __future__ import annotations

from snapproof.model import (
    activate,
    copy_on_write,
    device_tables,
    log_tracks,
    register,
    relate,
    removal,
    standard_write,
    virtual_read,
)
from snapproof.model.encoding import NotCreated, virtual_device
from snapproof.model.pair_lists import list_of
from snapproof.model.parts import ASKS_READY, NOT_READY, REFUSES, TELLS
from snapproof.model.sets import LogTrack, Session, StandardDevice, VirtualDevice
from snapproof.model.state import NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import transition
from snapproof.vocabulary.states import Mail, SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Exhaustion, Pool, ReadUnsaved

from .boxes import disk_boxes


def refused(after: Array, ha: HostAdapter) -> bool:
    """Does the box just executed by this host adapter lead to an error?"""
    here = after.same(ha)
    return here.at(REFUSES)


def ended(after: Array, ha: HostAdapter) -> bool:
    """Has the box just executed by this host adapter ended its command?"""
    here = after.same(ha)
    return here.idle


# --- writes --------------------------------------------------------------------------------------------------------


@transition("I24s", "error without cause", steps=[standard_write.wait_for_status])
def failed_write_had_bad_status(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """332 ends a write with an error only when the disk adapter has said that it could not save the old data."""
    return not refused(after, ha) or ha.mail == Mail.STATUS_ERROR


@failed_write_had_bad_status.explain
def _failed_write_had_bad_status(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "a write whose old data is saved is executed", f"it ends with an error, with the status {Mail(ha.mail).name}"


@transition("I24m", "error without cause", steps=disk_boxes())
def status_tells_the_truth(before: Array, after: Array, c: Embodiment, da: DiskAdapter, ha: HostAdapter) -> bool:
    """The host adapter served is told of an error exactly when the request was refused, and of success only at 304 and 318."""
    told = after.same(ha)
    if da.at(copy_on_write.refuse_request) and ha.number == da.serving and c.exhaustion != Exhaustion.OVERWRITE:
        return told.mail == Mail.STATUS_ERROR
    if told.mail == ha.mail:
        return told.mail != Mail.STATUS_ERROR or ha.number != da.serving
    if told.mail != Mail.STATUS_OK:
        return told.mail == Mail.TAKEN and da.at(copy_on_write.take_request)
    return ha.number == da.serving and da.at(TELLS)


@status_tells_the_truth.explain
def _status_tells_the_truth(before: Array, after: Array, c: Embodiment, da: DiskAdapter, ha: HostAdapter) -> tuple[str, str]:
    said = Mail(after.same(ha).mail).name
    wanted = "an error" if da.at(copy_on_write.refuse_request) else "success when its old data is saved, and of nothing before"
    return f"{HostAdapter.member(ha.id)} is told of {wanted}", f"its mail is {said}"


def exhausted(s: Array, c: Embodiment) -> bool:
    """Is no log track free, and has the pool no room for another, or must not use it?"""
    return s.free_head == NONE and not any(c.pool == Pool.GROWS and isinstance(s.extra[log], NotCreated) for log in c.each(LogTrack))


@transition("I24p", "error without cause", steps=[log_tracks.lock_log_track])
def refused_writer_found_no_track(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A write to a virtual device ends for want of a log track only when none is free and none can be created."""
    return not refused(after, ha) or exhausted(before, c)


@refused_writer_found_no_track.explain
def _refused_writer_found_no_track(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "a log track is free or can be created, so 234 takes it", "the write ends with an error"


def growing(s: Array) -> int:
    """How many processes are about to create a log track from the pool?"""
    return (sum(ha.at(log_tracks.grow_log_pool) for ha in s.all(HostAdapter))
            + sum(da.at(log_tracks.grow_log_pool) for da in s.all(DiskAdapter)))


@transition("I5g", "log track without need", steps=[log_tracks.lock_log_track])
def pool_grows_for_want_of_a_track(before: Array, after: Array, c: Embodiment) -> bool:
    """More log tracks are created only when they are required: while one is free, even if it is locked, 234 takes that."""
    return before.free_head == NONE or growing(after) <= growing(before)


@pool_grows_for_want_of_a_track.explain
def _pool_grows_for_want_of_a_track(before: Array, after: Array, c: Embodiment) -> tuple[str, str]:
    return f"{LogTrack.member(before.free_head)} is free, so no track is created", "a process goes on to create one"


@transition("I24q", "error without cause", steps=disk_boxes())
def refused_request_found_no_track(before: Array, after: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A request is refused only when no log track is free and none can be created."""
    here = after.same(da)
    return not here.at(copy_on_write.refuse_request) or exhausted(before, c)


@refused_request_found_no_track.explain
def _refused_request_found_no_track(before: Array, after: Array, c: Embodiment, da: DiskAdapter) -> tuple[str, str]:
    return "a log track is free or can be created, so 234 takes it", "the request is refused"


def kept_out(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Is the virtual device not ready for this command: at all, or for writes, or for a read of a track that it has not saved (754)?

    A read goes on to the standard device where an embodiment says so; a look-up tells where the entry points, whatever that is.
    """
    v = virtual_device(c, ha.device)
    if s.ready[v] == 0 or s.read_only[v] == 0:
        return s.ready[v] == 0
    if ha.at(virtual_read.test_entry_to_read, virtual_read.lock_slot_to_read):
        return c.read_unsaved != ReadUnsaved.STANDARD and s.pointer[v, ha.track] == STANDARD
    return not ha.at(virtual_read.test_entry_of_interest, virtual_read.lock_track_of_interest)


@transition("I24r", "error without cause", steps=[NOT_READY])
def refused_device_was_not_ready(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A virtual device answers with an error only while it is not ready for the command; a changed entry is no error."""
    return not refused(after, ha) or kept_out(before, c, ha)


@refused_device_was_not_ready.explain
def _refused_device_was_not_ready(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{VirtualDevice.member(virtual_device(c, ha.device))} is ready for the command, so it goes on", "an error is returned"


@transition("I24t", "error missing", steps=[ASKS_READY])
def device_not_ready_is_refused(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A virtual device that is not ready for a command answers with an error at once: it would go round until it is."""
    return refused(after, ha) or not kept_out(before, c, ha)


@device_not_ready_is_refused.explain
def _device_not_ready_is_refused(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(virtual_device(c, ha.device))} is not ready for the command, so an error is returned",
            "the command goes on")


# --- system calls --------------------------------------------------------------------------------------------------


def session_left(s: Array, c: Embodiment, std: int) -> bool:
    """Has a standard device a free session number?"""
    return any(s.session_byte[std, k] == SessionByte.FREE for k in c.each(Session))


@transition("I24g", "error without cause", steps=[register.choose_session, device_tables.lock_virtual_device])
def refused_device_was_used(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Register or establish refuses only a used virtual device, or one for which no session number is left.

    Register finds at 432a that none is left, and returns the error later, at 442.
    """
    if session_left(before, c, ha.standard):
        here = after.same(ha)
        if here.reserved == c.size(Session):
            return False
        return not refused(after, ha) or before.vdev_state[ha.virtual] != VirtualState.UNUSED
    return True


@refused_device_was_used.explain
def _refused_device_was_used(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.virtual)} is unused and {StandardDevice.member(ha.standard)} has a free session number",
            "an error is returned, or will be for want of a number")


@transition("I24h", "error without cause", steps=[register.test_registration])
def refused_registration_found_none(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """438 refuses exactly when 432a has found no session number."""
    return refused(after, ha) == (ha.reserved == c.size(Session))


@refused_registration_found_none.explain
def _refused_registration_found_none(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "Register fails exactly when 432a has found no session number", "438 decides otherwise"


@transition("I24l", "error without cause", steps=[relate.test_registered, relate.exclude_to_relate])
def refused_pair_was_not_registered(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Relate refuses only a pair that is not registered, or has been related since."""
    if not refused(after, ha) or before.vdev_state[ha.virtual] != VirtualState.REGISTERED:
        return True
    return not any(before.bound[ha.standard, k] == ha.virtual and before.session_byte[ha.standard, k] == SessionByte.INACTIVE
                   for k in c.each(Session))


@refused_pair_was_not_registered.explain
def _refused_pair_was_not_registered(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.virtual)} is registered with {StandardDevice.member(ha.standard)}, so Relate goes on",
            "an error is returned")


def was_related(s: Array, vdev: int) -> bool:
    """Is there such a pair (-1: none), and is it related and not yet active?"""
    return vdev != NONE and s.vdev_state[max(vdev, 0)] == VirtualState.RELATED


@transition("I24a", "error without cause", steps=[activate.test_related, activate.exclude_to_activate])
def refused_list_had_a_wrong_pair(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Activate fails only because of a pair that is not related."""
    return not refused(after, ha) or not was_related(before, before.pairs[list_of(c, ha), ha.list_place])


@refused_list_had_a_wrong_pair.explain
def _refused_list_had_a_wrong_pair(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    vdev = before.pairs[list_of(c, ha), ha.list_place]
    return f"{VirtualDevice.member(vdev)} is related, so Activate goes on", "an error is returned"


@transition("I24o", "error without cause", steps=[activate.exclude_to_activate_one])
def refused_pair_was_not_related(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A pair is not activated alone only when it is not related."""
    return not refused(after, ha) or not was_related(before, ha.virtual)


@refused_pair_was_not_related.explain
def _refused_pair_was_not_related(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{VirtualDevice.member(ha.virtual)} is related, so it is activated", "an error is returned"


@transition("I24v", "error without cause", steps=[removal.take_off_list, removal.exclude_to_remove, removal.stop_session])
def refused_removal_had_nothing(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A removal refuses only a virtual device that is neither related nor active nor deactivated: there is nothing to remove."""
    state = before.vdev_state[ha.virtual]
    return not refused(after, ha) or state not in (VirtualState.RELATED, VirtualState.ACTIVE, VirtualState.DEACTIVATED)


@refused_removal_had_nothing.explain
def _refused_removal_had_nothing(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    state = VirtualState(before.vdev_state[ha.virtual]).name.lower()
    return f"{VirtualDevice.member(ha.virtual)} is {state}, so it is removed", "an error is returned"
