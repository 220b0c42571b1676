"""Integers that are known, or words of literals with known bounds.

A `Term` is a Python int or a `Word`: two's complement, in as few bits as its bounds need.  Nothing wraps: a sum
has the bits that its bounds need.  Operations on known values stay known, comparisons that the bounds decide are
constants, and cells that an index cannot reach are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Union

from .circuit import FALSE, TRUE, Circuit, Truth

SMALL = 128
"""Functions of one word with at most so many values are tabulated."""

MOST_SHIFT = 62
"""Shifts to the left beyond this are errors (the caller notes them)."""


class Word:
    """An integer between `low` and `high`: `bits` from the lowest, the last is the sign.

    `root` is the word that this one is a function of, if it is known to be one: `table` has its value for each
    value of the root from the lowest, or is None where the word is the root plus a number.
    """

    __slots__ = ("bits", "high", "low", "root", "table")

    def __init__(self, bits: tuple[Truth, ...], low: int, high: int) -> None:
        self.bits, self.low, self.high = bits, low, high
        self.root: Word | None = None
        self.table: tuple[int, ...] | None = None

    def __repr__(self) -> str:
        return f"<word {self.low}…{self.high}>"


Term = Union[int, Word]


def width(low: int, high: int) -> int:
    """Bits of two's complement that hold these bounds."""
    return max(high.bit_length() if high >= 0 else 0, (~low).bit_length() if low < 0 else 0) + 1


def bounds(term: Term) -> tuple[int, int]:
    """The lowest and highest value a term can have."""
    return (term, term) if isinstance(term, int) else (term.low, term.high)


def bits(term: Term, n: int) -> tuple[Truth, ...]:
    """A term as n bits; n holds its bounds, or the caller wants the lowest n."""
    if isinstance(term, int):
        return tuple(term >> i & 1 for i in range(n))
    own = term.bits
    return own[:n] if len(own) >= n else own + own[-1:] * (n - len(own))


