"""I15b, I15k: what a rolling backup keeps is what was saved, and leads back to the image of each set (Figs. 29, 30)."""

from __future__ import annotations

from snapproof.model import way_back
from snapproof.model.sets import Block, Generation, Track, VirtualDevice
from snapproof.model.state import NOBODY, STANDARD, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import transition, witness
from snapproof.vocabulary.states import VirtualState

from .boxes import WITHOUT_CAUSE
from .refusals import refused
from .virtual_view import value_name


def set_block(g: int, t: int, b: int) -> str:
    """A block of a set in words."""
    return f"{Generation.member(g)} {Track.member(t)} {Block.member(b)}"


@transition("I15b", "wrong way back", steps=[way_back.return_image])
def way_back_leads_to_the_image(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: Track, b: Block) -> bool:
    """The image that a host has gone back to is what the virtual device of that set was to show."""
    return before.rolled[t, b] == before.kept_image[ha.goal, t, b]


@way_back_leads_to_the_image.explain
def _way_back_leads_to_the_image(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: int, b: int) -> tuple[str, str]:
    return (f"the image has {value_name(before.kept_image[ha.goal, t, b])} in {Track.member(t)} {Block.member(b)}, as the device of "
            f"{Generation.member(ha.goal)} had", value_name(before.rolled[t, b]))


@transition("I15k", "wrong set", steps=[way_back.save_track])
def set_is_what_was_saved(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: Track, b: Block) -> bool:
    """A set has the tracks that the virtual device points to on the log device, and what it is to show there."""
    if t != ha.due_track or refused(after, ha):
        return True
    kept = after.saved[before.kept, t, b]
    if before.pointer[ha.virtual, t] == STANDARD:
        return kept == 0
    return kept == before.image[ha.virtual, t, b] + 1


@set_is_what_was_saved.explain
def _set_is_what_was_saved(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: int, b: int) -> tuple[str, str]:
    kept = after.saved[before.kept, t, b]
    saved = before.pointer[ha.virtual, t] != STANDARD
    return (f"{set_block(before.kept, t, b)} is {value_name(before.image[ha.virtual, t, b]) if saved else 'not in the set'}",
            value_name(kept - 1) if kept else "it is not in the set")


@transition("I24w", WITHOUT_CAUSE, steps=[way_back.test_to_save, way_back.save_track])
def refused_set_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A set is refused only of a virtual device that is not deactivated, or when as many are kept as there is room for."""
    return not refused(after, ha) or before.vdev_state[ha.virtual] != VirtualState.DEACTIVATED or before.kept == c.generations


@refused_set_had_a_cause.explain
def _refused_set_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{VirtualDevice.member(ha.virtual)} is deactivated and there is room for a set, so it is kept", "an error is returned"


@transition("I24j", WITHOUT_CAUSE, steps=[way_back.test_to_roll_back, way_back.start_with_image])
def refused_way_back_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The way back is refused only for want of the set, or while the virtual device with which it begins is not active."""
    return not refused(after, ha) or ha.goal >= before.kept or before.vdev_state[ha.virtual] != VirtualState.ACTIVE


@refused_way_back_had_a_cause.explain
def _refused_way_back_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.virtual)} is active and {Generation.member(ha.goal)} is kept, so the image is made",
            "an error is returned")


@witness("W64")
def two_sets_are_applied(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """A host goes back beyond the most recent set (786), and a track is in both."""
    if not ha.at(way_back.apply_saved_tracks) or ha.set_place + 1 != s.kept or ha.set_place == 0:
        return False
    return s.saved[ha.set_place - 1, t, 0] > 0 and s.saved[min(ha.set_place, max(c.generations - 1, 0)), t, 0] > 0


@witness("W65")
def image_begins_beside_writes(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """The image is begun (782) while the standard device has other data than the virtual device."""
    if not ha.at(way_back.start_with_image) or s.track_lock[s.std_of[ha.virtual], t] != NOBODY:
        return False
    entry = s.pointer[ha.virtual, t]
    return entry != STANDARD and s.log_data[max(entry, 0), 0] != s.std_data[s.std_of[ha.virtual], t, 0]


@witness("W66")
def saved_device_is_removed(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The device is removed while a set of it is being read (766)."""
    return ha.at(way_back.save_track) and s.vdev_state[ha.virtual] != VirtualState.DEACTIVATED
