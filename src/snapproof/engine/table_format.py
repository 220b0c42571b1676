"""The tables as bytes (docs/formats.md): device table 102, device tables 112, track tables 122, extra bytes 119.

All numbers are unsigned and big-endian.  Reading checks every field; what does not fit is Damaged, with the
place in the tables, and nothing is guessed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ..vocabulary.states import SessionByte, VirtualState
from .errors import Damaged
from .geometry import HEADS, SESSIONS, Geometry, cylinder_and_head, cylinders_of, flat
from .tables import DIRECT, NONE, STANDARD, LogTable, StandardTable, Tables, VirtualTable, on_standard, standard_of

KIND_STANDARD, KIND_VIRTUAL, KIND_LOG = 1, 2, 3
DEVICE_ENTRY = struct.Struct(">BxHIQ")
STANDARD_HEADER = struct.Struct(">16s16H")
VIRTUAL_HEADER = struct.Struct(">BBHB3x")
LOG_HEADER = struct.Struct(">I4x")
CYLINDER_ENTRY = struct.Struct(">Q")
TRACK_HEADER = struct.Struct(">HH4x")
STANDARD_ENTRY = struct.Struct(">HHI")
VIRTUAL_ENTRY = struct.Struct(">BxHHH")
LOG_ENTRY = struct.Struct(">HHI")
EXTRA = struct.Struct(">Q")
COUNT = struct.Struct(">I")
NUMBER = struct.Struct(">H")
INDIRECT_ENTRY = struct.Struct(">HHII")
TARGET_ENTRY = struct.Struct(">HHH2x")
ON_LOG, ON_STANDARD = 0, 1
"""What an indirect track points to."""

HAS_DATA = 1
"""Flag of a track entry: the track is on disk, and the CRC-32 beside the flag is its."""


# --- writing ---------------------------------------------------------------------------------------------


def encode(t: Tables) -> bytes:
    """All tables, behind one another; offsets count from the first byte."""
    g = t.geometry
    bodies = ([(KIND_STANDARD, i, g.tracks) for i in range(g.standard)] + [(KIND_VIRTUAL, i, g.tracks) for i in range(g.virtual)]
              + [(KIND_LOG, 0, g.log_tracks)])
    out = bytearray(DEVICE_ENTRY.size * len(bodies))
    for place, (kind, number, tracks) in enumerate(bodies):
        DEVICE_ENTRY.pack_into(out, place * DEVICE_ENTRY.size, kind, number, tracks, len(out))
        if kind == KIND_STANDARD:
            _put_standard(out, t.standard[number], tracks)
        elif kind == KIND_VIRTUAL:
            _put_virtual(out, t.virtual[number], tracks)
        else:
            _put_log(out, t.log, tracks)
    for pairs in t.lists:
        out += COUNT.pack(len(pairs)) + b"".join(NUMBER.pack(v) for v in pairs)
    return bytes(out + _indirect(t))


def _put_standard(out: bytearray, device: StandardTable, tracks: int) -> None:
    out += STANDARD_HEADER.pack(bytes(device.session_bytes), *(v + 1 for v in device.bound))
    _put_cylinders(out, [STANDARD_ENTRY.pack(word, HAS_DATA * (check >= 0), max(check, 0))
                         for word, check in zip(device.protection, device.checks, strict=True)], tracks)


def _put_virtual(out: bytearray, device: VirtualTable, tracks: int) -> None:
    out += VIRTUAL_HEADER.pack(device.state, device.ready | device.read_only << 1, device.standard, device.session)
    entries = []
    for track, target in enumerate(device.pointers):
        kind, number = (KIND_STANDARD, device.standard) if target == STANDARD else (KIND_LOG, 0)
        entries.append(VIRTUAL_ENTRY.pack(kind, number, *cylinder_and_head(track if target == STANDARD else target)))
    _put_cylinders(out, entries, tracks)


def _put_log(out: bytearray, log: LogTable, tracks: int) -> None:
    out += LOG_HEADER.pack(log.free_head + 1)
    _put_cylinders(out, [LOG_ENTRY.pack(word, HAS_DATA * (check >= 0), max(check, 0))
                         for word, check in zip(log.map_words, log.checks, strict=True)], tracks)
    out += b"".join(map(EXTRA.pack, log.extra))


def _put_cylinders(out: bytearray, entries: list[bytes], tracks: int) -> None:
    cylinders = range(0, tracks, HEADS)
    each = TRACK_HEADER.size + HEADS * len(entries[0])
    first = len(out) + CYLINDER_ENTRY.size * len(cylinders)
    out += b"".join(CYLINDER_ENTRY.pack(first + i * each) for i in range(len(cylinders)))
    for i, start in enumerate(cylinders):
        mine = entries[start:start + HEADS]
        out += TRACK_HEADER.pack(i, len(mine)) + b"".join(mine) + bytes((HEADS - len(mine)) * len(entries[0]))


def _indirect(t: Tables) -> bytes:
    """The indirect tracks, behind all else; arrays from before there were any have nothing there.

    Behind them the devices to which sessions' virtual devices were restored, as far as they do not follow from the session.
    """
    found = [INDIRECT_ENTRY.pack(s, *((ON_LOG, track, entry) if entry >= 0 else (ON_STANDARD, track, standard_of(entry))))
             for s, device in enumerate(t.standard) for track, entry in enumerate(device.indirect) if entry != DIRECT]
    targets = [TARGET_ENTRY.pack(s, k, target + 1) for s, device in enumerate(t.standard)
               for k, target in enumerate(device.restored_to) if target != _usual_target(t.virtual, device, s, k)]
    out = COUNT.pack(len(found)) + b"".join(found) if found or targets else b""
    return out + COUNT.pack(len(targets)) + b"".join(targets) if targets else out


def _usual_target(virtual: list[VirtualTable], device: StandardTable, std: int, session: int) -> int:
    """Where a session's virtual device was restored to unless the tables say otherwise: to its own standard device, if at all."""
    byte, bound = device.session_bytes[session], device.bound[session]
    restored = byte in (SessionByte.RESTORED, SessionByte.MIGRATING)
    return std if restored or (bound != NONE and virtual[bound].state == VirtualState.RESTORING) else NONE


