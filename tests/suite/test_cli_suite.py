"""The suite of a model: counts, coverage, faults, several processes; on a small storage device."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import small_storage
from cli_kit import run

from snapproof import storage
from snapproof.cli import memory
from snapproof.spec.specification import Specification
from snapproof.suite import jobs, sources
from snapproof.suite.suite import Suite

STRICT = small_storage.SCENARIO.replace('"safe"', '"text-strict"\nexpect = "I1"')
FAULTS = '''
[[fault]]
id = "F-1"
switch = "locking"
value = "off"
scenario = "two"
property = "I1"
meaning = "Writers do not lock."
'''


@pytest.fixture()
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small storage device as the installed model: scenarios two (holds) and without_lock (expects I1)."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "model"
    (folder / "scenarios").mkdir(parents=True)
    file, _ = small_storage.write(tmp_path)
    (folder / "scenarios" / "two.toml").write_text(small_storage.SCENARIO)
    (folder / "scenarios" / "without_lock.toml").write_text(STRICT)
    (folder / "faults.toml").write_text(FAULTS)
    spec: Specification = sources.specification_file(file)
    monkeypatch.setattr(storage, "SUITE", Suite(lambda: spec, lambda: folder))
    return folder


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


@pytest.mark.slow
def test_counts_that_are_not_recorded_fail_the_run(suite: Path) -> None:
    result = run("check")
    assert result.exit_code == 5
    assert "No counts recorded yet: snapproof scenarios --update two" in result.stdout


@pytest.mark.slow
def test_counts_are_recorded_by_a_command_and_then_hold(suite: Path) -> None:
    result = run("scenarios", "--update")
    assert result.exit_code == 0, result.output
    assert "recorded two: was not recorded; now 192 states, 300 transitions, depth 13" in result.stdout
    recorded = (suite / "scenarios" / "counts.json").read_text()
    assert '  "two": {"distinct": 192, "generated": 300, "depth": 13},\n' in recorded
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "2 of 2 scenarios as expected" in result.stdout
    assert "Every step of the model was executed." in result.stdout
    assert "No count has changed." in run("scenarios", "--update").stdout


@pytest.mark.slow
def test_a_changed_count_is_reported_and_fails(suite: Path) -> None:
    run("scenarios", "--update")
    file = suite / "scenarios" / "counts.json"
    file.write_text(file.read_text().replace('"distinct": 192', '"distinct": 191'))
    result = run("check", "two")
    assert result.exit_code == 5
    assert "Its counts have changed: distinct was 191, now 192." in result.stdout
    data = told("check")
    assert [s["counts_ok"] for s in data["scenarios"]] == [False, True]
    assert data["scenarios"][0]["recorded"] == {"distinct": 191, "generated": 300, "depth": 13}
    assert run("check", "two", "--set", "loud=on").exit_code == 0, "changed switches are not compared"
    assert run("check", str(suite / "scenarios" / "two.toml")).exit_code == 5, "the same scenario by its path"


@pytest.mark.slow
def test_counts_of_a_scenario_that_is_gone_are_forgotten(suite: Path) -> None:
    run("scenarios", "--update")
    (suite / "scenarios" / "without_lock.toml").unlink()
    assert "forgot without_lock" in run("scenarios", "--update", "two").stdout
    assert set(json.loads((suite / "scenarios" / "counts.json").read_text())) == {"two"}


@pytest.mark.slow
def test_counts_of_an_unexpected_verdict_are_not_recorded(suite: Path) -> None:
    (suite / "scenarios" / "two.toml").write_text(STRICT.replace('"I1"', '"holds"'))
    result = run("scenarios", "--update")
    assert result.exit_code == 12
    assert set(json.loads((suite / "scenarios" / "counts.json").read_text())) == {"without_lock"}


@pytest.mark.parametrize("text", ["{", "[]", '{"two": 1}', '{"two": {"distinct": "x", "generated": 1, "depth": 1}}', " " * 300_000])
def test_damaged_counts_are_refused(suite: Path, text: str) -> None:
    (suite / "scenarios" / "counts.json").write_text(text)
    result = run("check")
    assert result.exit_code == 151
    assert "counts.json: the recorded counts cannot be read" in result.stderr


@pytest.mark.slow
def test_counts_that_cannot_be_written_leave_the_old_ones(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("scenarios", "--update")
    file = suite / "scenarios" / "counts.json"
    old = file.read_text().replace("192", "191")
    file.write_text(old)

    def full(*arguments: Any) -> None:
        raise OSError(28, os.strerror(28))
    monkeypatch.setattr(os, "fsync", full)
    result = run("scenarios", "--update")
    assert result.exit_code == 153
    assert "counts.json: it cannot be written (No space left on device); nothing was changed." in result.stderr
    assert file.read_text() == old
    assert sorted(p.name for p in file.parent.iterdir()) == ["counts.json", "two.toml", "without_lock.toml"]


@pytest.mark.slow
def test_a_step_that_no_scenario_executes_fails_the_suite(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unused = '@step(Host, "8", "")\ndef unused(s: Device, c: Settings, h: Host) -> Next:\n    """Nobody comes here."""\n    return DONE\n'
    file, _ = small_storage.write(suite.parent, small_storage.edited(('@step(Host, "10"', f'{unused}\n\n@step(Host, "10"')))
    spec = sources.specification_file(file)
    monkeypatch.setattr(storage, "SUITE", replace(storage.SUITE, specification=lambda: spec))
    run("scenarios", "--update")
    result = run("check")
    assert result.exit_code == 6, result.output
    assert "Steps of the model that no scenario executed: 1\n" in result.stdout
    assert [place.split()[-1] for place in told("check")["not_executed"]] == ["unused"]
    assert run("check", "two", "without_lock").exit_code == 0, "a part of the suite need not execute everything"


def test_an_expected_violation_counts_as_expected(suite: Path) -> None:
    data = told("check", "without_lock")
    assert data["scenarios"][0]["as_expected"]
    assert data["scenarios"][0]["verdict"] == "violated"
    assert told("check", "without_lock", "--set", "loud=on")["exit_code"] == 12


@pytest.mark.slow
def test_the_output_does_not_depend_on_the_number_of_processes(suite: Path) -> None:
    for i in range(5):
        (suite / "scenarios" / f"more{i}.toml").write_text(small_storage.SCENARIO + f"# {i}\n")
    run("scenarios", "--update")

    def strip(data: Any) -> Any:
        return [{k: v for k, v in s.items() if k not in ("seconds", "compile_seconds")} for s in data["scenarios"]]
    assert strip(told("check", "--jobs", "1")) == strip(told("check", "--jobs", "3"))


@pytest.mark.slow
def test_a_process_that_dies_is_the_outcome_of_its_scenario(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = jobs.search

    def dies(instance: Any, *arguments: Any, **named: Any) -> Any:
        if instance.scope.locking == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(instance, *arguments, **named)
    monkeypatch.setattr(jobs, "search", dies)
    (suite / "scenarios" / "zlast.toml").write_text(small_storage.SCENARIO)
    data = told("check", "--jobs", "2")
    assert [s["verdict"] for s in data["scenarios"]] == ["holds", "error", "holds"]
    assert "signal SIGKILL, most often for want of memory" in data["scenarios"][1]["error"]
    assert data["exit_code"] == 153


@pytest.mark.slow
def test_one_refused_scenario_does_not_stop_the_others(suite: Path) -> None:
    (suite / "scenarios" / "again.toml").write_text(small_storage.SCENARIO + '\n[switches]\nlocking = "perhaps"\n')
    data = told("check")
    assert [s["verdict"] for s in data["scenarios"]] == ["error", "holds", "violated"]
    assert data["exit_code"] == 151


@pytest.mark.slow
def test_a_memory_limit_gives_a_partial_verdict(suite: Path) -> None:
    data = told("check", "two", "--memory", "1M", "--set", "Value=12", "--set", "Track=3", "--reading", "plain")
    assert data["exit_code"] == 3
    assert data["scenarios"][0]["reason"] == "memory limit reached"


def test_amounts_of_memory_are_read_as_people_write_them() -> None:
    amount = memory.Amount()
    assert amount.convert("4G", None, None) == 4 << 30
    assert amount.convert("512 MiB", None, None) == 512 << 20
    assert amount.convert("1.5g", None, None) == 3 << 29


# --- scenarios, switches, faults --------------------------------------------------------------------


def test_scenarios_are_listed_with_purpose_and_counts(suite: Path) -> None:
    run("scenarios", "--update", "two")
    text = run("scenarios").stdout
    assert "two  (safe; holds; 192 states, depth 13)\n     Two hosts write one track.\n" in text
    assert "without_lock  (text-strict; expects a violation of I1; no counts recorded)" in text
    assert told("scenarios")["scenarios"][0]["counts"] == {"distinct": 192, "generated": 300, "depth": 13}
    assert run("scenarios", "tow").exit_code == 151


def test_switches_are_listed_with_values_figure_and_meaning(suite: Path) -> None:
    text = run("switches", "locking").stdout
    assert text == ("locking  (Fig. 1)\n     writers lock the track\n     values: off, on\n"
                    "     profiles: safe on, text-strict off, text-charitable on\n")
    assert [s["name"] for s in told("switches")["switches"]] == ["locking", "loud"]


@pytest.mark.slow
def test_a_fault_is_caught_by_the_property_it_names(suite: Path) -> None:
    result = run("faults")
    assert result.exit_code == 0, result.output
    assert "ok   F-1       locking = off" in result.stdout
    assert "1 of 1 faults are caught by the property they name." in result.stdout
    row = told("faults", "F-1")["faults"][0]
    assert (row["caught_by"], row["steps"], row["ok"]) == ("I1", 7, True)


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "code", "says"), [
    ('"locking"\nvalue = "off"', '"loud"\nvalue = "on"', 7, "it survives: nothing is violated"),
    ('property = "I1"', 'property = "X1"', 7, "it is caught by I1, not by X1"),
    ('property = "I1"', 'property = "I7"', 151, "there is no property 'I7'"),
    ('"locking"', '"locks"', 151, "there is no switch 'locks'"),
    ('"off"', '"never"', 151, "'never' is not a value"),
    ('scenario = "two"', 'scenario = "three"', 151, "there is no such scenario"),
    ('scenario = "two"', 'scenario = "without_lock"', 151, "is not expected to hold"),
    ('meaning = "Writers do not lock."', "", 151, "its keys do not fit"),
])
def test_a_fault_that_is_not_as_it_says_fails(suite: Path, old: str, new: str, code: int, says: str) -> None:
    (suite / "faults.toml").write_text(FAULTS.replace(old, new))
    result = run("faults")
    assert result.exit_code == code, result.output
    assert says in " ".join(result.output.split())


@pytest.mark.slow
def test_a_fault_whose_scenario_does_not_hold_by_itself_fails(suite: Path) -> None:
    (suite / "scenarios" / "two.toml").write_text(small_storage.SCENARIO + "\n[switches]\nlocking = false\n")
    result = run("faults")
    assert result.exit_code == 12
    assert "its scenario two does not hold without it (violated: I1 stale decision)" in result.stdout


@pytest.mark.slow
def test_counterexamples_of_faults_can_be_kept(suite: Path) -> None:
    assert run("faults", "--trace-dir", "kept").exit_code == 0
    assert run("replay", "kept/F-1.I1.json").exit_code == 0
