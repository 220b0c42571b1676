"""One question: is there a state that has every property, in which a box runs and breaks a goal?

The question begins without the properties.  An assignment that lacks some of them gets those added, until there is
none, or one that has all: a box touches little, so few of many thousand instances matter.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .circuit import Truth
from .evaluation import Evaluation
from .solver import SATISFIED, Solver

FEW = 8
"""An instance that brings no more inputs into play than this is added at once."""

ROUNDS = 3
"""After so many rounds everything that is lacking is added: each round costs a search of its own."""


@dataclass(frozen=True)
class Assumed:
    """Every instance of every property on the free state, to be evaluated.

    `limits` are the conditions that cells lie in their domains, by input; `usual` are inputs for what is left open.
    """

    evaluation: Evaluation
    limits: Mapping[int, Truth]
    usual: Mapping[int, int]


class Inquiry:
    """A solver that knows when the box runs, and some of what holds before it.

    `before` gives an assumed instance as it reads where the process stands at the box; `position` are the inputs that
    say so.
    """

    def __init__(self, conditions: Sequence[Truth], before: Callable[[Truth], Truth], position: Mapping[int, int],
                 assumed: Assumed, solver: Solver, end: float) -> None:
        self.before, self.assumed, self.solver, self.end = before, assumed, solver, end
        self._open = {**assumed.usual, **position}
        self._rounds = 0
        solver.add(conditions)

    def ask(self, wanted: Truth) -> tuple[str, dict[int, int]]:
        """Is this so in such a state?  SATISFIED with the inputs of one, EXCLUDED, or UNKNOWN when the time is over."""
        self.solver.write([wanted])
        self._rounds = 0
        while True:
            self.solver.add(self._limits())
            outcome = self.solver.ask([wanted], self.end - time.monotonic())
            if outcome != SATISFIED:
                return outcome, {}
            inputs = {**self._open, **self.solver.assignment()}
            lacking = self.assumed.evaluation.false(inputs)
            if not len(lacking):
                return outcome, inputs
            self.solver.add(self.before(a) for a in self._nearest(lacking))

    def _nearest(self, lacking: NDArray[np.int64]) -> list[Truth]:
        """Of the instances that are lacking those that bring least into play: cells that no clause mentions yet are
        free to make the others true.
        """
        evaluation = self.assumed.evaluation
        strange = evaluation.strange(self.solver.clauses.variables)[lacking]
        self._rounds += 1
        near = lacking[strange <= max(FEW, strange.min())] if self._rounds <= ROUNDS else lacking
        return [evaluation.literals[i] for i in near]

    def _limits(self) -> list[Truth]:
        """The domains of the cells that clauses have come to mention; the conditions may mention more."""
        limits = self.assumed.limits
        return list(dict.fromkeys(limits[n] for n in self.solver.fresh() if n in limits))


__all__ = ["Assumed", "Inquiry"]
