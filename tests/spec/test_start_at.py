"""An initial function says at which step a process begins, in all three readings; nobody else does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from random_specifications import load
from readings_kit import instance_of, outcomes, states

from snapproof.checker import search
from snapproof.spec import DeclarationError
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act
from snapproof.traces.record import record
from snapproof.traces.replay import replay

HEAD = '''
from __future__ import annotations
from snapproof.spec import *

class Place(IndexSet, letter="L"):
    """Where to begin."""

class S(State):
    turns: int = variable(Range(0, 3), "how often somebody came round")

class C(Scope):
    """No switches."""

class Base(Process):
    """Has no members."""

class P(Base, letter="P"):
    """Goes round."""
    n: int = local(Range(0, 2), "a number")

class Q(Process, letter="Q"):
    """Another kind."""

class R(Process, letter="R", programs=True):
    """Runs programs."""

POOL = figure(P, "pool", "Fig. 9", exits=("done",), meaning="a part")

@step(P, "1", "Fig. 1")
def first(s: S, c: C, p: P) -> Next:
    """Comes round."""
    if s.turns == 3:
        return WAIT
    s.turns += 1
    return second

@step(P, "2", "Fig. 1")
def second(s: S, c: C, p: P) -> Next:
    """Goes on."""
    p.n = 1
    return inward

@step(P, "3", "Fig. 1", local=True)
def inward(s: S, c: C, p: P) -> Next:
    """Joined with the box before it."""
    p.n = 2
    return third

@step(Base, "4", "Fig. 1", rest=True)
def third(s: S, c: C, p: Base) -> Next:
    """Ends."""
    return DONE

@step(P, "5", POOL)
def pooled(s: S, c: C, p: P) -> Next:
    """Of a figure."""
    return POOL.done

@step(P, "6", "Fig. 1")
def calls(s: S, c: C, p: P) -> Next:
    """Enters it."""
    return POOL.call(pooled, done=third)

@step(Q, "1", "Fig. 2", rest=True)
def stays(s: S, c: C, q: Q) -> Next:
    """Does nothing."""
    return WAIT

@step(R, "1", "Fig. 3")
def runs(s: S, c: C, r: R) -> Next:
    """Does what it is told."""
    return DONE

GO = command(R, "go", first=runs, meaning="goes")

'''
INITIAL = '''@initial
def start(s: S, c: C, e: Place, who: P, other: Q) -> Signal:
    """Where processes begin."""
{lines}
    return DONE

'''
END = '\nSPECIFICATION = Specification.of_module("m", S, C, __name__, Place=3, P=2, Q=1, R=0)\n'
CHOSEN = """    if who.id == 1 and e == 2:
        return WAIT
    if e == 0:
        who.start_at(second)
    elif e == 1:
        begin_at_the_end(s, who)
        s.turns = 2"""
HELPER = '''def begin_at_the_end(s: S, p: P) -> None:
    for q in s.all(P):
        q.start_at(calls)
    p.start_at(third)

'''


def text(lines: str, more: str = "") -> str:
    return HEAD + HELPER + more + INITIAL.replace("{lines}", lines) + END


def places(machine: Machine, cells: tuple[int, ...]) -> list[str]:
    machine.thaw(cells)
    return [machine.step_at(h).name for h in machine.handles]


def test_a_process_begins_where_the_initial_function_says(tmp_path: Path) -> None:
    machine = Machine(instance_of(text(CHOSEN), tmp_path))
    assert [places(machine, t.cells) for t in machine.initial()] == [
        ["second", "first", "stays"], ["first", "second", "stays"], ["third", "calls", "stays"], ["calls", "third", "stays"],
        ["first", "first", "stays"]]


def test_both_searches_visit_the_same_states(tmp_path: Path) -> None:
    instance = instance_of(text(CHOSEN), tmp_path)
    assert states(instance, "plain") == states(instance, "compiled") and len(states(instance, "plain")) > 20


def test_what_is_done_leads_to_the_first_step_wherever_a_process_began(tmp_path: Path) -> None:
    lines = "    who.start_at(third)"
    machine = Machine(instance_of(text(lines), tmp_path))
    begun = next(machine.initial()).cells
    assert places(machine, begun)[0] == "third"
    after = next(t for t in machine.successors(begun) if t.move.process == 0)
    assert places(machine, after.cells)[0] == "first"


def test_terms_begin_where_the_plain_reading_begins(tmp_path: Path) -> None:
    instance = instance_of(text(CHOSEN), tmp_path)
    machine, free = Machine(instance), SymbolicState.free(instance)
    declared = instance.spec.initials[0]
    for choices in machine.choices_of(declared, 2):
        general = act(instance, free, declared, choices)
        for cells in states(instance, "plain"):
            taken, known = machine.act(cells, declared, choices), act(instance, SymbolicState.known(instance, cells), declared, choices)
            inputs = free.inputs_of(cells)
            assert free.terms.evaluate([general.errors, general.waits], inputs) == [0, int(taken is None)]
            if taken is not None:
                assert tuple(known.after.flat()) == taken.cells == general.after.value(inputs)


def test_a_violation_from_an_initial_place_is_found_and_replays(tmp_path: Path) -> None:
    wrong = '@invariant("I", "late")\ndef early(s: S, c: C, p: P) -> bool:\n    """Nobody ends."""\n    return not p.at(third)\n\n'
    scenario = Scenario("s", load(text("    who.start_at(second)", wrong), tmp_path).SPECIFICATION)
    said = outcomes(scenario.instance())
    assert said[0] == said[1] and said[0][0] == "violated"
    trace = record(scenario, search(scenario.instance(), scenario.checked()))
    assert trace.initial.state["P1"]["step"] == "second" and len(trace.steps) == 1
    assert replay(trace, scenario.spec).fails


REFUSED = {
    "who.start_at(stays)": "a step of Q, where no P ever is", "who.start_at(inward)": "a local box",
    "who.start_at(pooled)": "a box of the figure pool, which is entered by calls", "who.start_at(DONE)": r"this start_at\(…\)",
    "who.start_at()": r"this start_at\(…\)", "who.start_at(first, second)": r"this start_at\(…\)",
    "who.start_at(step=first)": "this start_at",
    "who.start_at(POOL)": "this start_at", "k = who.start_at(first)": "middle of an expression",
    "for r in s.all(R):\n        r.start_at(runs)": "R runs programs, so it begins with the first command",
    "other.start_at(first)": "a step of P, where no Q ever is", "of_base(who)": "Base is a base without members",
}


@pytest.mark.slow
@pytest.mark.parametrize(("lines", "said"), REFUSED.items(), ids=REFUSED)
def test_a_process_begins_at_a_step_at_which_its_kind_may_stand(lines: str, said: str, tmp_path: Path) -> None:
    more = "def of_base(p: Base) -> None:\n    p.start_at(third)\n\n"
    with pytest.raises(DeclarationError, match=rf"py:\d+ \w+: .*{said}"):
        load(text(f"    {lines}", more), tmp_path)


@pytest.mark.parametrize(("header", "line", "returned"), [
    ("@step(Q, '2', 'Fig. 2')\ndef sends(s: S, c: C, q: Q, p: P) -> Next:", "p.start_at(first)", "DONE"),
    ("@step(Q, '2', 'Fig. 2')\ndef sends(s: S, c: C, q: Q, p: P) -> Next:", "begin_at_the_end(s, p)", "DONE"),
    ("@action\ndef sends(s: S, c: C, p: P) -> Signal:", "p.start_at(first)", "DONE"),
    ("@invariant('I', 'v')\ndef sends(s: S, c: C, p: P) -> bool:", "p.start_at(first)", "True")],
    ids=["step", "helper of a step", "action", "property"])
def test_only_initial_functions_say_where_a_process_begins(header: str, line: str, returned: str, tmp_path: Path) -> None:
    declared = f'{header}\n    """Sends another."""\n    {line}\n    return {returned}\n'
    with pytest.raises(DeclarationError, match=r"sends: it says where a process starts \(in \w+, line \d+\)"):
        load(text("    pass", declared), tmp_path)


OTHER = '''
from __future__ import annotations
from snapproof.spec import *
import parts_aside
from parts_aside import C, P, S

@step(P, "8", "Fig. 1", rest=True)
def own(s: S, c: C, p: P) -> Next:
    """Does nothing."""
    return WAIT

@initial
def start(s: S, c: C, who: P) -> Signal:
    """It begins elsewhere."""
    who.start_at(parts_aside.first)
    return DONE

SPECIFICATION = Specification.of_module("m", S, C, __name__, P=1)
'''


def test_the_step_is_one_of_the_specification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "parts_aside", load(HEAD, tmp_path))
    with pytest.raises(DeclarationError, match=r"py:\d+ start: it lets a process start at first, which is no step of this spec"):
        load(OTHER, tmp_path)
