"""Everything that is wrong with a scenario is told at once, and nothing that only follows from something else."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hostile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_specifications import load

from snapproof import storage
from snapproof.model.specification import SPECIFICATION
from snapproof.spec import ScenarioError
from snapproof.spec.mistakes import MOST
from snapproof.spec.scenario import Scenario, load_scenario
from snapproof.suite.faults import load_faults

RIGHT: dict[str, Any] = {
    "purpose": "Two hosts write.", "profile": "safe", "expect": "holds",
    "scope": {"StandardDevice": 1, "VirtualDevice": 2, "Track": 2, "Block": 2, "Session": 2, "LogTrack": 2, "Value": 3, "PairList": 1,
              "DiskAdapter": 1},
    "switches": {"start": "established"},
    "host": [{"program": ["write S1 T1 B1 v1"]}, {"menu": ["read V1 T* B1"], "times": 2}, {"program": [["read V1 T2 B2", "remove V2"]]}],
    "check": {"witnesses": [], "execute": ["copy_track"]}}


def setting(*path: Any) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    """Sets what stands at the end of a path."""
    def to(value: Any) -> Callable[[dict[str, Any]], None]:
        def change(data: dict[str, Any]) -> None:
            inner: Any = data
            for part in path[:-1]:
                inner = inner[part]
            inner[path[-1]] = value
        return change
    return to


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an unknown key": (setting("porpose")("x"), "porpose: there is no such key. Did you mean 'purpose'"),
    "a number for a text": (setting("purpose")(1), "purpose: 1 is not a str. Write a string"),
    "a profile that is none": (setting("profile")("brave"), "profile: there is no profile 'brave'. The specification has safe"),
    "a verdict that is none": (setting("expect")("I99"), "expect: 'I99' is not a verdict"),
    "an unknown size": (setting("scope", "Trakc")(2), "Trakc: there is no such index set, process kind or constant. Did you mean 'Track'"),
    "an empty set": (setting("scope", "Session")(0), "Session: an index set cannot be empty. Give at least 1"),
    "a size in words": (setting("scope", "LogTrack")("many"), "LogTrack: 'many' is not a size. Give a number from 1 to 64"),
    "a size that is missing": (lambda d: d["scope"].pop("DiskAdapter"), r"the size of DiskAdapter is missing. Add DiskAdapter = 1"),
    "an unknown switch": (setting("switches", "copy_ordre")("x"), "copy_ordre: there is no such switch. Did you mean 'copy_order'"),
    "a value of no switch": (setting("switches", "step_316")("never"), "'never' is not a value of switch step_316. .* atomic, write_back"),
    "contradicting switches": (lambda d: d["switches"].update(path_513="taken", reentrant_487="no"),
                               "on path 513 Activate takes no device.*Leave out one of"),
    "a witness that is none": (setting("check", "witnesses")(["W99"]), r"\[check\]: there is no property 'W99'. Did you mean"),
    "an invariant as a witness": (setting("check", "witnesses")(["I1"]), "witnesses: I1 is no witness. Put it under properties"),
    "a box that is none": (setting("check", "execute")(["copy_trakc"]), "execute: there is no step 'copy_trakc'. .* 'copy_track'"),
    "a constraint that is none": (setting("check", "constraints")(["few"]), "there is no constraint 'few'. There are none"),
    "an unknown command": (setting("host", 0, "program")(["wrote S1 T9 B1 v1"]), r"\[\[host\]\] 1, 'wrote .*no command 'wrote'.*'write'"),
    "a menu too often": (setting("host", 1, "times")(99), r"\[\[host\]\] 2: times = 99 is not a number from 1 to 30"),
    "a track too many": (setting("host", 1, "menu")(["read V1 T3 B1"]), r"\[\[host\]\] 2, .*'T3' is not a value of track.* with Track = 3"),
    "an argument too few": (setting("host", 2, "program")(["remove"]), r"\[\[host\]\] 3, 'remove': remove takes 1 arguments, not 0"),
}
SAME_PLACE = [{"a witness that is none", "an invariant as a witness"}]


def told(data: dict[str, Any], proof: bool = False) -> list[str]:
    """The mistakes that reading a file and laying it out tells."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bad.toml"
        path.write_text(hostile.toml(data), "utf-8")
        try:
            load_scenario(path, SPECIFICATION, proof).resolved()
        except ScenarioError as error:
            return [str(e) for e in error.mistakes or (error,)]
    return []


def spoiled(*names: str) -> dict[str, Any]:
    data = copy.deepcopy(RIGHT)
    for name in names:
        MISTAKES[name][0](data)
    return data


def test_the_scenario_that_is_spoiled_is_right() -> None:
    assert told(RIGHT) == []


