"""Misuse of the language is refused when declared or loaded, with the place, the cause and the fix."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from language_kit import BASE, END, body
from random_specifications import load

from snapproof.spec import DeclarationError, EvaluationError, ScenarioError, SnapproofError
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Machine


def declare(folder: Path, text: str) -> ModuleType:
    return load(BASE + text + END, folder)


REFUSED = {
    "a while loop": (body("while s.y > 0:\n    s.y = 0\nreturn last"), "'while'.*range"),
    "a break": (body("for t in c.each(T):\n    break\nreturn last"), "'break'.*helper"),
    "a list": (body("x = [1]\nreturn last"), "'list'.*integers"),
    "a string": (body("s.y = 'a'\nreturn last"), "IntEnum"),
    "a float": (body("s.y = 0.5\nreturn last"), "integers"),
    "true division": (body("s.y = 4 / 2\nreturn last"), "'Div'"),
    "a keyword argument": (body("s.y = min(1, b=2)\nreturn last"), "keyword"),
    "an unknown name": (body("s.y = nothing\nreturn last"), "'nothing' is unknown"),
    "an unknown variable": (body("s.z = 1\nreturn last"), "has no 'z'"),
    "a mistyped variable": (body("s.xx = 1\nreturn last"), "mean 'x'"),
    "an unknown local": (body("p.m = 1\nreturn last"), "no local or argument 'm'"),
    "a missing index": (body("s.x[0, 1] = 1\nreturn last"), "takes 1 indices, not 2"),
    "a name without value": (body("if s.y > 0:\n    k = 1\ns.y = k\nreturn last"), "may have no value"),
    "an end without next box": (body("if s.y > 0:\n    return last"), "without returning"),
    "a step of another kind": (
        body("return last", '@step(Q, "1", "Fig. 1")\ndef other(s: S, c: C, q: Q) -> Next:'), "not a step of Q"),
    "a ghost that decides a branch": (body("if s.g > 0:\n    return last\nreturn DONE"), "ghost decides a branch"),
    "a ghost in a variable": (body("s.y = s.g - 1\nreturn last"), "ghost decides the variable y"),
    "a ghost through a name": (body("k = s.g\np.n = k\nreturn last"), "ghost decides the local n"),
    "a ghost that picks the next box": (body("return last if s.g > 0 else DONE"), "ghost decides the next box"),
    "a local step that reads shared state": (
        body("s.y = 0\nreturn last", '@step(P, "1", "Fig. 1", local=True)\ndef box(s: S, c: C, p: P) -> Next:'), "touches shared state"),
    "a local step that waits": (
        body("return WAIT if p.n == 0 else last", '@step(P, "1", "Fig. 1", local=True)\ndef box(s: S, c: C, p: P) -> Next:'),
        "local step returns WAIT"),
    "a parameter without index set": (
        body("return last", '@step(P, "1", "Fig. 1")\ndef box(s: S, c: C, p: P, k: int) -> Next:'), "not typed by an index set"),
    "a step without docstring": ('@step(P, "1", "Fig. 1")\ndef box(s: S, c: C, p: P) -> Next:\n    return last\n', "no docstring"),
    "a property that writes": (
        body("s.y = 0\nreturn True", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:'), "property writes"),
    "two properties with one id": (
        body("return True", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:')
        + body("return True", '@invariant("I", "v")\ndef inv2(s: S, c: C) -> bool:'), "declared twice"),
    "a helper that calls itself": (
        "def f(n: int) -> int:\n    return f(n)\n" + body("s.y = f(1)\nreturn last"), r":\d+ f: it calls itself \(f → f\)"),
    "helpers that lead back to each other": (
        "def f(n: int) -> int:\n    return g(n)\ndef g(n: int) -> int:\n    return f(n)\n" + body("s.y = f(1)\nreturn last"),
        r":\d+ g: it leads back to itself \(f → g → f\)"),
    "an unknown command argument": ("GO = command(P, 'go', 'b', first=last, meaning='x')\n", "no argument 'b'"),
    "an index set without letter": ("class U(IndexSet):\n    pass\n", "no letter"),
    "an enumeration with gaps": ("class E(IntEnum):\n    A = 1\n\nD = OneOf(E)\n", "not 0, 1, 2"),
    "a variable without meaning": ("class S2(State):\n    z: int = variable(Flag(), '')\n", "no line of meaning"),
    "loops made of local boxes only": (
        body("return two", '@step(P, "1", "Fig. 1", local=True)\ndef one(s: S, c: C, p: P) -> Next:')
        + body("return one", '@step(P, "2", "Fig. 1", local=True)\ndef two(s: S, c: C, p: P) -> Next:'), "local boxes lead back"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_is_refused_when_declared(case: str, tmp_path: Path) -> None:
    text, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        declare(tmp_path, text)
    assert caught.value.place and caught.value.cause and caught.value.fix


def test_the_message_names_file_line_and_function(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"random_\w+\.py:\d+ box"):
        declare(tmp_path, body("while True:\n    pass"))


def run_one(tmp_path: Path, lines: str) -> None:
    spec = declare(tmp_path, body(lines) + "GO = command(P, 'go', 'a', first=box, meaning='x')\n").SPECIFICATION
    from snapproof.spec.scenario import Scenario

    machine = Machine(Scenario("m", spec, hosts=[{"program": ["go T1"]}]).instance())
    cells = next(machine.initial()).cells
    for _ in range(2):
        cells = next(machine.successors(cells)).cells


@pytest.mark.parametrize(("lines", "message"), [
    ("s.x[0] = 7\nreturn last", "7 is outside 0…3"), ("s.x[s.y] = 1\nreturn last", "index -1 is outside"),
    ("p.n = 9\nreturn last", "9 is outside"), ("s.y = 0\nreturn WAIT", "WAIT after changing the state"),
], ids=["value", "index", "local", "wait"])
def test_leaving_a_domain_is_an_evaluation_error_that_names_the_step(tmp_path: Path, lines: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message) as caught:
        run_one(tmp_path, lines)
    assert "box" in str(caught.value)


@pytest.mark.parametrize(("sizes", "message"), [
    ({"U": 1}, "no such index set"), ({"T": 0}, "cannot be empty"), ({"T": 65}, "not a size"), ({"T": True}, "not a size"),
], ids=["unknown", "empty", "huge", "boolean"])
def test_impossible_sizes_are_refused(tmp_path: Path, sizes: dict[str, int], message: str) -> None:
    spec = declare(tmp_path, "").SPECIFICATION
    with pytest.raises(ScenarioError, match=message):
        Instance(spec, sizes, {})


def test_every_refusal_is_one_of_ours() -> None:
    assert issubclass(DeclarationError, SnapproofError) and DeclarationError.exit_code == 150
    assert ScenarioError.exit_code == 151 and EvaluationError.exit_code == 75
