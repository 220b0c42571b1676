"""From global memory to the store (docs/formats.md, "What a commit does"): one journal, then everything to its place.

The protocol, and what each step may rely on:

1. A journal that waits is brought to its places before anything else, whoever left it.  So at most one
   commit is ever on its way, and a journal is never replaced by one that builds on it.
2. What can be known beforehand is: files that cannot be written, or do not hold what the tables say, end the
   commit here, and nothing has been written.
3. `journal` is replaced, atomically and durably: **from here on the commit has happened.**
4. Tracks, tables, and the end of the journal.  All of it can be done again from the journal, any number of times.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from itertools import groupby

from .errors import RESTORE, Damaged
from .geometry import Device
from .journal import CHECK, JOURNAL, RECORD, TABLES, read_contents, seal
from .slots import Key, Slots, checks_of, file_of, record_length, record_of
from .store import Store
from .table_format import encode
from .tables import Tables


def commit(store: Store, identity: bytes, generation: int, tables: Tables, slots: Slots) -> None:
    """Make this state durable as this generation.  When it raises, the store holds the old state or the new one."""
    finish(store)
    keys = sorted(slots.pending)
    see_that_files_fit(store, tables, keys)
    records: dict[Key, bytes] = {}
    for device, track in keys:
        data = slots.whole(device, track)
        checks_of(tables, device)[track] = zlib.crc32(data)
        records[device, track] = record_of(tables, (device, track), data)
    image = encode(tables)
    body = bytearray(CHECK.pack(len(records)))
    for (device, track), record in records.items():
        body += RECORD.pack(device.kind.encode("ascii"), device.number, track, len(record)) + record
    store.replace(JOURNAL, seal(JOURNAL, identity, generation, bytes(body + image)))
    _put(store, records, seal(TABLES, identity, generation, image))
    slots.destaged()


def finish(store: Store) -> None:
    """Bring a journal that waits to its places, or remove one whose time is over; nothing happens without one."""
    if JOURNAL not in store.names():
        return
    contents = read_contents(store)
    if contents.stale:
        store.remove(JOURNAL)
        return
    see_that_files_fit(store, contents.below, contents.pending)
    records = {key: record_of(contents.tables, key, data) for key, data in contents.pending.items()}
    _put(store, records, seal(TABLES, contents.identity, contents.generation, encode(contents.tables)))


def _put(store: Store, records: dict[Key, bytes], tables: bytes) -> None:
    """What the journal holds, to its places; only then the tables, only then the end of the journal."""
    for device, group in groupby(records.items(), key=lambda item: item[0][0]):
        for (_, track), record in group:
            store.write_at(file_of(device), track * record_length(device), record)
        store.sync(file_of(device))  # at once: a store need not keep more than one file open
    store.replace(TABLES, tables)
    store.remove(JOURNAL)


def see_that_files_fit(store: Store, tables: Tables, keys: Iterable[Key]) -> None:
    """Can the files of these tracks be written, and do they reach as far as the tables on disk say?

    A file that is missing or cut off is not begun anew: what it held is lost, and whoever writes beside it would
    hide that.  Raises Damaged, StoreError.
    """
    for device in sorted({device for device, _ in keys}):
        lack = short_of(store, tables, device)
        if lack:
            raise Damaged(f"{store.place}/{file_of(device)}", lack, RESTORE)
        store.can_write(file_of(device))


def short_of(store: Store, tables: Tables, device: Device) -> str:
    """How the file of a device falls short of what the tables on disk say; '' when it does not."""
    name = file_of(device)
    last = max((i for i, check in enumerate(checks_of(tables, device)) if check >= 0), default=-1)
    size = store.size(name)
    if size >= (last + 1) * record_length(device):
        return ""
    if name not in store.names():
        return f"it is missing, and the tables say that tracks up to {last} are in it."
    return f"it ends at byte {size:,}, and the tables say that track {last} is in it."


__all__ = ["commit", "finish", "see_that_files_fit", "short_of"]
