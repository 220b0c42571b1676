"""What there is: devices, tables, log pool, locks and adapters (Figs. 1, 2, 5).

Cylinders are flattened: a device is a row of tracks, a track a row of blocks.  All devices have the same
number of tracks, and a virtual device stands for the whole of one standard device.
"""

from __future__ import annotations

from snapproof.spec import (
    Flag,
    Mask,
    Maybe,
    Member,
    OneOf,
    Process,
    ProcessNumber,
    Range,
    State,
    Table,
    UnionOf,
    argument,
    local,
    table,
    variable,
)
from snapproof.vocabulary.states import Mail, SessionByte, VirtualState

from .encoding import AnyDevice, ExtraBytes, Origin, TrackEntry
from .sets import Block, Generation, LogTrack, PairList, Position, Session, StandardDevice, Track, Value, VirtualDevice

STANDARD = -1
"""The entry of a virtual device that points to the track of its standard device (a log track is 0 or more)."""

NONE = -1
"""No member: an empty place of a list, no free track, no virtual device."""

NOBODY = 0
"""The holder of a free lock."""

ALL_BLOCKS = -1
"""The block argument of a write that covers the whole track."""


class Array(State):
    """The storage device: tables in global memory (Fig. 5), data of the devices, locks, ghosts."""

    std_data: Table = table(StandardDevice, Track, Block, of=Member(Value), meaning="what a block of a standard device holds")
    protection: Table = table(StandardDevice, Track, of=Mask(Session),
                              meaning="protection bits of a track (Figs. 5, 8: up to sixteen)")
    session_byte: Table = table(StandardDevice, Session, of=OneOf(SessionByte),
                                meaning="session bytes in the device header 114 (Fig. 15B)")
    bound: Table = table(StandardDevice, Session, of=Maybe(VirtualDevice),
                         meaning="header: the virtual device of a session (446)")
    restored_to: Table = table(StandardDevice, Session, of=Maybe(StandardDevice),
                               meaning="header: the standard device to which a session's virtual device is being restored, or was, "
                               "while tracks migrate (Figs. 20B, 20C)")
    indirect = table(StandardDevice, Track, of=UnionOf(TrackEntry),
                     meaning="table entry of a standard device: where the data of a track is since a restore (Figs. 20B, 20C)")

    vdev_state: Table = table(VirtualDevice, of=OneOf(VirtualState),
                              meaning="how far a virtual device has come (Figs. 14, 17-19A)")
    ready: Table = table(VirtualDevice, of=Flag(), meaning="the virtual device is ready to hosts (496)")
    read_only: Table = table(VirtualDevice, of=Flag(), meaning="the virtual device is not ready for writes, whether ready or not (742)")
    std_of: Table = table(VirtualDevice, of=Member(StandardDevice), meaning="header: the standard device it stands for (461)")
    session_of: Table = table(VirtualDevice, of=Member(Session), meaning="header: its session number (461)")
    pointer: Table = table(VirtualDevice, Track, of=Maybe(LogTrack, none="standard"), initial=STANDARD,
                    meaning="table entry of a virtual device: the standard track or a log track (Fig. 5)")

    log_data: Table = table(LogTrack, Block, of=Maybe(Value, none="garbage"), initial=NONE,
                            meaning="what a block of a log track holds")
    extra = table(LogTrack, of=UnionOf(ExtraBytes),
                  meaning="extra track bytes 119: links while free, back pointer while assigned (Fig. 5)")
    map_bits: Table = table(LogTrack, of=Mask(Session),
                            meaning="virtual device map bits: which sessions use the log track (312, 368)")
    free_head: int = variable(Maybe(LogTrack), "first log track of the doubly linked free list (Fig. 5)", initial=NONE)
    pairs: Table = table(PairList, Position, of=Maybe(VirtualDevice),
                         meaning="lists of related pairs that wait for activation (466)")

    group: Table = table(PairList, of=ProcessNumber(), meaning="who has begun a group on a list (634 to 666)")

    track_lock: Table = table(StandardDevice, Track, of=ProcessNumber(),
                              meaning="who holds the slot of a standard track (Figs. 6-8)")
    device_lock: Table = table(StandardDevice, of=ProcessNumber(),
                               meaning="who has exclusive access to a standard device (433, 456, 487)")
    log_lock: Table = table(LogTrack, of=ProcessNumber(), meaning="who holds a log track (194, 234)")
    virtual_lock: Table = table(VirtualDevice, of=ProcessNumber(),
                                meaning="who has exclusive access to a virtual device (732)")
    list_lock: Table = table(PairList, of=ProcessNumber(), meaning="who is activating a list (482 to 512)")
    free_list_lock: int = variable(ProcessNumber(), "who holds the free list (238)")
    session_lock: int = variable(ProcessNumber(), "who is reserving a session number (404)")

    kept: int = variable(Range(0, lambda n: n["generations"]), "how many sets of saved tracks a host keeps (766)")
    saved: Table = table(Generation, Track, Block, of=Range(0, lambda n: n["Value"] if n["generations"] else 0),
                         meaning="a set of saved tracks: one more than the value of a block, 0 for what is not in it (766)")
    rolled: Table = table(Track, Block, of=Range(0, lambda n: n["Value"] - 1 if n["generations"] else 0),
                          meaning="the image with which a host goes back (782 to 792)")
    kept_image: Table = table(Generation, Track, Block, of=Range(0, lambda n: n["Value"] - 1 if n["generations"] else 0), ghost=True,
                              meaning="what the virtual device of a set was to show")

    image: Table = table(VirtualDevice, Track, Block, of=Member(Value), ghost=True,
                  meaning="what the virtual device must show: its point in time, and what hosts wrote to it since")
    logical: Table = table(StandardDevice, Track, Block, of=Member(Value), ghost=True,
                           meaning="the last write executed on a standard block")
    log_origin = table(LogTrack, Block, of=UnionOf(Origin), ghost=True, meaning="where the bytes of a log block come from")
    activated: Table = table(PairList, of=Mask(VirtualDevice), ghost=True,
                             meaning="the pairs of a list that the Activate under way has activated (496)")
    overtaken: int = variable(Mask(PairList), "lists of which an acknowledged write is not in the image of an activated pair, "
                              "while another pair waits (Fig. 19A)", ghost=True)
    free_rank: Table = table(LogTrack, of=Range(0, lambda n: n["LogTrack"]), ghost=True,
                             meaning="place on the free list, counted from its end; 0: not on it")


