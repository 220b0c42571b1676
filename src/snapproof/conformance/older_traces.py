"""Traces that were kept before the model got a variable: what they do not record, the model says on their way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..spec.machine import Machine
from ..spec.specification import Specification
from ..traces.errors import Misfit
from ..traces.record import notes
from ..traces.replay import rebuild
from ..traces.replay_steps import Walk
from ..traces.trace import State, Trace


def completed(trace: Trace, spec: Specification, place: str) -> Trace:
    """The trace with a value of every variable of the model in every state, so that an engine can be compared with it.

    What it records stays as it is.  A step that the model cannot take any more, and all behind it, have nothing added:
    there the comparison says what differs.
    """
    instance = rebuild(trace, spec, [], place)
    known = notes(instance)
    if known.keys() <= trace.variables.keys():
        return trace
    machine = Machine(instance, [])
    machine.fused = False
    met = list(_states(Walk(machine, trace, [], place), trace))
    states = [_more(old, new) for old, new in zip(trace.states, met, strict=False)] + list(trace.states[len(met):])
    steps = tuple(replace(step, state=state) for step, state in zip(trace.steps, states[1:], strict=True))
    return replace(trace, initial=replace(trace.initial, state=states[0]), steps=steps, variables=known | trace.variables)


def _states(walk: Walk, trace: Trace) -> Iterator[State]:
    """The states that the model reaches by the steps of a trace, as far as it can take them."""
    try:
        walk.start()
        yield walk.instance.show(walk.cells)
        for number, step in enumerate(trace.steps, 1):
            walk.take(number, step)
            yield walk.instance.show(walk.cells)
    except Misfit:
        return


def _more(recorded: State, met: dict[str, Any]) -> State:
    return {**met, **{name: {**met[name], **value} if isinstance(value, dict) and name in met else value
                      for name, value in recorded.items()}}


__all__ = ["completed"]
