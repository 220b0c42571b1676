"""Cells that hold more than one kind of thing: a device of either type, the extra track bytes, an origin.

The eight extra bytes of a log track are the same bytes for two purposes (Fig. 5): links of the free list
while the track is free, the back pointer while it is assigned.  Nothing in them says which; whoever reads
them must know.  Here the purpose is part of the value, so that reading them wrongly is seen.
"""

from __future__ import annotations

from typing import Any

from snapproof.spec import Domain, Scope, Sizes

from .sets import LogTrack, StandardDevice, Track, VirtualDevice


def longest_loop(n: Sizes) -> int:
    """One past the last track or list place that a loop pointer may stand at."""
    return max(n["Track"], n["VirtualDevice"])


def most_numbers(n: Sizes) -> int:
    """A session number, one past the last (none), or the length of a list."""
    return max(n["Session"], n["VirtualDevice"])


class AnyDevice(Domain):
    """A standard device (0 and up) or, behind them, a virtual device: what a host can address (Fig. 2)."""

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, sizes["StandardDevice"] + sizes["VirtualDevice"] - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        n = sizes["StandardDevice"]
        return StandardDevice.member(value) if value < n else VirtualDevice.member(value - n)


class ExtraBytes(Domain):
    """0: the track is not created; then Free(forward, backward); then Assigned(standard device, track)."""

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, (sizes["LogTrack"] + 1) ** 2 + sizes["StandardDevice"] * sizes["Track"]

    def show(self, value: int, sizes: Sizes) -> Any:
        width = sizes["LogTrack"] + 1
        if value == 0:
            return "not created"
        if value <= width * width:
            names = [LogTrack.member(i - 1) if i else "none" for i in divmod(value - 1, width)]
            return f"free, next {names[0]}, previous {names[1]}"
        std, track = divmod(value - 1 - width * width, sizes["Track"])
        return f"back to {StandardDevice.member(std)} {Track.member(track)}"


class Origin(Domain):
    """0: garbage; then a track of a standard device; then a track of a virtual device (written by a host)."""

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, (sizes["StandardDevice"] + sizes["VirtualDevice"]) * sizes["Track"]

    def show(self, value: int, sizes: Sizes) -> Any:
        if value == 0:
            return "garbage"
        device, track = divmod(value - 1, sizes["Track"])
        return f"{AnyDevice().show(device, sizes)} {Track.member(track)}"


def sizes_of(c: Scope) -> Sizes:
    """The sizes that showing a cell needs, from a scope (explanations only)."""
    return Sizes({of.__name__: c.size(of) for of in (StandardDevice, VirtualDevice, Track, LogTrack)})


# --- helpers of steps and properties ----------------------------------------------------------------


def is_virtual(c: Scope, device: int) -> bool:
    """Does this device argument name a virtual device?"""
    return device >= c.size(StandardDevice)


def virtual_device(c: Scope, device: int) -> int:
    """The virtual device that a device argument names; 0 when it names a standard one."""
    return max(0, device - c.size(StandardDevice))


def free_bytes(c: Scope, forward: int, backward: int) -> int:
    """Extra bytes of a free track with these neighbours (-1: none)."""
    return 1 + (forward + 1) * (c.size(LogTrack) + 1) + backward + 1


def back_pointer(c: Scope, std: int, track: int) -> int:
    """Extra bytes of a track assigned to a track of a standard device."""
    return 1 + (c.size(LogTrack) + 1) * (c.size(LogTrack) + 1) + std * c.size(Track) + track


def is_free(c: Scope, extra: int) -> bool:
    """Are these extra bytes links of the free list?"""
    return extra > 0 and extra < back_pointer(c, 0, 0)


def is_assigned(c: Scope, extra: int) -> bool:
    """Are these extra bytes a back pointer?"""
    return extra >= back_pointer(c, 0, 0)


def forward_link(c: Scope, extra: int) -> int:
    """The next free track (-1: none), from the extra bytes of a free track."""
    return (extra - 1) // (c.size(LogTrack) + 1) - 1


def backward_link(c: Scope, extra: int) -> int:
    """The previous free track (-1: none), from the extra bytes of a free track."""
    return (extra - 1) % (c.size(LogTrack) + 1) - 1


def back_device(c: Scope, extra: int) -> int:
    """The standard device, from the extra bytes of an assigned track."""
    return (extra - back_pointer(c, 0, 0)) // c.size(Track)


def back_track(c: Scope, extra: int) -> int:
    """The track, from the extra bytes of an assigned track."""
    return (extra - back_pointer(c, 0, 0)) % c.size(Track)


def from_standard(c: Scope, std: int, track: int) -> int:
    """Origin: copied from a track of a standard device."""
    return 1 + std * c.size(Track) + track


def from_virtual(c: Scope, vdev: int, track: int) -> int:
    """Origin: written by a host to a track of a virtual device."""
    return 1 + (c.size(StandardDevice) + vdev) * c.size(Track) + track
