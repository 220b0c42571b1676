"""A property that cannot be evaluated is 76 in every reading and wherever it is evaluated; a step is 75."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_kit import run
from error_kit import TEXT, USUAL


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["plain", "compiled"])
@pytest.mark.parametrize(("place", "text", "code"), [
    ("STEP", "s.t[s.n] = 1", 75), ("INV", "s.t[s.n] >= 0", 76), ("TRA", "s.t[s.n] >= 0", 76), ("WIT", "s.t[s.n] > 8", 76)])
def test_the_exit_code_says_whether_a_property_or_a_step_could_not_be_evaluated(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, text: str, code: int, reading: str) -> None:
    monkeypatch.chdir(tmp_path)
    source = TEXT
    for name, usual in USUAL.items():
        source = source.replace(name, text if name == place else usual)
    (tmp_path / "errors.py").write_text(source)
    told = run("check", "errors.py", "--reading", reading)
    assert told.exit_code == code, told.output


@pytest.mark.slow
@pytest.mark.parametrize("place", ["INV", "TRA", "WIT"])
def test_a_property_that_computes_beyond_62_bits_is_76_in_the_compiled_reading(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    source = TEXT
    for name, usual in USUAL.items():
        source = source.replace(name, f"s.n * {1 << 60} {'<' if place == 'WIT' else '>='} 0" if name == place else usual)
    (tmp_path / "errors.py").write_text(source)
    told = run("check", "errors.py", "--reading", "compiled")
    assert told.exit_code == 76 and "62 bits" in told.output, told.output


BEYOND = "\ndef far(s: S) -> int:\n    \"\"\"Too large.\"\"\"\n    return s.n * (1 << 60)\n"


@pytest.mark.slow
@pytest.mark.parametrize(("place", "code", "says"), [
    ("STEP", 75, "far"), ("INV", 76, "inv, errors.py"), ("TRA", 76, "tra, errors.py"), ("WIT", 76, "wit, errors.py")])
def test_a_helper_that_computes_beyond_62_bits_is_the_error_of_who_calls_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, code: int, says: str) -> None:
    monkeypatch.chdir(tmp_path)
    source = TEXT.replace("class P(Process", BEYOND.lstrip("\n") + "class P(Process")
    for name, usual in USUAL.items():
        call = {"STEP": "s.t[0] = min(far(s), 9)", "WIT": "far(s) < 0"}.get(name, "far(s) >= 0")
        source = source.replace(name, call if name == place else usual)
    (tmp_path / "errors.py").write_text(source)
    told = run("check", "errors.py", "--reading", "compiled")
    words = " ".join(told.output.split())
    assert told.exit_code == code and "62 bits" in words and says in words and ":11 far" in words, told.output


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["plain", "compiled"])
def test_an_error_of_a_helper_that_steps_use_too_is_that_of_the_property(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reading: str) -> None:
    monkeypatch.chdir(tmp_path)
    source = TEXT.replace("class P(Process", BEYOND.lstrip("\n") + "class P(Process")
    guarded = "if s.n < 3:\n        s.t[0] = 1 if far(s) > 0 else 0"
    for name, usual in USUAL.items():
        source = source.replace(name, {"STEP": guarded, "TRA": "far(s) >= 0"}.get(name, usual))
    (tmp_path / "errors.py").write_text(source)
    told = run("check", "errors.py", "--reading", reading)
    assert told.exit_code == (0 if reading == "plain" else 76), told.output
