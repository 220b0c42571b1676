"""I1, I1r, I12, I17: a virtual device shows its point in time, and what hosts wrote to it since."""

from __future__ import annotations

from snapproof.model import virtual_read
from snapproof.model.encoding import Copied, Origin, Written, origin_words, virtual_device
from snapproof.model.indirect_tracks import contents_for_devices
from snapproof.model.parts import MOVES, READS_VIRTUAL
from snapproof.model.sets import Block, LogTrack, StandardDevice, Track, Value, VirtualDevice
from snapproof.model.state import STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant, transition
from snapproof.vocabulary.states import VirtualState

from .common import at_work, live, view


def value_name(value: int) -> str:
    """A value in words."""
    return "garbage" if value < 0 else Value.member(value)


def block_name(vdev: int, track: int, block: int) -> str:
    """A virtual block in words."""
    return f"{VirtualDevice.member(vdev)} {Track.member(track)} {Block.member(block)}"


def place_name(s: Array, vdev: int, entry: int, track: int) -> str:
    """Where a read would go, in words."""
    if entry == STANDARD:
        return f"standard track {StandardDevice.member(s.std_of[vdev])} {Track.member(track)}"
    return f"log track {LogTrack.member(entry)}"


@invariant("I1", "torn image")
def view_is_image(s: Array, c: Embodiment, v: VirtualDevice, t: Track, b: Block) -> bool:
    """An active virtual device shows its image, except while somebody is at work on the track."""
    if s.vdev_state[v] != VirtualState.ACTIVE or view(s, c, v, t, b) == s.image[v, t, b]:
        return True
    return at_work(s, c, s.std_of[v], t)


@view_is_image.explain
def _view_is_image(s: Array, c: Embodiment, v: int, t: int, b: int) -> tuple[str, str]:
    return (f"{block_name(v, t, b)} shows {value_name(s.image[v, t, b])}, its point in time (or what a host wrote to it since)",
            f"{value_name(view(s, c, v, t, b))}, read from {place_name(s, v, s.pointer[v, t], t)}")


@transition("I1r", "torn image", steps=[READS_VIRTUAL])
def read_returns_image(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A read of a virtual block returns a value that its image had at some instant of the read."""
    value = value_read(before, c, ha)
    return value >= 0 and has(ha.may_return, max(value, 0))


def value_read(s: Array, c: Embodiment, ha: HostAdapter) -> int:
    """What the read box about to be executed returns (-1: garbage)."""
    if ha.entry == STANDARD:
        return contents_for_devices(s, c, s.std_of[virtual_device(c, ha.device)], ha.track, ha.read_block)
    return s.log_data[ha.entry, ha.read_block]


@read_returns_image.explain
def _read_returns_image(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    vdev = virtual_device(c, ha.device)
    allowed = [Value.member(i) for i in range(c.size(Value)) if has(ha.may_return, i)]
    return (f"a read of {block_name(vdev, ha.track, ha.read_block)} returns {' or '.join(allowed)}, its image during the read",
            f"{value_name(value_read(before, c, ha))}, read from {place_name(before, vdev, ha.entry, ha.track)}")


@transition("I12", "foreign data", steps=[virtual_read.read_from_log])
def read_is_of_own_volume(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Bytes read from a log track come from the device's own volume and track, even when values coincide."""
    vdev = virtual_device(c, ha.device)
    origin: Origin = before.log_origin[ha.entry, ha.read_block]
    return origin == Copied(standard=before.std_of[vdev], track=ha.track) or origin == Written(virtual=vdev, track=ha.track)


@read_is_of_own_volume.explain
def _read_is_of_own_volume(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    vdev = virtual_device(c, ha.device)
    origin: Origin = before.log_origin[ha.entry, ha.read_block]
    return (f"a read of {block_name(vdev, ha.track, ha.read_block)} returns bytes of "
            f"{StandardDevice.member(before.std_of[vdev])} {Track.member(ha.track)} "
            f"or bytes that hosts wrote to {VirtualDevice.member(vdev)}",
            f"{origin_words(origin)}, read from {place_name(before, vdev, ha.entry, ha.track)}")


def shows_host_write(s: Array, c: Embodiment, v: int, t: int, b: int) -> bool:
    """Does the virtual block show what a host wrote to it?"""
    if not live(s, v) or s.pointer[v, t] == STANDARD:
        return False
    return s.log_origin[s.pointer[v, t], b] == Written(virtual=v, track=t) and view(s, c, v, t, b) == s.image[v, t, b]


def write_survives(before: Array, after: Array, c: Embodiment, v: int, t: int, b: int) -> bool:
    """A virtual block that showed a host's write shows its image still, unless its device is gone."""
    if not shows_host_write(before, c, v, t, b) or not live(after, v):
        return True
    return view(after, c, v, t, b) == after.image[v, t, b]


@transition("I17", "lost write", steps=[MOVES])
def copy_keeps_virtual_writes(before: Array, after: Array, c: Embodiment, da: DiskAdapter,
                              v: VirtualDevice, t: Track, b: Block) -> bool:
    """Saving old data never replaces what a host wrote to a virtual device."""
    return write_survives(before, after, c, v, t, b)


@transition("I17v", "lost write", steps=[MOVES])
def work_keeps_virtual_writes(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                              v: VirtualDevice, t: Track, b: Block) -> bool:
    """Another write or a removal never replaces what a host wrote to a virtual device."""
    return write_survives(before, after, c, v, t, b)


@copy_keeps_virtual_writes.explain
def _copy_keeps_virtual_writes(before: Array, after: Array, c: Embodiment, da: DiskAdapter,
                               v: int, t: int, b: int) -> tuple[str, str]:
    return _lost(after, c, v, t, b)


@work_keeps_virtual_writes.explain
def _work_keeps_virtual_writes(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                               v: int, t: int, b: int) -> tuple[str, str]:
    return _lost(after, c, v, t, b)


def _lost(after: Array, c: Embodiment, v: int, t: int, b: int) -> tuple[str, str]:
    return (f"{block_name(v, t, b)} shows {value_name(after.image[v, t, b])}, which a host wrote to it",
            f"{value_name(view(after, c, v, t, b))}, read from {place_name(after, v, after.pointer[v, t], t)}")
