"""Mistakes of which it is known what must become of them: put into a good text, each is refused, and the refusal says why.

A text that is good is refused for nothing else, so whatever the reader lets pass here it has overlooked.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from random import Random

from .known import Known
from .misdeclared import DECLARED, MISDECLARED
from .misfolded import FOLDED, FOLDED_HELPERS
from .misplaced import MISPLACED
from .parts import Function, Parts, returns_always

EVERYWHERE = {
    "while 0:\n    pass": "'while'", "for k9 in range(2):\n    break": "'break'", "for k9 in range(2):\n    continue": "'continue'",
    "try:\n    pass\nfinally:\n    pass": "'try'", "with c:\n    pass": "'with'", "assert 1": "'assert'", "raise ValueError": "'raise'",
    "def inner() -> int:\n    return 1": "'functiondef'", "class Inner:\n    pass": "'classdef'", "del k9": "'delete'",
    "global K9": "'global'", "import os": "'import'", "match 1:\n    case _:\n        pass": "'match'", "5": "'expr'", "K0": "'expr'",
    "k8 = k9 = 1": "chained", "k8, k9 = (1, 2)": "'tuple'", "k9: int": "declaration without value", "c = 1": "assignment to the state",
    "c.a0 = 1": "a0|assignment", "K0[0] = 1": "subscript", "min(1, 2)": "without effect", "c.size(A)": "without effect",
    "for k9 in range(1, 2, 3):\n    pass": "this loop", "for k9 in A:\n    pass": "this loop", "for k9 in [1]:\n    pass": "this loop",
    "for k9 in c.each(S):\n    pass": "loop or size", "for k9 in c.every(A):\n    pass": "this loop",
    "for k9 in c.each(A, B):\n    pass": "this loop", "for k9, k8 in range(2):\n    pass": "form of for",
    "for k9 in range(3):\n    pass\nelse:\n    pass": "form of for", "for c in range(2):\n    pass": "stands for something else",
    "k9 = WAIT\nk9 = 1": "a step here and a number", "k9 = 1\nk9 = DONE": "a step here and a number",
    "k9 = WAIT + 1": "a step as a number", "if DONE:\n    pass": "a step as a condition", "k9 = not WAIT": "a step as a condition",
    "k9 = 1 if WAIT == DONE else 2": "a step as a number", "k9 = WAIT if K0 else 1": "between a step and a number",
    "k9 = K0 and WAIT": "a step as a number", "k9 = None": "constant None", "k9 = 'x'": "constant 'x'", "k9 = 1.5": "constant 1.5",
    "k9 = ...": "constant Ellipsis", "k9 = [1]": "'list'", "k9 = {}": "'dict'", "k9 = (1, 2)": "'tuple'", "k9 = lambda: 0": "'lambda'",
    "k9 = f'{K0}'": "'joinedstr'", "k9 = [i for i in range(2)]": "'listcomp'", "k9 = +K0": "'unaryop'", "k9 = (k8 := 1)": "'namedexpr'",
    "k9 = K0 in [0]": "membership", "k9 = K0 is 1": "membership", "k9 = K0 ** 2": "'Pow'", "k9 = K0 / 2": "'Div'",
    "k9 = K0 @ 2": "'MatMult'", "k9 = 1\nk9 /= 2": "'Div'",
    "k9 = min(1, 2, 3)": "'min'", "k9 = max(1)": "'max'", "k9 = abs(-1)": "'abs'", "k9 = int(1, 2)": "'int'",
    "k9 = A(0)": "'A'", "k9 = count(*[1])": "'starred'", "k9 = min(1, b=2)": "keyword", "k9 = nobody9": "unknown",
    "k9 = c.nothing": "has no 'nothing'", "k9 = c.size(S)": "loop or size", "k9 = c.size()": "may have no value", "k9 = c": "as a value",
    "k9 = count": "value 'count'", "k9 = K0.real": "this expression", "k9 = K0[0]": "subscript", "k9 = 4611686018427387904": "number",
    "k9 = -(1 << 0) + 4611686018427387904 * 2": "number", "k9 = count()": "takes", "k9 = has(1)": "takes", "k9 = k9": "may have no value",
    "if K0 == 3:\n    k9 = 1\nk8 = k9": "may have no value", "for k9 in range(2):\n    k8 = 1\nk7 = k8": "may have no value",
    "for k9 in range(2):\n    pass\nk8 = k9": "may have no value", "if K0:\n    k9 = 1\nelse:\n    k8 = 1\nk7 = k9": "may have no value",
}
"""Statements that no function may have, by a word of the refusal."""

WITH_STATE = {
    "s = 2": "assignment to the state", "k9 = s": "as a value", "s.nothing = 1": "has no 'nothing'",
    "for k9 in s.all(A):\n    pass": "s.all", "for s in range(2):\n    pass": "stands for something else",
    "for k9 in s.each(A):\n    pass": "this loop", "k9 = s.size(A)": "may have no value",
}

HELPERS = {
    "def off9(k: int) -> int:\n    return off9(k)": ("k9 = off9(1)", "calls itself"),
    "def off8(k: int) -> int:\n    return off9(k)\ndef off9(k: int) -> int:\n    return off8(k)": ("k9 = off9(1)", "leads back to itself"),
    "def off9(k: int) -> int:\n    if k:\n        return 1": ("k9 = off9(1)", "without one"),
    "def off9(k: int) -> bool:\n    return k + 1": ("k9 = off9(1)", "-> bool"),
    "def off9(k: int) -> bool:\n    k8 = k\n    return k8": ("k9 = off9(1)", "-> bool"),
    "def off9(b: bool) -> int:\n    return b": ("k9 = off9(2)", "as bool"),
    "def off9(b: bool) -> int:\n    return b ": ("k9 = off9(K0 + 0)", "as bool"),
    "def off9(k: int) -> int:\n    return WAIT": ("k9 = off9(1)", "says -> int"),
    "def off9(k: int) -> bool:\n    return DONE": ("k9 = off9(1)", "says -> bool"),
    "def off9(k: int) -> Signal:\n    return 0": ("k9 = off9(1)", "next box is promised"),
    "def off9(k: int) -> Next:\n    return k > 0": ("k9 = off9(1)", "next box is promised"),
    "def off9(k: int):\n    if k:\n        return WAIT\n    return 0": ("k9 = off9(1)", "a step or signal in line"),
    "def off9(n: Next) -> Next:\n    return n": ("k9 = off9(1)", "number for the step"),
    "def off9(n: Signal) -> int:\n    return n": ("k9 = off9(DONE)", "."),
    "def off9(k: int = 0) -> int:\n    return k": ("k9 = off9(1)", "optional"),
    "def off9(*k: int) -> int:\n    return 1": ("k9 = off9(1)", "starred"),
    "def off9(k: int, /) -> int:\n    return 1": ("k9 = off9(1)", "optional"),
    "def off9(k: nothing) -> int:\n    return 1": ("k9 = off9(1)", "annotation cannot be read"),
    "def off9(k: int) -> int:\n    return 1 ": ("k9 = off9(1, 2)", "takes 1 arguments"),
    "def off9(k: C) -> int:\n    return 1": ("k9 = off9(1)", "a scope is expected"),
    "def off9(k: S) -> int:\n    return 1": ("k9 = off9(c)", "a state is expected"),
    "def off9(k: C) -> int:\n    return k.size(A)": ("k9 = off9(K0)", "a scope is expected"),
    "off9 = lambda k: 1": ("k9 = off9(1)", "not written with def"),
    "def wraps9(f):\n    def inner(k: int) -> int:\n        return f(k)\n    inner.__wrapped__ = f\n    return inner\n"
    "@wraps9\ndef off9(k: int) -> int:\n    return k": ("k9 = off9(1)", "wrapped"),
    "def off9(c: C) -> int:\n    return c.off": ("k9 = off9(c)", "has no 'off'"),
    "def off9(k) -> int:\n    return k.x0": ("k9 = off9(1)", "is a number here"),
}
"""Helpers, and the statement that calls them."""

Mistake = Callable[[Parts, Random], str]
"""Makes the mistake and gives a word of its refusal; "" where the text has no place for it."""


def somewhere(m: Parts, chance: Random) -> str:
    text = chance.choice(list(EVERYWHERE))
    fits = [f for f in m.functions if "C" in f.parameters.values() and f.parameters.get("c") == "C" and f.role != "explanation"]
    used = [f for f in fits if f.role != "helper"]
    m.put(text, chance.choice(used))
    return EVERYWHERE[text]


def with_state(m: Parts, chance: Random) -> str:
    text = chance.choice(list(WITH_STATE))
    m.put(text, chance.choice(m.of("step", "action", "initial", "property", local=False)))
    return WITH_STATE[text]


def with_helper(m: Parts, chance: Random) -> str:
    text = chance.choice(list(HELPERS))
    call, said = HELPERS[text]
    m.declare(text)
    m.put(call, chance.choice(m.of("step", "action", "initial", "property")))
    return said


def writing_inside(m: Parts, chance: Random) -> str:
    """A helper that writes is called inside of an expression."""
    cell = chance.choice(m.cells() or [""])
    if not cell:
        return ""
    m.declare(f"def off9(s: S) -> int:\n    {cell} = 0\n    return 0")
    m.put(chance.choice(["k9 = off9(s) + 1", "if off9(s):\n    pass", "k9 = min(off9(s), 1)", "k9 = 0 or off9(s)"]),
          chance.choice(m.of("step", "action", "initial", local=False) or m.of("property")))
    return "inside an expression"


def wrong_indices(m: Parts, chance: Random) -> str:
    if not m.tables:
        return ""
    name, size = chance.choice(list(m.tables.items()))
    text, said = chance.choice([(f"k9 = s.{name}", "whole table"), (f"k9 = s.{name}[{', '.join('0' * (size + 1))}]", "indices, not"),
                                (f"s.{name}[{', '.join('0' * (size + 1))}] = 0", "indices, not"), (f"s.{name} = 0", "whole table")])
    m.put(text, chance.choice(m.of("step", "action", "initial", local=False) or m.of("property")))
    return said


def indexed_cell(m: Parts, chance: Random) -> str:
    if not m.plain:
        return ""
    m.put(f"k9 = s.{chance.choice(m.plain)}[0]", chance.choice(m.of("step", "action", "property", local=False)))
    return "subscript"


def about_the_mover(m: Parts, chance: Random) -> str:
    if not m.of("step"):
        return ""
    f = chance.choice(m.of("step"))
    p = f.mover
    text, said = chance.choice([
        (f"k9 = {p}", "as a value"), (f"{p} = 1", "assignment to the state"), (f"k9 = {p}.nothing", "no local or argument"),
        (f"k9 = {p}.at()", "this at"), (f"k9 = {p}.at(K0)", "this at"), (f"k9 = {p}.at(WAIT)", "this at"),
        (f"for {p} in range(2):\n    pass", "something else"), (f"k9 = {p}.at(b=K0)", "keyword"), (f"k9 = {p}.id(1)", "may have no value"),
        (f"{p}.id = 1", "this assignment"), (f"{p}.nothing = 1", "no local or argument")])
    m.put(text, f)
    return said


def no_return(m: Parts, chance: Random) -> str:
    """A path ends without a value."""
    fits = [f for f in m.of("step", "action", "property")
            if isinstance(f.node.body[-1], ast.Return) and not returns_always(f.node.body[:-1])]
    if not fits:
        return ""
    f = chance.choice(fits)
    f.node.body[-1] = chance.choice([ast.Pass(), ast.Return(None), ast.Return(ast.Constant(None))])
    return "without returning"


def number_for_a_step(m: Parts, chance: Random) -> str:
    """The most natural mistake: "not enabled" is said with False."""
    f = chance.choice(m.of("step", "action", "initial") or [Function(ast.FunctionDef(), "", {})])
    if not f.role:
        return ""
    chance.choice(f.returns()).value = ast.parse(chance.choice(["0", "1", "7", "False", "True", "K0", "-1", "K0 > 0", "1 if K0 else 0"]),
                                                 mode="eval").body
    return "number"


def step_for_a_truth(m: Parts, chance: Random) -> str:
    f = chance.choice(m.of("property") or [Function(ast.FunctionDef(), "", {})])
    if not f.role:
        return ""
    for r in f.returns():
        r.value = ast.Name(chance.choice(["WAIT", "DONE"]))
    return "step or"


def step_without_process(m: Parts, chance: Random) -> str:
    """An action returns a step, or a step one of another kind."""
    steps = m.of("step")
    fits = [(f, t) for f in m.of("step", "action", "initial", local=False) for t in steps
            if f.role != "step" or t.kind != f.kind and "Base" not in (t.kind, f.kind)]
    if not fits:
        return ""
    f, target = chance.choice(fits)
    chance.choice(f.returns()).value = ast.Name(target.node.name)
    return "no process moves" if f.role != "step" else "not a step of"


def property_that_writes(m: Parts, chance: Random) -> str:
    cells = [*m.cells(), *m.ghosts]
    if not m.of("property") or not cells:
        return ""
    m.put(f"{chance.choice(cells)} = 0", chance.choice(m.of("property")))
    return "property writes"


def ghost_decides(m: Parts, chance: Random) -> str:
    fits = m.of("step", "action", local=False)
    if not m.ghosts or not fits:
        return ""
    f, ghost = chance.choice(fits), chance.choice(m.ghosts)
    mine = list(m.locals.get(f.kind, [])) if f.role == "step" else []
    options = [(f"if {ghost}:\n    pass", "ghost decides a branch"), (f"for k9 in range({ghost}):\n    pass", "ghost decides a loop"),
               (f"k9 = {ghost}\nif k9 > 0:\n    k8 = 1", "ghost decides a branch"),
               (f"k9 = {ghost}\nk8 = k9\nfor k7 in range(k8):\n    pass", "a loop"),
               (f"k9 = 0\nk8 = k9\nk9 = {ghost}\nif k8 == 1 or k9:\n    pass", "a branch"),
               (f"if not 1 + max({ghost}, 0):\n    pass", "ghost decides a branch")]
    options += [(f"{cell} = {ghost}", "ghost decides the variable") for cell in m.cells()[:2]]
    options += [(f"s.{n}[{', '.join([ghost] + ['0'] * (size - 1))}] = 0", "ghost decides") for n, size in m.tables.items()][:2]
    options += [(f"{g.split('[')[0]}[{', '.join([ghost] + ['0'] * g.count(','))}] = 0", "which cell") for g in m.ghosts if "[" in g][:2]
    options += [(f"{f.mover}.{n} = {ghost}", "ghost decides the local") for n in mine[:2]]
    text, said = chance.choice(options)
    if chance.random() < 0.3:
        m.declare("def same9(k: int) -> int:\n    k8 = k\n    return k8")
        text = text.replace(ghost, f"same9({ghost})")
    m.put(text, f, top=True)
    return said


def ghost_for_a_step(m: Parts, chance: Random) -> str:
    fits = m.of("step", "action", local=False)
    if not m.ghosts or not fits:
        return ""
    f, ghost = chance.choice(fits), chance.choice(m.ghosts)
    r = chance.choice(f.returns())
    assert r.value is not None
    r.value = ast.parse(f"{ast.unparse(r.value)} if {ghost} else DONE", mode="eval").body
    return "ghost decides"


def local_that_is_not(m: Parts, chance: Random) -> str:
    """A local box that waits, chooses, or looks at what is shared."""
    fits = m.of("step", local=True)
    if not fits:
        return ""
    f = chance.choice(fits)
    options = ["waits", "chooses", *["reads", "writes"] * bool(m.cells()), "asks", "goes round"]
    kind = chance.choice(options)
    if kind == "waits":
        chance.choice(f.returns()).value = ast.Name("WAIT")
        return "returns WAIT"
    if kind == "chooses":
        f.node.args.args.append(ast.arg("e9", ast.Name("A")))
        return "chosen parameters"
    cell = chance.choice(m.cells() or [""])
    m.put({"reads": f"k9 = {cell} > 0", "writes": f"{cell} = 0", "asks": f"k9 = {f.mover}.at({f.node.name})",
           "goes round": f"for q9 in s.all({m.kinds[0].name}):\n    pass"}[kind], f)
    return "touches shared|asks whether"


def asked_for_a_local_box(m: Parts, chance: Random) -> str:
    boxes, others = m.of("step", local=True), m.of("step", "action", local=False)
    if not boxes or not others:
        return ""
    box = chance.choice(boxes)
    m.put(f"for q9 in s.all({box.kind}):\n    k9 = q9.at({box.node.name})", chance.choice(others))
    return "asks whether this local box"


def local_of_others(m: Parts, chance: Random) -> str:
    """A local box uses what other processes look at or change."""
    fits = [(f, n) for f in m.of("step", local=True) for n in m.locals.get(f.kind, [])]
    others = m.of("step", "action", local=False)
    if not fits or not others:
        return ""
    f, name = chance.choice(fits)
    writes = chance.random() < 0.5
    m.put(f"for q9 in s.all({f.kind}):\n    " + (f"q9.{name} = 0" if writes else f"k9 = q9.{name}"), chance.choice(others))
    m.put(f"k9 = {f.mover}.{name}" if writes else f"{f.mover}.{name} = {f.mover}.{name}", f)
    return "other processes read or write"


def watches_nothing(m: Parts, chance: Random) -> str:
    names = [f.node.name for f in m.of("helper", "initial", "property")]
    steps = chance.choice(["[]", "()", "'w0'", "['w0']", "[WAIT]", "K0", "None", "[A]", *[f"[{n}]" for n in names]])
    for node in m.module.body[-1:]:
        place = m.module.body.index(node)
        m.module.body[place:place] = ast.parse(f"@transition('P9', 'broken', steps={steps})\ndef prop9(s: S, t: S, c: C) -> bool:\n"
                                               "    '''Holds.'''\n    return True").body
    return "steps|list"


MISTAKES: list[Mistake] = [
    somewhere, somewhere, somewhere, with_state, with_helper, with_helper, writing_inside, wrong_indices, indexed_cell, about_the_mover,
    no_return, number_for_a_step, step_for_a_truth, step_without_process, property_that_writes, ghost_decides, ghost_decides,
    ghost_for_a_step, local_that_is_not, asked_for_a_local_box, local_of_others, watches_nothing, *MISDECLARED,
]


def _in_some(text: str) -> Callable[[Parts], None]:
    return lambda m: m.put(text, m.chance.choice(m.of("step", "action") or m.functions))


def declaring(text: str, call: str = "") -> Callable[[Parts], None]:
    def put(m: Parts) -> None:
        m.declare(text)
        if call:
            _in_some(call)(m)
    return put


TABLES: list[Known] = [
    *[(text, said, _in_some(text)) for text, said in {**EVERYWHERE, **WITH_STATE}.items()],
    *[(text, said, declaring(text)) for text, said in DECLARED.items()],
    *[(text, said, declaring(text, call)) for text, (call, said) in HELPERS.items()],
    *[(text, said, _in_some(text)) for text, said in FOLDED.items()],
    *[(text, said, declaring(text, call)) for text, (call, said) in FOLDED_HELPERS.items()],
    *[(text, said, declaring(text)) for text, said in MISPLACED.items()]]
"""Every mistake of the tables."""


def refused(text: str, chance: Random, number: int) -> tuple[str, str, str]:
    """A text that must be refused, a word (or words, by |) of the refusal, and what the mistake is; first those of the tables."""
    m = Parts(text, chance)
    if number < len(TABLES) and m.of("step", "action"):
        mistake, said, put = TABLES[number]
        put(m)
        return m.text(), said, mistake
    while True:
        made = chance.choice(MISTAKES)
        m = Parts(text, chance)
        said = made(m, chance)
        if said:
            return m.text(), said, made.__name__