class Terms(Circuit):
    """A circuit with integers on it."""

    def word(self, found: Sequence[Truth], low: int, high: int) -> Term:
        """The integer with these bits, of which it is known that it lies between the bounds."""
        if low == high:
            return low
        n = width(low, high)
        own = tuple(found[:n]) if len(found) >= n else (*found, *[found[-1]] * (n - len(found)))
        if low >= 0 or high < 0:
            own = (*own[:-1], TRUE if high < 0 else FALSE)
        if all(b < 2 for b in own):
            value = sum(b << i for i, b in enumerate(own))
            return value - (1 << n) if own[-1] else value
        return Word(own, low, high)

    def free(self, low: int, high: int) -> tuple[Term, Truth]:
        """Any integer, and the condition that it lies between the bounds."""
        if low == high:
            return low, TRUE
        n = width(low, high)
        signed = low < 0 <= high
        found = [self.input() for _ in range(n if signed else n - 1)]
        term = Word((*found, *([] if signed else [TRUE if high < 0 else FALSE])), low, high)
        whole = Word(term.bits, *((-(1 << n - 1), (1 << n - 1) - 1) if signed else (low & -(1 << n - 1), low | (1 << n - 1) - 1)))
        return term, self.inside(whole, low, high)

    # --- between truth values and integers --------------------------------------------------------------

    def number(self, value: Truth) -> Term:
        """A truth value as 0 or 1."""
        return int(value) if value < 2 else Word((value, FALSE), 0, 1)

    def truth(self, term: Term) -> Truth:
        """An integer in a condition."""
        if isinstance(term, int):
            return TRUE if term else FALSE
        return self.any_of(term.bits) if term.low <= 0 <= term.high else TRUE

    def pick(self, test: Truth, then: Term, otherwise: Term) -> Term:
        """`then if test else otherwise`."""
        if test < 2:
            return then if test else otherwise
        if then is otherwise or isinstance(then, int) and isinstance(otherwise, int) and then == otherwise:
            return then
        (a, b), (x, y) = bounds(then), bounds(otherwise)
        low, high = min(a, x), max(b, y)
        n = width(low, high)
        return self.word([self.choose(test, p, q) for p, q in zip(bits(then, n), bits(otherwise, n))], low, high)

    # --- comparisons ------------------------------------------------------------------------------------

    def compare(self, op: str, a: Term, b: Term) -> Truth:
        """`== != < <= > >=`."""
        if op == "!=":
            return self.equal(a, b) ^ 1
        if op == "==":
            return self.equal(a, b)
        if op == ">":
            return self.less(b, a)
        if op == "<=":
            return self.less(b, a) ^ 1
        return self.less(a, b) if op == "<" else self.less(a, b) ^ 1

    def equal(self, a: Term, b: Term) -> Truth:
        """Are two integers equal?"""
        if isinstance(a, int):
            a, b = b, a
        if isinstance(a, int):
            return a == b
        if isinstance(b, int):
            if not a.low <= b <= a.high:
                return FALSE
            if a.table is not None:
                return self._tabulated(a, [value == b for value in a.table])
            out: Truth = TRUE
            for i in range(len(a.bits) - 1, -1, -1):
                out = self.both(out, a.bits[i] ^ (~b >> i & 1))
            return out
        if a.high < b.low or b.high < a.low:
            return FALSE
        n = max(len(a.bits), len(b.bits))
        return self.all_of(self.same(x, y) for x, y in zip(bits(a, n), bits(b, n)))

    def less(self, a: Term, b: Term) -> Truth:
        """Is a less than b?"""
        (low, high), (lowest, highest) = bounds(a), bounds(b)
        if high < lowest:
            return TRUE
        if low >= highest:
            return FALSE
        n = max(width(low, high), width(lowest, highest))
        out: Truth = FALSE
        pairs = list(zip(bits(a, n), bits(b, n)))
        for x, y in pairs[:-1]:
            out = self.choose(self.same(x, y), out, y)
        x, y = pairs[-1]
        return self.choose(self.same(x, y), out, x)

    def not_negative(self, a: Term) -> Truth:
        """May one shift by so many places?"""
        return self.inside(a, 0, max(0, bounds(a)[1]))

    def inside(self, index: Term, low: int, high: int) -> Truth:
        """`low <= index <= high`."""
        return self.both(self.less(index, low) ^ 1, self.less(high, index) ^ 1)

    def extreme(self, op: str, a: Term, b: Term) -> Term:
        """`min max`."""
        (low, high), (lowest, highest) = bounds(a), bounds(b)
        first = self.less(a, b) if op == "min" else self.less(b, a)
        found = self.pick(first, a, b)
        if isinstance(found, int):
            return found
        choose = min if op == "min" else max
        return self.word(found.bits, choose(low, lowest), choose(high, highest))

    # --- arithmetic -------------------------------------------------------------------------------------

    def binary(self, op: str, a: Term, b: Term) -> Term:
        """`+ - * // % & | ^ << >> min max`; `//` and `%` round towards minus infinity.

        By a divisor of 0, a negative shift, or one to the left beyond MOST_SHIFT, the value is some integer: the caller notes the error.
        """
        if isinstance(a, int) and isinstance(b, int):
            return _known(op, a, b)
        return _OPERATIONS[op](self, a, b)

    def plus(self, a: Term, b: Term) -> Term:
        """`a + b`."""
        (low, high), (lowest, highest) = bounds(a), bounds(b)
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        out = self._sum(a, b, low + lowest, high + highest, FALSE)
        for one, other in ((a, b), (b, a)):
            if isinstance(out, Word) and isinstance(one, Word) and isinstance(other, int):
                out.root = one.root or one
                out.table = None if one.table is None else tuple(v + other for v in one.table)
        return out

    def minus(self, a: Term, b: Term) -> Term:
        """`a - b`."""
        if isinstance(b, int):
            return self.plus(a, -b)
        (low, high), (lowest, highest) = bounds(a), bounds(b)
        return self._sum(a, self.inverted(b), low - highest, high - lowest, TRUE)

    def _sum(self, a: Term, b: Term, low: int, high: int, carry: Truth) -> Term:
        n = width(low, high)
        out = []
        for x, y in zip(bits(a, n), bits(b, n)):
            differ = self.same(x, y) ^ 1
            out.append(self.same(differ, carry) ^ 1)
            carry = self.choose(differ, carry, x)
        return self.word(out, low, high)

    def times(self, a: Term, b: Term) -> Term:
        """`a * b`."""
        if width(*bounds(a)) < width(*bounds(b)) or isinstance(a, int):
            a, b = b, a
        corners = [x * y for x in bounds(a) for y in bounds(b)]
        n = width(min(corners), max(corners))
        total: Term = 0
        factor = bits(b, width(*bounds(b)))
        for i, one in enumerate(factor):
            part = self.pick(one, self._shifted(a, i), 0)
            total = self.minus(total, part) if i == len(factor) - 1 else self.plus(total, part)
        return self.word(bits(total, n), min(corners), max(corners))

    def _shifted(self, a: Term, n: int) -> Term:
        return a << n if isinstance(a, int) else self.word((FALSE,) * n + a.bits, a.low << n, a.high << n)

    def quotient(self, a: Term, b: Term) -> Term:
        """`a // b`."""
        return self._divided("//", a, b)

    def rest(self, a: Term, b: Term) -> Term:
        """`a % b`."""
        return self._divided("%", a, b)

    def _divided(self, op: str, a: Term, b: Term) -> Term:
        if isinstance(b, int) and isinstance(a, Word) and a.high - a.low < SMALL:
            return self.applied(a, lambda value: _known(op, value, b))
        if isinstance(b, int) and b > 0 and b.bit_count() == 1:
            return self.shift(">>", a, b.bit_length() - 1) if op == "//" else self.bitwise("&", a, b - 1)
        flip = self.less(b, 0)
        over = self.pick(flip, self.minus(0, a), a)
        by = self.pick(flip, self.minus(0, b), b)
        below = self.less(over, 0)
        # For a negative dividend: a // b is -1 - (-1 - a) // b, which divides a number that is not negative.
        part = self._long_division(self.pick(below, self.minus(-1, over), over), by)
        found = self.pick(below, self.minus(-1, part), part)
        if op == "//":
            return found
        (low, high) = bounds(b)
        return self.word(bits(self.minus(a, self.times(found, b)), width(min(0, low), max(0, high)) + 1), min(0, low), max(0, high))

    def _long_division(self, a: Term, b: Term) -> Term:
        """`a // b` for a not negative and b positive, bit by bit from the highest."""
        n = width(0, bounds(a)[1]) - 1
        rest: Term = 0
        found: list[Truth] = [FALSE]
        high = max(1, bounds(b)[1])
        for one in reversed(bits(a, n)):
            rest = self.word((one, *bits(rest, width(0, high))), 0, 2 * high - 1)
            fits = self.less(rest, b) ^ 1
            found.append(fits)
            left = self.pick(fits, self.minus(rest, b), rest)
            rest = self.word(bits(left, width(0, high)), 0, high)
        return self.word([*reversed(found[1:]), FALSE], 0, max(0, bounds(a)[1]))

    # --- bits -------------------------------------------------------------------------------------------

    def inverted(self, a: Term) -> Term:
        """`~a`."""
        return ~a if isinstance(a, int) else Word(tuple(x ^ 1 for x in a.bits), ~a.high, ~a.low)

    def bitwise(self, op: str, a: Term, b: Term) -> Term:
        """`& | ^`."""
        (low, high), (lowest, highest) = bounds(a), bounds(b)
        n = max(width(low, high), width(lowest, highest))
        least, most = -(1 << n - 1), (1 << n - 1) - 1
        if op == "&" and max(low, lowest) >= 0:
            least, most = 0, min(h for h, bottom in ((high, low), (highest, lowest)) if bottom >= 0)
        elif min(low, lowest) >= 0:
            least = max(low, lowest) if op == "|" else 0
        gate = {"&": self.both, "|": self.either, "^": lambda x, y: self.same(x, y) ^ 1}[op]
        return self.word([gate(x, y) for x, y in zip(bits(a, n), bits(b, n))], least, most)  # type: ignore[no-untyped-call]

    def shift(self, op: str, a: Term, b: Term) -> Term:
        """`<< >>`."""
        (low, high), most = bounds(a), MOST_SHIFT
        if op == ">>":
            b, most = self._at_most(b, width(low, high) - 1)
        first, last = max(0, bounds(b)[0]), min(most, bounds(b)[1])
        if first > last:
            return 0
        shifted = [self._shifted(a, n) if op == "<<" else self.word(bits(a, max(n + 1, width(low, high)))[n:], low >> n, high >> n)
                   for n in range(first, last + 1)]
        return self.select([0] * first + shifted, b)

    def bit(self, mask: Term, member: Term) -> Truth:
        """`mask >> member & 1`."""
        member, most = self._at_most(member, width(*bounds(mask)) - 1)
        first, last = max(0, bounds(member)[0]), min(most, bounds(member)[1])
        every = bits(mask, last + 1) if last >= 0 else ()
        return self.truth(self.select([self.number(x) for x in every], member)) if first <= last else FALSE

    def _at_most(self, places: Term, sign: int) -> tuple[Term, int]:
        """By how many places to shift to the right, and the most: behind the sign of a number there is only its sign."""
        return (self.binary("min", places, sign) if bounds(places)[1] > sign else places), sign

    # --- functions of one word ----------------------------------------------------------------------------

    def applied(self, a: Term, function: Callable[[int], int]) -> Term:
        """A function of an integer with few values, from its table."""
        if isinstance(a, int):
            return function(a)
        root = a.root if a.root is not None and a.root.high - a.root.low < SMALL else a
        of_root = a.table if root is not a and a.table is not None else range(a.low, a.low + root.high - root.low + 1)
        table = tuple(function(value) for value in of_root)
        low, high = min(table), max(table)
        if low == high:
            return low
        out = Word((), low, high)
        out.root, out.table = root, table
        out.bits = tuple(self._tabulated(out, [bool(v >> i & 1) for v in table]) for i in range(width(low, high)))
        return out

    def _tabulated(self, a: Word, wanted: Sequence[bool]) -> Truth:
        """Has the root of a word one of the values that are marked, from its lowest?"""
        root = a.root
        assert root is not None
        few = 2 * sum(wanted) <= len(wanted)
        found = self.any_of(self.equal(root, root.low + i) for i, w in enumerate(wanted) if bool(w) is few)
        return found if few else found ^ 1

    # --- rows of cells ------------------------------------------------------------------------------------

    def select(self, cells: Sequence[Term], index: Term) -> Term:
        """The cell at an index; some value when the index is outside (the caller notes the error)."""
        if isinstance(index, int):
            return cells[index] if 0 <= index < len(cells) else 0
        first, last = max(0, index.low), min(len(cells) - 1, index.high)
        if first > last:
            return 0
        found = cells[last]
        for i in range(last - 1, first - 1, -1):
            found = self.pick(self.equal(index, i), cells[i], found)
        return found

    def store(self, cells: list[Term], index: Term, value: Term, when: Truth) -> None:
        """Write a cell under a condition."""
        low, high = bounds(index)
        for i in range(max(0, low), min(len(cells) - 1, high) + 1):
            cells[i] = self.pick(self.both(when, self.equal(index, i)), value, cells[i])

    def value(self, term: Term, inputs: Mapping[int, int]) -> int:
        """The integer that a term is, given the inputs by node."""
        if isinstance(term, int):
            return term
        found = self.evaluate(term.bits, inputs)
        return sum(b << i for i, b in enumerate(found)) - (found[-1] << len(found))


