"""I16, I20g to I20n, I24u, I24b, I24i: the pairs of a list or group are activated together (Fig. 19A), or not at all.

A group is what one host has related between its Begin Group and its Process Group: no more, no less.
"""

from __future__ import annotations

from snapproof.model import activate, group_calls, relate
from snapproof.model.groups import listed, on_device
from snapproof.model.pair_lists import in_group, length, list_of, on_list
from snapproof.model.parts import WRITES_STANDARD
from snapproof.model.sets import PairList, StandardDevice, VirtualDevice
from snapproof.model.state import NOBODY, Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, transition, without
from snapproof.vocabulary.states import VirtualState

from .boxes import WITHOUT_CAUSE, host_boxes
from .refusals import refused


@transition("I16", "inconsistent group", steps=[WRITES_STANDARD])
def group_is_consistent(before: Array, after: Array, c: Embodiment, ha: HostAdapter, i: PairList) -> bool:
    """No image of a group has a write that began after another was acknowledged which an image of the group lacks.

    The write is told that will be in an image: its standard device has a pair of the list that still waits for its
    point in time, while one that was acknowledged before it began came too late for a pair already activated.
    """
    if not has(before.overtaken, i) or has(ha.earlier, i):
        return True
    return without(listed(before, c, i), before.activated[i]) & on_device(before, c, ha.device) == 0


@group_is_consistent.explain
def _group_is_consistent(before: Array, after: Array, c: Embodiment, ha: HostAdapter, i: int) -> tuple[str, str]:
    waiting = without(listed(before, c, i), before.activated[i]) & on_device(before, c, ha.device)
    late = [VirtualDevice.member(v) for v in range(c.size(VirtualDevice)) if has(waiting, v)]
    done = [VirtualDevice.member(v) for v in range(c.size(VirtualDevice)) if has(before.activated[i], v)]
    return (f"the images of {PairList.member(i)} have all writes that were acknowledged before a write began that they have",
            f"this write to {StandardDevice.member(ha.device)} will be in the image of {', '.join(late)}, and one acknowledged "
            f"before it began is not in that of {', '.join(done)}")


@transition("I24u", "half an activation", steps=[activate.fail_activation])
def failed_activation_did_nothing(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """An Activate that ends with an error has activated nothing.

    Where Activate does not wait for Process Group, others may have activated pairs of an open group, which is asked elsewhere (I16).
    """
    here = list_of(c, ha)
    return before.activated[here] == 0 or before.group[here] != NOBODY


@failed_activation_did_nothing.explain
def _failed_activation_did_nothing(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    mask = before.activated[list_of(c, ha)]
    done = [VirtualDevice.member(v) for v in range(c.size(VirtualDevice)) if has(mask, v)]
    return "an Activate that fails leaves all pairs of its list as they were", f"it has activated {', '.join(done)}"


# --- Begin Group and Process Group ------------------------------------------------------------------------------------


@transition("I20g", "wrong member of a group", steps=[relate.add_to_list])
def group_has_its_pairs(before: Array, after: Array, c: Embodiment, ha: HostAdapter, i: PairList) -> bool:
    """A pair that is related is put in the open group of the host that relates it, if that has one on the list, and in no other's."""
    if before.group[i] == NOBODY or i != list_of(c, ha) or after.vdev_state[ha.virtual] != VirtualState.RELATED:
        return True
    return on_list(after, c, i, ha.virtual) == (before.group[i] == ha.number)


@group_has_its_pairs.explain
def _group_has_its_pairs(before: Array, after: Array, c: Embodiment, ha: HostAdapter, i: int) -> tuple[str, str]:
    own = before.group[i] == ha.number
    name, here = VirtualDevice.member(ha.virtual), PairList.member(i)
    return (f"{name} is{' ' if own else ' not '}in the group on {here}, which {'the same' if own else 'another'} host has begun",
            f"it is {'not ' if own else ''}on the list")


@transition("I20h", "group ended by another", steps=host_boxes())
def group_is_its_hosts(before: Array, after: Array, c: Embodiment, ha: HostAdapter, i: PairList) -> bool:
    """An open group stays its host's until that host processes it (666)."""
    if before.group[i] == NOBODY or after.group[i] == before.group[i]:
        return True
    return before.group[i] == ha.number and ha.at(group_calls.process_group) and after.group[i] == NOBODY


@group_is_its_hosts.explain
def _group_is_its_hosts(before: Array, after: Array, c: Embodiment, ha: HostAdapter, i: int) -> tuple[str, str]:
    return (f"the group on {PairList.member(i)} is open until the host that has begun it processes it",
            "another host has it now" if after.group[i] != NOBODY else "it has been ended")


@transition("I20n", "group begins with pairs", steps=[group_calls.begin_group])
def group_begins_empty(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A group that begins has no pair yet.  That none is lost which was on the list, I20 asks."""
    return refused(after, ha) or length(after, c, list_of(c, ha)) == 0


@group_begins_empty.explain
def _group_begins_empty(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    here = list_of(c, ha)
    waiting = [VirtualDevice.member(v) for v in range(c.size(VirtualDevice)) if on_list(after, c, here, v)]
    return f"a group on {PairList.member(here)} begins without pairs", f"it has {' and '.join(waiting)}, waiting there before it began"


@transition("I24b", WITHOUT_CAUSE, steps=[group_calls.begin_group])
def refused_group_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Begin Group refuses only a list that has a group, or pairs that wait."""
    here = list_of(c, ha)
    return not refused(after, ha) or before.group[here] != NOBODY or length(before, c, here) > 0


@refused_group_had_a_cause.explain
def _refused_group_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{PairList.member(list_of(c, ha))} is empty and has no group, so one begins", "an error is returned"


@transition("I24c", WITHOUT_CAUSE, steps=[group_calls.process_group])
def refused_process_had_no_group(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Process Group refuses only a host that has begun no group on the list."""
    return not refused(after, ha) or before.group[list_of(c, ha)] != ha.number


@refused_process_had_no_group.explain
def _refused_process_had_no_group(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"this host has begun a group on {PairList.member(list_of(c, ha))}, so it is processed", "an error is returned"


@transition("I24i", "activation dropped", steps=[activate.take_list, activate.exclude_to_activate_one])
def activation_left_to_a_group(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Activate leaves pairs alone only when they are in a group, which Process Group will activate."""
    here = after.same(ha)
    if not here.at(activate.leave_to_group):
        return True
    return before.group[list_of(c, ha)] != NOBODY if ha.at(activate.take_list) else in_group(before, c, ha.virtual)


@activation_left_to_a_group.explain
def _activation_left_to_a_group(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "Activate activates pairs that are in no group", "it has ended without doing so"
