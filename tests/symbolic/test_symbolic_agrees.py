"""The symbolic and the plain reading give the same successor, or the same waiting, for every step of the model."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

z3 = pytest.importorskip("z3")

import snapproof.model  # noqa: E402
from snapproof.model.specification import SPECIFICATION  # noqa: E402
from snapproof.spec import EvaluationError  # noqa: E402
from snapproof.spec.errors import PropertyError  # noqa: E402
from snapproof.spec.instance import Cells, Instance  # noqa: E402
from snapproof.spec.machine import Machine  # noqa: E402
from snapproof.spec.scenario import load_scenario  # noqa: E402
from snapproof.symbolic.proof import Proof  # noqa: E402
from snapproof.symbolic.state import SymbolicState  # noqa: E402
from snapproof.symbolic.steps import evaluate, execute  # noqa: E402

SCENARIOS = Path(snapproof.model.__file__).parent / "scenarios"
STEPS = [(kind.__name__, step.name) for kind in SPECIFICATION.kinds for step in SPECIFICATION.steps[kind.__name__]]
STATES = 6
"""Random states each step is tried on: half of them changed from reached ones, half anything of the types."""


@cache
def scenario() -> tuple[Instance, Machine, list[Cells]]:
    """An instance that uses the whole model, and states that a random walk reaches."""
    instance = load_scenario(SCENARIOS / "split_shared_track.toml", SPECIFICATION).instance()
    machine, walker = Machine(instance, []), random.Random(7)
    machine.fused = False
    reached, cells = [], next(machine.initial()).cells
    for _ in range(400):
        options = list(machine.successors(cells))
        cells = walker.choice(options).cells if options else next(machine.initial()).cells
        reached.append(cells)
    return instance, machine, reached


def random_states(seed: str, states: int = STATES) -> list[Cells]:
    instance, _, reached = scenario()
    chance = random.Random(seed)
    out = []
    for i in range(states):
        cells = list(chance.choice(reached))
        for slot in instance.slots.values():
            for j in range(slot.length):
                if i % 2 or chance.random() < 0.1:
                    cells[slot.offset + j] = chance.randint(slot.low, slot.high)
                if slot.name == "command":
                    cells[slot.offset + j] = chance.randint(-1, len(instance.invocations) - 1)
        out.append(tuple(cells))
    return out


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), STEPS, ids=[f"{k}-{n}" for k, n in STEPS])
def test_a_step_on_terms_is_the_step_on_integers(kind: str, name: str) -> None:
    instance, machine, _ = scenario()
    of = SPECIFICATION.kind(kind)
    step = SPECIFICATION.step_named(kind, name)
    assert step is not None
    free = SymbolicState.free(instance)
    number = next(i for i, (k, _) in enumerate(instance.processes) if k is of)
    code = SPECIFICATION.steps[kind].index(step)
    done: dict[tuple[int, ...], Any] = {}
    for cells in random_states(name):
        placed = list(cells)
        placed[instance.slots[kind, "step"].offset] = code
        cells = tuple(placed)
        machine.thaw(cells)
        inputs = free.inputs_of(cells)
        for choices in machine.step_choices(number, step):
            if choices not in done:
                done[choices] = execute(instance, free, of, 0, step, choices)
            symbolic = done[choices]
            try:
                plain = machine.run(cells, number, choices)
            except EvaluationError:
                assert free.terms.evaluate([symbolic.errors], inputs) == [1]
                continue
            assert free.terms.evaluate([symbolic.errors, symbolic.waits], inputs) == [0, plain is None]
            if plain is not None:
                after = symbolic.after.value(inputs)
                assert instance.show(after) == instance.show(plain.cells)


INVARIANTS = [p.id for p in SPECIFICATION.properties.values() if p.kind in ("invariant", "witness")]


@pytest.mark.slow
@pytest.mark.parametrize("id", INVARIANTS)
def test_a_property_on_terms_is_the_property_on_integers(id: str) -> None:
    instance, machine, reached = scenario()
    p = SPECIFICATION.properties[id]
    free = SymbolicState.free(instance)
    done: dict[tuple[int, ...], Any] = {}
    for cells in [*random_states(id)[:3], *reached[::97]]:
        inputs = free.inputs_of(cells)
        for values in list(machine.choices_of(p, 2))[:4]:
            if values not in done:
                done[values] = evaluate(instance, p, [free], values)
            holds, errors = done[values]
            machine.thaw(cells)
            try:
                plain = machine._judge(p, machine.state, machine.scope, *machine._arguments(p, 2, values))
            except EvaluationError:
                assert free.terms.evaluate([errors], inputs) == [1]
                continue
            assert free.terms.evaluate([errors, holds], inputs) == [0, plain]


TRANSITIONS = [(p.id, step.name) for p in SPECIFICATION.properties.values() if p.kind == "transition"
               for step in p.steps]


@pytest.mark.slow
@pytest.mark.parametrize("id, name", TRANSITIONS)
def test_a_transition_property_on_terms_is_the_property_on_integers(id: str, name: str) -> None:
    instance, _, _ = scenario()
    p = SPECIFICATION.properties[id]
    machine, proof = Machine(instance, [p]), Proof(instance, [], [], 1.0)
    machine.fused = False
    step = next(s for s in p.steps if s.name == name)
    of = next(k for k in SPECIFICATION.kinds if step in SPECIFICATION.steps[k.__name__] and p.asks(k, step) is not None)
    number, id_of = next((i, n) for i, (kind, n) in reversed(list(enumerate(instance.processes))) if kind is of)
    compared = 0
    for cells in random_states(f"{id} {name}", 400):
        if compared >= 40:
            break
        placed = list(cells)
        placed[instance.slots[of.__name__, "step"].offset + id_of] = SPECIFICATION.steps[of.__name__].index(step)
        machine.thaw(tuple(placed))
        for choices in list(machine.step_choices(number, step))[:2]:
            try:
                plain = machine.run(tuple(placed), number, choices)
            except (EvaluationError, PropertyError):
                continue  # what goes wrong does not hold; steps and invariants are compared there above
            if plain is not None:
                run = proof._run(of, step, id_of)
                found = proof._literals(p, [run.here, run.done.after], id_of if p.asks(of, step) else None)
                chosen = {b >> 1: c >> i & 1 for term, c in zip(run.choices, choices) if not isinstance(term, int)
                          for i, b in enumerate(term.bits) if b > 1}
                assert all(proof.terms.evaluate(found, proof.state.inputs_of(tuple(placed)) | chosen)) is (plain.broken is None)
                compared += 1
    assert compared
