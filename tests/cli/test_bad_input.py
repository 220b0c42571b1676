"""What a person reads who has made several mistakes: a line for each, all at once."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
import small_storage
from cli_kit import run


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small_storage.write(tmp_path)


def spoil(text: str = "") -> None:
    worse = small_storage.SCENARIO.replace("safe", "brave").replace('"write T1 v1"', '"write T2 v1", "wrote T1"')
    Path("two.toml").write_text(text or worse)


def test_each_mistake_has_a_line_of_its_own_on_standard_error() -> None:
    spoil()
    result = run("check", "--spec", "storage.py", "two.toml")
    assert result.exit_code == 151 and result.stdout == ""
    assert [line.split(". ")[0] for line in result.stderr.splitlines()] == [
        "snapproof: two.toml: 3 mistakes.",
        "snapproof: two.toml, profile: there is no profile 'brave'",
        "snapproof: two.toml, [[host]] 1, 'write T2 v1': 'T2' is not a value of track",
        "snapproof: two.toml, [[host]] 1, 'wrote T1': there is no command 'wrote'"]


def test_what_is_set_on_the_command_line_is_told_with_what_stands_in_the_file() -> None:
    spoil(small_storage.SCENARIO.replace("purpose", "porpose").replace("v1", "v9"))
    result = run("check", "--spec", "storage.py", "two.toml", "--set", "locking=maybe", "--set", "Tarck=2", "--set", "Track=many")
    said = result.stderr
    assert result.exit_code == 151 and "two.toml: 5 mistakes." in said
    for part in ("porpose: there is no such key", "switch locking: 'maybe' is not a value", "--set Tarck: there is no such switch",
                 "--set Track: 'many' is not a size", "'v9' is not a value of value"):
        assert said.count(part) == 1, part


def test_one_mistake_is_one_paragraph_as_ever() -> None:
    spoil("porpose = 'x'\n")
    assert run("check", "--spec", "storage.py", "two.toml").stderr == \
        "snapproof: two.toml, porpose: there is no such key. Did you mean 'purpose' or 'profile'?\n"


def test_mistakes_are_data_in_json() -> None:
    spoil()
    error = json.loads(run("check", "--spec", "storage.py", "two.toml", "--json").stdout)["error"]
    assert (error["place"], error["cause"], len(error["mistakes"])) == ("two.toml", "3 mistakes.", 3)
    assert all(m["place"] and m["cause"] and m["fix"] for m in error["mistakes"])


def test_a_scenario_that_is_read_and_cannot_be_explored_tells_all_in_its_row() -> None:
    spoil(small_storage.SCENARIO.replace("T1", "T7").replace('"W1"', '"W9"'))
    result = run("check", "--spec", "storage.py", "two.toml", "--junit", "out.xml")
    said = " ".join(result.stdout.split())
    assert result.exit_code == 151 and "FAIL two error 3 mistakes: - two.toml, [[host]] 1" in said and said.count(" - two.toml, ") == 3
    told = json.loads(run("check", "--spec", "storage.py", "two.toml", "--json").stdout)["scenarios"][0]
    assert told["verdict"] == "error" and [m["cause"].split(".")[0] for m in told["mistakes"]] == [
        "'T7' is not a value of track", "'T7' is not a value of track", "there is no property 'W9'"]
    assert all(m["cause"] in told["error"] for m in told["mistakes"])
    failed = ElementTree.parse("out.xml").getroot().iter("error")  # noqa: S314
    assert all("W9" in str(e.attrib["message"]) for e in failed)


@pytest.mark.parametrize("words", [["query", "1 == 1"], ["prove", "I1"]])
def test_other_commands_tell_them_all_too(words: list[str]) -> None:
    spoil()
    result = run(*words, "--spec", "storage.py", "--scenario", "two.toml")
    assert result.exit_code == 151 and len(result.stderr.splitlines()) == 4


def test_no_line_of_a_message_can_be_made_up_by_a_name() -> None:
    spoil('"a\\nsnapproof: all is well" = 1\n"b\\u001b[31m" = 1\n')
    result = run("check", "--spec", "storage.py", "two.toml")
    assert len(result.stderr.splitlines()) == 3 and "\x1b" not in result.stderr and "\nsnapproof: all" not in result.stderr
