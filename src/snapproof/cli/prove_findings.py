"""What `snapproof prove` makes of a box that does not preserve a property: a trace of two states, or a whole one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..checker import Limits, Result, Verdict, search
from ..spec.instance import Instance
from ..spec.machine import Machine
from ..spec.properties import Property
from ..spec.scenario import Scenario
from ..traces.record import record, record_induction
from ..traces.trace import Trace

if TYPE_CHECKING:
    from ..symbolic.induction import Finding

REACHABLE, NOT_REACHED, NOT_KNOWN = "reachable", "not reached", "not known"


@dataclass
class Told:
    """A finding with its trace, which starts anywhere or, if `searched` found one, in an initial state.

    `trace` is None when z3 did not know and no search found a counterexample either.  `searched` is None when
    nobody asked whether it is reachable.
    """

    finding: Finding
    trace: Trace | None
    searched: Result | None = None

    @property
    def reachable(self) -> str:
        """What the search says; '' when there was none."""
        if self.searched is None:
            return ""
        return {Verdict.VIOLATED: REACHABLE, Verdict.HOLDS: NOT_REACHED}.get(self.searched.verdict, NOT_KNOWN)

    @property
    def kind(self) -> str:
        """The kind of process that executes the box; '' for an action."""
        return self.finding.kind.__name__ if self.finding.kind is not None else ""

    def line(self) -> str:
        """The outcome of the search in words."""
        goal, found = self.finding.goal.id, self.searched
        if found is None:
            return ""
        if found.verdict is Verdict.VIOLATED:
            return (f"reachable: a trace of {len(found.counterexample or []) - 1} steps ends with this box, "
                    f"and it breaks {goal} ({found.distinct:,} states searched)")
        if found.verdict is Verdict.HOLDS:
            some = f"{found.distinct:,} states, all {found.within().strip() or 'of them'}"
            if (self.kind, self.finding.step.name) not in found.executed:
                return f"not reached: this scenario never executes the box ({some})"
            return (f"not reached: nowhere in this scenario does the box break {goal} where all that is assumed holds "
                    f"({some})")
        return f"not known whether it is reachable: {found.line()}"

    def json(self) -> dict[str, Any]:
        """`property`, `kind`, `box`, `outcome`, `seconds`, and `reachable` with what the search counted."""
        f, found = self.finding, self.searched
        out: dict[str, Any] = {"property": f.goal.id, "kind": self.kind, "box": f.step.name, "outcome": f.outcome,
                               "seconds": round(f.seconds, 3), "reachable": self.reachable or None}
        if found is not None:
            out["search"] = {"states": found.distinct, "steps": len(found.counterexample) - 1 if found.counterexample else None,
                             "seconds": round(found.seconds, 3), "reason": found.reason}
        return out


def two_states(scenario: Scenario, f: Finding) -> Trace | None:
    """The counterexample to induction of a finding as a trace, near an initial state; None when it has none."""
    from ..symbolic.nearest import nearest

    if f.refutation is None:
        return None
    machine = Machine(f.refutation.instance, [])
    machine.fused = False
    return record_induction(scenario, *nearest(machine, f.refutation))


def whole_way(scenario: Scenario, instance: Instance, f: Finding, assumed: Sequence[Property],
              limits: Limits) -> tuple[Result, Trace | None]:
    """A search for the same from an initial state: its result, and the trace that ends with the box, if there is one."""
    from ..symbolic.reachable import kept_by

    changed, p = kept_by(instance, f.goal, assumed, f.step)
    result = search(changed, [p], deadlock=False, limits=limits)
    if result.reason == "interrupted":
        raise KeyboardInterrupt
    if result.counterexample is None:
        return result, None
    broken = Machine(instance, []).check(f.goal, result.counterexample[-1].cells)
    assert broken is not None, "the search and the plain reading disagree"
    separate = replace(scenario, fuse=False)
    return result, record(separate, replace(result, instance=separate.instance(), broken=broken))


__all__ = ["NOT_KNOWN", "NOT_REACHED", "REACHABLE", "Told", "two_states", "whole_way"]
