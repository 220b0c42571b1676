"""I16, I24u: the pairs of a list are activated together (Fig. 19A), or not at all."""

from __future__ import annotations

from snapproof.model import activate
from snapproof.model.groups import listed, on_device
from snapproof.model.pair_lists import list_of
from snapproof.model.parts import WRITES_STANDARD
from snapproof.model.sets import PairList, StandardDevice, VirtualDevice
from snapproof.model.state import Array, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, transition, without


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
    """An Activate that ends with an error has activated nothing."""
    return before.activated[list_of(c, ha)] == 0


@failed_activation_did_nothing.explain
def _failed_activation_did_nothing(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    mask = before.activated[list_of(c, ha)]
    done = [VirtualDevice.member(v) for v in range(c.size(VirtualDevice)) if has(mask, v)]
    return "an Activate that fails leaves all pairs of its list as they were", f"it has activated {', '.join(done)}"
