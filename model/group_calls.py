"""Begin Group and Process Group: the pairs that one host relates in between are activated together (Figs. 18, 19A, 25).

Begin Group makes a new, empty list, Process Group is Activate (Fig. 19A) of it.  The numbers are those of Fig. 25, which calls both.
A group is of the host that has begun it, and is open from 634 to 666.  From 666 on the list is held, as Activate holds it: so no
pair joins or leaves between the end of the group and 482.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.group_values import Reopened, Step634, Test666
from snapproof.vocabulary.switch_values import Held

from .activate import take_list
from .groups import forget_group
from .pair_lists import clear_list, length, list_of
from .parts import ENDS, REFUSES, WORKS
from .state import NOBODY, Array, HostAdapter
from .switches import Embodiment


@step(HostAdapter, "634", "Fig. 25", WORKS, ENDS)
def begin_group(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Begin a group with a new, empty list, unless the list has a group, or pairs that wait."""
    here = list_of(c, ha)
    if c.lock_482 == Held.HELD and s.list_lock[here] != NOBODY:
        return WAIT
    if c.open_634 == Reopened.REFUSED and s.group[here] != NOBODY:
        return refuse_to_begin
    if c.step_634 == Step634.REFUSED and length(s, c, here) > 0:
        return refuse_to_begin
    if c.step_634 == Step634.CLEARED:
        clear_list(s, c, here)
    forget_group(s, here)
    s.group[here] = ha.number
    return DONE


@step(HostAdapter, "634 error", "Fig. 25 (silent)", REFUSES, ENDS, local=True)
def refuse_to_begin(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The list has a group, or pairs that wait for activation: an error is returned."""
    return DONE


@step(HostAdapter, "666", "Fig. 25", WORKS)
def process_group(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """End the group that this host has begun; its list is held for Fig. 19A, which activates it."""
    here = list_of(c, ha)
    if c.lock_482 == Held.HELD and s.list_lock[here] != NOBODY:
        return WAIT
    if c.test_666 == Test666.OPENED and s.group[here] != ha.number:
        return refuse_to_process
    s.group[here] = NOBODY
    if c.lock_482 == Held.HELD:
        s.list_lock[here] = ha.number
    return take_list


@step(HostAdapter, "666 error", "Fig. 25 (silent)", REFUSES, ENDS, local=True)
def refuse_to_process(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """This host has begun no group on the list: an error is returned."""
    return DONE
