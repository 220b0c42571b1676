"""What must be reachable about groups: Begin Group, Process Group, and pairs that are activated at once."""

from __future__ import annotations

from snapproof.model import activate, group_calls, relate
from snapproof.model.pair_lists import in_group, length, list_of, on_any_list
from snapproof.model.state import NOBODY, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import witness


@witness("W56")
def pair_waits_for_anothers_group(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A pair is to join a list (466) on which another host has begun a group."""
    here = list_of(c, ha)
    return ha.at(relate.add_to_list) and s.group[here] != NOBODY and s.group[here] != ha.number


@witness("W57")
def pair_of_a_group_is_asked_for(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A pair of an open group is to be activated alone (422)."""
    return ha.at(activate.exclude_to_activate_one) and in_group(s, c, ha.virtual)


@witness("W58")
def list_of_a_group_is_asked_for(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The list of an open group is to be activated (482)."""
    return ha.at(activate.take_list) and s.group[list_of(c, ha)] != NOBODY


@witness("W59")
def pair_is_activated_at_once(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A pair that stands on no list is activated (424): Relate has gone on to it."""
    return ha.at(activate.activate_one) and activate.related(s, ha.virtual) and not on_any_list(s, c, ha.virtual)


@witness("W60")
def group_of_two_is_processed(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host processes its group of two pairs (666)."""
    here = list_of(c, ha)
    return ha.at(group_calls.process_group) and s.group[here] == ha.number and length(s, c, here) == 2


@witness("W61")
def group_is_begun_again(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A group is to begin (634) on a list that has one."""
    return ha.at(group_calls.begin_group) and s.group[list_of(c, ha)] != NOBODY


@witness("W62")
def group_meets_waiting_pairs(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A group is to begin (634) on a list without one, on which pairs wait."""
    here = list_of(c, ha)
    return ha.at(group_calls.begin_group) and s.group[here] == NOBODY and length(s, c, here) > 0


@witness("W63")
def group_of_another_is_processed(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host is to process (666) a group that another one has begun."""
    here = list_of(c, ha)
    return ha.at(group_calls.process_group) and s.group[here] != NOBODY and s.group[here] != ha.number
