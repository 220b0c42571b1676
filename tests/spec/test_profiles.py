"""A specification names its profiles, the usual one first; each switch has its value there by the profile's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from random_specifications import load

from snapproof.spec import DeclarationError, ScenarioError, Specification
from snapproof.spec.scenario import Scenario, load_scenario
from snapproof.traces.trace_file import load_trace

TEXT = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class Mode(IntEnum):
    OFF = 0
    ON = 1

class S(State):
    x: int = variable(Range(0, 3), "a number")

class C(Scope):
    profiles = ("as-built", "as-printed")
    locked = switch(Mode, as_built=Mode.ON, as_printed=Mode.OFF, figure="", meaning="it is locked")
    loud = switch(Mode, default=Mode.OFF, as_printed=Mode.ON, figure="", meaning="it is loud")

@action
def go(s: S, c: C) -> Signal:
    """Goes on."""
    if c.locked == Mode.ON and s.x == 2:
        return WAIT
    s.x = (s.x + 1) % 4
    return DONE

@invariant("low", "too high")
def low(s: S, c: C) -> bool:
    """It stays low."""
    return s.x < 3

SPECIFICATION = Specification.of_module("gate", S, C, __name__, deadlock=False)
'''
NONE = TEXT.replace('    profiles = ("as-built", "as-printed")\n', "").replace(
    "as_built=Mode.ON, as_printed=Mode.OFF", "default=Mode.ON").replace(", as_printed=Mode.ON", "")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gate.py").write_text(TEXT)
    Path("none.py").write_text(NONE)


def values(of: Specification, *name: str) -> dict[str, str]:
    return {n: v.name.lower() for n, v in of.scope.profile(*name).items()}


def test_the_first_profile_is_the_usual_one(tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    assert values(spec) == values(spec, "as-built") == {"locked": "on", "loud": "off"}
    assert values(spec, "as-printed") == {"locked": "off", "loud": "on"}
    assert Scenario("s", spec).profile == "as-built"
    with pytest.raises(ScenarioError, match="there is no profile 'safe'. The specification has as-built, as-printed"):
        spec.scope.profile("safe")


def test_a_specification_without_profiles_has_usual_values_and_none_to_ask_for(tmp_path: Path) -> None:
    spec = load(NONE, tmp_path).SPECIFICATION
    assert (values(spec), Scenario("s", spec).profile) == ({"locked": "on", "loud": "off"}, "")
    with pytest.raises(ScenarioError, match="names none: leave it out"):
        spec.scope.profile("as-built")


def test_a_scope_inherits_profiles_and_adds_switches(tmp_path: Path) -> None:
    more = TEXT.replace("@action\n", "class D(C):\n    quick = switch(Mode, as_built=Mode.OFF, default=Mode.ON, figure='', meaning='q')\n\n"
                                     "@action\n")
    scope = load(more, tmp_path).D
    assert {n: v.name for n, v in scope.profile("as-printed").items()} == {"locked": "OFF", "loud": "ON", "quick": "ON"}


@pytest.mark.parametrize(("old", "new", "says"), [
    (", as_printed=Mode.OFF", "", "no value in the profile as-printed.*default="),
    ("as_built=Mode.ON", "as_bilt=Mode.ON", "in the profile as-bilt, which its scope does not name.*mean 'as-built'"),
    ('    profiles = ("as-built", "as-printed")\n', "", r"does not name.*profiles = \('as-built', 'as-printed'\)"),
    ("as_built=Mode.ON", "as_built=1", "its as-built value 1 is not a Mode"),
    ('("as-built", "as-printed")', '("as-built", "as-built")', "two profiles are called as-built"),
    ('("as-built", "as-printed")', '("as-built", "figure")', "cannot be called 'figure'"),
    ('("as-built", "as-printed")', '("as-built", "As printed")', "cannot be called 'As printed'"),
    ('("as-built", "as-printed")', '"as-built"', "not a tuple of names"),
    ("as_built=Mode.ON, as_printed=Mode.OFF, ", "", "no value in the profile as-built and as-printed"),
])
def test_what_does_not_fit_is_refused_with_what_to_write(old: str, new: str, says: str, tmp_path: Path) -> None:
    assert old in TEXT
    with pytest.raises(DeclarationError, match=says):
        load(TEXT.replace(old, new), tmp_path)


def test_a_switch_without_any_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="it has no value. Write default="):
        load(NONE.replace("default=Mode.ON, ", ""), tmp_path)


def test_the_command_line_takes_the_profiles_of_the_specification() -> None:
    asked: list[Any] = ["check", "gate.py", "--reading", "plain"]
    assert run(*asked).exit_code == run(*asked, "--profile", "as-built").exit_code == 0
    assert run(*asked, "--profile", "as-printed", "--trace-dir", "out").exit_code == 12
    trace = load_trace(next(Path("out").glob("*.json")))
    assert (trace.profile, trace.departures) == ("as-printed", {})
    refused = run(*asked, "--profile", "safe")
    assert (refused.exit_code, "'safe' is not one of 'as-built', 'as-printed'" in refused.output) == (1, True)


def test_without_profiles_the_command_line_has_none_to_take_and_traces_tell_departures_from_usual_values() -> None:
    refused = run("check", "none.py", "--reading", "plain", "--profile", "safe")
    assert (refused.exit_code, "'safe' is no profile: gate has none" in refused.output) == (1, True)
    assert run("check", "none.py", "--reading", "plain", "--set", "locked=off", "--trace-dir", "out").exit_code == 12
    path = next(Path("out").glob("*.json"))
    assert (load_trace(path).profile, load_trace(path).departures) == ("", {"locked": "on"})
    assert "locked = off (usually: on)" in run("show", str(path)).output
    assert "(usually: `on`)" in run("show", str(path), "--as", "md").output
    assert run("replay", "--spec", "none.py", str(path)).exit_code in (0, 12)
    renamed = NONE.replace("    loud = ", "    quick = switch(Mode, default=Mode.ON, figure='', meaning='q')\n    loud = ")
    Path("none.py").write_text(renamed)
    assert "the switch quick is new; it has its usual value, on." in " ".join(run("replay", "--spec", "none.py", str(path)).output.split())


def test_switches_are_listed_with_the_profiles_of_the_specification() -> None:
    assert "profiles: as-built on, as-printed off" in run("switches", "--spec", "gate.py").output
    assert "usually: on" in run("switches", "--spec", "none.py", "locked").output
    listed = json.loads(run("switches", "--spec", "none.py", "locked", "--json").output)["switches"]
    assert (listed[0]["profiles"], listed[0]["default"]) == ({}, "on")


@pytest.mark.parametrize(("text", "spec", "says"), [
    ("profile = 'as-bulit'", TEXT, "The specification has as-built, as-printed"), ("profile = ''", TEXT, "there is no profile ''"),
    ("profile = 'safe'", NONE, "names none"), ("profile = 7", TEXT, "is not a str")])
def test_a_scenario_names_a_profile_that_there_is(text: str, spec: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text)
    with pytest.raises(ScenarioError, match=says):
        load_scenario(tmp_path / "s.toml", load(spec, tmp_path).SPECIFICATION)
