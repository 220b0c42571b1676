"""Declarations of which it is known that they are refused, each with a word of the refusal."""

from __future__ import annotations

import ast
from random import Random

from .parts import Parts

DECLARED = {
    "class E9(IntEnum):\n    X9 = 1\nD9 = OneOf(E9)": "not 0, 1, 2", "class E9(IntEnum):\n    pass\nD9 = OneOf(E9)": "not 0, 1, 2",
    "class S9(State):\n    z9: int = variable(Flag(), '')": "meaning",
    "class S9(State):\n    z9 = table(of=Flag(), meaning='m')": "no index set",
    "class S9(State):\n    z9: int = variable(3, 'm')": "not a domain",
    "class S9(State):\n    z9: int = variable(Flag, 'm')": "not a domain",
    "class S9(State):\n    z9 = table(Colour, of=Flag(), meaning='m')": "not a class derived from IndexSet",
    "class S9(State):\n    z9: int = variable(Range(2, 1), 'm')": "no values|not a range",
    "class S9(State):\n    z9: int = variable(Range(0, 1.5), 'm')": "no bound",
    "class S9(State):\n    z9: int = variable(Range('a', 2), 'm')": "no bound",
    "class S9(State):\n    z9: int = variable(Mask(Colour), 'm')": "not a class derived from IndexSet",
    "class S9(State):\n    z9: int = variable(Member(int), 'm')": "not a class derived from IndexSet",
    "class S9(State):\n    z9: int = variable(Maybe(A, none='A1'), 'm')": "looks like a member",
    "class S9(State):\n    z9: int = variable(Maybe(A, none='a b'), 'm')": "none",
    "class S9(State):\n    z9: int = variable(OneOf(A), 'm')": "OneOf",
    "class U9(IndexSet):\n    '''No letter.'''": "letter", "class U9(IndexSet, letter='A'):\n    '''A again.'''": "letter",
    "class U9(IndexSet, letter='1'):\n    '''One.'''": "letter",
    "class C9(Scope):\n    z9: Mode = switch(Mode, default=5, figure='-', meaning='m')": "value|Mode",
    "class C9(Scope):\n    z9: int = switch(int, default=0, figure='-', meaning='m')": "values|enumeration|IntEnum",
    "@step(S, '9', '-')\ndef box9(s: S, c: C) -> Next:\n    '''Does.'''\n    return DONE": "derived from Process",
    "@action\ndef box9(s: S) -> Signal:\n    '''Does.'''\n    return DONE": "parameter",
    "@action\ndef box9(c: C, s: S) -> Signal:\n    '''Does.'''\n    return DONE": "parameter",
    "@action\ndef box9(s: S, c: C, k: int) -> Signal:\n    '''Does.'''\n    return DONE": "index set",
    "@action\ndef box9(s: S, c: C, k) -> Signal:\n    '''Does.'''\n    return DONE": "index set|annot|typed",
    "@action\ndef box9(s: S, c: C, m: Mode) -> Signal:\n    '''Does.'''\n    return DONE": "index set",
    "@action\ndef box9(s: S, c: C):\n    '''Does.'''\n    return 0": "instead of the next box",
    "@action\ndef box9(s: S, c: C) -> int:\n    '''Does.'''\n    return K0 > 0": "instead of the next box",
    "class N9(Process):\n    '''No letter.'''\n"
    "@step(N9, '1', '-')\ndef box9(s: S, c: C, p: N9) -> Next:\n    '''Does.'''\n    return DONE\n"
    "@transition('T9', 'v', steps=[box9])\n"
    "def prop9(s: S, t: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "belongs to no process",
    "@invariant('N9', 'v')\ndef box9(s: S, c: C) -> bool:\n    return True": "docstring",
    "@invariant('N9', 'v', severity='bad')\ndef box9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "severity",
    "@invariant\ndef box9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "violation",
    "@witness\ndef box9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "something else than an id",
    "@eventually('N9', 'v')\ndef box9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "eventually",
    "@invariant('deadlock', 'v')\ndef box9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "deadlock",
    "@invariant('N 9', 'v')\ndef box9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "id",
    "@invariant('N9', 'v')\ndef box9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True\n"
    "@invariant('N9', 'v')\ndef box8(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "declared twice",
    "W9 = command(A, 'go9', first=K0, meaning='m')": "process", "W9 = command(Process, 'go9', first=K0, meaning='m')": "step|first|process",
}
"""Declarations that no specification may have."""


def misdeclared(m: Parts, chance: Random) -> str:
    text = chance.choice(list(DECLARED))
    m.declare(text)
    return DECLARED[text]


def same_id(m: Parts, chance: Random) -> str:
    """Two properties, steps or actions of one name."""
    fits = m.of("property")
    if not fits:
        return ""
    call = chance.choice(fits).node.decorator_list[0]
    assert isinstance(call, ast.Call)
    name = ast.literal_eval(call.args[0])
    place = len(m.module.body) - 1
    m.module.body[place:place] = ast.parse(f"@witness('{name}')\ndef prop8(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True").body
    return "declared twice"


def goes_round(m: Parts, chance: Random) -> str:
    """A local box leads back to itself."""
    fits = m.of("step", local=True)
    if not fits:
        return ""
    f = chance.choice(fits)
    chance.choice(f.returns()).value = ast.Name(f.node.name)
    return "lead back to themselves"


def program_of_nobody(m: Parts, chance: Random) -> str:
    """A command or an argument of a kind that runs no programs, or the question whether it is idle."""
    idle = [k for k in m.kinds if not any(w.arg == "programs" for w in k.keywords)]
    boxes = [f for f in m.of("step", local=False) if f.kind in [k.name for k in idle]]
    if not boxes:
        return ""
    f = chance.choice(boxes)
    what = chance.choice(["command", "argument", "idle"])
    if what == "idle":
        m.put(f"k9 = {f.mover}.idle", f)
        return "always idle"
    if what == "command":
        place = len(m.module.body) - 1
        m.module.body[place:place] = ast.parse(f"W9 = command({f.kind}, 'go9', first={f.node.name}, meaning='m')").body
        return "runs programs"
    kind = next(k for k in idle if k.name == f.kind)
    kind.body += ast.parse("a9: int = argument(Flag(), 'an argument')").body
    return "runs no programs"


MISDECLARED = [misdeclared, misdeclared, same_id, goes_round, program_of_nobody]
