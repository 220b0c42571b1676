"""How large an array is, and how a flat track number becomes cylinder and head (Fig. 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .errors import BadRequest

BLOCK = 512
"""Bytes of a block."""

BLOCKS = 40
"""Blocks of an FBA track that hosts see."""

TRACK = BLOCKS * BLOCK
"""Bytes of a track that hosts see."""

LOG_RECORD = TRACK + BLOCK
"""Bytes of a log track on disk: an appended block holds the extra bytes (Fig. 5)."""

HEADS = 15
"""Tracks of a cylinder."""

SESSIONS = 16
"""Session bytes in the header of a standard device, and bits in a protection or map word."""


class Device(NamedTuple):
    """A device by its kind (`S` standard, `V` virtual) and number from 0; shown and parsed as S1, V1, …"""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind}{self.number + 1}"

    @staticmethod
    def parse(text: str) -> Device:
        """`S1` or `V2`; BadRequest otherwise (log devices are not visible to hosts)."""
        kind, digits = text[:1].upper(), text[1:]
        if kind not in ("S", "V") or not (digits.isascii() and digits.isdigit()) or len(digits) > 5 or int(digits) < 1:
            raise BadRequest(f"device {text!r}", "this is not the name of a device that hosts see.",
                             "Write S1, S2, … for standard and V1, V2, … for virtual devices.")
        return Device(kind, int(digits) - 1)


@dataclass(frozen=True)
class Geometry:
    """Numbers of devices and of tracks; every standard and virtual device has `tracks` tracks.

    `log_tracks` is the room in the log pool, `sessions` how many of the sixteen session numbers are used,
    `lists` how many lists of related pairs there are.
    """

    standard: int = 1
    virtual: int = 2
    tracks: int = 15
    log_tracks: int = 15
    sessions: int = SESSIONS
    lists: int = 4

    LIMITS = {"standard": 1024, "virtual": 1024, "tracks": 65_536, "log_tracks": 983_040, "sessions": SESSIONS, "lists": 256}

    def __post_init__(self) -> None:
        for name, most in self.LIMITS.items():
            value = getattr(self, name)
            if not isinstance(value, int) or not 1 <= value <= most:
                raise BadRequest(f"geometry, {name}", f"{value!r} is not possible.", f"Give a number from 1 to {most}.")

    @property
    def cylinders(self) -> int:
        """Cylinders of a standard or virtual device; the last one may hold fewer than fifteen tracks."""
        return cylinders_of(self.tracks)

    def check_device(self, device: Device) -> None:
        """BadRequest when there is no such device."""
        count = self.standard if device.kind == "S" else self.virtual
        if not 0 <= device.number < count:
            raise BadRequest(f"device {device}", f"there {'is one device' if count == 1 else f'are {count} devices'} of this kind.",
                             f"Choose {device.kind}1" + (f" to {device.kind}{count}." if count > 1 else "."))

    def check_blocks(self, device: Device, track: int, block: int, count: int) -> None:
        """BadRequest when the block range leaves the device; it may cross tracks."""
        self.check_device(device)
        if not 0 <= track < self.tracks:
            raise BadRequest(f"{device}, track {track}", f"the device has tracks 0 to {self.tracks - 1}.", "Choose one of them.")
        if not 0 <= block < BLOCKS or count < 1:
            raise BadRequest(f"{device}, track {track}, block {block}, {count} blocks",
                             "the range is empty or begins outside the track.",
                             f"Blocks are 0 to {BLOCKS - 1}; give at least one.")
        if track * BLOCKS + block + count > self.tracks * BLOCKS:
            raise BadRequest(f"{device}, track {track}, block {block}, {count} blocks", "the range goes beyond the last track.",
                             f"From there at most {self.tracks * BLOCKS - track * BLOCKS - block} blocks are left.")


def cylinders_of(tracks: int) -> int:
    """How many cylinders hold this many tracks."""
    return -(-tracks // HEADS)


def cylinder_and_head(track: int) -> tuple[int, int]:
    """A flat track number as cylinder and head, both from 0."""
    return divmod(track, HEADS)


def flat(cylinder: int, head: int) -> int:
    """The inverse of `cylinder_and_head`."""
    return cylinder * HEADS + head


__all__ = ["BLOCK", "BLOCKS", "HEADS", "LOG_RECORD", "SESSIONS", "TRACK", "Device", "Geometry", "cylinder_and_head",
           "cylinders_of", "flat"]
