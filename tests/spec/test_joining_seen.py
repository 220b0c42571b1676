"""A local box is joined with the box before it only where no other process could see the difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_specifications import load

from snapproof.checker import Limits, Result, Verdict, search
from snapproof.spec.errors import DeclarationError
from snapproof.spec.instance import Instance
from snapproof.spec.scenario import Scenario

OTHERS = '''
from __future__ import annotations
from snapproof.spec import *

class S(State):
    x: int = variable(Flag(), "a cell")
    met: int = variable(Flag(), "was it met?")

class C(Scope):
    """No switches."""

class P(Process, letter="P", programs=True):
    """Works."""
    n: int = local(Flag(), "a number")
    a: int = argument(Range(0, 1), "an argument")

class Q(Process, letter="Q"):
    """Looks on."""

@step(P, "1", "-")
def begin(s: S, c: C, p: P) -> Next:
    """Says so."""
    s.x = 1
    p.n = 1
    return between

@step(P, "2", "-", local=True)
def between(s: S, c: C, p: P) -> Next:
    """Is between."""
    return after

@step(P, "3", "-")
def after(s: S, c: C, p: P) -> Next:
    """Goes on."""
    s.x = 0
    return finish

@step(P, "4", "-", local=True)
def finish(s: S, c: C, p: P) -> Next:
    """Ends."""
    return DONE

@step(P, "5", "-", local=True)
def first(s: S, c: C, p: P) -> Next:
    """Begins with a local box."""
    return begin

WORK = command(P, "work", "a", first=first, meaning="works")

@step(Q, "6", "-", rest=True)
def look(s: S, c: C, q: Q) -> Next:
    """Looks on."""
    for p in s.all(P):
        if CONDITION:
            s.met = 1
    return look

@invariant("unmet", "met")
def unmet(s: S, c: C) -> bool:
    """It is not met."""
    return s.met == 0

SPECIFICATION = Specification.of_module("others", S, C, __name__, Q=1)
'''


def found(of: Instance) -> Result:
    return search(of, list(of.spec.properties.values()), limits=Limits(seconds=60))


SEEN = {
    "that it is not yet where the box leads": ("s.x == 1 and not p.at(after)", "asks with at"),
    "where the box leads, among others": ("p.at(after, begin)", "asks with at"),
    "the box": ("p.at(between)", "asks whether this local box is next"),
    "a local that the end of the command resets": ("s.x == 0 and p.n == 1", "resets n"),
    "an argument of the command": ("s.x == 0 and p.a == 1 and not p.at(begin)", "resets a"),
    "that the command is not over": ("s.x == 0 and not p.idle and not p.at(begin)", "resets command"),
}


@pytest.mark.parametrize("what", SEEN)
def test_a_local_box_that_other_processes_could_see_is_refused(what: str, tmp_path: Path) -> None:
    condition, told = SEEN[what]
    with pytest.raises(DeclarationError, match=told):
        load(OTHERS.replace("CONDITION", condition), tmp_path)


UNSEEN = {"shared variables": "s.x == 1 and s.met == 0", "a box behind which no local one is": "p.at(begin)",
          "what comes behind boxes that nobody sees": "not p.at(begin) and s.x == 1"}


@pytest.mark.slow
@pytest.mark.parametrize("what", UNSEEN)
def test_a_local_box_that_nobody_sees_stays_joined(what: str, tmp_path: Path) -> None:
    spec = load(OTHERS.replace("CONDITION", UNSEEN[what]), tmp_path).SPECIFICATION
    of = Scenario("others", spec, hosts=[{"kind": "P", "program": ["work *", "work 1"]}]).instance()
    joined, every = found(of), found(of.with_every_box())
    assert joined.verdict is every.verdict and joined.distinct < every.distinct


@pytest.mark.slow
def test_what_others_could_see_would_change_the_verdict(tmp_path: Path) -> None:
    vouched = OTHERS.replace('Specification.of_module("others", S, C, __name__, Q=1)',
                             'Specification("others", S, C, [__import__("sys").modules[__name__]], {"Q": 1}, joins=True)')
    for condition in [c for c, _ in SEEN.values() if not c.startswith("p.at(")]:
        spec = load(vouched.replace("CONDITION", condition), tmp_path).SPECIFICATION
        of = Scenario("others", spec, hosts=[{"kind": "P", "program": ["work 1"]}]).instance()
        assert found(of.with_every_box()).verdict is Verdict.VIOLATED, condition
        assert found(of).verdict is Verdict.HOLDS, condition
