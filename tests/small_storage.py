"""A storage device in miniature, as text that tests edit: hosts with programs, a lock, a ghost, a switch."""

from __future__ import annotations

from pathlib import Path

TEXT = '''"""Two hosts write tracks; a cleaner counts; the lock can be left out."""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import *


class Track(IndexSet, letter="T"):
    """Tracks."""


class Value(IndexSet, letter="v", first=0):
    """Values."""


class OnOff(IntEnum):
    OFF = 0
    ON = 1


class Device(State):
    data = table(Track, of=Member(Value), meaning="what the track holds")
    lock = table(Track, of=ProcessNumber(), meaning="who holds the track")
    dirty: int = variable(Mask(Track), "tracks written since the start")
    logical = table(Track, of=Member(Value), meaning="last committed write", ghost=True)


class Settings(Scope):
    profiles = ("safe", "text-strict", "text-charitable")
    locking = switch(OnOff, safe=OnOff.ON, text_strict=OnOff.OFF, text_charitable=OnOff.ON, figure="Fig. 1",
                     meaning="writers lock the track")
    loud = switch(OnOff, default=OnOff.OFF, figure="", meaning="does nothing")


class Host(Process, letter="H", programs=True):
    """A host."""
    track: int = argument(Member(Track), "the track")
    value: int = argument(Member(Value), "the value")
    seen: int = local(Maybe(Value), "what it has read")


def taken(s: Device, h: Host) -> bool:
    """Is the track held by somebody else?"""
    return s.lock[h.track] != 0 and s.lock[h.track] != h.number


@step(Host, "10", "Fig. 1")
def take_lock(s: Device, c: Settings, h: Host) -> Next:
    """Take the lock of the track."""
    if c.locking == OnOff.ON:
        if taken(s, h):
            return WAIT
        s.lock[h.track] = h.number
    return read_old


@step(Host, "12", "Fig. 1")
def read_old(s: Device, c: Settings, h: Host) -> Next:
    """Read what the track holds."""
    h.seen = s.data[h.track]
    return decide


@step(Host, "14", "Fig. 1", local=True)
def decide(s: Device, c: Settings, h: Host) -> Next:
    """Is there anything to do?"""
    if h.seen == h.value:
        return release
    return write_new


@step(Host, "16", "Fig. 1")
def write_new(s: Device, c: Settings, h: Host) -> Next:
    """Write the new value."""
    s.data[h.track] = h.value
    s.logical[h.track] = h.value
    s.dirty = with_bit(s.dirty, h.track)
    return release


@step(Host, "18", "Fig. 1")
def release(s: Device, c: Settings, h: Host) -> Next:
    """Release the lock."""
    if c.locking == OnOff.ON:
        s.lock[h.track] = 0
    return DONE


write = command(Host, "write", "track", "value", first=take_lock, meaning="write a track")


@initial
def fill(s: Device, c: Settings, first: Value) -> Signal:
    """The first track holds any value."""
    s.data[0] = first
    s.logical[0] = first
    return DONE


@invariant("I1", "stale decision")
def decisions_are_fresh(s: Device, c: Settings, h: Host) -> bool:
    """What a host is about to overwrite is what it has read."""
    return not h.at(write_new) or h.seen == s.data[h.track]


@decisions_are_fresh.explain
def _(s: Device, c: Settings, h: Host) -> tuple[str, str]:
    return f"H{h.id + 1} has read v{s.data[h.track]}", f"it has read v{h.seen}"


@transition("X1", "double write", steps=[write_new])
def writes_change(before: Device, after: Device, c: Settings, h: Host, t: Track) -> bool:
    """A write changes something."""
    return t != h.track or before.data[t] != after.data[t]


@witness("W1")
def written(s: Device, c: Settings, t: Track) -> bool:
    """A track is dirty."""
    return has(s.dirty, t)


SPECIFICATION = Specification.of_module("small storage", Device, Settings, __name__, Track=1, Value=2)
'''

SCENARIO = '''purpose = "Two hosts write one track."
profile = "safe"
[[host]]
program = ["write T1 v1"]
[[host]]
menu = ["write T1 v*"]
times = 2
[check]
witnesses = ["W1"]
execute = ["decide"]
'''


def write(folder: Path, text: str = TEXT, scenario: str = SCENARIO) -> tuple[Path, Path]:
    """The specification and a scenario for it as files: (storage.py, two.toml)."""
    (folder / "storage.py").write_text(text)
    (folder / "two.toml").write_text(scenario)
    return folder / "storage.py", folder / "two.toml"


def edited(*changes: tuple[str, str]) -> str:
    """The text with parts replaced; each must be there exactly once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return text
