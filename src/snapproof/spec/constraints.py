"""Constraints: how far a search goes.  A state that does not satisfy one is checked like any other, and not explored further.

So a specification without an end can be searched to the end of a part of it, and the verdict says which part that was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .demands import demand
from .processes import Declared

if TYPE_CHECKING:
    from .instance import Cells
    from .machine import Machine


class Constraint(Declared):
    """A condition on states, for all values of its parameters, that is called by the name of its function."""

    kind, states = "constraint", 1

    def __init__(self, function: Callable[..., bool] | None) -> None:
        super().__init__(function)
        demand(self.title != "", self.place, "the constraint has no docstring.", "Open it with one line that says how far a search goes.")


def constraint(function: Callable[..., bool] | None = None) -> Constraint:
    """Declare a constraint: `@constraint def few_messages(s, c) -> bool`."""
    return Constraint(function)


def within(machine: Machine, cells: Cells) -> bool:
    """Does a state satisfy all constraints, so that it is explored further?"""
    machine.thaw(cells)

    def holds(declared: Constraint, values: tuple[int, ...]) -> Any:
        return machine._judge(declared, machine.state, machine.scope, *machine._arguments(declared, 2, values))

    return all(holds(declared, values) for declared in machine.instance.constraints for values in machine.choices_of(declared, 2))


__all__ = ["Constraint", "constraint", "within"]
