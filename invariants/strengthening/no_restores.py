"""X: the proofs name their commands, and none of these restores a virtual device, copies a track back (Figs. 20B, 21), or deactivates
a device (Fig. 27).  Nobody has a virtual device for himself then: no box of these commands writes that lock."""

from __future__ import annotations

from snapproof.model.indirect_tracks import COPY_BACK, hold_track_to_copy, let_copied_track_go
from snapproof.model.parts import RESTORES
from snapproof.model.restore import drain_to_restore, exclude_to_restore, refuse_restore, take_off_list_to_restore
from snapproof.model.sets import Session, StandardDevice, Track, VirtualDevice
from snapproof.model.state import DIRECT, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant
from snapproof.vocabulary.states import SessionByte, VirtualState


@invariant("X1", "restore without command")
def nobody_restores(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """No host adapter stands at a box of Fig. 21, or of the copying back of a track."""
    return not ha.inside(COPY_BACK) and not ha.at(
        RESTORES, take_off_list_to_restore, exclude_to_restore, drain_to_restore, refuse_restore, hold_track_to_copy, let_copied_track_go)


@invariant("X2", "restore without command")
def no_track_is_indirect(s: Array, c: Embodiment, d: StandardDevice, t: Track) -> bool:
    """All tracks of standard devices have their data themselves."""
    return s.indirect[d, t] == DIRECT


@invariant("X3", "restore without command")
def no_session_is_restored(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """No session byte speaks of a restore."""
    return s.session_byte[d, k] not in (SessionByte.RESTORED, SessionByte.MIGRATING)


@invariant("X4", "restore without command")
def no_device_is_restored(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """No virtual device is being restored, and none is deactivated."""
    return s.vdev_state[v] not in (VirtualState.RESTORING, VirtualState.DEACTIVATED)
