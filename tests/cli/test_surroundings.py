"""Closed, full and foreign outputs; no home, no folder, no terminal: every command ends as documented."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest
import small_storage
from cli_kit import run

from snapproof.checker import cache

TRACE = "snapproof-traces/two+locking=off.I1.json"
HARD = {"PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONUTF8", "NO_COLOR", "COLUMNS"}

COMMANDS: dict[str, tuple[list[str], int]] = {
    "check": (["check", "--spec", "storage.py", "two.toml", "--reading", "plain"], 0),
    "scenarios": (["scenarios"], 0),
    "switches": (["switches"], 0),
    "show": (["show", TRACE], 0),
    "show page": (["show", TRACE, "--as", "html"], 0),
    "replay": (["replay", "--spec", "storage.py", TRACE], 0),
    "help": (["--help"], 0),
    "command help": (["check", "--help"], 0),
    "version": (["--version"], 0),
    "json": (["switches", "--json"], 0),
    "engine": (["engine", "create", "array"], 0),
    "refused": (["show", "none.json"], 154),
    "wrong": (["chekc"], 1),
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    small_storage.write(tmp_path)
    run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off", "--reading", "plain")
    return tmp_path


def shell(redirect: str, words: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program as a shell starts it, with what the shell does to its descriptors."""
    clean = {k: v for k, v in os.environ.items() if k not in HARD} | environment
    return subprocess.run(["/bin/sh", "-c", f'exec "$@" {redirect}', "sh", sys.executable, "-m", "snapproof.cli", *words],  # noqa: S603
                          capture_output=True, env=clean, timeout=120, check=False)


# --- outputs --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_behind_standard_output_ends_with_153(name: str, buffered: bool) -> None:
    words, usual = COMMANDS[name]
    done = shell(">/dev/full", words, **({} if buffered else {"PYTHONUNBUFFERED": "1"}))
    assert done.returncode == (usual or 153), done.stderr
    assert done.stderr.startswith(b"snapproof: ")
    assert done.stderr.count(b"\n") == 1
    assert b"Exception" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["check", "show", "engine", "refused"])
def test_a_closed_standard_output_ends_with_153_and_no_file_is_written_into(name: str, elsewhere: Path) -> None:
    words, usual = COMMANDS[name]
    done = shell(">&-", words)
    assert done.returncode == (usual or 153), done.stderr
    assert done.stderr.startswith(b"snapproof: ")
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["check", "show", "refused", "wrong"])
@pytest.mark.parametrize("redirect", ["2>&-", "2>/dev/full", "<&- 2>&-", "<&-"])
def test_a_closed_or_full_standard_error_changes_no_exit_code(name: str, redirect: str) -> None:
    words, usual = COMMANDS[name]
    done = shell(redirect, words)
    assert done.returncode == usual, done.stderr
    assert b"Traceback" not in done.stdout + done.stderr


@pytest.mark.slow
def test_counterexamples_are_whole_when_every_descriptor_is_closed(elsewhere: Path) -> None:
    shutil.rmtree("snapproof-traces")
    done = shell("<&- >&- 2>&-", ["check", "--spec", "storage.py", "two.toml", "--set", "locking=off", "--json", "--reading", "plain"])
    assert done.returncode == 153
    assert run("replay", "--spec", "storage.py", TRACE).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16", "ascii:strict"])
@pytest.mark.parametrize("name", ["show", "show page", "switches", "check", "refused"])
def test_an_output_of_another_encoding_is_written_with_escapes(name: str, encoding: str, elsewhere: Path) -> None:
    Path("two.toml").write_text(Path("two.toml").read_text().replace("Two hosts", "Zwei Wirte → 日本"))
    Path(TRACE).write_text(Path(TRACE).read_text().replace("Two hosts", "Zwei Wirte → 日本"))
    words, usual = COMMANDS[name]
    words = [*words[:-1], "ü.json"] if name == "refused" else words
    done = shell("", words, PYTHONIOENCODING=encoding)
    assert done.returncode == usual, done.stderr
    assert b"Traceback" not in done.stderr
    if name == "show page":
        assert "Zwei Wirte → 日本" in done.stdout.decode("utf-8"), "a page says that it is UTF-8"
    elif name == "show" and encoding == "latin-1":  # of ASCII, click supposes that it means "not set", and writes UTF-8
        assert b"Zwei Wirte \\u2192 \\u65e5\\u672c" in done.stdout


@pytest.mark.slow
def test_names_that_are_not_utf8_are_told_escaped(elsewhere: Path) -> None:
    odd = os.fsencode(elsewhere) + b"/w\xfcrfel.toml"
    with open(odd, "wb") as file:
        file.write(Path("two.toml").read_bytes())
    violated = ["check", "--spec", "storage.py", odd, "--set", "locking=off", "--reading", "plain"]
    for words, code in (([*violated, "--junit", odd + b".xml"], 12),
                        (["check", b"n\xff.toml"], 151), (["show", b"n\xff"], 154), (["check", b"\xff.py"], 151),
                        (["show", TRACE, "--out", odd + b".md"], 0), (["replay", b"\xff"], 154)):
        done = shell("", words)  # type: ignore[arg-type]
        assert done.returncode == code, done.stderr
        assert b"Traceback" not in done.stderr
    done = shell("", [*violated, "--json"])  # type: ignore[list-item]
    written = re.search(rb'"trace": "([^"]+)"', done.stdout)
    assert written is not None
    path = written[1].decode()
    for again in (["show", path], ["show", path, "--as", "html"], ["replay", "--spec", "storage.py", path]):
        assert shell("", again).returncode == 0


