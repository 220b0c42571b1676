"""I24e, I24f: a command ends where its figure ends, and an error is returned where a property asks for its cause.

A box that dropped the rest of a command would write nothing wrong: only these properties notice it.  They watch every
box but those named here, so that a box which is added to the model may neither end a command nor refuse it unseen.
"""

from __future__ import annotations

from snapproof.model import (
    activate,
    device_tables,
    log_tracks,
    register,
    relate,
    removal,
    standard_read,
    standard_write,
    virtual_read,
    virtual_write,
)
from snapproof.model.encoding import is_virtual
from snapproof.model.state import NONE, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import transition

from . import refusals
from .boxes import host_boxes, watched
from .refusals import ended, refused

READS = [standard_read.read_standard_track, virtual_read.read_from_standard, virtual_read.read_from_log]
"""Where a read ends; I1r and I2r say what it returns."""

WRITES = [standard_write.write_standard_track, virtual_write.write_new_track, virtual_write.write_in_place,
          virtual_write.write_after_split]
"""Where a write ends; I18w and I18l say what it has done."""

FIG_9 = [log_tracks.track_still_needed, log_tracks.unlock_log_track]
"""Where a write ends that returns its old log track, and nothing else (I24n)."""

CALLS = [
    virtual_read.read_standard_entry, virtual_read.read_log_entry,
    device_tables.unlock_standard_entry, device_tables.unlock_log_entry, device_tables.unlock_modified_entry,
    device_tables.unlock_virtual_device, register.store_registration, relate.add_to_list,
    activate.empty_list, activate.activate_one, activate.include_after_activate_one, removal.finish_removal,
]
"""Where look-ups and system calls end."""

ERRORS = [
    standard_write.refuse_standard_write, virtual_write.refuse_virtual_write, virtual_write.no_log_track,
    virtual_read.refuse_virtual_read, device_tables.refuse_table_access, register.refuse_registration,
    relate.refuse_relation, activate.fail_activation, activate.refuse_activation, removal.refuse_removal,
]
"""Where an error is returned."""

LAST = [*READS, *WRITES, *FIG_9, *CALLS, *ERRORS]
"""The boxes that may end a command."""

CAUSES = [
    refusals.failed_write_had_bad_status, refusals.refused_writer_found_no_track, refusals.refused_device_was_not_ready,
    refusals.refused_device_was_used, refusals.refused_registration_found_none, refusals.refused_pair_was_not_registered,
    refusals.refused_list_had_a_wrong_pair, refusals.refused_pair_was_not_related, refusals.refused_removal_had_nothing,
]
"""The properties that ask for the cause of an error; the boxes that they watch may lead to one."""


@transition("I24e", "command dropped", steps=host_boxes(*LAST))
def command_goes_on(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A command ends only at the last box of its figure."""
    return not ended(after, ha)


@command_goes_on.explain
def _command_goes_on(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "the command goes on, or an error is returned", "it has ended, and has not done its work"


@transition("I24f", "error without cause", steps=host_boxes(activate.include_before_error, *watched(*CAUSES)))
def error_has_a_watched_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A box leads to an error only where its cause is asked for (I24a to I24v), or on the way of 486."""
    return not refused(after, ha)


@error_has_a_watched_cause.explain
def _error_has_a_watched_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "the command goes on", "an error is returned"


@transition("I24n", "command dropped", steps=[log_tracks.track_still_needed, log_tracks.unlock_log_track])
def obtained_track_is_used(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Fig. 9 ends a command only when a write has just returned its old log track; otherwise 344, 362 or 388 goes on."""
    return not refused(after, ha) and (not ended(after, ha) or (ha.fresh == NONE and is_virtual(c, ha.device)))


@obtained_track_is_used.explain
def _obtained_track_is_used(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return ("after Fig. 9 the writer or the removal goes on",
            "an error is returned" if refused(after, ha) else "the command has ended")
