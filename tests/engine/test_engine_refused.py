"""A refused call changes nothing on disk; calls that belong together are on disk together; what hangs, hangs nobody else."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cli_kit import run
from engine_arrays import array, filled, made
from engine_crashes import shown

from snapproof.engine import Array, Host
from snapproof.engine.errors import BadRequest, NoLogTrack, Refused
from snapproof.engine.faulty_store import Crash, Faults, MemoryStore
from snapproof.engine.geometry import Device, Geometry
from snapproof.engine.memory import Command, Word
from snapproof.engine.schedule import FreeRunning
from snapproof.engine.store import FileStore
from snapproof.vocabulary.states import VirtualState

# --- refused calls ---------------------------------------------------------------------------------------------------

FULL = Geometry(standard=2, virtual=4, tracks=2, log_tracks=1, sessions=2, lists=2)
"""V1 active, V2 related on list 1, V3 registered, V4 unused; S1 has no session left, the pool no log track."""


@pytest.fixture
def full() -> Iterator[MemoryStore]:
    store = made(FULL, pool="fixed")
    with Array(store) as a:
        h = Host(a)
        h.write("S1", 0, filled("a", 80))
        h.snapshot([("S1", "V1")])
        h.write("S1", 0, filled("b"))
        h.register("S1", "V2")
        h.relate("S1", "V2")
        h.register("S2", "V3")
    yield store


REFUSALS: dict[str, Callable[[Host], object]] = {
    "write, no log track": lambda h: h.write("S1", 1, filled("x")),
    "write of a part, no log track": lambda h: h.write("S1", 1, filled("x", 1), 7),
    "write to a virtual device, no log track": lambda h: h.write("V1", 1, filled("x", 1)),
    "write to one not ready": lambda h: h.write("V2", 0, filled("x")),
    "write to no device": lambda h: h.write("S9", 0, filled("x")),
    "write to a track there is not": lambda h: h.write("S1", 2, filled("x")),
    "write beyond the end": lambda h: h.write("S1", 1, filled("x", 41)),
    "write of no whole block": lambda h: h.write("S1", 0, b"x"),
    "read of one not ready": lambda h: h.read("V2", 0),
    "read of no track": lambda h: h.read("S1", 9),
    "look up, not ready": lambda h: h.look_up("V3", 0),
    "register, no session": lambda h: h.register("S1", "V4"),
    "register, in use": lambda h: h.register("S2", "V1"),
    "relate, not registered": lambda h: h.relate("S1", "V4"),
    "relate, registered for another": lambda h: h.relate("S1", "V3"),
    "relate again": lambda h: h.relate("S1", "V2"),
    "relate, no list": lambda h: h.relate("S2", "V3", 3),
    "activate, no list": lambda h: h.activate(3),
    "activate one, not related": lambda h: h.activate_one("V3"),
    "activate one again": lambda h: h.activate_one("V1"),
    "establish, no session": lambda h: h.establish("S1", "V4"),
    "establish, in use": lambda h: h.establish("S2", "V1"),
    "remove, unused": lambda h: h.remove("V4"),
    "remove, registered": lambda h: h.remove("V3"),
    "give up, unused": lambda h: h.give_up("V4"),
    "snapshot, no session": lambda h: h.snapshot([("S1", "V4")]),
    "snapshot, the second is in use": lambda h: h.snapshot([("S2", "V4"), ("S2", "V2")]),
    "snapshot, the second has no session": lambda h: h.snapshot([("S2", "V4"), ("S1", "V4")]),
    "snapshot of one twice": lambda h: h.snapshot([("S2", "V4"), ("S2", "V4")]),
    "snapshot, names": lambda h: h.snapshot([("S2", "V4"), ("V1", "S1")]),
    "write entry, not ready": lambda h: h.array.call(0, Command(Word.WRITE_ENTRY, Device("V", 1))),
    "modify entry, not ready": lambda h: h.array.call(0, Command(Word.MODIFY_ENTRY, Device("V", 1))),
    "another host": lambda h: Host(h.array, 9).write("S1", 0, filled("x")),
}


@pytest.mark.slow
@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_call_changes_nothing_on_disk_now_or_when_the_array_is_closed(full: MemoryStore, name: str, durable: bool) -> None:
    before, operations = dict(full.durable), full.operations
    with Array(full, durable=durable) as a:
        with pytest.raises(Refused):
            REFUSALS[name](Host(a))
        assert a.memory.changed == 0
    assert full.durable == before
    assert {n: bytes(b) for n, b in full.files.items()} == before
    assert full.operations == operations


def test_what_was_done_before_and_after_a_refused_call_is_on_disk(full: MemoryStore) -> None:
    with Array(full, durable=False) as a:
        h = Host(a)
        h.write("S2", 0, filled("c"))
        for name in REFUSALS:
            with pytest.raises(Refused):
                REFUSALS[name](h)
        assert a.memory.changed == 1
    with Array(full) as a:
        for name in REFUSALS:
            with pytest.raises(Refused):
                REFUSALS[name](Host(a))
        Host(a).write("S2", 1, filled("d"))
    with Array(full) as a:
        assert Host(a).read("S2", 0, 0, 80) == filled("c") + filled("d")
        assert Host(a).read("V1", 0, 0, 80) == filled("a", 80)


def test_a_write_that_is_refused_at_its_second_track_says_how_far_it_came(full: MemoryStore) -> None:
    with Array(full) as a:
        with pytest.raises(NoLogTrack, match="The 1 blocks before track 1 have been written."):
            Host(a).write("S1", 0, filled("x", 2), 39)
        assert Host(a).read("S1", 0, 38, 3) == filled("b", 1) + filled("x", 1) + filled("a", 1)


COMMANDS = [("write", "S1", "1", "--text", "x"), ("write", "V2", "0", "--text", "x"), ("write", "S7", "0", "--text", "x"),
            ("read", "V2", "0"), ("read", "S1", "7"), ("snapshot", "S1", "V4"), ("snapshot", "S2", "V4", "S2", "V2"),
            ("remove", "V4"), ("remove", "S1"), ("create",), ("write", "S1", "0", "--text", "x", "--set", "nothing=1"),
            ("write", "S1", "0"), ("snapshot", "S1")]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_refused_command_leaves_every_file_as_it_was(full: MemoryStore, tmp_path: Path, command: tuple[str, ...]) -> None:
    for name, data in full.durable.items():
        (tmp_path / name).write_bytes(data)

    def look() -> dict[str, tuple[bytes, int, int]]:
        return {p.name: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino) for p in tmp_path.iterdir()}

    before = look()
    result = run("engine", command[0], str(tmp_path), *command[1:])
    assert result.exit_code in (1, 20, 151, 154), result.output
    assert look() == before


def test_a_creation_that_is_refused_leaves_no_folder(tmp_path: Path) -> None:
    for words in (("--set", "pool=fixed", "--set", "pool_at_start=none"), ("--set", "foreign_bits=yes", "--sessions", "1"),
                  ("--tracks", "0"), ("--set", "nothing=1")):
        assert run("engine", "create", str(tmp_path / "new"), *words).exit_code in (1, 151)
        assert not (tmp_path / "new").exists()


def test_a_creation_where_no_folder_can_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / "fifo")
    for name, words in (("file", "Something else has that name"), ("link", "Something else has that name"),
                        ("fifo", "Something else has that name"), ("no/such", "Check the path"), ("", "a name is missing")):
        result = run("engine", "create", str(tmp_path / name) if name else "")
        assert result.exit_code == (153 if name else 1), result.output
        assert words in result.stderr
    assert not (tmp_path / "nowhere").exists()


# --- calls that belong together ----------------------------------------------------------------------------------------

PAIRS = [("S1", "V1"), ("S2", "V2"), ("S1", "V3")]


def test_a_snapshot_that_is_killed_at_any_box_has_left_nothing() -> None:
    store = made()
    before = dict(store.durable)
    boxes: list[str] = []

    def look(_: object, box: object) -> None:
        boxes.append(str(box))
        assert store.durable == before
        assert store.files == before

    with Array(store, schedule=FreeRunning(watch=look)) as a:
        Host(a).snapshot(PAIRS)
    assert len(boxes) > 40
    assert {v: s.name for v, s in shown(store).states.items()} == {"V1": "ACTIVE", "V2": "ACTIVE", "V3": "ACTIVE"}


def test_a_snapshot_whose_commit_is_ended_is_there_whole_or_not_at_all() -> None:
    found = set()
    for at in range(10):
        store = made(faults=Faults(crash_at=at))
        store.operations = 0
        a = Array(store)
        with suppress(Crash):
            Host(a).snapshot(PAIRS)
        a.abandon()
        states = set(shown(MemoryStore(store.durable)).states.values())
        assert len(states) == 1
        found |= states
    assert found == {VirtualState.UNUSED, VirtualState.ACTIVE}


def test_others_go_on_during_a_snapshot_and_their_commits_wait_for_its_end() -> None:
    store = made()
    with Array(store, hosts=2) as a:
        begun, go = threading.Event(), threading.Event()

        def together() -> None:
            with a.together(0):
                Host(a).register("S1", "V1")
                begun.set()
                go.wait(20)
                Host(a).relate("S1", "V1")
                Host(a).activate()

        threads = [threading.Thread(target=together)]
        threads[0].start()
        assert begun.wait(20)
        before = dict(store.durable)
        threads.append(threading.Thread(target=lambda: Host(a, 1).write("S2", 0, filled("x"))))
        threads[1].start()
        while not a.memory.gate and threads[1].is_alive():
            time.sleep(0.001)
        assert threads[1].is_alive()
        assert store.durable == before
        go.set()
        for thread in threads:
            thread.join(20)
        now = shown(MemoryStore(store.durable))
        assert (now.states["V1"], now.tracks["S2", 0]) == (VirtualState.ACTIVE, filled("x"))
        with a.together(1), pytest.raises(BadRequest, match="under way already"), a.together(1):
            pass
        with pytest.raises(BadRequest, match="host adapters"), a.together(7):
            pass


def test_snapshots_of_several_hosts_at_a_time_each_have_their_own_list() -> None:
    for _ in range(10):
        with array(Geometry(2, 4, 1, 4, sessions=4, lists=1), hosts=4) as a:
            threads = [threading.Thread(target=lambda h=h: Host(a, h).snapshot([("S1", f"V{h + 1}")])) for h in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
            assert [v.state for v in a.memory.tables.virtual] == [VirtualState.ACTIVE] * 4


def test_a_device_that_was_left_half_way_can_be_given_up(tmp_path: Path) -> None:
    """Whoever calls Register and Relate one by one, and is killed between them, leaves one."""
    place = tmp_path / "array"
    assert run("engine", "create", str(place)).exit_code == 0
    for steps in (1, 2, 3):
        with FileStore(place) as store:
            before = (place / "tables").read_bytes()[48:-4]
            a = Array(store)
            h = Host(a)
            h.register("S1", "V2")
            if steps > 1:
                h.relate("S1", "V2", 3)
            if steps > 2:
                h.activate(3)
            a.abandon()
        refused = run("engine", "snapshot", str(place), "S1", "V2")
        assert refused.exit_code == 20
        assert "snapproof engine remove" in refused.stderr
        assert run("engine", "remove", str(place), "V2").exit_code == 0
        assert (place / "tables").read_bytes()[48:-4] == before
