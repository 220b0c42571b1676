"""The formats: every field where docs/formats.md says; a damaged or foreign directory is diagnosed and never written."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_arrays import ONE, SMALL, changed, filled, made, seen, used
from hypothesis import given, settings
from hypothesis import strategies as st

from snapproof.engine import Array, Host, create, journal
from snapproof.engine.errors import BadRequest, Damaged, EngineError, NotAnArray, StoreError
from snapproof.engine.extra_bytes import back_pointer, free_links
from snapproof.engine.faulty_store import Crash, Faults, MemoryStore
from snapproof.engine.geometry import BLOCK, LOG_RECORD, TRACK, Geometry
from snapproof.engine.store import FileStore
from snapproof.engine.table_format import decode, encode
from snapproof.engine.tables import Tables

# --- foreign and damaged ---------------------------------------------------------------------------------------------


def refused(store: MemoryStore, kind: type[EngineError], words: str) -> None:
    before = {n: bytes(b) for n, b in store.files.items()}
    with pytest.raises(kind, match=words):
        Array(store)
    assert {n: bytes(b) for n, b in store.files.items()} == before
    assert store.operations == 0


def broken(change: Callable[[dict[str, bytearray]], object]) -> MemoryStore:
    store = made()
    used(store)
    files = {n: bytearray(b) for n, b in store.files.items()}
    change(files)
    return MemoryStore({n: bytes(b) for n, b in files.items()})


def flip(name: str, offset: int) -> Callable[[dict[str, bytearray]], object]:
    def change(files: dict[str, bytearray]) -> None:
        files[name][offset] ^= 0x40
    return change


def test_an_empty_directory_and_a_directory_of_something_else_are_no_arrays(tmp_path: Path) -> None:
    refused(MemoryStore(), NotAnArray, "empty")
    refused(MemoryStore({"letter.txt": b"Dear"}), NotAnArray, "letter.txt")
    refused(MemoryStore({"superblock": b"#!/bin/sh"}), NotAnArray, "does not begin")
    with pytest.raises(StoreError, match="No such file"):
        FileStore(tmp_path / "nowhere")
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(NotAnArray):
        create(FileStore(tmp_path), SMALL)


@pytest.mark.parametrize("change, words", [
    (flip("superblock", 40), "superblock: its checksum"),
    (flip("superblock", 500), "superblock: its checksum"),
    (flip("tables", 200), "tables: its length or checksum"),
    (lambda f: f.pop("tables"), "tables: it is missing"),
    (lambda f: f["tables"].clear(), "tables: it does not begin"),
    (lambda f: f["tables"].extend(b"x"), "tables: its length or checksum"),
    (lambda f: f.update(journal=bytearray(b"SNAPJRNL" + bytes(90))), "journal: its length or checksum"),
])
def test_a_damaged_directory_is_diagnosed(change: Callable[[dict[str, bytearray]], object], words: str) -> None:
    refused(broken(change), Damaged, words)


def test_files_of_another_array_are_not_mixed_in() -> None:
    other = made()
    refused(broken(lambda f: f.update(tables=other.files["tables"])), Damaged, "another array")


def sealed_journal(store: MemoryStore, generation: int, change: Callable[[Tables], object] = lambda t: None) -> MemoryStore:
    """The store with a journal that holds no track, and tables as a change leaves them."""
    contents = journal.read_contents(store)
    change(contents.tables)
    late = journal.seal("journal", contents.identity, generation, struct.pack(">I", 0) + encode(contents.tables))
    return MemoryStore({n: bytes(b) for n, b in store.files.items()} | {"journal": late})


def test_a_journal_that_lacks_what_was_written_since_the_tables_is_not_taken() -> None:
    """As beside tables that were restored from a copy."""
    store = made()
    used(store)
    for generation in (journal.read_contents(store).generation + 1, 99):
        refused(sealed_journal(store, generation, lambda t: t.standard[0].checks.__setitem__(0, 17)), Damaged,
                f"it is commit {generation}, the tables are of commit 11, and what was written to track 0 of S1 between them is not")
        refused(sealed_journal(store, generation, lambda t: t.log.checks.__setitem__(1, 17)), Damaged, "to log track 1 between them")


def test_a_journal_that_holds_everything_since_the_tables_is_taken_however_late_it_is() -> None:
    """Two crashes once left such pairs, and the array was locked with all its data in it."""
    store = made()
    used(store)
    late = sealed_journal(store, 99, lambda t: t.lists[0].append(2) or t.lists[1].clear())
    with Array(late) as a:
        assert a.memory.tables.lists == [[2], []]
        Host(a).write("S2", 0, filled("x"))
    assert journal.read_contents(late).generation == 100
    assert "journal" not in late.files


def test_a_journal_older_than_the_tables_is_stale_and_neither_read_nor_kept() -> None:
    store = made()
    used(store)
    before = seen(store)
    old = sealed_journal(store, 3, lambda t: t.lists[1].clear())
    assert seen(old) == before
    with Array(old) as a:
        assert a.memory.tables.lists == [[], [2]]
        Host(a).write("S1", 1, filled("a"))
    assert "journal" not in old.files


@pytest.mark.parametrize("name", ["tables", "journal", "superblock"])
def test_a_file_longer_than_such_an_array_can_have_is_refused_before_it_is_read(tmp_path: Path, name: str) -> None:
    with FileStore(tmp_path) as store:
        create(store, SMALL)
    with (tmp_path / name).open("ab") as file:
        file.truncate(1 << 36)  # a hole: to read it would take all memory
    words = f"{name}: it(s checksum| has 68,719,476,736 bytes, more than the {name} of such)"
    with FileStore(tmp_path) as store, pytest.raises(Damaged, match=words):
        Array(store)


def test_padding_that_is_not_zero_is_refused_even_with_a_right_checksum() -> None:
    files = {n: bytes(b) for n, b in made().files.items()}
    for name, offset in (("superblock", 300), ("tables", 12), ("superblock", 39)):
        changed = bytearray(files[name][:-4])
        changed[offset] = 255
        whole = bytes(changed) + struct.pack(">I", zlib.crc32(bytes(changed)))
        refused(MemoryStore({**files, name: whole}), Damaged, "always zero|not possible|tables of|where")


def test_a_newer_format_and_other_tracks_are_refused() -> None:
    store = made()
    body = bytearray(store.files["superblock"][:-4])
    for offset, words in ((9, "format 2"), (13, "tracks of 41 blocks")):
        changed = body.copy()
        changed[offset] += 1
        files = {**store.files, "superblock": bytes(changed) + struct.pack(">I", zlib.crc32(bytes(changed)))}
        refused(MemoryStore({n: bytes(b) for n, b in files.items()}), NotAnArray, words)


def test_a_track_that_does_not_have_its_checksum_is_never_returned() -> None:
    store = broken(flip("standard-0001", 100))
    with Array(store) as a, pytest.raises(Damaged, match="standard-0001, track 0: .*checksum"):
        Host(a).read("S1", 0)


def test_a_back_pointer_that_differs_from_its_copy_behind_the_track_is_diagnosed() -> None:
    store = broken(flip("log-0001", TRACK + 7))
    with Array(store) as a, pytest.raises(Damaged, match="appended block"):
        Host(a).read("V2", 0)


def test_tables_that_contradict_each_other_are_diagnosed() -> None:
    for change, words in (
        (lambda t: t.log.extra.__setitem__(2, free_links(0, 0)), "free list"),
        (lambda t: t.log.extra.__setitem__(t.virtual[0].pointers[0], back_pointer(1, 1)), "belongs to S2 track 1"),
        (lambda t: t.log.map_words.__setitem__(t.virtual[0].pointers[0], 0), "map word lacks"),
        (lambda t: t.standard[0].session_bytes.__setitem__(0, 2), "disagree"),
        (lambda t: setattr(t.virtual[2], "ready", True), "ready and not active"),
        (lambda t: setattr(t.virtual[0], "read_only", True), "ready for reads only and not deactivated"),
    ):
        store = made()
        used(store)
        refused(changed(store, change), Damaged, words)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 5000), st.integers(1, 255), st.booleans())
def test_a_changed_byte_of_the_tables_is_diagnosed_or_means_something(offset: int, change: int, cut: bool) -> None:
    """Past the checksum, every field is looked at: no other error than Damaged, whatever the bytes."""
    store = _once()
    contents = journal.read_contents(store)
    data = bytearray(encode(contents.tables))
    data[offset % len(data)] ^= change
    try:
        tables = decode(contents.tables.geometry, bytes(data[:offset % len(data)] if cut else data), "tables")
    except Damaged:
        return
    assert encode(tables) == bytes(data)


_kept: list[MemoryStore] = []


def _once() -> MemoryStore:
    if not _kept:
        _kept.append(made())
        used(_kept[0])
    return _kept[0]


# --- the formats, field by field (docs/formats.md) -----------------------------------------------------------------------


def test_the_superblock_is_as_documented() -> None:
    data = bytes(made(ONE).files["superblock"])
    assert len(data) == 512
    assert data[:8] == b"SNAPARRY"
    assert struct.unpack(">HHHH", data[8:16]) == (1, 512, 40, 15)
    assert struct.unpack(">6I", data[32:56]) == (1, 2, 1, 4, 2, 1)
    assert data[56:508] == bytes(452)
    assert struct.unpack(">I", data[508:]) == (zlib.crc32(data[:508]),)


def test_the_tables_are_as_documented() -> None:
    store = made(Geometry(1, 1, 16, 2, sessions=2, lists=2))
    with Array(store) as a:
        h = Host(a)
        h.register("S1", "V1")
        h.relate("S1", "V1", 2)
        h.activate_one("V1")
        h.write("S1", 15, filled("a"))
    data = bytes(store.files["tables"])
    assert data[:8] == b"SNAPTBLS"
    assert data[16:32] == bytes(store.files["superblock"][16:32])
    assert struct.unpack(">QQ", data[32:48]) == (5, len(data) - 52)
    body = data[48:-4]
    entries = [struct.unpack_from(">BxHIQ", body, 16 * i) for i in range(3)]
    assert [e[:3] for e in entries] == [(1, 0, 16), (2, 0, 16), (3, 0, 2)]
    standard, virtual, log = (e[3] for e in entries)
    assert standard == 48
    assert body[standard:standard + 16] == bytes([3]) + bytes(15)
    assert struct.unpack_from(">16H", body, standard + 16) == (1, *[0] * 15)
    cylinders = struct.unpack_from(">2Q", body, standard + 48)
    assert [struct.unpack_from(">HH", body, c) for c in cylinders] == [(0, 15), (1, 1)]
    assert struct.unpack_from(">HHI", body, cylinders[0] + 8) == (1, 0, 0)
    assert struct.unpack_from(">HHI", body, cylinders[1] + 8) == (0, 1, zlib.crc32(filled("a")))
    assert struct.unpack_from(">BBHB", body, virtual) == (4, 1, 0, 0)
    cylinders = struct.unpack_from(">2Q", body, virtual + 8)
    assert struct.unpack_from(">BxHHH", body, cylinders[0] + 8 + 8 * 3) == (1, 0, 0, 3)
    assert struct.unpack_from(">BxHHH", body, cylinders[1] + 8) == (3, 0, 0, 0)
    assert struct.unpack_from(">I", body, log) == (2,)
    (cylinder,) = struct.unpack_from(">Q", body, log + 8)
    assert struct.unpack_from(">HHI", body, cylinder + 8) == (1, 1, zlib.crc32(bytes(TRACK)))
    extra = cylinder + 8 + 15 * 8
    assert struct.unpack_from(">II", body, extra) == (2 << 30 | 0, 1 << 16 | 0)
    assert struct.unpack_from(">II", body, extra + 8) == (1 << 30 | 0, 0)
    assert struct.unpack_from(">IIH", body, extra + 16) == (0, 1, 0)
    assert len(body) == extra + 16 + 4 + 4 + 2
    record = bytes(store.files["log-0001"])
    assert len(record) == LOG_RECORD == 20_992
    assert record[TRACK:] == body[extra:extra + 8] + bytes(BLOCK - 8)


def test_a_journal_that_waits_is_read_and_the_next_commit_takes_it_over() -> None:
    store = made(faults=Faults())
    a = Array(store)
    Host(a).write("S1", 0, filled("a"))
    store.faults.crash_at = store.operations + 1  # the journal is there, its contents are not in place yet
    with pytest.raises(Crash):
        Host(a).write("S1", 0, filled("b"))
    a.abandon()
    again = MemoryStore(store.after_crash(random.Random(1)))
    assert "journal" in again.files
    data = bytes(again.files["journal"])
    assert data[:8] == b"SNAPJRNL"
    assert struct.unpack_from(">IcxHII", data, 48) == (1, b"S", 0, 0, TRACK)
    assert data[64:64 + TRACK] == filled("b")
    with Array(again) as reopened:
        assert Host(reopened).read("S1", 0) == filled("b")
    assert again.operations == 0  # whoever reads leaves it where it is
    with Array(again) as reopened:
        Host(reopened).write("S2", 1, filled("c"))
        assert Host(reopened).read("S1", 0) == filled("b")
    assert "journal" not in again.files
    assert again.files["standard-0001"] == filled("b")


@pytest.mark.parametrize("geometry", [{"tracks": 0}, {"sessions": 17}, {"standard": -1}, {"log_tracks": 10**7}, {"lists": "2"}])
def test_impossible_geometries_are_refused(geometry: dict[str, int]) -> None:
    with pytest.raises(BadRequest, match=next(iter(geometry))):
        Geometry(**geometry)
