"""Which size costs most, where memory did not suffice: counted, and told as it was counted."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import small_storage
from cli_kit import WHEELS, run
from random_specifications import load

from snapproof.checker.plain import PlainSearch
from snapproof.model.specification import SPECIFICATION
from snapproof.spec.instance import Instance
from snapproof.spec.layout import Layout
from snapproof.spec.programs import left_at
from snapproof.spec.scenario import Scenario
from snapproof.suite.costs import costs
from snapproof.suite.sources import specification_file, whole_scenario


def within(instance: Instance, depth: int) -> int:
    """How many states are reached by so many transitions, as the search says."""
    search = PlainSearch(instance, [], deadlock=False, stuck=False)
    search.run()
    return sum(level <= depth for level in search.level)


def small(folder: Path, **sizes: int) -> Scenario:
    hosts = [{"program": ["write T1 v1", ["write T2 v1", "write T1 v0"]]}, {"menu": ["write T* v*", "write T2 v1"], "times": 2}]
    return Scenario("s", specification_file(small_storage.write(folder)[0]), hosts=hosts, sizes={"Track": 2, "Value": 2} | sizes)


def test_states_and_bits_are_those_of_searches_of_the_smaller_scenarios(tmp_path: Path) -> None:
    scenario = small(tmp_path)
    found = costs(scenario, scenario.instance(), 3.0)
    assert found is not None and found.depth >= 1
    assert (found.states, found.bits) == (within(scenario.instance(), found.depth), Layout(scenario.instance()).bits)
    one_track = Scenario("s", scenario.spec, sizes={"Track": 1, "Value": 2}, hosts=[
        {"program": ["write T1 v1", "write T1 v0"]}, {"menu": ["write T* v*"], "times": 2}])
    alone = [Scenario("s", scenario.spec, sizes=scenario.sizes, hosts=[h]) for h in scenario.hosts]
    wanted = {"Track = 1": (one_track, 2), "no [[host]] 1": (alone[1], 0), "no [[host]] 2": (alone[0], 0)}
    for smaller in found.smaller:
        if smaller.what in wanted:
            other, lost = wanted[smaller.what]
            assert (smaller.states, smaller.bits, smaller.lost) == (
                within(other.instance(), found.depth), Layout(other.instance()).bits, lost)
    assert set(wanted) <= {s.what for s in found.smaller}
    assert [s.states * s.bits for s in found.smaller] == sorted(s.states * s.bits for s in found.smaller)


def test_of_a_specification_by_itself_every_size_is_tried(tmp_path: Path) -> None:
    scenario = whole_scenario(load(WHEELS, tmp_path).SPECIFICATION, "wheels")
    found = costs(scenario, scenario.instance(), 0.3)
    assert found is not None and [(s.what, s.size, s.bits) for s in found.smaller] == [("Wheel = 6", "Wheel", 24)]
    assert found.bits == 28 and found.smaller[0].states < found.states
    assert found.words().startswith("Wheel costs most of the sizes. Within the first ")


def test_where_nothing_can_be_smaller_nothing_is_said(tmp_path: Path) -> None:
    scenario = whole_scenario(load(WHEELS.replace("Wheel=7", "Wheel=1"), tmp_path).SPECIFICATION, "wheels")
    assert costs(scenario, scenario.instance()) is None


def test_where_nothing_is_counted_in_time_nothing_is_said(tmp_path: Path) -> None:
    scenario = small(tmp_path)
    assert costs(scenario, scenario.instance(), 0.0) is None


@pytest.mark.slow
def test_it_takes_about_the_time_that_it_is_given() -> None:
    names = ("StandardDevice", "VirtualDevice", "Track", "Block", "Session", "LogTrack", "Value", "PairList", "DiskAdapter")
    sizes = dict.fromkeys(names, 3)
    scenario = Scenario("s", SPECIFICATION, sizes=sizes, switches={"start": "established"},
                        hosts=[{"menu": ["write S1|S2 T* B1 *", "read V1|V2 T* B1"]}, {"menu": ["remove V*", "establish S1 V*"]}])
    instance, begin = scenario.instance(), time.monotonic()
    found = costs(scenario, instance, 1.0)
    assert time.monotonic() - begin < 4
    assert found is not None and {s.size for s in found.smaller} >= {"Track", "Block", "LogTrack", "StandardDevice"}


def test_commands_that_name_what_is_gone_are_left_out_of_programs(tmp_path: Path) -> None:
    spec = small(tmp_path).spec
    full = Scenario("s", spec, sizes={"Track": 1}, hosts=[{"program": []}] * 2).instance().sizes
    kind = spec.kind("Host")
    assert left_at(spec, kind, {"program": ["write T1 v1", ["write T2 v1", "write T1 v0"], "write T2 v0"]}, full) == {
        "program": [["write T1 v1"], ["write T1 v0"]]}
    assert left_at(spec, kind, {"menu": ["write T2 v1"], "times": 2, "kind": "Host"}, full) == {"kind": "Host", "program": []}
    assert left_at(spec, kind, {"menu": ["write T* v*", "write T2 v1"], "times": 2}, full) == {"menu": ["write T* v*"], "times": 2}


@pytest.mark.slow
def test_the_report_of_a_search_whose_states_do_not_fit_names_the_size_that_costs_most(tmp_path: Path,
                                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wheels.py").write_text(WHEELS)
    result = run("check", "wheels.py", "--memory", "1M", "--reading", "plain")
    said = " ".join(result.stdout.split())
    assert result.exit_code == 3 and "It stopped before the end: memory limit reached. Nothing has been proved." in said
    assert "Wheel costs most of the sizes. Within the first" in said and "with Wheel = 6:" in said and said.count("give more --memory") == 1
    told = json.loads(run("check", "wheels.py", "--memory", "1M", "--reading", "plain", "--json").stdout)["scenarios"][0]
    assert told["reason"] == "memory limit reached" and told["advice"].startswith("Wheel costs most of the sizes. Within the first")
    assert told["costs"]["bits"] == 28 and told["costs"]["smaller"][0]["size"] == "Wheel"
    other = json.loads(run("check", "wheels.py", "--states", "100", "--reading", "plain", "--json").stdout)["scenarios"][0]
    assert other["reason"] == "state limit reached" and "advice" not in other


@pytest.mark.slow
def test_a_scenario_of_the_storage_device_says_so_too() -> None:
    told = json.loads(run("check", "two_tracks", "--memory", "1M", "--reading", "plain", "--json").stdout)["scenarios"][0]
    assert told["verdict"] == "incomplete" and told["exit_code"] == 3 and told["advice"].startswith("Track costs most of the sizes.")
