"""Integer constants of a scope: numbers that a run is given, such as how many tickets there are.

Their values stand among the sizes: they are known before a state is laid out, so that domains and derived sizes may depend
on them, and compiled code has them as numbers.
"""

from __future__ import annotations

from typing import Any

from .demands import demand, demand_text, told
from .domains import Range, Sizes
from .errors import DeclarationError, ScenarioError


class Constant:
    """One declared constant: its values, the one that it has unless another is set, and a line of meaning.

    It is a function of the sizes, so that it can be a bound or a size itself: `Range(0, Settings.tickets)`.
    """

    def __init__(self, values: Range, default: int, meaning: str) -> None:
        place = f"constant '{told(meaning)}'"
        demand_text(meaning, place, "meaning")
        demand(meaning.strip() != "", place, "it has no line of meaning.", "Say in one line what it counts or limits.")
        demand(isinstance(values, Range) and not callable(values.high), place,
               f"its values {told(values)} are not a range of whole numbers.",
               'Write constant(Range(1, 9), default=3, meaning="…"); what has few named values is a switch.')
        self.low, self.high = values.bounds(Sizes({}))
        demand(isinstance(default, int) and not isinstance(default, bool) and self.low <= default <= self.high, place,
               f"default={told(default)} is none of its values.", f"Give a whole number from {self.low} to {self.high}.")
        self.default, self.meaning, self.name = default, meaning, ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else self(instance._sizes)

    def __set__(self, instance: Any, value: Any) -> None:
        raise DeclarationError(f"constant {self.name}", "constants do not change during a run.",
                               "Declare a variable for something that changes.")

    def __call__(self, sizes: Sizes) -> int:
        return sizes[self.name]

    def count(self, sizes: Sizes) -> int:
        """Its value: a tree asks for it as for the size of an index set."""
        return self(sizes)

    def __repr__(self) -> str:
        return f"constant {self.name} (in a body: c.{self.name})"

    def read(self, value: Any, place: str) -> int:
        """A value that a scenario, a program or a trace gives it; ScenarioError when it cannot have it."""
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise ScenarioError(f"{place}, {self.name}", f"{told(value)} is not a value of this constant ({self.meaning}).",
                                f"Give a whole number from {self.low} to {self.high}.", self.name)
        return value


def constant(values: Range, *, default: int, meaning: str) -> Any:
    """Declare an integer constant in a `Scope` subclass: `tickets: int = constant(Range(1, 9), default=3, meaning="…")`."""
    return Constant(values, default, meaning)


__all__ = ["Constant", "constant"]
