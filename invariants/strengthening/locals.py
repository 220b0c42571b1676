"""L: what the locals and arguments of a process mean at the boxes where they are used."""

from __future__ import annotations

from snapproof.model import (
    activate,
    copy_on_write,
    device_tables,
    log_tracks,
    relate,
    removal,
    standard_read,
    standard_write,
    virtual_write,
)
from snapproof.model.encoding import is_virtual
from snapproof.model.log_tracks import LOG_TRACKS
from snapproof.model.sets import Position, Track
from snapproof.model.state import NOBODY, NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant
from snapproof.vocabulary.states import Mail
from snapproof.vocabulary.switch_values import NewTrack

from .places import (
    activates_list,
    between_commands,
    copies,
    holds_candidate,
    in_fig_9,
    in_loop_of_14,
)


@invariant("L1", "wrong local")
def standard_commands_name_standard_devices(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Figs. 12 and 14 are about standard devices, Fig. 13 about a virtual one."""
    if ha.at(standard_read.read_standard_track, standard_write.test_protection_bits, standard_write.write_standard_track,
             standard_write.send_protection_request, standard_write.disconnect, standard_write.wait_for_status):
        return not is_virtual(c, ha.device)
    if ha.at(removal.take_off_list, removal.exclude_to_remove, removal.drain_to_remove, removal.stop_session):
        return not is_virtual(c, ha.device)
    if in_loop_of_14(c, ha) and not in_fig_9(ha):
        return not is_virtual(c, ha.device)
    if ha.at(virtual_write.test_entry_to_write, virtual_write.lock_slot_to_write, virtual_write.no_log_track):
        return is_virtual(c, ha.device)
    if in_fig_9(ha):
        return True
    return is_virtual(c, ha.device) or not writes(ha)


def writes(ha: HostAdapter) -> bool:
    """Is the host adapter at a box of Fig. 13 that works on a virtual track?"""
    return ha.at(virtual_write.obtain_track_for_standard, virtual_write.obtain_track_for_log, virtual_write.test_whole_track,
                 virtual_write.copy_standard_track, virtual_write.label_new_track, virtual_write.point_to_new_track,
                 virtual_write.clear_own_bit, virtual_write.write_new_track, virtual_write.test_shared,
                 virtual_write.write_in_place, virtual_write.copy_log_track, virtual_write.adjust_pointers,
                 virtual_write.modify_map_bits, virtual_write.write_after_split)


@invariant("L2", "wrong local")
def fig_9_knows_its_track(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Before 234 a host adapter has no new log track; from 236 on it has one, unless it returns that of its entry."""
    if ha.at(log_tracks.obtain_log_track, log_tracks.lock_log_track, log_tracks.grow_log_pool):
        return is_virtual(c, ha.device) and ha.fresh == NONE
    if ha.at(log_tracks.unlock_log_track):
        return not is_virtual(c, ha.device) and ha.fresh == NONE
    if in_fig_9(ha):
        return (ha.fresh == NONE) != is_virtual(c, ha.device)
    return True


@invariant("L2c", "wrong local")
def fig_9_was_called_for_its_track(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """344 calls Fig. 9 with an entry that points to the standard track, 362 with a log track; 388 returns one, and 369 does not."""
    if not ha.inside(LOG_TRACKS):
        return True
    if ha.inside(LOG_TRACKS, removal.return_log_track):
        return not is_virtual(c, ha.device)
    if ha.keeps != (c.new_track == NewTrack.KEPT) or not is_virtual(c, ha.device):
        return False
    if ha.entry == STANDARD:
        return ha.inside(LOG_TRACKS, virtual_write.obtain_track_for_standard)
    return ha.inside(LOG_TRACKS, virtual_write.obtain_track_for_log)


@invariant("L2d", "wrong local")
def fig_9_was_called_to_copy(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter keeps its log track locked beyond Fig. 9 where that is wanted."""
    return not da.inside(LOG_TRACKS) or da.keeps == (c.lock_306 == NewTrack.KEPT)


@invariant("L3", "wrong local")
def log_entries_are_log_tracks(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Boxes that use the entry as a log track have one."""
    if ha.at(removal.clear_map_bit, device_tables.lock_log_entry):
        return ha.entry != STANDARD
    if ha.at(device_tables.lock_standard_entry, removal.clear_bit_of_removed):
        return ha.entry == STANDARD
    return True


@invariant("L4", "wrong local")
def loop_is_on_a_track(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Loops over tracks stand on a track."""
    if between_commands(ha):
        return ha.due_track == 0
    if ha.at(removal.more_tracks):
        return ha.due_track <= c.size(Track)
    if ha.at(relate.point_to_standard, relate.set_protection_bits, device_tables.establish_pointers,
             device_tables.establish_bits):
        return ha.due_track < c.size(Track)
    if in_loop_of_14(c, ha) and not ha.at(removal.first_track, removal.finish_removal):
        return ha.due_track < c.size(Track)
    if ha.at(relate.test_registered, relate.obtain_virtual_device, relate.exclude_to_relate, relate.drain_to_relate,
             relate.include_after_relate, device_tables.lock_virtual_device, device_tables.exclude_to_establish,
             device_tables.drain_to_establish):
        return ha.due_track == 0
    return True


@invariant("L5", "wrong local")
def loop_is_on_the_list(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Loops over a list stand on a place of the list."""
    if between_commands(ha) or ha.at(activate.take_list):
        return ha.list_place == 0
    if not activates_list(ha):
        return True
    if ha.list_length > c.size(Position):
        return False
    if ha.at(activate.test_related, activate.exclude_to_activate, activate.drain_to_activate, activate.next_to_exclude,
             activate.activate_pair, activate.next_to_activate, activate.include_after_activate, activate.next_to_include):
        return ha.list_place < ha.list_length
    if ha.at(activate.include_before_error):
        return ha.list_place > 0 and ha.list_place <= ha.list_length
    return ha.list_place <= ha.list_length


@invariant("L6", "wrong local")
def idle_disk_adapter_is_blank(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter has sessions to save for, a log track, and a turn only where the figure says so."""
    if da.at(copy_on_write.move_pointers):
        return da.fresh != NONE
    if da.at(copy_on_write.clear_protection_bits, copy_on_write.send_status):
        return True
    if copies(da):
        return da.fresh != NONE and da.turn == 0
    if holds_candidate(da):
        return da.turn == 0
    return da.turn == 0 and da.fresh == NONE


@invariant("L7", "wrong local")
def idle_disk_adapter_serves_nobody(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A disk adapter serves somebody exactly while it is not waiting for a request."""
    return da.at(copy_on_write.take_request) == (da.serving == NOBODY)


@invariant("L8", "stuck request")
def served_host_waits(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """The host adapter whose request is being served waits for the status."""
    if da.serving == NOBODY:
        return True
    for ha in s.all(HostAdapter):
        if ha.number == da.serving:
            return ha.mail == Mail.TAKEN and ha.at(standard_write.disconnect, standard_write.wait_for_status)
    return False


@invariant("L9", "stuck request")
def open_request_waits(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A request is open only between 328 and 332."""
    if ha.mail != Mail.REQUEST and ha.mail != Mail.TAKEN:
        return True
    return ha.at(standard_write.disconnect, standard_write.wait_for_status)


@invariant("L10", "stuck request")
def request_has_one_server(s: Array, c: Embodiment, da: DiskAdapter, db: DiskAdapter) -> bool:
    """Two disk adapters never serve the same host adapter."""
    return da.number == db.number or da.serving == NOBODY or da.serving != db.serving
