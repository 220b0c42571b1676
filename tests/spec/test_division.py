"""Division by whatever number there is: what Python does, in all readings; by nought it is an error of the step."""

from __future__ import annotations

from pathlib import Path

import pytest
from readings_kit import instance_of, outcomes, states

from snapproof.checker.plain import PlainSearch
from snapproof.spec import EvaluationError

TEXT = """
from __future__ import annotations
from snapproof.spec import *

class S(State):
    a: int = variable(Range(-7, 7), "divided")
    b: int = variable(Range({low}, {high}), "by this")
    q: int = variable(Range(-7, 7), "how often")
    r: int = variable(Range(-6, 6), "and this is left")
    done: int = variable(Flag(), "divided it is")

class C(Scope):
    pass

@initial
def first(s: S, c: C, a: Range(-7, 7), b: Range({low}, {high})) -> Signal:
    \"\"\"Any two numbers.\"\"\"
    s.a = a
    s.b = b
    return {wanted}

@action
def divide(s: S, c: C) -> Signal:
    \"\"\"Divides.\"\"\"
    if s.done:
        return WAIT
    s.q = s.a // s.b
    s.r = s.a % s.b
    s.done = True
    return DONE

@invariant("I", "something else")
def right(s: S, c: C) -> bool:
    \"\"\"Both together are the number; what is left is nearer to nought than the divisor, and on its side.\"\"\"
    if not s.done:
        return True
    return s.q * s.b + s.r == s.a and (0 <= s.r < s.b or s.b < s.r <= 0) and (s.b == 0 or s.a // s.b == s.q)

SPECIFICATION = Specification.of_module("m", S, C, __name__, deadlock=False)
"""


def text(low: int, high: int, wanted: str = "DONE if b != 0 else WAIT") -> str:
    return TEXT.format(low=low, high=high, wanted=wanted)


@pytest.mark.slow
@pytest.mark.parametrize(("low", "high"), [(-7, 7), (1, 7), (0, 7), (-7, -1), (-7, 0), (2, 3)])
def test_every_number_is_divided_by_every_other_as_python_does(low: int, high: int, tmp_path: Path) -> None:
    instance = instance_of(text(low, high), tmp_path)
    found = outcomes(instance, deadlock=False)
    assert found[0] == found[1] and found[0][0] == "holds"
    plain = PlainSearch(instance, [])
    plain.run()
    shown = [instance.show(cells) for cells in plain.states]
    done = {(s["a"], s["b"]): (s["q"], s["r"]) for s in shown if s["done"]}
    assert done == {(a, b): divmod(a, b) for a in range(-7, 8) for b in range(low, high + 1) if b}
    assert states(instance, "compiled") == states(instance, "symbolic") == set(plain.states)


@pytest.mark.slow
@pytest.mark.parametrize(("low", "high"), [(0, 3), (-3, 0), (-1, 1), (0, 0)])
def test_a_division_by_nought_is_an_error_of_the_step(low: int, high: int, tmp_path: Path) -> None:
    assert outcomes(instance_of(text(low, high, "DONE if b == 0 else WAIT"), tmp_path)) == [EvaluationError] * 2


def test_a_divisor_that_is_never_nought_may_be_computed(tmp_path: Path) -> None:
    made = text(1, 3).replace("s.a // s.b", "s.a // max(1, s.b - 1)").replace("s.a % s.b", "s.a % max(1, s.b - 1)")
    found = outcomes(instance_of(made.replace("    return s.q * s.b", "    return True\n    return s.q * s.b"), tmp_path), deadlock=False)
    assert found[0] == found[1] and found[0][0] == "holds"
