"""Restoring to another standard device on the engine: what hosts see, what lies on disk, what is refused, and what is damage."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from engine_arrays import changed, contents, filled, made, snapped

from snapproof.engine import Array, Host
from snapproof.engine.check import contradictions, leaks
from snapproof.engine.errors import Damaged, NotRestorable
from snapproof.engine.faulty_store import MemoryStore
from snapproof.engine.geometry import Geometry
from snapproof.engine.table_format import decode, encode
from snapproof.engine.tables import DIRECT, NONE, Tables, on_standard
from snapproof.vocabulary.states import SessionByte

WIDE = Geometry(standard=3, virtual=2, tracks=2, log_tracks=6, sessions=4, lists=2)


def restored(store: MemoryStore) -> None:
    """The second track of S1 was written after its snapshot, which was restored to S2: one track is on S1, one on the log device."""
    with Array(store) as a:
        h = Host(a)
        snapped(h)
        h.restore("V1", "S2")


def test_both_devices_show_what_they_must_at_once_and_after_opening_again() -> None:
    store = made()
    restored(store)
    assert contents(store).standard[1].indirect == [on_standard(0), 0]
    for _ in range(2):
        with Array(store) as a:
            h = Host(a)
            assert (h.read("S2", 0), h.read("S2", 1)) == (filled("a"), filled("b"))
            assert (h.read("S1", 0), h.read("S1", 1)) == (filled("a"), filled("b", 2) + filled("c", 3) + filled("b", 35))


def test_what_is_written_to_the_old_device_is_not_seen_on_the_new_one() -> None:
    store = made()
    restored(store)
    with Array(store) as a:
        h = Host(a)
        h.write("S1", 0, filled("d", 1), 3)
        assert a.memory.tables.standard[1].indirect == [DIRECT, 0]
        assert a.memory.tables.standard[0].protection[0] == 0
    with Array(store) as a:
        assert Host(a).read("S2", 0) == filled("a")


def test_what_is_written_to_the_new_device_is_not_seen_on_the_old_one() -> None:
    store = made()
    restored(store)
    with Array(store) as a:
        h = Host(a)
        h.write("S2", 0, filled("d", 1), 3)
        assert h.read("S2", 0) == filled("a", 3) + filled("d", 1) + filled("a", 36)
        assert h.read("S1", 0) == filled("a")


def test_with_the_last_track_the_session_is_free_and_the_tables_are_as_if_nothing_had_been() -> None:
    store = made()
    restored(store)
    with Array(store) as a:
        assert Host(a).copy_back("S2") == 2 and Host(a).copy_back("S2") == 0
    tables = contents(store)
    assert tables.standard[0].session_bytes[0] == SessionByte.FREE and tables.standard[0].restored_to == [NONE] * 16
    assert tables.standard[0].protection == [0, 0]
    assert leaks(tables) == [] and tables.log.map_words == [0] * 6


def test_the_new_device_is_snapped_and_restored_further_while_its_tracks_are_elsewhere() -> None:
    store = made(WIDE)
    restored(store)
    with Array(store) as a:
        h = Host(a)
        h.snapshot([("S2", "V2")])
        h.restore("V2", "S3")
        assert a.memory.tables.standard[2].indirect == [on_standard(1), on_standard(1)]
        h.write("S1", 0, filled("x"))
        h.write("S2", 1, filled("y"))
        assert (h.read("S3", 0), h.read("S3", 1)) == (filled("a"), filled("b"))
        assert contradictions(a.memory.tables) == []
    with Array(store) as a:
        h = Host(a)
        h.copy_back("S3")
        h.copy_back("S2")
        assert (h.read("S3", 0), h.read("S3", 1), h.read("S2", 0)) == (filled("a"), filled("b"), filled("a"))
        assert leaks(a.memory.tables) == []


def test_a_device_with_an_image_or_with_indirect_tracks_is_not_restored_to_and_nothing_changes() -> None:
    store = made(WIDE)
    restored(store)
    with Array(store) as a:
        h = Host(a)
        h.snapshot([("S3", "V2")])
        before = encode(a.memory.tables)
        with pytest.raises(NotRestorable, match="restore V2 to S2.*tracks that are still to be copied"):
            h.restore("V2", "S2")
        with pytest.raises(NotRestorable, match="restore V1 to S3"):
            h.restore("V1", "S3")
        assert encode(a.memory.tables) == before
        h.copy_back("S2")
        h.restore("V2", "S2")


def test_what_a_session_was_restored_to_stands_behind_the_indirect_tracks() -> None:
    store = made()
    restored(store)
    whole = encode(contents(store))
    tracks = struct.pack(">IHHIIHHII", 2, 1, 1, 0, 0, 1, 0, 1, 0)
    assert whole.endswith(tracks + struct.pack(">IHHH2x", 1, 0, 0, 2))
    assert decode(contents(store).geometry, whole, "tables") == contents(store)


@pytest.mark.parametrize("entries, words", [
    (struct.pack(">I", 0), "no meaning"), (struct.pack(">I", 99), "no meaning"), (struct.pack(">IHHH2x", 1, 2, 0, 2), "does not exist"),
    (struct.pack(">IHHH2x", 1, 0, 16, 2), "does not exist"), (struct.pack(">IHHH2x", 1, 0, 0, 3), "does not exist"),
    (struct.pack(">IHHHxB", 1, 0, 0, 2, 1), "always zero"), (struct.pack(">IHHH2x", 1, 0, 0, 1), "always zero"),
    (struct.pack(">IHH", 1, 0, 0), "too early"),
], ids=["none", "too many", "device", "session", "target", "padding", "the usual one", "cut off"])
def test_entries_of_restored_sessions_that_cannot_be_are_damage(entries: bytes, words: str) -> None:
    store = made()
    restored(store)
    tables = contents(store)
    with pytest.raises(Damaged, match=words):
        decode(tables.geometry, encode(tables)[:-12] + entries, "tables")


@pytest.mark.parametrize("change, words", [
    (lambda t: t.standard[0].indirect.__setitem__(0, on_standard(1)), "lead back"),
    (lambda t: t.standard[0].protection.__setitem__(0, 0), "bit of no restored session protects it"),
    (lambda t: t.standard[1].indirect.__setitem__(0, DIRECT), "to which that device does not point"),
    (lambda t: t.standard[0].restored_to.__setitem__(0, NONE), "nothing says where to"),
    (lambda t: t.log.map_words.__setitem__(0, 0), "bit of no restored session"),
], ids=["circle", "no bit", "bit too many", "nowhere", "no map bit"])
def test_restored_devices_that_contradict_other_tables_are_diagnosed(change: Callable[[Tables], object], words: str) -> None:
    store = made()
    restored(store)
    with pytest.raises(Damaged, match=words):
        Array(changed(store, change))
