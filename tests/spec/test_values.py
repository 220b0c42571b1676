"""The value of every expression is Python's, in all three readings; truth values and numbers may be mixed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import assert_readings_agree, filled, instance_of, outcomes, states

from snapproof.spec import DeclarationError, EvaluationError
from snapproof.spec.instance import Cells, Instance
from snapproof.spec.machine import Machine

HEAD = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class N(IndexSet, letter="N", size=lambda n: {count}):
    """Numbers of expressions."""

class A(IndexSet, letter="A"):
    """Values of a."""

class T(IndexSet, letter="T"):
    """A set of three."""

class Mode(IntEnum):
    OFF = 0
    ON = 1

class S(State):
    a: int = variable(Range(-2, 2), "a number of either sign")
    b: int = variable(Range(0, 3), "a number")
    f: int = variable(Flag(), "a flag")
    done: int = variable(Flag(), "the values are there")
    r = table(N, of=Range(-100, 100), meaning="values")
    x = table(T, of=Range(0, 3), meaning="a table")

class C(Scope):
    mode: Mode = switch(Mode, default=Mode.ON, figure="-", meaning="a switch")

def positive(n: int) -> bool:
    return n > 0

def same(n: int) -> int:
    return n

def either(n: int, m: int) -> int:
    return n or m

def found(s: S, c: C, wanted: int) -> bool:
    seen = False
    for t in c.each(T):
        if s.x[t] == wanted:
            seen = True
    return seen

def of_flag(flag: bool) -> int:
    return flag + 1

@initial
def start(s: S, c: C, a: A, b: T, f: Choice) -> Signal:
    """Any values."""
    s.a = a - 2
    s.b = b
    s.f = f
    s.x[1] = 2
    return DONE

class Choice(IndexSet, letter="c"):
    """Two values."""

@action
def evaluate(s: S, c: C) -> Signal:
    """All values at once."""
    if s.done:
        return WAIT
    s.done = True
    t = s.a + 1
{lines}
    return DONE

SPECIFICATION = Specification.of_module("values", S, C, __name__, A=5, T=3, Choice=2)
'''

MIXED = [
    "s.a > 0 and (s.a or 2)", "s.a > 0 or (s.b and 3)", "(s.a or s.b) and (s.b or s.a)", "not (s.a and s.b)", "(not s.a) + 1",
    "s.a and s.b", "s.a or s.b", "s.a and s.b and s.f", "s.a or s.b or s.f", "(s.a and s.b) or (s.f and t)", "1 if s.a and s.b else 0",
    "(s.a and s.b) if s.f else (s.a or t)", "s.a == s.f", "s.f == True", "(s.a > 0) == (s.b > 0)", "(s.a > 0) < (s.b > 0)",
    "s.a < s.b < 3", "(s.a < s.b < 3) * 7", "s.f < (s.a or 1) <= s.b", "s.x[s.f]", "s.x[s.a > 0]", "s.x[(s.a > 0 and s.b) or 0]",
    "(s.a > 0) + (s.b > 0)", "(s.a > 0) - (s.b > 0)", "-(s.a > 0)", "(s.a > 0) * s.b", "(s.a > 0) << 2", "s.b >> (s.a > 0)",
    "s.a // 2", "s.a % 2", "s.a % 3", "s.a // 3", "-s.a // 3", "(s.a * 7) // 5 % 4", "s.a >> 1", "s.a << 2", "~s.a & 5", "s.a ^ s.b",
    "s.a | s.b",
    "min(s.a, s.f)", "max(s.a > 0, s.b)", "min(s.a > 0, s.b > 0)", "min(s.a or 1, s.b and 2)", "int(s.a > 0) + 1",
    "bool(s.a) + bool(s.a and s.b)",
    "bool(s.a or s.b) == s.f", "int(s.a and s.b)", "same(s.a > 0)", "same(s.a and s.b)", "either(s.a, s.b > 1)",
    "positive(s.a) + positive(s.b)",
    "positive(s.a and s.b)", "positive(s.a) and s.b", "s.b and positive(s.a)", "found(s, c, s.b) + 0", "of_flag(s.f)", "of_flag(s.a > 0)",
    "of_flag(s.a > 0 and positive(s.b))", "c.mode and s.a", "c.mode == True", "(s.a and c.mode) or Mode.ON", "c.size(T) and s.a",
    "0 or s.a", "1 and s.a",
    "s.a or 0 or s.b", "t and s.a", "s.f ^ (s.a > 0)", "(s.f & (s.a > 0)) or s.b", "s.f and s.a and (s.b or (s.a and (t or s.b)))",
]

STATEMENTS = [
    "k = s.a > 0\nk += 2\ns.r[{n}] = k", "k = s.a and s.b\nif k:\n    s.r[{n}] = k", "s.r[{n}] = s.a > 0\ns.r[{n}] += s.b or 5",
    "k = 7\nfor i in range(s.a):\n    k = i\ns.r[{n}] = k", "k = 0\nfor i in range(s.b, s.a and 3):\n    k += i + 1\ns.r[{n}] = k",
    "k = False\nfor t in c.each(T):\n    k = k or s.x[t] == s.b\ns.r[{n}] = k",
    "k = 0\nfor t in c.each(T):\n    k = k or s.x[t] and t\ns.r[{n}] = k",
    "i = 5\nfor i in range(s.b):\n    pass\ns.r[{n}] = i", "if s.a or s.f:\n    s.r[{n}] = 1\nelse:\n    s.r[{n}] = 2",
    "if not (s.a and s.b) and (s.f or s.a):\n    s.r[{n}] = 3", "k = s.f\nk ^= s.a > 0\ns.r[{n}] = k",
    "k = s.a\nk //= 2\nk %= 3\nk <<= s.f\ns.r[{n}] = k",
]


def random_expression(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(["s.a", "s.b", "s.f", "t", "0", "1", "2", "s.a > 0", "s.b == 2", "c.mode", "True", "positive(s.a)"])
    shape = rng.choice(["and", "or", "and", "or", "not", "if", "compare", "chain", "+", "min", "bool", "help"])
    part = [f"({random_expression(rng, depth - 1)})" for _ in range(3)]
    if shape in ("and", "or", "+"):
        return f"{part[0]} {shape} {part[1]}" + (f" {shape} {part[2]}" if rng.random() < 0.3 else "")
    return {"not": f"not {part[0]}", "if": f"{part[0]} if {part[1]} else {part[2]}", "compare": f"{part[0]} == {part[1]}",
            "chain": f"{part[0]} <= {part[1]} < {part[2]}", "min": f"min({part[0]}, {part[1]})", "bool": f"bool({part[0]})",
            "help": f"either({part[0]}, {part[1]})"}[shape]


def values_text(statements: list[str]) -> str:
    return filled(HEAD, statements)


@pytest.mark.slow
def test_values_of_mixed_expressions_are_those_of_python(tmp_path: Path) -> None:
    assert_readings_agree(values_text([f"s.r[{n}] = {e}" for n, e in enumerate(MIXED)]), tmp_path, 2 * 5 * 3 * 2)


def test_statements_that_mix_truth_values_and_numbers_do_as_python_does(tmp_path: Path) -> None:
    assert_readings_agree(values_text(STATEMENTS), tmp_path, 2 * 5 * 3 * 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_nested_and_or_not_if_mean_what_python_means(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    assert_readings_agree(values_text([f"s.r[{n}] = {random_expression(rng, 3)}" for n in range(40)]), tmp_path, 2 * 5 * 3 * 2)


def test_the_verdict_does_not_depend_on_the_reading_when_and_gives_an_operand(tmp_path: Path) -> None:
    text = body("k = s.x[0] > 0 and (s.x[0] or 2)\ns.x[1] = k\ns.x[0] = 2\nreturn DONE", "@action\ndef go(s: S, c: C) -> Signal:") \
        + body("return s.x[1] != 2", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:')
    plain, compiled = outcomes(instance_of(BASE + text + END, tmp_path, sizes={"P": 0}))
    assert plain == compiled and plain[:2] == ("violated", "I")


REFUSED = {
    "a helper that promises bool and gives an operand": (
        "def h(s: S) -> bool:\n    return s.y > 0 and s.x[0]\n" + body("s.x[0] = h(s)\nreturn last"),
        r":\d+ h: h says -> bool and returns a number"),
    "a name that sometimes holds a number": (
        "def h(s: S) -> bool:\n    k = True\n    if s.y > 0:\n        k = s.x[0]\n    return k\n" + body("s.x[0] = h(s)\nreturn last"),
        "says -> bool and returns a number"),
    "a number passed as bool": (
        "def h(flag: bool) -> int:\n    return flag\n" + body("s.x[0] = h(s.x[1])\nreturn last"),
        "takes flag as bool and is given a number"),
    "a property that promises bool and gives a number": (
        body("return s.x[0] & 2", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:'), "says -> bool and returns a number"),
    "a local name that shadows a helper": (body("min = 3\ns.x[0] = min(1, 2)\nreturn last"), "one of the function's own"),
    "a local name that shadows an index set": (body("T = 1\nfor t in c.each(T):\n    s.x[t] = 0\nreturn last"),
                                               "one of the function's own"),
}


@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_would_mean_two_things_is_refused(case: str, tmp_path: Path) -> None:
    text, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=message):
        load(BASE + text + END, tmp_path)


# --- names, sets and amounts of any size ------------------------------------------------------------------


def test_names_beyond_ascii_and_names_that_the_compiler_uses_mean_themselves(tmp_path: Path) -> None:
    text = "def größer(entry: S, ctx: int) -> int:\n    t1 = ctx + 1\n    return t1 % 4\n\n" \
        "class Gerät(Process, letter='Ü'):\n    'A kind.'\n    zähler: int = local(Range(0, 3), 'a number')\n\n" \
        + body("for then1 in c.each(T):\n    entry.x[then1] = größer(entry, gerät.zähler)\n"
               "gerät.zähler = größer(entry, gerät.zähler)\nreturn zählen",
               '@step(Gerät, "1", "")\ndef zählen(entry: S, c: C, gerät: Gerät) -> Next:') \
        + body("return t3.x[0] + w.zähler < 6", '@invariant("I", "v")\ndef inv(t3: S, c: C, w: Gerät) -> bool:')
    plain, compiled = outcomes(instance_of(BASE + text + END.replace("P=1, Q=1", "P=0, Gerät=1"), tmp_path, sizes={"P": 0}))
    assert plain == compiled and plain[:2] == ("violated", "I")


COUNTED = '''
class Big(IndexSet, letter="G"):
    """Members of a large set."""

class M(S):
    m: int = variable(Mask(Big), "a set")
    n: int = variable(Range(-1, 100), "a number")
S = M

@action
def put(s: M, c: C, g: Big, h: Big) -> Signal:
    """The members from g to h."""
    if s.n >= 0:
        return WAIT
    s.m = ((1 << c.size(Big)) - 1) >> g << g & ((2 << h) - 1)
    s.n = count(s.m)
    return DONE

@action
def far(s: M, c: C, g: Big) -> Signal:
    """Shifted by more places than a word has."""
    if s.n >= 0:
        return WAIT
    s.n = ((5 >> (g * 3)) + ((0 - 7) >> (g * 3 + 1)) + (1 << min(g, 6))) % 100
    return DONE
'''


def begun(instance: Instance, nth: int) -> set[Cells]:
    """The states behind the initial ones, and behind every so many of these, in the plain reading."""
    machine = Machine(instance, [])
    first = [t.cells for t in machine.initial()]
    second = [t.cells for cells in first for t in machine.successors(cells)]
    return {*first, *second, *(t.cells for cells in second[::nth] for t in machine.successors(cells))}


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 16, 17, 40, 60])
def test_members_are_counted_and_shifts_are_pythons_at_any_size(size: int, tmp_path: Path) -> None:
    instance = instance_of(BASE + COUNTED + END.replace("P=1, Q=1", f"P=0, Big={size}"), tmp_path, sizes={"P": 0})
    # Of any two members each state could make a set, and only the first does: at sixty, every fiftieth of the others is asked.
    plain, compiled = states(instance, "plain") if size < 60 else begun(instance, 50), states(instance, "compiled")
    assert plain == compiled
    names = [slot.name for slot in instance.slots.values() for _ in range(slot.length)]
    m, n = names.index("m"), names.index("n")
    assert any(cells[n] == cells[m].bit_count() == size for cells in plain)


FAR = """
class M(S):
    a: int = variable(Range(-5, 5), "shifted", initial=-5)
    far: int = variable(Range(0, 70), "by so many places")
    left: int = variable(Range(-5, 5), "and this is left")
    bit: int = variable(Flag(), "one bit of it")
    done: int = variable(Flag(), "it is done")
