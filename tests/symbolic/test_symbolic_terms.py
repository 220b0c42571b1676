"""Words of literals compute what Python's integers compute, stay within their bounds, and equal formulas meet."""

from __future__ import annotations

import operator
import random

import pytest

from snapproof.symbolic.circuit import FALSE, TRUE, Circuit
from snapproof.symbolic.terms import Term, Terms, Word, bounds

INTEGERS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
            "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
            "min": min, "max": max}
TESTS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
RANGES = [(0, 1), (0, 7), (-1, 8), (0, 89), (-21, 7), (-5, -2), (3, 200), (-300, 300), (0, 65535), (7, 7)]


def assigned(term: Term, value: int) -> dict[int, int]:
    """The inputs with which a free integer is this one."""
    return {} if isinstance(term, int) else {b >> 1: value >> i & 1 for i, b in enumerate(term.bits) if b > 1}


@pytest.mark.slow
@pytest.mark.parametrize("op", INTEGERS)
def test_words_compute_what_integers_do(op: str) -> None:
    chance = random.Random(op)
    for (low, high), (lowest, highest) in [(a, b) for a in RANGES for b in RANGES]:
        if op == ">>" and lowest < 0 or op == "<<" and not 0 <= lowest <= highest <= 8:
            continue
        k = Terms()
        (a, _), (b, _) = k.free(low, high), k.free(lowest, highest)
        both = [k.binary(op, a, b), k.binary(op, a, highest) if highest else 0, k.binary(op, low, b)]
        for _ in range(4):
            x, y = chance.randint(low, high), chance.randint(lowest, highest)
            inputs = assigned(a, x) | assigned(b, y)
            for term, p, q in zip(both, (x, x, low), (y, highest, y)):
                if op in ("//", "%") and q == 0:
                    continue
                wanted = INTEGERS[op](p, q)
                assert k.value(term, inputs) == wanted, (p, q)
                assert bounds(term)[0] <= wanted <= bounds(term)[1]


@pytest.mark.slow
@pytest.mark.parametrize("op", TESTS)
def test_words_compare_as_integers_do(op: str) -> None:
    chance = random.Random(op)
    for (low, high), (lowest, highest) in [(a, b) for a in RANGES for b in RANGES]:
        k = Terms()
        (a, _), (b, _) = k.free(low, high), k.free(lowest, highest)
        found = [k.compare(op, a, b), k.compare(op, a, highest), k.compare(op, lowest, a)]
        for _ in range(6):
            x, y = chance.randint(low, high), chance.randint(lowest, highest)
            wanted = [TESTS[op](x, y), TESTS[op](x, highest), TESTS[op](lowest, x)]
            assert k.evaluate(found, assigned(a, x) | assigned(b, y)) == wanted


