"""Statements with sequences that no function may have, by a word of the refusal, and sequences that cannot be declared."""

from __future__ import annotations

from .known import Known, acting
from .refused import declaring

DECLARED = """class Off9(Record):
    k: int = field(Flag(), 'a flag')
Off8 = SequenceOf(Range(0, 2), 2)
Off7 = SequenceOf(RecordOf(Off9), 2)
class Off3(Record):
    q: int = field(Off8, 'a sequence')
def off6(a: Off8) -> int:
    return len(a)
def off5(a: Off8):
    return a
def off4(a: Off8) -> Off8:
    return 1
def off2(a: Off7) -> SequenceOf(Flag(), 2):
    return a
"""

ACTION = """@action
def off0(s: S, c: C) -> Signal:
    'Off.'
    a9 = c.sequence(Off8, 1)
    b9 = c.sequence(Off7)
"""

STATEMENTS = {
    "k8 = a9 + 1": "between a sequence of numbers and a number", "k8 = 1 + a9": "between", "if a9:\n    pass": "as a condition",
    "k8 = a9 - a9": "of sequences", "k8 = a9 + b9": "between", "k8 = a9 == b9": "a comparison of", "k8 = a9 == 1": "a comparison of",
    "k8 = a9 < a9": "an order of sequences", "k8 = ~a9": "as a number", "k8 = a9 * 2": "as a number", "k8 = a9.append()": "this append",
    "k8 = a9.append(1, 2)": "this append", "k8 = a9.with_(1)": "this with_", "k8 = a9.append(b9)": "for an item of",
    "k8 = b9.append(1)": "a number for an item", "k8 = a9.last": "the part 'last' of", "k8 = a9.first()": "a call of .first",
    "k8 = Off9(k=1)\nk7 = 1 in k8": "a test of membership",
    "k8 = a9.first.k": "this expression|own", "k8 = a9[0:1]": "this subscript", "k8 = 1\nk7 = k8[0]": "this subscript",
    "k8 = a9[a9]": "as a number", "k8 = a9 in a9": "for an item", "k8 = 1 in b9": "a number for an item", "a9 = 1": "the name 'a9' for",
    "k8 = a9 if len(a9) else 1": "choice between", "k8 = off6(1)": "a number for", "k8 = off6(b9)": "a sequence of Off9 for",
    "k8 = off5(a9)": "does not say so", "k8 = off4(a9)": "returns a number", "k8 = off2(b9)": "returns a sequence of Off9",
    "k8 = len(b9[0])": "a length of this", "k8 = c.sequence()": "this sequence", "k8 = c.sequence(Off9)": "this sequence",
    "k8 = c.sequence(SequenceOf(Flag(), 2))": "this sequence", "k8 = c.sequence(Off8, [1])": "the expression 'list'",
    "k8 = c.sequence(Off8, a9)": "for an item", "a9.append(1)": "a call without effect", "return a9": "returns a sequence",
    "k8 = Off9(k=a9)": "a sequence of numbers for the field k", "k8 = Off3(q=1)": "a number for the field q",
    "a9.first = 1": "an assignment to",
    "k8 = has(a9, 1)": "which holds a number", "for k9 in b9.first:\n    pass": "this loop",
    "k8 = Off8(1)": "a call of the domain Off8",
    "k8 = Off9(k=1).append(1)": "a call of .append of a record",
}

UNQUEUEABLE = {
    "k9 = SequenceOf(int, 2)": "not a domain", "k9 = SequenceOf(Flag, 2)": "not a domain", "k9 = SequenceOf(Flag(), 0)": "items at most",
    "k9 = SequenceOf(Flag(), 'two')": "no number of items",
    f"{DECLARED}class Off1(State):\n    z: int = variable(Off8, 'x', initial=1)": "initial=",
    f"{DECLARED}class Off1(Record):\n    z: int = field(Off8, 'x', initial=1)": "no value for it",
    f"{DECLARED}@action\ndef off1(s: S, c: C, q: Off8) -> Signal:\n    'Off.'\n    return DONE": "chosen from all sequences",
    f"{DECLARED}@witness('W9')\ndef off1(s: S, c: C) -> Off8:\n    'Off.'\n    return c.sequence(Off8)":
        "returns a record, a union, a set",
}


SEQUENCES: list[Known] = [
    *[(text, said, declaring(acting(DECLARED + ACTION, text))) for text, said in STATEMENTS.items()],
    *[(text, said, declaring(text)) for text, said in UNQUEUEABLE.items()]]
"""Those about sequences, known by numbers of their own."""
