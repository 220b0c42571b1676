"""The index sets: what there are several of (Figs. 1, 2, 5)."""

from __future__ import annotations

from snapproof.spec import IndexSet


class StandardDevice(IndexSet, letter="S"):
    """A standard logical device: a volume with tracks of its own (Fig. 2, 61-68)."""


class VirtualDevice(IndexSet, letter="V"):
    """A virtual device: a table of pointers that looks like a volume (Fig. 2, 71-74)."""


class Track(IndexSet, letter="T"):
    """A track, by its place on a device (Fig. 5, 126-128)."""


class Block(IndexSet, letter="B"):
    """A block of a track; a host writes one, or all of them."""


class Session(IndexSet, letter="K"):
    """A session number of a standard device: one protection bit, one header byte (Fig. 15; sixteen in the embodiment)."""


class LogTrack(IndexSet, letter="L"):
    """A track of the log device, or room in the pool for one that can still be created (Figs. 4, 5)."""


class Value(IndexSet, letter="v", first=0):
    """What a block can hold; v0 is what every standard block holds at the start."""


class Generation(IndexSet, letter="G", size=lambda n: max(1, n["generations"])):
    """A set of saved tracks that a host keeps for a rolling backup, by its age (Fig. 29)."""


class PairList(IndexSet, letter="list"):
    """A list of related pairs that wait for activation (466)."""


class Position(IndexSet, letter="#", size=lambda n: n["VirtualDevice"]):
    """A place on a list; a list never needs more places than there are virtual devices."""
