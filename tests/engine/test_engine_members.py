"""Every file of an array missing, cut off, longer, or no file at all: a diagnosis, nothing is created, nothing followed."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_kit import run
from engine_arrays import SMALL, filled

from snapproof.engine import Array, Host, create
from snapproof.engine.errors import Damaged, EngineError, StoreError
from snapproof.engine.faulty_store import MemoryStore
from snapproof.engine.store import FileStore

MEMBERS = ["superblock", "tables", "journal", "standard-0001", "log-0001"]


@pytest.fixture
def arr(tmp_path: Path) -> Path:
    """An array with every member: old data in the log, and a journal whose tracks are half in their places."""
    store = MemoryStore()
    create(store, SMALL)
    with Array(store) as a:
        h = Host(a)
        h.write("S1", 0, filled("a", 80))
        h.snapshot([("S1", "V1")])
        h.write("S1", 0, filled("b"))
        store.faults.fail_at = store.operations + 2
        with pytest.raises(StoreError):
            h.write("S1", 1, filled("c"))
    place = tmp_path / "array"
    place.mkdir()
    for name, data in store.files.items():
        (place / name).write_bytes(data)
    assert sorted(MEMBERS) == sorted(store.files)
    return place


def look(top: Path) -> dict[str, tuple[object, ...]]:
    """Everything below a folder, links and special files as themselves."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(top.rglob("*")):
        kind = path.lstat()
        what: object = path.read_bytes() if stat.S_ISREG(kind.st_mode) else os.readlink(path) if path.is_symlink() else ""
        found[str(path.relative_to(top))] = (kind.st_mode, kind.st_size if stat.S_ISREG(kind.st_mode) else 0, what)
    return found


def outside(path: Path) -> Path:
    """A file next to the array, for links to it."""
    other = path.parent.parent / "precious"
    if not other.exists():
        shutil.copy(path, other)
    return other


def socket_at(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


INSTEAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda p: None, "missing|no superblock"),
    "a folder": (lambda p: p.mkdir(), "it is a folder"),
    "a FIFO": (os.mkfifo, "it is a FIFO"),
    "a socket": (socket_at, "it is a socket"),
    "a link to the same bytes": (lambda p: p.symlink_to(outside(p)), "it is a symbolic link"),
    "a link to a device": (lambda p: p.symlink_to("/dev/zero"), "it is a symbolic link"),
    "a link to nothing": (lambda p: p.symlink_to("../nowhere"), "it is a symbolic link"),
    "a link to itself": (lambda p: p.symlink_to(p.name), "it is a symbolic link"),
}

COMMANDS = [("read", "S1", "0"), ("read", "V1", "0"), ("write", "S1", "0", "--text", "x"),
            ("write", "S1", "0", "--block", "39", "--text", "x"), ("write", "S2", "0", "--text", "x"),
            ("snapshot", "S1", "V2"), ("remove", "V1"), ("show",), ("show", "--tables-only")]


def at_once(*words: str) -> tuple[int, str]:
    """A command; it must not hang on what lies there."""
    found: list[tuple[int, str]] = []

    def go() -> None:
        result = run("engine", words[1], words[0], *words[2:])
        found.append((result.exit_code, result.stdout + result.stderr))

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    thread.join(60)
    assert found, f"{words[1]} hangs"
    return found[0]


def needs(command: tuple[str, ...], name: str) -> bool:
    """Must this command look at this file?  (A journal that is missing is none.)"""
    if name in ("superblock", "tables", "journal"):
        return True
    if command[0] in ("snapshot", "remove"):
        return name == "standard-0001"  # the journal that waits is for it
    if command[0] in ("write", "show"):
        return True
    return name == ("standard-0001" if command[1] == "S1" else "log-0001")


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_that_is_not_a_file_is_diagnosed_and_nothing_is_created_or_followed(arr: Path, name: str,
                                                                                   command: tuple[str, ...]) -> None:
    if command == ("read", "S1", "0"):
        command = ("read", "S1", "0", "--count", "80")  # not only what the journal has
    whole = arr.parent / "whole"
    shutil.copytree(arr, whole)
    for kind, (put, words) in INSTEAD.items():
        if name == "journal" and kind == "missing":
            continue  # then none waits
        shutil.rmtree(arr)
        shutil.copytree(whole, arr)
        (arr / name).unlink()
        source = outside(whole / name)
        source.write_bytes((whole / name).read_bytes())
        put(arr / name)
        before = look(arr.parent)
        code, said = at_once(str(arr), *command)
        if code == 0:
            assert not needs(command, name), (kind, said)
            assert look(arr.parent)["precious"] == before["precious"]
            assert name not in look(arr) if kind == "missing" else look(arr)[name] == before[f"array/{name}"]
            continue
        assert code == 154, (kind, said)
        assert any(w in said for w in words.split("|")), (kind, said)
        assert look(arr.parent) == before, kind


