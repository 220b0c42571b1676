"""Statements with generators and memberships that no function may have, by a word of the refusal."""

from __future__ import annotations

FOLDED = {
    "k9 = all([k8 > 0 for k8 in range(2)])": "a list in all", "k9 = any({k8 for k8 in range(2)})": "a set in any",
    "k9 = sum({k8: 1 for k8 in range(2)})": "a dictionary in sum", "k9 = max([1, 2])": "a list in max", "k9 = min({1, 2})": "a set in min",
    "k9 = min((1, 2))": "a tuple in min", "k9 = (k8 for k8 in range(2))": "generator by itself",
    "k9 = count(k8 for k8 in range(2))": "of a generator", "for k9 in (k8 for k8 in range(2)):\n    pass": "this loop",
    "k9 = any(K0)": "'any' with this", "k9 = all()": "'all' without", "k9 = next(K0, K0)": "'next' with this",
    "k9 = sum((k8 for k8 in range(2)), 1)": "a start in sum", "k9 = min((k8 for k8 in range(2)), key=abs)": "this call of 'min'",
    "k9 = all((k8 for k8 in range(2)), default=1)": "this call of 'all'", "k9 = next((k8 for k8 in range(2)), 1, 2)": "this call of 'next'",
    "k9 = any(k8 for k8 in A)": "this generator", "k9 = any(k8 for k8 in c.each(S))": "loop or size",
    "k9 = any(k8 for k8 in range(1, 5, 2))": "this generator",
    "k9 = sum(1 for k8 in s.all(A))": "s.all", "k9 = any(k8 for k8, k7 in range(2))": "form of generator",
    "k9 = any(WAIT for k8 in range(2))": "a step as a condition", "k9 = sum(DONE for k8 in range(2))": "a step as a number",
    "k9 = sum(1 for k8 in range(2) if WAIT)": "a step as a condition", "k9 = next((k8 for k8 in range(2)), DONE)": "a step as a number",
    "k9 = any(c for c in range(2))": "stands for something else", "k8 = 1\nk9 = any(k8 for k8 in range(2))": "stands for something else",
    "k9 = any(k8 for k8 in range(2) for k8 in range(2))": "stands for something else",
    "k9 = any(any(k8 for k8 in range(2)) for k8 in range(2))": "stands for something else",
    "k9 = any(k8 for k8 in range(2))\nk7 = k8": "unknown", "k9 = sum(k7 for k8 in range(2) for k7 in range(k7))": "function's own",
    "if K0 == 3:\n    k8 = 1\nk9 = sum(k8 for k7 in range(2))": "function's own", "k9 = any((k8 := 1) for k7 in range(2))": "'namedexpr'",
    "any(k8 for k8 in range(2))": "without effect", "k9 = max(*(k8 for k8 in range(2)))": "'max'",
    "k9 = K0 in [0, 1]": "membership in a list", "k9 = K0 in {0, 1}": "membership in a set", "k9 = K0 in (0)": "membership in this",
    "k9 = K0 in range(2)": "membership in this", "k9 = 0 <= K0 in (0, 1)": "membership in a chain",
    "k9 = s.same(s)": "this same", "k9 = s.same()": "this same", "k9 = s.process(1)": "this process",
    "k9 = s.process(A, 1)": "this process", "k9 = s.process(A, number=1)": "this process", "k9 = s.process(Process, 1)": "loop or size",
    "s.process(A, 1)": "middle of an expression", "k9 = 1 + s.process(A, 1)": "middle of an expression",
    "k9 = WAIT in (1, 2)": "a step as a number",
    "k9 = 1 in (WAIT, 1)": "a step as a number", "k9 = 1 not in (1, *(2, 3))": "'starred'", "k9 = K0 is not 1": "identity",
}

FOLDED_HELPERS = {
    "def off9(b: bool) -> int:\n    return b": ("k9 = sum(off9(k8) for k8 in range(3))", "as bool"),
    "def off9(k: int) -> bool:\n    return sum(k8 for k8 in range(k))": ("k9 = off9(1)", "-> bool"),
    "def off9(k: int) -> bool:\n    return max(k8 for k8 in range(k))": ("k9 = off9(1)", "-> bool"),
    "def off9(k: int) -> bool:\n    return next((k8 > 0 for k8 in range(k)), 2)": ("k9 = off9(1)", "-> bool"),
    "def off9(k: int) -> Next:\n    return all(k8 for k8 in range(k))": ("k9 = off9(1)", "next box is promised"),
    "def off9(k: int) -> bool:\n    b = k\n    return any(off8(b) for k8 in range(k))\ndef off8(b: bool) -> bool:\n    return b": (
        "k9 = off9(1)", "as bool"),
}
"""Helpers, and the statement that calls them."""