_OPERATIONS: dict[str, Callable[[Terms, Term, Term], Term]] = {
    "+": Terms.plus, "-": Terms.minus, "*": Terms.times, "//": Terms.quotient, "%": Terms.rest,
    "&": lambda k, a, b: k.bitwise("&", a, b), "|": lambda k, a, b: k.bitwise("|", a, b), "^": lambda k, a, b: k.bitwise("^", a, b),
    "<<": lambda k, a, b: k.shift("<<", a, b), ">>": lambda k, a, b: k.shift(">>", a, b),
    "min": lambda k, a, b: k.extreme("min", a, b), "max": lambda k, a, b: k.extreme("max", a, b),
}


def _known(op: str, a: int, b: int) -> int:
    if op == ">>" and b < 0 or op == "<<" and not 0 <= b <= MOST_SHIFT or op in ("//", "%") and b == 0:
        return 0  # of a path that is not taken, or an error; its condition says so
    table: dict[str, Callable[[], int]] = {
        "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "//": lambda: a // b, "%": lambda: a % b,
        "&": lambda: a & b, "|": lambda: a | b, "^": lambda: a ^ b, "<<": lambda: a << b, ">>": lambda: a >> b,
        "min": lambda: min(a, b), "max": lambda: max(a, b)}
    return table[op]()
