"""Statements with tagged unions that no function may have, by a word of the refusal, and unions that cannot be declared."""

from __future__ import annotations

from .known import Known
from .refused import declaring

CLASSES = """class Off9(TaggedUnion):
    'A union.'
class Off8(Off9):
    'A case.'
class Off7(Off9):
    k: int = field(Range(0, 2), 'a number')
    f: int = field(Flag(), 'a flag')
class Off6(TaggedUnion):
    'Another.'
class Off5(Off6):
    inner: Off9 = field(UnionOf(Off9), 'a union')
class Off2(TaggedUnion):
    'One without fields.'
class Off1(Off2):
    'Its case.'
def off4(u: Off9) -> int:
    return isinstance(u, Off7) and u.k
def off3(u: Off9):
    return u
def off0(u: Off9) -> Off9:
    return 1
"""

NARROW = "def off9(u: Off7) -> int:\n    return u.k\n"

MADE = "k9 = Off7(k=1, f=0)\n"

STATEMENTS = {
    "k8 = k9 + 1": "union Off9 as a number", "if k9:\n    pass": "union Off9 as a condition", "k8 = k9 == 1": "comparison of a union",
    "k8 = 1 != k9": "comparison of a number", "k8 = k9 < k9": "order of values of a union",
    "k8 = Off5(inner=k9) == k9": "comparison of a union",
    "k9 = 3": "the name 'k9' for", "k8 = k9 if K0 else 1": "choice between", "k9.k = 1": "assignment to a field",
    "k8 = k9.z": "no case of Off9 has a field", "k8 = k9.with_(z=1)": "no case of Off9 has a field", "k8 = k9.with_()": "this with_",
    "k8 = k9.with_(1)": "without names", "k8 = k9.without(1)": "a call of .without of a union", "k8 = Off7(1, 0)": "without names",
    "k8 = Off7(k=1)": "is made without", "k8 = Off7(z=1, k=0, f=0)": "has no field", "k8 = Off8(1)": "without names",
    "k8 = Off8(**k9)": "without names", "k8 = Off9()": "without its case", "k8 = Off5(inner=1)": "a number for the field inner",
    "k8 = Off7(k=k9, f=0)": "which holds a number", "k8 = Off7(k=WAIT, f=0)": "a step as a number", "k8 = off4(1)": "a number for",
    "k8 = off4(Off5(inner=k9))": "a union Off6 for", "k8 = has(k9, 1)": "which holds a number", "return k9": "returns a union",
    "k8 = off3(k9)": "does not say so", "k8 = off0(k9)": "returns a number", "k8 = any(k9 for k7 in range(2))": "union Off9 as a condition",
    "k8 = k9 in (1, 2)": "union Off9 as a number", "k8 = Off7": "the class Off7 as a value", "k8 = len(k9)": "a length of this",
    "k8 = isinstance(1, Off7)": "isinstance of a number", "k8 = isinstance(k9, Off9)": "isinstance of a Off9 with this",
    "k8 = isinstance(k9, Off5)": "isinstance of a Off9 with this", "k8 = isinstance(k9, 1)": "isinstance of a Off9 with this",
    "k8 = isinstance(k9, k9)": "one of the function's own|with this", "k8 = isinstance(k9, (Off7, int))": "with this",
    "k8 = isinstance(k9, ())": "without a case", "k8 = isinstance(k9)": "this isinstance",
    "k8 = isinstance(k9, Off7, 1)": "this isinstance",
    "k8 = isinstance(k9, cls=Off7)": "this isinstance", "k8 = isinstance(WAIT, Off7)": "a step as a number",
    "k8 = isinstance(k9, Off7.k)": "with this", "k8 = Off1() + 1": "union Off2 as a number", "k8 = 1\nk8 = Off1()": "the name 'k8' for",
}

UNITED = {f"{CLASSES}# {n}": (MADE + statement, said) for n, (statement, said) in enumerate(STATEMENTS.items())} | {
    CLASSES + NARROW: (MADE + "k8 = off9(k9)", "annotated with Off7, a case"),
    f"{CLASSES}# of another": ("k9 = Off5(inner=Off8())\nk9 = 1", "the name 'k9' for")}
"""Helpers and classes, and the statements that use them."""

TWO = "class Off9(TaggedUnion):\n    pass\nclass Off8(Off9):\n    pass\n"

UNUNITABLE = {
    "class Off9(TaggedUnion):\n    k: int = field(Flag(), 'x')": "the field 'k' itself",
    "class Off9(TaggedUnion):\n    k: int": "not declared with field",
    "class Off9(TaggedUnion):\n    pass\nk9 = UnionOf(Off9)": "it has no case", "k9 = UnionOf(int)": "not a class derived from TaggedUnion",
    f"{TWO}k9 = UnionOf(Off8)": "is one case of Off9", f"{TWO}class Off7(Off8):\n    pass": "derived from a case",
    f"{TWO}class Off8(Off9):\n    pass": "such a case already", f"{TWO}k9 = UnionOf(Off9)\nclass Off7(Off9):\n    pass": "written already",
    f"{TWO}class Off7(Off9):\n    cases: int = field(Flag(), 'x')": "meaning of its own",
    f"{TWO}class Off7(Off9):\n    tag: int = field(Flag(), 'x')": "called tag",
    f"{TWO}class Off7(Off9):\n    z = 3": "not declared with field",
    f"{TWO}class Off7(Off9):\n    k: int = field(Flag(), 'x')\nclass Off6(Off9):\n    k: int = field(Range(0, 1), 'x')":
        "with other values",
    f"{TWO}class Off7(State):\n    z: int = variable(UnionOf(Off9), 'x', initial=1)": "initial=",
    f"{TWO}@witness('W9')\ndef off8(s: S, c: C) -> Off9:\n    \"\"\"Off.\"\"\"\n    return Off8()": "returns a record, a union",
    f"{TWO}@action\ndef off7(s: S, c: C, u: UnionOf(Off9)) -> Signal:\n    \"\"\"Off.\"\"\"\n    return DONE": "all values of a union",
}

UNIONS: list[Known] = [
    *[(text, said, declaring(text, call)) for text, (call, said) in UNITED.items()],
    *[(text, said, declaring(text)) for text, said in UNUNITABLE.items()]]
"""Those about unions, known by numbers of their own."""
