"""Induction: inductive properties are found to be so, others get two states and the box between them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("z3")

from snapproof.cli.main import cli  # noqa: E402

EVEN = '''
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Dials."""

class S(State):
    x = table(T, of=Range(0, 7), meaning="a dial")

class C(Scope):
    """No switches."""

class P(Process, letter="P"):
    """Turns dials."""

@step(P, "1", "-", rest=True)
def turn(s: S, c: C, p: P, t: T) -> Next:
    """A dial goes on by two."""
    s.x[t] = (s.x[t] + 2) % 8
    return turn

@invariant("even", "odd")
def even(s: S, c: C, t: T) -> bool:
    """Every dial stands at an even number."""
    return s.x[t] % 2 == 0

@invariant("not7", "seven")
def not7(s: S, c: C, t: T) -> bool:
    """No dial stands at seven."""
    return s.x[t] != 7

@invariant("not0", "zero")
def not0(s: S, c: C, t: T) -> bool:
    """No dial stands at zero (wrong from the beginning)."""
    return s.x[t] != 0

SPECIFICATION = Specification.of_module("dials", S, C, __name__, T=2, P=2)
'''


@pytest.fixture
def dials(tmp_path: Path) -> str:
    path = tmp_path / "dials.py"
    path.write_text(EVEN)
    return str(path)


def prove(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["prove", *words])
    return result.exit_code, result.output


def test_an_inductive_property_is_proved(dials: str) -> None:
    code, said = prove("even", "--scenario", dials)
    assert code == 0
    assert "holds initially; 1 of 1 boxes preserve it" in said


def test_a_property_that_holds_may_not_be_inductive_alone(dials: str) -> None:
    code, said = prove("not7", "--scenario", dials, "--box", "turn")
    assert code == 16
    assert "5 -> 7" in said


def test_together_with_its_strengthening_it_is_proved(dials: str) -> None:
    assert prove("not7", "even", "--scenario", dials)[0] == 0
    assert prove("not7", "--given", "even", "--scenario", dials)[0] == 0


def test_a_property_that_fails_at_the_beginning_is_not_proved(dials: str) -> None:
    code, said = prove("not0", "--given", "even", "--scenario", dials)
    assert code == 16
    assert "DOES NOT HOLD INITIALLY" in said


def test_a_box_of_the_storage_device_gets_a_counterexample_that_the_plain_reading_confirms() -> None:
    code, said = prove("I3a", "--given", "all", "--box", "send_status", "--json")
    assert code == 16
    boxes = json.loads(said)["boxes"]
    assert [b["outcome"] for b in boxes] == ["not preserved"]


def test_a_box_that_keeps_the_bits_is_shown_to_preserve_them() -> None:
    assert prove("I3a", "--given", "all", "--box", "refuse_removal")[0] == 0


def test_an_unknown_property_gets_near_names() -> None:
    code, said = prove("I3x")
    assert code == 151
    assert "Did you mean" in said
