"""What a specification allows to end: behaviours anywhere (`deadlock=False`), or a kind of process (`rest=True`), in both searches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from random_specifications import load
from readings_kit import instance_of, outcomes

from snapproof.checker import Result, search
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.plain import PlainSearch
from snapproof.spec import DeclarationError, ScenarioError
from snapproof.spec.scenario import Scenario, load_scenario

TEXT = '''
from __future__ import annotations
from snapproof.spec import *

class S(State):
    n: int = variable(Range(0, 3), "a number")

class C(Scope):
    """No switches."""

class P(Process, letter="P"{first}):
    """Counts as far as it goes."""

class Q(Process, letter="Q"{second}):
    """Goes round for ever."""

@step(P, "1", "Fig. 1")
def counts(s: S, c: C, p: P) -> Next:
    """Counts."""
    if s.n == 3:
        return WAIT
    s.n += 1
    return counts

@step(Q, "1", "Fig. 2")
def goes(s: S, c: C, q: Q) -> Next:
    """Goes round."""
    return goes

@invariant("I", "too many")
def few(s: S, c: C) -> bool:
    """There are few."""
    return s.n <= 3

SPECIFICATION = Specification.of_module("m", S, C, __name__, {more}P={p}, Q={q})
'''
ACTIONS = '''
from __future__ import annotations
from snapproof.spec import *

class S(State):
    n: int = variable(Range(0, 3), "a number")

class C(Scope):
    """No switches."""

@action
def counts(s: S, c: C) -> Signal:
    """Counts."""
    if s.n == 3:
        return WAIT
    s.n += 1
    return DONE

@invariant("I", "too many")
def few(s: S, c: C) -> bool:
    """There are few."""
    return s.n <= 3

SPECIFICATION = Specification.of_module("m", S, C, __name__, deadlock=False)
'''


def text(first: str = "", second: str = "", more: str = "", p: int = 2, q: int = 0) -> str:
    return TEXT.format(first=first, second=second, more=more, p=p, q=q)


def searched(text: str, folder: Path, reading: str, **how: bool) -> Result:
    instance = instance_of(text, folder)
    return search(instance, list(instance.spec.properties.values()), reading=reading, **how)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize(("made", "wanted"), [
    (text(), "deadlock"), (text(q=1), "stuck"), (text(first=", rest=True"), "holds"), (text(first=", rest=True", q=1), "holds"),
    (text(second=", rest=True", q=1), "stuck"), (text(second=", rest=True"), "deadlock")])
def test_a_kind_that_rests_anywhere_is_no_deadlock_and_never_stuck(made: str, wanted: str, tmp_path: Path) -> None:
    found = outcomes(instance_of(made, tmp_path))
    assert found[0] == found[1] and found[0][0] == wanted


@pytest.mark.parametrize("reading", ["plain", "compiled"])
@pytest.mark.parametrize("made", [text(more="deadlock=False, "), text(more="deadlock=False, ", q=1), ACTIONS],
                         ids=["processes", "stuck", "actions"])
def test_behaviours_may_end_anywhere_where_the_specification_says_so(made: str, reading: str, tmp_path: Path) -> None:
    result = searched(made, tmp_path, reading)
    assert result.verdict.value == "holds"
    allowed = ["deadlocks"] if made is ACTIONS else ["deadlocks", "stuck processes"]
    assert result.line() == f"holds (complete; allowed: {', '.join(allowed)})" and result.summary()["allowed"] == allowed


@pytest.mark.parametrize("reading", ["plain", "compiled"])
def test_whoever_asks_is_answered_all_the_same(reading: str, tmp_path: Path) -> None:
    assert searched(text(more="deadlock=False, "), tmp_path, reading, deadlock=True).verdict.value == "deadlock"
    found = searched(text(more="deadlock=False, ", q=1), tmp_path, reading, stuck=True)
    assert found.verdict.value == "stuck" and found.allowed == ["deadlocks"]


@pytest.mark.parametrize("search", [PlainSearch, CompiledSearch])
@pytest.mark.parametrize(("more", "found"), [("", "deadlock"), ("deadlock=False, ", "holds")])
def test_a_search_that_is_not_told_does_as_the_specification_says(search: Any, more: str, found: str, tmp_path: Path) -> None:
    instance = instance_of(text(more=more), tmp_path)
    assert search(instance, []).run().verdict.value == found
    assert search(instance, [], None, stuck=None).run().verdict.value == found


def test_a_scenario_may_ask_for_deadlocks_and_expects_none_that_are_not_looked_for(tmp_path: Path) -> None:
    spec, path = load(text(more="deadlock=False, "), tmp_path).SPECIFICATION, tmp_path / "mine.toml"
    for check, wanted in (("", None), ("[check]\ndeadlock = true\n", True), ("[check]\ndeadlock = false\n", False)):
        path.write_text(check)
        assert load_scenario(path, spec).deadlock is wanted
    path.write_text('expect = "deadlock"\n')
    with pytest.raises(ScenarioError, match="the specification, by deadlock=False, switches it off. Write deadlock = true under"):
        load_scenario(path, spec)
    path.write_text('expect = "stuck"\n[check]\nstuck = true\n')
    assert load_scenario(path, spec).stuck


def test_a_verdict_without_what_is_allowed_says_what_it_said(tmp_path: Path) -> None:
    for made, line in ((text(p=0, q=1), "holds (complete)"),
                       (text(first=", rest=True", q=1), "holds (complete; allowed: P may rest anywhere)"),
                       (text(first=", rest=True", p=0, q=1), "holds (complete)")):
        assert searched(made, tmp_path, "plain").line() == line
    assert Scenario("s", load(text(), tmp_path).SPECIFICATION).deadlock is None


def test_the_command_says_what_is_allowed(tmp_path: Path) -> None:
    path, junit = tmp_path / "ends.py", tmp_path / "out.xml"
    path.write_text(ACTIONS)
    told = run("check", str(path), "--junit", str(junit))
    assert told.exit_code == 0 and "     allowed by the specification: deadlocks\n" in told.output
    assert "holds (complete; allowed: deadlocks)" in junit.read_text()
    assert json.loads(run("check", str(path), "--json").output)["scenarios"][0]["allowed"] == ["deadlocks"]


@pytest.mark.parametrize(("made", "said"), [
    (text(first=", rest=3"), "rest=3 is neither True nor False"), (text(more="deadlock=0, "), "deadlock=0 is neither True nor False"),
    (text().replace("class Q(", "class B(Process, rest=True):\n    pass\n\nclass Q("), "no letter, so it has no members that could rest")])
def test_what_is_allowed_is_said_with_true_or_false_of_kinds_with_members(made: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=said):
        load(made, tmp_path)
