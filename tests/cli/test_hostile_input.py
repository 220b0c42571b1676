"""Whatever is given, a command ends with a documented exit code, without a traceback, and soon."""

from __future__ import annotations

import faulthandler
import json
import os
import random
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import hostile
import pytest
import small_storage
from cli_kit import run

from snapproof import storage
from snapproof.spec.errors import SnapproofError

SECONDS = 60
"""A call that takes longer has hung: its stack is shown, and the run ends."""


@pytest.fixture()
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Any, Any]:
    monkeypatch.chdir(tmp_path)
    small_storage.write(tmp_path)
    run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off", "--reading", "plain")
    Path("snapproof-traces/two+locking=off.I1.json").rename("trace.json")
    for name in ("pipe.json", "pipe.toml"):
        os.mkfifo(name)
    Path("folder").mkdir()
    os.symlink("loop", "loop")
    trace, scenario = json.loads(Path("trace.json").read_text()), tomllib.loads(Path("two.toml").read_text())
    return tmp_path, trace, scenario | {"scope": {"Track": 1}, "switches": {"locking": "on"}, "expect": "holds"}


def tried(seeds: range, make: Any) -> None:
    wrong = []
    for seed in seeds:
        words = make(random.Random(seed))
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        try:
            told = hostile.verdict(words)
        finally:
            faulthandler.cancel_dump_traceback_later()
        if told:
            wrong.append(f"seed {seed}, {[w[:60] for w in words]}: {told}")
    assert not wrong, f"{len(wrong)} of {len(seeds)}:\n" + "\n".join(wrong[:40])


@pytest.mark.slow
def test_hostile_values_of_options(surroundings: tuple[Path, Any, Any]) -> None:
    tried(range(120), hostile.option_words)


@pytest.mark.slow
def test_damaged_traces_and_scenarios(surroundings: tuple[Path, Any, Any]) -> None:
    folder, trace, scenario = surroundings
    tried(range(200), lambda rng: hostile.file_words(rng, trace, scenario, folder))


@pytest.mark.audit
def test_many_hostile_values_of_options(surroundings: tuple[Path, Any, Any]) -> None:
    tried(range(1000, 4000), hostile.option_words)


@pytest.mark.audit
def test_many_damaged_traces_and_scenarios(surroundings: tuple[Path, Any, Any]) -> None:
    folder, trace, scenario = surroundings
    tried(range(1000, 6000), lambda rng: hostile.file_words(rng, trace, scenario, folder))


@pytest.mark.slow
def test_damaged_counts_and_faults_of_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "model"
    (home / "scenarios").mkdir(parents=True)
    counts, faults = storage.SUITE.counts(), tomllib.loads((storage.model_folder() / "faults.toml").read_text("utf-8"))
    monkeypatch.setattr(storage, "SUITE", replace(storage.SUITE, folder=lambda: home))
    some = {"fault": faults["fault"][:2]}
    for seed in range(400):
        rng = random.Random(seed)
        good = json.dumps(dict(list(counts.items())[:3]))
        raw = json.dumps(hostile.mutated(json.loads(good), rng)).encode() if seed % 2 else hostile.damaged(good, rng)
        (home / "scenarios" / "counts.json").write_bytes(raw)
        text = hostile.toml(some)
        raw = hostile.toml(hostile.mutated(some, rng)).encode("utf-8", "replace") if seed % 2 else hostile.damaged(text, rng)
        (home / "faults.toml").write_bytes(raw)
        for load in (storage.SUITE.counts, storage.SUITE.faults):
            try:
                load()  # type: ignore[operator]
            except SnapproofError as error:
                assert error.exit_code == 151


@pytest.mark.slow
@pytest.mark.parametrize(("text", "says"), [
    ("kind = [1]", "there is no such key"),
    ("[[host]]\nkind = [1]\nprogram = []", "[1] is not a str"), ("fault = 1", "no such key"),
    (".".join(["a"] * 100_000) + " = 1", "a key has more than 16 parts"),
    ("[" + " . ".join(["'a b'"] * 20_000) + "]", "more than 16 parts"),
    ("x = {" + ".".join(["a"] * 50_000) + " = 1}", "more than 16 parts"), ("purpose = " + "9" * 5000, "it is not TOML"),
    ("purpose = 0x" + "f" * 9000, "more than 64 bits"), ("[scope]\nHost = 'x'", "is not a size"),
    ("[scope]\nTrack = 0xffffffff", "is not a size"),
    ("[scope]\nTrack = true", "is not a size"), ("[scope]\nTrack = 1.5", "is not a size"), ("\0", "it is not TOML"),
    ("[switches]\nlocking = [1]", "is not a value of switch locking"), ("host = [1]", "it is not a table"),
])
def test_what_was_an_error_of_ours_is_one_of_the_file(surroundings: tuple[Path, Any, Any], text: str, says: str) -> None:
    Path("bad.toml").write_text(text)
    result = run("check", "--spec", "storage.py", "bad.toml")
    assert result.exit_code == 151, result.output
    assert says in result.output


def test_a_byte_order_mark_is_no_mistake(surroundings: tuple[Path, Any, Any]) -> None:
    for name in ("two.toml", "trace.json"):
        Path(name).write_bytes(b"\xef\xbb\xbf" + Path(name).read_bytes())
    assert run("check", "--spec", "storage.py", "two.toml", "--reading", "plain").exit_code == 0
    assert run("replay", "--spec", "storage.py", "trace.json").exit_code == 0


@pytest.mark.parametrize("words", [
    ["check", "save_old_data", "--set", "Track=²"], ["check", "save_old_data", "--set", "Track=" + "9" * 5000]])
def test_a_size_that_is_none_is_refused(words: list[str]) -> None:
    assert run(*words).exit_code == 151


@pytest.mark.parametrize("value", ["inf", "nan", "-1", "0", "1e999", "", "1" * 5000, "²", "1 2"])
def test_seconds_that_no_clock_can_count_are_refused(value: str) -> None:
    result = run("check", "save_old_data", "--seconds", value)
    assert (result.exit_code, "is not a number of seconds" in result.stderr) == (1, True)


@pytest.mark.parametrize("words", [["show", "x", "--out", ""], ["check", "--junit", ""], ["check", "--trace-dir", ""], ["show", ""]])
def test_an_empty_name_is_refused(words: list[str]) -> None:
    result = run(*words)
    assert (result.exit_code, "a name is missing" in result.stderr) == (1, True)
