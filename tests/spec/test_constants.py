"""A scope may have integer constants: set for a run, used in bodies, domains and sizes, the same in all readings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from random_specifications import load
from readings_kit import instance_of, outcomes, states

from snapproof.checker import search
from snapproof.checker.cache import Cache
from snapproof.checker.compiled import CompiledSearch
from snapproof.spec import DeclarationError, ScenarioError, SnapproofError
from snapproof.spec.evaluator import Evaluator
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario, load_scenario
from snapproof.symbolic.query import query
from snapproof.traces.record import record
from snapproof.traces.replay import replay
from snapproof.traces.trace_file import load_trace, save_trace

HEAD = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class Mode(IntEnum):
    OFF = 0
    ON = 1

class C(Scope):
    """How much there is."""
    most: int = constant(Range(0, 9), default=3, meaning="where it ends")
    by: int = constant(Range(-2, 2), default=1, meaning="how far it goes")
    loud: Mode = switch(Mode, default=Mode.OFF, figure="-", meaning="a switch")

class T(IndexSet, letter="T", size=lambda n: n["most"] + 1):
    """A set."""

class U(IndexSet, letter="U"):
    """Another."""

'''
REST = '''class S(State):
    n: int = variable(Range(0, C.most), "a number")
    seen = table(T, of=Flag(), meaning="has it been there")

@action
def goes(s: S, c: C) -> Signal:
    """Goes on."""
    if s.n + c.by > c.most or s.n + c.by < 0:
        return WAIT
    s.seen[s.n] = 1
    s.n += c.by
    return DONE

@invariant("I", "too far")
def is_below(s: S, c: C) -> bool:
    """It never comes to five."""
    return s.n < 5

@witness("W")
def comes_to_the_end(s: S, c: C) -> bool:
    """It comes to the end."""
    return s.n == c.most

'''
END = 'SPECIFICATION = Specification.of_module("m", S, C, __name__, U=1, deadlock=False)\n'
TEXT = HEAD + REST + END


@pytest.mark.slow
@pytest.mark.parametrize(("sizes", "count"), [({}, 4), ({"most": 0}, 1), ({"most": 4}, 5), ({"most": 4, "by": 2}, 3), ({"by": -2}, 1)])
def test_all_readings_take_the_values_that_are_set(sizes: dict[str, int], count: int, tmp_path: Path) -> None:
    instance = instance_of(TEXT, tmp_path, sizes=sizes)
    assert len(states(instance, "plain")) == count
    assert states(instance, "plain") == states(instance, "compiled") == states(instance, "symbolic")
    assert instance.sizes["T"] == instance.sizes["most"] + 1


def test_the_evaluator_reads_them_as_python_does(tmp_path: Path) -> None:
    instance = instance_of(TEXT, tmp_path, sizes={"most": 7, "by": 2})
    machine = Machine(instance)
    ends = instance.spec.properties["W"]
    for n in range(8):
        cells = (n, *[0] * 8)
        assert (machine.check(ends, cells) is not None) == (n == 7)
        machine.thaw(cells)
        assert bool(Evaluator(machine).call(instance.spec.trees[ends], [machine.state, machine.scope])) == (n == 7)


def test_a_value_decides_the_verdict_in_both_searches(tmp_path: Path) -> None:
    for most, wanted in ((3, "holds"), (4, "holds"), (5, "violated")):
        found = outcomes(instance_of(TEXT, tmp_path, sizes={"most": most}), deadlock=False)
        assert found[0] == found[1] and found[0][0] == wanted


@pytest.mark.slow
def test_code_of_another_value_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    cache, met = Cache(tmp_path / "cache"), []
    for by in (1, 2, 1):
        instance = instance_of(TEXT, tmp_path, sizes={"by": by, "most": 8})
        found = CompiledSearch(instance, [], deadlock=False, cache=cache).run()
        met.append(found.distinct)
    assert met == [9, 5, 9]


def test_a_trace_tells_them_and_replays_with_them(tmp_path: Path) -> None:
    scenario = Scenario("s", load(TEXT, tmp_path).SPECIFICATION, sizes={"most": 6})
    trace = record(scenario, search(scenario.instance(), scenario.checked(), deadlock=False))
    assert trace.sizes == {"U": 1, "most": 6, "by": 1} and len(trace.steps) == 5
    save_trace(tmp_path / "t.json", trace)
    assert replay(load_trace(tmp_path / "t.json"), scenario.spec).fails
    (tmp_path / "other").mkdir()
    longer = TEXT.replace("    by: int", '    new: int = constant(Range(0, 9), default=4, meaning="new")\n    by: int')
    assert replay(trace, load(longer, tmp_path / "other").SPECIFICATION).notes == ["the constant new is new; it has its default 4."]
    gone = TEXT.replace("Range(0, C.most)", "Range(0, 9)").replace("c.most", "6").replace('n["most"]', "6").replace("    most", "    mist")
    assert "the index set, process kind or constant most is gone (it had 6)." in replay(
        trace, load(gone, tmp_path / "other").SPECIFICATION).notes


@pytest.mark.slow
@pytest.mark.parametrize(("value", "said"), [(65, ""), (-3, ""), (1 << 62, "too large for a constant"), ("6", "")])
def test_a_trace_may_have_any_number_for_them(value: Any, said: str, tmp_path: Path) -> None:
    scenario = Scenario("s", load(TEXT, tmp_path).SPECIFICATION, sizes={"most": 6})
    save_trace(tmp_path / "t.json", record(scenario, search(scenario.instance(), scenario.checked(), deadlock=False)))
    data = json.loads((tmp_path / "t.json").read_text())
    data["sizes"]["most"] = value
    (tmp_path / "t.json").write_text(json.dumps(data))
    with pytest.raises(SnapproofError, match=said or "not a value of this constant|most"):
        replay(load_trace(tmp_path / "t.json"), scenario.spec)


def test_questions_name_them(tmp_path: Path) -> None:
    instance = instance_of(TEXT, tmp_path, sizes={"most": 6})
    assert query(instance, "n == most", []).found == (6, *[0] * 7)
    assert query(instance, "n > most", []).found is None and query(instance, "n + by == 7 - by", []).found[:1] == (5,)  # type: ignore[index]


SCENARIO = 'expect = "{expect}"\n[scope]\nmost = {most}\n'


@pytest.mark.parametrize(("most", "expect", "code"), [(4, "holds", 0), (5, "I", 0), (5, "holds", 12)])
def test_scenario_files_set_them_under_scope(most: int, expect: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(TEXT)
    (tmp_path / "s.toml").write_text(SCENARIO.format(most=most, expect=expect))
    assert run("check", "--spec", str(tmp_path / "m.py"), str(tmp_path / "s.toml"), "--trace-dir", str(tmp_path)).exit_code == code


@pytest.mark.slow
def test_the_command_line_sets_them_and_tells_so(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(TEXT)
    done = run("check", str(path), "--set", "most=7", "--set", "by=2", "--trace-dir", str(tmp_path), "--json")
    found = json.loads(done.stdout)["scenarios"][0]
    assert found["name"] == "m+most=7+by=2" and found["property"] == "I" and found["steps"] == 3
    assert "most 7, by 2" in run("show", found["trace"]).stdout
    assert run("query", "n == most", "--spec", str(path), "--reachable", "--set", "by=2").exit_code != 0
    assert run("prove", "I", "--spec", str(path), "--set", "most=4").exit_code == 0
    assert run("prove", "I", "--spec", str(path), "--set", "most=5").exit_code != 0


@pytest.mark.parametrize(("setting", "said"), [
    ("most=10", "10 is not a value of this constant (where it ends). Give a whole number from 0 to 9."), ("most=x", "'x' is not a value"),
    ("by=-3", "from -2 to 2"), ("mst=3", "there is no such switch, constant or index set. Did you mean 'most'"),
    ("most=²", "'²' is not a value"), ("most=" + "9" * 5000, "is not a value")])
def test_what_cannot_be_set_is_refused(setting: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(TEXT)
    done = run("check", str(tmp_path / "m.py"), "--set", setting)
    assert done.exit_code != 0 and said in " ".join(done.output.split()) and len(done.output) < 600


def test_two_values_of_one_constant_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(TEXT)
    done = run("check", str(tmp_path / "m.py"), "--set", "most=4", "--set", "most=5")
    assert done.exit_code == 1 and "--set gives most two values: 4 and 5." in done.output


@pytest.mark.parametrize(("toml", "said"), [
    ("[switches]\nmost = 4\n", "there is no such switch. It is a constant: write it under [scope]."),
    ("[scope]\nloud = 1\n", "no such index set, process kind or constant. It is a switch: write it under [switches]."),
    ("[scope]\nmost = 10\n", "from 0 to 9"),
    ('[scope]\nmost = "4"\n', "'4' is not a value"), ("[scope]\nmost = true\n", "True is not a value"),
    ("[scope]\nmist = 4\n", "Did you mean 'most'")])
def test_a_scenario_that_sets_them_wrongly_is_refused(toml: str, said: str, tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    (tmp_path / "s.toml").write_text(toml)
    with pytest.raises(ScenarioError) as refused:
        load_scenario(tmp_path / "s.toml", spec).instance()
    assert said in str(refused.value)


def test_an_instance_takes_them_among_its_sizes(tmp_path: Path) -> None:
    spec = load(TEXT, tmp_path).SPECIFICATION
    instance = Instance(spec, {"most": 9}, spec.scope.profile())
    assert instance.scope.most == 9 and instance.scope.by == 1
    with pytest.raises(DeclarationError, match="constants do not change"):
        instance.scope.most = 3


def test_switches_are_listed_with_them(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(TEXT)
    assert "a whole number from -2 to 2; 1 unless it is set" in run("switches", "--spec", str(tmp_path / "m.py")).stdout
    listed = json.loads(run("switches", "by", "--spec", str(tmp_path / "m.py"), "--json").stdout)
    assert listed["switches"] == [] and listed["constants"] == [
        {"name": "by", "low": -2, "high": 2, "default": 1, "meaning": "how far it goes"}]


DECLARED = {
    'k: int = constant(3, default=3, meaning="m")': "not a range of whole numbers",
    'k: int = constant(Range(0, lambda n: 3), default=3, meaning="m")': "not a range of whole numbers",
    'k: int = constant(Flag(), default=0, meaning="m")': "what has few named values is a switch",
    'k: int = constant(Range(0, 3), default=4, meaning="m")': "default=4 is none of its values. Give a whole number from 0 to 3",
    'k: int = constant(Range(0, 3), default=True, meaning="m")': "default=True is none",
    'k: int = constant(Range(0, 3), default=1, meaning="")': "no line of meaning",
    'k: int = constant(Range(0, 3), default=1, meaning=3)': "is no text",
    'size: int = constant(Range(0, 3), default=1, meaning="m")': "the name 'size' has a meaning of its own",
    'U: int = constant(Range(0, 3), default=1, meaning="m")': "constant U: an index set or process kind has the same name",
}


@pytest.mark.parametrize(("line", "said"), DECLARED.items(), ids=DECLARED)
def test_a_constant_that_cannot_be_is_refused(line: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as refused:
        load(TEXT.replace("    by: int", f"    {line}\n    by: int"), tmp_path)
    assert said in str(refused.value)


SPOILED = {
    "a default at the specification": ("U=1,", "U=1, most=4,", "which says its default itself"),
    "in the state": (
        "class S(State):", 'class S(State):\n    k: int = constant(Range(0, 3), default=1, meaning="m")', "belongs to the scope"),
    "without the scope": ("s.n == c.most", "s.n == C.most", "the value constant most (in a body: c.most)"),
    "misspelt": ("s.n == c.most", "s.n == c.mast", "c has no 'mast'. Did you mean 'most'"),
    "written to": ("    s.n += c.by", "    c.by = 2\n    s.n += c.by", "this assignment"),
    "of another scope": ("s: S, c: C) -> bool:\n    \"\"\"It comes", "s: S, c: D) -> bool:\n    \"\"\"It comes", "of another class than C"),
    "a switch, too": ("class U(", "class E(C):\n    by: Mode = switch(Mode, default=Mode.ON, figure='-', "
                      "meaning='m')\n\nclass U(", "by is a switch and a constant"),
}
OTHER = '''class D(Scope):
    """Another."""
    most: int = constant(Range(0, 9), default=3, meaning="where it ends")

'''


@pytest.mark.parametrize(("old", "new", "said"), SPOILED.values(), ids=SPOILED)
def test_a_constant_that_is_misused_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = HEAD + OTHER + REST + END
    assert text.count(old) == 1
    with pytest.raises(DeclarationError) as refused:
        load(text.replace(old, new), tmp_path)
    assert said in str(refused.value)


def test_a_bound_by_a_constant_of_another_scope_is_refused(tmp_path: Path) -> None:
    text = (HEAD + OTHER.replace("most", "other") + REST + END).replace("C.most)", "D.other)")
    with pytest.raises(ScenarioError, match="a bound of a domain cannot be computed .KeyError: 'other'"):
        instance_of(text, tmp_path)
