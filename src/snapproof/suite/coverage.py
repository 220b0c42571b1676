"""Steps and actions that were never executed: nothing has been checked of them, however well everything else holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..spec.processes import DONE, WAIT, Declared, Step
from ..spec.scenario import Scenario
from ..spec.specification import Specification
from .jobs import Outcome


def executed(spec: Specification, outcomes: Iterable[Outcome]) -> set[Declared]:
    """What was executed; a box of a common base is one box, whichever kind executes it."""
    done = {name for o in outcomes for name in o.get("executed", ())}
    named = [(f"{kind}.{step.name}", step) for kind, steps in spec.steps.items() for step in steps]
    return {step for name, step in named if name in done} | {a for a in spec.actions if a.name in done}


def declared(spec: Specification) -> set[Declared]:
    """Every step and action that can be executed: not the box that takes commands, which is the language's own, and none
    that does nothing but wait, where a process ends."""
    steps = {step for steps in spec.steps.values() for step in steps if step in spec.trees and spec.returns(step) != {WAIT}}
    return steps | set(spec.actions)


def never_executed(scenario: Scenario, outcomes: list[Outcome]) -> list[str] | None:
    """Boxes and actions that no scenario of the suite executed; None when one did not come to its verdict."""
    if any("executed" not in o or o["verdict"] == "incomplete" for o in outcomes):
        return None
    return sorted({d.place for d in declared(scenario.spec) - executed(scenario.spec, outcomes)})


def unexecuted(told: Sequence[tuple[Scenario, Outcome]]) -> list[str]:
    """What the scenarios of each specification could have executed together, and did not.

    Of a specification by itself that is everything; of a scenario, what its processes and programs can come to.  Only
    scenarios that hold ask for it, since a violation ends a search early.
    """
    missing: set[str] = set()
    for spec in {id(s.spec): s.spec for s, _ in told}.values():
        mine = [(s, o) for s, o in told if s.spec is spec]
        wanted: set[Declared] = set()
        for scenario, outcome in mine:
            if outcome["verdict"] == "holds":
                able = declared(spec) if scenario.whole else reachable(scenario)
                wanted |= {d for d in able if d.name not in scenario.unexecuted}
        missing |= {d.place for d in wanted - executed(spec, (o for _, o in mine))}
    return sorted(missing)


def reachable(scenario: Scenario) -> set[Declared]:
    """The actions, and the boxes to which the processes come from their first box and the commands of their programs."""
    instance, spec = scenario.instance(), scenario.spec
    found: set[Declared] = set(spec.actions)
    for kind in spec.kinds:
        mine = [p for (k, _), p in zip(instance.processes, instance.programs, strict=True) if k is kind]
        if not mine:
            continue
        steps = spec.steps[kind.__name__]
        pending: list[Step] = [steps[0], *(i.command.first for p in mine for position in p.positions for i in position)]
        met: set[Step] = set()
        while pending:
            step = pending.pop()
            if step not in met:
                met.add(step)
                targets = spec.leads(kind, step) if step in spec.trees else set()
                pending += [t for t in targets if isinstance(t, Step)] + ([steps[0]] if DONE in targets else [])
        found |= met
    return found & declared(spec)
