"""Truth values as literals of a circuit of and-gates, each gate built once.

A literal is an integer: twice the number of a node, plus one when it is negated.  Node 0 is the constant, so
0 is false and 1 is true, and a `bool` is a literal.  Other nodes are inputs, or conjunctions of two literals of
earlier nodes.  Equal formulas over equal inputs mostly become the same literal: that is what tells, without a
solver, that a box leaves a property alone (see `induction.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

FALSE, TRUE = 0, 1

Truth = int
"""A literal; `False` and `True` are the constants."""

INPUT = -1
"""In place of the operands of a gate: the node is an input."""

PATIENCE = 1 << 12
"""Gates between two looks at the clock."""


class OutOfTime(Exception):
    """A formula took longer to build than it may; no gate is left half made."""


class Circuit:
    """Nodes in order of creation: the operands of node n are `left[n]` and `right[n]`, literals of earlier nodes.

    `choices[literal]` (of positive literals) are the (test, then, otherwise) that a literal was built from.
    `end`, on the monotonic clock, is when building raises OutOfTime.
    """

    def __init__(self) -> None:
        self.end: float | None = None
        self.left, self.right = [INPUT], [INPUT]
        self.choices: dict[Truth, tuple[Truth, Truth, Truth]] = {}
        self._gates: dict[int, Truth] = {}
        self._chosen: dict[tuple[Truth, Truth, Truth], Truth] = {}
        self._journal: list[tuple[Truth, Truth, Truth]] = []

    def __len__(self) -> int:
        return len(self.left)

    def input(self) -> Truth:
        """A new free truth value."""
        self.left.append(INPUT)
        self.right.append(INPUT)
        return 2 * len(self.left) - 2

    def is_input(self, node: int) -> bool:
        """Is this node an input?"""
        return self.left[node] == INPUT

    def both(self, a: Truth, b: Truth) -> Truth:
        """And."""
        if a > b:
            a, b = b, a
        if a < 2:
            return b if a else FALSE
        if a == b:
            return a
        if a ^ 1 == b:
            return FALSE
        key = a << 32 | b
        found = self._gates.get(key)
        if found is None:
            found = self._simpler(a, b)
            if found is None:
                if self.end is not None and not len(self.left) % PATIENCE and time.monotonic() > self.end:
                    raise OutOfTime
                self.left.append(a)
                self.right.append(b)
                found = 2 * len(self.left) - 2
                self._gates[key] = found
        return found

    def _simpler(self, a: Truth, b: Truth) -> Truth | None:
        """What a conjunction is when one side decides part of the other, itself a (negated) conjunction."""
        for x, y in ((b, a), (a, b)):
            p = self.left[x >> 1]
            if p == INPUT:
                continue
            q = self.right[x >> 1]
            if x & 1:  # not (p and q)
                if y ^ 1 in (p, q):
                    return y
                if y == p:
                    return self.both(y, q ^ 1)
                if y == q:
                    return self.both(y, p ^ 1)
            elif y in (p, q):
                return x
            elif y ^ 1 in (p, q):
                return FALSE
        return None

    def either(self, a: Truth, b: Truth) -> Truth:
        """Or."""
        return self.both(a ^ 1, b ^ 1) ^ 1

    def all_of(self, literals: Iterable[Truth]) -> Truth:
        """And, of any number."""
        out: Truth = TRUE
        for a in literals:
            out = self.both(out, a)
        return out

    def any_of(self, literals: Iterable[Truth]) -> Truth:
        """Or, of any number."""
        out: Truth = TRUE
        for a in literals:
            out = self.both(out, a ^ 1)
        return out ^ 1

    def same(self, a: Truth, b: Truth) -> Truth:
        """Are two truth values equal?"""
        if a > b:
            a, b = b, a
        return self.choose(a, b, b ^ 1)

    def choose(self, test: Truth, then: Truth, otherwise: Truth) -> Truth:
        """`then if test else otherwise`."""
        if test < 2:
            return then if test else otherwise
        if test & 1:
            test, then, otherwise = test ^ 1, otherwise, then
        then, otherwise = self._branch(test, then, 1), self._branch(test, otherwise, 2)
        if then == otherwise:
            return then
        if then < 2:
            return self.either(test, otherwise) if then else self.both(test ^ 1, otherwise)
        if otherwise < 2:
            return self.either(test ^ 1, then) if otherwise else self.both(test, then)
        sign = then & 1
        key = (test, then ^ sign, otherwise ^ sign)
        found = self._chosen.get(key)
        if found is None:
            size = len(self.left)
            found = self.both(self.both(test, key[1]) ^ 1, self.both(test ^ 1, key[2]) ^ 1) ^ 1
            self._chosen[key] = found
            self._journal.append(key)
            if found >> 1 >= size:  # a gate of its own: its branches come before it, so that following them ends
                self.choices[found & ~1] = (test, key[1] ^ (found & 1), key[2] ^ (found & 1))
        return found ^ sign

    def _branch(self, test: Truth, value: Truth, side: int) -> Truth:
        """What a branch of a choice is, knowing the test: the same branch of an inner choice by the same test."""
        if value >> 1 == test >> 1:
            return (value ^ test ^ 1) & 1 if side == 1 else (value ^ test) & 1
        inner = self.choices.get(value & ~1)
        while inner is not None and inner[0] == test:
            value = inner[side] ^ (value & 1)
            inner = self.choices.get(value & ~1)
        return value

    # --- going back -----------------------------------------------------------------------------------

    def mark(self) -> tuple[int, int]:
        """A point to `cut` back to."""
        return len(self.left), len(self._journal)

    def cut(self, mark: tuple[int, int]) -> None:
        """Forget every node made since a mark; their literals mean nothing any more."""
        nodes, chosen = mark
        for n in range(nodes, len(self.left)):
            if self.left[n] != INPUT:
                del self._gates[self.left[n] << 32 | self.right[n]]
            self.choices.pop(2 * n, None)
        for key in self._journal[chosen:]:
            del self._chosen[key]
        del self.left[nodes:], self.right[nodes:], self._journal[chosen:]

    # --- reading --------------------------------------------------------------------------------------

    def cone(self, literals: Iterable[Truth]) -> list[int]:
        """The nodes that literals depend on, operands first; the constant is left out."""
        seen: set[int] = set()
        pending = [a >> 1 for a in literals]
        while pending:
            n = pending.pop()
            if n and n not in seen:
                seen.add(n)
                if self.left[n] != INPUT:
                    pending += (self.left[n] >> 1, self.right[n] >> 1)
        return sorted(seen)

    def values(self, order: Sequence[int], inputs: Mapping[int, int]) -> dict[int, int]:
        """The values (0 or 1) of the nodes of a cone, given those of inputs by node (0 where not given)."""
        left, right = self.left, self.right
        found = {0: 0}
        for n in order:
            a = left[n]
            if a == INPUT:
                found[n] = inputs.get(n, 0)
            else:
                b = right[n]
                found[n] = (found[a >> 1] ^ (a & 1)) & (found[b >> 1] ^ (b & 1))
        return found

    def evaluate(self, literals: Sequence[Truth], inputs: Mapping[int, int]) -> list[int]:
        """The values of literals, given those of inputs by node."""
        found = self.values(self.cone(literals), inputs)
        return [found[a >> 1] ^ (a & 1) for a in literals]
