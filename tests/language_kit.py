"""A small specification to put boxes into: what is before and behind them."""

from __future__ import annotations

BASE = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Tracks."""

class S(State):
    x = table(T, of=Range(0, 3), meaning="numbers")
    y: int = variable(Maybe(T), "one of them")
    g: int = variable(Range(0, 3), "a ghost", ghost=True)

class C(Scope):
    """No switches."""

class P(Process, letter="P", programs=True):
    """Runs programs."""
    n: int = local(Range(0, 3), "a number")
    a: int = argument(Member(T), "a track")

class Q(Process, letter="Q"):
    """Another kind."""

@step(P, "9", "Fig. 9")
def last(s: S, c: C, p: P) -> Next:
    """Ends."""
    return DONE

'''


END = '\nSPECIFICATION = Specification.of_module("m", S, C, __name__, T=2, P=1, Q=1)\n'


def body(lines: str, header: str = '@step(P, "1", "Fig. 1")\ndef box(s: S, c: C, p: P) -> Next:') -> str:
    return f'{header}\n    """Does."""\n' + "\n".join(f"    {line}" for line in lines.split("\n")) + "\n"

