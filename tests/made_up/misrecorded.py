"""Statements with records that no function may have, by a word of the refusal, and records that cannot be declared."""

from __future__ import annotations

from .known import Known
from .refused import declaring

CLASSES = """class Off9(Record):
    k: int = field(Range(0, 2), 'a number')
    f: int = field(Flag(), 'a flag')
class Off8(Record):
    inner: Off9 = field(RecordOf(Off9), 'a record')
"""

MADE = "k9 = Off9(k=1, f=0)\n"

STATEMENTS = {
    "k8 = k9 + 1": "record Off9 as a number", "if k9:\n    pass": "record Off9 as a condition", "k8 = k9 == 1": "comparison of a record",
    "k8 = 1 != k9": "comparison of a number", "k8 = k9 < k9": "order of records", "k8 = Off8(inner=k9) == k9": "comparison of a record",
    "k9 = 3": "the name 'k9' for", "k8 = 3\nk8 = k9": "the name 'k8' for", "k8 = k9 if K0 else 1": "choice between",
    "k9.k = 1": "assignment to a field",
    "k8 = k9.z": "no field", "k8 = k9.with_(z=1)": "no field", "k8 = k9.with_()": "this with_", "k8 = k9.with_(1)": "without names",
    "k8 = Off9(1, 0)": "without names", "k8 = Off9(k=1)": "is made without", "k8 = Off9(**k9)": "without names",
    "k8 = Off8(inner=1)": "a number for",
    "k8 = Off9(k=k9, f=0)": "which holds a number", "k8 = Off9(k=WAIT, f=0)": "a step as a number", "k8 = off7(1)": "a number for",
    "k8 = off7(Off8(inner=k9))": "a record Off8 for", "k8 = has(k9, 1)": "which holds a number", "return k9": "returns a record",
    "k8 = any(k9 for k7 in range(2))": "record Off9 as a condition", "k8 = k9 in (1, 2)": "record Off9 as a number",
    "k8 = Off9": "the class Off9 as a value",
    "k8 = k9.k.k": "this expression|is one of the function's own|outside the language", "k8 = off6(k9)": "does not say so",
    "k8 = off5(k9)": "returns a number",
    "k8 = K0.with_(k=1)": "keyword|outside the language|has no", "k8 = Off9.k": "a field without a value",
    "k8 = Off9.k.k": "this expression", "k8 = (1 if K0 else 2).k": "this expression",
}

HELPERS = "def off7(r: Off9) -> int:\n    return r.k\ndef off6(r: Off9):\n    return r\ndef off5(r: Off9) -> Off9:\n    return 1\n"

RECORDED = {f"{CLASSES}{HELPERS}# {n}": (MADE + statement, said) for n, (statement, said) in enumerate(STATEMENTS.items())}
"""Helpers and classes, and the statements that use them."""

UNRECORDABLE = {
    "class Off9(Record):\n    pass": "no field", "class Off9(Record):\n    k: int": "not declared with field",
    "class Off9(Record):\n    k = 3": "not declared with field", "class Off9(Record):\n    class K8(IntEnum):\n        A = 0": "no field",
    "class Off9(Record):\n    class with_(IntEnum):\n        A = 0": "meaning of its own",
    "class Off9(Record):\n    with_: int = field(Flag(), 'x')": "meaning of its own",
    "class Off9(Record):\n    k: int = field(Flag(), '')": "no line of meaning",
    "class Off9(Record):\n    k: int = field(3, 'x')": "not a domain",
    "class Off9(Record):\n    k: int = field(Flag(), 'x', initial='no')": "no value for it",
    "k9 = RecordOf(int)": "not a class derived from Record",
    "class Off9(Record):\n    k: int = field(Flag(), 'x')\nclass Off8(Off9):\n    z: int = field(Flag(), 'x')":
        "derived from another record",
    "class Off9(Record):\n    k: int = field(Flag(), 'x')\nclass Off8(State):\n    z: int = variable(RecordOf(Off9), 'x', initial=1)":
        "initial=",
    "class Off9(Record):\n    k: int = field(Flag(), 'x')\n@witness('W9')\ndef off8(s: S, c: C) -> Off9:\n    \"\"\"Off.\"\"\"\n"
    "    return Off9(k=1)": "returns a record",
}

RECORDS: list[Known] = [
    *[(text, said, declaring(text, call)) for text, (call, said) in RECORDED.items()],
    *[(text, said, declaring(text)) for text, said in UNRECORDABLE.items()]]
"""Those about records, known by numbers of their own."""
