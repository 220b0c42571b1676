"""From global memory to the store and back (docs/formats.md): superblock, tables, journal.

A commit is one journal file with every pending track and all tables, replaced atomically: from then on the
commit has happened.  Its contents are then written to their places, and the journal is removed.  Whoever finds
a journal takes its contents before anything else, so a crash at any point leaves the old state or the new one.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from .errors import BadRequest, Damaged, NotAnArray
from .geometry import BLOCK, BLOCKS, HEADS, TRACK, Device, Geometry
from .slots import Key, Slots, file_of, record_length, record_of
from .store import Store
from .table_format import decode, encode
from .tables import Tables

SUPERBLOCK, TABLES, JOURNAL = "superblock", "tables", "journal"
MAGIC = {SUPERBLOCK: b"SNAPARRY", TABLES: b"SNAPTBLS", JOURNAL: b"SNAPJRNL"}
VERSION = 1
SUPERBLOCK_FORM = struct.Struct(">8sHHHH16s6I")
SUPERBLOCK_LENGTH = 512
ENVELOPE = struct.Struct(">8sH6x16sQQ")
RECORD = struct.Struct(">cxHII")
CHECK = struct.Struct(">I")
RESTORE = "Restore the directory from a copy; nothing has been written to it."


@dataclass
class Contents:
    """What a store holds: identity, generation of the last commit, tables, and tracks that still are in the journal."""

    identity: bytes
    generation: int
    tables: Tables
    pending: dict[Key, bytes]


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
    data = store.read(SUPERBLOCK)
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
    generation, body = unseal(TABLES, identity, store.read(TABLES), place)
    contents = Contents(identity, generation, decode(geometry, body, place), {})
    if JOURNAL in names:
        _read_journal(store, contents)
    return contents


def _read_journal(store: Store, contents: Contents) -> None:
    place = f"{store.place}/{JOURNAL}"
    generation, body = unseal(JOURNAL, contents.identity, store.read(JOURNAL), place)
    if generation not in (contents.generation, contents.generation + 1):
        raise Damaged(place, f"it is commit {generation}, but the tables are of commit {contents.generation}.", RESTORE)
    g = contents.tables.geometry
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
        contents.pending[device, track] = body[offset:offset + TRACK]
        offset += length
    contents.tables = decode(contents.tables.geometry, body[offset:], place)
    contents.generation = generation


# --- commit --------------------------------------------------------------------------------------------------


def commit(store: Store, identity: bytes, generation: int, tables: Tables, slots: Slots) -> None:
    """Make this state durable as this generation.  When it raises, the store holds the old state or the new one."""
    records: dict[Key, bytes] = {}
    for device, track in sorted(slots.pending):
        data = slots.whole(device, track)
        checks = tables.log.checks if device.kind == "L" else tables.standard[device.number].checks
        checks[track] = zlib.crc32(data)
        records[device, track] = record_of(tables, (device, track), data)
    image = encode(tables)
    body = bytearray(CHECK.pack(len(records)))
    for (device, track), record in records.items():
        body += RECORD.pack(device.kind.encode("ascii"), device.number, track, len(record)) + record
    store.replace(JOURNAL, seal(JOURNAL, identity, generation, bytes(body + image)))
    for (device, track), record in records.items():
        store.write_at(file_of(device), track * record_length(device), record)
    for name in sorted({file_of(device) for device, _ in records}):
        store.sync(name)
    store.replace(TABLES, seal(TABLES, identity, generation, image))
    store.remove(JOURNAL)
    slots.destaged()


__all__ = ["JOURNAL", "SUPERBLOCK", "TABLES", "Contents", "commit", "read_contents", "read_superblock", "seal", "superblock"]
