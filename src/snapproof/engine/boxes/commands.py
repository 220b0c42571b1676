"""Taking up a command of the host, and where each begins."""

from __future__ import annotations

from ..box import WAIT, Box, Next, box
from ..memory import HostAdapter, Memory, Word
from . import activate, device_tables, register, relate, removal, standard, virtual_read, virtual_write


@box(HostAdapter, "next", "", rest=True)
def next_command(m: Memory, me: HostAdapter) -> Next:
    """The next command of the host; none is taken up while somebody waits for the array to be at rest."""
    if not m.may_begin(me):
        return WAIT
    me.ticket = me.queue.popleft()
    return FIRST[me.command.word]


@box(HostAdapter, "I/O", "Fig. 2", local=True)
def begin_read(m: Memory, me: HostAdapter) -> Next:
    """Both kinds of device look alike to a host."""
    return virtual_read.test_entry_to_read if me.command.device.kind == "V" else standard.read_standard_track


@box(HostAdapter, "I/O", "Fig. 2", local=True)
def begin_write(m: Memory, me: HostAdapter) -> Next:
    """Both kinds of device look alike to a host."""
    return virtual_write.test_entry_to_write if me.command.device.kind == "V" else standard.test_protection_bits


FIRST: dict[Word, Box] = {
    Word.READ: begin_read,
    Word.WRITE: begin_write,
    Word.LOOK_UP: virtual_read.test_entry_of_interest,
    Word.REGISTER: register.choose_session,
    Word.RELATE: relate.test_registered,
    Word.ACTIVATE: activate.take_list,
    Word.ACTIVATE_ONE: activate.exclude_to_activate_one,
    Word.REMOVE: removal.take_off_list,
    Word.WRITE_ENTRY: device_tables.test_entry_to_update,
    Word.MODIFY_ENTRY: device_tables.test_entry_to_modify,
    Word.ESTABLISH: device_tables.lock_virtual_device,
}
"""The box behind `next_command`."""
