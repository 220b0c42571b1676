"""Files are written whole or not at all, also when many write and some are killed; and what is no file is not read."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
import small_storage
from cli_kit import run, started
from file_kit import TRACE, ended, node

from snapproof import files
from snapproof.files import read_file, sweep, write_file


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture()
def trace(elsewhere: Path) -> str:
    small_storage.write(elsewhere)
    run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off")
    return TRACE


# --- whole or not at all --------------------------------------------------------------------------------------------


def unfinished(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir() if p.name.endswith(".part")]


def test_a_file_keeps_its_mode_and_a_new_one_follows_the_umask(elsewhere: Path) -> None:
    Path("old").write_text("x")
    os.chmod("old", 0o640)
    before = os.umask(0o027)
    try:
        write_file(Path("old"), b"new")
        write_file(Path("fresh"), b"new")
        write_file(Path("private"), b"new", mode=0o600)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(os.stat(n).st_mode) for n in ("old", "fresh", "private")] == [0o640, 0o640, 0o600]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("old").write_text("x")
    written: list[int] = []

    def full(descriptor: int, data: Any) -> int:
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(1)
        return original(descriptor, bytes(data)[:3])
    original = os.write
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        write_file(Path("old"), b"0123456789")
    assert Path("old").read_text() == "x"
    assert unfinished(elsewhere) == []


@pytest.mark.slow
def test_a_limit_of_the_system_leaves_the_old_file_and_nothing_else(trace: str, elsewhere: Path) -> None:
    Path("old.md").write_text("x")

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    code, _, said = ended(started("show", trace, "--out", "old.md", preexec_fn=limited))
    assert code == 153, said
    assert said.startswith("snapproof: old.md: it cannot be written (File too large); nothing was changed.")
    assert Path("old.md").read_text() == "x"
    assert unfinished(elsewhere) == []


def test_a_file_that_may_not_be_written_is_not_replaced(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("old").write_text("x")
    os.chmod("old", 0o444)
    # An administrator may write everything; everybody else may not.
    monkeypatch.setattr(os, "access", lambda path, mode: bool(os.stat(path).st_mode & 0o222))
    with pytest.raises(PermissionError):
        write_file(Path("old"), b"new")
    assert Path("old").read_text() == "x"


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs another account")
def test_a_folder_that_may_not_be_written_is_told(trace: str, elsewhere: Path) -> None:
    run("show", trace)  # everything is imported by now
    os.mkdir("closed", 0o555)
    elsewhere.chmod(0o755)
    os.seteuid(65534)
    try:
        result = run("show", trace, "--out", "closed/x")
    finally:
        os.seteuid(0)
    assert result.exit_code == 153, result.output
    assert "it cannot be written (Permission denied); nothing was changed. Give a folder that you may write to." in result.stderr


def test_what_a_killed_writer_left_is_removed_by_the_next_one(elsewhere: Path) -> None:
    dead = elsewhere / ".snapproof-0123456789ab.part"
    dead.write_text("half")
    other = elsewhere / ".snapproof-mine.part"
    other.write_text("a name that we do not give")
    write_file(Path("new"), b"x")
    assert not dead.exists()
    assert other.exists()


def test_what_another_writer_is_writing_is_left_alone(elsewhere: Path) -> None:
    path, descriptor = files._new(elsewhere, 0o666)
    try:
        # A lock belongs to the opening: another one is refused even here.
        sweep(elsewhere)
        assert path.exists()
    finally:
        os.close(descriptor)
    sweep(elsewhere)
    assert not path.exists()


def test_many_writers_at_a_time_leave_one_whole_file(elsewhere: Path) -> None:
    texts = [bytes([65 + i]) * 200_000 for i in range(4)]
    failed: list[BaseException] = []

    def write(data: bytes) -> None:
        try:
            for _ in range(25):
                write_file(Path("one"), data)
        except BaseException as error:  # a thread's failure would be lost
            failed.append(error)
    threads = [threading.Thread(target=write, args=(t,)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert not failed
    assert Path("one").read_bytes() in texts
    assert unfinished(elsewhere) == []


def test_a_file_that_is_swept_just_when_it_is_made_is_made_again(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sweeps: has opened and locked the new file before its maker has, and removes it later."""
    begun, swept = threading.Event(), threading.Event()
    sweepers: list[threading.Thread] = []
    open_, all_ = os.open, files._all

    def sweep(path: Path, descriptor: int) -> None:
        begun.wait(0.3)
        path.unlink()
        os.close(descriptor)
        swept.set()

    def making(path: Path, flags: int, *more: int) -> int:
        made = open_(path, flags, *more)
        if flags & os.O_EXCL and not sweepers:
            held = open_(path, os.O_RDWR)
            assert files._lock(held)
            sweepers.append(threading.Thread(target=sweep, args=(path, held)))
            sweepers[0].start()
        return made

    def writing(descriptor: int, data: bytes) -> None:
        begun.set()
        assert swept.wait(20)
        all_(descriptor, data)

    monkeypatch.setattr(os, "open", making)
    monkeypatch.setattr(files, "_all", writing)
    write_file(Path("one"), b"whole")
    sweepers[0].join()
    assert Path("one").read_bytes() == b"whole"
    assert unfinished(elsewhere) == []


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_named_pipe_and_a_device_are_refused_at_once_as_input(elsewhere: Path, trace: str) -> None:
    os.mkfifo("pipe.json")
    os.mkfifo("pipe.toml")
    os.mkfifo("pipe.py")
    device = node(elsewhere, "zero.json", "/dev/zero")
    for words, code in ((["show", "pipe.json"], 154), (["replay", "pipe.json"], 154), (["conform", "pipe.json"], 154),
                        (["check", "pipe.toml"], 151), (["check", "pipe.py"], 151), (["check", "--spec", "pipe.py"], 151),
                        (["query", "1 == 1", "--scenario", "pipe.toml"], 151), (["conform", "--cover", "pipe.toml"], 151),
                        (["show", str(device)], 154)):
        process = started(*words, stdin=subprocess.DEVNULL)
        got, out, said = ended(process)
        assert got == code, (words, out, said)


@pytest.mark.slow
def test_standard_input_is_read_where_it_is_meant(trace: str) -> None:
    told = run("show", trace).stdout
    for name in ("-", "/dev/stdin", "/dev/fd/0"):
        with subprocess.Popen(["cat", trace], stdout=subprocess.PIPE) as cat:
            code, out, said = ended(started("show", name, stdin=cat.stdout))
        assert (code, out) == (0, told), said


def test_what_is_too_large_is_not_read_to_its_end(elsewhere: Path) -> None:
    with open("large", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(files.TooLarge, match="it has 1,099,511,627,776 bytes; the limit is 100"):
        read_file(Path("large"), 100)
    ours, theirs = os.pipe()
    os.set_inheritable(ours, True)  # as what another program has handed over
    os.write(theirs, b"x" * 101)
    try:
        with pytest.raises(files.TooLarge, match="more than 100 bytes"):
            read_file(Path(f"/dev/fd/{ours}"), 100)
    finally:
        os.close(ours)
        os.close(theirs)
