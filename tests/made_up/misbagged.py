"""Statements with bags that no function may have, by a word of the refusal, and bags that cannot be declared."""

from __future__ import annotations

from .known import Known, acting
from .refused import declaring

DECLARED = """class Off9(Record):
    k: int = field(Flag(), 'a flag')
Off8 = BagOf(Range(0, 2), 2)
Off7 = BagOf(RecordOf(Off9), 1)
Off3 = SequenceOf(Flag(), 2)
def off6(a: Off8) -> int:
    return len(a)
def off5(a: Off8):
    return a
def off4(a: Off8) -> Off8:
    return 1
"""

ACTION = """@action
def off0(s: S, c: C) -> Signal:
    'Off.'
    a9 = c.bag(Off8, 1)
    b9 = c.bag(Off7)
"""

STATEMENTS = {
    "k8 = a9 + 1": "a bag of numbers as a number", "if a9:\n    pass": "as a condition", "k8 = a9 - a9": "a bag of numbers as a number",
    "k8 = a9 == b9": "a comparison of", "k8 = a9 == 1": "a comparison of", "k8 = a9 < a9": "an order of bags",
    "k8 = a9.with_()": "this with_", "k8 = a9.without(1, 2)": "this without", "k8 = a9.append(1)": "this append",
    "k8 = a9.count()": "this count", "k8 = b9.count(1)": "a number for an item", "k8 = a9.with_(b9)": "for an item of",
    "k8 = a9.full": "the part 'full' of", "k8 = a9[0]": "this subscript", "k8 = a9 in a9": "for an item", "a9 = 1": "the name 'a9' for",
    "k8 = off6(b9)": "a bag of Off9 for", "k8 = off5(a9)": "does not say so", "k8 = off4(a9)": "returns a number",
    "k8 = c.bag()": "this bag", "k8 = c.bag(Off3, 1)": "this bag", "k8 = c.sequence(Off8, 1)": "this sequence",
    "k8 = c.bag(Off8, [1])": "the expression 'list'", "a9.with_(1)": "a call without effect", "return a9": "returns a bag",
}

UNBAGGABLE = {
    "k9 = BagOf(int, 2)": "not a domain", "k9 = BagOf(Flag(), 0)": "items at most", "k9 = BagOf(Flag(), 'two')": "no number of items",
    f"{DECLARED}class Off1(State):\n    z: int = variable(Off8, 'x', initial=1)": "initial=",
    f"{DECLARED}@action\ndef off1(s: S, c: C, q: Off8) -> Signal:\n    'Off.'\n    return DONE": "chosen from all bags",
}


BAGS: list[Known] = [
    *[(text, said, declaring(acting(DECLARED + ACTION, text))) for text, said in STATEMENTS.items()],
    *[(text, said, declaring(text)) for text, said in UNBAGGABLE.items()]]
"""Those about bags, known by numbers of their own."""
