"""What a proof assumes, and whether that makes it say less than it seems to.

An invariant that is given need not be proved by the user, but what follows from one that is wrong is worth nothing.  So
what is given is tried, too: in the initial states, and with every box.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..exit_codes import ExitCode
from ..spec.errors import EvaluationError
from ..spec.instance import Instance
from ..spec.machine import Machine
from ..spec.properties import Property

if TYPE_CHECKING:
    from ..symbolic.induction import Emptiness, Finding

MOST_NAMES = 6


def initially_true(instance: Instance, properties: Sequence[Property]) -> dict[str, bool]:
    """For each property: does it hold in every initial state?

    EvaluationError when there is none, PropertyError when it cannot be evaluated in one.
    """
    machine = Machine(instance, [])
    states = [t.cells for t in machine.initial()]
    if not states:
        raise EvaluationError(f"specification {instance.spec.name}", "it has no initial state.",
                              "Everything holds of nothing: an initial function must return DONE for at least one of its choices.")
    return {p.id: all(machine.check(p, cells) is None for cells in states) for p in properties}


class Company:
    """What is assumed beside the goals: `helpers` that were given, and the `facts` of a kept proof, proved elsewhere."""

    def __init__(self, instance: Instance, wanted: Sequence[Property], helpers: Sequence[Property], facts: Sequence[Property],
                 initially: dict[str, bool], seconds: float, only: str, any_command: bool) -> None:
        self.instance, self.wanted, self.helpers, self.facts = instance, wanted, helpers, facts
        self.seconds, self.only, self.any_command = seconds, only, any_command
        self.false = [p.id for p in helpers if not initially[p.id]]
        self.open: list[Finding] = []
        self.empty: Emptiness | None = None

    def look(self) -> ExitCode:
        """For goals that seem proved: try what is given, and look for emptiness; the exit code."""
        from ..symbolic.induction import PRESERVED, REFUTED, emptiness, induct

        if self.false:
            return ExitCode.NO
        if self.helpers:
            others = [*self.wanted, *self.facts]
            found = induct(self.instance, self.helpers, others, self.seconds, self.only, any_command=self.any_command)
            self.open = [f for f in found if f.outcome != PRESERVED]
        everything = [*self.wanted, *self.helpers, *self.facts]
        self.empty = emptiness(self.instance, everything, self.seconds, self.only, self.any_command)
        outcomes = {f.outcome for f in self.open}
        return ExitCode.NO if REFUTED in outcomes else ExitCode.INCOMPLETE if outcomes else ExitCode.SUCCESS

    def json(self) -> dict[str, Any]:
        """The keys `given` and `empty` of the command's object."""
        e = self.empty
        return {"given": {"ids": [p.id for p in self.helpers], "false_initially": self.false,
                          "open": [{"property": f.goal.id, "box": f.step.name, "outcome": f.outcome} for f in self.open]},
                "never_run": e.never if e else None, "undefined": e.undefined if e else None}

    def lines(self) -> Iterator[str]:
        """What a reader has to know."""
        if self.false:
            yield (f"{_list(self.false)} {_is(self.false)} given, and {_does(self.false)} NOT HOLD INITIALLY: what follows from "
                   "it says nothing about this device.")
        for id in dict.fromkeys(f.goal.id for f in self.open):
            mine = [f for f in self.open if f.goal.id == id]
            yield f"{id} is given, and {mine[0].outcome} by {_list([f.step.name for f in mine])}."
        if self.open:
            yield "The proof is worth what these are: prove them, together with what they need."
        if self.facts:
            yield f"Given are the {len(self.facts)} facts of the kept proof; snapproof prove --proof NAME proves them."
        if self.empty is not None and self.empty.never:
            yield (f"Never run where all this holds: {_list(self.empty.never)}. That they preserve anything says nothing; if they "
                   "should run, some assumption is too strong.")
        if self.empty is not None and self.empty.undefined:
            yield (f"From such a state, these may leave an index set or a domain, which is an error and no step: "
                   f"{_list(self.empty.undefined)}. Whether one is reached, a search says: snapproof check.")


def _list(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    return ", ".join(shown[:MOST_NAMES]) + (f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else "")


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _does(names: Sequence[str]) -> str:
    return "does" if len(names) == 1 else "do"


__all__ = ["Company", "initially_true"]
