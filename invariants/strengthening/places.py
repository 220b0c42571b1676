"""Where a process is, in the words of the strengthening: parts of the flow charts as questions about a step."""

from __future__ import annotations

from snapproof.model import activate, copy_on_write, device_tables, log_tracks, register, relate, removal, virtual_read, virtual_write
from snapproof.model.encoding import is_virtual
from snapproof.model.log_tracks import LOG_TRACKS
from snapproof.model.pair_lists import list_of
from snapproof.model.parts import NEW_TRACK, REGISTERED, WITH_LIST
from snapproof.model.state import STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec.specification import next_command_step

NEXT_COMMAND = next_command_step(HostAdapter)


def between_commands(ha: HostAdapter) -> bool:
    """Is the host adapter about to take its next command?"""
    return ha.at(NEXT_COMMAND)


# --- Fig. 9 -------------------------------------------------------------------------------------------------------


def in_fig_9(ha: HostAdapter) -> bool:
    """Is the host adapter at any box of Fig. 9?"""
    return ha.inside(LOG_TRACKS)


def returns_track(c: Embodiment, ha: HostAdapter) -> bool:
    """Is the host adapter in Fig. 9 to return the log track of its entry (388)?"""
    return in_fig_9(ha) and not is_virtual(c, ha.device)


def obtains_track(c: Embodiment, ha: HostAdapter) -> bool:
    """Is the host adapter in Fig. 9 to obtain a log track (344, 362)?"""
    return in_fig_9(ha) and is_virtual(c, ha.device)


def has_track(ha: HostAdapter) -> bool:
    """Has the writer of a virtual device left Fig. 9 with its new log track?"""
    return ha.at(NEW_TRACK)


# --- Fig. 13, Figs. 6 to 8, 10: work on a virtual track ---------------------------------------------------------------


def before_348(c: Embodiment, ha: HostAdapter) -> bool:
    """Is the writer between 342 and 348, with an entry that points to the standard track?"""
    return ha.at(virtual_write.obtain_track_for_standard, virtual_write.test_whole_track, virtual_write.copy_standard_track,
                 virtual_write.label_new_track,
                 virtual_write.point_to_new_track) or (obtains_track(c, ha) and ha.entry == STANDARD)


def before_366(c: Embodiment, ha: HostAdapter) -> bool:
    """Is the writer between 356 and 366, with an entry that points to a log track?"""
    return ha.at(virtual_write.test_shared, virtual_write.write_in_place) or splits(c, ha)


def splits(c: Embodiment, ha: HostAdapter) -> bool:
    """Is the writer between 362 and 366: its log track is shared?"""
    return ha.at(virtual_write.obtain_track_for_log, virtual_write.copy_log_track, virtual_write.adjust_pointers) or (
        obtains_track(c, ha) and ha.entry != STANDARD)


def works_on_standard(c: Embodiment, ha: HostAdapter) -> bool:
    """Does the host adapter hold the standard track that its entry pointed to?"""
    if ha.at(device_tables.modify_entry, device_tables.unlock_modified_entry):
        return ha.entry == STANDARD
    return before_348(c, ha) or ha.at(
        virtual_write.clear_own_bit, virtual_write.write_new_track, virtual_read.read_from_standard,
        virtual_read.read_standard_entry, device_tables.write_standard_entry, device_tables.unlock_standard_entry)


def works_on_log(c: Embodiment, ha: HostAdapter) -> bool:
    """Does the host adapter hold the log track that its entry points, or pointed, to?"""
    if ha.at(device_tables.modify_entry, device_tables.unlock_modified_entry):
        return ha.entry != STANDARD
    return before_366(c, ha) or ha.at(
        virtual_write.modify_map_bits, virtual_write.write_after_split, virtual_read.read_from_log,
        virtual_read.read_log_entry, device_tables.write_log_entry, device_tables.unlock_log_entry)


# --- Figs. 15 to 19A: calls ---------------------------------------------------------------------------------------------


def has_reserved(c: Embodiment, ha: HostAdapter) -> bool:
    """Is Register between 432b and 446?"""
    return ha.at(register.exclude_to_register, register.drain_to_register, register.make_inactive) or has_inactive(ha)


def has_inactive(ha: HostAdapter) -> bool:
    """Is Register between 434 and 446?"""
    return ha.at(REGISTERED)


def relates(ha: HostAdapter) -> bool:
    """Is Relate between 456 and 466?"""
    return ha.at(relate.drain_to_relate, relate.point_to_standard, relate.store_headers) or has_headers(ha)


def has_headers(ha: HostAdapter) -> bool:
    """Is Relate between 461 and 466?"""
    return ha.at(relate.include_after_relate, relate.set_protection_bits, relate.add_to_list)


def establishes(ha: HostAdapter) -> bool:
    """Is Fig. 8 between 214 and 217?"""
    return ha.at(device_tables.exclude_to_establish, device_tables.drain_to_establish, device_tables.establish_pointers,
                 device_tables.establish_bits, device_tables.make_ready)


def drains(s: Array, c: Embodiment, ha: HostAdapter, std: int) -> bool:
    """Has the call raised the flag of this standard device, and does it wait for those who are inside still?"""
    if ha.at(register.drain_to_register, relate.drain_to_relate, device_tables.drain_to_establish):
        return ha.standard == std
    if ha.at(activate.drain_to_activate_one, removal.drain_to_remove):
        return s.std_of[ha.virtual] == std
    return ha.at(activate.drain_to_activate) and s.std_of[max(s.pairs[list_of(c, ha), ha.list_place], 0)] == std


def activates_list(ha: HostAdapter) -> bool:
    """Is Activate between 482 and 512 or 486?"""
    return ha.at(WITH_LIST)


def in_loop_of_14(c: Embodiment, ha: HostAdapter) -> bool:
    """Is the removal in the loop of Fig. 14, or at its end?"""
    return returns_track(c, ha) or ha.at(
        removal.first_track, removal.test_entry_to_remove, removal.clear_bit_of_removed, removal.next_track, removal.more_tracks,
        removal.clear_map_bit, removal.test_last_map_bit, removal.return_log_track, removal.finish_removal)


def frees(c: Embodiment, ha: HostAdapter) -> bool:
    """Is the removal between 384 and the end of Fig. 9: it holds the log track of its entry?"""
    return ha.at(removal.test_last_map_bit, removal.return_log_track) or returns_track(c, ha)


# --- Fig. 11 ----------------------------------------------------------------------------------------------------------------


def saves(da: DiskAdapter) -> bool:
    """Has the disk adapter found bits at 302, and is it not at its end yet?"""
    return before_copy(da) or copies(da) or da.at(
        copy_on_write.move_pointers, copy_on_write.clear_protection_bits)


def before_copy(da: DiskAdapter) -> bool:
    """Is the disk adapter obtaining a log track (306)?"""
    return da.at(copy_on_write.obtain_track_to_copy) or da.inside(LOG_TRACKS)


def holds_candidate(da: DiskAdapter) -> bool:
    """Is the disk adapter between 234 and 252: it holds a log track?"""
    return da.inside(LOG_TRACKS) and not da.at(log_tracks.obtain_log_track, log_tracks.lock_log_track, log_tracks.grow_log_pool)


def copies(da: DiskAdapter) -> bool:
    """Is the disk adapter between 306 and 308: it has a log track that nobody else knows?"""
    return da.at(copy_on_write.fill_log_track, copy_on_write.copy_track, copy_on_write.copy_bits_to_map, copy_on_write.store_back_pointer)
