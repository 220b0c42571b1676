"""Restoring to a new virtual device on the engine (Fig. 20E): what hosts see, what is shared, and what is refused."""

from __future__ import annotations

import pytest
from engine_arrays import contents, filled, made, snapped

from snapproof.engine import Array, Host
from snapproof.engine.check import contradictions, leaks
from snapproof.engine.errors import BadRequest, NotRestorable
from snapproof.engine.faulty_store import MemoryStore
from snapproof.engine.geometry import Geometry
from snapproof.engine.tables import STANDARD
from snapproof.vocabulary.states import SessionByte, VirtualState

THREE = Geometry(standard=2, virtual=3, tracks=2, log_tracks=6, sessions=2, lists=2)


def copied(store: MemoryStore) -> None:
    """The second track of S1 was written after the snapshot V1, and V1's, too; then V1 was restored to V2."""
    with Array(store) as a:
        h = Host(a)
        snapped(h)
        h.write("V1", 1, filled("d", 1), 0)
        h.restore("V1", "V2")


def test_both_virtual_devices_show_the_same_at_once_and_after_opening_again() -> None:
    store = made()
    copied(store)
    for _ in range(2):
        with Array(store) as a:
            h = Host(a)
            for v in ("V1", "V2"):
                assert (h.read(v, 0), h.read(v, 1)) == (filled("a"), filled("d", 1) + filled("b", 39))


def test_the_copy_has_a_session_bits_and_map_bits_of_its_own() -> None:
    store = made()
    copied(store)
    tables = contents(store)
    old, new = tables.virtual[0], tables.virtual[1]
    assert new.state == VirtualState.ACTIVE and new.ready and new.standard == 0 and new.session != old.session
    assert new.pointers == old.pointers and new.pointers[0] == STANDARD
    both = 1 << old.session | 1 << new.session
    assert tables.standard[0].protection == [both, 0] and tables.log.map_words[new.pointers[1]] == both
    assert contradictions(tables) == [] and leaks(tables) == []


def test_what_is_written_to_one_is_not_seen_on_the_other() -> None:
    store = made()
    copied(store)
    with Array(store) as a:
        h = Host(a)
        h.write("V2", 1, filled("e", 1), 5)
        h.write("V1", 0, filled("f", 1), 5)
        h.write("S1", 0, filled("g"))
    with Array(store) as a:
        h = Host(a)
        assert h.read("V1", 1) == filled("d", 1) + filled("b", 39)
        assert h.read("V2", 1) == filled("d", 1) + filled("b", 4) + filled("e", 1) + filled("b", 34)
        assert h.read("V1", 0) == filled("a", 5) + filled("f", 1) + filled("a", 34)
        assert h.read("V2", 0) == filled("a")


def test_either_of_them_is_removed_and_the_other_stays_what_it_was() -> None:
    for gone, left in (("V1", "V2"), ("V2", "V1")):
        store = made()
        copied(store)
        with Array(store) as a:
            h = Host(a)
            h.remove(gone)
            h.write("S1", 0, filled("x"))
            h.write("S1", 1, filled("y"))
        with Array(store) as a:
            h = Host(a)
            assert (h.read(left, 0), h.read(left, 1)) == (filled("a"), filled("d", 1) + filled("b", 39))
            h.remove(left)
        assert leaks(contents(store)) == [] and contents(store).standard[0].session_bytes[:2] == [SessionByte.FREE] * 2


def test_what_cannot_be_copied_is_refused_and_nothing_changes() -> None:
    store = made(THREE)
    copied(store)
    before = contents(store)
    with Array(store) as a:
        h = Host(a)
        for source, target, words in (("V1", "V1", "V1 is in use"), ("V1", "V2", "V2 is in use"), ("V3", "V1", "V3 is not active"),
                                      ("V1", "V3", "no free session number")):
            with pytest.raises(NotRestorable, match=f"restore {source} to {target}: .*{words}"):
                h.restore(source, target)
        with pytest.raises(BadRequest):
            h.restore("V1", "V9")
    assert contents(store) == before
