"""I24e, I24f: a command ends where its figure ends, and an error is returned where a property asks for its cause.

A box that dropped the rest of a command would write nothing wrong: only these properties notice it.  They watch every
box but those named here, so that a box which is added to the model may neither end a command nor refuse it unseen.
"""

from __future__ import annotations

from snapproof.model import activate, log_tracks
from snapproof.model.encoding import is_virtual
from snapproof.model.parts import ENDS
from snapproof.model.state import NONE, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import transition

from .boxes import WITHOUT_CAUSE, causes, host_boxes, watched
from .refusals import ended, refused

CAUSES = causes(but="endings")
"""The properties that ask for the cause of an error; the boxes that they watch may lead to one."""


@transition("I24e", "command dropped", steps=host_boxes(ENDS))
def command_goes_on(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A command ends only at the last box of its figure."""
    return not ended(after, ha)


@command_goes_on.explain
def _command_goes_on(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "the command goes on, or an error is returned", "it has ended, and has not done its work"


@transition("I24f", WITHOUT_CAUSE, steps=host_boxes(activate.include_before_error, *watched(*CAUSES)))
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
