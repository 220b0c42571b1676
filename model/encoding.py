"""Cells that hold more than one kind of thing: a device of either type, an entry of a standard track, the extra track bytes, an origin.

The eight extra bytes of a log track are the same bytes for two purposes (Fig. 5): links of the free list
while the track is free, the back pointer while it is assigned.  Nothing in them says which; whoever reads
them must know.  Here the purpose is part of the value, so that reading them wrongly is seen.
"""

from __future__ import annotations

from typing import Any

from snapproof.spec import Domain, Maybe, Member, Scope, Sizes, TaggedUnion, field

from .sets import LogTrack, StandardDevice, Track, VirtualDevice


class AnyDevice(Domain):
    """A standard device (0 and up) or, behind them, a virtual device: what a host can address (Fig. 2).

    A number and no union: commands name it by one word, `read V1 T1 B1` (docs/decisions/0008-structured-values.md).
    """

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, sizes["StandardDevice"] + sizes["VirtualDevice"] - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        n = sizes["StandardDevice"]
        return StandardDevice.member(value) if value < n else VirtualDevice.member(value - n)


class TrackEntry(TaggedUnion):
    """The table entry of a standard track: where its data is, since a restore to the device (Figs. 20B, 20C)."""


class Direct(TrackEntry):
    """On the track itself."""


class OnLog(TrackEntry):
    """On a log track."""

    log: int = field(Member(LogTrack), "the log track")


class OnStandard(TrackEntry):
    """On the same track of another standard device."""

    standard: int = field(Member(StandardDevice), "the other standard device")


class ExtraBytes(TaggedUnion):
    """The eight extra bytes of a log track (119)."""


class NotCreated(ExtraBytes):
    """The pool has room for the track, and has not created it."""


class Free(ExtraBytes):
    """Links of the free list."""

    next: int = field(Maybe(LogTrack), "the next free track")
    previous: int = field(Maybe(LogTrack), "the free track before it")


class Assigned(ExtraBytes):
    """The back pointer."""

    device: int = field(Member(StandardDevice), "the standard device")
    track: int = field(Member(Track), "its track")


class Origin(TaggedUnion):
    """Where the bytes of a block of a log track come from."""


class Nobody(Origin):
    """They are garbage."""


class Copied(Origin):
    """They were copied from a track of a standard device."""

    standard: int = field(Member(StandardDevice), "the standard device")
    track: int = field(Member(Track), "its track")


class Written(Origin):
    """A host wrote them to a track of a virtual device."""

    virtual: int = field(Member(VirtualDevice), "the virtual device")
    track: int = field(Member(Track), "its track")


def extra_words(extra: Any) -> str:
    """What extra bytes say (explanations only)."""
    if isinstance(extra, Assigned):
        return f"back to {StandardDevice.member(extra.device)} {Track.member(extra.track)}"
    if isinstance(extra, Free):
        names = [LogTrack.member(log) if log >= 0 else "none" for log in (extra.next, extra.previous)]
        return f"free, next {names[0]}, previous {names[1]}"
    return "not created"


def entry_words(entry: Any, track: int) -> str:
    """Where the data of a standard track is (explanations only)."""
    if isinstance(entry, OnLog):
        return LogTrack.member(entry.log)
    return f"{StandardDevice.member(entry.standard)} {Track.member(track)}" if isinstance(entry, OnStandard) else "the track itself"


def origin_words(origin: Any) -> str:
    """Whose bytes they are (explanations only)."""
    if isinstance(origin, Copied):
        return f"bytes of {StandardDevice.member(origin.standard)} {Track.member(origin.track)}"
    if isinstance(origin, Written):
        return f"bytes of {VirtualDevice.member(origin.virtual)} {Track.member(origin.track)}"
    return "bytes that belong to nobody"


# --- helpers of steps and properties ----------------------------------------------------------------


def is_virtual(c: Scope, device: int) -> bool:
    """Does this device argument name a virtual device?"""
    return device >= c.size(StandardDevice)


def virtual_device(c: Scope, device: int) -> int:
    """The virtual device that a device argument names; 0 when it names a standard one."""
    return max(0, device - c.size(StandardDevice))
