"""`q = s.process(Kind, number)` and `q = after.same(p)` name one process, in all three readings and without a loop."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_specifications import load
from readings_kit import instance_of, outcomes, states
from test_folds import one

from snapproof.spec import DeclarationError, EvaluationError
from snapproof.spec.machine import Machine
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import execute

HEAD = '''
from __future__ import annotations
from snapproof.spec import *

class S(State):
    lock: int = variable(ProcessNumber(), "who has it")
    told: int = variable(Range(-9, 9), "what was found")

class C(Scope):
    """No switches."""

class W(Process, letter="W"):
    """Somebody else."""
    n: int = local(Range(0, 3), "its number")

class P(Process, letter="P"):
    """Takes the lock."""
    n: int = local(Range(0, 3), "how often it was asked")

@step(W, "1", "Fig. 1", rest=True)
def idles(s: S, c: C, p: W) -> Next:
    """Does nothing."""
    return WAIT

@step(P, "1", "Fig. 1")
def takes(s: S, c: C, p: P) -> Next:
    """Takes it, if it is free."""
    if s.lock == 0:
        s.lock = p.number
    return asks

'''
ASKS = '''@step(P, "2", "Fig. 1")
def asks(s: S, c: C, p: P) -> Next:
    """Asks who has it."""
{lines}

'''
END = '\nSPECIFICATION = Specification.of_module("m", S, C, __name__, P=2, W=1)\n'
NAMED = "    q = s.process(P, s.lock)\n    s.told = q.id\n    if q.n < 3:\n        q.n += 1\n    return takes"
LOOKED = """    for q in s.all(P):
        if q.number == s.lock:
            s.told = q.id
            if q.n < 3:
                q.n += 1
    return takes"""
BRANCHES = """    if s.lock == p.number:
        q = s.same(p)
        t = takes
        if q.n < 3:
            q.n += 1
            return t
        return asks if q.at(takes) else t
    else:
        o = s.process(P, s.lock)
        s.told = sum(o.id + q.n for q in s.all(P) if q.number == o.number)
        return takes"""


def text(lines: str, more: str = "") -> str:
    return HEAD + ASKS.replace("{lines}", lines) + more + END


@pytest.mark.slow
def test_a_name_for_a_process_is_what_a_loop_that_looks_for_it_is(tmp_path: Path) -> None:
    found = [states(instance_of(text(lines), tmp_path), reading) for lines in (NAMED, LOOKED) for reading in ("plain", "compiled")]
    assert len(found[0]) > 20 and all(f == found[0] for f in found)


def test_the_name_stands_for_the_process_to_the_end_of_its_block(tmp_path: Path) -> None:
    instance = instance_of(text(BRANCHES), tmp_path)
    assert states(instance, "plain") == states(instance, "compiled")


@pytest.mark.parametrize("lines", [NAMED, BRANCHES], ids=["named", "branches"])
def test_terms_find_the_process_that_the_plain_reading_finds(lines: str, tmp_path: Path) -> None:
    """In known states and in free ones, in which the number of nobody is met, too."""
    instance = instance_of(text(lines), tmp_path)
    machine, free = Machine(instance), SymbolicState.free(instance)
    kind, step = instance.spec.kind("P"), instance.spec.step_named("P", "asks")
    assert step is not None
    general = execute(instance, free, kind, 0, step)
    reached = [cells for cells in states(instance, "plain") if machine.thaw(cells) or machine.step_at(machine.handles[-2]) is step]
    lock = instance.slots["", "lock"].offset
    for cells in [*reached, *(cells[:lock] + (n,) + cells[lock + 1:] for cells in reached for n in range(4))]:
        inputs = free.inputs_of(cells)
        try:
            taken = machine.run(cells, len(machine.handles) - 2, ())
        except EvaluationError:
            assert general.after.terms.evaluate([general.errors], inputs) == [1]
            continue
        known = execute(instance, SymbolicState.known(instance, cells), kind, 0, step)
        assert taken is not None and not known.errors and tuple(known.after.flat()) == taken.cells
        assert general.after.terms.evaluate([general.errors], inputs) == [0] and general.after.value(inputs) == taken.cells
    assert len(reached) > 5


@pytest.mark.slow
@pytest.mark.parametrize("number", ["0", "1", "4", "-3", "s.told + 9"])
def test_a_number_that_no_process_of_the_kind_has_is_an_error_in_every_reading(number: str, tmp_path: Path) -> None:
    instance = instance_of(text(f"    q = s.process(P, {number})\n    s.told = q.id\n    return takes"), tmp_path)
    assert outcomes(instance)[:2] == [EvaluationError, EvaluationError]


@pytest.mark.slow
def test_what_has_become_of_a_process_is_asked_of_the_state_behind_the_step(tmp_path: Path) -> None:
    for holds, wanted in (("q.n >= p.n", "holds"), ("q.n == p.n", "violated")):
        more = ('@transition("T", "lost", steps=[asks])\ndef grows(before: S, after: S, c: C, p: P) -> bool:\n    """It grows."""\n'
                f"    q = after.same(p)\n    return {holds}\n")
        found = outcomes(instance_of(text(NAMED, more), tmp_path))
        assert found[0] == found[1] and found[0][0] == wanted


REFUSED = {
    "p = s.process(P, 2)": "stands for something else", "q = 1\n    q = s.process(P, 2)": "stands for something else",
    "q = s.same(p)\n    q = s.same(p)": "stands for something else", "q = s.same(p)\n    q = 2": "to the state, the scope or a process",
    "q = s.same(s)": "this same", "q = s.process(2)": "this process", "s.told = s.process(P, 2).id": "outside the language",
    "s.told = f(s.same(p))": "middle of an expression", "if s.told:\n        q = s.same(p)\n    s.told = q.id": "function's own",
}


@pytest.mark.parametrize(("lines", "said"), REFUSED.items(), ids=REFUSED)
def test_a_name_stands_for_one_thing_and_is_given_on_a_line_of_its_own(lines: str, said: str, tmp_path: Path) -> None:
    helper = "def f(q: P) -> int:\n    return q.id\n\n"
    with pytest.raises(DeclarationError, match=said):
        load(HEAD + helper + ASKS.replace("{lines}", f"    {lines}\n    return takes") + END, tmp_path)


@pytest.mark.slow
def test_who_returns_from_a_long_loop_in_time_is_no_error_on_terms(tmp_path: Path) -> None:
    """Terms follow 64 rounds; beyond them is an error only for whoever goes there."""
    assert one("s.r = any(i == 60 for i in range(100))", tmp_path)[2] is False
    assert one("s.r = any(i == 70 for i in range(100))", tmp_path)[2] is True
