"""What happens between two states, as data."""

from __future__ import annotations

from dataclasses import dataclass

from .instance import Cells
from .processes import Declared
from .properties import Property


@dataclass(frozen=True)
class Move:
    """What was done in one transition.

    `process` is an index into `Instance.processes` (-1 for an action or an initial state); `boxes` are
    the steps executed, the first by choice, the others local to the process; `choices` are the values
    of the first box's chosen parameters.
    """

    process: int
    boxes: tuple[Declared, ...]
    choices: tuple[int, ...]


@dataclass(frozen=True)
class Broken:
    """A property that does not hold, and for which values of its parameters."""

    property: Property
    arguments: tuple[int, ...]


@dataclass(frozen=True)
class Transition:
    """A move and the state it leads to; `broken` is the first transition property that it violates."""

    move: Move
    cells: Cells
    broken: Broken | None = None
