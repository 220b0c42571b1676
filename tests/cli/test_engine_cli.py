"""`snapproof engine`: what a person sees, the exit codes, and that refusals change nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cli_kit import run
from hostile import options

from snapproof.cli import engine as cli_engine


@pytest.fixture
def arr(tmp_path: Path) -> str:
    place = str(tmp_path / "array")
    assert run("engine", "create", place, "--standard", "2", "--virtual", "3", "--tracks", "20").exit_code == 0
    return place


def engine(*words: str) -> str:
    result = run("engine", *words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_snapshot_of_two_devices_is_shown_with_its_pointers(arr: str) -> None:
    engine("write", arr, "S1", "0", "--text", "old old")
    assert engine("snapshot", arr, "S1", "V1", "S2", "V2") == "V1 shows S1, V2 shows S2 as of now.\n"
    engine("write", arr, "S1", "0", "--text", "new data")
    assert "|" not in engine("read", arr, "V1", "0")
    assert "6f6c64206f6c6400 0000000000000000  old old" in engine("read", arr, "V1", "0")
    assert "new data" in engine("read", arr, "S1", "0")
    shown = [" ".join(line.split()) for line in engine("show", arr).splitlines()]
    assert "V1 active yes S1 0" in shown
    assert "0 new.data… in 1 of 40 blocks - → log 0" in shown
    assert "1-19 zeros V1 → standard" in shown
    assert "0 assigned S1 track 0 V1 old.old.… in 1 of 40 blocks" in shown
    assert "1-29 free" in shown
    assert "tracks of" not in engine("show", arr, "--tables-only")


def test_removal_makes_everything_free_again(arr: str) -> None:
    engine("snapshot", arr, "S1", "V1")
    engine("write", arr, "S1", "0", "--text", "x")
    assert engine("remove", arr, "V1") == "V1 is unused again.\n"
    assert "sessions: none" in engine("show", arr)
    assert run("engine", "remove", arr, "V1").exit_code == 20


def test_a_refused_snapshot_leaves_nothing_behind(arr: str) -> None:
    engine("snapshot", arr, "S1", "V1")
    before = engine("show", arr).splitlines()[1:]
    result = run("engine", "snapshot", arr, "S1", "V2", "S2", "V1")
    assert result.exit_code == 20
    assert "V1 is in use" in result.stderr
    assert engine("show", arr).splitlines()[1:] == before


def test_bytes_of_a_file_come_back_raw(arr: str, tmp_path: Path) -> None:
    source = tmp_path / "bytes"
    source.write_bytes(bytes(range(256)) * 100)
    engine("write", arr, "S2", "3", "--block", "39", "--file", str(source))
    assert run("engine", "read", arr, "S2", "3", "--block", "39", "--count", "50", "--raw").stdout_bytes == source.read_bytes()


@pytest.mark.parametrize("words, code, said", [
    (("read", "ARR", "V1", "0"), 20, "not ready"),
    (("read", "ARR", "X1", "0"), 1, "not the name of a device"),
    (("read", "ARR", "S1", "99"), 1, "tracks 0 to 19"),
    (("write", "ARR", "S1", "0"), 1, "either --text or --file"),
    (("snapshot", "ARR", "S1"), 1, "virtual device for each"),
    (("create", "ARR"), 154, "not empty"),
    (("create", "NEW", "--tracks", "0"), 1, "0 is not possible"),
    (("read", "ARR", "S1", "0", "--set", "lock_382=none"), 151, "Did you mean"),
    (("read", "ARR", "S1", "0", "--set", "lock_322"), 1, "SWITCH=VALUE"),
    (("read", "NEW", "S1", "0"), 153, "No such file"),
])
def test_what_is_refused(arr: str, tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    names = {"ARR": arr, "NEW": str(tmp_path / "new")}
    result = run("engine", *(names.get(w, w) for w in words))
    assert result.exit_code == code, result.output
    assert said in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_damaged_array_is_diagnosed_and_not_written(arr: str) -> None:
    tables = Path(arr) / "tables"
    data = bytearray(tables.read_bytes())
    data[100] ^= 1
    tables.write_bytes(bytes(data))
    before = {p.name: p.read_bytes() for p in Path(arr).iterdir()}
    for words in (("show", arr), ("read", arr, "S1", "0"), ("write", arr, "S1", "0", "--text", "x")):
        result = run("engine", *words)
        assert result.exit_code == 154
        assert "checksum is wrong" in result.stderr
    assert {p.name: p.read_bytes() for p in Path(arr).iterdir()} == before


def test_a_wrong_build_leaves_damage_that_show_names(arr: str) -> None:
    engine("snapshot", arr, "S1", "V1")
    engine("write", arr, "V1", "2", "--text", "x", "--set", "label_344=no_back_pointer")
    shown = run("engine", "show", arr)
    assert shown.exit_code == 154
    assert "damage: V1 track 2 points to log track 0, which is free or not created, or has no back pointer" in shown.stdout
    refused = run("engine", "read", arr, "V1", "2")
    assert refused.exit_code == 154
    assert "contradict" in refused.stderr


def test_a_hang_ends_with_stacks_within_the_time_limit(arr: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine("snapshot", arr, "S1", "V1")
    monkeypatch.setattr(cli_engine, "LIMIT", 0.3)
    monkeypatch.setattr(cli_engine, "DISKS", 0)  # nobody saves the old data
    result = run("engine", "write", arr, "S1", "0", "--text", "x")
    assert result.exit_code == 21
    assert "HA1 at 332 wait_for_status" in result.stderr
    assert "perform" in result.stderr


def test_a_source_that_is_no_file_is_refused_at_once(arr: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for source, said in ((tmp_path / "pipe", "a named pipe"), ("/dev/zero", "a device"), (tmp_path, "directory"),
                         (tmp_path / "none", "No such")):
        result = run("engine", "write", arr, "S1", "0", "--file", str(source))
        assert result.exit_code == 1 and said in result.stderr, result.output


def test_a_source_larger_than_any_device_is_refused(arr: str, tmp_path: Path) -> None:
    with open(tmp_path / "large", "wb") as file:
        file.truncate(10 << 30)
    result = run("engine", "write", arr, "S1", "0", "--file", str(tmp_path / "large"))
    assert result.exit_code == 1 and "the limit is" in result.stderr, result.output


@pytest.mark.slow
def test_what_is_handed_over_as_a_descriptor_is_read(arr: str) -> None:
    words = [sys.executable, "-m", "snapproof.cli", "engine", "write", arr, "S1", "0", "--file", "-"]
    done = subprocess.run(words, input=b"handed over", capture_output=True, timeout=60, check=True)  # noqa: S603
    assert b"1 blocks written" in done.stdout
    assert run("engine", "read", arr, "S1", "0", "--raw").stdout_bytes.startswith(b"handed over\0")


def test_no_file_is_opened_by_the_parser_of_the_command_line() -> None:
    """It would wait for ever at a named pipe."""
    assert not [p for _, _, p in options() if isinstance(p.type, (click.File, click.Path))]
