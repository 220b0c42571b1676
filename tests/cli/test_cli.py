"""The commands on files: what they print, their exit codes, and what bad input gets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import small_storage
from cli_kit import run

from snapproof.cli import main

ROOT = Path(__file__).parents[2]
PETERSON = ROOT / "examples" / "peterson.py"

@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture()
def small(elsewhere: Path) -> list[str]:
    small_storage.write(elsewhere)
    return ["--spec", "storage.py", "two.toml"]


# --- what holds and what does not -------------------------------------------------------------------


def test_a_specification_file_is_checked_as_it_stands() -> None:
    result = run("check", str(PETERSON))
    assert result.exit_code == 0, result.output
    assert "ok   peterson" in result.stdout
    assert " 20 " in result.stdout


def test_a_violation_ends_with_12_and_a_counterexample_to_read(small: list[str]) -> None:
    result = run("check", *small, "--set", "locking=off")
    assert result.exit_code == 12
    assert "FAIL two+locking=off           violates I1" in result.stdout
    assert "     expected  H2 has read v1" in result.stdout
    assert "snapproof show snapproof-traces/two+locking=off.I1.json" in result.stdout
    told = run("show", "snapproof-traces/two+locking=off.I1.json")
    assert told.exit_code == 0
    assert told.stdout.endswith("Seen      it has read v0\n")
    again = run("replay", "--spec", "storage.py", "snapproof-traces/two+locking=off.I1.json")
    assert (again.exit_code, again.stdout) == (0, "ok   snapproof-traces/two+locking=off.I1.json: I1 still fails after 7 steps\n")


@pytest.mark.slow
@pytest.mark.parametrize(("changes", "scenario", "words", "code", "says"), [
    ([("    if h.seen == h.value:\n        return release\n", "")], {}, [], 13, "violates X1"),
    ([("        s.lock[h.track] = 0\n", "        s.lock[h.track] = h.number\n")], {}, [], 11, "deadlock"),
    ([("    s.dirty = with_bit(s.dirty, h.track)\n", "")], {}, [], 10, "this was never reached: W1"),
    ([("    return decide\n", "    return write_new\n"), ("t != h.track or", "True or")], {}, [], 10, "never reached: decide"),
    ([], {}, ["--states", "50", "--set", "Value=8"], 3, "state limit reached. Nothing has been proved"),
    ([], {}, ["--seconds", "0.000001", "--set", "Value=8"], 3, "time limit reached"),
    ([], {'profile = "safe"': 'profile = "safe"\nexpect = "I1"'}, [], 4, "Expected was a violation of I1, which was not found."),
    ([], {'profile = "safe"': 'profile = "safe"\nexpect = "deadlock"'}, ["--set", "locking=off"], 12, "violates I1"),
    ([], {'profile = "safe"': 'profile = "text-strict"\nexpect = "X1"'}, [], 12, "not found first"),
    ([], {'profile = "safe"': 'profile = "text-strict"\nexpect = "I1"'}, [], 0, "violates I1"),
    ([("    s.data[h.track] = h.value\n", "    s.data[h.track] = h.value + 5\n")], {}, [], 75, "is outside"),
    ([("or h.seen == s.data[h.track]", "or s.data[h.track + h.seen + 5] == 0")], {}, [], 76, "index"),
])
def test_exit_codes_follow_what_was_found(elsewhere: Path, changes: list[tuple[str, str]], scenario: dict[str, str],
                                          words: list[str], code: int, says: str) -> None:
    toml = small_storage.SCENARIO
    for old, new in scenario.items():
        toml = toml.replace(old, new)
    small_storage.write(elsewhere, small_storage.edited(*changes), toml)
    result = run("check", "--spec", "storage.py", "two.toml", *words)
    assert result.exit_code == code, result.output
    assert says in " ".join(result.stdout.split())


def test_every_box_gives_the_same_verdict_with_more_transitions(small: list[str]) -> None:
    joined = json.loads(run("check", *small, "--json").stdout)["scenarios"][0]
    single = json.loads(run("check", *small, "--json", "--every-box").stdout)["scenarios"][0]
    assert joined["verdict"] == single["verdict"] == "holds"
    assert single["distinct"] > joined["distinct"]


@pytest.mark.slow
def test_counterexamples_go_where_they_are_wanted(small: list[str], elsewhere: Path) -> None:
    assert run("check", *small, "--trace-dir", "a/b").exit_code == 0
    assert not (elsewhere / "a").exists()
    assert run("check", *small, "--trace-dir", "a/b", "--set", "locking=off").exit_code == 12
    assert [p.name for p in (elsewhere / "a" / "b").iterdir()] == ["two+locking=off.I1.json"]
    assert not (elsewhere / "snapproof-traces").exists()


def test_an_expected_counterexample_is_written_only_when_asked(elsewhere: Path) -> None:
    strict = small_storage.SCENARIO.replace('"safe"', '"text-strict"\nexpect = "I1"')
    small_storage.write(elsewhere, scenario=strict)
    assert run("check", "--spec", "storage.py", "two.toml").exit_code == 0
    assert not (elsewhere / "snapproof-traces").exists()
    result = run("check", "--spec", "storage.py", "two.toml", "--trace-dir", "kept")
    assert "as expected; the counterexample is in kept/two.I1.json" in result.stdout


# --- json -------------------------------------------------------------------------------------------


KEYS = {"name", "scenario", "purpose", "expect", "verdict", "line", "as_expected", "exit_code", "reading", "distinct", "generated",
        "depth", "seconds", "compile_seconds", "memory", "bytes_per_state", "state_bits", "reason", "property", "violation",
        "counterexample_length", "stuck", "unreached", "executed", "trace", "recorded", "counts_ok", "notes",
        "allowed", "constraints", "cut"}


@pytest.mark.slow
def test_json_is_one_object_with_the_documented_keys(small: list[str]) -> None:
    result = run("check", *small, "--json")
    data = json.loads(result.stdout)
    assert set(data) == {"format", "version", "ok", "exit_code", "seconds", "scenarios", "not_executed"}
    assert set(data["scenarios"][0]) == KEYS
    violated = json.loads(run("check", *small, "--json", "--set", "locking=off").stdout)["scenarios"][0]
    assert set(violated) == KEYS | {"expected", "seen", "arguments", "steps"}
    assert violated["arguments"] == {"h": "H2"}
    documented = (ROOT / "docs" / "exit-codes.md").read_text("utf-8")
    assert all(f"`{key}`" in documented for key in set(violated) | set(data))


def test_an_error_is_json_too_when_json_was_asked_for() -> None:
    result = run("check", "nothing.toml", "--json")
    assert result.exit_code == 151
    data = json.loads(result.stdout)
    assert (data["ok"], data["exit_code"]) == (False, 151)
    assert set(data["error"]) == {"place", "cause", "fix"}


# --- bad input --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("words", "code", "says"), [
    (["chekc"], 1, "there is no command 'chekc'. Did you mean 'check'?"),
    (["check", "--what"], 1, "No such option"),
    (["check", "--set", "locking"], 1, "is not name=value, for example --set Track=2"),
    (["check", "--memory", "lots"], 1, "write it like 512M or 4G"),
    (["check", "--memory", "1k"], 1, "at least 1M"),
    (["check", "--states", "0"], 1, "--states"),
    (["check", "--profile", "brave"], 1, "brave"),
    (["show"], 1, "Missing argument"),
    (["check", "none.py"], 151, "there is no such file"),
    (["check", "none.toml"], 151, "it cannot be read (No such file or directory)"),
    (["check", "--spec", "storage.py", "two"], 151, "it goes with scenario files only"),
    (["check", "--spec", "storage.py", "two.toml", "--set", "lokcing=off"], 151, "Did you mean 'locking'?"),
    (["check", "--spec", "storage.py", "two.toml", "--set", "locking=maybe"], 151, "Its values: off, on (Fig. 1)"),
    (["check", "--spec", "storage.py", "two.toml", "--set", "Track=many"], 151, "is not a size"),
    (["check", "--spec", "storage.py", "two.toml", "--set", "Track=1000"], 151, "from 1 to 64"),
    (["check", "--spec", "two.toml"], 150, "it is no Python file"),
    (["switches", "--spec", "storage.py", "louder"], 151, "Did you mean 'loud'?"),
    (["show", "none.json"], 154, "it cannot be read"),
    (["show", "two.toml"], 154, "it is not JSON"),
    (["replay", "--spec", "storage.py", "two.toml"], 154, "is refused"),
])
def test_bad_input_gets_one_paragraph_and_its_own_code(small: list[str], words: list[str], code: int, says: str) -> None:
    result = run(*words)
    assert result.exit_code == code, result.output
    assert says in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert result.stderr.count("\n") <= 1


@pytest.mark.slow
@pytest.mark.parametrize(("text", "says"), [
    ("purpose = ", "it is not TOML"),
    ("purpose = 1", "1 is not a str"),
    ("porpose = 'x'", "Did you mean 'purpose'"),
    ("profile = 'brave'", "there is no profile 'brave'"),
    ("expect = 'I9'", "'I9' is not a verdict"),
    ("[check]\nwitnesses = ['I1']", "I1 is no witness"),
    ("[check]\nexecute = ['nothing']", "there is no step 'nothing'"),
    ("[[host]]\nprogram = ['wrote T1 v1']", "Did you mean 'write'?"),
    ("[[host]]\nprogram = ['write T2 v1']", "'T2' is not a value of track"),
    ("#" * 300_000, "the limit is 262,144 bytes"),
    ("a = " + "[" * 5000, "nested too deeply"),
])
def test_a_bad_scenario_file_is_refused_with_its_key(elsewhere: Path, text: str, says: str) -> None:
    small_storage.write(elsewhere, scenario=text)
    result = run("check", "--spec", "storage.py", "two.toml")
    assert result.exit_code == 151, result.output
    assert says in " ".join(result.output.split())
    assert "two.toml" in result.output


@pytest.mark.parametrize(("text", "says"), [
    ("def f(:\n", "broken.py:1: it is not Python"),
    ("x = 1\n", "it declares no SPECIFICATION"),
    ("\nimport nothing_of_that_name\n", "broken.py:2: loading it fails (ModuleNotFoundError"),
    ("raise SystemExit(0)\n", "loading it fails (SystemExit"),
])
def test_a_bad_specification_file_is_refused_with_its_line(elsewhere: Path, text: str, says: str) -> None:
    (elsewhere / "broken.py").write_text(text)
    result = run("check", "broken.py")
    assert result.exit_code == 150, result.output
    assert says in result.stderr


def test_control_characters_in_a_message_are_escaped() -> None:
    result = run("check", "\x1b[31mred.toml")
    assert "\x1b" not in result.output
    assert "\\x1b[31mred.toml" in result.output


def test_an_unexpected_failure_is_a_paragraph_and_255(small: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any, **named: Any) -> Any:
        raise ZeroDivisionError("a mistake")
    monkeypatch.setattr("snapproof.suite.jobs.search", broken)
    result = run("check", *small)
    assert result.exit_code == 255
    assert "internal error: ZeroDivisionError: a mistake in test_cli.py:" in " ".join(result.stdout.split())
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("SNAPPROOF_DEBUG", "1")
    assert "Traceback" in run("check", *small).stderr


def test_an_unwritable_folder_keeps_the_verdict(small: list[str], elsewhere: Path) -> None:
    (elsewhere / "snapproof-traces").write_text("in the way")
    result = run("check", *small, "--set", "locking=off")
    assert result.exit_code == 12
    assert "The counterexample of 7 steps was not written: " in " ".join(result.stdout.split())
    assert "A part of the path is a file" in " ".join(result.stdout.split())


# --- help -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_help_starts_fast_because_nothing_heavy_is_imported() -> None:
    text = "import sys; sys.argv = ['snapproof', '--help']\ntry:\n from snapproof.cli.main import main; main()\n" \
           "except SystemExit: pass\nprint(sorted({'rich', 'llvmlite', 'snapproof.model', 'snapproof.checker'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"
    assert all(name in out for name in main.COMMANDS)


def test_every_command_explains_itself() -> None:
    for name in main.COMMANDS:
        result = run(name, "--help")
        assert result.exit_code == 0, result.output
        assert "Usage: snapproof" in result.stdout
