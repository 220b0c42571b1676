"""I1c, I10m, I20e, I24xe, W52 to W55: a virtual device that is restored to a new one has a true copy (Fig. 20E)."""

from __future__ import annotations

from snapproof.model import restore_virtual
from snapproof.model.sets import Block, LogTrack, Session, Track, VirtualDevice
from snapproof.model.state import NOBODY, STANDARD, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import transition, witness
from snapproof.vocabulary.restore_values import CopySession
from snapproof.vocabulary.states import SessionByte, VirtualState

from .common import view
from .refusals import refused
from .virtual_view import block_name, place_name, value_name


@transition("I1c", "copy differs", steps=[restore_virtual.make_copy_ready])
def copy_shows_what_the_source_shows(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: Track, b: Block) -> bool:
    """When the new virtual device becomes ready it shows what the other one shows, and must show that; the other one what it did."""
    shown = view(before, c, ha.virtual, t, b)
    return (view(after, c, ha.copy, t, b) == shown and view(after, c, ha.virtual, t, b) == shown
            and after.image[ha.copy, t, b] == before.image[ha.virtual, t, b] == after.image[ha.virtual, t, b])


@copy_shows_what_the_source_shows.explain
def _copy_shows_what_the_source_shows(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: int, b: int) -> tuple[str, str]:
    shown, copied = view(before, c, ha.virtual, t, b), view(after, c, ha.copy, t, b)
    if copied != shown:
        return (f"{block_name(ha.copy, t, b)} shows {value_name(shown)}, as {VirtualDevice.member(ha.virtual)} does",
                f"{value_name(copied)}, read from {place_name(after, ha.copy, after.pointer[ha.copy, t], t)}")
    return (f"{block_name(ha.virtual, t, b)} is as before, and {VirtualDevice.member(ha.copy)} must show what it must",
            f"{value_name(view(after, c, ha.virtual, t, b))}; they must show {value_name(after.image[ha.virtual, t, b])} "
            f"and {value_name(after.image[ha.copy, t, b])}")


@transition("I20e", "wrong entry", steps=[restore_virtual.point_copy_to_standard, restore_virtual.point_copy_to_log])
def entry_is_that_of_the_source(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Behind the box the new device points to where the other one did when its entry was tested; that one is not changed."""
    return (after.pointer[ha.copy, ha.due_track] == ha.entry
            and after.pointer[ha.virtual, ha.due_track] == before.pointer[ha.virtual, ha.due_track])


@entry_is_that_of_the_source.explain
def _entry_is_that_of_the_source(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.copy)} {Track.member(ha.due_track)} points to where {VirtualDevice.member(ha.virtual)} did",
            "it points elsewhere, or that one's entry was changed")


@transition("I10m", "slot of another used", steps=[restore_virtual.point_copy_to_log])
def log_track_copied_is_not_anothers(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The map bits of a log track are changed while nobody else holds it (234)."""
    return before.log_lock[max(ha.entry, 0)] in (NOBODY, ha.number)


@log_track_copied_is_not_anothers.explain
def _log_track_copied_is_not_anothers(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{LogTrack.member(max(ha.entry, 0))} is in nobody else's hands",
            "another process holds it, and may be writing its map bits back")


@transition("I24xe", "error without cause", steps=[restore_virtual.close_source, restore_virtual.exclude_standard_of_source,
                                                   restore_virtual.reserve_for_copy])
def refused_copy_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """It is refused for a virtual device that is not active; at last, for a new one that is used or has no number, too; and always then."""
    active = before.vdev_state[ha.virtual] == VirtualState.ACTIVE
    if not ha.at(restore_virtual.reserve_for_copy):
        return not refused(after, ha) or not active
    here = after.same(ha)
    if here.at(restore_virtual.reserve_for_copy):
        return True
    return refused(after, ha) == (not active or not copy_possible(before, c, ha))


def copy_possible(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Is the new virtual device unused, and is there a session number for it?"""
    std = s.std_of[ha.virtual]
    return s.vdev_state[ha.copy] == VirtualState.UNUSED and (
        c.copy_session == CopySession.SHARED or any(s.session_byte[std, k] == SessionByte.FREE for k in c.each(Session)))


@refused_copy_had_a_cause.explain
def _refused_copy_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    if refused(after, ha):
        return (f"{VirtualDevice.member(ha.virtual)} is active, {VirtualDevice.member(ha.copy)} unused, and a session number free",
                "an error is returned")
    return f"{VirtualDevice.member(ha.virtual)} is not restored to {VirtualDevice.member(ha.copy)}", "no error is returned"


# --- what must be reachable ---------------------------------------------------------------------------------------------------


@witness("W52")
def log_track_is_shared_with_the_copy(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The new virtual device is about to share a log track with the one restored to it."""
    return ha.at(restore_virtual.point_copy_to_log)


@witness("W53")
def restore_waits_for_a_virtual_write(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """The restore has to wait for a host that has a log track of the virtual device in hand."""
    log = s.pointer[ha.virtual, t]
    return ha.at(restore_virtual.drain_source) and log != STANDARD and s.log_lock[max(log, 0)] != NOBODY


@witness("W54")
def no_number_for_the_copy(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The new virtual device is about to be refused because no session number is left."""
    return (ha.at(restore_virtual.reserve_for_copy) and s.vdev_state[ha.virtual] == VirtualState.ACTIVE
            and s.vdev_state[ha.copy] == VirtualState.UNUSED and not copy_possible(s, c, ha))


@witness("W55")
def source_is_gone_when_it_is_closed(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A restore was faster: the virtual device that is closed is not active any more when the flag of its device is to be raised."""
    return ha.at(restore_virtual.exclude_standard_of_source) and s.vdev_state[ha.virtual] != VirtualState.ACTIVE
