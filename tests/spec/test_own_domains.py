"""Domains of a specification's own: what their methods say wrongly, or raise, is told as a mistake of the specification."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cli_kit import run

from snapproof.exit_codes import ExitCode

TEXT = '''
from __future__ import annotations
from snapproof.spec import *
class A(IndexSet, letter="A"):
    "a"
class Own(Domain):
    "own"
    def bounds(self, sizes): {bounds}
    def show(self, value, sizes): {show}
class S(State):
    "s"
    x: int = variable({made}, "x")
    y: int = variable(Flag(), "y")
class C(Scope):
    "c"
@action
def go(s: S, c: C) -> Signal:
    if s.y:
        return WAIT
    s.y = 1
    return DONE
@invariant("I1", "bad")
def never(s: S, c: C) -> bool:
    "x"
    return s.y == 0
SPECIFICATION = Specification.of_module("own", S, C, __name__, A=2)
'''

WRONG = [
    ("raise KeyError('k')", "return value", r"Own\.bounds: it cannot be computed \(KeyError: 'k'\)"),
    ("return sizes['Nope'], 2", "return value", r"Own\.bounds: it cannot be computed \(KeyError: 'Nope'\)"),
    ("import sys; sys.exit(0)", "return value", r"Own\.bounds: it cannot be computed \(SystemExit: 0\)"),
    ("return 3", "return value", r"Own\.bounds: it says 3\. Return the lowest and the highest value"),
    ("return 0, 'a'", "return value", r"Own\.bounds: it says \(0, 'a'\)"), ("return 0, True", "return value", r"Own\.bounds: it says"),
    ("return 0, 1, 2", "return value", r"Own\.bounds: it says"), ("return None", "return value", r"Own\.bounds: it says None"),
    ("return 5, 2", "return value", r"Own\.bounds: it says \(5, 2\)"),
    ("return 0, 2", "raise ValueError('x')", r"Own\.show: it cannot be computed \(ValueError: x\)"),
    ("return 0, 2", "return object()", r"Own\.show: it says .*Return a text or a number"),
    ("return 0, 2", "return {'a': [object()]}", r"Own\.show: it says"), ("return 0, 2", "return {1: 2}", r"Own\.show: it says"),
]


def checked(folder: Path, bounds: str, show: str, made: str = "Own()") -> tuple[int, str]:
    file = folder / "own.py"
    file.write_text(TEXT.format(bounds=bounds, show=show, made=made), "utf-8")
    done = run("check", str(file), "--trace-dir", str(folder))
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.parametrize(("bounds", "show", "told"), WRONG)
def test_a_domain_that_says_something_wrong_is_a_mistake_of_the_specification(tmp_path: Path, bounds: str, show: str, told: str) -> None:
    code, said = checked(tmp_path, bounds, show)
    assert code == ExitCode.ILL_FORMED and re.search(told, said), said
    assert "own.py:" in said


def test_a_domain_without_bounds_is_refused_when_it_is_declared(tmp_path: Path) -> None:
    code, said = checked(tmp_path, "return 0, 2", "return value", "Domain()")
    assert code == ExitCode.ILL_FORMED and "Domain does not say its bounds. Write one of those that there are" in said


def test_a_domain_that_is_right_is_shown_as_it_says(tmp_path: Path) -> None:
    code, said = checked(tmp_path, "return 0, 2", "return f'n{value}'")
    assert code == ExitCode.INVARIANT_VIOLATED and "violates I1" in said
