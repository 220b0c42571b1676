"""No box of the model is out of every property's sight: a box that is added is found, or told, without being listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from altered_model import Edit, altered, told_by
from boxes_kit import changes, leads_to, nodes, stores, ways

from snapproof.invariants import effects, endings, refusals, restores, restores_to_virtual, standard_data, virtual_view
from snapproof.invariants.boxes import disk_boxes, host_boxes, watched
from snapproof.model import activate, commands, copy_on_write, device_tables, parts, removal, restore_virtual
from snapproof.model.specification import SPECIFICATION
from snapproof.model.state import DiskAdapter, HostAdapter
from snapproof.spec import DONE, tree
from snapproof.spec.processes import Step
from snapproof.vocabulary.states import VirtualState

READS = set(watched(virtual_view.read_returns_image, standard_data.read_returns_last_write))
WRITES = set(watched(effects.standard_write_takes_effect, effects.virtual_write_takes_effect))
ERRORS = {b for b in parts.REFUSES.boxes if b in set(parts.ENDS.boxes)}


def ends_of(first: Step) -> set[Step]:
    """The boxes at which a command may end that begins here."""
    return {box for box, targets in ways({first}).items() if DONE in targets}


def compared(name: str) -> set[Step]:
    """The boxes behind which a property looks at this variable."""
    properties = [p for p in SPECIFICATION.properties.values() if p.kind == "transition" and read(SPECIFICATION.trees[p], "after", name)]
    return set(watched(*properties))


def read(function: tree.Function, state: str, name: str) -> bool:
    """Does a function read this variable in the state that it calls so, by itself or by a helper that gets that state?"""
    for n in tree.nodes(function):
        if isinstance(n, tree.Load) and n.variable.name == name and n.state == state:
            return True
        if isinstance(n, tree.Call) and any(given == tree.Name(state) and read(n.function, parameter, name)
                                            for parameter, given in zip(n.function.parameters, n.arguments, strict=True)):
            return True
    return False


def that_write(name: str, kind: type) -> set[Step]:
    """The boxes of a kind that store to this variable."""
    return {b for b in (host_boxes() if kind is HostAdapter else disk_boxes()) if stores(b, name)}


# --- from the trees --------------------------------------------------------------------------------------------------


def test_boxes_are_all_steps_of_the_specification() -> None:
    for kind, found in ((HostAdapter, host_boxes()), (DiskAdapter, disk_boxes())):
        assert {s for s in SPECIFICATION.steps[kind.__name__] if s.id != "next"} == set(found)


def test_where_a_read_ends_a_property_says_what_it_returns() -> None:
    assert ends_of(commands.READ.first) - ERRORS == READS == {*parts.READS_STANDARD.boxes, *parts.READS_VIRTUAL.boxes}


def test_where_a_write_ends_a_property_says_what_it_has_done() -> None:
    assert ends_of(commands.WRITE.first) - ERRORS - set(watched(endings.obtained_track_is_used)) == WRITES
    assert {*parts.WRITES_STANDARD.boxes, *parts.WRITES_VIRTUAL.boxes} == WRITES


def test_a_box_that_leads_to_an_error_has_a_property_that_asks_why() -> None:
    causes = {activate.include_before_error, *watched(*endings.CAUSES)}
    assert [b.name for b in host_boxes() if leads_to(b) & ERRORS and b not in causes] == []


def test_data_and_images_are_written_only_where_a_property_compares_them() -> None:
    copies = set(parts.MOVES.boxes) - set(parts.WRITES_VIRTUAL.boxes)
    points = {activate.activate_pair, activate.activate_one, device_tables.make_ready, removal.finish_removal}
    in_place = set(parts.WRITES_STANDARD.boxes)  # of an indirect track, which is what the property of the write looks at
    moved = set(watched(restores.restore_leaves_other_images))
    assert that_write("std_data", HostAdapter) | that_write("std_data", DiskAdapter) <= compared("std_data")
    assert compared("std_data") >= set(watched(effects.standard_write_takes_effect, effects.request_takes_effect))
    assert that_write("log_data", HostAdapter) - copies - in_place <= set(watched(effects.virtual_write_takes_effect))
    assert {b for b in copies if issubclass(HostAdapter, b.owner)} <= set(watched(virtual_view.work_keeps_virtual_writes))
    assert that_write("log_data", DiskAdapter) <= set(watched(virtual_view.copy_keeps_virtual_writes))
    copied = set(watched(restores_to_virtual.copy_shows_what_the_source_shows))
    assert that_write("image", HostAdapter) - points - moved - copied <= set(watched(effects.virtual_write_is_shown))
    assert that_write("image", DiskAdapter) == set()


def test_pointers_are_moved_only_where_a_property_sees_what_is_shown() -> None:
    assert that_write("pointer", DiskAdapter) <= set(watched(virtual_view.copy_keeps_virtual_writes))


def test_a_session_becomes_active_only_at_a_point_in_time() -> None:
    begins = {b for b in host_boxes() for n in nodes(b)
              if isinstance(n, tree.Store) and n.variable.name == "vdev_state" and n.value == tree.Const(VirtualState.ACTIVE)}
    assert begins == {activate.activate_pair, activate.activate_one, device_tables.make_ready, restore_virtual.make_copy_ready}
    assert activate.activate_pair in that_write("activated", HostAdapter)  # I16 and I24u go by it


def test_a_disk_adapter_tells_nothing_unseen() -> None:
    assert set(refusals.status_tells_the_truth.steps) == set(disk_boxes())
    assert {b for b in disk_boxes() if "mail" in changes(b)} == {*parts.TELLS.boxes, copy_on_write.take_request}


# --- on a copy of the model ------------------------------------------------------------------------------------------

CACHE: list[Edit] = [
    ("commands.py", "return virtual_read.test_entry_to_read if", "return virtual_read.look_into_cache if"),
    ("virtual_read.py", "# --- Fig. 6: a table entry", '''@step(HostAdapter, "280", "Fig. 10")
def look_into_cache(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Return the block from the cache, if it was ever saved."""
    return DONE if s.log_data[0, ha.read_block] >= 0 else test_entry_to_read


