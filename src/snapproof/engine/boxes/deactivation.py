"""Deactivate (Fig. 27); the protection bit of a track, and what a deactivated device has saved (Fig. 28)."""

from __future__ import annotations

from ...vocabulary.states import SessionByte, VirtualState, Word
from ...vocabulary.switch_values import Path, Slot, Step742, Step744, YesNo
from ..box import DONE, WAIT, Next, box
from ..errors import NotActive, NotSaved
from ..geometry import Device
from ..memory import NOBODY, HostAdapter, Memory
from ..slots import LOG
from ..tables import STANDARD, VirtualTable
from .holding import (
    close_virtual_device,
    enter,
    let_device_go,
    let_log_track_go,
    let_virtual_device_go,
    raise_flag,
    virtual_device_drained,
)


def target(m: Memory, me: HostAdapter) -> VirtualTable:
    """The device being deactivated."""
    return m.tables.virtual[me.command.virtual]


def asked(m: Memory, me: HostAdapter) -> VirtualTable:
    """The device whose bit or saved track is asked for."""
    return m.tables.virtual[me.command.device.number]


@box(HostAdapter, "732", "Fig. 27", begins=Word.DEACTIVATE)
def exclude_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """Nobody takes a slot of the virtual device any more."""
    if target(m, me).state != VirtualState.ACTIVE:
        return refuse_deactivation
    if m.build.path_746a == Path.NOT_TAKEN and not close_virtual_device(m, me, me.command.virtual):
        return WAIT
    return drain_virtual_device


@box(HostAdapter, "732 drain", "Fig. 27")
def drain_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """None of its log tracks is in anybody's hands."""
    if m.build.path_746a == Path.NOT_TAKEN and not virtual_device_drained(m, me.command.virtual):
        return WAIT
    return stop_saving if m.build.path_746b == Path.TAKEN else exclude_to_deactivate


@box(HostAdapter, "734", "Fig. 27")
def exclude_to_deactivate(m: Memory, me: HostAdapter) -> Next:
    """The flag of the standard device, if the virtual one still is active."""
    if m.build.retest_736 == YesNo.YES and target(m, me).state != VirtualState.ACTIVE:
        let_virtual_device_go(m, me, me.command.virtual)
        return refuse_deactivation
    return drain_to_deactivate if raise_flag(m, me, target(m, me).standard) else WAIT


@box(HostAdapter, "734 drain", "Fig. 27")
def drain_to_deactivate(m: Memory, me: HostAdapter) -> Next:
    """Nobody is inside: exclusive access."""
    return stop_saving if enter(m, me, target(m, me).standard) else WAIT


@box(HostAdapter, "736", "Fig. 27")
def stop_saving(m: Memory, me: HostAdapter) -> Next:
    """Session inactive: changes are frozen."""
    device = target(m, me)
    if m.build.retest_736 == YesNo.YES and device.state != VirtualState.ACTIVE:
        let_device_go(m, me, device.standard)
        let_virtual_device_go(m, me, me.command.virtual)
        return refuse_deactivation
    m.tables.standard[device.standard].session_bytes[device.session] = SessionByte.INACTIVE
    device.state = VirtualState.DEACTIVATED
    return include_after_deactivate


@box(HostAdapter, "738", "Fig. 27")
def include_after_deactivate(m: Memory, me: HostAdapter) -> Next:
    """The standard device is everybody's again."""
    let_device_go(m, me, target(m, me).standard)
    return make_not_ready


@box(HostAdapter, "742", "Fig. 27")
def make_not_ready(m: Memory, me: HostAdapter) -> Next:
    """Hosts do not see it any more, or only read it."""
    if m.build.step_742 == Step742.NOT_READY:
        target(m, me).ready = False
    elif m.build.step_742 == Step742.READ_ONLY:
        target(m, me).read_only = True
    return include_virtual_device


@box(HostAdapter, "744", "Fig. 27")
def include_virtual_device(m: Memory, me: HostAdapter) -> Next:
    """Let the virtual device go (as printed: the standard one, once more)."""
    if m.build.step_744 == Step744.VIRTUAL:
        let_virtual_device_go(m, me, me.command.virtual)
    else:
        let_device_go(m, me, target(m, me).standard)
    return DONE


@box(HostAdapter, "732 error", "Fig. 27 (silent)", local=True, refuses=NotActive)
def refuse_deactivation(m: Memory, me: HostAdapter) -> Next:
    """Not active."""
    me.refuse(NotActive(f"deactivate {Device('V', me.command.virtual)}", "the virtual device is not active.",
                        "Look at the states with `snapproof engine show`."))
    return DONE


@box(HostAdapter, "751", "Fig. 27 (protection bits)", begins=Word.READ_BIT)
def test_device_of_bit(m: Memory, me: HostAdapter) -> Next:
    """Deactivated?"""
    return read_protection_bit if asked(m, me).state == VirtualState.DEACTIVATED else refuse_saved_track


@box(HostAdapter, "751 bit", "Fig. 27 (protection bits)")
def read_protection_bit(m: Memory, me: HostAdapter) -> Next:
    """The bit of its session: set when the track has not changed."""
    device = asked(m, me)
    me.answer(bool(m.tables.standard[device.standard].protection[me.command.track] >> device.session & 1))
    return DONE


@box(HostAdapter, "752", "Fig. 28", begins=Word.READ_SAVED)
def test_deactivated(m: Memory, me: HostAdapter) -> Next:
    """Deactivated?"""
    return test_saved if asked(m, me).state == VirtualState.DEACTIVATED else refuse_saved_track


@box(HostAdapter, "756", "Fig. 28")
def test_saved(m: Memory, me: HostAdapter) -> Next:
    """Was the track saved?"""
    me.entry = asked(m, me).pointers[me.command.track]
    return refuse_saved_track if me.entry == STANDARD else lock_saved_track


@box(HostAdapter, "756 lock", "Figs. 6 (note), 28")
def lock_saved_track(m: Memory, me: HostAdapter) -> Next:
    """Lock the log track, and look again."""
    device = asked(m, me)
    if m.build.lock_756 != Slot.NONE:
        if m.locks.log[me.entry] != NOBODY:
            return WAIT
        moved = device.pointers[me.command.track] != me.entry or device.state != VirtualState.DEACTIVATED
        if m.build.lock_756 == Slot.REREAD and moved:
            me.entry = STANDARD
            return test_deactivated
        m.locks.log[me.entry] = me.number
    return read_saved_track


@box(HostAdapter, "758", "Fig. 28")
def read_saved_track(m: Memory, me: HostAdapter) -> Next:
    """The data, and let go."""
    me.answer(m.slots.read(LOG, me.entry, me.command.block, me.command.count))
    let_log_track_go(m, me, me.entry)
    return DONE


@box(HostAdapter, "754", "Fig. 28", local=True, refuses=NotSaved)
def refuse_saved_track(m: Memory, me: HostAdapter) -> Next:
    """Not deactivated, or not saved."""
    me.refuse(NotSaved(f"{me.command.device}, track {me.command.track}",
                       "the virtual device is not deactivated, or has not saved the track, which did not change then.",
                       "Deactivate it first; `snapproof engine show` says what it points to."))
    return DONE
