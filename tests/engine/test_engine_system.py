"""A store of real files: the power goes at, or the system refuses, any call that changes the disk."""

from __future__ import annotations

import errno
import os
import random
import resource
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from cli_kit import run
from engine_arrays import SMALL, filled, made
from engine_crashes import LAST, SCRIPT, State, attempt, found_among, shown, with_faults, writable_again
from engine_system import REFUSALS, System, under

from snapproof.engine import Array, Host, create
from snapproof.engine.errors import KEPT, EngineError, StoreError
from snapproof.engine.faulty_store import MemoryStore
from snapproof.engine.geometry import Geometry
from snapproof.engine.store import FileStore


def files_of(place: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in place.iterdir()}


@cache
def stages() -> list[tuple[dict[str, bytes], State]]:
    """Files and state before each operation, and behind the last."""
    store, state = made(), State()
    found = [(dict(store.durable), state)]
    for operation in SCRIPT:
        (state,) = attempt(with_faults(store, None), operation, state)
        found.append((dict(store.durable), state))
    return found


def laid_down(place: Path, files: dict[str, bytes]) -> Path:
    place.mkdir()
    for name, data in files.items():
        (place / name).write_bytes(data)
    return place


PLACES = pytest.mark.parametrize("number", range(len(SCRIPT)), ids=lambda i: SCRIPT[i].name.split("(")[0].strip().replace(" ", "-"))


