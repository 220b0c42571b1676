"""Taking up a command of the host; the box at which each begins says so (`begins`)."""

from __future__ import annotations

from ..box import FIRST, WAIT, Next, box
from ..memory import HostAdapter, Memory, Word
from . import standard, virtual_read, virtual_write


@box(HostAdapter, "next", "", rest=True)
def next_command(m: Memory, me: HostAdapter) -> Next:
    """The next command of the host; none is taken up while somebody waits for the array to be at rest."""
    if not m.may_begin(me):
        return WAIT
    me.ticket = me.queue.popleft()
    return FIRST[me.command.word]


@box(HostAdapter, "I/O", "Fig. 2", local=True, begins=Word.READ)
def begin_read(m: Memory, me: HostAdapter) -> Next:
    """Both kinds of device look alike to a host."""
    return virtual_read.test_entry_to_read if me.command.device.kind == "V" else standard.read_standard_track


@box(HostAdapter, "I/O", "Fig. 2", local=True, begins=Word.WRITE)
def begin_write(m: Memory, me: HostAdapter) -> Next:
    """Both kinds of device look alike to a host."""
    return virtual_write.test_entry_to_write if me.command.device.kind == "V" else standard.test_protection_bits
