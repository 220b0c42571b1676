"""Both solvers answer alike, and what is evaluated at once is what is evaluated node by node."""

from __future__ import annotations

import random

import pytest

from snapproof.symbolic.circuit import Circuit, Truth
from snapproof.symbolic.evaluation import Evaluation
from snapproof.symbolic.solver import EXCLUDED, SATISFIED, UNKNOWN, Z3, MiniSat, Solver

SOLVERS = pytest.mark.parametrize("of", [MiniSat, Z3])


def grown(circuit: Circuit, chance: random.Random, inputs: int, gates: int) -> list[Truth]:
    """Random literals: inputs, conjunctions and choices."""
    out = [circuit.input() for _ in range(inputs)]
    for _ in range(gates):
        a, b, c = (chance.choice(out) ^ chance.randint(0, 1) for _ in range(3))
        out.append(circuit.both(a, b) if chance.random() < 0.6 else circuit.choose(a, b, c))
    return out


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_both_solvers_say_what_trying_everything_says(seed: int) -> None:
    chance, circuit = random.Random(seed), Circuit()
    literals = grown(circuit, chance, 6, 40)
    solvers = [MiniSat(circuit), Z3(circuit)]
    demanded: list[Truth] = []
    for _ in range(6):
        wanted = [chance.choice(literals) ^ chance.randint(0, 1) for _ in range(2)]
        possible = any(all(circuit.evaluate([*demanded, *wanted], {n: code >> n & 1 for n in range(1, 7)})) for code in range(0, 128, 2))
        for solver in solvers:
            assert solver.ask(wanted) == (SATISFIED if possible else EXCLUDED)
            if possible:
                assert all(circuit.evaluate([*demanded, *wanted], solver.assignment()))
        if possible:
            demanded.append(wanted[0])
            for solver in solvers:
                solver.add([wanted[0]])


@SOLVERS
def test_constants_need_no_solver(of: type[Solver]) -> None:
    circuit = Circuit()
    a = circuit.input()
    assert of(circuit).ask([1, a]) == SATISFIED
    assert of(circuit).ask([0, a]) == EXCLUDED
    solver = of(circuit)
    solver.add([a, 0])
    assert solver.ask([a]) == EXCLUDED


@pytest.mark.slow
@SOLVERS
def test_a_question_that_takes_too_long_is_not_answered(of: type[Solver]) -> None:
    circuit = Circuit()
    # Eleven pigeons in ten holes: short to say, and long to exclude.
    at = [[circuit.input() for _ in range(10)] for _ in range(11)]
    solver = of(circuit)
    solver.add(circuit.any_of(row) for row in at)
    solver.add(circuit.both(at[i][h], at[j][h]) ^ 1 for h in range(10) for i in range(11) for j in range(i))
    assert solver.ask([at[0][0]], 0.2) == UNKNOWN
    assert solver.ask([at[0][0]], 0) == UNKNOWN


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_evaluating_at_once_is_evaluating_node_by_node(seed: int) -> None:
    chance, circuit = random.Random(seed), Circuit()
    literals = [a ^ chance.randint(0, 1) for a in grown(circuit, chance, 12, 200)]
    evaluation = Evaluation(circuit, literals)
    for _ in range(5):
        inputs = {n: chance.randint(0, 1) for n in range(1, 13) if chance.random() < 0.8}
        assert list(evaluation.false(inputs)) == [i for i, v in enumerate(circuit.evaluate(literals, inputs)) if not v]
    uses = [len({n for n in circuit.cone([a]) if circuit.is_input(n)} - {1, 2, 3}) for a in literals]
    assert list(evaluation.strange({1, 2, 3})) == uses
