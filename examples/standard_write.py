"""Writing a standard device under a point-in-time copy, reduced: one session, one virtual device.

Figs. 11, 12, 16 (and the end of 15B, 15C) of the storage array, with one block a track, a mask instead
of the list of free log tracks, and flags for locks.  The whole device is in `model/`; this piece of it is
small enough to be written by hand for Spin and Rumur (`bench/`), with the same states.  No count is
published: the tests pin what both readings here, Spin and Rumur agree on.
"""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (
    DONE,
    WAIT,
    Flag,
    IndexSet,
    Mask,
    Maybe,
    Member,
    Next,
    OneOf,
    Process,
    Scope,
    Specification,
    State,
    Table,
    has,
    invariant,
    local,
    step,
    switch,
    table,
    variable,
    with_bit,
    witness,
)


class Track(IndexSet, letter="T", symmetric=True):
    """A track of the standard device, and of the virtual one."""


class LogTrack(IndexSet, letter="L", symmetric=True, size=lambda n: n["Track"]):
    """A track of the log device: one for each track is enough for one session."""


class Value(IndexSet, letter="v", first=0, symmetric=True):
    """What a track can contain."""


class Mailbox(IndexSet, letter="M", size=lambda n: n["HostAdapter"]):
    """Where a host adapter and a disk adapter exchange a request and a status."""


class Mail(IntEnum):
    """What is in a mailbox."""

    EMPTY = 0
    REQUEST = 1
    TAKEN = 2
    STATUS = 3


class Array(State):
    """The global memory of the array."""

    data: Table = table(Track, of=Member(Value), meaning="content of the standard device")
    protection = table(Track, of=Flag(), meaning="the session's protection bit (Fig. 5)")
    pointer: Table = table(Track, of=Maybe(LogTrack, "standard"), meaning="where the virtual device finds the track (Fig. 3)")
    log_data: Table = table(LogTrack, of=Member(Value), meaning="content of the log device")
    taken: int = variable(Mask(LogTrack), "log tracks that are not free (Fig. 9)")
    active: int = variable(Flag(), "the session is active (Fig. 15C)")
    locked = table(Track, of=Flag(), meaning="an adapter works on the track")
    exclusive: int = variable(Flag(), "nobody may begin to work on a track")
    mail = table(Mailbox, of=OneOf(Mail), meaning="request and status of each host adapter (326, 318)")
    image: Table = table(Track, of=Member(Value), meaning="the standard device at the point in time", ghost=True)


class Exclusion(IntEnum):
    """What exclusive access means."""

    BLOCKS = 0
    DRAINS = 1


class Settings(Scope):
    """The one switch that is kept of the whole model."""

    exclusion: int = switch(Exclusion, default=Exclusion.DRAINS, figure="Fig. 15C",
                            meaning="activation also waits for writes that have begun")


class HostAdapter(Process, letter="HA"):
    """Carries out a host's writes."""

    track: int = local(Member(Track), "the track it writes")
    value: int = local(Member(Value), "what it writes")


class DiskAdapter(Process, letter="DA"):
    """Copies tracks to the log device on request."""

    host: int = local(Member(Mailbox), "whose request it carries out")
    track: int = local(Member(Track), "the track concerned")
    log: int = local(Member(LogTrack), "the log track it has obtained")


class Controller(Process, letter="C"):
    """Establishes the session."""

    track: int = local(Member(Track), "the next track to protect")


# --- Fig. 12: the host adapter ----------------------------------------------------------------------


@step(HostAdapter, "320", "Fig. 12", rest=True)
def receive_write(s: Array, c: Settings, ha: HostAdapter, t: Track, v: Value) -> Next:
    """A host writes some value to some track."""
    ha.track = t
    ha.value = v
    return test_protection


@step(HostAdapter, "322", "Fig. 12, 16B")
def test_protection(s: Array, c: Settings, ha: HostAdapter) -> Next:
    """Lock the track; is it protected by an active session?"""
    if s.locked[ha.track] or s.exclusive:
        return WAIT
    if s.protection[ha.track] and s.active:
        return request_protection
    s.locked[ha.track] = 1
    return write_the_track


@step(HostAdapter, "324", "Fig. 12")
def write_the_track(s: Array, c: Settings, ha: HostAdapter) -> Next:
    """Write, and unlock the track."""
    s.data[ha.track] = ha.value
    s.locked[ha.track] = 0
    return DONE


@step(HostAdapter, "326", "Fig. 12")
def request_protection(s: Array, c: Settings, ha: HostAdapter) -> Next:
    """Ask the disk adapters to keep the old content."""
    s.mail[ha.id] = Mail.REQUEST
    return await_status


@step(HostAdapter, "332", "Fig. 12")
def await_status(s: Array, c: Settings, ha: HostAdapter) -> Next:
    """Wait for the status, and test again."""
    if s.mail[ha.id] != Mail.STATUS:
        return WAIT
    s.mail[ha.id] = Mail.EMPTY
    return test_protection


