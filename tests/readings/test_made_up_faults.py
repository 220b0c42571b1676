"""What made-up specifications found: mistakes that are refused where they stand, with reasons, and answers that were wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load

from snapproof.checker import Verdict, search
from snapproof.spec import DeclarationError, EvaluationError
from snapproof.spec.errors import PropertyError
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.expressions import ExpressionError, parse_expression
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import execute

REFUSED = {
    "a choice among a kind without steps": (
        body("return DONE", "@action\ndef act(s: S, c: C, q: Q) -> Signal:"), "has no steps"),
    "a mask of an enumeration": (
        "class Mode(IntEnum):\n    A = 0\nclass M(State):\n    m: int = variable(Mask(Mode), 'm')\n", "not an index set"),
    "a table over a function": ("class M(State):\n    m = table(lambda n: 1, of=Flag(), meaning='m')\n", "not an index set"),
    "a variable of a number": ("class M(State):\n    m: int = variable(3, 'm')\n", "not a domain"),
    "a range from above to below": ("class M(State):\n    m: int = variable(Range(2, 1), 'm')\n", "not a range"),
    "a switch whose values have a gap": (
        "class Mode(IntEnum):\n    A = 0\n    B = 5\nclass D(Scope):\n"
        "    d: Mode = switch(Mode, default=Mode.A, figure='-', meaning='d')\n", "without gaps"),
    "a step of no process": (body("return DONE", '@step(S, "1", "-")\ndef box(s: S, c: C, p: P) -> Next:'), "kind of process"),
    "a property with scope and state exchanged": (
        body("return True", '@invariant("I", "v")\ndef inv(c: C, s: S) -> bool:'), "first parameters"),
    "a helper with an unknown annotation": (
        "def f(s: S, i: nothing) -> int:\n    return 1\n" + body("s.x[0] = f(s, 1)\nreturn last"), "annotation cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_a_mistake_in_a_declaration_is_refused(case: str, tmp_path: Path) -> None:
    text, _ = REFUSED[case]
    with pytest.raises(DeclarationError):
        load(BASE + text + END, tmp_path)


@pytest.mark.slow
def test_an_initial_choice_among_no_processes_leaves_no_initial_state_in_both_readings(tmp_path: Path) -> None:
    text = body("return DONE", "@initial\ndef start(s: S, c: C, q: P) -> Signal:")
    spec = load(BASE + text + END.replace("P=1", "P=0"), tmp_path).SPECIFICATION
    for reading in ("plain", "compiled"):
        with pytest.raises(EvaluationError, match="no initial state"):
            search(Instance(spec, {}, {}), [], reading=reading)  # type: ignore[arg-type]


# --- wrong answers that they found --------------------------------------------------------------------------

ERROR_BESIDE_A_PROPERTY = BASE + '''
@step(P, "1", "Fig. 1")
def leaves(s: S, c: C, p: P) -> Next:
    """Writes behind the table; by then other states of the same length of way have been expanded."""
    if s.x[0] == 0 or s.y >= 0:
        return WAIT
    s.x[s.y + 3] = 1
    return last

@step(Q, "1", "Fig. 1")
def moves(s: S, c: C, q: Q) -> Next:
    """Counts."""
    s.x[0] = (s.x[0] + 1) % 4
    return moves

@action
def turns(s: S, c: C) -> Signal:
    """Comes first among the successors."""
    s.y = 0 if s.y < 0 else -1
    return DONE

@invariant("I", "broken")
def fine(s: S, c: C) -> bool:
    """Every number is one of the domain."""
    return s.x[0] <= 3

GO = command(P, "go", first=leaves, meaning="x")
'''


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["plain", "compiled"])
def test_an_error_in_a_step_is_no_error_of_the_properties_of_states_before_it(reading: str, tmp_path: Path) -> None:
    spec = load(ERROR_BESIDE_A_PROPERTY + END.replace(", P=1", ""), tmp_path).SPECIFICATION
    scenario = Scenario("m", spec, hosts=[{"kind": "P", "menu": ["go"]}])
    with pytest.raises(EvaluationError) as caught:
        search(scenario.instance(), list(spec.properties.values()), reading=reading)
    assert not isinstance(caught.value, PropertyError)
    assert "leaves" in str(caught.value)


HEIRS = BASE.replace('class Q(Process, letter="Q"):\n    """Another kind."""', '''class B(Process, programs=True):
    """Runs programs; not all of its heirs do."""

class Q(B, letter="Q"):
    """An heir that runs none."""

class R(B, letter="R", programs=True):
    """An heir that does."""''') + '''
@step(B, "1", "Fig. 1")
def asks(s: S, c: C, b: B) -> Next:
    """Notes whether the process is idle."""
    s.x[0] = 1 + b.idle
    return asks

def rests(b: B) -> bool:
    return b.idle

@action
def looks(s: S, c: C, q: Q) -> Signal:
    """An action looks, too."""
    s.x[1] = 1 + rests(q)
    return DONE

@witness("idle")
def found(s: S, c: C) -> bool:
    """Both found it idle."""
    return s.x[0] == 2 and s.x[1] == 2

@invariant("busy", "a process without programs is at work")
def never(s: S, c: C) -> bool:
    """It is never found at work."""
    return s.x[0] != 1 and s.x[1] != 1
'''


@pytest.mark.slow
def test_a_process_that_runs_no_programs_is_idle_in_every_reading(tmp_path: Path) -> None:
    spec = load(HEIRS + END.replace(", P=1", ""), tmp_path).SPECIFICATION
    instance = Scenario("m", spec, hosts=[]).instance()
    for reading in ("plain", "compiled"):
        result = search(instance, list(spec.properties.values()), reading=reading)
        assert result.verdict is Verdict.HOLDS, reading
    state = SymbolicState.free(instance)
    after = execute(instance, state, spec.kind("Q"), 0, next(s for s in spec.steps["Q"] if s.name == "asks")).after
    assert after.cells["", "x"][0] == 2


def test_whether_a_process_without_programs_is_idle_is_no_question(tmp_path: Path) -> None:
    text = HEIRS.replace("q: Q) -> Signal", "b: Q) -> Signal").replace("rests(q)", "b.idle")
    with pytest.raises(DeclarationError, match="Q runs no programs, so it is always idle"):
        load(text + END.replace(", P=1", ""), tmp_path)


def test_whoever_has_arguments_runs_programs(tmp_path: Path) -> None:
    text = HEIRS.replace('''not all of its heirs do."""''', '''not all of its heirs do."""\n    b: int = argument(Flag(), "given")''')
    with pytest.raises(DeclarationError, match="kind Q: it has arguments, and runs no programs"):
        load(text + END.replace(", P=1", ""), tmp_path)


def test_a_command_of_two_kinds_is_told_by_the_kind_and_read_back(tmp_path: Path) -> None:
    text = BASE.replace('class Q(Process, letter="Q"):\n    """Another kind."""', '''class Q(Process, letter="Q", programs=True):
    """Another kind that runs programs."""
    a: int = argument(Member(T), "a track")''') + '''
@step(Q, "9", "Fig. 9")
def other(s: S, c: C, q: Q) -> Next:
    """Writes."""
    s.x[q.a] = 2
    return DONE

P_GO = command(P, "go", "a", first=last, meaning="x")
Q_GO = command(Q, "go", "a", first=other, meaning="x")
'''
    spec = load(text + END.replace(", P=1, Q=1", ""), tmp_path).SPECIFICATION
    hosts = [{"kind": kind, "program": ["go T1", "go T2"]} for kind in ("P", "Q")]
    instance = Scenario("m", spec, hosts=hosts).instance()
    machine, seen = Machine(instance, []), set()
    waiting = [t.cells for t in machine.initial()]
    while waiting:
        cells = waiting.pop()
        if cells not in seen:
            seen.add(cells)
            assert instance.read(instance.show(cells)) == cells
            waiting += [t.cells for t in machine.successors(cells)]
    shown = {(str(instance.show(c)["P1"]["command"]), str(instance.show(c)["Q1"]["command"])) for c in seen}
    assert ("go T1", "go T2") in shown and ("go T2", "go T1") in shown


def test_a_sum_with_a_flag_is_no_condition_of_a_question(tmp_path: Path) -> None:
    old = 'y: int = variable(Maybe(T), "one of them")'
    text = BASE.replace(old, f'{old}\n    f: int = variable(Flag(), "f")')
    instance = Instance(load(text + END, tmp_path).SPECIFICATION, {}, {})
    for question in ("f + 1", "1 - f", "f * f", "y & f == y or f + f"):
        with pytest.raises(ExpressionError, match="a value, not a condition"):
            parse_expression(instance, question)
    for question in ("f", "f & f", "f | f == 1", "f + 1 == 2", "not f ^ f"):
        parse_expression(instance, question)
