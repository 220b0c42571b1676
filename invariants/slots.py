"""I10t: what is read or written is held, or at least not held by another.

A track moves in one transition here (docs/findings.md), so that no data is wrong where this lock is missing; in an array
the track would be half moved.
"""

from __future__ import annotations

from snapproof.model import standard_read, standard_write
from snapproof.model.sets import StandardDevice, Track
from snapproof.model.state import NOBODY, Array, HostAdapter
from snapproof.model.switch_values import Held
from snapproof.model.switches import Embodiment
from snapproof.spec import transition


@transition("I10t", "slot of another used", steps=[standard_read.read_standard_track, standard_write.write_standard_track])
def standard_track_is_not_anothers(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A standard track is read or written while nobody else holds it, where host adapters take it at all (322)."""
    holder = before.track_lock[ha.device, ha.track]
    return c.lock_322 == Held.NONE or holder == NOBODY or holder == ha.number


@standard_track_is_not_anothers.explain
def _standard_track_is_not_anothers(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{StandardDevice.member(ha.device)} {Track.member(ha.track)} is in nobody else's hands",
            "another process holds it, and may have moved half of it")
