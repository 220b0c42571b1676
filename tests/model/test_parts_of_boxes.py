"""What the parts of the boxes say, found in what the boxes do: a part too few or too many at any box is told (docs/mutants.md)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from boxes_kit import LOCK_CELLS, asks, behind, between, calls, changes, every_box, leads_to, lets_go, nodes, stores, takes, ways

from snapproof.invariants.boxes import disk_boxes, host_boxes
from snapproof.model import (
    activate,
    copy_on_write,
    deactivation,
    device_tables,
    indirect_tracks,
    locks,
    log_tracks,
    parts,
    register,
    relate,
    removal,
    restore,
    restore_new,
    restore_virtual,
    standard_write,
    way_back,
)
from snapproof.model.state import DiskAdapter, HostAdapter
from snapproof.spec import DONE, FigureCall, tree
from snapproof.spec.parts import Part
from snapproof.spec.processes import Step

ON_ONE_TRACK = {"pointer", "protection", "map_bits", "extra", "log_data"}
"""What depends on a track of a standard device."""

ONCE_MORE = {deactivation.include_virtual_device, restore_new.exclude_old_and_new}
"""As printed, 744 lets go what 738 has let go; 581b gives up between the flags of two devices."""

BEGINS_ANEW = {restore_new.take_off_list_to_restore_to_new, relate.set_protection_bits, relate.add_to_list}
"""581c comes here with nothing in hand, where the pair is on a list again; 462 lets go what 422 takes again behind 466."""

OVERWRITES = {copy_on_write.refuse_request}
"""With exhaustion = overwrite it goes on as if the old data had been saved."""

IN_PLACE = {standard_write.write_standard_track, copy_on_write.serve_without_bits}
"""These write a track where it is, in one transition: on itself, or on the log track to which it points."""


def ends() -> set[Step]:
    return {b for kind, boxes in ((HostAdapter, host_boxes()), (DiskAdapter, disk_boxes())) for b in boxes if DONE in leads_to(b, kind)}


def asks_ready() -> set[Step]:
    """A box that has locked a slot asks again, and begins anew where it is not."""
    return {b for b in not_ready() if any(isinstance(t, Step) and parts.REFUSES in t.parts for t in leads_to(b))}


def not_ready() -> set[Step]:
    return {b for b in every_box() if asks(b, "ready")}


def tells() -> set[Step]:
    return {b for b in disk_boxes() if DONE in leads_to(b, DiskAdapter)}


def moves() -> set[Step]:
    """Where no device is live yet, or the entry of a device is set by a call, nothing that a host wrote is lost by it."""
    others = {relate.point_to_standard, device_tables.establish_pointers, device_tables.modify_entry,
              restore_virtual.point_copy_to_standard, restore_virtual.point_copy_to_log}
    return {b for b in every_box() if stores(b, "pointer") or stores(b, "log_data")} - others


def on_track() -> set[Step]:
    """Behind a box that takes the slot, where something changes that depends on the track; who only lets it go is done."""
    regions = [apart(behind(b)) for b in every_box() if takes(b, "track_lock")]
    inside = {b for region in regions if any(changes(b) & ON_ONE_TRACK and b not in IN_PLACE for b in region) for b in region}
    return {b for b in inside if not (parts.LOCKS in b.parts and lets_go(b, "track_lock"))} | copies_back()


def apart(region: set[Step]) -> set[Step]:
    """Without the copying back of the track, which is a part of its own, and Fig. 9 where only that enters it."""
    left = {b for b in region if b.within is not indirect_tracks.COPY_BACK}
    return left if log_tracks.obtain_log_track in left else {b for b in left if b.within is not log_tracks.LOG_TRACKS}


def copies_back() -> set[Step]:
    return {b for b in every_box() if b.within is indirect_tracks.COPY_BACK}


def restores() -> set[Step]:
    return between(restore.stop_virtual_device, restore.change_session_type) | to_new()


def to_new() -> set[Step]:
    return between(restore_new.stop_virtual_device_of_old, restore_new.change_session_type_of_old)


def copies() -> set[Step]:
    return between(restore_virtual.reserve_for_copy, restore_virtual.make_copy_ready)


def removes() -> set[Step]:
    """From the entry that is read to the next track; what Fig. 9 does there, properties ask for by its name."""
    return {b for b in between(removal.test_entry_to_remove, removal.next_track) - {removal.next_track} if b.within is None}


def chooses() -> set[Step]:
    return between(log_tracks.lock_log_track, log_tracks.modify_free_list)


def new_track() -> set[Step]:
    """Behind the calls by which a host adapter obtains one."""
    made = [n.target for b in every_box() if b.owner is HostAdapter for n in nodes(b) if isinstance(n, tree.StepRef)]
    obtained = [c.exits["done"] for c in made if isinstance(c, FigureCall) and c.first is log_tracks.obtain_log_track]
    return {b for b in ways(obtained) if b.within is None}


def exclusive() -> set[Step]:
    """What changes more than locks from the box that enters to the one that ends it, which may do the work itself."""
    found = {b for first in every_box() if calls(first, locks.enter)
             for last in set(ways({first})) - ONCE_MORE if lets_go(last, "device_lock") for b in between(first, last)}
    return {b for b in found if changes(b) - LOCK_CELLS} - BEGINS_ANEW


def with_list() -> set[Step]:
    return set(ways({activate.take_list})) - {activate.take_list, activate.leave_to_group}


def backs_up() -> set[Step]:
    """What a host's own memory of a rolling backup is changed by, and others see."""
    works = {b for b in every_box() if changes(b) & {"saved", "rolled", "kept"}}
    return works | between(way_back.start_with_image, way_back.apply_saved_tracks) - {b for b in every_box() if b.local}


