"""What several properties ask: what a virtual device shows, and who is at work where.

A property about one track is not asked while somebody is at work on that track.  That is so while the standard
track is locked; that a device or a log track is locked excuses nothing.  For embodiments without locks it is
also so while a process is inside a flow chart's part that changes the track; then only harm that outlasts the
work is reported.
"""

from __future__ import annotations

from snapproof.model import copy_on_write, device_tables, removal, virtual_write
from snapproof.model.copy_on_write import wanted_device, wanted_track
from snapproof.model.encoding import is_virtual, virtual_device
from snapproof.model.log_tracks import LOG_TRACKS
from snapproof.model.state import NOBODY, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.vocabulary.states import VirtualState


def view(s: Array, vdev: int, track: int, block: int) -> int:
    """What a read of a virtual block returns now (-1: garbage)."""
    entry = s.pointer[vdev, track]
    return s.std_data[s.std_of[vdev], track, block] if entry == STANDARD else s.log_data[entry, block]


def live(s: Array, vdev: int) -> bool:
    """Is the virtual device related or active?"""
    return s.vdev_state[vdev] == VirtualState.RELATED or s.vdev_state[vdev] == VirtualState.ACTIVE


def writes_virtual(ha: HostAdapter) -> bool:
    """Is the host adapter between the test 342 and the end of Fig. 13, or about to write an entry (Figs. 7, 8)?"""
    return ha.at(
        device_tables.write_log_entry, device_tables.modify_entry,
        virtual_write.obtain_track_for_standard, virtual_write.obtain_track_for_log, virtual_write.test_whole_track,
        virtual_write.copy_standard_track, virtual_write.label_new_track, virtual_write.point_to_new_track, virtual_write.clear_own_bit,
        virtual_write.write_new_track, virtual_write.test_shared, virtual_write.write_in_place, virtual_write.copy_log_track,
        virtual_write.adjust_pointers, virtual_write.modify_map_bits,
        virtual_write.write_after_split, virtual_write.no_log_track) or ha.inside(LOG_TRACKS)


def removes(ha: HostAdapter) -> bool:
    """Is the host adapter inside the loop of Fig. 14?"""
    return ha.at(removal.test_entry_to_remove, removal.clear_bit_of_removed, removal.clear_map_bit,
                 removal.test_last_map_bit, removal.return_log_track) or ha.inside(LOG_TRACKS)


def copies(da: DiskAdapter) -> bool:
    """Is the disk adapter between the test 302 and the status 318?"""
    return not da.at(copy_on_write.take_request, copy_on_write.test_bits_of_request)


def at_work(s: Array, c: Embodiment, std: int, track: int) -> bool:
    """Is the track of the standard device locked, or is a process inside a part that changes what depends on it?"""
    if s.track_lock[std, track] != NOBODY:
        return True
    for da in s.all(DiskAdapter):
        if copies(da) and wanted_device(s, da) == std and wanted_track(s, da) == track:
            return True
    for ha in s.all(HostAdapter):
        if is_virtual(c, ha.device):
            if writes_virtual(ha) and ha.track == track and s.std_of[virtual_device(c, ha.device)] == std:
                return True
        elif removes(ha) and ha.loop == track and s.std_of[ha.virtual] == std:
            return True
    return False
