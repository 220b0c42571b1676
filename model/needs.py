"""What beginnings and commands need: a search of a command that is always refused says nothing of its figure.

Nothing here is a box.  `whereabouts` says how far each virtual device may ever come, from where it begins and by the commands that
there are, whatever their order and interleaving; a command for which no device comes far enough is refused in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from snapproof.spec import Asked
from snapproof.vocabulary.group_values import Step466, Step634, Test666
from snapproof.vocabulary.restore_values import CopySession, Test551, Test581
from snapproof.vocabulary.states import VirtualState
from snapproof.vocabulary.switch_values import ListScope, Start

from .encoding import is_virtual, virtual_device
from .initial_state import state_at_start, usable_sessions
from .sets import Generation, PairList, StandardDevice, Value, VirtualDevice
from .state import NONE, DiskAdapter
from .switches import Embodiment

Unmet = tuple[str, str] | None
"""Why a command is never carried out, and what to do about it."""

Every = Sequence[Asked]
"""The commands of all programs."""

ENDS = ("remove", "restore", "restore-new")
"""Commands behind which a virtual device is unused, and its session number may be free."""


class Where(NamedTuple):
    """How far a virtual device has come, for which standard device, and on which list."""

    state: VirtualState
    std: int = NONE
    pair_list: int = NONE


UNUSED = Where(VirtualState.UNUSED)

Places = list[set[Where]]
"""For each virtual device, how far it may come."""


def at_start(c: Embodiment, vdev: int) -> Where:
    """Where a virtual device begins."""
    state = VirtualState(state_at_start(c, vdev))
    std = vdev % c.size(StandardDevice)
    return UNUSED if state == VirtualState.UNUSED else Where(state, std, 0 if state == VirtualState.RELATED else NONE)


def begins_with(c: Embodiment, std: int) -> list[int]:
    """The virtual devices that a standard device has at the start."""
    return [v for v in c.each(VirtualDevice) if at_start(c, v).std == std]


def a_session_is_free(c: Embodiment, std: int, every: Every) -> bool:
    """May a standard device ever have a free session number: at the start, or behind a command that gives one back?"""
    mine = begins_with(c, std)
    return len(mine) < usable_sessions(c) or any(a.word in ENDS and a.virtual in mine for a in every)


def whereabouts(c: Embodiment, every: Every) -> Places:
    """How far each virtual device may come."""
    found: Places = [{at_start(c, v)} for v in c.each(VirtualDevice)]
    before = -1
    while before != sum(map(len, found)):
        before = sum(map(len, found))
        for a in every:
            _follow(c, a, found, every)
    return found


def _follow(c: Embodiment, a: Asked, found: Places, every: Every) -> None:
    """Where devices may be behind one command."""
    if a.word in ("activate", "process-group"):
        for places in found:
            places |= {Where(VirtualState.ACTIVE, w.std) for w in places if w.state == VirtualState.RELATED and w.pair_list == on(c, a)}
        return
    if a.word == "restore-virtual":
        if UNUSED in found[a.copy]:
            found[a.copy] |= {w for w in found[a.virtual] if w.state == VirtualState.ACTIVE and a_session_is_free(c, w.std, every)}
        return
    if a.word in ("register", "establish", "relate", "activate-one", "deactivate", *ENDS):
        here = found[a.virtual]
        here |= {then for w in here for then in _behind(c, a, w, every)}


def _behind(c: Embodiment, a: Asked, w: Where, every: Every) -> set[Where]:
    """Where a virtual device may be behind a command about it."""
    if a.word in ("register", "establish"):
        then = VirtualState.REGISTERED if a.word == "register" else VirtualState.ACTIVE
        return {Where(then, a.standard)} if w == UNUSED and a_session_is_free(c, a.standard, every) else set()
    if a.word == "relate":
        at_once = {Where(VirtualState.ACTIVE, w.std)} if c.step_466 != Step466.LISTED else set()
        return at_once | {Where(VirtualState.RELATED, w.std, on(c, a))} if w == Where(VirtualState.REGISTERED, a.standard) else set()
    if a.word == "remove":
        return {UNUSED} if w.state not in (VirtualState.UNUSED, VirtualState.REGISTERED) else set()
    if a.word == "activate-one":
        return {Where(VirtualState.ACTIVE, w.std)} if w.state == VirtualState.RELATED else set()
    if w.state != VirtualState.ACTIVE:
        return set()
    if a.word == "deactivate":
        return {Where(VirtualState.DEACTIVATED, w.std)}
    return {UNUSED} if (w.std == a.standard) == (a.word == "restore") else set()


def on(c: Embodiment, a: Asked) -> int:
    """The list that a command is about."""
    return 0 if c.list_scope == ListScope.GLOBAL else a.pair_list


def _comes_to(c: Embodiment, vdev: int, every: Every, *states: VirtualState) -> set[int]:
    """The standard devices for which a virtual device may be in one of these states."""
    return {w.std for w in whereabouts(c, every)[vdev] if w.state in states}


# --- sentences -----------------------------------------------------------------------------------------------------


def _name(vdev: int) -> str:
    return VirtualDevice.member(vdev)


def _begins(c: Embodiment, vdev: int) -> str:
    """`V1 is unused at the start`."""
    w = at_start(c, vdev)
    of = "" if w == UNUSED else f" for {StandardDevice.member(w.std)}"
    return f"{_name(vdev)} is {w.state.name.lower()}{of} at the start"


def unused_device(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Register and establish: an unused virtual device, and a free session number."""
    std = StandardDevice.member(a.standard)
    if UNUSED not in whereabouts(c, every)[a.virtual]:
        return (f"{_begins(c, a.virtual)}, and no program removes or restores it: it is always refused.",
                f'Remove it before, name an unused virtual device, or begin with start = "{Start.BLANK.name.lower()}".')
    if not a_session_is_free(c, a.standard, every):
        return (f"{std} has no session number left: {usable_sessions(c)} are in use at the start, and no program gives one back.",
                "Give a larger Session, or remove one of its virtual devices before.")
    return None