@pytest.mark.slow
@PLACES
def test_a_power_cut_behind_any_call_of_the_system_leaves_one_commit_or_the_other(number: int, tmp_path: Path,
                                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    """With names and sectors that were not flushed lost one by one, on the calls that a `FileStore` really makes."""
    files, before = stages()[number]
    place, operation = laid_down(tmp_path / "array", files), SCRIPT[number]
    system = under(monkeypatch, System(files))
    cuts = 0
    every = operation.steps(before)
    reached = [0]

    def look(_: int, what: str) -> int:
        nonlocal cuts
        for seed, kept in enumerate((0.0, 0.3, 0.7, 1.0)):
            story = (operation.name, len(system.calls), what, kept)
            left = MemoryStore(system.after_cut(random.Random(seed), kept))
            state = found_among(left, every[reached[0]:], story)
            writable_again(left, state, story)
        cuts += 1
        return 0

    system.refuse = look
    with FileStore(place) as store, Array(store) as a:
        operation.call(Host(a))
    system.refuse = lambda number, what: 0
    reached[0] = len(every) - 1
    look(0, "the end")
    assert cuts >= 8
    assert set(system.calls) >= {"create", "pwrite", "fsync", "rename", "unlink"}


@pytest.mark.slow
@PLACES
def test_whatever_the_system_refuses_nothing_is_lost_and_the_array_works_afterwards(number: int, tmp_path: Path,
                                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call that changes the disk, once and from then on; then the same operation again, refused in turn."""
    files, before = stages()[number]
    operation = SCRIPT[number]
    for at in range(100):
        place = laid_down(tmp_path / f"array{at}", files)
        state, states = before, [before]
        for round in range(2):
            refuse = lambda n, what, at=at, once=(at + round) % 2: (  # noqa: E731
                REFUSALS[at % len(REFUSALS)] if (n == at if once else n >= at) else 0)
            system = under(monkeypatch, System(files_of(place), refuse))
            again = operation if state == before else LAST
            states = again.steps(state)
            refused = None
            try:
                with FileStore(place) as store, Array(store) as a:
                    again.call(Host(a))
                states = states[-1:]
            except EngineError as error:
                refused = error
            monkeypatch.undo()
            if refused is not None:
                assert isinstance(refused, StoreError), refused
                assert "the system cannot" in refused.cause
                assert KEPT in refused.fix
            left = MemoryStore({n: b for n, b in files_of(place).items() if not n.endswith(".tmp")})
            state = found_among(left, states, (operation.name, at, round))
        writable_again(left, state, (operation.name, at))
        with FileStore(place) as store, Array(store) as a:  # the condition is gone
            LAST.call(Host(a))
        assert sorted(set(files_of(place)) & {"journal", "journal.tmp", "tables.tmp"}) == []
        if len(system.calls) <= at:
            return
    pytest.fail("the operation takes more than a hundred calls")


@pytest.mark.slow
@pytest.mark.parametrize("number", REFUSALS, ids=[errno.errorcode[n] for n in REFUSALS])
def test_the_command_ends_with_153_and_says_what_to_do(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "array"
    with monkeypatch.context() as m:
        under(m, System({}, lambda n, what: number))
        result = run("engine", "create", str(place))
        assert (result.exit_code, result.stdout) == (153, "")
        assert os.strerror(number) in result.stderr
    assert not place.exists()
    assert run("engine", "create", str(place)).exit_code == 0
    for command in (("write", "S1", "0", "--text", "x"), ("snapshot", "S1", "V1"), ("remove", "V1")):
        before = files_of(place)
        with monkeypatch.context() as m:
            under(m, System(before, lambda n, what: number))
            result = run("engine", command[0], str(place), *command[1:])
            assert (result.exit_code, result.stdout) == (153, "")
            assert os.strerror(number) in result.stderr
            assert KEPT in result.stderr
            for reading in (("read", str(place), "S1", "0"), ("show", str(place))):
                assert run("engine", *reading).exit_code == 0
        assert files_of(place) == before
        assert run("engine", command[0], str(place), *command[1:]).exit_code == 0


@pytest.mark.slow
def test_a_limit_on_the_size_of_files_ends_with_153_and_loses_nothing(tmp_path: Path) -> None:
    """The system's own: with a limit of 60,000 bytes the journal of the second track is too long, or the file is."""
    place = tmp_path / "array"
    assert run("engine", "create", str(place), "--tracks", "3").exit_code == 0
    (tmp_path / "data").write_bytes(filled("a") + filled("b") + filled("c"))
    words = [sys.executable, "-m", "snapproof.cli", "engine", "write", str(place), "S1", "0", "--file", str(tmp_path / "data")]

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    for said in ("The 80 blocks before track 2 have been written.", "standard-0001: the system cannot write it"):
        result = subprocess.run(words, preexec_fn=limited, capture_output=True, text=True)  # noqa: PLW1509
        assert result.returncode == 153, result.stderr
        assert "File too large" in result.stderr
        assert "ulimit -f" in result.stderr
        assert said in result.stderr
        with FileStore(place, writable=False) as store, Array(store) as a:
            assert Host(a).read("S1", 0, 0, 120)[:2 * 20480] == filled("a") + filled("b")
    assert subprocess.run(words, capture_output=True).returncode == 0
    with FileStore(place, writable=False) as store, Array(store) as a:
        assert Host(a).read("S1", 2) == filled("c")


def test_a_creation_that_was_ended_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(20):
        place = laid_down(tmp_path / str(at), {})
        with monkeypatch.context() as m:
            system = under(m, System({}, lambda n, what, at=at: errno.EIO if n >= at else 0))  # type: ignore[misc]
            try:
                with FileStore(place) as store:
                    create(store, SMALL)
            except StoreError:
                pass
        if len(system.calls) <= at:
            assert at >= 6
            return
        if "superblock" not in files_of(place):
            with FileStore(place) as store:
                create(store, SMALL)
        assert shown(MemoryStore(files_of(place))) == State()
    pytest.fail("creating takes more than twenty calls")


def test_a_store_opened_for_reading_writes_in_no_way(tmp_path: Path) -> None:
    place = laid_down(tmp_path / "array", stages()[3][0])
    before = files_of(place)
    with FileStore(place, writable=False) as store:
        for call in (lambda: store.replace("journal", b"x"), lambda: store.remove("tables"), lambda: store.sync("tables"),
                     lambda: store.write_at("standard-0001", 0, b"x"), lambda: store.write_at("new", 0, b"x"),
                     lambda: store.can_write("tables"), lambda: LAST.call(Host(Array(store)))):
            with pytest.raises(StoreError, match="opened for reading only"):
                call()
    assert files_of(place) == before


@pytest.mark.slow
def test_an_array_of_more_files_than_a_process_may_open_is_written_and_read(tmp_path: Path) -> None:
    with FileStore(tmp_path) as store:
        create(store, Geometry(standard=150, virtual=1, tracks=1, log_tracks=1, lists=1))
    few = max(map(int, os.listdir("/proc/self/fd"))) + 100
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, before[1]))
    try:
        with FileStore(tmp_path) as store, Array(store, durable=False) as a:
            for n in range(150):
                Host(a).write(f"S{n + 1}", 0, filled(chr(97 + n % 26)))
        with FileStore(tmp_path) as store, Array(store, durable=False) as a:
            for n in range(150):
                assert Host(a).read(f"S{n + 1}", 0) == filled(chr(97 + n % 26))
                Host(a).write(f"S{n + 1}", 0, filled("x", 1))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_closed_store_is_refused_and_does_not_look_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = laid_down(tmp_path / "array", stages()[3][0])
    monkeypatch.chdir(place)
    with FileStore(place) as store, Array(store):
        pass
    for call in (store.names, lambda: store.read("tables"), lambda: store.replace("journal", b"x"), lambda: Array(store),
                 lambda: store.write_at("standard-0001", 0, b"x"), lambda: store.remove("tables")):
        with pytest.raises(StoreError, match="has been closed"):
            call()
    assert files_of(place) == stages()[3][0]
