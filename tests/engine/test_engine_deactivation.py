"""Deactivating on the engine: what is frozen, which tracks it is, and what is refused."""

from __future__ import annotations

import pytest
from engine_arrays import array, contents, filled, made

from snapproof.engine import Array, Build, Host
from snapproof.engine.check import contradictions, leaks
from snapproof.engine.errors import NoSession, NotActive, NotReady, NotRestorable, NotSaved
from snapproof.engine.geometry import Device
from snapproof.engine.memory import Command, Word
from snapproof.vocabulary.states import SessionByte, VirtualState


def test_a_deactivated_device_keeps_what_changed_before_and_gets_nothing_afterwards() -> None:
    store = made()
    with Array(store) as a:
        h = Host(a)
        h.write("S1", 0, filled("a"))
        h.snapshot([("S1", "V1")])
        h.write("S1", 0, filled("b", 2), 3)
        h.deactivate("V1")
        h.write("S1", 1, filled("c"))
        assert h.changed_tracks("V1") == [0]
    with Array(store) as a:
        h = Host(a)
        assert h.changed_tracks("V1") == [0]
        assert h.read_saved("V1", 0) == filled("a") and h.read_saved("V1", 0, 4, 1) == filled("a", 1)
        with pytest.raises(NotSaved, match="did not change"):
            h.read_saved("V1", 1)
        assert contradictions(a.memory.tables) == [] and leaks(a.memory.tables) == []


def test_what_hosts_wrote_to_the_device_itself_counts_as_changed() -> None:
    with array() as a:
        h = Host(a)
        h.snapshot([("S1", "V1")])
        h.write("V1", 1, filled("x", 1))
        h.deactivate("V1")
        assert h.changed_tracks("V1") == [1] and h.read_saved("V1", 1, 0, 1) == filled("x", 1)


def test_only_an_active_device_is_deactivated_and_a_deactivated_one_is_no_device_of_hosts() -> None:
    with array() as a:
        h = Host(a)
        with pytest.raises(NotActive):
            h.deactivate("V1")
        h.snapshot([("S1", "V1")])
        for call in (lambda: h.read_saved("V1", 0), lambda: h.changed_tracks("V1")):
            with pytest.raises(NotSaved):
                call()
        h.deactivate("V1")
        with pytest.raises(NotActive):
            h.deactivate("V1")
        for call, error in ((lambda: h.read("V1", 0), NotReady), (lambda: h.write("V1", 0, filled("z")), NotReady),
                            (lambda: h.restore("V1", "S1"), NotRestorable), (lambda: h.register("S1", "V1"), NoSession)):
            with pytest.raises(error):
                call()


def test_a_deactivated_device_keeps_its_session_number_until_it_is_removed() -> None:
    with array() as a:
        h = Host(a)
        for vdev in ("V1", "V2", "V3"):
            h.snapshot([("S1", vdev)])
            h.deactivate(vdev)
        header = a.memory.tables.standard[0]
        assert header.session_bytes[:3] == [SessionByte.INACTIVE] * 3
        h.remove("V2")
        assert header.session_bytes[:3] == [SessionByte.INACTIVE, SessionByte.FREE, SessionByte.INACTIVE]
        assert a.memory.tables.virtual[1].state == VirtualState.UNUSED
        h.snapshot([("S1", "V2")])


def test_a_log_track_that_a_deactivated_and_an_active_device_share_outlives_either() -> None:
    with array() as a:
        h = Host(a)
        h.write("S1", 0, filled("a"))
        h.snapshot([("S1", "V1")])
        h.snapshot([("S1", "V2")])
        h.write("S1", 0, filled("b"))
        assert a.memory.tables.virtual[0].pointers[0] == a.memory.tables.virtual[1].pointers[0]
        h.deactivate("V1")
        h.write("V2", 0, filled("c", 1))
        assert h.read_saved("V1", 0) == filled("a")
        h.remove("V2")
        assert h.read_saved("V1", 0) == filled("a")
        h.remove("V1")
        assert leaks(a.memory.tables) == [] and not any(a.memory.tables.log.map_words)


# --- ready for reads only ------------------------------------------------------------------------------------------


def test_a_device_that_stays_ready_for_reads_shows_what_it_has_saved_and_nothing_else() -> None:
    with array(step_742="read_only") as a:
        h = Host(a)
        h.write("S1", 0, filled("a"))
        h.snapshot([("S1", "V1")])
        h.write("S1", 0, filled("b", 2), 3)
        h.deactivate("V1")
        h.write("S1", 0, filled("c"))
        h.write("S1", 1, filled("c"))
        assert h.read("V1", 0) == h.read_saved("V1", 0) == filled("a")
        with pytest.raises(NotSaved, match="did not change"):
            h.read("V1", 1)
        assert h.look_up("V1", 0)["points to"] == "L1" and h.look_up("V1", 1)["points to"] == "S1"


def test_it_is_neither_written_nor_used_otherwise() -> None:
    with array(step_742="read_only") as a:
        h = Host(a)
        h.snapshot([("S1", "V1")])
        h.write("S1", 0, filled("b"))
        h.deactivate("V1")
        entry = [Command(word, Device("V", 0), 0) for word in (Word.WRITE_ENTRY, Word.MODIFY_ENTRY)]
        for call in (lambda: h.write("V1", 0, filled("z")), *(lambda c=c: h.array.call(0, c) for c in entry)):
            with pytest.raises(NotReady, match="ready for reads only"):
                call()
        for call, error in ((lambda: h.deactivate("V1"), NotActive), (lambda: h.restore("V1", "S1"), NotRestorable),
                            (lambda: h.register("S1", "V1"), NoSession), (lambda: h.establish("S1", "V1"), NoSession)):
            with pytest.raises(error):
                call()


def test_an_array_knows_on_disk_that_a_device_is_ready_for_reads_only_until_it_is_removed() -> None:
    store = made()
    with Array(store, Build.of({"step_742": "read_only"})) as a:
        h = Host(a)
        h.snapshot([("S1", "V1")])
        h.write("S1", 0, filled("b"))
        h.deactivate("V1")
    assert contradictions(contents(store)) == []
    with Array(store) as a:  # another build, which makes devices not ready at all
        h = Host(a)
        assert h.read("V1", 0) == filled("\0")
        with pytest.raises(NotReady):
            h.write("V1", 0, filled("z"))
        h.remove("V1")
        h.snapshot([("S1", "V1")])
        h.write("V1", 1, filled("z"))
        assert h.read("V1", 0) == filled("b") and contradictions(a.memory.tables) == []
