"""Loops and generators go over subsets, enumerations and tuples, and over products of them, with one meaning in all readings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import assert_readings_agree, instance_of, outcomes, states
from test_sets import text_of

from snapproof.spec import DeclarationError, EvaluationError, ScenarioError
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act

ENUMERATIONS = '''
class Colour(IntEnum):
    RED = 0
    GREEN = 1
    BLUE = 2

class Grade(IntEnum):
    LOW = 5
    TOP = -3
    HIGH = 5
    MIDDLE = 20

class Nothing(IntEnum):
    """No member."""

'''

VALUES = [
    # subsets: of an index set, of a set; every one, in order; quorums
    "sum(1 for q in c.subsets(T))", "sum(len(q) for q in c.subsets(T))", "sum(1 for q in c.subsets(m) if o <= q)",
    "next((len(q) for q in c.subsets(T) if s.b in q and s.a not in q), 9)", "any(q == o for q in c.subsets(m))",
    "all(q <= m for q in c.subsets(m))",
    "all(len(q & w) > 0 for q in c.subsets(T) if len(q) > 1 for w in c.subsets(T) if len(w) > 1)",
    "sum(1 for q in c.subsets(m | o) for u in q)",
    "any(len(q) * 2 > 3 and all(s.x[u] <= s.a for u in q) for q in c.subsets(T))", "max(len(q) for q in c.subsets(c.subset(T, s.f)))",
    "len(next(q for q in c.subsets(T) if len(q) == 2 and 1 not in q))", "sum(1 for q in c.subsets(grown(m, s.b % 3)))",
    "len(c.subset(T, (u for q in c.subsets(m) if len(q) == 1 for u in q)))", "sum(1 for q in c.subsets(m if s.f else o))",
    # the first of its kind may be a set or a record
    "next(q for q in c.subsets(T) if len(q) > 1) == m", "next((q for q in c.subsets(m) if q != m), o) <= m",
    "2 in next((q for q in (m, o)), m)",
    "next(r for r in (s.crew, Crew(who=m, lead=1)) if r.lead >= 0).lead", "next((s.sets[i] for i in c.each(T) if s.sets[i] == m), o) == o",
    "sum(i for i in next(q for q in c.subsets(T) if s.b % 3 in q))",
    "len(next(q for q in c.subsets(m) if all(w <= q for w in c.subsets(m))))",
    # enumerations, in the order of their declaration, without further names of one value
    "sum(k + 1 for k in Colour)", "next(k for k in Grade if k < 9)", "sum(k * 2 for k in Grade)", "sum(1 for k in Grade)",
    "min(k for k in Grade)",
    "any(k == s.b for k in Colour)", "sum(1 for k in Nothing)", "all(k for k in Nothing)",
    "sum(k * g for k in Colour for g in Grade if k < 2)",
    "max((k for k in Colour if k != s.b), default=-1)", "s.x[next(k for k in Colour if k >= s.b % 2)]", "sum(k for k in Mode)",
    # tuples
    "sum(n for n in (s.a, s.b, 3))", "next((n for n in (s.b, s.a, 7) if n < 0), 5)", "all(n > 0 for n in (1, 2))", "sum(n for n in (4,))",
    "sum(i * n for i in range(s.b) for n in (i, s.a))", "any(s.x[i] == s.a for i in (0, s.b % 3))", "sum(n * n for n in (2, 3, 4))",
    "max(n for n in (s.a > 0, s.b > 1))", "sum(len(q) for q in (m, o, m | o))", "any(q == o for q in (m, c.subset(T)))",
    "sum(len(r.who) for r in (s.crew, Crew(who=m, lead=0)))", "sum(n for n in (sum(i for i in range(s.b)), -1))",
    # a subset by a condition, and what is counted by one
    "len(c.subset(T, (i for i in c.each(T) if s.x[i] >= s.a)))", "sum(1 for i in c.each(T) if s.x[i] >= s.a)",
    "sum(1 for i in c.each(T) for k in c.each(T) if i < k and (i in m or k in o))",
]

STATEMENTS = [
    "e = 0\nfor q in c.subsets(T):\n    if s.b in q:\n        e += len(q)\ns.r[{n}] = e",
    "q = c.subset(T, 1)\nfor q in c.subsets(o):\n    pass\ns.r[{n}] = len(q)", "q = o\nfor q in c.subsets(T):\n    pass\ns.r[{n}] = len(q)",
    "e = 0\nfor q in c.subsets(m):\n    m = m.without(0)\n    e += 1\ns.r[{n}] = e * 4 + len(m)",
    "e = 0\nfor k in Grade:\n    e = e * 2 + k\ns.r[{n}] = e", "k = 50\nfor k in Colour:\n    pass\ns.r[{n}] = k",
    "k = 50\nfor k in Nothing:\n    pass\ns.r[{n}] = k", "a = s.a\nfor n in (a, s.b, 1):\n    a = a + n\ns.r[{n}] = a",
    "n = 9\nfor n in (s.a, s.b):\n    pass\ns.r[{n}] = n",
    "e = 0\nfor n in (1, 2):\n    for k in (n, s.b):\n        e = e * 3 + k\ns.r[{n}] = e",
    "e = 0\nfor n in (1, 2):\n    n = n + 1\n    e += n\nfor n in range(2):\n    e += n\ns.r[{n}] = e",
    "for q in (m, o):\n    s.sets[0] = q\ns.r[{n}] = len(s.sets[0])",
    "s.r[{n}] = 0\nfor q in c.subsets(m):\n    s.r[{n}] += first(s, c, q)",
]

HELPER = '''
def first(s: S, c: C, some: SetOf(T)) -> int:
    for q in c.subsets(some):
        for n in (s.b, 2):
            if n in q:
                return n
    return 0

'''


def whole(statements: list[str]) -> str:
    """The text of `test_sets`, with enumerations and a helper."""
    return text_of(statements).replace("class S(State):", ENUMERATIONS.lstrip() + "class S(State):", 1).replace(
        "@initial", HELPER.lstrip() + "@initial", 1)


@pytest.mark.slow
@pytest.mark.parametrize("statements", [[f"s.r[{n}] = {e}" for n, e in enumerate(VALUES[i::3])] for i in range(3)] + [STATEMENTS])
def test_what_is_gone_over_is_what_python_goes_over(statements: list[str], tmp_path: Path) -> None:
    assert_readings_agree(whole(statements), tmp_path, 2 * 5 * 3 * 2)


ONE = BASE.replace("class P(Process", "class P0(Process").replace("@step(P,", "@step(P0,").replace("p: P)", "p: P0)")
GO = "@action\ndef go(s: S, c: C) -> Signal:"


@pytest.mark.slow
@pytest.mark.parametrize(("value", "wrong"), [
    ("next(n for n in (2, s.x[s.x[0] + 5]))", True), ("any(len(q) == 9 or s.x[len(q)] == 7 for q in c.subsets(T))", True),
    ("next(n for n in (2, s.x[1]))", False), ("any(len(q) == 1 or s.x[3 * len(q)] == 7 for q in c.subsets(T))", False),
    ("next(s.x[2 * n] for n in (s.x[0], 1))", False)])
def test_parts_are_evaluated_before_the_first_is_taken_and_members_when_they_come(value: str, wrong: bool, tmp_path: Path) -> None:
    text = ONE + body(f"if s.g:\n    return WAIT\ns.y = {value} % 2\ns.g = 1\nreturn DONE", GO).replace("s.g", "s.x[1]")
    instance = instance_of(text + END.replace("T=2, P=1, Q=1", "T=2"), tmp_path)
    taken = act(instance, SymbolicState.known(instance, tuple(instance.start_cells())), instance.spec.actions[0])
    plain, compiled = outcomes(instance, deadlock=False)
    assert (plain == compiled == EvaluationError) == wrong and (taken.errors != FALSE) == wrong and (plain == compiled or wrong)


def test_too_many_subsets_are_refused_when_the_sizes_are_known(tmp_path: Path) -> None:
    text = ONE + body("s.y = sum(1 for q in c.subsets(T) if len(q) > 5) % 2\nreturn DONE", GO) + END.replace(", P=1, Q=1", "")
    instance_of(text, tmp_path, sizes={"T": 16})
    with pytest.raises(ScenarioError, match=r"subsets of T: a loop goes over 2\^17 of them.*at most 16 members"):
        instance_of(text, tmp_path, sizes={"T": 17})


def rows() -> list[str]:
    """What the table of the page on the language says is written."""
    page = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
    table = page[page.index("| wanted | written |"):].split("\n\n")[0]
    return [code for row in table.splitlines()[2:] for code in re.findall("`(.+?)`", row.split(" | ")[1])]


PAGE = '''
from __future__ import annotations
from snapproof.spec import *

class Track(IndexSet, letter="T"):
    """Tracks."""

class Node(IndexSet, letter="N"):
    """Nodes."""

class S(State):
    x = table(Track, of=Flag(), meaning="numbers")
    voted = table(Node, of=Flag(), meaning="who has voted")
    waiting: Members = variable(SetOf(Node), "who waits")
    k: int = variable(Range(0, 30), "what was found")

class C(Scope):
    """No switches."""

@action
def looks(s: S, c: C, some: SetOf(Node), mask: Mask(Node)) -> Signal:
    """Looks."""
    s.k = {sum}
    return DONE

@action
def moves(s: S, c: C, t: Track, n: Node) -> Signal:
    """Moves."""
    s.x[t] = 1 - s.x[t]
    s.voted[n] = 1 - s.voted[n]
    s.waiting = s.waiting ^ c.subset(Node, n)
    return DONE

SPECIFICATION = Specification.of_module("page", S, C, __name__, Track=2, Node=2)
'''


@pytest.mark.slow
def test_what_the_page_says_is_written_is_read_by_both_searches(tmp_path: Path) -> None:
    codes = [f"len({code})" if "subset(" in code and "sum(" not in code else code for code in rows()]
    assert len(codes) > 6
    text = PAGE.replace("{sum}", " + ".join(codes))
    found = [states(instance_of(text, tmp_path), reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1] and len(found[0]) > 4 * 4


REFUSED = {
    "a count of a generator": (
        "s.y = count(t for t in c.each(T) if s.x[t])", r"a count\(…\) of a generator.*sum\(1 for t in .*if"),
    "a length of a generator": ("s.y = len(t for t in c.each(T))", r"a len\(…\) of a generator.*c.subset"),
    "a length of a list": ("s.y = len([t for t in c.each(T) if s.x[t]])", r"a len\(…\) of a generator"),
    "subsets by themselves": ("q = c.subsets(T)", "all subsets by themselves are outside.*go over them"),
    "how many subsets": ("s.y = len(c.subsets(T))", "all subsets by themselves"),
    "subsets of nothing": ("for q in c.subsets():\n    pass", "this subsets.*c.subsets\\(Track\\)"),
    "subsets of two": ("for q in c.subsets(T, T):\n    pass", "this subsets"),
    "subsets of processes": ("for q in c.subsets(Q):\n    pass", "this subsets"),
    "subsets of a number": ("for q in c.subsets(s.y):\n    pass", "this subsets"),
    "a subset as a number": ("s.y = sum(q for q in c.subsets(T))", "a set of T as a number"),
    "nothing": ("for n in ():\n    pass", "a tuple of nothing"),
    "a tuple of both": ("for n in (1, c.subset(T)):\n    pass", "a tuple of a number and a set of T.*for x in"),
    "a tuple of processes": ("for q in (p, p):\n    pass", "the process 'p' as a value"),
    "a tuple of steps": ("for q in (last, DONE):\n    pass", "a step"),
    "a starred tuple": ("s.y = sum(n for n in (1, *c.each(T)))", "'starred'"),
    "a list": ("for n in [1, 2]:\n    pass", "this loop.*\\(A, B\\)"),
    "a class": ("s.y = sum(n for n in C)", "this generator.*an enumeration"),
    "an unknown name": ("s.y = sum(n for n in Kinds)", "'Kinds' is unknown"),
    "a default that is no set": (
        "s.y = len(next((q for q in c.subsets(T)), 0))", "a number for the default of next, which holds a set of T"),
    "a set by default": ("s.y = next((t for t in c.each(T)), c.subset(T))", "a set of T for the default of next, which holds a number"),
    "a set that is found": ("s.y = next(q for q in c.subsets(T))", "a set of T for this variable"),
    "the largest set": ("s.y = max(q for q in c.subsets(T))", "a set of T as a number"),
    "a name for both": ("q = 1\nfor q in c.subsets(T):\n    pass", "the name 'q' for a set of T here and a number"),
    "an enumeration too large": ("s.y = sum(n for n in Huge)", "the number 9223372036854775808 is outside"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_is_not_gone_over_is_refused_with_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    huge = "class Huge(IntEnum):\n    A = 1 << 63\n\n"
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        load(BASE + huge + body(lines + "\nreturn last") + END, tmp_path)
    assert caught.value.cause and caught.value.fix
