"""Sets of members are values: made, joined, asked and gone over with one meaning in all readings; mixing them with numbers is refused."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import assert_readings_agree, filled, instance_of, outcomes, states
from test_values import HEAD

from snapproof.spec import WAIT, DeclarationError, EvaluationError, ScenarioError
from snapproof.spec.evaluator import outcome
from snapproof.spec.machine import Machine
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act

HELPERS = '''
class Crew(Record):
    """Who does what."""
    who: int = field(SetOf(T), "who belongs to it")
    lead: int = field(Maybe(T), "who leads it")

def grown(some: SetOf(T), t: int) -> SetOf(T):
    return some if t < 0 else some.with_(t)

def size_of(some: Annotated[Members, SetOf(T)]) -> int:
    return len(some)
'''

CELLS = '''
    m: int = variable(SetOf(T), "a set")
    sets = table(T, of=SetOf(T), meaning="sets")
    crew: Crew = variable(RecordOf(Crew), "a crew")
'''


def with_sets(text: str) -> str:
    """A text of the other tests, with cells that hold sets."""
    return text.replace("from enum import", "from typing import Annotated\nfrom enum import", 1).replace(
        "class S(State):", HELPERS.lstrip() + "\nclass S(State):\n" + CELLS.strip("\n"))


SETUP = "m = c.subset(T, (i for i in c.each(T) if (s.b >> i) & 1))\no = c.subset(T, s.f, 2)\ns.m = m"

VALUES = [
    "len(m)", "len(o)", "s.b in m", "s.a in m", "s.a not in m", "(s.a in m) + (7 in o)", "len(m | o)", "len(m & o)", "len(m - o)",
    "len(m ^ o)", "m == o", "m != o", "m <= o", "m < o", "m >= o", "m > o", "m < m", "m <= m", "m & o <= m <= m | o", "len(s.m)",
    "s.m == m", "1 in s.m", "s.m.with_(1) == m", "len(m.with_(2).with_(s.f))", "len(m.without(s.a))", "m.without(s.b) == m",
    "len(c.subset(T))", "m == c.subset(T)", "c.subset(T, 1) <= m", "c.subset(T, (i for i in c.each(T))) >= m", "2 in (m | o)",
    "sum(i + 1 for i in m)", "any(i == s.a for i in m)", "all(i in o for i in m)", "next((i for i in m), -1)",
    "max((i for i in m | o), default=9)", "sum(1 for i in m for k in o if i < k)", "sum(len(m) for i in m)",
    "len(c.subset(T, (i for i in m if i not in o)))", "len(grown(m, s.a - 1 if s.a > 0 else -1))", "size_of(m | o)", "size_of(grown(m, 2))",
    "len(m if s.f else o)", "(m if s.f else o) == m", "s.a in m and s.b in o", "len(s.sets[1])", "s.sets[0] == s.sets[2]",
    "len(c.subset(T, (i for i in range(s.b) if i < 3)))", "next((i for i in (m if s.f else o)), 5)", "2 in Crew(who=o, lead=-1).who",
    "len(Crew(who=m, lead=0).with_(who=o).who)", "Crew(who=m, lead=0) == Crew(who=o, lead=0)", "len(s.crew.who)", "m.without(-1) == m",
    "sum(len(c.subset(T, (k for k in m if k <= i))) for i in o)", "1 in c.subset(T, 1, s.f)",
]

STATEMENTS = [
    "e = 0\nfor i in m:\n    e += i + 1\ns.r[{n}] = e", "i = 7\nfor i in m:\n    pass\ns.r[{n}] = i",
    "e = 0\nfor i in s.m:\n    s.m = s.m.without(i)\n    e += 1\ns.r[{n}] = e * 10 + len(s.m)",
    "e = 0\nfor i in m:\n    for k in o:\n        e += i * 3 + k\ns.r[{n}] = e", "q = m\nq |= o\ns.r[{n}] = len(q)",
    "q = m\nq -= o\nq ^= m\ns.r[{n}] = len(q)", "s.sets[1] = o\ns.sets[1] &= m\ns.r[{n}] = len(s.sets[1])",
    "s.crew = Crew(who=m, lead=1)\ns.r[{n}] = len(s.crew.who)", "s.sets[s.f] = m | o if s.f else m\ns.r[{n}] = len(s.sets[0] | s.sets[1])",
    "w = c.subset(T)\nfor i in range(3):\n    if i in o:\n        w = w.with_(i)\ns.r[{n}] = w == o",
    "e = 0\nfor i in s.crew.who:\n    i = i + 5\n    e = i\ns.r[{n}] = e", "e = 0\nfor i in m | o:\n    e = e * 4 + i\ns.r[{n}] = e",
]


def text_of(statements: list[str]) -> str:
    return with_sets(filled(HEAD, statements, SETUP))


@pytest.mark.slow
def test_values_of_sets_are_those_of_python(tmp_path: Path) -> None:
    assert_readings_agree(text_of([f"s.r[{n}] = {e}" for n, e in enumerate(VALUES)]), tmp_path, 2 * 5 * 3 * 2)


@pytest.mark.slow
def test_statements_with_sets_do_as_python_does(tmp_path: Path) -> None:
    assert_readings_agree(text_of(STATEMENTS), tmp_path, 2 * 5 * 3 * 2)


ONE = with_sets(BASE).replace(
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""',
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""\n    mine: int = local(SetOf(T), "its set")')
GO = "@action\ndef go(s: S, c: C) -> Signal:"

FAILING = ["m = c.subset(T, 3)", "m = c.subset(T, -1)", "m = s.m.with_(3)", "m = s.m.with_(-1)", "m = c.subset(T, (i for i in range(4)))",
           "s.m = grown(s.m, 5)"]


@pytest.mark.slow
@pytest.mark.parametrize("lines", FAILING)
def test_what_is_no_member_is_an_error_where_it_joins_a_set(lines: str, tmp_path: Path) -> None:
    text = ONE.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)") \
        + body("if s.x[0]:\n    return WAIT\n" + lines + "\ns.x[0] = 1\nreturn DONE", GO) + END.replace(", P=1, Q=1", "")
    instance = instance_of(text, tmp_path)
    taken = act(instance, SymbolicState.known(instance, tuple(instance.start_cells())), instance.spec.actions[0])
    assert [*outcomes(instance, deadlock=False), taken.errors != FALSE] == [EvaluationError, EvaluationError, True]


def test_a_set_may_be_chosen_and_every_subset_is(tmp_path: Path) -> None:
    chosen = "@action\ndef go(s: S, c: C, some: SetOf(T)) -> Signal:"
    text = ONE.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)") \
        + body("if len(some) == 2 or s.m == some:\n    return WAIT\ns.m = some\nreturn DONE", chosen) \
        + body("return some <= s.m or len(some | s.m) > 0", '@invariant("I", "v")\ndef inv(s: S, c: C, some: SetOf(T)) -> bool:') \
        + END.replace(", P=1, Q=1", "")
    instance = instance_of(text, tmp_path, sizes={"T": 3})
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1]
    assert {tuple(instance.show(cells)["m"]) for cells in found[0]} == {(), ("T1",), ("T2",), ("T3",), ("T1", "T2", "T3")}
    assert outcomes(instance, deadlock=False)[0] == outcomes(instance, deadlock=False)[1]
    machine, go = Machine(instance, []), instance.spec.actions[0]
    for cells, some in itertools.product(found[0], range(8)):
        taken, known = machine.act(cells, go, (some,)), act(instance, SymbolicState.known(instance, cells), go, (some,))
        assert bool(known.waits) == (taken is None) and (taken is None or tuple(known.after.flat()) == taken.cells)
        assert (outcome(machine, cells, go, None, (some,)).target is WAIT) == (taken is None)


def test_a_set_begins_empty_and_is_shown_and_read_by_its_members(tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path, sizes={"T": 3})
    slot = instance.slots["", "m"]
    assert instance.show(instance.start_cells())["m"] == [] and (slot.low, slot.high) == (0, 7)
    for cell in range(8):
        assert slot.domain.encode(slot.domain.decode(cell, instance.sizes), instance.sizes) == cell
        assert slot.domain.read(slot.domain.show(cell, instance.sizes), instance.sizes) == cell
    assert repr(slot.domain.decode(5, instance.sizes)) == "{T1, T3}"


def test_an_argument_of_a_command_is_a_set_written_as_one_word(tmp_path: Path) -> None:
    argument = 'a: int = argument(Member(T), "a track")\n    said: int = argument(SetOf(T), "whom")'
    text = ONE.replace('a: int = argument(Member(T), "a track")', argument) + body("p.mine = p.said\nreturn last")
    text += 'GO = command(P, "go", "said", first=box, meaning="goes")\n' + END
    instance = instance_of(text, tmp_path, sizes={"T": 3}, hosts=[{"kind": "P", "program": ["go {T1,T3}"]}])
    assert instance.invocations[0].show(instance.spec.kinds[0], instance.sizes) == "go {T1,T3}"
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1] and any(instance.show(c)["P1"]["mine"] == ["T1", "T3"] for c in found[0])


def test_a_set_that_does_not_fit_a_cell_is_refused(tmp_path: Path) -> None:
    used = body("return last if len(c.subset(T, (i for i in c.each(T)))) else DONE")
    with pytest.raises(ScenarioError, match="set of T: it takes 63 bits .*a table of flags"):
        instance_of(BASE + used + END, tmp_path, sizes={"T": 63})


REFUSED = {
    "a set as a number": ("s.y = s.m", "a set of T for this variable, which holds a number.*len"),
    "a set added": ("s.y = s.m + 1", "a set of T as a number.*c.subset"),
    "a number joined": ("s.m = s.m | 1", "\\| between a set of T and a number.*c.subset\\(Track, t\\)"),
    "a sum of sets": ("s.m = s.m + s.m", r"\+ of sets.*\|, &"),
    "a set as a condition": ("if s.m:\n    s.y = 1", "a set of T as a condition.*len"),
    "a set that is looked at": ("s.y = not s.m", "a set of T as a condition|a set of T as a number"),
    "a complement": ("s.m = ~s.m", "a set of T as a number"),
    "a set as an index": ("s.x[s.m] = 1", "a set of T as a number"),
    "a number as a set": ("s.m = 3", "which holds a set of T.*c.subset\\(T, …\\)"),
    "sets of two index sets": ("s.m = s.m | c.subset(U, 1)", "between a set of T and a set of U"),
    "a comparison of two index sets": ("s.y = s.m == c.subset(U, 1)", "a comparison of a set of T with a set of U"),
    "a set and a number": ("s.y = s.m == 3", "a comparison of a set of T with a number.*ask with in or len"),
    "a set in a set": ("s.y = s.m in s.m", "a set of T as a number"),
    "a number of which is asked": ("s.y = 1 in s.y", "a test of membership in this"),
    "a name for two shapes": ("n = s.m\nn = 1", "the name 'n' for a number here and a set of T elsewhere"),
    "a choice of two shapes": ("n = s.m if s.y else 1", "a choice between a set of T and a number"),
    "a parameter": ("s.y = size_of(s.y)", "a number for the parameter some, which holds a set of T"),
    "a set for a mask": ("s.y = has(s.m, 1)", "a set of T for the parameter mask, which holds a number"),
    "a record added to it": ("s.y += s.crew", "a record Crew as a number"), "a set added to it": ("s.y += s.m", "a set of T as a number"),
    "this subset": ("s.m = c.subset()", "this subset.*c.subset\\(Track, t, u\\)"),
    "a subset of processes": ("s.m = c.subset(P)", "this subset"),
    "a list": ("s.m = c.subset(T, [1])", "the expression 'list'"), "a set of Python": ("s.m = {i for i in c.each(T)}", "c.subset"),
    "a set of numbers of Python": ("s.m = {1, 2}", "c.subset"),
    "with nothing": ("s.m = s.m.with_()", "this with_.*one member"), "without two": ("s.m = s.m.without(1, 2)", "this without"),
    "a length of a number": ("s.y = len(s.y)", "a length of this.*set of members"),
    "a length of two": ("s.y = len(s.m, s.m)", "a length of this"),
    "a part": ("s.y = s.m.lead", "the part 'lead' of a set of T"),
    "a loop over a number": ("for i in s.y:\n    s.y = 1", "this loop.*set of members"),
    "a generator over a number": ("s.y = sum(i for i in s.y)", "this generator"),
    "a call that is gone over": ("for i in sorted(s.m):\n    s.y = 1", "this loop"),
    "a set that is a next box": ("return s.m", "returns a set of T, and says -> Next"),
    "a helper without its word": ("s.y = len(silent(s.m))", "returns a set of T, and does not say so.*-> SetOf\\(T\\)"),
    "a helper that says another": ("s.m = wrong(s.m)", "returns a number, and says -> SetOf\\(T\\).*Return a set of T"),
    "a field with a beginning": ("n = Other(it=s.m)", "is no value for it"),
}

WRONG = '''
class U(IndexSet, letter="U"):
    """Another set."""

def silent(m: SetOf(T)):
    return m

def wrong(m: SetOf(T)) -> SetOf(T):
    return 3

'''


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_mixes_sets_and_numbers_is_refused_with_its_line_and_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    other = 'class Other(Record):\n    it: int = field(SetOf(T), "x", initial=1)\n\n' if case == "a field with a beginning" else ""
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        load(ONE + WRONG + other + body(lines + "\nreturn last") + END, tmp_path)
    assert caught.value.cause and caught.value.fix


def test_a_property_says_true_or_false_and_no_set(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="returns a record, a union, a set"):
        load(ONE + body("return s.m", '@invariant("I", "v")\ndef inv(s: S, c: C) -> SetOf(T):') + body("return last") + END, tmp_path)
