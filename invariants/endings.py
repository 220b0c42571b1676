"""I24e, I24f: a command ends where its figure ends.

A box that dropped the rest of a command would write nothing wrong: only these properties notice it.
"""

from __future__ import annotations

from snapproof.model import (
    activate,
    device_tables,
    log_tracks,
    register,
    relate,
    removal,
    standard_write,
    virtual_read,
    virtual_write,
)
from snapproof.model.encoding import is_virtual
from snapproof.model.state import NONE, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import transition

from .refusals import ended, refused

TESTS = [
    standard_write.wait_for_status,
    virtual_read.test_entry_to_read, virtual_read.lock_slot_to_read,
    virtual_read.test_entry_of_interest, virtual_read.lock_track_of_interest,
    virtual_write.test_entry_to_write, virtual_write.lock_slot_to_write, log_tracks.lock_log_track,
    device_tables.test_entry_to_update, device_tables.lock_standard_entry, device_tables.lock_log_entry,
    device_tables.test_entry_to_modify, device_tables.lock_entry_to_modify, device_tables.lock_virtual_device,
    register.choose_session, relate.test_registered, relate.exclude_to_relate,
    activate.test_related, activate.exclude_to_activate, activate.exclude_to_activate_one, activate.include_before_error,
    removal.take_off_list, removal.exclude_to_remove, removal.stop_session,
]
"""Boxes that may lead to an error (`refusals.py` says when), but do not end the command themselves."""

WORK = [
    standard_write.test_protection_bits, standard_write.send_protection_request,
    virtual_write.copy_standard_track, virtual_write.label_new_track, virtual_write.point_to_new_track,
    virtual_write.clear_own_bit, virtual_write.test_shared, virtual_write.copy_log_track,
    virtual_write.adjust_pointers, virtual_write.modify_map_bits,
    log_tracks.grow_log_pool, log_tracks.lock_free_list, log_tracks.modify_free_list, log_tracks.unlock_free_list,
    device_tables.write_standard_entry, device_tables.write_log_entry, device_tables.modify_entry,
    device_tables.exclude_to_establish, device_tables.drain_to_establish,
    device_tables.establish_pointers, device_tables.establish_bits, device_tables.make_ready,
    register.reserve_session, register.exclude_to_register, register.drain_to_register, register.make_inactive,
    register.include_after_register,
    relate.drain_to_relate, relate.point_to_standard, relate.store_headers, relate.include_after_relate,
    relate.set_protection_bits,
    activate.take_list, activate.drain_to_activate, activate.drain_to_activate_one, activate.activate_pair,
    activate.include_after_activate,
    removal.drain_to_remove, removal.test_entry_to_remove, removal.clear_bit_of_removed, removal.clear_map_bit, removal.test_last_map_bit,
]
"""Boxes in the middle of a figure: from them a command goes on."""


@transition("I24e", "command dropped", steps=TESTS)
def test_does_not_end_command(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A box that tests or locks leads on or to an error; it does not end the command."""
    return not ended(after, ha)


@test_does_not_end_command.explain
def _test_does_not_end_command(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "the command goes on, or an error is returned", "it has ended, and has not done its work"


@transition("I24f", "command dropped", steps=WORK)
def work_goes_on(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A box in the middle of a figure leads on: neither to an error nor to the end of the command."""
    return not ended(after, ha) and not refused(after, ha)


@work_goes_on.explain
def _work_goes_on(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "the command goes on", "an error is returned" if refused(after, ha) else "it has ended, and has not done its work"


@transition("I24n", "command dropped", steps=[log_tracks.track_still_needed, log_tracks.unlock_log_track])
def obtained_track_is_used(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Fig. 9 ends a command only when a write has just returned its old log track; otherwise 344, 362 or 388 goes on."""
    return not refused(after, ha) and (not ended(after, ha) or (ha.fresh == NONE and is_virtual(c, ha.device)))


@obtained_track_is_used.explain
def _obtained_track_is_used(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return ("after Fig. 9 the writer or the removal goes on",
            "an error is returned" if refused(after, ha) else "the command has ended")
