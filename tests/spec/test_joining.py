"""Local boxes are joined with the box before them only where no property can tell: the verdict is that of every box."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from cli_kit import run
from random_specifications import load

from snapproof import storage
from snapproof.checker import Limits, Result, Verdict, search
from snapproof.spec.instance import Instance
from snapproof.spec.joining import can_tell, must_separate
from snapproof.spec.scenario import Scenario

TEXT = '''
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Cells."""

class S(State):
    x = table(T, of=Range(0, 1), meaning="a cell")
    y: int = variable(Range(0, 1), "another cell")

class C(Scope):
    """No switches."""

class P(Process, letter="P"):
    """Writes a cell in four boxes, two of them local."""
    n: int = local(Range(0, 3), "a number")
    m: int = local(Range(0, 3), "another number")

class Q(Process, letter="Q"):
    """Looks on."""

@step(P, "1", "-", rest=True)
def begin(s: S, c: C, p: P, t: T) -> Next:
    """Takes a cell."""
    s.x[t] = 1 - s.x[t]
    p.n = 1
    return count_up

@step(P, "2", "-", local=True)
def count_up(s: S, c: C, p: P) -> Next:
    """Counts."""
    p.n = p.n + 1
    return choose_way

@step(P, "3", "-", local=True)
def choose_way(s: S, c: C, p: P) -> Next:
    """Decides."""
    p.m = p.n
    if p.n == 2:
        return leave
    return end

@step(P, "4", "-")
def leave(s: S, c: C, p: P) -> Next:
    """Lets it go."""
    s.y = 1 - s.y
    p.n = 3
    return end

@step(P, "5", "-", local=True)
def end(s: S, c: C, p: P) -> Next:
    """Is done."""
    return DONE

@step(Q, "6", "-", rest=True)
def look(s: S, c: C, q: Q) -> Next:
    """Changes the other cell."""
    if s.x[0] == 1:
        return WAIT
    s.y = 1 - s.y
    return look

# properties

