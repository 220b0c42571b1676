"""Traces that were kept before the model got a variable, or had another word for it: what they do not say, the model says on their way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..spec.machine import Machine
from ..spec.records import RecordOf
from ..spec.specification import Specification
from ..spec.unions import UnionOf
from ..traces.errors import Misfit
from ..traces.record import notes
from ..traces.replay import rebuild
from ..traces.replay_steps import Walk
from ..traces.trace import State, Trace


def completed(trace: Trace, spec: Specification, place: str) -> Trace:
    """The trace with a value of every variable of the model in every state, so that an engine can be compared with it.

    What it records stays as it is, unless it is the text for what has parts now.
    A step that the model cannot take any more, and all behind it, have nothing added:
    there the comparison says what differs.
    """
    instance = rebuild(trace, spec, [], place)
    known, otherwise = notes(instance), set(_told_otherwise(trace, spec))
    if known.keys() <= trace.variables.keys() and not otherwise:
        return trace
    machine = Machine(instance, [])
    machine.fused = False
    met = list(_states(Walk(machine, trace, [], place), trace))
    kept = [{name: value for name, value in state.items() if name not in otherwise} for state in trace.states]
    states = [_more(old, new) for old, new in zip(kept, met, strict=False)] + list(trace.states[len(met):])
    steps = tuple(replace(step, state=state) for step, state in zip(trace.steps, states[1:], strict=True))
    return replace(trace, initial=replace(trace.initial, state=states[0]), steps=steps, variables=known | trace.variables)


def _told_otherwise(trace: Trace, spec: Specification) -> Iterator[str]:
    """The variables that the trace has as texts, and whose values are records or cases of unions now."""
    for name, variable in spec.state.variables.items():
        cells: list[Any] = [trace.initial.state.get(name)]
        while cells and all(isinstance(cell, list) for cell in cells):
            cells = [part for cell in cells for part in cell]
        if isinstance(variable.domain, (RecordOf, UnionOf)) and any(isinstance(cell, str) for cell in cells):
            yield name


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
