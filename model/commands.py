"""What hosts may ask for: the words of programs and menus."""

from __future__ import annotations

from snapproof.spec import Next, command, step

from . import (
    activate,
    deactivation,
    device_tables,
    group_calls,
    indirect_tracks,
    needs,
    register,
    relate,
    removal,
    restore,
    restore_new,
    restore_virtual,
    standard_read,
    standard_write,
    virtual_read,
    virtual_write,
    way_back,
)
from .encoding import is_virtual
from .parts import TESTS
from .state import Array, HostAdapter
from .switches import Embodiment


@step(HostAdapter, "I/O", "Fig. 2", TESTS, local=True)
def begin_read(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """A host reads a block; to the host both kinds of device look alike."""
    return virtual_read.test_entry_to_read if is_virtual(c, ha.device) else standard_read.read_standard_track


@step(HostAdapter, "I/O", "Fig. 2", TESTS, local=True)
def begin_write(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """A host writes a block or a track; to the host both kinds of device look alike."""
    return virtual_write.test_entry_to_write if is_virtual(c, ha.device) else standard_write.test_protection_bits


READ = command(HostAdapter, "read", "device", "track", "read_block", first=begin_read, meaning="read a block of a device",
               needs=needs.ready_device)
WRITE = command(HostAdapter, "write", "device", "track", "block", "value", first=begin_write,
                meaning="write a block of a device, or all blocks of a track",
                needs=needs.values_and_savers)
LOOK_UP = command(HostAdapter, "look-up", "device", "track", first=virtual_read.test_entry_of_interest,
                  meaning="read the table entry of the track that a virtual device points to",
                  needs=needs.table_of_active)
REGISTER = command(HostAdapter, "register", "standard", "virtual", first=register.choose_session,
                   meaning="reserve a session number of a standard device for a virtual device",
                   needs=needs.unused_device)
RELATE = command(HostAdapter, "relate", "standard", "virtual", "pair_list", first=relate.test_registered,
                 meaning="relate a registered virtual device and put the pair on a list",
                 needs=needs.registered_pair)
ACTIVATE = command(HostAdapter, "activate", "pair_list", first=activate.take_list, meaning="activate all pairs of a list",
                   needs=needs.listed_pairs)
ACTIVATE_ONE = command(HostAdapter, "activate-one", "virtual", first=activate.exclude_to_activate_one,
                       meaning="activate one related pair",
                       needs=needs.related_pair)
BEGIN_GROUP = command(HostAdapter, "begin-group", "pair_list", first=group_calls.begin_group,
                      meaning="begin a group: the pairs that this host relates from now on are activated together",
                      needs=needs.list_without_pairs)
PROCESS_GROUP = command(HostAdapter, "process-group", "pair_list", first=group_calls.process_group,
                        meaning="end a group, and activate all pairs of it",
                        needs=needs.begun_group)
REMOVE = command(HostAdapter, "remove", "virtual", first=removal.take_off_list, meaning="remove a virtual device",
                 needs=needs.something_to_remove)
WRITE_ENTRY = command(HostAdapter, "write-entry", "device", "track", first=device_tables.test_entry_to_update,
                      meaning="write the table entry of the track that a virtual device points to",
                      needs=needs.table_of_active)
MODIFY_ENTRY = command(HostAdapter, "modify-entry", "device", "track", first=device_tables.test_entry_to_modify,
                       meaning="modify an entry of a virtual device's own table",
                       needs=needs.table_of_active)
ESTABLISH = command(HostAdapter, "establish", "standard", "virtual", first=device_tables.lock_virtual_device,
                    meaning="establish a virtual device in one call",
                    needs=needs.unused_device)
RESTORE = command(HostAdapter, "restore", "virtual", "standard", first=restore.take_off_list_to_restore,
                  meaning="restore a virtual device to the standard device it stands for",
                  needs=needs.no_other_session)
RESTORE_NEW = command(HostAdapter, "restore-new", "virtual", "standard", first=restore_new.take_off_list_to_restore_to_new,
                      meaning="restore a virtual device to another standard device than the one it stands for",
                      needs=needs.clean_device)
RESTORE_VIRTUAL = command(HostAdapter, "restore-virtual", "virtual", "copy", first=restore_virtual.close_source,
                          meaning="restore a virtual device to a new virtual device, which becomes a copy of it",
                          needs=needs.active_and_unused)
COPY_TRACK_BACK = command(HostAdapter, "copy-back", "device", "track", first=indirect_tracks.hold_track_to_copy,
                    meaning="copy a track of a standard device to where it belongs, if it is indirect (background copy)",
                          needs=needs.indirect_tracks)
DEACTIVATE = command(HostAdapter, "deactivate", "virtual", first=deactivation.exclude_virtual_device,
                     meaning="deactivate a virtual device: what it has saved stays, and nothing is saved for it any more",
                     needs=needs.active_device)
READ_SAVED = command(HostAdapter, "read-saved", "device", "track", "read_block", first=deactivation.test_deactivated,
                     meaning="read a block of a track that a deactivated virtual device has saved",
                     needs=needs.deactivated_device)
READ_BIT = command(HostAdapter, "read-bit", "device", "track", first=deactivation.test_device_of_bit,
                   meaning="read the protection bit of a deactivated virtual device: has the track not changed?",
                   needs=needs.deactivated_device)
SAVE = command(HostAdapter, "save", "virtual", first=way_back.test_to_save,
               meaning="keep what a deactivated virtual device has saved, as the most recent set of a rolling backup",
               needs=needs.room_for_a_set)
ROLL_BACK = command(HostAdapter, "roll-back", "virtual", "goal", first=way_back.test_to_roll_back,
                    meaning="from what a virtual device shows, go back to the image of a set of a rolling backup",
                    needs=needs.kept_set)
