"""Registering a standard device (Figs. 15A, 15B and 17): a session number is reserved and made inactive.

The virtual device exists already (system configuration) and is passed to Register.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.states import SessionByte, VirtualState
from snapproof.vocabulary.switch_values import Held, Path

from .locks import enter, may_enter, may_raise, raise_flag, release_device
from .parts import ENDS, EXCLUSIVE, LOCKS, REFUSES, REGISTERED, TESTS, WORKS
from .sets import Session
from .state import NOBODY, Array, HostAdapter
from .switches import Embodiment


def free_session(s: Array, c: Embodiment, std: int) -> int:
    """The lowest free session number of a standard device; their number when all are used."""
    for k in c.each(Session):
        if s.session_byte[std, k] == SessionByte.FREE:
            return k
    return c.size(Session)


@step(HostAdapter, "432a", "Figs. 15A (404), 17", TESTS)
def choose_session(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Lock the session resources and find a session number that is free, if there is one."""
    if c.lock_404 == Held.HELD:
        if s.session_lock != NOBODY:
            return WAIT
    if s.vdev_state[ha.virtual] != VirtualState.UNUSED:
        return refuse_registration
    if c.lock_404 == Held.HELD:
        s.session_lock = ha.number
    ha.reserved = free_session(s, c, ha.standard)
    return reserve_session


@step(HostAdapter, "432b", "Figs. 15A (404), 17", WORKS)
def reserve_session(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Reserve the number and the virtual device, and unlock the session resources."""
    if ha.reserved < c.size(Session):
        s.session_byte[ha.standard, ha.reserved] = SessionByte.RESERVED
        s.vdev_state[ha.virtual] = VirtualState.REGISTERED
    if s.session_lock == ha.number:
        s.session_lock = NOBODY
    return make_inactive if c.path_437 == Path.TAKEN else exclude_to_register


@step(HostAdapter, "433", "Figs. 15B (412), 17", LOCKS)
def exclude_to_register(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Raise the flag of the standard device."""
    if not may_raise(s, c, ha, ha.standard):
        return WAIT
    raise_flag(s, c, ha, ha.standard)
    return drain_to_register


@step(HostAdapter, "433 drain", "Figs. 15B (412), 17", LOCKS)
def drain_to_register(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Wait until nobody is inside: exclusive access to the standard device."""
    if not may_enter(s, c, ha, ha.standard):
        return WAIT
    enter(s, c, ha, ha.standard)
    return make_inactive


@step(HostAdapter, "434", "Figs. 15B (414), 17", WORKS, EXCLUSIVE)
def make_inactive(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Set the byte of the reserved session to inactive."""
    if ha.reserved < c.size(Session):
        s.session_byte[ha.standard, ha.reserved] = SessionByte.INACTIVE
    return test_registration if c.path_437 == Path.TAKEN else include_after_register


@step(HostAdapter, "436", "Figs. 15B (416), 17", LOCKS, REGISTERED)
def include_after_register(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """End exclusive access."""
    release_device(s, ha, ha.standard)
    return test_registration


@step(HostAdapter, "438", "Fig. 17", TESTS, REGISTERED, local=True)
def test_registration(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Was there a session number left?"""
    return create_virtual_device if ha.reserved < c.size(Session) else refuse_registration


@step(HostAdapter, "442", "Fig. 17", REFUSES, ENDS, local=True)
def refuse_registration(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """All protection bits are used, or the virtual device is: an error is returned."""
    return DONE


@step(HostAdapter, "444", "Fig. 17", TESTS, REGISTERED, local=True)
def create_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The virtual device exists already; there is nothing to create."""
    return store_registration


@step(HostAdapter, "446", "Fig. 17", WORKS, ENDS, REGISTERED)
def store_registration(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Store the virtual device of the session in the header of the standard device."""
    s.bound[ha.standard, ha.reserved] = ha.virtual
    return DONE