def registered_pair(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Relate: the virtual device has been registered for this standard device."""
    if a.standard in _comes_to(c, a.virtual, every, VirtualState.REGISTERED):
        return None
    pair = f"{StandardDevice.member(a.standard)} {_name(a.virtual)}"
    return f"{_begins(c, a.virtual)}, and no program registers it there: it is always refused.", f'Write "register {pair}" before.'


def listed_pairs(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Activate: some pair may be on the list."""
    if any(w.state == VirtualState.RELATED and w.pair_list == on(c, a) for places in whereabouts(c, every) for w in places):
        return None
    name = PairList.member(a.pair_list)
    return (f"no pair is ever on {name}: nothing is activated.",
            f'Register and relate a pair on {name} before, or begin with start = "related" or "mixed", where they wait on list1.')


def list_without_pairs(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Begin Group: no pair waits on the list for ever."""
    waiting = [v for v in c.each(VirtualDevice) if at_start(c, v).pair_list == on(c, a)]
    stuck = " and ".join(_name(v) for v in waiting if not any(b.word in ENDS and b.virtual == v for b in every))
    if c.step_634 != Step634.REFUSED or not stuck or any(b.word == "activate" and on(c, b) == on(c, a) for b in every):
        return None
    name = PairList.member(on(c, a))
    return (f"{stuck} wait on {name} at the start, and no program activates that list: a group never begins with an empty list.",
            f'Write "activate {name}" before, name another list, or begin with start = "blank".')


def begun_group(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Process Group: a group is begun on the list."""
    if c.test_666 != Test666.OPENED or any(b.word == "begin-group" and on(c, b) == on(c, a) for b in every):
        return None
    name = PairList.member(on(c, a))
    return f"no program begins a group on {name}: it is always refused.", f'Write "begin-group {name}" before.'


def related_pair(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Activating one pair: it has been related."""
    if _comes_to(c, a.virtual, every, VirtualState.RELATED):
        return None
    return (f"{_begins(c, a.virtual)}, and no program relates it: it is always refused.",
            'Register and relate it before, or begin with start = "related".')


def something_to_remove(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Remove: the virtual device has at least been related."""
    if _comes_to(c, a.virtual, every, VirtualState.RELATED, VirtualState.ACTIVE, VirtualState.DEACTIVATED):
        return None
    return (f"{_begins(c, a.virtual)}, and no program relates or establishes it: there is nothing to remove.",
            'Establish it before, or begin with start = "established".')


def active_device(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Deactivate: the virtual device is active at some time."""
    return None if _comes_to(c, a.virtual, every, VirtualState.ACTIVE) else _never_active(c, a.virtual)


def _never_active(c: Embodiment, vdev: int) -> Unmet:
    return (f"{_begins(c, vdev)}, and no program activates or establishes it: it is never ready, and this is always refused.",
            'Establish it before, or begin with start = "established".')


def table_of_active(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """The commands about table entries: a virtual device, which is ready at some time."""
    if not is_virtual(c, a.device):
        return (f"{StandardDevice.member(a.device)} is a standard device, and has no such table.",
                f"Name a virtual device, such as {_name(0)}.")
    vdev = virtual_device(c, a.device)
    return None if _comes_to(c, vdev, every, VirtualState.ACTIVE) else _never_active(c, vdev)


def ready_device(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Reading a device: a virtual one is ready at some time."""
    return table_of_active(c, a, every) if is_virtual(c, a.device) else None


def values_and_savers(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Writing a device: there is something else to write, and for a standard one that is virtual somewhere, who saves it."""
    if c.size(Value) < 2:
        return "with one value every write writes what is there already.", "Give Value = 2 or more."
    if is_virtual(c, a.device):
        return table_of_active(c, a, every)
    if c.size(DiskAdapter) == 0 and any(w.std == a.device for places in whereabouts(c, every) for w in places):
        std = StandardDevice.member(a.device)
        return (f"no disk adapter saves the old data of {std} for its virtual devices: the write waits for ever.",
                "Give DiskAdapter = 1 or more.")
    return None


def deactivated_device(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Reading what a virtual device has saved: it is deactivated at some time."""
    if not is_virtual(c, a.device):
        return f"{StandardDevice.member(a.device)} is a standard device, and saves nothing.", f"Name a virtual device, such as {_name(0)}."
    vdev = virtual_device(c, a.device)
    if _comes_to(c, vdev, every, VirtualState.DEACTIVATED):
        return None
    return f"{_name(vdev)} is never deactivated: it is always refused.", f'Write "deactivate {_name(vdev)}" before.'


def _in_the_way(c: Embodiment, a: Asked, every: Every, ends: Sequence[str]) -> str:
    """The virtual devices of the named standard device whose sessions no program ends, but for the one that the command is about."""
    return " and ".join(_name(v) for v in begins_with(c, a.standard)
                        if v != a.virtual and not any(b.word in ends and b.virtual == v for b in every))


def no_other_session(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Restore: the virtual device is active for this standard device at some time, and no other one is there for ever."""
    std = StandardDevice.member(a.standard)
    reached = _comes_to(c, a.virtual, every, VirtualState.ACTIVE)
    if not reached:
        return _never_active(c, a.virtual)
    if a.standard not in reached:
        return (f"{_name(a.virtual)} never stands for {std}: it is always refused.",
                f'Establish it there before, or restore it to another standard device with "restore-new {_name(a.virtual)} {std}".')
    ends = (*ENDS, "deactivate") if c.test_551 == Test551.ACTIVE else ENDS
    others = _in_the_way(c, a, every, ends)
    if c.test_551 == Test551.NOT_TESTED or not others:
        return None
    return (f"{std} has {others} besides, and no program removes what is in the way: a restore to it is always refused.",
            f'Remove {others} before, or begin with start = "first".')


def clean_device(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Restore to a new device: there are two, the virtual device is active for another one, and the new one can be clean."""
    std = StandardDevice.member(a.standard)
    if c.size(StandardDevice) < 2:
        return "there is one standard device, and no other to restore to.", "Give StandardDevice = 2 or more."
    reached = _comes_to(c, a.virtual, every, VirtualState.ACTIVE)
    if not reached:
        return _never_active(c, a.virtual)
    if reached == {a.standard}:
        return (f"{_name(a.virtual)} stands for {std} itself: it is always refused.",
                f'Name another standard device, or write "restore {_name(a.virtual)} {std}".')
    others = _in_the_way(c, a, every, ENDS)
    if c.test_581 == Test581.NOT_TESTED or not others:
        return None
    return (f"{std} has {others}, and no program removes what is in the way: a restore to it is always refused.",
            f'Remove {others} before, or begin with start = "first".')


def active_and_unused(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Restore to a new virtual device: the one is active at some time, the other is unused, and there is a session number for it."""
    if a.virtual == a.copy:
        return "a virtual device is not restored to itself: it is always refused.", "Name another virtual device, one that is unused."
    stds = _comes_to(c, a.virtual, every, VirtualState.ACTIVE)
    if not stds:
        return _never_active(c, a.virtual)
    if UNUSED not in whereabouts(c, every)[a.copy]:
        return (f"{_begins(c, a.copy)}, and no program removes or restores it: it is always refused.",
                'Remove it before, name an unused virtual device, or begin with start = "first".')
    if c.copy_session == CopySession.OWN and not any(a_session_is_free(c, std, every) for std in stds):
        names = " and ".join(StandardDevice.member(s) for s in sorted(stds))
        return (f"{names} has no session number left: {usable_sessions(c)} are in use at the start, and no program gives one back.",
                "Give a larger Session, or remove one of its virtual devices before.")
    return None


def indirect_tracks(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Copying tracks back: some restore makes tracks of the device indirect."""
    vdev = virtual_device(c, a.device)
    stds = {w.std for w in whereabouts(c, every)[vdev]} if is_virtual(c, a.device) else {a.device}
    if any(b.word in ("restore", "restore-new") and b.standard in stds for b in every):
        return None
    names = " or ".join(StandardDevice.member(s) for s in sorted(stds - {NONE})) or _name(vdev)
    return f"nothing is ever restored to {names}: no track of it is indirect.", "Restore a virtual device to it before."


def room_for_a_set(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Saving a set: the device is deactivated at some time, and sets are kept."""
    if c.generations == 0:
        return "a host keeps no set of saved tracks: it is always refused.", "Give generations = 1 or more in [scope]."
    if _comes_to(c, a.virtual, every, VirtualState.DEACTIVATED):
        return None
    return f"{_name(a.virtual)} is never deactivated: it is always refused.", f'Write "deactivate {_name(a.virtual)}" before.'


def kept_set(c: Embodiment, a: Asked, every: Every) -> Unmet:
    """Going back: there may be so many sets, and the device to begin with is ready at some time."""
    name = Generation.member(a.goal)
    if c.generations <= a.goal or not any(b.word == "save" for b in every):
        return (f"no program keeps a set {name}: it is always refused.",
                'Write "save V1" behind "deactivate V1", and give enough generations.')
    return None if _comes_to(c, a.virtual, every, VirtualState.ACTIVE) else _never_active(c, a.virtual)