@pytest.mark.slow
@pytest.mark.parametrize("change", ["cut off", "empty", "longer"])
@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_of_another_length_is_diagnosed(arr: Path, name: str, change: str) -> None:
    data = (arr / name).read_bytes()
    cut = data[:-1] if len(data) < 10_000 else data[:10_000]
    (arr / name).write_bytes({"cut off": cut, "empty": b"", "longer": data + bytes(100_000)}[change])
    before = look(arr)
    code, said = at_once(str(arr), "show")
    assert (code, name in said) == (154, True), said
    if change != "longer" or name in ("superblock", "tables", "journal"):
        for command in (("write", "S1", "1", "--text", "x"), ("write", "V1", "0", "--text", "x")):
            code, said = at_once(str(arr), *command)
            assert (code, name in said) == (154, True), said
    assert look(arr) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_with_a_second_name_is_read_and_never_written_in_place(arr: Path, name: str) -> None:
    other = arr.parent / "backup"
    os.link(arr / name, other)
    kept = other.read_bytes()
    assert at_once(str(arr), "read", "S1", "0", "--count", "80")[0] == 0
    code, said = at_once(str(arr), "write", "S1", "0", "--text", "x")
    assert other.read_bytes() == kept
    if name in ("standard-0001", "log-0001"):
        assert code == 153
        assert f"{name}: it has another name somewhere (a hard link)" in said
        (arr / "copy").write_bytes(kept)
        (arr / "copy").rename(arr / name)
        assert at_once(str(arr), "write", "S1", "0", "--text", "x")[0] == 0
    else:
        assert code == 0, said


def test_what_lies_under_the_name_of_a_temporary_file_is_not_followed(arr: Path) -> None:
    precious = arr.parent / "precious"
    precious.write_text("mine")
    for name in ("journal.tmp", "tables.tmp"):
        (arr / name).symlink_to(precious)
    assert at_once(str(arr), "write", "S1", "0", "--text", "x")[0] == 0
    assert precious.read_text() == "mine"
    (arr / "journal.tmp").mkdir()
    code, said = at_once(str(arr), "write", "S1", "0", "--text", "x")
    assert (code, "journal" in said) == (153, True)


@pytest.mark.parametrize("name", ["../precious", "/precious", "", ".", "..", "a/b", "nul\0"])
def test_no_name_leads_out_of_the_directory(tmp_path: Path, name: str) -> None:
    place = tmp_path / "array"
    place.mkdir()
    (tmp_path / "precious").write_text("mine")
    with FileStore(place) as store:
        calls: list[Callable[[], object]] = [
            lambda: store.read(name), lambda: store.size(name), lambda: store.write_at(name, 0, b"x"), lambda: store.remove(name),
            lambda: store.replace(name, b"x"), lambda: store.read_at(name, 0, 1), lambda: store.can_write(name)]
        for call in calls:
            with pytest.raises(Damaged, match="not the name of a file of an array"):
                call()
    assert look(tmp_path).keys() == {"array", "precious"}
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_member_exchanged_between_the_look_and_the_opening_is_not_followed(arr: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may write the directory can exchange a file at any moment."""
    precious = arr.parent / "precious"
    precious.write_bytes(b"mine" * 30_000)
    look_once = FileStore._look

    def exchanged(self: FileStore, name: str) -> os.stat_result | None:
        found = look_once(self, name)
        if name == "standard-0001":
            (arr / name).unlink(missing_ok=True)
            (arr / name).symlink_to(precious)
        return found

    with FileStore(arr) as store:
        monkeypatch.setattr(FileStore, "_look", exchanged)
        for call in (lambda: store.write_at("standard-0001", 0, b"x"), lambda: store.read_at("standard-0001", 0, 4)):
            with pytest.raises(EngineError):
                call()
            monkeypatch.setattr(FileStore, "_look", exchanged)
    assert precious.read_bytes() == b"mine" * 30_000


@pytest.fixture
def no_rights() -> Iterator[None]:
    """The system refuses by rights; root has all of them, so it must stop being root."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.mark.slow
@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_that_may_not_be_read_or_written_is_told_and_nothing_is_lost(name: str, request: pytest.FixtureRequest) -> None:
    import tempfile

    place = Path(tempfile.mkdtemp(prefix="array-"))
    try:
        os.chmod(place, 0o777)
        request.getfixturevalue("no_rights")
        with FileStore(place) as store:
            create(store, SMALL)
            with Array(store) as a:
                Host(a).write("S1", 0, filled("a"))
                Host(a).snapshot([("S1", "V1")])
                Host(a).write("S1", 0, filled("b"))
        if name == "journal":
            (place / name).write_bytes(b"x")
        before = look(place)
        (place / name).chmod(0)
        writing = ("write", "V1" if name == "log-0001" else "S1", "0", "--text", "x")
        for command in (("read", "S1", "0"), ("read", "V1", "0"), writing, writing):
            code, said = at_once(str(place), *command)
            if code == 0:
                assert command[0] == "read" and name.endswith("0001")
            else:
                assert (code, f"{name}: the system cannot" in said, "permission" in said) == (153, True, True), said
        (place / name).chmod(0o644)
        assert look(place) == before
        if name != "journal":
            (place / name).chmod(0o444)
            code, said = at_once(str(place), *writing)
            assert code == (153 if name.endswith("0001") else 0), said
            (place / name).chmod(0o644)
            assert at_once(str(place), *writing)[0] == 0
            assert "62626262" in at_once(str(place), "read", "S1", "0", "--block", "1")[1]
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        shutil.rmtree(place)
