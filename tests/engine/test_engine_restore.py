"""Restoring on the engine: what hosts see, what lies on disk, what is refused, and what is damage."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from engine_arrays import array, changed, contents, filled, made, snapped

from snapproof.engine import Array, Host
from snapproof.engine.check import leaks
from snapproof.engine.errors import Damaged, NotRestorable
from snapproof.engine.extra_bytes import back_pointer
from snapproof.engine.faulty_store import MemoryStore
from snapproof.engine.geometry import Geometry
from snapproof.engine.table_format import decode, encode
from snapproof.engine.tables import DIRECT, Tables
from snapproof.vocabulary.states import SessionByte


def restored(store: MemoryStore) -> None:
    """S1 was written after its snapshot, on its second track, and restored: the old data is on the log device."""
    with Array(store) as a:
        h = Host(a)
        snapped(h)
        h.restore("V1", "S1")


def test_a_restored_device_shows_the_image_at_once_and_after_opening_again() -> None:
    store = made()
    restored(store)
    assert contents(store).standard[0].indirect == [DIRECT, 0]
    with Array(store) as a:
        assert Host(a).read("S1", 1) == filled("b")
        assert Host(a).read("S1", 0) == filled("a")


def test_the_indirect_tracks_stand_behind_all_other_tables() -> None:
    store = made()
    restored(store)
    whole = encode(contents(store))
    assert whole[-16:] == struct.pack(">IH2xII", 1, 0, 1, 0)
    assert decode(contents(store).geometry, whole, "tables").standard[0].indirect == [DIRECT, 0]


def test_an_array_without_indirect_tracks_has_the_bytes_that_it_had_before_there_were_any() -> None:
    store = made()
    restored(store)
    with Array(store) as a:
        assert Host(a).copy_back("S1") == 1
        assert Host(a).copy_back("S1") == 0
    tables = contents(store)
    assert not encode(tables).endswith(struct.pack(">IH2xII", 1, 0, 1, 0))
    assert tables.standard[0].session_bytes[0] == SessionByte.FREE
    assert leaks(tables) == [] and tables.log.map_words == [0] * 6


def test_a_write_to_part_of_an_indirect_track_keeps_the_rest_of_the_image() -> None:
    store = made()
    restored(store)
    with Array(store) as a:
        Host(a).write("S1", 1, filled("d", 1), 3)
        assert Host(a).read("S1", 1) == filled("b", 3) + filled("d", 1) + filled("b", 36)


def test_an_image_of_an_indirect_track_has_the_restored_data() -> None:
    store = made()
    restored(store)
    with Array(store) as a:
        h = Host(a)
        h.snapshot([("S1", "V2")])
        h.write("S1", 1, filled("e"))
        assert h.read("V2", 1) == filled("b") and h.read("S1", 1) == filled("e")


def test_numbers_come_back_so_that_a_device_can_be_restored_more_often_than_it_has_sessions() -> None:
    with array(Geometry(standard=1, virtual=1, tracks=1, log_tracks=2, sessions=1, lists=1)) as a:
        h = Host(a)
        for letter in "abcd":
            h.write("S1", 0, filled(letter))
            h.snapshot([("S1", "V1")])
            h.write("S1", 0, filled("z"))
            h.restore("V1", "S1")
            assert h.read("S1", 0) == filled(letter)


def test_a_device_that_is_not_alone_or_not_active_there_is_not_restored_and_nothing_changes() -> None:
    store = made()
    restored(store)
    with Array(store) as a:
        h = Host(a)
        h.snapshot([("S1", "V2")])
        before = encode(a.memory.tables)
        for virtual, standard in (("V2", "S1"), ("V1", "S1")):
            with pytest.raises(NotRestorable, match="copy the tracks back"):
                h.restore(virtual, standard)
        assert encode(a.memory.tables) == before
        h.copy_back("S1")
        h.restore("V2", "S1")


@pytest.mark.parametrize("change, words", [
    (lambda t: t.standard[0].indirect.__setitem__(1, 3), "has no back pointer"),
    (lambda t: t.log.extra.__setitem__(0, back_pointer(1, 1)), "belongs to S2 track 1"),
    (lambda t: t.log.map_words.__setitem__(0, 0), "bit of no restored session"),
], ids=["to a free track", "to another's track", "without a map bit"])
def test_indirect_tracks_that_contradict_other_tables_are_diagnosed(change: Callable[[Tables], object], words: str) -> None:
    store = made()
    restored(store)
    with pytest.raises(Damaged, match=words):
        Array(changed(store, change))


@pytest.mark.parametrize("entries, words", [
    (struct.pack(">IH2xII", 1, 0, 1, 6), "does not exist"), (struct.pack(">IH2xII", 1, 0, 2, 0), "does not exist"),
    (struct.pack(">IH2xII", 1, 2, 1, 0), "does not exist"), (struct.pack(">I", 0), "no meaning"), (struct.pack(">I", 9), "no meaning"),
    (struct.pack(">IH2xIIH2xII", 2, 0, 1, 0, 0, 1, 1), "twice"), (struct.pack(">IHHII", 1, 0, 1, 1, 0), "itself"),
    (struct.pack(">IHHII", 1, 0, 2, 1, 0), "no known kind"),
    (struct.pack(">IH2xI", 1, 0, 1), "too early"),
], ids=["log track", "track", "device", "none", "too many", "twice", "itself", "kind", "cut off"])
def test_indirect_entries_that_cannot_be_are_damage(entries: bytes, words: str) -> None:
    store = made()
    restored(store)
    tables = contents(store)
    with pytest.raises(Damaged, match=words):
        decode(tables.geometry, encode(tables)[:-16] + entries, "tables")
