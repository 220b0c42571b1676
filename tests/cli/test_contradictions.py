"""Options that contradict each other, or say nothing, are refused with exit code 1."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from cli_kit import run

from snapproof.cli.contradictions import RULES, Command, Excludes
from snapproof.cli.main import COMMANDS, cli

VALUES = {"memory": "1G", "states": "5", "seconds": "5", "reading": "plain", "jobs": "2", "kept": "somewhere", "covers": "x",
          "trace_file": "out.json", "goals": "I3a", "traces": "one.json", "proofs": "both", "name": "x", "spec_file": "x.py",
          "given": "I3a", "trace_dir": "out", "only": "x", "profile": "safe", "settings": "a=b",
          "number": "1", "form": "md", "out": "out.txt"}

HARMLESS = {
    "check": {"scenarios", "settings", "profile", "trace_dir", "every_box", "allow_unexecuted", "junit", "spec_file", "memory", "states",
              "seconds", "reading", "jobs", "as_json"},
    "faults": {"ids", "trace_dir", "memory", "states", "seconds", "reading", "jobs", "as_json"},
    "scenarios": {"names", "as_json", "update"},
    "switches": {"names", "spec_file", "as_json"},
    "show": {"trace"},
    "replay": {"traces", "spec_file", "as_json", "seconds"},
    "conform": {"walks", "free", "all_faults"},
    "query": {"expression", "name", "spec_file", "settings", "given", "memory", "seconds", "as_json"},
    "prove": {"settings", "profile", "only", "seconds", "memory", "as_json"},
}
"""Parameters that go with every other one of their command (`--spec` of check says by itself what it goes with)."""


def parameters(name: str) -> dict[str, click.Parameter]:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    return {str(p.name): p for p in command.params}


def words(name: str, parameter: str) -> list[str]:
    p = parameters(name)[parameter]
    if isinstance(p, click.Argument):
        return [VALUES[parameter]]
    return [p.opts[0]] if getattr(p, "is_flag", False) else [p.opts[0], VALUES[parameter]]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.command} {r.one}")
def test_what_contradicts_itself_is_refused(rule: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if isinstance(rule, Excludes):
        argument = ["I3a"] if rule.command == "prove" and "goals" not in (rule.one, rule.other) else []
        argument = ["one.json"] if rule.command == "show" else argument
        result = run(rule.command, *argument, *words(rule.command, rule.one), *words(rule.command, rule.other))
        assert "contradict each other" in result.stderr
    else:
        argument = ["1 == 1"] if rule.command == "query" else []
        result = run(rule.command, *argument, *words(rule.command, rule.one))
        assert " needs " in result.stderr
    assert result.exit_code == 1, result.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", HARMLESS)
def test_every_parameter_is_in_a_rule_or_known_to_go_with_every_other_one(name: str) -> None:
    ruled = {p for r in RULES if r.command == name for p in ((r.one, r.other) if isinstance(r, Excludes) else (r.one, *r.others))}
    assert set(parameters(name)) - {"help"} == HARMLESS[name] | ruled


def test_every_command_asks_the_rules() -> None:
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert isinstance(command, Command | click.Group), name


def test_one_name_cannot_be_set_to_two_values() -> None:
    result = run("check", "save_old_data", "--set", "Track=1", "--set", "Track=2")
    assert result.exit_code == 1
    assert "--set gives Track two values: 1 and 2." in result.stderr


def test_nothing_to_compare_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for given in (["--no-cover"], ["--kept", "empty"], ["--kept", "empty", "--no-cover"], ["--kept", "gone"]):
        result = run("conform", *given)
        assert result.exit_code == 1, given
        assert "there is nothing to do" in result.stderr