# --- surroundings ---------------------------------------------------------------------------------------------------


def compiled(**environment: str | None) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k != "SNAPPROOF_CACHE"} | {k: v for k, v in environment.items() if v is not None}
    for name, value in environment.items():
        if value is None:
            clean.pop(name, None)
    return subprocess.run([sys.executable, "-m", "snapproof.cli", "check", "--spec", "storage.py", "two.toml"], env=clean,  # noqa: S603
                          capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("surroundings", [
    {"HOME": None, "XDG_CACHE_HOME": None}, {"HOME": "", "XDG_CACHE_HOME": None}, {"HOME": "/nonexistent", "XDG_CACHE_HOME": None},
    {"XDG_CACHE_HOME": "not/absolute", "HOME": "home"}, {"XDG_CACHE_HOME": os.devnull}, {"XDG_CACHE_HOME": "/proc"},
    {"SNAPPROOF_CACHE": os.devnull}, {"TMPDIR": "/nonexistent"}, {"SNAPPROOF_CACHE": "x" * 300}, {"LANG": "C", "LC_ALL": "C"},
], ids=str)
def test_no_home_and_no_cache_cost_a_compilation_and_no_verdict(surroundings: dict[str, str | None], elsewhere: Path) -> None:
    home = "" if surroundings.get("HOME") is not None or "HOME" in surroundings else str(elsewhere)
    before = set(os.listdir(elsewhere))
    done = compiled(**({"HOME": home} if home else {}) | surroundings)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert set(os.listdir(elsewhere)) - before <= {".cache", "home", "__pycache__", "not"} - {"not"}, "no folder called ~ or not"


def _no_home() -> str:
    raise RuntimeError("could not determine the home directory")


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "SNAPPROOF_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as for a number that no account has
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: _no_home())
    assert cache.default_directory() == cache.NOWHERE
    kept = cache.Cache()
    kept.store("k", b"x")
    assert kept.load("k") is None
    assert "the next run compiles again" in kept.notes[0]


@pytest.mark.slow
def test_a_folder_that_is_gone_is_told_or_not_needed(elsewhere: Path) -> None:
    for words, codes in ((["check", "--spec", str(elsewhere / "storage.py"), str(elsewhere / "two.toml"), "--reading", "plain"], {0}),
                         (["show", str(elsewhere / TRACE)], {0}), (["show", str(elsewhere / TRACE), "--out", "x"], {153}),
                         (["check", "storage.py"], {151}), (["conform", "--no-cover"], {1}), (["scenarios"], {0})):
        gone = elsewhere / "gone"
        gone.mkdir()
        done = subprocess.run(["/bin/sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", sys.executable, "-m", "snapproof.cli", *words],  # noqa: S603
                              cwd=gone, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in codes, (words, done.stderr)
        assert "Traceback" not in done.stderr


# --- terminals ------------------------------------------------------------------------------------------------------


def on_terminal(words: list[str], columns: int = 80, **environment: str) -> str:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in HARD} | {"TERM": "xterm-256color"} | environment
    process: subprocess.Popen[Any] = subprocess.Popen([sys.executable, "-m", "snapproof.cli", *words], env=clean,  # noqa: S603
                                                      stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        written += part
    process.wait(60)
    os.close(ours)
    return written.decode()


LIVELY = ["check", "show", "switches", "replay", "scenarios", "command help"]


@pytest.mark.slow
@pytest.mark.parametrize("plainly", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
@pytest.mark.parametrize("name", LIVELY)
def test_plain_text_is_plain_also_on_a_terminal(name: str, plainly: dict[str, str]) -> None:
    assert "\x1b" not in on_terminal(COMMANDS[name][0], **plainly)


@pytest.mark.slow
def test_a_terminal_that_can_gets_colours() -> None:
    assert "\x1b[" in on_terminal(COMMANDS["show"][0])


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("name", ["show", "switches", "replay", "command help", "help", "scenarios"])
def test_nothing_is_wider_than_the_terminal(name: str, columns: int) -> None:
    rows = on_terminal(COMMANDS[name][0], columns, NO_COLOR="1").replace("\r", "").split("\n")
    breakable = [row for row in rows if len(row) > columns and " " in row.strip()]
    assert breakable == []


# --- where errors stand ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("words", [
    ["check", "none.toml"], ["show", "none.json"], ["replay", "none.json"], ["replay", "two.toml"], ["conform", "none.json"],
    ["conform", "--cover", "none"], ["faults", "none"], ["scenarios", "none"], ["switches", "none"], ["query", "no such"],
    ["prove", "I0"], ["engine", "show", "none"], ["engine", "read", "none", "S1", "0"]], ids=lambda w: " ".join(w))
def test_errors_are_one_paragraph_on_standard_error(words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code not in (0, 255)
    assert result.stderr.startswith("snapproof: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == "" or result.stdout.startswith(("FAIL ", "     "))
