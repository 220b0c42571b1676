"""A property may be one of different processes or members: those of one kind or set never stand for the same one."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_kit import run
from random_specifications import load
from readings_kit import instance_of, outcomes

from snapproof.checker import search
from snapproof.spec import DeclarationError
from snapproof.spec.evaluator import Evaluator
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.property_expressions import holds_everywhere
from snapproof.symbolic.question import holds_in
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import evaluate
from snapproof.traces.record import record
from snapproof.traces.replay import replay

HEAD = '''
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """A set."""

class S(State):
    inside: int = variable(Range(0, 9), "how many are inside")
    x = table(T, of=Range(0, 2), meaning="numbers")

class C(Scope):
    """No switches."""

class P(Process, letter="P"):
    """Goes in and out."""

class Q(Process, letter="Q"):
    """Sets numbers."""

@step(P, "1", "Fig. 1", rest=True)
def enters(s: S, c: C, p: P) -> Next:
    """Goes in."""
    if s.inside >= {most}:
        return WAIT
    s.inside += 1
    return leaves

@step(P, "2", "Fig. 1", rest=True)
def leaves(s: S, c: C, p: P) -> Next:
    """Goes out."""
    s.inside -= 1
    return enters

@step(Q, "1", "Fig. 1", rest=True)
def sets(s: S, c: C, q: Q, t: T) -> Next:
    """Sets a number."""
    if any(s.x[u] == t + 1 for u in c.each(T)):
        return WAIT
    s.x[t] = t + 1
    return sets

'''
MUTEX = '''@invariant("I", "both are inside", distinct=True)
def one_inside(s: S, c: C, p: P, q: P) -> bool:
    """At most one is inside."""
    return not (p.at(leaves) and q.at(leaves))

'''
APART = '''@invariant("J", "equal numbers", distinct=True)
def numbers_differ(s: S, c: C, t: T, u: T) -> bool:
    """Those that are set differ."""
    return s.x[t] == 0 or s.x[t] != s.x[u]

'''
MOVES = '''@transition("M", "two are inside", steps=[enters], distinct=True)
def goes_in_alone(a: S, b: S, c: C, p: P, q: P) -> bool:
    """Nobody else is inside."""
    return not q.at(leaves)

'''
MEETS = '''@witness("W", distinct=True)
def meet(s: S, c: C, p: P, q: P) -> bool:
    """Two are inside."""
    return p.at(leaves) and q.at(leaves)

'''
THREE = MEETS.replace('"W"', '"V"').replace("meet(", "three(").replace("q: P", "q: P, r: P").replace("and q", "and r.at(leaves) and q")


def text(*parts: str, most: int = 1, p: int = 3) -> str:
    end = f'\nSPECIFICATION = Specification.of_module("m", S, C, __name__, T=2, P={p}, Q=1)\n'
    return HEAD.format(most=most) + "".join(parts) + end


@pytest.mark.slow
@pytest.mark.parametrize(("parts", "most", "wanted"), [
    ((MUTEX,), 1, ("holds", None)), ((MUTEX,), 2, ("violated", "I")), ((APART,), 2, ("holds", None)), ((MOVES,), 1, ("holds", None)),
    ((MOVES,), 2, ("violated", "M")), ((MUTEX, MEETS), 1, ("unreached", None)), ((MEETS,), 2, ("holds", None)),
    ((MEETS, THREE), 2, ("unreached", None)), ((MEETS, THREE), 3, ("holds", None))])
def test_both_searches_ask_it_of_different_ones_only(parts: tuple[str, ...], most: int, wanted: tuple[str, str | None],
                                                     tmp_path: Path) -> None:
    found = outcomes(instance_of(text(*parts, most=most), tmp_path))
    assert found[0] == found[1] and found[0][:2] == wanted


def test_a_counterexample_names_two_and_replays(tmp_path: Path) -> None:
    scenario = Scenario("s", load(text(MUTEX, most=2), tmp_path).SPECIFICATION)
    trace = record(scenario, search(scenario.instance(), scenario.checked()))
    assert trace.violation.arguments == {"p": "P1", "q": "P2"} and replay(trace, scenario.spec).fails
    moves = Scenario("s", load(text(MOVES, most=2), tmp_path).SPECIFICATION)
    trace = record(moves, search(moves.instance(), moves.checked()))
    assert trace.violation.arguments == {"p": "P2", "q": "P1"} and replay(trace, moves.spec).fails


@pytest.mark.slow
@pytest.mark.parametrize("part", [MUTEX, APART, MEETS, THREE], ids=["processes", "members", "witness", "three"])
def test_terms_and_the_evaluator_say_what_python_says(part: str, tmp_path: Path) -> None:
    instance = instance_of(text(part, most=3), tmp_path)
    machine, (p,) = Machine(instance), instance.spec.properties.values()
    free = SymbolicState.free(instance)
    everywhere, wrong = holds_in(instance, holds_everywhere(instance, p).function, free)
    for seed in range(60):
        cells = tuple(slot.low + (seed * 7 + i * i) % (slot.high - slot.low + 1)
                      for slot in instance.slots.values() for i in range(slot.length))
        judged = {}
        for values in machine.choices_of(p, 2):
            machine.thaw(cells)
            arguments = machine._arguments(p, 2, values)
            judged[values] = machine._judge(p, machine.state, machine.scope, *arguments)
            assert bool(Evaluator(machine).call(instance.spec.trees[p], [machine.state, machine.scope, *arguments])) == judged[values]
            answer = evaluate(instance, p, [SymbolicState.known(instance, cells)], values)
            assert bool(answer[0]) == judged[values]
            if len(set(values)) < len(values):
                assert judged[values] == (p.kind != "witness")
        assert free.terms.evaluate([everywhere, wrong], free.inputs_of(cells)) == [int(all(judged.values())), 0]


@pytest.mark.slow
def test_proofs_and_questions_ask_it_so(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(text(MUTEX, APART))
    assert run("query", "P1.step == leaves and P2.step == leaves", "--given", "I", "--spec", str(path)).exit_code != 0
    assert run("query", "P1.step == leaves", "--given", "I", "--spec", str(path)).exit_code == 0
    assert run("query", "not I", "--spec", str(path), "--reachable").exit_code != 0
    assert run("prove", "J", "--spec", str(path)).exit_code == 0
    assert run("prove", "I", "--spec", str(path)).exit_code != 0


@pytest.mark.slow
def test_one_that_nobody_can_break_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(text(MUTEX, p=1))
    done = run("prove", "I", "--spec", str(path))
    assert done.exit_code != 0 and "it speaks of 2 different P, and there is none at these sizes" in " ".join(done.output.split())
    assert "proves nothing" in run("check", str(path)).output
    assert run("check", str(path), "--set", "P=2", "--allow-unexecuted").exit_code == 0


REFUSED = {
    "one parameter": ("p: P, q: P", "p: P", "no two of its parameters are of one kind of process or index set"),
    "two kinds": ("q: P", "q: Q", "no two of its parameters"),
    "numbers": ("p: P, q: P", "p: P, q: Range(0, 1), r: Range(0, 1)", "no two of its parameters"),
    "a word": ("distinct=True", "distinct=1", "distinct=1 is neither True nor False"),
}


@pytest.mark.parametrize(("old", "new", "said"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_two_alike_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    whole = text(MUTEX.replace(" and q.at(leaves)", ""))
    assert whole.count(old) == 1
    with pytest.raises(DeclarationError) as refused:
        load(whole.replace(old, new), tmp_path)
    assert said in str(refused.value)
