"""What a store holds (docs/formats.md): superblock, tables, and a journal that waits.  `commit.py` writes them.

Whoever finds a journal takes its contents for those of the places they belong to.  Reading writes nothing, so
a journal may wait for long; the next commit brings it to its places before it does anything else.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from .errors import RESTORE, BadRequest, Damaged, NotAnArray
from .geometry import BLOCK, BLOCKS, HEADS, LOG_RECORD, TRACK, Device, Geometry
from .slots import Key, checks_of, record_length
from .store import Store
from .table_format import decode, longest
from .tables import Tables

SUPERBLOCK, TABLES, JOURNAL = "superblock", "tables", "journal"
MAGIC = {SUPERBLOCK: b"SNAPARRY", TABLES: b"SNAPTBLS", JOURNAL: b"SNAPJRNL"}
VERSION = 1
SUPERBLOCK_FORM = struct.Struct(">8sHHHH16s6I")
SUPERBLOCK_LENGTH = 512
ENVELOPE = struct.Struct(">8sH6x16sQQ")
RECORD = struct.Struct(">cxHII")
CHECK = struct.Struct(">I")


@dataclass
class Contents:
    """What a store holds: identity, generation of the last commit, tables, and tracks that still are in the journal.

    `below`: the tables in their own file, which say what the data files hold when a journal waits.
    `stale`: there is a journal, and everything in it has been brought to its place, or was overwritten since.
    """

    identity: bytes
    generation: int
    tables: Tables
    below: Tables
    pending: dict[Key, bytes]
    stale: bool = False

    @property
    def waits(self) -> bool:
        """Is there a journal to be brought to its places?"""
        return self.below is not self.tables


# --- superblock ----------------------------------------------------------------------------------------------


def superblock(identity: bytes, g: Geometry) -> bytes:
    """512 bytes that make a directory an array."""
    fields = SUPERBLOCK_FORM.pack(MAGIC[SUPERBLOCK], VERSION, BLOCK, BLOCKS, HEADS, identity,
                                  g.standard, g.virtual, g.tracks, g.log_tracks, g.sessions, g.lists)
    body = fields.ljust(SUPERBLOCK_LENGTH - CHECK.size, b"\0")
    return body + CHECK.pack(zlib.crc32(body))


def read_superblock(store: Store) -> tuple[bytes, Geometry]:
    """Identity and geometry.  NotAnArray for a foreign directory or a newer format, Damaged for a wrong checksum."""
    names = store.names()
    place = f"{store.place}/{SUPERBLOCK}"
    if SUPERBLOCK not in names:
        held = ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
        what = f"it holds {held} and no superblock." if names else "the directory is empty."
        raise NotAnArray(store.place, what, "Make an array with `snapproof engine create` in a new directory.")
    data = store.read_at(SUPERBLOCK, 0, SUPERBLOCK_LENGTH + 1)
    if data[:8] != MAGIC[SUPERBLOCK]:
        raise NotAnArray(place, "it does not begin like the superblock of an array.", "Choose the directory of an array.")
    if len(data) != SUPERBLOCK_LENGTH or CHECK.pack(zlib.crc32(data[:-CHECK.size])) != data[-CHECK.size:]:
        raise Damaged(place, "its checksum is wrong.", RESTORE)
    _, version, *shape, identity, standard, virtual, tracks, log_tracks, sessions, lists = SUPERBLOCK_FORM.unpack_from(data)
    if version != VERSION:
        raise NotAnArray(place, f"the array has format {version}; this engine reads {VERSION}.", "Use the engine that made it.")
    if shape != [BLOCK, BLOCKS, HEADS]:
        raise NotAnArray(place, f"tracks of {shape[1]} blocks of {shape[0]} bytes, {shape[2]} to a cylinder, are another format.",
                         f"This engine has {BLOCKS} blocks of {BLOCK} bytes, {HEADS} tracks to a cylinder.")
    try:
        g = Geometry(standard, virtual, tracks, log_tracks, sessions, lists)
    except BadRequest as error:
        raise Damaged(place, f"{error.place}: {error.cause}", RESTORE) from None
    if superblock(identity, g) != data:
        raise Damaged(place, "bytes that are always zero are not.", RESTORE)
    return identity, g


# --- tables and journal: an envelope with identity, generation, length and checksum ---------------------------


def seal(kind: str, identity: bytes, generation: int, body: bytes) -> bytes:
    """A body in its envelope."""
    whole = ENVELOPE.pack(MAGIC[kind], VERSION, identity, generation, len(body)) + body
    return whole + CHECK.pack(zlib.crc32(whole))


def unseal(kind: str, identity: bytes, data: bytes, place: str) -> tuple[int, bytes]:
    """Generation and body; Damaged when anything does not fit."""
    if len(data) < ENVELOPE.size + CHECK.size or data[:8] != MAGIC[kind]:
        raise Damaged(place, f"it does not begin like the {kind} of an array.", RESTORE)
    _, version, whose, generation, length = ENVELOPE.unpack_from(data)
    if CHECK.pack(zlib.crc32(data[:-CHECK.size])) != data[-CHECK.size:] or len(data) != ENVELOPE.size + length + CHECK.size:
        raise Damaged(place, "its length or checksum is wrong.", RESTORE)
    if version != VERSION or whose != identity:
        raise Damaged(place, "it belongs to another array.", RESTORE)
    body = data[ENVELOPE.size:-CHECK.size]
    if seal(kind, identity, generation, body) != data:
        raise Damaged(place, "bytes that are always zero are not.", RESTORE)
    return generation, body


def read_contents(store: Store) -> Contents:
    """Everything but the tracks themselves; a journal that waits is taken into account.  Writes nothing."""
    identity, geometry = read_superblock(store)
    names = store.names()
    if TABLES not in names:
        raise Damaged(f"{store.place}/{TABLES}", "it is missing.", RESTORE)
    place = f"{store.place}/{TABLES}"
    generation, body = unseal(TABLES, identity, _within(store, TABLES, longest(geometry)), place)
    tables = decode(geometry, body, place)
    contents = Contents(identity, generation, tables, tables, {})
    if JOURNAL in names:
        _read_journal(store, contents)
    return contents


def _within(store: Store, name: str, most: int) -> bytes:
    """A file, unless it is longer than it can be: what is read must not depend on what somebody claims."""
    size = store.size(name)
    if size > ENVELOPE.size + most + CHECK.size:
        raise Damaged(f"{store.place}/{name}", f"it has {size:,} bytes, more than the {name} of such an array can have.", RESTORE)
    return store.read(name)


def _read_journal(store: Store, contents: Contents) -> None:
    place, g = f"{store.place}/{JOURNAL}", contents.tables.geometry
    most = CHECK.size + (g.standard * g.tracks + g.log_tracks) * (RECORD.size + LOG_RECORD) + longest(g)
    generation, body = unseal(JOURNAL, contents.identity, _within(store, JOURNAL, most), place)
    pending, offset = _records(body, g, place)
    tables = decode(g, body[offset:], place)
    if generation < contents.generation:
        contents.stale = True
        return
    missing = _missing(contents.tables, tables, pending)
    if missing:
        raise Damaged(place, f"it is commit {generation}, the tables are of commit {contents.generation}, and what was written "
                      f"to {missing} between them is not there.", RESTORE)
    contents.generation, contents.tables, contents.pending = generation, tables, pending


def _records(body: bytes, g: Geometry, place: str) -> tuple[dict[Key, bytes], int]:
    """The tracks in a journal, and where the tables behind them begin."""
    found: dict[Key, bytes] = {}
    offset = CHECK.size
    for _ in range(CHECK.unpack_from(body)[0] if len(body) >= CHECK.size else 0):
        if len(body) < offset + RECORD.size:
            raise Damaged(place, "a record is cut off.", RESTORE)
        kind, number, track, length = RECORD.unpack_from(body, offset)
        if RECORD.pack(kind, number, track, length) != body[offset:offset + RECORD.size]:
            raise Damaged(place, "bytes of a record that are always zero are not.", RESTORE)
        offset += RECORD.size
        device = Device(kind.decode("ascii", "replace"), number)
        devices, tracks = {"S": (g.standard, g.tracks), "L": (1, g.log_tracks)}.get(device.kind, (0, 0))
        if number >= devices or track >= tracks or length != record_length(device):
            raise Damaged(place, f"a record is for track {track} of {device}, which there is not.", RESTORE)
        found[device, track] = body[offset:offset + TRACK]
        offset += length
    return found, offset


def _missing(below: Tables, above: Tables, pending: dict[Key, bytes]) -> str:
    """A track that differs between the tables and those in the journal, and is not in it; '' when there is none.

    A commit never leaves one.  A journal from another time, beside tables restored from a copy, would.
    """
    g = below.geometry
    for device in [*(Device("S", i) for i in range(g.standard)), Device("L", 0)]:
        for track, (old, new) in enumerate(zip(checks_of(below, device), checks_of(above, device), strict=True)):
            record = pending.get((device, track))
            if new != (old if record is None else zlib.crc32(record)):
                return f"track {track} of {device}" if device.kind == "S" else f"log track {track}"
    return ""


__all__ = ["CHECK", "JOURNAL", "RECORD", "SUPERBLOCK", "TABLES", "Contents", "read_contents", "read_superblock", "seal",
           "superblock"]
