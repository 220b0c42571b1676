"""X: the proofs name their commands, and none of these restores a virtual device, copies a track (Figs. 20B to 22), or deactivates
a device (Fig. 27).  Nobody has a virtual device for himself then: no box of these commands writes that lock."""

from __future__ import annotations

from snapproof.model.copy_on_write import hold_new_track, let_new_track_go
from snapproof.model.deactivation import refuse_saved_track
from snapproof.model.encoding import Direct
from snapproof.model.indirect_tracks import COPY_BACK, hold_track_to_copy, let_copied_track_go
from snapproof.model.parts import RESTORES
from snapproof.model.restore import drain_to_restore, exclude_to_restore, refuse_restore, take_off_list_to_restore
from snapproof.model.restore_new import (
    drain_old_and_new,
    exclude_old_and_new,
    refuse_restore_to_new,
    take_off_list_to_restore_to_new,
)
from snapproof.model.sets import Session, StandardDevice, Track, VirtualDevice
from snapproof.model.state import NONE, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant
from snapproof.vocabulary.states import SessionByte, VirtualState


@invariant("X1", "restore without command")
def nobody_restores(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """No host adapter stands at a box of Fig. 21 or 22, of the copying of a track, or at the error of Fig. 28."""
    return not ha.inside(COPY_BACK) and not ha.at(
        RESTORES, take_off_list_to_restore, exclude_to_restore, drain_to_restore, refuse_restore, hold_track_to_copy, let_copied_track_go,
        take_off_list_to_restore_to_new, exclude_old_and_new, drain_old_and_new, refuse_restore_to_new,
        refuse_saved_track)


@invariant("X2", "restore without command")
def no_track_is_indirect(s: Array, c: Embodiment, d: StandardDevice, t: Track) -> bool:
    """All tracks of standard devices have their data themselves."""
    return bool(s.indirect[d, t] == Direct())


@invariant("X3", "restore without command")
def no_session_is_restored(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """No session byte speaks of a restore, and no session has a device that it was restored to."""
    return s.session_byte[d, k] not in (SessionByte.RESTORED, SessionByte.MIGRATING) and s.restored_to[d, k] == NONE


@invariant("X4", "restore without command")
def no_device_is_restored(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """No virtual device is being restored, and none is deactivated, or ready for reads only."""
    return s.vdev_state[v] not in (VirtualState.RESTORING, VirtualState.DEACTIVATED) and s.read_only[v] == 0


@invariant("X5", "restore without command")
def nobody_copies_for_another(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """No disk adapter copies a track to another device before it is overwritten."""
    return not da.inside(COPY_BACK) and not da.at(hold_new_track, let_new_track_go) and da.target == NONE