S = M

@initial
def anything(s: M, c: C, a: Range(-5, 5), places: Range(1, 70)) -> Signal:
    \"\"\"Any number, and any way.\"\"\"
    s.a = a
    s.far = places
    return DONE

@action
def further(s: M, c: C) -> Signal:
    \"\"\"To the right, as far as one likes.\"\"\"
    if s.done:
        return WAIT
    s.left = s.a >> s.far
    s.bit = s.a >> s.far & 1
    s.done = 1
    return DONE
"""


@pytest.mark.slow
def test_a_shift_to_the_right_leaves_the_sign_however_far_it_is(tmp_path: Path) -> None:
    instance = instance_of(BASE + FAR + END.replace("P=1, Q=1", "P=0"), tmp_path, sizes={"P": 0})
    plain = states(instance, "plain")
    assert plain == states(instance, "compiled") == states(instance, "symbolic")
    shown = [instance.show(cells) for cells in plain]
    assert {(s["a"], s["far"]): (s["left"], s["bit"]) for s in shown if s["done"]} == {
        (a, far): (a >> far, bool(a >> far & 1)) for a in range(-5, 6) for far in range(1, 71)}


def test_a_shift_by_a_negative_number_is_an_error_in_both(tmp_path: Path) -> None:
    text = body("s.x[0] = 1 >> s.y\nreturn DONE", "@action\ndef go(s: S, c: C) -> Signal:")
    assert outcomes(instance_of(BASE + text + END, tmp_path, sizes={"P": 0})) == [EvaluationError] * 2


@pytest.mark.slow
@pytest.mark.parametrize("divisor", [1, 2, 3, 4, 5, 7])
def test_floors_and_remainders_of_negative_numbers_are_those_of_python(divisor: int, tmp_path: Path) -> None:
    text = f'''
from __future__ import annotations
from snapproof.spec import *

class S(State):
    x: int = variable(Range(-9, 9), "a number", initial=9)
    floor: int = variable(Range(-9, 9), "its floor")
    rest: int = variable(Range(-9, 9), "its remainder")

class C(Scope):
    """No switches."""

@action
def down(s: S, c: C) -> Signal:
    """Divides the next number."""
    if s.x == -9:
        return WAIT
    s.x = s.x - 1
    s.floor = s.x // {divisor}
    s.rest = s.x % {divisor}
    return DONE

SPECIFICATION = Specification.of_module("floors", S, C, __name__)
'''
    of = instance_of(text, tmp_path)
    wanted = {(x, x // divisor, x % divisor) for x in range(-9, 9)}
    for reading in ("plain", "compiled", "symbolic"):
        assert states(of, reading) >= wanted and len(states(of, reading)) == 19
