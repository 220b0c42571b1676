"""Statements with sets of members that no function may have, by a word of the refusal, and sets that cannot be declared."""

from __future__ import annotations

from .known import Known, acting
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

WHOLE = {
    "k8 = f9 + 1": "a whole table over Off9 and Off9 as a number", "k8 = f9[0]": "1 indices of a whole table",
    "k8 = f9 == 1": "a comparison of", "k8 = f9.k": "the part 'k' of a whole table", "k8 = f9 < f9": "an order of",
    "k8 = off2(1)": "a number for the parameter f", "f9 = 1": "the name 'f9' for", "k8 = off1(f9)": "does not say so",
    "offb(s, f9)": "for the table 'z'", "offc(s, f9)": "a number for the cells of y",
}

STATEMENTS = {
    "k8 = a9 + 1": "a set of Off9 as a number", "if a9:\n    pass": "a set of Off9 as a condition", "k8 = a9 | 1": "between",
    "k8 = a9 + a9": "of sets", "k8 = a9 - b9": "between a set of Off9 and a set of Off8", "k8 = a9 == b9": "a comparison of",
    "k8 = a9 == 1": "a comparison of", "k8 = ~a9": "a set of Off9 as a number", "k8 = a9.with_()": "this with_",
    "k8 = len(k9 for k9 in a9)": "of a generator", "k8 = c.subsets(Off9)": "all subsets", "k8 = len(c.subsets(a9))": "all subsets",
    "for k9 in c.subsets(Off5):\n    pass": "this subsets", "for k9 in c.subsets(a9, b9):\n    pass": "this subsets",
    "for k9 in (a9, b9):\n    pass": "a tuple of a set of Off9 and a set of Off8", "for k9 in ():\n    pass": "a tuple of nothing",
    "k8 = len(next((k9 for k9 in c.subsets(a9)), 1))": "a number for the default", "k8 = next(k9 for k9 in (a9, a9)) + 1": "as a number",
    "k8 = a9.without(1, 2)": "this without", "k8 = a9.k": "the part 'k' of", "k8 = len(1)": "a length of this",
    "k8 = len(a9, a9)": "a length of this", "k8 = a9 in a9": "a set of Off9 as a number", "k8 = 1 in 2": "a test of membership",
    "a9 = 1": "the name 'a9' for", "k8 = a9 if c.size(Off9) else 1": "choice between", "k8 = off7(1)": "a number for",
    "k8 = off7(b9)": "a set of Off8 for", "k8 = has(a9, 1)": "which holds a number", "k8 = off6(a9)": "does not say so",
    "k8 = off4(a9)": "returns a number", "k8 = 1\nfor k9 in k8:\n    pass": "this loop",
    "k8 = sum(k9 for k9 in sorted(a9))": "this generator",
    "k8 = {1, 2}": "a set of Python", "k8 = {k9 for k9 in range(2)}": "a set of Python", "k8 = Off5(k=a9)": "a set of Off9 for the field k",
    "k8 = Off3(k=1)": "a number for the field k", "k8 = Off5(k=1).without(1)": "a call of .without of a record",
    "return a9": "returns a set of Off9",
    "if WAIT:\n    pass": "a step as a condition", "k8 = c.subset()": "this subset",
    "k8 = c.subset(Off5)": "this loop or size", "k8 = c.subset(Off9, [1])": "the expression 'list'",
    "k8 = c.subset(Off9, a9)": "a set of Off9 as a number", "a9 += 1": "a set of Off9 as a number", "k8 = 1\nk8 -= a9": "between",
}

UNGATHERABLE = {
    "k9 = SetOf(int)": "not a class derived from IndexSet",
    f"{DECLARED}class Off1(State):\n    z: int = variable(SetOf(Off9), 'x', initial=1)": "initial=",
    f"{DECLARED}class Off1(Record):\n    z: int = field(SetOf(Off9), 'x', initial=1)": "no value for it",
    f"{DECLARED}@witness('W9')\ndef off1(s: S, c: C) -> SetOf(Off9):\n    'Off.'\n    return c.subset(Off9)":
        "returns a record, a union, a set",
}


UNWHOLE = {
    "k9 = TableOf(of=Flag())": "no index set", "k9 = TableOf(3, of=Flag())": "not a class",
    f"{DECLARED}k9 = TableOf(Off9, of=3)": "not a domain", f"{DECLARED}k9 = TableOf(Off9, of=SetOf(Off9))": "no numbers",
    f"{DECLARED}class Off1(State):\n    z: int = variable(TableOf(Off9, of=Flag()), 'x')": "in no cell",
}

WHOLES = """class Offa(State):
    z = table(Off8, of=Flag(), meaning='x')
    y = table(Off9, Off9, of=SetOf(Off9), meaning='x')
def offb(s: Offa, f: TableOf(Off9, Off9, of=Flag())) -> int:
    s.z = f
def offc(s: Offa, f: TableOf(Off9, Off9, of=Flag())) -> int:
    s.y = f
def off2(f: TableOf(Off9, of=Flag())) -> int:
    return 1
def off1(f: TableOf(Off9, Off9, of=Flag())):
    return f
"""


def _whole(statement: str) -> str:
    action = ACTION.replace("c: C)", "c: C, f9: TableOf(Off9, Off9, of=Flag()))")
    return acting(DECLARED + WHOLES + action, statement)


SETS: list[Known] = [
    *[(text, said, declaring(acting(DECLARED + ACTION, text))) for text, said in STATEMENTS.items()],
    *[(text, said, declaring(text)) for text, said in UNGATHERABLE.items()],
    *[(text, said, declaring(_whole(text))) for text, said in WHOLE.items()],
    *[(text, said, declaring(text)) for text, said in UNWHOLE.items()]]
"""Those about sets of members, known by numbers of their own."""