@pytest.mark.slow
@given(st.sets(st.sampled_from(sorted(MISTAKES)), min_size=1).filter(lambda names: not any(both <= names for both in SAME_PLACE)))
@settings(max_examples=150, deadline=None)
def test_so_many_independent_mistakes_are_told_each_with_its_place_and_fix(names: set[str]) -> None:
    found = told(spoiled(*sorted(names)))
    for name in names:
        assert sum(re.search(MISTAKES[name][1], line) is not None for line in found) == 1, (name, found)
    assert len(found) == len(names), found
    assert all("bad.toml" in line for line in found)


FOLLOWING = {
    "a track of an unknown number of tracks": ({"scope": {"Track": "x"}, "program": ["read S1 T9 B1"]}, ["'x' is not a size"]),
    "a device behind an unknown number of devices": ({"scope": {"StandardDevice": 0}, "program": ["read V9 T1 B1"]}, ["cannot be empty"]),
    "a block of a size that is mistyped": ({"scope": {"Blokc": 2}, "without": "Block", "program": ["read S1 T1 B9"]}, ["Blokc"]),
    "arguments of an unknown command": ({"program": ["raed S9 T9 B9 v9"]}, ["no command 'raed'"]),
    "arguments of which there are too many": ({"program": ["read S9 T9 B9 v9"]}, ["takes 3 arguments, not 4"]),
    "a rule about a switch without a value": ({"switches": {"path_513": "x", "reentrant_487": "no"}}, ["'x' is not a value"]),
    "a rule about a size that is none": ({"switches": {"list_scope": "global"}, "scope": {"PairList": 99}}, ["99 is not a size"]),
    "a derived size and its variables": ({"scope": {"VirtualDevice": -1}}, ["-1 is not a size"]),
}


@pytest.mark.parametrize("case", FOLLOWING)
def test_what_only_follows_from_another_mistake_is_not_told(case: str) -> None:
    change, wanted = FOLLOWING[case]
    data = copy.deepcopy(RIGHT)
    data["scope"].pop(change.get("without", ""), None)
    data["scope"].update(change.get("scope", {}))
    data["switches"].update(change.get("switches", {}))
    if "program" in change:
        data["host"] = [{"program": change["program"]}]
    found = told(data)
    assert len(found) == len(wanted) and all(w in f for w, f in zip(wanted, found, strict=True)), found


def test_every_wrong_argument_of_a_command_is_told() -> None:
    data = copy.deepcopy(RIGHT)
    data["host"] = [{"program": ["write S1 T9 B7|B8 v9"]}]
    assert [re.sub(r".*: ('\w+' is not a value of \w+).*", r"\1", f) for f in told(data)] == [
        "'T9' is not a value of track", "'B7' is not a value of block", "'B8' is not a value of block", "'v9' is not a value of value"]


def test_a_member_beyond_a_size_names_the_size_that_has_it() -> None:
    data = copy.deepcopy(RIGHT)
    data["host"] = [{"program": ["register S2 V3", "write V4 T1 B1 v3", "read S1 T99 B1"]}]
    found = told(data)
    for line, size in zip(found, ["StandardDevice = 2", "VirtualDevice = 3", "VirtualDevice = 4", "Value = 4", ""], strict=True):
        assert line.endswith(f"It is one with {size}." if size else "or * for each."), line


def test_mistakes_that_are_read_wait_for_those_of_what_is_changed() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bad.toml"
        path.write_text(hostile.toml(spoiled("an unknown key", "a track too many")), "utf-8")
        later = load_scenario(path, SPECIFICATION, later=True)
    for ask in (later.instance, later.refuse, later.resolved, later.changed({"Track": "x"}).refuse):
        with pytest.raises(ScenarioError, match="no such key"):
            ask()  # type: ignore[operator]
    with pytest.raises(ScenarioError) as refused:
        later.changed({"Track": "x", "strat": "mixed", "Block": "0"}).refuse()
    assert [e.place for e in refused.value.mistakes] == ["bad.toml, porpose", "--set Track", "--set strat", "bad.toml, [scope], Block"]
    # Track is unknown now, so nobody says that T3 is no track; with three tracks it is one.
    assert later.changed({"Track": "3"}).wrong == later.wrong


def test_switches_by_hand_are_refused_together() -> None:
    scenario = Scenario("s", SPECIFICATION, switches={"copy_order": "x", "step_316": "y", "strat": "mixed"})
    with pytest.raises(ScenarioError) as refused:
        scenario.switch_values()
    assert len(refused.value.mistakes) == 3


def test_after_a_hundred_mistakes_nobody_reads_on() -> None:
    found = told({f"key{i}": 1 for i in range(5000)})
    assert len(found) == MOST