def longest(g: Geometry) -> int:
    """Bytes of the longest tables that an array of this geometry can have: all pairs listed, all tracks indirect."""
    per_cylinder = CYLINDER_ENTRY.size + TRACK_HEADER.size + HEADS * LOG_ENTRY.size
    device = DEVICE_ENTRY.size + STANDARD_HEADER.size + g.cylinders * per_cylinder
    log = DEVICE_ENTRY.size + LOG_HEADER.size + cylinders_of(g.log_tracks) * per_cylinder + g.log_tracks * EXTRA.size
    indirect = 2 * COUNT.size + g.standard * (g.tracks * INDIRECT_ENTRY.size + SESSIONS * TARGET_ENTRY.size)
    return (g.standard + g.virtual) * device + log + g.lists * (COUNT.size + g.virtual * NUMBER.size) + indirect


# --- reading ---------------------------------------------------------------------------------------------


class Reader:
    """A position in the bytes; raises Damaged with the place."""

    def __init__(self, place: str, data: bytes) -> None:
        self.place, self.data, self.offset = place, data, 0

    def take(self, form: struct.Struct) -> tuple[int, ...]:
        """The next fields."""
        if self.offset + form.size > len(self.data):
            raise self.damaged(f"the tables end {self.offset + form.size - len(self.data)} bytes too early")
        found = form.unpack_from(self.data, self.offset)
        self.offset += form.size
        return found

    def check(self, fits: bool, what: str) -> None:
        """Damaged unless it fits."""
        if not fits:
            raise self.damaged(what)

    def damaged(self, what: str) -> Damaged:
        """The error, at the current offset."""
        return Damaged(f"{self.place}, byte {self.offset}", f"{what}.",
                       "Restore the directory from a copy; nothing has been written to it.")


def decode(g: Geometry, data: bytes, place: str) -> Tables:
    """The tables of an array of this geometry; Damaged when a field cannot be."""
    r = Reader(place, data)
    wanted = ([(KIND_STANDARD, i, g.tracks) for i in range(g.standard)] + [(KIND_VIRTUAL, i, g.tracks) for i in range(g.virtual)]
              + [(KIND_LOG, 0, g.log_tracks)])
    offsets = []
    for entry in wanted:
        *found, offset = r.take(DEVICE_ENTRY)
        r.check(tuple(found) == entry, f"device table entry {tuple(found)} where {entry} (kind, number, tracks) belongs")
        offsets.append(offset)
    standard, virtual, log = [], [], LogTable([], [], [])
    for (kind, _, tracks), offset in zip(wanted, offsets, strict=True):
        r.check(offset == r.offset, f"a device table begins here and not at byte {offset}, as the device table entry says")
        if kind == KIND_STANDARD:
            standard.append(_read_standard(r, g, tracks))
        elif kind == KIND_VIRTUAL:
            virtual.append(_read_virtual(r, g, tracks))
        else:
            log = _read_log(r, tracks)
    lists = [_read_list(r, g) for _ in range(g.lists)]
    for std, device in enumerate(standard):
        device.restored_to = [_usual_target(virtual, device, std, k) for k in range(SESSIONS)]
    if r.offset < len(data):
        _read_indirect(r, g, standard)
    if r.offset < len(data):
        _read_targets(r, g, standard)
    r.check(r.offset == len(data), f"{len(data) - r.offset} bytes are left over")
    tables = Tables(g, standard, virtual, log, lists)
    r.check(encode(tables) == data, "bytes that are always zero are not")
    return tables