def test_a_function_of_a_function_of_a_small_word_is_a_table_of_it() -> None:
    k = Terms()
    a, _ = k.free(0, 89)
    track = k.binary("%", k.binary("-", a, 82), 4)
    back = k.binary("-", k.binary("//", k.binary("-", a, 1), 9), 1)
    assert isinstance(track, Word) and isinstance(back, Word) and track.root is a and back.root is a
    for value in range(90):
        assert k.value(track, assigned(a, value)) == (value - 82) % 4
        assert k.value(back, assigned(a, value)) == (value - 1) // 9 - 1
        assert k.evaluate([k.equal(back, 3), k.equal(track, 2)], assigned(a, value)) == [(value - 1) // 9 == 4, (value - 82) % 4 == 2]


@pytest.mark.parametrize("divisor", [1, 2, 4, 64, 1 << 12, 1 << 61])
def test_dividing_by_a_power_of_two_leaves_bits_out_and_makes_no_gate(divisor: int) -> None:
    k = Terms()
    a, _ = k.free(-1000, 1000)
    size = len(k)
    whole, rest = k.binary("//", a, divisor), k.binary("%", a, divisor)
    assert len(k) == size
    for value in (-1000, -513, -65, -64, -3, -1, 0, 1, 63, 64, 999):
        assert (k.value(whole, assigned(a, value)), k.value(rest, assigned(a, value))) == divmod(value, divisor)
        assert bounds(whole)[0] <= value // divisor <= bounds(whole)[1] and bounds(rest)[0] <= value % divisor <= bounds(rest)[1]


def test_what_the_bounds_decide_makes_no_gate() -> None:
    k = Terms()
    (a, limit), (b, _) = k.free(0, 7), k.free(-1, 3)
    size = len(k)
    assert limit == TRUE
    assert k.inside(a, 0, 7) == TRUE and k.compare("<", a, 8) == TRUE and k.compare("==", b, 9) == FALSE
    assert k.select([10, 11, 12, 13, 14, 15, 16, 17, 99], a) is not None
    assert k.compare(">=", b, -1) == TRUE
    assert len(k) - size < 40


def test_the_domain_of_a_free_integer_is_its_condition() -> None:
    for low, high in RANGES:
        k = Terms()
        a, limit = k.free(low, high)
        if isinstance(a, int):
            continue
        free = [b for b in a.bits if b > 1]
        inside = 0
        for code in range(1 << len(free)) if len(free) < 12 else ():
            inputs = {b >> 1: code >> i & 1 for i, b in enumerate(free)}
            holds = k.evaluate([limit], inputs)[0]
            inside += holds
            assert holds == (low <= k.value(a, inputs) <= high)
        assert len(free) >= 12 or inside == high - low + 1


def test_cells_are_selected_and_stored_by_symbolic_indices() -> None:
    k = Terms()
    index, _ = k.free(-1, 4)
    other, _ = k.free(0, 3)
    when = k.input()
    cells: list[Term] = [k.free(-1, 9)[0] for _ in range(4)]
    row = list(cells)
    k.store(row, index, 7, when)
    read = k.select(row, other)
    chance = random.Random(3)
    for _ in range(200):
        values, i, j, w = [chance.randint(-1, 9) for _ in range(4)], chance.randint(-1, 4), chance.randint(0, 3), chance.randint(0, 1)
        inputs = assigned(index, i) | assigned(other, j) | {when >> 1: w}
        for cell, value in zip(cells, values):
            inputs |= assigned(cell, value)
        after = [7 if w and i == n else value for n, value in enumerate(values)]
        assert [k.value(c, inputs) for c in row] == after
        assert k.value(read, inputs) == after[j]


def test_a_choice_inside_the_same_choice_is_its_branch() -> None:
    k = Circuit()
    t, a, b, c = (k.input() for _ in range(4))
    inner = k.choose(t, a, b)
    assert k.choose(t, inner, c) == k.choose(t, a, c)
    assert k.choose(t ^ 1, inner, c) == k.choose(t, c, b)
    assert k.choose(t, inner ^ 1, c) == k.choose(t, a ^ 1, c)
    assert k.choose(t, c, inner) == k.choose(t, c, b)
    assert k.choose(t, t, a) == k.either(t, a)


@pytest.mark.slow
def test_random_formulas_have_the_values_of_their_parts() -> None:
    chance = random.Random(11)
    k = Circuit()
    inputs = [k.input() for _ in range(5)]
    known: list[tuple[int, list[int]]] = [(0, [0] * 32), (1, [1] * 32)]
    known += [(x, [code >> i & 1 for code in range(32)]) for i, x in enumerate(inputs)]
    for _ in range(3000):
        (a, p), (b, q), (c, r) = (chance.choice(known) for _ in range(3))
        flip = chance.randint(0, 1)
        kind = chance.randrange(3)
        if kind == 0:
            known.append((k.both(a ^ flip, b), [(x ^ flip) & y for x, y in zip(p, q)]))
        elif kind == 1:
            known.append((k.choose(a, b ^ flip, c), [y ^ flip if x else z for x, y, z in zip(p, q, r)]))
        else:
            known.append((k.same(a, b), [int(x == y) for x, y in zip(p, q)]))
    for code in range(32):
        found = k.evaluate([a for a, _ in known], {x >> 1: code >> i & 1 for i, x in enumerate(inputs)})
        assert found == [truth[code] for _, truth in known]


def test_a_circuit_goes_back_to_a_mark_and_builds_the_same_again() -> None:
    k = Circuit()
    a, b, c = (k.input() for _ in range(3))
    kept = k.both(a, b)
    mark = k.mark()
    made = [k.choose(a, b, c), k.both(kept, c), k.input()]
    size = len(k)
    k.cut(mark)
    assert k.both(a, b) == kept and len(k) == mark[0]
    assert [k.choose(a, b, c), k.both(kept, c), k.input()] == made and len(k) == size


@pytest.mark.parametrize("op", ["<<", ">>"])
@pytest.mark.parametrize("far", [63, 1 << 40, 1 << 61])
def test_a_shift_beyond_all_words_takes_no_memory(op: str, far: int) -> None:
    k = Terms()
    word, _ = k.free(0, 3)
    amount = k.plus(k.free(0, 1)[0], far)
    assert k.shift(op, word, far) == k.shift(op, word, amount) == 0
