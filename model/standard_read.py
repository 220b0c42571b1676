"""Reading a standard device (Figs. 1, 3): no figure has a flow chart for it; a host reads the track."""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.switch_values import Held

from .indirect_tracks import COPY_BACK, copied_to_be_read, lock_source
from .locks import release_track, track_available
from .parts import ENDS, READS_STANDARD
from .state import Array, HostAdapter
from .switches import Embodiment


@step(HostAdapter, "read", "Fig. 3", READS_STANDARD, ENDS)
def read_standard_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Read a block of the standard device (the slot is taken and let go within the box).

    An indirect track may be copied back first, with the slot in hand; then the box is executed again.
    """
    if c.lock_322 == Held.HELD and s.track_lock[ha.device, ha.track] != ha.number:
        if not track_available(s, c, ha, ha.device, ha.track):
            return WAIT
    if copied_to_be_read(s, c, ha.device, ha.track):
        if c.lock_322 == Held.HELD:
            s.track_lock[ha.device, ha.track] = ha.number
        return COPY_BACK.call(lock_source, done=read_standard_track)
    release_track(s, ha, ha.device, ha.track)
    return DONE
