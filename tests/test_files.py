"""Files that are written: whole or not at all, through what is no file, and never over it."""

from __future__ import annotations

import errno
import os
import pty
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

from snapproof import files
from snapproof.files import read_file, sweep, write_file

TRACE = "snapproof-traces/two+locking=off.I1.json"


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


WRITERS = {
    "--out": lambda target: ["show", TRACE, "--as", "md", "--out", target],
    "--junit": lambda target: ["check", "--spec", "storage.py", "two.toml", "--junit", target],
    "--trace": lambda target: ["query", "pointer[V1,T1] == L1", "--reading", "plain", "--reachable", "--trace", target],
}
"""Every option that takes the name of a file to write, in a command that writes it."""

BEGINS = {"--out": "## ", "--junit": "<?xml", "--trace": '{\n "format": "snapproof-trace"'}


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, said = process.communicate(timeout=120)
    return process.returncode, out, said


def node(folder: Path, name: str, like: str) -> Path:
    """A device node of our own with the numbers of one in /dev, so that no test can harm the machine's."""
    path = folder / name
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.stat(like).st_rdev)
        os.close(os.open(path, os.O_WRONLY))
    except OSError:
        pytest.skip("device nodes cannot be made here")
    return path


def test_every_option_that_writes_a_file_is_tested_here() -> None:
    from snapproof.cli.main import COMMANDS, cli

    found = set()
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        found |= {o for p in command.params for o in p.opts if p.metavar == "FILE" or p.name == "trace_file"}
    assert found == set(WRITERS)


# --- what is no file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", WRITERS)
def test_a_pipe_is_written_through(trace: str, elsewhere: Path, option: str) -> None:
    os.mkfifo("pipe")
    with subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE, text=True) as cat:
        code, _, said = ended(started(*WRITERS[option]("pipe")))
        if code:
            cat.kill()
        assert (code, cat.communicate(timeout=60)[0].startswith(BEGINS[option])) == (0, True), said
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_a_pipe_that_nobody_reads_is_refused_after_a_while(trace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo("pipe")
    monkeypatch.setattr(files, "PATIENCE", 0.0)
    result = run("show", trace, "--out", "pipe")
    assert (result.exit_code, result.stdout) == (153, "")
    assert "nobody has read from it" in result.stderr
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


@pytest.mark.parametrize("option", WRITERS)
def test_a_device_node_stays_one(trace: str, elsewhere: Path, option: str) -> None:
    path = node(elsewhere, "null", os.devnull)
    assert ended(started(*WRITERS[option]("null")))[0] == 0
    assert stat.S_ISCHR(path.stat().st_mode)


def test_a_full_device_is_told(trace: str, elsewhere: Path) -> None:
    path = node(elsewhere, "full", "/dev/full")
    code, _, said = ended(started("show", trace, "--out", "full"))
    assert code == 153
    assert said.startswith("snapproof: full: it cannot be written (No space left on device)")
    assert stat.S_ISCHR(path.stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("option", WRITERS)
def test_standard_output_is_written_through(trace: str, elsewhere: Path, option: str, name: str) -> None:
    if not Path("/dev/stdout").exists():
        pytest.skip("this system has no /dev/stdout")
    os.symlink("/dev/stdout", "link")
    before = os.lstat("/dev/stdout")
    code, out, said = ended(started(*WRITERS[option](name)))
    assert (code, said) == (0, "")
    assert BEGINS[option] in out
    assert os.lstat("/dev/stdout").st_ino == before.st_ino
    assert Path("link").is_symlink()


@pytest.mark.parametrize("option", WRITERS)
def test_standard_output_in_a_file_keeps_what_is_printed_beside(trace: str, option: str) -> None:
    with open("log", "w") as log:
        code, _, said = ended(started(*WRITERS[option]("/dev/stdout"), stdout=log))
        assert (code, said) == (0, "")
        assert os.fstat(log.fileno()).st_nlink == 1
    text = Path("log").read_text()
    assert BEGINS[option] in text
    assert {"--out": "/dev/stdout: md, 7 steps", "--junit": "ok   two", "--trace": "W"}[option] in text
    assert "\0" not in text


def test_another_descriptor_is_written_through(trace: str) -> None:
    with open("three", "w") as three:
        code, out, _ = ended(started("show", trace, "--as", "md", "--out", f"/dev/fd/{three.fileno()}", pass_fds=[three.fileno()]))
    assert code == 0
    assert Path("three").read_text().startswith("## ")
    assert "## " not in out


def test_a_terminal_is_written_through(trace: str) -> None:
    ours, theirs = pty.openpty()
    try:
        code, _, _ = ended(started("show", trace, "--as", "md", "--out", os.ttyname(theirs)))
        assert code == 0
        assert os.read(ours, 3) == b"## "
        assert stat.S_ISCHR(os.stat(os.ttyname(theirs)).st_mode)
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_folder_and_a_socket_are_refused_and_stay(trace: str) -> None:
    import socket

    Path("folder").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for name in ("folder", "socket", "/"):
            result = run("show", trace, "--out", name)
            assert result.exit_code == 153, result.output
            assert result.stderr.startswith(f"snapproof: {name}: it cannot be written (")
    assert Path("folder").is_dir()
    assert stat.S_ISSOCK(os.stat("socket").st_mode)


# --- links ----------------------------------------------------------------------------------------------------------


def test_a_link_is_written_to_what_it_points_to(trace: str) -> None:
    Path("real").write_text("old")
    os.symlink("real", "one")
    os.symlink("one", "two")
    os.symlink("sub/new", "dangling")
    for name, target in (("two", "real"), ("dangling", "sub/new")):
        assert run("show", trace, "--out", name).exit_code == 0
        assert Path(name).is_symlink()
        assert Path(target).read_text().startswith("I1 is violated")


def test_a_circle_of_links_is_refused(trace: str) -> None:
    os.symlink("b", "a")
    os.symlink("a", "b")
    result = run("show", trace, "--out", "a")
    assert result.exit_code == 153
    assert "Its links lead in a circle" in result.stderr


def test_a_link_in_the_folder_of_counterexamples_is_replaced_not_followed(trace: str) -> None:
    Path("precious").write_text("mine")
    Path(trace).unlink()
    os.symlink("../precious", trace)
    assert run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off").exit_code == 12
    assert Path("precious").read_text() == "mine"
    assert not Path(trace).is_symlink()


def test_a_pipe_in_the_folder_of_counterexamples_keeps_the_verdict(trace: str) -> None:
    Path(trace).unlink()
    os.mkfifo(trace)
    result = run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off")
    assert result.exit_code == 12
    assert "it is a named pipe, not a file" in " ".join(result.stdout.split())
    assert stat.S_ISFIFO(os.stat(trace).st_mode)


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


# --- reading --------------------------------------------------------------------------------------------------------


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