def registered() -> set[Step]:
    return between(register.make_inactive, register.store_registration) - {register.make_inactive}


FOUND: dict[Part, Callable[[], set[Step]]] = {
    parts.ENDS: ends, parts.ASKS_READY: asks_ready, parts.NOT_READY: not_ready, parts.TELLS: tells, parts.MOVES: moves,
    parts.ON_TRACK: on_track, parts.REMOVES: removes, parts.CHOOSES: chooses, parts.NEW_TRACK: new_track,
    parts.COPIES_BACK: copies_back, parts.RESTORES: restores, parts.TO_NEW: to_new, parts.COPIES: copies,
    parts.EXCLUSIVE: exclusive, parts.WITH_LIST: with_list, parts.REGISTERED: registered,
    parts.BACKS_UP: backs_up,
}


@pytest.mark.slow
@pytest.mark.parametrize("part", FOUND, ids=lambda p: p.name)
def test_the_boxes_of_a_part_are_those_that_do_what_it_says(part: Part) -> None:
    assert set(part.boxes) == FOUND[part]()


def test_every_part_says_what_a_box_is_for_or_is_found_in_what_boxes_do() -> None:
    assert {p for p in vars(parts).values() if isinstance(p, Part)} == {*parts.FIRST, *FOUND}


def test_every_box_says_what_it_is_for_and_only_one_thing() -> None:
    for box in every_box():
        assert len([p for p in box.parts if p in parts.FIRST]) == 1, f"{box.place} has to have one of the parts {parts.FIRST}"


def test_a_box_does_what_its_part_says() -> None:
    for box in every_box():
        found = changes(box)
        if parts.TESTS in box.parts or parts.LOCKS in box.parts:
            assert found <= LOCK_CELLS, f"{box.place} changes {found - LOCK_CELLS}"
        if parts.LOCKS in box.parts:
            assert found, f"{box.place} touches no lock"
        if any(p in box.parts for p in (parts.READS_STANDARD, parts.READS_VIRTUAL, parts.READS_ENTRY, parts.REFUSES)):
            assert found <= {*LOCK_CELLS, "mail"}, f"{box.place} changes {found}"
        if parts.WORKS in box.parts and box is not device_tables.write_standard_entry:  # what 182 stores, no property of the model sees
            assert found - LOCK_CELLS, f"{box.place} changes nothing"


def test_a_box_from_which_all_ways_end_with_an_error_refuses() -> None:
    errors = {b for b in parts.REFUSES.boxes if parts.ENDS in b.parts}
    for box in set(every_box()) - OVERWRITES:
        found = {b for b, targets in ways({box}).items() if DONE in targets}
        assert (parts.REFUSES in box.parts) == (bool(found) and found <= errors), box.place
