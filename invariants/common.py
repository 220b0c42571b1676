"""What several properties ask: what a virtual device shows, and who is at work where.

A property about one track is not asked while somebody is at work on that track.  That is so while the standard
track is locked; that a device or a log track is locked excuses nothing.  For embodiments without locks it is
also so while a process is inside a flow chart's part that changes the track; then only harm that outlasts the
work is reported.
"""

from __future__ import annotations

from snapproof.model.copy_on_write import wanted_device, wanted_track
from snapproof.model.encoding import is_virtual, virtual_device
from snapproof.model.indirect_tracks import COPY_BACK, contents_for_devices
from snapproof.model.log_tracks import LOG_TRACKS
from snapproof.model.parts import ON_TRACK, REMOVES
from snapproof.model.state import NOBODY, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.vocabulary.states import VirtualState


def view(s: Array, c: Embodiment, vdev: int, track: int, block: int) -> int:
    """What a read of a virtual block returns now (-1: garbage)."""
    entry = s.pointer[vdev, track]
    return contents_for_devices(s, c, s.std_of[vdev], track, block) if entry == STANDARD else s.log_data[entry, block]


def live(s: Array, vdev: int) -> bool:
    """Is the virtual device related or active, or deactivated, so that its table means something?"""
    return s.vdev_state[vdev] in (VirtualState.RELATED, VirtualState.ACTIVE, VirtualState.DEACTIVATED)


def at_work(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Is the track of the standard device locked, or is a process inside a part that changes what depends on it?"""
    if s.track_lock[std, track] != NOBODY:
        return True
    for da in s.all(DiskAdapter):
        if da.at(ON_TRACK) and wanted_device(s, da) == std and wanted_track(s, da) == track:
            return True
    for ha in s.all(HostAdapter):
        if is_virtual(c, ha.device):
            if ha.at(ON_TRACK) and ha.track == track and s.std_of[virtual_device(c, ha.device)] == std:
                return True
        elif ha.inside(COPY_BACK):
            if ha.device == std and ha.track == track:
                return True
        elif (ha.at(REMOVES) or ha.inside(LOG_TRACKS)) and ha.due_track == track and s.std_of[ha.virtual] == std:
            return True
    return False