def _read_standard(r: Reader, g: Geometry, tracks: int) -> StandardTable:
    if r.offset + STANDARD_HEADER.size > len(r.data):
        raise r.damaged("the header of a standard device is cut off")
    session_bytes, *bound = STANDARD_HEADER.unpack_from(r.data, r.offset)
    r.check(all(b in list(SessionByte) for b in session_bytes), "a session byte has no meaning")
    r.check(all(b <= g.virtual for b in bound), "a session is bound to a virtual device that does not exist")
    r.offset += STANDARD_HEADER.size
    device = StandardTable(list(session_bytes), [b - 1 for b in bound], [], [], [DIRECT] * tracks, [NONE] * SESSIONS)
    for _, (word, flags, check) in _entries(r, STANDARD_ENTRY, tracks):
        device.protection.append(word)
        device.checks.append(_check(r, flags, check))
    return device


def _read_virtual(r: Reader, g: Geometry, tracks: int) -> VirtualTable:
    state, ready, standard, session = r.take(VIRTUAL_HEADER)
    r.check(state in list(VirtualState) and ready <= 3 and standard < g.standard and session < SESSIONS,
            "the header of a virtual device has no meaning")
    device = VirtualTable([], state, bool(ready & 1), standard, session, bool(ready & 2))
    for track, (kind, number, cylinder, head) in _entries(r, VIRTUAL_ENTRY, tracks):
        target = flat(cylinder, head)
        if kind == KIND_STANDARD:
            r.check((number, target) == (standard, track), "an entry points to another track of a standard device")
            device.pointers.append(STANDARD)
        else:
            r.check(kind == KIND_LOG and number == 0 and head < HEADS and target < g.log_tracks,
                    "an entry points to a track that does not exist")
            device.pointers.append(target)
    return device


def _read_log(r: Reader, tracks: int) -> LogTable:
    (head,) = r.take(LOG_HEADER)
    r.check(head <= tracks, "the free list begins at a track that does not exist")
    log = LogTable([], [], [], head - 1)
    for _, (word, flags, check) in _entries(r, LOG_ENTRY, tracks):
        log.map_words.append(word)
        log.checks.append(_check(r, flags, check))
    log.extra = [r.take(EXTRA)[0] for _ in range(tracks)]
    return log


def _check(r: Reader, flags: int, check: int) -> int:
    r.check(flags in (0, HAS_DATA), "a track entry has unknown flags")
    return check if flags else NONE


def _entries(r: Reader, form: struct.Struct, tracks: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    starts = [r.take(CYLINDER_ENTRY)[0] for _ in range(0, tracks, HEADS)]
    for cylinder, start in enumerate(starts):
        here = min(HEADS, tracks - cylinder * HEADS)
        r.check(start == r.offset, f"the track table of cylinder {cylinder} begins here and not at byte {start}")
        r.check(r.take(TRACK_HEADER) == (cylinder, here), f"the track table of cylinder {cylinder} has a wrong header")
        for head in range(HEADS):
            fields = r.take(form)
            if head < here:
                yield flat(cylinder, head), fields
            else:
                r.check(not any(fields), "an entry beyond the last track is not empty")


def _read_list(r: Reader, g: Geometry) -> list[int]:
    (length,) = r.take(COUNT)
    r.check(length <= g.virtual, "a list of pairs is longer than there are virtual devices")
    pairs = [r.take(NUMBER)[0] for _ in range(length)]
    r.check(all(v < g.virtual for v in pairs) and len(set(pairs)) == len(pairs),
            "a list names a virtual device twice, or one that is not there")
    return pairs


def _read_indirect(r: Reader, g: Geometry, standard: list[StandardTable]) -> None:
    (count,) = r.take(COUNT)
    fits = count <= g.standard * g.tracks and (count > 0 or r.offset < len(r.data))
    r.check(fits, "the number of indirect tracks has no meaning")
    for _ in range(count):
        device, kind, track, number = r.take(INDIRECT_ENTRY)
        there = number < (g.log_tracks if kind == ON_LOG else g.standard)
        r.check(device < g.standard and track < g.tracks and there, "an indirect track, or what it points to, does not exist")
        r.check(kind in (ON_LOG, ON_STANDARD), "an indirect track points to a device of no known kind")
        r.check(kind == ON_LOG or number != device, "an indirect track points to itself")
        r.check(standard[device].indirect[track] == DIRECT, "an indirect track is there twice")
        standard[device].indirect[track] = number if kind == ON_LOG else on_standard(number)


def _read_targets(r: Reader, g: Geometry, standard: list[StandardTable]) -> None:
    (count,) = r.take(COUNT)
    r.check(0 < count <= g.standard * SESSIONS, "the number of restored sessions has no meaning")
    for _ in range(count):
        device, session, target = r.take(TARGET_ENTRY)
        r.check(device < g.standard and session < SESSIONS and target <= g.standard,
                "a restored session, or the device it was restored to, does not exist")
        standard[device].restored_to[session] = target - 1


__all__ = ["decode", "encode", "longest"]
