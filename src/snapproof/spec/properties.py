"""Properties as data: what must always hold, of states and of steps, and what must be reachable.

Parameters after the state and the scope are universally quantified (for a witness: existentially), so
that a violation names which device and which track.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any, Literal

from .demands import demand, demand_call, demand_switch, demand_text, demand_word, told
from .errors import DeclarationError
from .parts import Part, boxes_of, executes
from .processes import Action, Declared, Initial, Process, Step

SEVERITIES = ("error", "warning", "note")

Kind = Literal["invariant", "transition", "witness"]


class Property(Declared):
    """One property: id, kind, severity, the violation class it reports, the predicate.

    `steps` (transition properties only): the boxes and actions after whose execution it is evaluated, those that have a part
    among them; `named`: as they were given.  `distinct`: parameters of one kind of process or index set never stand for the same
    one (distinct.py).
    """

    def __init__(self, kind: Kind, id: str, violation: str, severity: str,
                 function: Callable[..., Any], steps: Iterable[Step | Action | Part] = (), distinct: bool = False) -> None:
        super().__init__(function)
        demand_switch(distinct, self.place, "distinct")
        demand_word(id, self.place, "id")
        demand_text(violation, self.place, "violation")
        demand(severity in SEVERITIES, self.place, f"its severity {told(severity)} is none of {', '.join(SEVERITIES)}.",
               "Leave it out, or give one of them.")
        self.kind, self.id, self.violation, self.severity, self.distinct = kind, id, violation, severity, distinct
        self.named = self._watched(steps) if kind == "transition" else ()
        self.explanation: Callable[..., tuple[str, str]] | None = None
        if not self.title:
            raise DeclarationError(self.place, f"property {id} has no docstring.",
                                   "Open it with one line that says what must hold; reports print it.")

    def _watched(self, steps: Any) -> tuple[Step | Action | Part, ...]:
        """The boxes, actions and parts that were given, if they are nothing else."""
        fix = "Give the functions themselves, decorated with @step or @action, or parts that boxes have: steps=[write_track, send]."
        if isinstance(steps, (str, bytes, Declared)) or not isinstance(steps, Iterable):
            raise DeclarationError(self.place, f"steps={told(steps)} is not a list of steps.", fix)
        found = tuple(steps)
        for one in found:
            if isinstance(one, Initial):
                raise DeclarationError(self.place, f"its steps name the initial function {one.name}, before which there is no state.",
                                       "Check initial states with an invariant.")
            if not isinstance(one, (Step, Action, Part)):
                raise DeclarationError(self.place, f"its steps name {_named(one)}, which is neither a step nor an action.", fix)
        if not found:
            raise DeclarationError(self.place, "its list of steps is empty, so it would never be evaluated.", fix)
        return found

    @property
    def steps(self) -> tuple[Step | Action, ...]:
        """The boxes and actions after which it is evaluated; those of a part are known when all modules are loaded.

        Of a part, a property about one process is asked after the boxes that this process may execute.
        """
        rest = self.chosen(self.states + 1)
        kind = rest[0][1] if rest and issubclass(rest[0][1], Process) else Process
        return tuple(b for b in boxes_of(self.named) if b in self.named or executes(kind, b))

    @property
    def states(self) -> int:
        """How many leading parameters are states: (before, after) for a transition property, else one."""
        return 2 if self.kind == "transition" else 1

    def asks(self, kind: type[Process] | None, box: Step | Action | Initial) -> bool | None:
        """Does the first parameter stand for the process of this kind that executed the box (of no kind: it is an action)?

        None: it stands for processes of another kind that execute this box, too, so the property is not asked of this one.
        """
        rest = self.chosen(self.states + 1)
        if kind is None or not isinstance(box, Step) or not rest or not issubclass(rest[0][1], Process):
            return False
        if issubclass(kind, rest[0][1]):
            return True
        return None if issubclass(rest[0][1], box.owner) else False

    def explain(self, function: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
        """Decorator: with the property's own parameters, say (what was expected, what was seen)."""
        demand_call(function, self.place, "its explanation", "Write @p.explain above a function of the same parameters.")
        demand(self.explanation is None, self.place, "it is explained twice.", "Leave one of the explanations out.")
        self.explanation = function
        return function


def invariant(id: str, violation: str, severity: str = "error", distinct: bool = False) -> Callable[[Callable[..., bool]], Property]:
    """Must hold in every reachable state: `def p(s, c, v: VirtualDevice, t: Track) -> bool`.

    `distinct=True`: of every two *different* processes or members, where parameters are of one kind or index set.
    """
    _called(id)
    return lambda f: Property("invariant", id, violation, severity, f, distinct=distinct)


def _called(id: Any) -> None:
    """`@witness` above a def, without its brackets, would take the function for the id and declare nothing."""
    demand(isinstance(id, str), f"property {told(id)}", "its decorator is given something else than an id.",
           'Call it with the id first: @witness("W1").')


def _named(found: Any) -> str:
    """A thing in a message."""
    return f"the function {found.__name__}, which is not declared" if inspect.isfunction(found) else told(found)


def transition(id: str, violation: str, steps: Iterable[Step | Action | Part],
               severity: str = "error", distinct: bool = False) -> Callable[[Callable[..., bool]], Property]:
    """Must hold whenever one of `steps` is executed (or taken): `def p(before, after, c, ha: HostAdapter) -> bool`.

    A part among them stands for all boxes that have it.
    """
    _called(id)
    return lambda f: Property("transition", id, violation, severity, f, steps, distinct)


def witness(id: str, distinct: bool = False) -> Callable[[Callable[..., bool]], Property]:
    """Must be reachable for some values of its parameters: `def p(s, c, v: VirtualDevice) -> bool`."""
    _called(id)
    return lambda f: Property("witness", id, "not reached", "error", f, distinct=distinct)


def eventually(id: str, violation: str) -> Callable[[Callable[..., bool]], Property]:
    """Must become true on every fair behaviour: refused, since nothing checks it yet."""
    _called(id)

    def refuse(function: Callable[..., bool]) -> Property:
        p = Property("invariant", id, violation, "error", function)
        raise DeclarationError(p.place, f"property {id} says that something must happen eventually, which cannot be checked yet.",
                               "Take it out, so that nobody believes it checked. That something can happen is a @witness; "
                               "that nobody waits for ever is checked by itself.")
    return refuse
