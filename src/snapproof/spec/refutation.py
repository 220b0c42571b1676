"""A counterexample to induction, in the one shape that proofs, traces and commands speak of."""

from __future__ import annotations

from dataclasses import dataclass

from .instance import Cells, Instance
from .machine import Transition
from .properties import Property


@dataclass(frozen=True)
class Refutation:
    """A state, `before`, in which `goal` and all that is assumed hold, and a box from there, behind which the goal fails.

    As the plain reading confirms it.  `instance` is the one that they are states of: it has the sizes and switches of the
    one asked about, and may have other programs.  Nobody need ever reach `before`.
    """

    goal: Property
    assumed: tuple[Property, ...]
    instance: Instance
    before: Cells
    after: Transition


__all__ = ["Refutation"]
