"""Arguments of commands: what words stand for, and what no scenario can hold is refused before it is looked through."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_specifications import load

from snapproof.spec import ScenarioError, Specification
from snapproof.spec.programs import parse_program
from snapproof.spec.scenario import Scenario

TEXT = '''from snapproof.spec import *


class T(IndexSet, letter="T"):
    "Tracks."


class S(State):
    n: int = variable(Range(0, 9), "a number")


class C(Scope):
    pass


class P(Process, letter="P", programs=True):
    a: int = argument(DOMAIN, "any of many")


@step(P, "p0", "Waits for a command")
def p0(s: S, c: C, p: P) -> Next:
    "Waits for a command."
    return DONE


@invariant("I", "always")
def always(s: S, c: C) -> bool:
    "True."
    return s.n >= 0


GO = command(P, "go", "a", first=p0, meaning="goes")
SPECIFICATION = Specification.of_module("many", S, C, __name__, P=1, T=40)
'''

BIG = 1 << 45
"""So many values would not fit into any memory."""


def many(folder: Path, domain: str) -> Specification:
    return load(TEXT.replace("DOMAIN", domain), folder).SPECIFICATION


def arguments(spec: Specification, *texts: str) -> list[tuple[int, ...]]:
    sizes = Scenario("s", spec, sizes={"T": 40, "P": 1}).instance().sizes
    return [i.arguments for i in parse_program(spec, spec.kind("P"), {"menu": list(texts)}, sizes, "here").positions[0]]


def test_a_number_of_a_range_that_is_never_looked_through_is_read(tmp_path: Path) -> None:
    spec = many(tmp_path, f"Range(-{BIG}, {BIG})")
    assert arguments(spec, f"go -{BIG}|7", f"go {BIG}") == [(-BIG,), (7,), (BIG,)]


@pytest.mark.parametrize("word", ["*", "1*", str(BIG + 1), "-", "--1", "²", "1.5", "x", "9" * 5000, "7|", "|"])
def test_what_is_no_number_of_such_a_range_is_refused_with_its_bounds(word: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"values of a\. .*from 0 to") as refused:
        arguments(many(tmp_path, f"Range(0, {BIG})"), f"go {word}")
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("word", ["*", "3", "[T1]"])
def test_a_set_of_many_members_has_no_word(word: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="Use a smaller scope"):
        arguments(many(tmp_path, "Mask(T)"), f"go {word}")


def test_a_message_names_some_of_many_values(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="Its values here: 0, 1, 2, .*…; or \\*") as refused:
        arguments(many(tmp_path, "Range(0, 50000)"), "go x")
    assert len(str(refused.value)) < 300
