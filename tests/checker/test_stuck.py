"""A process that can never move again and does not rest is a verdict of its own, in both readings."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from made_up.examples import compiling_as
from made_up.readings import instance as instance_of
from made_up.texts import made
from random_specifications import load
from waiting_for_each_other import WAITS

from snapproof.checker import Limits, Result, Verdict, search
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.result import OutOfTime
from snapproof.checker.stuck import first_stuck
from snapproof.checker.stuck_compiled import seek_stuck
from snapproof.spec import SnapproofError
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Machine
from snapproof.suite.sources import specification_file
from snapproof.traces.replay import moves_from

READINGS = ("plain", "compiled")

RING = '''
from __future__ import annotations
from snapproof.spec import *
class Chair(IndexSet, letter="c"):
    """Places of a ring."""
class S(State):
    token = variable(Member(Chair), "whose turn it is")
    keeps = variable(Maybe(Chair), "who is passed over from some time on")
class C(Scope):
    """None."""
class P(Process, letter="P"):
    """Passes a token."""
@step(P, "1", "Fig. 1")
def passing(s: S, c: C, p: P) -> Next:
    """Passes it on, perhaps over somebody."""
    if s.token != p.id:
        return WAIT
    following = (p.id + 1) % c.size(Chair)
    if s.keeps == following:
        following = (following + 1) % c.size(Chair)
    s.token = following
    return passing
@action
def begin(s: S, c: C, who: Chair) -> Signal:
    """Somebody is left out, if somebody is to be."""
    if LEFT_OUT or s.keeps >= 0 or s.token == who:
        return WAIT
    s.keeps = who
    return DONE
SPECIFICATION = Specification.of_module("ring", S, C, __name__, Chair=40, P=40)
'''


def found(text: str, folder: Path, reading: Any, **how: Any) -> Result:
    spec = load(text, folder).SPECIFICATION
    return search(Instance(spec, {}, spec.scope.profile()), list(spec.properties.values()), reading=reading, **how)


@pytest.mark.parametrize("reading", READINGS)
def test_two_that_wait_for_each_other_are_stuck_although_a_third_goes_on(tmp_path: Path, reading: str) -> None:
    result = found(WAITS, tmp_path, reading)
    assert (result.verdict, result.stuck_processes, result.verdict.exit_code) == (Verdict.STUCK, ["L1", "R1"], 11)
    assert result.counterexample is not None
    assert [t.move.process for t in result.counterexample] == [-1, 0, 1], "the shortest way: each takes what the other wants"


@pytest.mark.parametrize("reading", READINGS)
def test_looking_for_stuck_processes_can_be_switched_off_alone_or_with_deadlock(tmp_path: Path, reading: str) -> None:
    assert found(WAITS, tmp_path, reading, stuck=False).verdict is Verdict.HOLDS
    assert found(WAITS, tmp_path, reading, deadlock=False).verdict is Verdict.HOLDS
    assert found(WAITS, tmp_path, reading, deadlock=False, stuck=True).verdict is Verdict.STUCK


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_a_process_that_may_stay_where_it_is_is_not_stuck(tmp_path: Path, reading: str) -> None:
    resting = WAITS.replace('@step(L, "2", "Fig. 1")', '@step(L, "2", "Fig. 1", rest=True)')
    assert found(resting, tmp_path, reading).stuck_processes == ["R1"]
    both = resting.replace('@step(R, "2", "Fig. 1")', '@step(R, "2", "Fig. 1", rest=True)')
    assert found(both, tmp_path, reading).verdict is Verdict.HOLDS


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_of_forty_processes_each_is_looked_at(tmp_path: Path, reading: str) -> None:
    assert found(RING.replace("LEFT_OUT", "True"), tmp_path, reading).verdict is Verdict.HOLDS
    result = found(RING.replace("LEFT_OUT", "False"), tmp_path, reading)
    assert (result.verdict, result.stuck_processes) == (Verdict.STUCK, ["P2"]), "the second can be passed over first"
    late = RING.replace("LEFT_OUT", "who != 35")
    assert found(late, tmp_path, reading).stuck_processes == ["P36"]


@pytest.mark.slow
def test_executions_are_counted_as_in_a_search_that_does_not_look(tmp_path: Path) -> None:
    counts = [found(RING.replace("LEFT_OUT", "True"), tmp_path, "compiled", stuck=stuck).executed for stuck in (True, False)]
    assert counts[0] == counts[1] and counts[0]["P", "passing"] == 40


def by_definition(machine: Machine, states: list[Any]) -> tuple[Any, list[int]] | None:
    """The first state from which a process neither moves nor rests in anything that can be reached, by asking each."""
    for cells in states:
        stuck = [p for p in range(len(machine.handles))
                 if not machine.at_rest(cells) >> p & 1 and not moves_from(machine, cells, p, 10_000)[0]]
        if stuck:
            return cells, stuck
    return None


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 999))
def test_random_specifications_have_exactly_the_stuck_processes_of_the_definition(
        tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    found = made(seed)
    path = tmp_path_factory.mktemp("spec") / "made.py"
    path.write_text(found.text)
    try:
        instance = instance_of(specification_file(path), found.settings[0])
        with compiling_as(optimised=False):
            told = {r: search(instance, [], deadlock=False, stuck=True, reading=r, limits=Limits(states=300)) for r in READINGS}  # type: ignore[arg-type]
    except SnapproofError:
        assume(False)
    assume(told["plain"].verdict is not Verdict.INCOMPLETE)
    machine = Machine(instance, [])
    states: dict[Any, None] = dict.fromkeys(t.cells for t in machine.initial())
    for cells in (pending := list(states)):
        for taken in machine.successors(cells):
            if taken.cells not in states:
                states[taken.cells] = None
                pending.append(taken.cells)
    wanted = by_definition(machine, pending)
    for result in told.values():
        assert result.stuck == (wanted[1] if wanted else [])
        if wanted:
            assert result.counterexample is not None and result.counterexample[-1].cells == wanted[0]


def test_the_backward_search_on_a_drawn_graph() -> None:
    # 0 -> 1 -> 2 -> 1, and 0 -> 3 -> 3.  Process 0 moves in 0 and 2, process 1 only in 0 and 3.
    assert first_stuck([0b11, 0b00, 0b01, 0b10], [[1, 3], [2], [1], [3]], 2) == (1, [1])
    assert first_stuck([0b11, 0b00, 0b11, 0b11], [[1, 3], [2], [1], [3]], 2) is None


def test_a_limit_that_comes_while_it_looks_is_incomplete_and_the_run_can_go_on(tmp_path: Path) -> None:
    spec = load(WAITS, tmp_path).SPECIFICATION
    compiled = CompiledSearch(Instance(spec, {}, spec.scope.profile()), [])
    compiled._seek_stuck = lambda limits, begin: "interrupted here"  # type: ignore[method-assign]
    first = compiled.run()
    assert (first.verdict, first.reason) == (Verdict.INCOMPLETE, "interrupted here")
    with pytest.raises(OutOfTime, match="late"):
        seek_stuck(compiled, lambda: "late")
    del compiled._seek_stuck  # type: ignore[attr-defined]
    assert compiled.run().stuck_processes == ["L1", "R1"]


# --- the commands -------------------------------------------------------------------------------------


@pytest.fixture
def waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SNAPPROOF_CACHE", str(tmp_path / "cache"))
    (tmp_path / "waits.py").write_text(WAITS)
    yield tmp_path  # type: ignore[misc]
    sys.modules.pop("snapproof_specification_waits", None)


def test_check_names_the_process_and_where_it_waits(waits: Path) -> None:
    told = run("check", "waits.py", "--junit", "out.xml")
    assert told.exit_code == 11, told.output
    assert "stuck L1" in told.output and "waits for ever at 2 l_right" in told.output
    assert 'type="stuck"' in (waits / "out.xml").read_text()
    data = json.loads(run("check", "waits.py", "--json").output)["scenarios"][0]
    assert (data["verdict"], data["stuck"], data["exit_code"], data["steps"]) == ("stuck", ["L1", "R1"], 11, 2)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "html", "md", "itf"])
def test_every_rendering_tells_who_is_stuck(waits: Path, form: str) -> None:
    run("check", "waits.py")
    told = run("show", "--as", form, "snapproof-traces/waits.stuck.json")
    assert told.exit_code == 0, told.output
    if form != "itf":
        assert "L1 and R1 can never move again" in told.output


def test_a_stuck_trace_is_replayed_and_fails_when_the_process_moves_again(waits: Path) -> None:
    run("check", "waits.py")
    trace = "snapproof-traces/waits.stuck.json"
    assert json.loads((waits / trace).read_text())["version"] == 3
    assert run("replay", "--spec", "waits.py", trace).exit_code == 0
    mended = WAITS.replace("s.lamp = 1 - s.lamp", "s.lamp = 1 - s.lamp\n    s.right = 0")
    (waits / "mended.py").write_text(mended)
    told = run("replay", "--spec", "mended.py", trace)
    assert told.exit_code == 9 and "moves again" in told.output, told.output
    resting = WAITS.replace('@step(L, "2", "Fig. 1")', '@step(L, "2", "Fig. 1", rest=True)')
    (waits / "resting.py").write_text(resting)
    told = run("replay", "--spec", "resting.py", trace)
    assert told.exit_code == 9 and "rests now" in told.output, told.output


def test_a_trace_of_an_older_format_cannot_say_stuck(waits: Path) -> None:
    run("check", "waits.py")
    path = waits / "snapproof-traces/waits.stuck.json"
    path.write_text(path.read_text().replace('"version": 3', '"version": 2'))
    told = run("show", str(path))
    assert told.exit_code == 154 and "version 2 has no such kind" in told.output


@pytest.mark.slow
@pytest.mark.parametrize(("lines", "code", "verdict"), [
    ('expect = "stuck"', 0, "stuck L1"),
    ("[check]\nstuck = false", 0, "holds"),
    ("[check]\ndeadlock = false", 0, "holds"),
    ("[check]\ndeadlock = false\nstuck = true", 11, "stuck L1"),
    ('expect = "deadlock"', 11, "not found first"),
    ('expect = "stuck"\n[check]\nstuck = false', 151, "switches it off"),
    ('expect = "stuck"\n[check]\ndeadlock = false', 151, "switches it off"),
    ('expect = "deadlock"\n[check]\ndeadlock = false', 151, "switches it off"),
])
def test_a_scenario_can_expect_a_stuck_process_or_allow_it(waits: Path, lines: str, code: int, verdict: str) -> None:
    (waits / "mine.toml").write_text(lines + "\n")
    told = run("check", "--spec", "waits.py", "mine.toml")
    assert (told.exit_code, verdict in " ".join(told.output.split())) == (code, True), told.output
