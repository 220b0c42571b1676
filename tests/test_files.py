"""Files that are written: whole or not at all, through what is no file, and never over it."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
from pathlib import Path

import pytest
import small_storage
from cli_kit import run, started
from file_kit import TRACE, ended, node

from snapproof import files


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


def test_every_option_that_writes_a_file_is_tested_here() -> None:
    from snapproof.cli.main import COMMANDS, cli

    found = set()
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        found |= {o for p in command.params for o in p.opts if p.metavar == "FILE" or p.name == "trace_file"}
    assert found == set(WRITERS)


# --- what is no file ------------------------------------------------------------------------------------------------


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("option", WRITERS)
def test_a_device_node_stays_one(trace: str, elsewhere: Path, option: str) -> None:
    path = node(elsewhere, "null", os.devnull)
    assert ended(started(*WRITERS[option]("null")))[0] == 0
    assert stat.S_ISCHR(path.stat().st_mode)


@pytest.mark.slow
def test_a_full_device_is_told(trace: str, elsewhere: Path) -> None:
    path = node(elsewhere, "full", "/dev/full")
    code, _, said = ended(started("show", trace, "--out", "full"))
    assert code == 153
    assert said.startswith("snapproof: full: it cannot be written (No space left on device)")
    assert stat.S_ISCHR(path.stat().st_mode)


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_another_descriptor_is_written_through(trace: str) -> None:
    with open("three", "w") as three:
        code, out, _ = ended(started("show", trace, "--as", "md", "--out", f"/dev/fd/{three.fileno()}", pass_fds=[three.fileno()]))
    assert code == 0
    assert Path("three").read_text().startswith("## ")
    assert "## " not in out


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_pipe_in_the_folder_of_counterexamples_keeps_the_verdict(trace: str) -> None:
    Path(trace).unlink()
    os.mkfifo(trace)
    result = run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off")
    assert result.exit_code == 12
    assert "it is a named pipe, not a file" in " ".join(result.stdout.split())
    assert stat.S_ISFIFO(os.stat(trace).st_mode)
