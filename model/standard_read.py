"""Reading a standard device (Figs. 1, 3): no figure has a flow chart for it; a host reads the track."""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.switch_values import Held

from .locks import track_available
from .parts import ENDS, READS_STANDARD
from .state import Array, HostAdapter
from .switches import Embodiment


@step(HostAdapter, "read", "Fig. 3", READS_STANDARD, ENDS)
def read_standard_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Read a block of the standard device (the slot is taken and let go within the box)."""
    if c.lock_322 == Held.HELD and not track_available(s, c, ha, ha.device, ha.track):
        return WAIT
    return DONE
