"""Terminals, logs, pipes and Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import small_storage
from cli_kit import WHEELS, run, started

from snapproof.cli import progress
from snapproof.suite import pool


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture()
def small(elsewhere: Path) -> list[str]:
    small_storage.write(elsewhere)
    return ["--spec", "storage.py", "two.toml"]


def test_a_log_gets_plain_progress_lines(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "wheels.py").write_text(WHEELS)
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    monkeypatch.setattr(pool, "PERIOD", 0.0)
    result = run("check", "wheels.py", "--reading", "plain", "--states", "2000")
    assert result.exit_code == 3
    assert "wheels: " in result.stderr
    assert " states/s, " in result.stderr
    assert "\x1b" not in result.output


def screen(written: str) -> list[str]:
    """What a terminal shows after this: line feeds, returns, cursor up and erasing are carried out."""
    rows, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[?\d;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", written):
        if part == "\r":
            column = 0
        elif part == "\n":
            row += 1
            rows += [""] * (row + 1 - len(rows))
        elif part.startswith("\x1b["):
            if part == "\x1b[2K":
                rows[row] = ""
            elif part.endswith("A"):
                row = max(0, row - int(part[2:-1] or 1))
        else:
            rows[row] = rows[row][:column].ljust(column) + part + rows[row][column + len(part):]
            column += len(part)
    return rows


@pytest.mark.slow
def test_a_terminal_gets_a_live_line_that_leaves_the_output_whole(elsewhere: Path) -> None:
    (elsewhere / "wheels.py").write_text(WHEELS)
    (elsewhere / "more.py").write_text(WHEELS)
    ours, theirs = pty.openpty()
    process = started("check", "wheels.py", "more.py", "--reading", "plain", "--seconds", "1.2", "--jobs", "1",
                      stdout=theirs, stderr=theirs)
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
    process.wait(20)
    assert process.returncode == 3
    assert written.count(b"frontier") > 1, "the line is drawn again and again"
    left = [row.split() for row in screen(written.decode()) if row.strip()]
    assert [row[:2] for row in left] == [
        ["scenario", "verdict"], ["FAIL", "wheels"], ["It", "stopped"], ["FAIL", "more"], ["It", "stopped"],
        ["0", "of"], ["exit", "code"]]


@pytest.mark.slow
def test_a_reader_that_leaves_ends_the_program_quietly(small: list[str]) -> None:
    run("check", *small, "--set", "locking=off")
    process = started("show", "snapproof-traces/two+locking=off.I1.json", stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(20) in (0, 141)
    assert process.stderr is not None
    assert process.stderr.read() == ""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_output_is_an_error(small: list[str]) -> None:
    with open("/dev/full", "w") as full:
        process = started("check", *small, stdout=full)
        _, said = process.communicate()
    assert process.returncode == 153
    assert said.startswith("snapproof: output: the system refuses: No space left on device.")
    assert said.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_gives_a_partial_verdict(elsewhere: Path, jobs: str) -> None:
    (elsewhere / "wheels.py").write_text(WHEELS)
    (elsewhere / "more.py").write_text(WHEELS)
    process = started("check", "wheels.py", "more.py", "--reading", "plain", "--jobs", jobs)
    assert process.stdout is not None
    assert "verdict" in process.stdout.readline()
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "FAIL wheels                    incomplete" in out
    assert "It stopped before the end: interrupted. Nothing has been proved." in out
    assert "0 of 2 scenarios as expected" in out
    assert "Traceback" not in said
