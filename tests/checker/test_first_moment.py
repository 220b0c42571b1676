"""Limits and Ctrl-C hold from the first moment: among initial states, while compiling, while a counterexample is made."""

from __future__ import annotations

import faulthandler
import itertools
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ending_kit import gone
from random_specifications import load

from snapproof.checker import Limits, Result, Verdict, compiled, search
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.compiling import compile_apart
from snapproof.checker.plain import PlainSearch
from snapproof.checker.result import OutOfTime
from snapproof.spec import EvaluationError
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Machine

READINGS = ("plain", "compiled")

STARTS = '''
from __future__ import annotations
from snapproof.spec import *
class A(IndexSet, letter="A"):
    """Digits."""
class B(IndexSet, letter="B"):
    """Other digits."""
class S(State):
    x: int = variable(Range(0, 400), "first")
    y: int = variable(Range(0, 400), "second")
    z: int = variable(Range(0, 3), "third")
class C(Scope):
    """None."""
@initial
def first(s: S, c: C, a: A, b: B) -> Signal:
    """Sets the first two."""
    if a == 3:
        return WAIT
    s.x = a
    s.y = b
    return DONE
@initial
def between(s: S, c: C) -> Signal:
    """Chooses nothing, and rejects some."""
    if s.x == 1 and s.y > 2:
        return WAIT
    return DONE
@initial
def second(s: S, c: C, b: B) -> Signal:
    """Sets the third, and changes the first."""
    if (s.x + b) % 3 == 1:
        return WAIT
    s.z = FAILS
    s.x = s.x * 10 + b
    return DONE
@action
def step(s: S, c: C) -> Signal:
    """Goes on."""
    if s.x == 0:
        return WAIT
    s.x = s.x - 1
    return DONE
@invariant("low", "too high")
def low(s: S, c: C) -> bool:
    """Not this one."""
    return s.x != 43 or s.y != 4
SPECIFICATION = Specification.of_module("starts", S, C, __name__, A=6, B=5)
'''


def instance(tmp_path: Path, fails: str = "b % 2") -> Instance:
    spec = load(STARTS.replace("FAILS", fails), tmp_path).SPECIFICATION
    return Instance(spec, {}, {})


def by_definition() -> list[tuple[int, int, int]]:
    """The initial states as the text says, without any machine."""
    out = []
    for a, b, second in itertools.product(range(6), range(5), range(5)):
        if a != 3 and not (a == 1 and b > 2) and (a + second) % 3 != 1:
            out.append((a * 10 + second, b, second % 2))
    return out


def test_initial_states_come_in_the_order_of_their_choices_and_rejections_pass_over_what_follows(tmp_path: Path) -> None:
    machine = Machine(instance(tmp_path))
    assert [t.cells for t in machine.initial()] == by_definition()
    assert machine.starts() == 6 * 5 * 5
    assert machine.start(3 * 25) == (None, 3 * 25 + 5), "rejected by the first function: its choices are passed over"


def test_both_readings_store_the_same_initial_states_in_the_same_order(tmp_path: Path) -> None:
    fast, slow = CompiledSearch(instance(tmp_path), [], deadlock=False), PlainSearch(instance(tmp_path), [], deadlock=False)
    told = [s.run() for s in (fast, slow)]
    assert (told[0].distinct, told[0].generated) == (told[1].distinct, told[1].generated)
    wanted = list(dict.fromkeys(by_definition()))
    assert [fast.state(i) for i in range(len(wanted))] == wanted == slow.states[:len(wanted)]


def test_a_counterexample_begins_with_the_choices_of_its_initial_state_in_both_readings(tmp_path: Path) -> None:
    made = instance(tmp_path)
    results = [search(made, list(made.spec.properties.values()), deadlock=False, reading=r) for r in READINGS]  # type: ignore[arg-type]
    for result in results:
        assert result.verdict is Verdict.VIOLATED and result.counterexample is not None
        assert result.counterexample[0].move.choices == (4, 4, 4)
    assert results[0].counterexample == results[1].counterexample


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_an_initial_function_that_leaves_a_domain_is_an_error_when_its_turn_comes(tmp_path: Path, reading: Any) -> None:
    made = instance(tmp_path, "b + s.x")
    with pytest.raises(EvaluationError, match="second"):
        search(made, [], deadlock=False, reading=reading)
    # A violation before it is found first, by both.
    early = STARTS.replace("FAILS", "b + s.x").replace("s.x != 43 or s.y != 4", "s.x != 2")
    spec = load(early, tmp_path).SPECIFICATION
    result = search(Instance(spec, {}, {}), list(spec.properties.values()), deadlock=False, reading=reading)
    assert result.verdict is Verdict.VIOLATED


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_a_specification_without_initial_states_is_refused(tmp_path: Path, reading: Any) -> None:
    spec = load(STARTS.replace("a == 3", "a >= 0").replace("FAILS", "0"), tmp_path).SPECIFICATION
    with pytest.raises(EvaluationError, match="no initial state"):
        search(Instance(spec, {}, {}), [], reading=reading)


