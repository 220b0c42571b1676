"""On disk: what survives, what a crash leaves, and what a failing disk gets."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_arrays import SMALL, filled, made, seen, used
from hypothesis import given, settings
from hypothesis import strategies as st

from snapproof.engine import Array, Host, create
from snapproof.engine.errors import EngineError, Failed, InUse, StoreError
from snapproof.engine.faulty_store import Crash, Faults, MemoryStore
from snapproof.engine.geometry import TRACK
from snapproof.engine.store import FileStore

# --- what survives ---------------------------------------------------------------------------------------------------


def test_everything_survives_closing_and_opening_on_files(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    create(store, SMALL)
    store.close()
    with Array(FileStore(tmp_path)) as a:
        h = Host(a)
        h.write("S1", 0, filled("a"))
        h.register("S1", "V1")
        h.relate("S1", "V1")
        h.activate()
        h.write("S1", 0, filled("b"), 0)
        with pytest.raises(InUse):
            FileStore(tmp_path)
        with pytest.raises(InUse):
            FileStore(tmp_path, writable=False)
    with Array(FileStore(tmp_path)) as a:
        assert (Host(a).read("S1", 0), Host(a).read("V1", 0)) == (filled("b"), filled("a"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log-0001", "standard-0001", "superblock", "tables"]


def test_a_call_that_returned_is_durable() -> None:
    store = made()
    used(store)
    assert seen(MemoryStore(store.durable)) == seen(store)
    assert not store.pending


def test_reading_writes_nothing() -> None:
    store = made()
    used(store)
    before = store.operations
    seen(store)
    assert store.operations == before


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 60), seed=st.integers(0, 1000))
def test_after_a_crash_each_call_has_happened_or_not(at: int, seed: int) -> None:
    """The power goes at any operation; torn and lost writes; what is found is a state between two calls."""
    reference = made()
    states = [seen(MemoryStore(reference.durable))]
    steps = _script()
    with Array(reference) as a:
        for step in steps:
            step(Host(a))
            states.append(seen(MemoryStore(reference.durable)))
    store = made(faults=Faults(crash_at=at))
    store.operations = 0
    done = 0
    a = Array(store)
    try:
        for step in steps:
            step(Host(a))
            done += 1
    except (Crash, EngineError):
        pass
    a.abandon()
    found = seen(MemoryStore(store.after_crash(random.Random(seed))))
    assert found in states[done:done + 2]


def _script() -> list[Callable[[Host], object]]:
    return [
        lambda h: h.write("S1", 0, filled("a")), lambda h: h.register("S1", "V1"), lambda h: h.relate("S1", "V1"),
        lambda h: h.activate(), lambda h: h.write("S1", 0, filled("b", 2), 38), lambda h: h.write("V1", 1, filled("c", 1)),
        lambda h: h.write("S1", 1, filled("d")), lambda h: h.remove("V1"),
    ]


@pytest.mark.parametrize("room", [3_000, 30_000, 60_000])
def test_a_full_disk_stops_the_array_and_loses_nothing_committed(room: int) -> None:
    store = made(faults=Faults(room=room))
    a, done = Array(store), 0
    with pytest.raises(StoreError, match="No space left"):
        for step in _script():
            step(Host(a))
            done += 1
    with pytest.raises(Failed, match="a commit failed"):
        Host(a).write("S1", 0, filled("z"))
    a.close()
    again = MemoryStore(store.files)
    reference, states = made(), []
    with Array(reference) as other:
        for step in _script()[:done + 1]:
            states.append(seen(MemoryStore(reference.durable)))
            step(Host(other))
    assert seen(again) in (states[done], seen(reference))  # the failed call has happened or not


def test_a_failing_read_ends_the_command_and_lets_everything_go() -> None:
    store = made()
    used(store)
    store.faults = Faults(bad_reads=[("standard-0001", 0, TRACK - 1)])
    with Array(store) as a:
        h, free = Host(a), a.memory.tables.log.free_head
        for call in (lambda: h.read("S1", 0), lambda: h.write("S1", 0, filled("x", 1))):
            with pytest.raises(StoreError, match="Input/output error"):
                call()
        assert not any(any(row) for row in (*a.memory.locks.track, a.memory.locks.log, a.memory.locks.device))
        assert a.memory.tables.log.free_head == free
        assert h.read("V1", 0)[:1] == b"a"


def test_a_failing_read_while_old_data_is_saved_gives_the_log_track_back() -> None:
    store = made()
    with Array(store) as a:
        h = Host(a)
        h.write("S1", 0, filled("a"))
        h.register("S1", "V1")
        h.relate("S1", "V1")
        h.activate()
    store.faults = Faults(bad_reads=[("standard-0001", 0, TRACK - 1)])
    with Array(store) as a:
        for device in ("S1", "V1"):
            with pytest.raises(StoreError):
                Host(a).write(device, 0, filled("b"))
        store.faults.bad_reads.clear()
        assert Host(a).read("V1", 0) == filled("a") == Host(a).read("S1", 0)
        Host(a).write("S1", 0, filled("c"))
        assert Host(a).read("V1", 0) == filled("a")
    with Array(store) as a:  # the free list is whole, or this would be refused
        assert Host(a).read("S1", 0) == filled("c")