def test_every_entry_of_the_faults_that_does_not_fit_is_told(tmp_path: Path) -> None:
    entry = 'id = "{}"\nswitch = "{}"\nvalue = "{}"\nscenario = "two"\nproperty = "{}"\nmeaning = "m"\n'
    entries = [("A", "copy_order", "pointer_first", "I1"), ("B", "copy_ordre", "x", "I99"), ("B", "copy_order", "x", "I1")]
    (tmp_path / "faults.toml").write_text("fualt = 1\n" + "".join("[[fault]]\n" + entry.format(*e) for e in entries))
    with pytest.raises(ScenarioError) as refused:
        load_faults(tmp_path, SPECIFICATION)
    for line, says in zip(refused.value.mistakes, ["fualt: there is no such key", "fault B: there is no switch 'copy_ordre'",
                                                   "fault B: there is no property 'I99'", "fault B: its id is used twice",
                                                   "fault B: 'x' is not a value of switch copy_order"], strict=True):
        assert says in str(line)


def test_every_mistake_of_a_proof_is_told() -> None:
    data = copy.deepcopy(RIGHT) | {"commands": ["wirte", "read"], "host": []}
    data["scope"]["Track"], data["switches"]["strat"] = 0, 1
    assert [f.split(":")[0] for f in told(data, proof=True)] == ["bad.toml, [scope], Track", "bad.toml, switch strat", "bad.toml, commands"]


TEXT = '''
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Tracks."""

class D(IndexSet, letter="D", size=lambda n: n["T"] * 2):
    """Twice as many."""

class B(IndexSet, letter="B", size=lambda n: 0):
    """None."""

class S(State):
    a: int = variable(Range(0, lambda n: 1 << 61 + n["T"]), "a large number")
    b: int = variable(Range(0, lambda n: n["none"]), "a number")
    d = table(D, B, of=Flag(), meaning="flags")

class C(Scope):
    """None."""

@action
def go(s: S, c: C) -> Signal:
    """Goes."""
    return WAIT

SPECIFICATION = Specification.of_module("m", S, C, __name__)
'''


def test_all_that_cannot_be_laid_out_is_told(tmp_path: Path) -> None:
    spec = load(TEXT.replace("n: 0", "n: 1"), tmp_path).SPECIFICATION
    with pytest.raises(ScenarioError) as refused:
        Scenario("s", spec, sizes={"T": 3}, witnesses=["W"]).resolved()
    assert ["62 bits" in str(e) or "cannot be computed" in str(e) or "no property" in str(e) for e in refused.value.mistakes] == [True] * 3


def test_a_size_that_is_derived_from_an_unknown_one_is_unknown(tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    with pytest.raises(ScenarioError) as refused:
        Scenario("s", spec, sizes={"T": "x"}).instance()  # type: ignore[dict-item]
    assert [e.place for e in refused.value.mistakes] == ["scenario, [scope], T", "scenario, [scope], B"]


PROFILED = """
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class Mode(IntEnum):
    OFF = 0
    ON = 1

class S(State):
    a: int = variable(Flag(), "a flag")

class C(Scope):
    profiles = ("on", "off")
    x = switch(Mode, on=Mode.ON, off=Mode.OFF, figure="", meaning="a switch")
    y = switch(Mode, default=Mode.OFF, figure="", meaning="another")
    contradictions = (Contradiction(lambda c: c.x == Mode.ON and c.y == Mode.ON, "both are on.", "Write y = off."),)

@action
def go(s: S, c: C) -> Signal:
    'Goes.'
    return WAIT

SPECIFICATION = Specification.of_module("m", S, C, __name__)
"""


@pytest.mark.parametrize(("text", "wanted"), [
    ("[switches]\ny = 'on'", ["both are on"]), ("profile = 'of'\n[switches]\ny = 'on'", ["no profile 'of'"]),
    ("profile = 'of'\n[switches]\nx = 'on'\ny = 'on'", ["no profile 'of'", "both are on"]),
    ("profiel = 'off'\n[switches]\ny = 'on'", ["no such key"]), ("switches = 1", ["is not a dict"]),
    ("profile = 'off'\n[swtiches]\ny = 'on'", ["no such key"])])
def test_of_a_profile_that_is_mistaken_only_those_switches_are_known_that_are_given(text: str, wanted: list[str], tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text)
    with pytest.raises(ScenarioError) as refused:
        load_scenario(tmp_path / "s.toml", load(PROFILED, tmp_path).SPECIFICATION).resolved()
    found = [str(e) for e in refused.value.mistakes or (refused.value,)]
    assert len(found) == len(wanted) and all(w in f for w, f in zip(wanted, found, strict=True)), found


def test_the_suite_has_no_mistakes() -> None:
    assert not any(s.wrong for s in storage.SUITE.scenarios(later=True))
