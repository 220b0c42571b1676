"""Statements with sets of members that no function may have, by a word of the refusal, and sets that cannot be declared."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .parts import Parts
from .refused import declaring

DECLARED = """class Off9(IndexSet, letter='Ö'):
    'A set.'
class Off8(IndexSet, letter='Ä'):
    'Another.'
class Off5(Record):
    k: int = field(Flag(), 'a flag')
class Off3(Record):
    k: int = field(SetOf(Off9), 'a set')
def off7(a: SetOf(Off9)) -> int:
    return len(a)
def off6(a: SetOf(Off9)):
    return a
def off4(a: SetOf(Off9)) -> SetOf(Off9):
    return 1
"""

ACTION = """@action
def off0(s: S, c: C) -> Signal:
    'Off.'
    a9 = c.subset(Off9)
    b9 = c.subset(Off8, 0)
"""

STATEMENTS = {
    "k8 = a9 + 1": "a set of Off9 as a number", "if a9:\n    pass": "a set of Off9 as a condition", "k8 = a9 | 1": "between",
    "k8 = a9 + a9": "of sets", "k8 = a9 - b9": "between a set of Off9 and a set of Off8", "k8 = a9 == b9": "a comparison of",
    "k8 = a9 == 1": "a comparison of", "k8 = ~a9": "a set of Off9 as a number", "k8 = a9.with_()": "this with_",
    "k8 = a9.without(1, 2)": "this without", "k8 = a9.k": "the part 'k' of", "k8 = len(1)": "a length of this",
    "k8 = len(a9, a9)": "a length of this", "k8 = a9 in a9": "a set of Off9 as a number", "k8 = 1 in 2": "a test of membership",
    "a9 = 1": "the name 'a9' for", "k8 = a9 if c.size(Off9) else 1": "choice between", "k8 = off7(1)": "a number for",
    "k8 = off7(b9)": "a set of Off8 for", "k8 = has(a9, 1)": "which holds a number", "k8 = off6(a9)": "does not say so",
    "k8 = off4(a9)": "returns a number", "k8 = 1\nfor k9 in k8:\n    pass": "this loop",
    "k8 = sum(k9 for k9 in sorted(a9))": "this generator",
    "k8 = {1, 2}": "a set of Python", "k8 = {k9 for k9 in range(2)}": "a set of Python", "k8 = Off5(k=a9)": "a set of Off9 for the field k",
    "k8 = Off3(k=1)": "a number for the field k", "k8 = Off5(k=1).without(1)": "this expression", "return a9": "returns a set of Off9",
    "if WAIT:\n    pass": "a step as a condition", "k8 = c.subset()": "this subset",
    "k8 = c.subset(Off5)": "this loop or size", "k8 = c.subset(Off9, [1])": "the expression 'list'",
    "k8 = c.subset(Off9, a9)": "a set of Off9 as a number", "a9 += 1": "a set of Off9 as a number", "k8 = 1\nk8 -= a9": "between",
}

UNGATHERABLE = {
    "k9 = SetOf(int)": "not a class derived from IndexSet",
    f"{DECLARED}class Off1(State):\n    z: int = variable(SetOf(Off9), 'x', initial=1)": "initial=",
    f"{DECLARED}class Off1(Record):\n    z: int = field(SetOf(Off9), 'x', initial=1)": "no value for it",
    f"{DECLARED}@witness('W9')\ndef off1(s: S, c: C) -> SetOf(Off9):\n    'Off.'\n    return c.subset(Off9)":
        "returns a record, a union or a set",
}


def _acting(statement: str) -> str:
    return DECLARED + ACTION + "".join(f"    {line}\n" for line in statement.split("\n")) + "    return DONE\n"


SETS: list[tuple[str, str, Callable[[Parts], None]]] = [
    *[(text, said, declaring(_acting(text))) for text, said in STATEMENTS.items()],
    *[(text, said, declaring(text)) for text, said in UNGATHERABLE.items()]]
"""Those about sets of members, known by numbers of their own."""


def misgathered(text: str, chance: Random, number: int) -> tuple[str, str, str]:
    """The same with a mistake about sets of members."""
    m = Parts(text, chance)
    mistake, said, put = SETS[number % len(SETS)]
    put(m)
    return m.text(), said, mistake
