"""Initial places that no process may have, choices from what is no domain, conditions on states, and profiles: a word of the refusal."""

from __future__ import annotations

KINDS = """class N9(Process, letter='N'):
    '''Begins.'''
class M9(Process, letter='M', programs=True):
    '''Runs programs.'''
class L9(Process):
    '''No letter.'''
class R9(Record):
    k: int = field(Flag(), 'a flag')
F9 = figure(N9, 'f9', '-', exits=('out',), meaning='m')
@step(N9, '9', '-')
def box9(s: S, c: C, p: N9) -> Next:
    '''Does.'''
    return box8
@step(N9, '8', '-', local=True)
def box8(s: S, c: C, p: N9) -> Next:
    '''Does.'''
    return DONE
@step(N9, '7', F9)
def box7(s: S, c: C, p: N9) -> Next:
    '''Does.'''
    return F9.out
@step(M9, '9', '-')
def run9(s: S, c: C, p: M9) -> Next:
    '''Does.'''
    return DONE
G9 = command(M9, 'go9', first=run9, meaning='m')
def begin9(p: L9) -> None:
    p.start_at(box9)
def lead9(p: N9) -> None:
    p.start_at(box9)
"""


def _in(what: str, lines: str, ending: str = "return DONE") -> str:
    return f"{KINDS}{what}\n    '''Begins.'''\n    {lines}\n    {ending}"


def _initially(lines: str, of: str = "N9") -> str:
    return _in(f"@initial\ndef first9(s: S, c: C, p: {of}) -> Signal:", lines)


def _chosen(domain: str) -> str:
    return _in(f"@action\ndef act9(s: S, c: C, x: {domain}) -> Signal:", "pass")


MISPLACED = {
    _initially("p.start_at(DONE)"): "this start_at", _initially("p.start_at()"): "this start_at",
    _initially("p.start_at(step=box9)"): "this start_at", _initially("k9 = p.start_at(box9)"): "middle of an expression",
    _initially("p.start_at(box8)"): "a local box", _initially("p.start_at(box7)"): "entered by calls only",
    _initially("p.start_at(run9)"): "where no N9 ever is", _initially("p.start_at(run9)", "M9"): "first command of its program",
    _initially("begin9(p)"): "a base without members",
    _in("@action\ndef act9(s: S, c: C, p: N9) -> Signal:", "p.start_at(box9)"): "says where a process starts",
    _in("@step(N9, '6', '-')\ndef box6(s: S, c: C, p: N9) -> Next:", "lead9(p)"): "says where a process starts",
    _in("@invariant('N9', 'v')\ndef prop9(s: S, c: C, p: N9) -> bool:", "lead9(p)", "return True"): "says where a process starts",
    _chosen("ProcessNumber()"): "numbers of all processes", _chosen("Range(3, 0)"): "annotation is no domain",
    _chosen("Range(0)"): "annotation is no domain", _chosen("Flag"): "with its brackets",
    "@invariant('N9', 'v', distinct=True)\ndef prop9(s: S, c: C) -> bool:\n    '''Holds.'''\n    return True": "no two of its parameters",
    "@constraint\ndef far9(s: S, c: C) -> bool:\n    return True": "docstring",
    _chosen("RecordOf(R9)"): "all records of a class", _chosen("R9"): "not typed by",
    "class C9(Scope):\n    z9: Mode = switch(Mode, safe=Mode.ON, figure='-', meaning='m')": "does not name",
    "class C9(Scope):\n    z9: Mode = switch(Mode, figure='-', meaning='m')": "it has no value",
    "class C9(Scope):\n    profiles = ('one', 'two')\n    z9: Mode = switch(Mode, one=Mode.ON, figure='-', meaning='m')":
        "in the profile two",
    "class C9(Scope):\n    profiles = ('one', 'one')": "two profiles",
    "class C9(Scope):\n    profiles = ('One',)": "a profile cannot be called",
    "class C9(Scope):\n    profiles = ['one']": "not a tuple",
}
"""Declarations that are refused."""
