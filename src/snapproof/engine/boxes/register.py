"""Register (Figs. 15A, 15B, 17): a session number of a standard device, inactive, for a virtual device."""

from __future__ import annotations

from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import Held, Path
from ..box import DONE, WAIT, Next, box
from ..errors import NoSession
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from .holding import enter, let_device_go, raise_flag


def free_session(m: Memory, std: int) -> int:
    """The lowest free session number; one past the last when there is none."""
    used = m.tables.standard[std].session_bytes[:m.geometry.sessions]
    return used.index(SessionByte.FREE) if SessionByte.FREE in used else m.geometry.sessions


@box(HostAdapter, "432a", "Figs. 15A (404), 17", begins=Word.REGISTER)
def choose_session(m: Memory, me: HostAdapter) -> Next:
    """Lock the session numbers and choose one."""
    held, c = m.build.lock_404 == Held.HELD, me.command
    if held and m.locks.session != NOBODY:
        return WAIT
    if m.tables.virtual[c.virtual].state != VirtualState.UNUSED:
        return refuse_registration
    if held:
        m.locks.session = me.number
    me.reserved = free_session(m, c.standard)
    return reserve_session


@box(HostAdapter, "432b", "Figs. 15A (404), 17")
def reserve_session(m: Memory, me: HostAdapter) -> Next:
    """Reserve it, and the virtual device; unlock the session numbers."""
    c = me.command
    if me.reserved < m.geometry.sessions:
        m.tables.standard[c.standard].session_bytes[me.reserved] = SessionByte.RESERVED
        m.tables.virtual[c.virtual].state = VirtualState.REGISTERED
    if m.locks.session == me.number:
        m.locks.session = NOBODY
    return make_inactive if m.build.path_437 == Path.TAKEN else exclude_to_register


@box(HostAdapter, "433", "Figs. 15B (412), 17")
def exclude_to_register(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device."""
    return drain_to_register if raise_flag(m, me, me.command.standard) else WAIT


@box(HostAdapter, "433 drain", "Figs. 15B (412), 17")
def drain_to_register(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return make_inactive if enter(m, me, me.command.standard) else WAIT


@box(HostAdapter, "434", "Figs. 15B (414), 17")
def make_inactive(m: Memory, me: HostAdapter) -> Next:
    """The session byte says inactive."""
    if me.reserved < m.geometry.sessions:
        m.tables.standard[me.command.standard].session_bytes[me.reserved] = SessionByte.INACTIVE
    return test_registration if m.build.path_437 == Path.TAKEN else include_after_register


@box(HostAdapter, "436", "Figs. 15B (416), 17")
def include_after_register(m: Memory, me: HostAdapter) -> Next:
    """End of exclusive access."""
    let_device_go(m, me, me.command.standard)
    return test_registration


@box(HostAdapter, "438", "Fig. 17", local=True)
def test_registration(m: Memory, me: HostAdapter) -> Next:
    """Was there a session number?"""
    return create_virtual_device if me.reserved < m.geometry.sessions else refuse_registration


@box(HostAdapter, "442", "Fig. 17", local=True, refuses=NoSession)
def refuse_registration(m: Memory, me: HostAdapter) -> Next:
    """No session number, or the virtual device is in use."""
    std, vdev = Device("S", me.command.standard), Device("V", me.command.virtual)
    me.refuse(NoSession(f"register {std} {vdev}", f"{std} has no free session number, or {vdev} is in use.",
                        "Remove a virtual device of it (`snapproof engine remove`), or choose another virtual device."))
    return DONE


@box(HostAdapter, "444", "Fig. 17", local=True)
def create_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """The virtual device was named by the host and exists."""
    return store_registration


@box(HostAdapter, "446", "Fig. 17")
def store_registration(m: Memory, me: HostAdapter) -> Next:
    """The header of the standard device says whose session it is."""
    m.tables.standard[me.command.standard].bound[me.reserved] = me.command.virtual
    me.answer(me.reserved)
    return DONE
