"""The order of a dictionary, a list or a set means nothing: two orders of each give the same verdict, counts and compilation."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from random_specifications import load
from readings_kit import outcomes

from snapproof.checker import search
from snapproof.checker.emit import emit_module
from snapproof.checker.plain import PlainSearch
from snapproof.spec import ScenarioError, Specification
from snapproof.spec.instance import Instance, complete_sizes
from snapproof.spec.programs import parse_program
from snapproof.spec.scenario import Scenario

TEXT = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class Mode(IntEnum):
    ON = 1
    OFF = 0

class Three(IntEnum):
    TWO = 2
    ZERO = 0
    ONE = 1

class A(IndexSet, letter="A"):
    """Given."""

class E(IndexSet, letter="E", size=lambda n: n["D"] + 1):
    """Derived from what is derived."""

class D(IndexSet, letter="D", size=lambda n: n["A"] + n["B"]):
    """Derived."""

class B(IndexSet, letter="B"):
    """Given."""

class S(State):
    x = table(E, of=Range(0, 3), meaning="numbers")
    y: int = variable(OneOf(Three), "an enumeration")

class C(Scope):
    profiles = ("safe", "text-strict", "text-charitable")
    first: Mode = switch(Mode, safe=Mode.ON, text_strict=Mode.OFF, text_charitable=Mode.OFF, figure="-", meaning="one")
    second: Three = switch(Three, safe=Three.TWO, text_strict=Three.ZERO, text_charitable=Three.ONE, figure="-", meaning="two")
    third: Mode = switch(Mode, safe=Mode.OFF, text_strict=Mode.ON, text_charitable=Mode.ON, figure="-", meaning="three")

class P(Process, letter="P", programs=True):
    """Runs programs."""
    n: int = argument(Range(0, 3), "a number")
    m: int = argument(Range(0, 3), "another")

class Q(Process, letter="Q", programs=True):
    """Runs programs."""
    n: int = argument(Range(0, 3), "a number")

@step(P, "1", "-")
def put(s: S, c: C, p: P) -> Next:
    """Writes by what the switches say."""
    s.x[0] = (p.n + c.first + c.second) % 4
    s.x[1] = (p.m + c.third) % 4
    return DONE

@step(Q, "2", "-")
def take(s: S, c: C, q: Q) -> Next:
    """Writes elsewhere."""
    s.x[2] = (q.n + c.second) % 4
    s.y = c.second
    return DONE

PUT = command(P, "put", "m", "n", first=put, meaning="m before n")
TAKE = command(Q, "take", "n", first=take, meaning="takes")

@invariant("I", "v")
def never_three(s: S, c: C, e: E) -> bool:
    """No three in the first cell."""
    return e != 0 or s.x[e] != 3

@invariant("J", "w")
def never_three_elsewhere(s: S, c: C, e: E) -> bool:
    """No three in the third cell."""
    return e != 2 or s.x[e] != 3

@transition("K", "v", steps=[put, take])
def kept(before: S, s: S, c: C) -> bool:
    """What is there stays."""
    return before.x[1] <= s.x[1] or c.third == Mode.OFF

@transition("L", "v", steps=[take, put])
def kept_too(before: S, s: S, c: C) -> bool:
    """What is there stays."""
    return before.x[1] <= s.x[1]

SPECIFICATION = Specification.of_module("orders", S, C, __name__, A=2, B=1)
'''

PROGRAMS = {"P": ["put 0 2", "put 1 1"], "Q": ["take 1"]}


def orders(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(items) for items in itertools.permutations(given.items())]


def built(spec: Specification, sizes: dict[str, int], switches: dict[str, Any], programs: list[str], defaults: dict[str, int]) -> Instance:
    spec.defaults = defaults
    full = {**sizes, "P": 1, "Q": 1}
    known = complete_sizes(spec, full, "test")
    parsed = {k: [parse_program(spec, spec.kind(k), {"program": PROGRAMS[k]}, known, "test")] for k in programs}
    return Instance(spec, full, switches, parsed)


@pytest.fixture
def usual(tmp_path: Path) -> tuple[list[Any], str]:
    spec = load(TEXT, tmp_path).SPECIFICATION
    instance = built(spec, {"A": 2, "B": 1}, spec.scope.profile("safe"), ["P", "Q"], {"A": 2, "B": 1})
    return outcomes(instance), emit_module(instance).text


@pytest.mark.slow
def test_the_two_readings_agree_and_the_switches_matter(usual: tuple[list[Any], str]) -> None:
    assert usual[0][0] == usual[0][1] and usual[0][0][0] == "violated"


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["safe", "text-strict", "text-charitable"])
def test_switches_in_any_order_reach_all_readings(profile: str, tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    values = spec.scope.profile(profile)
    found = [outcomes(built(spec, {"A": 2}, order, ["P", "Q"], {"A": 2, "B": 1})) for order in orders(values)]
    assert len({str(f) for f in found}) == 1 and found[0][0] == found[0][1]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(2))
def test_sizes_defaults_and_programs_in_any_order_are_the_same(number: int, tmp_path: Path, usual: tuple[list[Any], str]) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    values = spec.scope.profile("safe")
    sizes, defaults = orders({"A": 2, "B": 1})[number], orders({"A": 2, "B": 1, "P": 0, "Q": 0})[-number]
    instance = built(spec, sizes, values, ["P", "Q"] if number else ["Q", "P"], defaults)
    assert (outcomes(instance), emit_module(instance).text) == usual
    assert list(instance.sizes) == ["A", "B", "P", "Q", "D", "E"]


@pytest.mark.slow
def test_properties_and_witnesses_in_any_order_give_the_same_violation(tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    scenario = Scenario("s", spec, hosts=[{"kind": k, "program": p} for k, p in PROGRAMS.items()])
    found = set()
    for names in itertools.permutations(["I", "J", "K", "L"]):
        chosen = replace(scenario, properties=list(names)).checked()
        instance = scenario.instance()
        for reading in ("plain", "compiled"):
            result = search(instance, chosen, reading=reading)  # type: ignore[arg-type]
            assert result.broken is not None
            found.add((result.broken.property.id, result.distinct, result.generated))
        direct = PlainSearch(instance, chosen).run()
        assert direct.broken is not None
        found.add((direct.broken.property.id, direct.distinct, direct.generated))
    assert len(found) == 1


@pytest.mark.slow
def test_keys_of_a_scenario_file_in_any_order_are_the_same(tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    hosts = [{"kind": "P", "program": PROGRAMS["P"]}, {"program": PROGRAMS["Q"], "kind": "Q"}]
    switches = {"first": "off", "second": "one", "third": "on"}
    found = [outcomes(Scenario("s", spec, hosts=hosts[::turn], switches=order, sizes=sizes).instance())
             for turn in (1, -1) for order in orders(switches) for sizes in orders({"A": 2, "B": 1})]
    assert len({str(f) for f in found}) == 1 and found[0][0] == found[0][1]


@pytest.mark.parametrize(("switches", "message"), [
    ({"first": 1}, "not one of its values"), ({"frist": 1}, "no such switch.*mean 'first'"), ({}, "has no value")], ids=["number",
                                                                                                                         "mistyped",
                                                                                                                         "missing"])
def test_a_switch_without_a_value_of_its_own_is_refused(switches: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=message):
        built(load(TEXT, tmp_path).SPECIFICATION, {"A": 2}, switches, [], {"A": 2, "B": 1})


def test_programs_for_nobody_are_refused(tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    program = parse_program(spec, spec.kind("P"), {"program": ["put 0 2"]}, Scenario("s", spec).instance().sizes, "test")
    for programs in ({"P": [program] * 2}, {"R": [program]}):
        with pytest.raises(ScenarioError, match="one program for each process"):
            Instance(spec, {"P": 1, "Q": 1}, spec.scope.profile("safe"), programs)


def test_a_property_of_another_specification_is_refused_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, other = load(TEXT, tmp_path).SPECIFICATION, load(TEXT + "\n", tmp_path / "other").SPECIFICATION
    for reading in ("plain", "compiled"):
        with pytest.raises(ScenarioError, match="does not belong"):
            search(Scenario("s", one).instance(), list(other.properties.values()), reading=reading)  # type: ignore[arg-type]
