"""States that do not satisfy a constraint are checked and not explored further, in both searches; verdicts say so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from random_specifications import load
from readings_kit import instance_of

from snapproof.checker import Limits, Result, search
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.plain import PlainSearch
from snapproof.spec import DeclarationError
from snapproof.spec.errors import PropertyError
from snapproof.spec.instance import Instance
from snapproof.spec.scenario import load_scenario

HEAD = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class Mode(IntEnum):
    OFF = 0
    ON = 1

class T(IndexSet, letter="T"):
    """A set."""

class S(State):
    n: int = variable(Range(0, 1000), "a number")
    x = table(T, of=Range(0, 9), meaning="numbers")

class C(Scope):
    """Where it ends."""
    most: int = constant(Range(0, 900), default=5, meaning="where it ends")
    where: Mode = switch(Mode, default=Mode.OFF, figure="-", meaning="where", setup=True)

'''
ACTION = '''@action
def grows(s: S, c: C) -> Signal:
    """Grows."""
    s.n += 1
    return DONE

'''
BOUND = '''@constraint
def small(s: S, c: C) -> bool:
    """It stays below a bound."""
    return s.n < c.most

'''
INVARIANT = '''@invariant("I", "too far")
def below(s: S, c: C) -> bool:
    """It never comes to {most}."""
    return s.n < {most}

'''
PROCESS = '''class P(Process, letter="P"):
    """Goes."""

@step(P, "1", "Fig. 1")
def goes(s: S, c: C, p: P) -> Next:
    """Goes on."""
    if s.n > {waits}:
        return WAIT
    s.n += 1
    return goes

'''
END = 'SPECIFICATION = Specification.of_module("m", S, C, __name__, T=2{more})\n'


def text(*parts: str, more: str = "") -> str:
    return "".join([HEAD, *parts, END.format(more=more)])


def both(instance: Instance, **how: Any) -> Result:
    """What both searches say, if they say the same."""
    one, other = (search(instance, list(instance.spec.properties.values()), reading=reading, **how)  # type: ignore[arg-type]
                  for reading in ("plain", "compiled"))
    for name in ("verdict", "distinct", "generated", "depth", "broken", "cut", "stuck", "unreached", "executed"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.line() == other.line()
    return one


def test_an_endless_specification_is_searched_to_the_end_of_a_part(tmp_path: Path) -> None:
    found = both(instance_of(text(ACTION, BOUND, INVARIANT.format(most=6)), tmp_path))
    assert found.line() == "holds within small (complete; 1 state not explored further)" and found.distinct == 6 and found.depth == 5


def test_a_state_beyond_is_checked(tmp_path: Path) -> None:
    found = both(instance_of(text(ACTION, BOUND, INVARIANT.format(most=5)), tmp_path))
    assert found.verdict.value == "violated" and found.counterexample is not None and len(found.counterexample) == 6


def test_what_happens_behind_it_is_not_found(tmp_path: Path) -> None:
    assert both(instance_of(text(ACTION, BOUND, INVARIANT.format(most=7)), tmp_path)).verdict.value == "holds"


@pytest.mark.slow
def test_code_of_another_bound_is_other_code(tmp_path: Path) -> None:
    for most in (3, 7, 3):
        assert both(instance_of(text(ACTION, BOUND, INVARIANT.format(most=900)), tmp_path, sizes={"most": most})).distinct == most + 1


def test_a_constraint_that_cuts_nothing_is_not_named_in_the_verdict(tmp_path: Path) -> None:
    wide = BOUND.replace("c.most", "1001")
    found = both(instance_of(text(ACTION.replace("    s.n += 1", "    s.n = min(3, s.n + 1)"), wide, INVARIANT.format(most=6)), tmp_path))
    assert found.line() == "holds (complete)" and found.constraints == ["small"] and found.cut == 0


@pytest.mark.slow
def test_a_state_that_is_cut_off_is_no_deadlock_and_nobody_is_stuck_before_it(tmp_path: Path) -> None:
    within = instance_of(text(PROCESS.format(waits=4), BOUND, INVARIANT.format(most=6), more=", P=2"), tmp_path)
    assert both(within).line() == "holds within small (complete; 1 state not explored further)"
    before = instance_of(text(PROCESS.format(waits=3), BOUND, INVARIANT.format(most=6), more=", P=2"), tmp_path)
    assert both(before).verdict.value == "deadlock"  # at 4, where it is still explored


@pytest.mark.slow
def test_who_is_stuck_within_it_is_found(tmp_path: Path) -> None:
    goes_on = 'class Q(Process, letter="Q"):\n    """Turns."""\n\n@step(Q, "1", "Fig. 1")\ndef turns(s: S, c: C, p: Q) -> Next:\n' \
              '    """Turns."""\n    s.x[0] = 1 - s.x[0]\n    return turns\n\n'
    stuck = instance_of(text(PROCESS.format(waits=3), goes_on, BOUND, INVARIANT.format(most=6), more=", P=1, Q=1"), tmp_path)
    assert both(stuck).line() == "stuck: P1 can never move again"
    cut = instance_of(text(PROCESS.format(waits=4), goes_on, BOUND, INVARIANT.format(most=6), more=", P=1, Q=1"), tmp_path)
    assert both(cut).verdict.value == "holds"


@pytest.mark.slow
def test_an_initial_state_beyond_is_checked_and_not_explored(tmp_path: Path) -> None:
    begins = '@initial\ndef start(s: S, c: C, k: Range(0, 9)) -> Signal:\n    """Begins."""\n    s.n = k\n    return DONE\n\n'
    found = both(instance_of(text(ACTION, begins, BOUND, INVARIANT.format(most=10)), tmp_path))
    assert (found.distinct, found.cut, found.verdict.value) == (10, 5, "holds")
    assert both(instance_of(text(ACTION, begins, BOUND, INVARIANT.format(most=9)), tmp_path)).verdict.value == "violated"


def test_several_constraints_hold_together_and_for_all_their_parameters(tmp_path: Path) -> None:
    other = '@action\ndef fills(s: S, c: C, t: T) -> Signal:\n    """Fills."""\n    s.x[t] = min(9, s.x[t] + 1)\n    return DONE\n\n' \
            '@constraint\ndef few(s: S, c: C, t: T, k: Range(3, 9)) -> bool:\n    """Few."""\n    return s.x[t] < k\n\n'
    found = both(instance_of(text(ACTION, other, BOUND, INVARIANT.format(most=6)), tmp_path))
    # Both below 3 and n below 5 are explored: 3 * 3 * 5; beside them lie those one step further.
    assert found.distinct == 45 + 9 + 2 * 15 and found.cut == found.distinct - 45
    assert found.line().startswith("holds within few and small (complete; 39 states")


@pytest.mark.slow
def test_a_witness_beyond_is_met_and_one_behind_is_not(tmp_path: Path) -> None:
    asks = '@witness("W")\ndef far(s: S, c: C) -> bool:\n    """It comes far."""\n    return s.n == {n}\n\n'
    assert both(instance_of(text(ACTION, BOUND, asks.format(n=5)), tmp_path)).verdict.value == "holds"
    found = both(instance_of(text(ACTION, BOUND, asks.format(n=6)), tmp_path))
    assert found.line() == "proves nothing: not reached within small W"


def test_a_search_goes_on_where_a_limit_stopped_it(tmp_path: Path) -> None:
    instance = instance_of(text(ACTION, BOUND, INVARIANT.format(most=900)), tmp_path, sizes={"most": 20})
    for kind in (PlainSearch, CompiledSearch):
        going = kind(instance, [])
        assert going.run(Limits(states=5)).verdict.value == "incomplete"
        done = going.run()
        assert (done.distinct, done.cut, done.verdict.value) == (21, 1, "holds")


def test_a_constraint_that_cannot_be_evaluated_is_told_with_its_name(tmp_path: Path) -> None:
    wrong = BOUND.replace("s.n < c.most", "s.x[s.n] == 0")
    instance = instance_of(text(ACTION, wrong, INVARIANT.format(most=900)), tmp_path)
    for reading in ("plain", "compiled"):
        with pytest.raises(PropertyError, match="small"):
            search(instance, [instance.spec.properties["I"]], reading=reading)  # type: ignore[arg-type]


BEYOND = BOUND.replace("s.n < c.most", "s.n < c.most and {} > 0").replace("small", "wide")
HELPER = '''def huge(n: int) -> int:
    return (1 << (n + 60)) + (1 << (n + 60))

'''


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "beside"), [("(1 << (s.n + 60)) + (1 << (s.n + 60))", ""), ("huge(s.n)", HELPER)])
def test_a_number_beyond_62_bits_is_an_error_of_the_constraint_and_of_no_step(asked: str, beside: str, tmp_path: Path) -> None:
    step = ACTION.replace("s.n += 1", "s.n += 1 if huge(0) > 0 else 2") if beside else ACTION
    instance = instance_of(text(HELPER if beside else "", step, BOUND, BEYOND.format(asked), INVARIANT.format(most=900)), tmp_path)
    assert search(instance, [instance.spec.properties["I"]], reading="plain").cut == 1  # it has no limit there
    with pytest.raises(PropertyError, match=r"m\S*py:\d+ wide.*62 bits"):
        search(instance, [instance.spec.properties["I"]], reading="compiled")


LOCAL = 'class P(Process, letter="P"):\n    """Goes."""\n    l: int = local(Range(0, 9), "a number")\n\n' \
        '@step(P, "1", "Fig. 1")\ndef goes(s: S, c: C, p: P) -> Next:\n    """Goes on."""\n    s.n += 1\n    return counts\n\n' \
        '@step(P, "2", "Fig. 1", local=True)\ndef counts(s: S, c: C, p: P) -> Next:\n    """Counts."""\n' \
        '    p.l = min(9, p.l + 1)\n    return goes\n\n' \
        '@constraint\ndef low(s: S, c: C, p: P) -> bool:\n    """Low."""\n    return not (p.at(counts) and p.l == 2)\n\n'


def test_a_local_box_that_a_constraint_can_tell_is_a_transition_of_its_own(tmp_path: Path) -> None:
    instance = instance_of(text(LOCAL, INVARIANT.format(most=900), more=", P=1"), tmp_path)
    found = both(instance)
    assert found.distinct == 6 and found.cut == 1


def test_the_command_line_says_how_far_it_went(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(text(ACTION, BOUND, INVARIANT.format(most=6)))
    done = run("check", str(path), "--junit", str(tmp_path / "j.xml"))
    assert done.exit_code == 0 and "within small: 1 of the states were checked and not explored further" in done.output
    assert "holds within small (complete; 1 state not explored further)" in (tmp_path / "j.xml").read_text()
    found = json.loads(run("check", str(path), "--json").stdout)["scenarios"][0]
    assert (found["constraints"], found["cut"]) == (["small"], 1) and found["line"].startswith("holds within small")


@pytest.mark.slow
def test_questions_are_answered_within_it_and_say_so_and_proofs_take_no_notice(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(text(ACTION, BOUND, INVARIANT.format(most=6)))
    asked = run("query", "n == 7", "--spec", str(path), "--reachable")
    assert asked.exit_code != 0 and "6 states, all within small; 1 state not explored further." in asked.output
    assert run("query", "n == 5", "--spec", str(path), "--reachable").exit_code == 0
    assert run("query", "n == 7", "--spec", str(path)).exit_code == 0
    proof = run("prove", "I", "--spec", str(path), "--reachable")
    assert proof.exit_code != 0 and "(6 states, all within small)" in " ".join(proof.output.split())


FILLS = '@action\ndef fills(s: S, c: C, t: T) -> Signal:\n    """Fills."""\n    s.x[t] = min(4, s.x[t] + 1)\n    return DONE\n\n' \
        '@constraint\ndef few(s: S, c: C, t: T) -> bool:\n    """Few."""\n    return s.x[t] < 3\n\n'
FINITE = ACTION.replace("s.n += 1", "s.n = min(6, s.n + 1)")


@pytest.mark.slow
@pytest.mark.parametrize(("kept", "line", "distinct"), [
    (None, "holds within few and small (complete; 39 states not explored further)", 84), ('["few"]', "holds within few (complete", 7 * 15),
    ('["small", "few"]', "holds within few and small (complete; 39", 84), ('["small"]', "holds within small (complete", 6 * 25),
    ("[]", "holds (complete)", 7 * 25)])
def test_a_scenario_says_which_constraints_it_keeps(kept: str | None, line: str, distinct: int, tmp_path: Path) -> None:
    spec = load(text(FINITE, FILLS, BOUND, INVARIANT.format(most=7)), tmp_path).SPECIFICATION
    path = tmp_path / "s.toml"
    path.write_text("[check]\n" + (f"constraints = {kept}\n" if kept else ""))
    found = both(load_scenario(path, spec).instance())
    assert found.line().startswith(line) and found.distinct == distinct


def test_a_constraint_that_is_not_kept_decides_nothing_not_even_which_boxes_are_joined(tmp_path: Path) -> None:
    whole = instance_of(text(LOCAL, INVARIANT.format(most=5), more=", P=1"), tmp_path)
    free = both(whole.within([], "here"))
    assert (free.cut, free.constraints, free.verdict.value) == (0, [], "violated")
    assert free.counterexample is not None and {len(taken.move.boxes) for taken in free.counterexample[1:]} == {2}


@pytest.mark.parametrize(("kept", "said"), [
    ('["smal"]', r"s.toml, \[check\] constraints: there is no constraint 'smal'. .*small"), ('"small"', "'small' is not a list"),
    ("[1]", r"\[check\] constraints: it is not a list of names")])
def test_a_constraint_that_there_is_not_is_refused_with_the_near_ones(kept: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(text(FINITE, BOUND, INVARIANT.format(most=7)))
    path = tmp_path / "s.toml"
    path.write_text(f"[check]\nconstraints = {kept}\n")
    done = run("check", str(path), "--spec", str(tmp_path / "m.py"))
    assert done.exit_code == 151 and re.search(said, " ".join(done.output.split())), done.output


SPOILED = {
    "no docstring": ('    """It stays below a bound."""\n', "", "the constraint has no docstring"),
    "a number of nothing": ("    return s.n < c.most", "    if s.n < c.most:\n        return True", "it can end without returning"),
    "it writes": ("    return s.n < c.most", "    s.n = 3\n    return True", "it writes|writes"),
    "a step": ("    return s.n < c.most", "    return WAIT", "step or a signal|instead"),
    "called": ("@constraint\n", "@constraint()\n", ""),
    "a strange parameter": (
        "s: S, c: C) -> bool:\n    \"\"\"It stays", "s: S, c: C, k: int) -> bool:\n    \"\"\"It stays", "'k' is not typed by"),
    "another order": (
        "s: S, c: C) -> bool:\n    \"\"\"It stays", "c: C, s: S) -> bool:\n    \"\"\"It stays", "its first parameters are not"),
    "a setup switch": ("s.n < c.most", "s.n < c.most + c.where", "declared with setup=True"),
    "not a function": ("@constraint\n", "@constraint\n@witness('W1')\n", "which is not a function"),
    "not a def": ("@constraint\ndef", "small = constraint(lambda s, c: True)\ndef", "which is not a function"),
}


@pytest.mark.parametrize(("old", "new", "said"), SPOILED.values(), ids=SPOILED)
def test_a_constraint_that_cannot_be_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    whole = text(ACTION, BOUND, INVARIANT.format(most=6))
    assert whole.count(old) == 1
    with pytest.raises((DeclarationError, TypeError) if not said else DeclarationError) as refused:
        load(whole.replace(old, new), tmp_path)
    assert any(word in str(refused.value) for word in said.split("|"))
