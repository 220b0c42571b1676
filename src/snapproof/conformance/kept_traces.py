"""Kept counterexamples on the engine: built the same way it does the same; built safe it is refused where the model is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..spec.machine import Machine
from ..spec.scope import setup_switches
from ..spec.specification import Specification
from ..traces.compare import first_difference
from ..traces.errors import Misfit
from ..traces.replay import rebuild
from ..traces.replay_steps import Walk
from ..traces.trace import Trace
from .errors import Divergence, NotMapped
from .lockstep_replay import Exercised, Replayed
from .mapping import Sizes
from .older_traces import completed

SAFE = "safe"

NO_FAULTS = ("pool", "list_scope")
"""No setups, for boxes read them, but no faults either: embodiments as good as the safe one.  With another pool, or another
number of lists, the safe engine would depart from a trace because of that, and not where the fault of the trace shows."""


@dataclass(frozen=True)
class KeptOutcome:
    """`steps` executed; `refused_at`: the step at which the safe engine departs from the trace.

    That is 0 when it never does: then the trace is a deadlock, out of which the safe engine finds a way, or the
    build of the trace is the safe one.
    """

    steps: int
    refused_at: int
    why: str


def replay_kept(trace: Trace, spec: Specification, place: str, exercised: Exercised) -> KeptOutcome:
    """Replay a trace on two engines.

    Raises Divergence when the engine built like the trace differs anywhere, so that what went wrong in the model
    goes wrong in the engine with the same bytes; or when the safe engine departs elsewhere than the safe model.
    """
    sizes, trace = Sizes.of(trace.sizes, place), completed(trace, spec, place)
    with Replayed(sizes, trace.switches, place, exercised=exercised) as engine:
        follow(engine, trace)
        deadlocked(engine, trace, True)
    usual = {n: v.name.lower() for n, v in spec.scope.profile(SAFE, place).items()}
    kept = {n: trace.switches[n] for n in _beginning(spec) if n in trace.switches}
    safe = replace(trace, profile=SAFE, switches=usual | kept)
    model_at = model_departs(safe, spec, place)
    engine_at, why = 0, ""
    with Replayed(sizes, safe.switches, f"{place} on the safe engine", exercised=exercised) as engine:
        try:
            follow(engine, safe)
            deadlocked(engine, trace, not usual_departs(trace, usual, spec))
        except Divergence as error:
            engine_at, why = error.step, f"{error.place}: {error.cause}"
    if engine_at != model_at:
        raise Divergence(f"{place} on the safe engine, step {engine_at or model_at}",
                         f"the safe model departs from the trace at step {model_at or 'none'}, "
                         f"the safe engine at {engine_at or 'none'}.",
                         "They should refuse it at the same step.", engine_at or model_at, "step")
    return KeptOutcome(len(trace.steps), engine_at, why)


def _beginning(spec: Specification) -> list[str]:
    """Switches that say where a trace begins and what it has: the safe engine that it is tried on keeps them."""
    return [*setup_switches(spec.scope), *NO_FAULTS]


def usual_departs(trace: Trace, usual: dict[str, str], spec: Specification) -> bool:
    """Is the trace of another build than the safe one?"""
    beginning = _beginning(spec)
    return any(trace.switches.get(n) != word for n, word in usual.items() if n not in beginning)


def deadlocked(engine: Replayed, trace: Trace, wanted: bool) -> None:
    """At the end of a deadlock's trace nobody can go on, in the build of the trace; in the safe one somebody can."""
    if trace.violation.kind != "deadlock":
        return
    able = engine.going_on()
    if wanted == bool(able):
        cause = f"{', '.join(able)} can go on in the engine, and nobody in the model." if able else \
            "nobody can go on in the engine, although this build has no deadlock here."
        raise Divergence(f"{engine.place}, after step {len(trace.steps)}", cause, "One of them deadlocks and the other does not.",
                         len(trace.steps), "deadlock")


def follow(engine: Replayed, trace: Trace) -> None:
    """Every step of a trace, with the states that it records."""
    if trace.violation.kind == "witness" and not trace.steps:
        raise NotMapped(engine.place, "the trace has no steps.", "Nothing can be replayed.")
    before = trace.initial.state
    engine.begin(before)
    for number, step in enumerate(trace.steps, 1):
        engine.take(number, step, before)
        before = step.state


def model_departs(trace: Trace, spec: Specification, place: str) -> int:
    """The first step that the model with the trace's switches cannot take, or takes to another state (0: none)."""
    notes: list[str] = []
    machine = Machine(rebuild(trace, spec, notes, place), [])
    machine.fused = False
    walk = Walk(machine, trace, notes, place)
    walk.start()
    for number, step in enumerate(trace.steps, 1):
        try:
            seen = len(notes)
            walk.take(number, step)
        except Misfit:
            return number
        if len(notes) > seen or first_difference(trace, number, walk.instance.show(walk.cells)):
            return number
    return 0


__all__ = ["KeptOutcome", "follow", "replay_kept"]