class Adapter(Process):
    """What host and disk adapters have in common: both take and return log tracks (Fig. 9)."""

    fresh: int = local(Maybe(LogTrack), "log track it is obtaining, or has obtained and not yet finished with (306, 344, 362)",
                       initial=NONE)
    entry: int = local(Maybe(LogTrack, none="standard"),
                       "table entry it has seen: the standard track or a log track", initial=STANDARD)
    keeps: int = local(Flag(), "the new log track stays locked beyond Fig. 9")


class HostAdapter(Adapter, letter="HA", programs=True):
    """A host adapter; it carries out the commands and system calls of the host attached to it (Fig. 1)."""

    reserved: int = local(Range(0, lambda n: n["Session"]), "the session number that it reserves (404, 432); their number: none was left",
                          during=("register",))
    due_track: int = local(Range(0, lambda n: n["Track"]), "next track of a loop over a device (372, 458, 464, 216, 552, 582, 20E)",
                           during=("relate", "remove", "establish", "restore", "restore-new", "restore-virtual", "save", "roll-back"))
    due_device: int = local(Member(StandardDevice), "standard device whose flag it has raised and that is not drained yet (581)",
                            during=("restore-new",))
    list_length: int = local(Range(0, lambda n: n["VirtualDevice"]), "how many pairs stand on the list (482)",
                             during=("activate", "process-group"))
    list_place: int = local(Range(0, lambda n: n["VirtualDevice"]), "place on the list that it points to (482, 488, 492, 498, 502, 508)",
                            during=("activate", "process-group"))
    set_place: int = local(Range(0, lambda n: n["generations"]), "how many sets are no newer than the one that it points to (784, 788)",
                           during=("roll-back",))
    mail: int = local(OneOf(Mail), "its exchange with a disk adapter; a status stays until the next request")
    may_return: int = local(Mask(Value), "values the image had at the block being read since the read began", ghost=True)
    earlier: int = local(Mask(PairList), "lists that were overtaken when the current command had begun", ghost=True)
    executed: int = local(Flag(), "the write of the current command has been executed", ghost=True)

    device: int = argument(AnyDevice(), "device that the host reads or writes")
    standard: int = argument(Member(StandardDevice), "standard device of a system call")
    virtual: int = argument(Member(VirtualDevice), "virtual device of a system call")
    copy: int = argument(Member(VirtualDevice), "virtual device that becomes a copy of another one (Fig. 20E)")
    track: int = argument(Member(Track), "track that the host reads or writes")
    block: int = argument(Maybe(Block, none="all"), "block that the host writes; all for a whole track")
    read_block: int = argument(Member(Block), "block that the host reads")
    value: int = argument(Member(Value), "what the host writes")
    goal: int = argument(Member(Generation), "set of saved tracks back to which a host goes (Fig. 30)")
    pair_list: int = argument(Member(PairList), "list of pairs (466, 482)")


class DiskAdapter(Adapter, letter="DA"):
    """A disk adapter; it saves the old data of a track before a host adapter overwrites it (Fig. 11)."""

    serving: int = local(ProcessNumber(), "host adapter whose request it serves")
    mask: int = local(Mask(Session), "sessions whose old data it saves, as determined at 302")
    others: int = local(Mask(Session), "the other bits of the word read at 302; kept only to write the whole word back at 316")
    turn: int = local(Range(0, lambda n: n["Session"]), "next session whose virtual device is due at 308")
    target: int = local(Maybe(StandardDevice), "new standard device to which it copies the track that is about to be written (Fig. 20C)",
                        initial=NONE)


__all__ = [
    "ALL_BLOCKS", "NOBODY", "NONE", "STANDARD", "Adapter", "Array", "Block", "DiskAdapter", "HostAdapter", "LogTrack",
    "PairList", "Position", "Session", "StandardDevice", "Track", "Value", "VirtualDevice",
]