ENDLESS = '''
from __future__ import annotations
from snapproof.spec import *
class D(IndexSet, letter="D"):
    """Choices."""
class S(State):
    at = table(D, of=Range(0, 63), meaning="position")
class C(Scope):
    """None."""
@initial
def start(s: S, c: C, a: D, b: D, e: D, f: D, g: D, h: D) -> Signal:
    """Far too many initial states."""
    s.at[0] = a
    s.at[1] = b
    s.at[2] = e
    s.at[3] = f
    s.at[4] = g
    s.at[5] = h
    return REJECTS
@action
def turn(s: S, c: C) -> Signal:
    """Turns."""
    s.at[0] = (s.at[0] + 1) % 64
    return DONE
@invariant("low", "too high")
def low(s: S, c: C) -> bool:
    """Positions stay low."""
    return s.at[0] < 64
SPECIFICATION = Specification.of_module("endless", S, C, __name__, D=64)
'''


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("rejects", ["DONE", "WAIT"])
def test_a_time_limit_holds_among_initial_states_kept_or_rejected(tmp_path: Path, reading: Any, rejects: str) -> None:
    spec = load(ENDLESS.replace("REJECTS", rejects), tmp_path).SPECIFICATION
    result = search(Instance(spec, {}, {}), list(spec.properties.values()), reading=reading,
                    limits=Limits(memory=200 << 20, seconds=3 if reading == "compiled" else 1))
    assert (result.verdict, "limit reached" in result.reason) == (Verdict.INCOMPLETE, True), result.line()


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_limits_of_states_and_memory_hold_among_initial_states(tmp_path: Path, reading: Any) -> None:
    spec = load(ENDLESS.replace("REJECTS", "DONE"), tmp_path).SPECIFICATION
    few = search(Instance(spec, {}, {}), [], reading=reading, limits=Limits(states=5000))
    assert few.reason == "state limit reached" and 5000 <= few.distinct < 10_000
    small = search(Instance(spec, {}, {}), [], reading=reading, limits=Limits(memory=4 << 20))
    assert small.reason == "memory limit reached"


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_an_interruption_among_initial_states_is_a_partial_verdict_and_the_search_goes_on(tmp_path: Path, reading: str) -> None:
    spec = load(ENDLESS.replace("REJECTS", "DONE"), tmp_path).SPECIFICATION
    going: Any = (PlainSearch if reading == "plain" else CompiledSearch)(Instance(spec, {}, {}), [])

    def interrupt(now: Any) -> None:
        signal.raise_signal(signal.SIGINT)

    first: Result = going.run(report=interrupt)
    assert (first.verdict, first.reason) == (Verdict.INCOMPLETE, "interrupted")
    second: Result = going.run(Limits(states=first.distinct + 10_000))
    assert second.distinct >= first.distinct + 10_000


# --- compiling ----------------------------------------------------------------------------------------


def test_a_time_limit_ends_a_compilation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snapproof.checker.compiling.compile_text", lambda text: time.sleep(600))
    monkeypatch.setenv("SNAPPROOF_CACHE", str(tmp_path / "cache"))
    with pytest.raises(OutOfTime, match="compiling"):
        compile_apart("", 0.01)
    result = search(instance(tmp_path), [], reading="compiled", limits=Limits(seconds=0.01))
    assert (result.verdict, result.reason) == (Verdict.INCOMPLETE, "time limit reached while compiling")


def test_ctrl_c_ends_a_compilation_with_a_partial_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()

    def endless(text: str) -> bytes:
        for _ in range(120):  # Python drops one that falls into a destructor or behind a fork; whoever has got one ends this process
            os.kill(parent, signal.SIGINT)
            time.sleep(5)
        return b""

    monkeypatch.setattr("snapproof.checker.compiling.compile_text", endless)
    monkeypatch.setenv("SNAPPROOF_CACHE", str(tmp_path / "cache"))
    result = search(instance(tmp_path), [], reading="compiled")
    assert (result.verdict, result.reason) == (Verdict.INCOMPLETE, "interrupted")


def test_ctrl_c_at_the_moment_of_the_fork_ends_the_compilation_and_leaves_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children, fork = [], os.fork

    def interrupted() -> int:
        child = fork()
        if child:
            children.append(child)
            signal.raise_signal(signal.SIGINT)
        return child

    monkeypatch.setattr("snapproof.checker.compiling.compile_text", lambda text: time.sleep(600))
    monkeypatch.setattr(os, "fork", interrupted)
    monkeypatch.setenv("SNAPPROOF_CACHE", str(tmp_path / "cache"))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    result = search(instance(tmp_path), [], reading="compiled")
    assert (result.verdict, result.reason) == (Verdict.INCOMPLETE, "interrupted")
    assert len(children) == 1 and gone(children[0])
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: _aborts(), lambda: _no_memory()])
def test_a_compilation_that_memory_ends_is_an_end_of_memory(end: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snapproof.checker.compiling.compile_text", lambda text: end())
    with pytest.raises(MemoryError):
        compile_apart("")


def _aborts() -> None:
    faulthandler.disable()
    os.abort()


def _no_memory() -> None:
    raise MemoryError


def test_a_mistake_in_the_text_is_told_as_by_the_compiler_itself() -> None:
    with pytest.raises(RuntimeError, match="parsing"):
        compile_apart("this is no LLVM text")


# --- the counterexample -------------------------------------------------------------------------------


def test_a_violation_is_told_although_the_time_for_its_counterexample_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = instance(tmp_path)

    def late(*given: Any) -> None:
        raise OutOfTime("time limit reached")

    monkeypatch.setattr(compiled, "path_to", late)
    result = search(made, list(made.spec.properties.values()), deadlock=False, reading="compiled")
    assert (result.verdict, result.counterexample, result.reason) == (Verdict.VIOLATED, None, "time limit reached")