# --- Fig. 6: a table entry'''),
]

SKIPPED: list[Edit] = [
    ("commands.py", "else standard_write.test_protection_bits", "else standard_write.write_later"),
    ("standard_write.py", '@step(HostAdapter, "322"', '''@step(HostAdapter, "320", "Fig. 12")
def write_later(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Say that the data is written when the track is protected; somebody will write it."""
    return DONE if active_bits(s, c, ha.device, ha.track) != 0 else test_protection_bits


@step(HostAdapter, "322"'''),
]

EARLY: list[Edit] = [
    ("standard_write.py", "    ha.mail = Mail.REQUEST\n    return disconnect", "    ha.mail = Mail.REQUEST\n    return DONE"),
]

CAUSELESS: list[Edit] = [
    ("commands.py", "return virtual_read.test_entry_to_read if", "return virtual_read.test_load if"),
    ("virtual_read.py", "# --- Fig. 6: a table entry", '''@step(HostAdapter, "281", "Fig. 10")
def test_load(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Refuse the read while somebody writes the log pool."""
    return refuse_virtual_read if s.free_list_lock != 0 else test_entry_to_read


# --- Fig. 6: a table entry'''),
]

TOLD_EARLY: list[Edit] = [
    ("copy_on_write.py", '''    """Copy the protection bits to the map bits of the log track."""
''', '''    """Copy the protection bits to the map bits of the log track."""
    answer(s, da, Mail.STATUS_OK)
'''),
]


@pytest.mark.slow
@pytest.mark.parametrize("edits, scenario, told", [
    (CACHE, "read_while_writing", "I24e"),
    (SKIPPED, "save_old_data", "I24e"),
    (EARLY, "save_old_data", "I24e"),
    (CAUSELESS, "read_while_writing", "I24f"),
    (TOLD_EARLY, "save_old_data", "I24m"),
], ids=["stale cache before 282", "write answered, not done", "command ended early", "read refused without cause", "status too early"])
def test_a_box_that_is_added_or_ends_early_is_told(tmp_path: Path, edits: list[Edit], scenario: str, told: str) -> None:
    assert told_by(altered(tmp_path, edits), scenario) == told
