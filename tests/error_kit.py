"""A specification whose properties and steps cannot all be evaluated."""

from __future__ import annotations

TEXT = '''
from __future__ import annotations
from snapproof.spec import *
class D(IndexSet, letter="d"):
    """Two."""
class S(State):
    n: int = variable(Range(0, 9), "a number")
    t = table(D, of=Range(0, 9), meaning="a table")
class C(Scope):
    """None."""
class P(Process, letter="P"):
    """Counts."""
@step(P, "1", "Fig. 1")
def up(s: S, c: C, p: P) -> Next:
    """Counts."""
    STEP
    s.n = (s.n + 1) % 10
    return up
@invariant("inv", "broken")
def inv(s: S, c: C) -> bool:
    """Holds."""
    return INV
@transition("tra", "broken", steps=[up])
def tra(before: S, s: S, c: C) -> bool:
    """Holds."""
    return TRA
@witness("wit")
def wit(s: S, c: C) -> bool:
    """Reached."""
    return WIT
SPECIFICATION = Specification.of_module("errors", S, C, __name__, D=2, P=1)
'''


USUAL = {"STEP": "s.t[0] = 1", "INV": "s.n < 10", "TRA": "s.n < 10", "WIT": "s.n == 9"}

