"""The values of many literals under one assignment of inputs, level by level of the circuit.

`Circuit.values` is the readable twin: node by node, in order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .circuit import INPUT, Circuit, Truth


class Evaluation:
    """Literals to be evaluated often.  Nodes lie in an array by level: those of a level depend only on lower ones.

    `rows[i]` are the places of one level and, for each of its nodes, the places and signs of both operands.
    """

    def __init__(self, circuit: Circuit, literals: Sequence[Truth]) -> None:
        self.literals = list(literals)
        cone = circuit.cone(literals)
        left, right = circuit.left, circuit.right
        level = {0: 0}
        for n in cone:
            level[n] = 0 if left[n] == INPUT else 1 + max(level[left[n] >> 1], level[right[n] >> 1])
        by_level = sorted(cone, key=level.__getitem__)
        self._place = {0: 0} | {n: i for i, n in enumerate(by_level, 1)}
        self._inputs = [n for n in by_level if left[n] == INPUT]
        gates = by_level[len(self._inputs):]
        (a, signs_a), (b, signs_b) = (self._operands([side[n] for n in gates]) for side in (left, right))
        levels = np.array([level[n] for n in gates], dtype=np.int64)
        ends = np.flatnonzero(np.diff(levels, append=-1)) + 1
        first = len(self._inputs) + 1
        self._rows = [(first + i, first + j, a[i:j], signs_a[i:j], b[i:j], signs_b[i:j])
                      for i, j in zip([0, *ends[:-1]], ends)]
        self._wanted, self._signs = self._operands(self.literals)
        self._uses = self._used_inputs(circuit)

    def _used_inputs(self, circuit: Circuit) -> NDArray[np.float32]:
        """For each literal (a row) which inputs it depends on."""
        of = np.zeros((len(self._place), len(self._inputs)), dtype=np.bool_)
        of[np.arange(len(self._inputs)) + 1, np.arange(len(self._inputs))] = True
        for low, high, a, _, b, _ in self._rows:
            np.logical_or(of[a], of[b], out=of[low:high])
        return of[self._wanted].astype(np.float32)

    def _operands(self, literals: Sequence[Truth]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        places = np.fromiter((self._place[a >> 1] for a in literals), dtype=np.int32, count=len(literals))
        return places, np.fromiter((a & 1 for a in literals), dtype=np.bool_, count=len(literals))

    def strange(self, known: Collection[int]) -> NDArray[np.float32]:
        """For each literal on how many inputs it depends that are not among these."""
        return self._uses @ np.fromiter((n not in known for n in self._inputs), dtype=np.float32, count=len(self._inputs))

    def false(self, inputs: Mapping[int, int]) -> NDArray[np.int64]:
        """Which of the literals (by their place) are false, given the inputs by node (0 where not given)?"""
        values = np.zeros(len(self._place), dtype=np.bool_)
        values[1:len(self._inputs) + 1] = [inputs.get(n, 0) for n in self._inputs]
        for low, high, a, signs_a, b, signs_b in self._rows:
            np.logical_and(values[a] ^ signs_a, values[b] ^ signs_b, out=values[low:high])
        return np.flatnonzero(values[self._wanted] == self._signs)


__all__ = ["Evaluation"]
