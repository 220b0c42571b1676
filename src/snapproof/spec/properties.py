"""Properties as data: what must always, sometimes and eventually hold.

Parameters after the state and the scope are universally quantified (for a witness: existentially), so
that a violation names which device and which track.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from .errors import DeclarationError
from .processes import Declared, Step

Kind = Literal["invariant", "transition", "witness", "eventually", "leads_to"]


class Property(Declared):
    """One property: id, kind, severity, the violation class it reports, the predicate.

    `steps` (transition properties only): the boxes after whose execution it is evaluated.
    """

    def __init__(self, kind: Kind, id: str, violation: str, severity: str,
                 function: Callable[..., Any], steps: Sequence[Step] = ()) -> None:
        super().__init__(function)
        self.kind, self.id, self.violation, self.severity = kind, id, violation, severity
        self.steps = tuple(steps)
        self.explanation: Callable[..., tuple[str, str]] | None = None
        if not self.title:
            raise DeclarationError(self.place, f"property {id} has no docstring.",
                                   "Open it with one line that says what must hold; reports print it.")

    @property
    def states(self) -> int:
        """How many leading parameters are states: (before, after) for a transition property, else one."""
        return 2 if self.kind == "transition" else 1

    def explain(self, function: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
        """Decorator: with the property's own parameters, say (what was expected, what was seen)."""
        self.explanation = function
        return function


def invariant(id: str, violation: str, severity: str = "error") -> Callable[[Callable[..., bool]], Property]:
    """Must hold in every reachable state: `def p(s, c, v: VirtualDevice, t: Track) -> bool`."""
    return lambda f: Property("invariant", id, violation, severity, f)


def transition(id: str, violation: str, steps: Sequence[Step],
               severity: str = "error") -> Callable[[Callable[..., bool]], Property]:
    """Must hold whenever a process executes one of `steps`: `def p(before, after, c, ha: HostAdapter) -> bool`."""
    return lambda f: Property("transition", id, violation, severity, f, steps)


def witness(id: str) -> Callable[[Callable[..., bool]], Property]:
    """Must be reachable for some values of its parameters: `def p(s, c, v: VirtualDevice) -> bool`."""
    return lambda f: Property("witness", id, "not reached", "error", f)


def eventually(id: str, violation: str) -> Callable[[Callable[..., bool]], Property]:
    """Must become true on every fair behaviour.  Declared here; a scenario that asks for it is refused for now."""
    return lambda f: Property("eventually", id, violation, "error", f)