SPECIFICATION = Specification.of_module("joining", S, C, __name__, T=2, P=2, Q=1)
'''

BOXES = ["begin", "count_up", "choose_way", "leave", "end"]


def invariant(body: str, id: str = "inv", parameters: str = "p: P") -> str:
    return f'@invariant("{id}", "broken")\ndef {id}(s: S, c: C, {parameters}) -> bool:\n    """Holds."""\n{body}\n'


def instance(tmp_path: Path, *properties: str) -> Instance:
    spec = load(TEXT.replace("# properties", "\n".join(properties)), tmp_path).SPECIFICATION
    return Scenario("joining", spec).instance()


def searched(of: Instance, reading: str = "plain") -> Result:
    found = search(of, list(of.spec.properties.values()), reading=reading, limits=Limits(seconds=60))  # type: ignore[arg-type]
    assert found.verdict is not Verdict.INCOMPLETE
    return found


LOOKING = {
    "a local box": "    return not p.at(count_up)",
    "a window that a local box is in": "    return not p.at(count_up, leave) or p.n != 1",
    "a window that a local box is not in": "    return p.at(begin, leave) or s.y == s.y and p.n == 0",
    "a number between two local boxes": "    return p.n != 1",
    "what a local box resets": "    return p.n != 3",
    "a local box and what others do meanwhile": "    return not (p.at(choose_way) and s.y == 1 and s.x[0] == 0 and s.x[1] == 0)",
    "two processes at local boxes": "    for q in s.all(P):\n        if q.id != p.id and q.at(end) and p.at(count_up):\n"
                                    "            return False\n    return True",
    "a test before a return": "    if p.at(choose_way):\n        return False\n    return True",
    "a name": "    here = p.at(end)\n    return not here",
}


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["plain", "compiled"])
@pytest.mark.parametrize("what", LOOKING)
def test_an_invariant_sees_a_process_at_a_local_box(tmp_path: Path, what: str, reading: str) -> None:
    of = instance(tmp_path, invariant(LOOKING[what]))
    assert can_tell(of.spec, of.spec.properties.values())
    found = searched(of, reading)
    assert found.verdict is Verdict.VIOLATED
    assert not found.instance.fuse and of.fuse


NOT_LOOKING = {
    "shared variables": "    return s.y >= 0 and p.id >= 0",
    "a box that is not local": "    return not p.at(leave) or s.y <= 1",
    "both branches of a local box": "    return not p.at(count_up, choose_way, leave, end, begin) or s.y <= 1",
}


@pytest.mark.parametrize("what", NOT_LOOKING)
def test_boxes_stay_joined_where_no_property_can_tell(tmp_path: Path, what: str) -> None:
    of = instance(tmp_path, invariant(NOT_LOOKING[what]))
    joined, every = searched(of), searched(of.with_every_box())
    assert joined.instance.fuse and joined.distinct < every.distinct
    assert joined.verdict is every.verdict is Verdict.HOLDS


def test_a_witness_at_a_local_box_is_reached(tmp_path: Path) -> None:
    of = instance(tmp_path, '@witness("wit")\ndef wit(s: S, c: C, p: P) -> bool:\n    """Is there."""\n'
                            "    return p.at(choose_way) and s.y == 1")
    assert searched(of).verdict is Verdict.HOLDS


def test_a_transition_property_of_a_local_box_sees_what_others_did_before_it(tmp_path: Path) -> None:
    text = ('@transition("tra", "broken", steps=[count_up])\ndef tra(before: S, s: S, c: C, p: P) -> bool:\n    """Holds."""\n'
            "    return before.x[0] + before.x[1] > 0")
    of = instance(tmp_path, text)
    assert searched(of).verdict is Verdict.VIOLATED


def drawn(chance: random.Random, depth: int) -> str:
    """A random condition over boxes, numbers and cells."""
    if depth and chance.random() < 0.7:
        a, b = drawn(chance, depth - 1), drawn(chance, depth - 1)
        return chance.choice([f"({a} and {b})", f"({a} or {b})", f"not {a}", f"({a} if {b} else not {a})", f"({a}) == ({b})"])
    boxes = chance.choice([chance.sample(BOXES, chance.randint(1, 4)), ["leave"], BOXES[1:]])
    if chance.random() < 0.1:
        return chance.choice([f"p.n == {chance.randint(0, 3)}", f"p.m < {chance.randint(1, 3)}"])
    return chance.choice([f"p.at({', '.join(boxes)})", f"s.x[{chance.randint(0, 1)}] == 1", "s.y == 0"])


def body(chance: random.Random) -> str:
    shape = chance.choice(["plain", "early", "late", "loop"])
    if shape == "early":
        return f"    if {drawn(chance, 1)}:\n        return {chance.choice(['True', 'False'])}\n    return {drawn(chance, 1)}"
    if shape == "late":
        return f"    if {drawn(chance, 1)}:\n        return {drawn(chance, 1)}\n    else:\n        return {drawn(chance, 1)}"
    if shape == "loop":
        return (f"    for q in s.all(P):\n        if q.at({chance.choice(BOXES)}) and {drawn(chance, 0)}:\n"
                f"            return {chance.choice(['True', 'False'])}\n    return {drawn(chance, 1)}")
    return f"    return {drawn(chance, 3)}"


@pytest.mark.slow
def test_the_verdict_is_the_one_of_every_box_for_random_properties(tmp_path: Path) -> None:
    chance = random.Random(11)
    joined = 0
    for _ in range(120):
        text = invariant(body(chance)) if chance.random() < 0.7 else (
            f'@witness("wit")\ndef wit(s: S, c: C, p: P) -> bool:\n    """Is there."""\n{body(chance)}')
        of = instance(tmp_path, text)
        found, every = searched(of), searched(of.with_every_box())
        assert found.verdict is every.verdict, text
        joined += found.instance.fuse
    assert 10 < joined < 110  # both kinds are among them


# --- questions --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("question", ["P1.step == count_up", "P1.n == 1", "P1.step == end and P2.step == choose_way",
                                      "P1.step != begin and P1.step != leave", "P1.m == 2 and P1.n == 2 and P1.step == leave"])
def test_a_question_about_a_local_box_is_answered(tmp_path: Path, question: str) -> None:
    (tmp_path / "joining.py").write_text(TEXT)
    done = run("query", question, "--spec", str(tmp_path / "joining.py"), "--reachable", "--json")
    assert done.exit_code == 0, done.output


def test_a_question_that_cannot_tell_is_asked_of_joined_boxes(tmp_path: Path) -> None:
    (tmp_path / "joining.py").write_text(TEXT)
    done = run("query", "P1.step == leave and y == 1 and not y == 1", "--spec", str(tmp_path / "joining.py"), "--reachable")
    assert done.exit_code == 16


# --- who vouches for it ------------------------------------------------------------------------------


def test_the_storage_device_vouches_for_joining_and_the_audit_checks_it() -> None:
    spec = storage.device()
    every = list(spec.properties.values())
    assert spec.joins and can_tell(spec, every) and not must_separate(spec, every)
    assert "check --every-box" in (Path(__file__).parents[2] / "Makefile").read_text()


def test_a_question_with_no_answer_in_joined_boxes_separates_them_even_where_a_specification_vouches(tmp_path: Path) -> None:
    spec = load(TEXT.replace("# properties", invariant(LOOKING["a local box"])), tmp_path).SPECIFICATION
    spec.joins = True
    found = searched(Scenario("joining", spec).instance())
    assert found.verdict is Verdict.VIOLATED


def test_a_trace_of_separate_boxes_says_so_and_replays(tmp_path: Path) -> None:
    file = tmp_path / "joining.py"
    file.write_text(TEXT.replace("# properties", invariant(LOOKING["a number between two local boxes"])))
    assert run("check", str(file), "--trace-dir", str(tmp_path)).exit_code == 12
    (trace,) = tmp_path.glob("*.json")
    assert '"fused": false' in trace.read_text()
    assert run("replay", "--spec", str(file), str(trace)).exit_code == 0


def test_every_box_asked_for_stays_every_box(tmp_path: Path) -> None:
    of = instance(tmp_path, invariant(NOT_LOOKING["shared variables"]))
    scenario = replace(Scenario("joining", of.spec), fuse=False)
    assert not searched(scenario.instance()).instance.fuse
