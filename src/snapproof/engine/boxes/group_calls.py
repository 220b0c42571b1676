"""Begin Group and Process Group (Figs. 18, 19A, 25): what one host relates in between is activated together."""

from __future__ import annotations

from ...vocabulary.group_values import Reopened, Step634, Test666
from ...vocabulary.states import Word
from ...vocabulary.switch_values import Held
from ..box import DONE, WAIT, Next, box
from ..errors import GroupRefused
from ..memory import NOBODY, HostAdapter, Memory
from .activate import take_list
from .pair_lists import list_of


@box(HostAdapter, "634", "Fig. 25", begins=Word.BEGIN_GROUP)
def begin_group(m: Memory, me: HostAdapter) -> Next:
    """A list without pairs and without a group is this host's group from here on."""
    here = list_of(m, me)
    if m.build.lock_482 == Held.HELD and m.locks.pair_list[here] != NOBODY:
        return WAIT
    if m.build.open_634 == Reopened.REFUSED and m.locks.group[here] != NOBODY:
        return refuse_to_begin
    if m.build.step_634 == Step634.REFUSED and m.tables.lists[here]:
        return refuse_to_begin
    if m.build.step_634 == Step634.CLEARED:
        m.tables.lists[here].clear()
    m.locks.group[here] = me.number
    return DONE


@box(HostAdapter, "634 error", "Fig. 25 (silent)", local=True, refuses=GroupRefused)
def refuse_to_begin(m: Memory, me: HostAdapter) -> Next:
    """It has one, or pairs that wait."""
    me.refuse(GroupRefused(f"begin a group on list {list_of(m, me) + 1}", "a group is open on it, or pairs wait there for activation.",
                           "Choose another list, or activate or remove what waits there."))
    return DONE


@box(HostAdapter, "666", "Fig. 25", begins=Word.PROCESS_GROUP)
def process_group(m: Memory, me: HostAdapter) -> Next:
    """The group ends; its list is held from here on."""
    here = list_of(m, me)
    if m.build.lock_482 == Held.HELD and m.locks.pair_list[here] != NOBODY:
        return WAIT
    if m.build.test_666 == Test666.OPENED and m.locks.group[here] != me.number:
        return refuse_to_process
    m.locks.group[here] = NOBODY
    if m.build.lock_482 == Held.HELD:
        m.locks.pair_list[here] = me.number
    return take_list


@box(HostAdapter, "666 error", "Fig. 25 (silent)", local=True, refuses=GroupRefused)
def refuse_to_process(m: Memory, me: HostAdapter) -> Next:
    """The group is another host's, or there is none."""
    me.refuse(GroupRefused(f"process the group on list {list_of(m, me) + 1}", "this host has begun no group on it.",
                           "Begin one, and relate the pairs."))
    return DONE