# --- Fig. 11: the disk adapter ----------------------------------------------------------------------


@step(DiskAdapter, "302", "Fig. 11, 16A", rest=True)
def test_bits(s: Array, c: Settings, da: DiskAdapter, ha: HostAdapter) -> Next:
    """Take a request and lock its track; is it still protected by an active session?"""
    if s.mail[ha.id] != Mail.REQUEST or s.locked[ha.track] or s.exclusive:
        return WAIT
    s.mail[ha.id] = Mail.TAKEN
    s.locked[ha.track] = 1
    da.host = ha.id
    da.track = ha.track
    if s.protection[ha.track] and s.active:
        return obtain_free_track
    return send_status


@step(DiskAdapter, "306", "Fig. 11")
def obtain_free_track(s: Array, c: Settings, da: DiskAdapter, free: LogTrack) -> Next:
    """Take a free log track, any."""
    if has(s.taken, free):
        return WAIT
    s.taken = with_bit(s.taken, free)
    da.log = free
    return copy_the_track


@step(DiskAdapter, "312", "Fig. 11")
def copy_the_track(s: Array, c: Settings, da: DiskAdapter) -> Next:
    """Copy the standard track to the log track."""
    s.log_data[da.log] = s.data[da.track]
    return move_the_pointer


@step(DiskAdapter, "308", "Fig. 11")
def move_the_pointer(s: Array, c: Settings, da: DiskAdapter) -> Next:
    """Let the virtual device find the track on the log device (after the copy: the safe order)."""
    s.pointer[da.track] = da.log
    return clear_the_bit


@step(DiskAdapter, "316", "Fig. 11")
def clear_the_bit(s: Array, c: Settings, da: DiskAdapter) -> Next:
    """The track need not be protected any more."""
    s.protection[da.track] = 0
    return send_status


@step(DiskAdapter, "318", "Fig. 11")
def send_status(s: Array, c: Settings, da: DiskAdapter) -> Next:
    """Unlock the track and answer."""
    s.locked[da.track] = 0
    s.mail[da.host] = Mail.STATUS
    return DONE


# --- Figs. 15B, 15C: the session --------------------------------------------------------------------


@step(Controller, "418", "Fig. 15B")
def protect_a_track(s: Array, c: Settings, p: Controller) -> Next:
    """Set the protection bits, one track after the other; the session is not active yet."""
    s.protection[p.track] = 1
    if p.track + 1 < c.size(Track):
        p.track += 1
        return protect_a_track
    p.track = 0
    return exclude


@step(Controller, "422", "Fig. 15C")
def exclude(s: Array, c: Settings, p: Controller) -> Next:
    """Get exclusive access."""
    if c.exclusion == Exclusion.DRAINS:
        for t in c.each(Track):
            if s.locked[t]:
                return WAIT
    s.exclusive = 1
    return activate


@step(Controller, "424", "Fig. 15C")
def activate(s: Array, c: Settings, p: Controller) -> Next:
    """The point in time."""
    s.active = 1
    for t in c.each(Track):
        s.image[t] = s.data[t]
    return release


@step(Controller, "426", "Fig. 15C")
def release(s: Array, c: Settings, p: Controller) -> Next:
    """Give exclusive access back."""
    s.exclusive = 0
    return established


@step(Controller, "end", "Fig. 15C", rest=True)
def established(s: Array, c: Settings, p: Controller) -> Next:
    """The session stays."""
    return WAIT


# --- what must hold ---------------------------------------------------------------------------------


def view(s: Array, t: int) -> int:
    """What a read of the virtual device returns (Fig. 10)."""
    if s.pointer[t] < 0:
        return s.data[t]
    return s.log_data[s.pointer[t]]


@invariant("I1", "torn image")
def virtual_device_shows_the_image(s: Array, c: Settings, t: Track) -> bool:
    """Once active, the virtual device shows the standard device as it was at the point in time."""
    return s.active == 0 or view(s, t) == s.image[t]


@invariant("I5", "shared log track")
def log_tracks_have_one_user(s: Array, c: Settings, t: Track, u: Track) -> bool:
    """No two tracks point to one log track, and none points to a free one."""
    if s.pointer[t] < 0:
        return True
    return has(s.taken, s.pointer[t]) and (t == u or s.pointer[t] != s.pointer[u])


@witness("W1")
def a_kept_track_differs(s: Array, c: Settings, t: Track) -> bool:
    """The log device keeps what the standard device has lost."""
    return s.pointer[t] >= 0 and s.data[t] != s.log_data[s.pointer[t]]


SPECIFICATION = Specification.of_module("standard write", Array, Settings, __name__,
                                        Track=1, Value=2, HostAdapter=2, DiskAdapter=1, Controller=1)
