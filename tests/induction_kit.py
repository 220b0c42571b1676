"""A specification with small counterexamples to induction, and traces of them as `snapproof prove` writes them."""

from __future__ import annotations

from pathlib import Path

from cli_kit import run
from click.testing import Result

DIALS = '''
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Dials."""

class S(State):
    x = table(T, of=Range(0, 7), meaning="a dial")

class C(Scope):
    """No switches."""

class P(Process, letter="P"):
    """Turns dials."""

@step(P, "1", "-", rest=True)
def turn(s: S, c: C, p: P, t: T) -> Next:
    """A dial goes on by two."""
    s.x[t] = (s.x[t] + 2) % 8
    return turn

@invariant("even", "odd")
def even(s: S, c: C, t: T) -> bool:
    """Every dial stands at an even number."""
    return s.x[t] % 2 == 0

@invariant("not7", "seven")
def not7(s: S, c: C, t: T) -> bool:
    """No dial stands at seven."""
    return s.x[t] != 7

@invariant("not6", "six")
def not6(s: S, c: C, t: T) -> bool:
    """No dial stands at six (wrong after three steps)."""
    return s.x[t] != 6

@invariant("not0", "zero")
def not0(s: S, c: C, t: T) -> bool:
    """No dial stands at zero (wrong from the beginning)."""
    return s.x[t] != 0

SPECIFICATION = Specification.of_module("dials", S, C, __name__, T=2, P=2)
'''


QS = '''class Q(Process, letter="Q"):
    """Nobody."""
    n: int = local(Range(0, 7), "a number")

@step(Q, "2", "-", rest=True)
def count(s: S, c: C, q: Q) -> Next:
    """Counts up."""
    q.n = (q.n + 1) % 8
    return count

@invariant("seven", "not seven")
def seven(s: S, c: C, q: Q) -> bool:
    """Every Q stands at seven: wrong of any that there is."""
    return q.n == 7'''
"""Another kind of process, and a property of it."""


def dials(folder: Path, *changes: tuple[str, str]) -> str:
    """The path of the specification, after edits of its text."""
    text = DIALS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "dials.py").write_text(text)
    return str(folder / "dials.py")


def prove(*words: str) -> Result:
    """`snapproof prove`."""
    return run("prove", *words)


def written(folder: Path, *goals: str) -> Path:
    """The counterexample to induction of `not7`, five to seven, as a trace; with one process, so that it is P1."""
    spec = dials(folder, ("P=2", "P=1"))
    done = prove(*(goals or ("not7",)), "--scenario", spec, "--box", "turn", "--trace", str(folder / "t.json"))
    assert done.exit_code == 16, done.output
    return folder / "t.json"


def tried(*words: str) -> tuple[int, str]:
    """With more time than any of it takes on a busy machine, unless a test says otherwise."""
    done = prove("--seconds", "600", *words)
    return done.exit_code, done.output
