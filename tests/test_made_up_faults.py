"""Mistakes in declarations that made-up specifications found: refused where they stand, with reasons."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_specifications import load
from test_language import BASE, END, body

from snapproof.checker import search
from snapproof.spec import DeclarationError, EvaluationError
from snapproof.spec.instance import Instance

REFUSED = {
    "a choice among a kind without steps": (
        body("return DONE", "@action\ndef act(s: S, c: C, q: Q) -> Signal:"), "has no steps"),
    "a mask of an enumeration": (
        "class Mode(IntEnum):\n    A = 0\nclass M(State):\n    m: int = variable(Mask(Mode), 'm')\n", "not an index set"),
    "a table over a function": ("class M(State):\n    m = table(lambda n: 1, of=Flag(), meaning='m')\n", "not an index set"),
    "a variable of a number": ("class M(State):\n    m: int = variable(3, 'm')\n", "not a domain"),
    "a range from above to below": ("class M(State):\n    m: int = variable(Range(2, 1), 'm')\n", "not a range"),
    "a switch whose values have a gap": (
        "class Mode(IntEnum):\n    A = 0\n    B = 5\nclass D(Scope):\n"
        "    d: Mode = switch(Mode, safe=Mode.A, strict=Mode.A, charitable=Mode.A, figure='-', meaning='d')\n", "without gaps"),
    "a step of no process": (body("return DONE", '@step(S, "1", "-")\ndef box(s: S, c: C, p: P) -> Next:'), "kind of process"),
    "a property with scope and state exchanged": (
        body("return True", '@invariant("I", "v")\ndef inv(c: C, s: S) -> bool:'), "first parameters"),
    "a helper with an unknown annotation": (
        "def f(s: S, i: nothing) -> int:\n    return 1\n" + body("s.x[0] = f(s, 1)\nreturn last"), "annotation cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_a_mistake_in_a_declaration_is_refused(case: str, tmp_path: Path) -> None:
    text, _ = REFUSED[case]
    with pytest.raises(DeclarationError):
        load(BASE + text + END, tmp_path)


def test_an_initial_choice_among_no_processes_leaves_no_initial_state_in_both_readings(tmp_path: Path) -> None:
    text = body("return DONE", "@initial\ndef start(s: S, c: C, q: P) -> Signal:")
    spec = load(BASE + text + END.replace("P=1", "P=0"), tmp_path).SPECIFICATION
    for reading in ("plain", "compiled"):
        with pytest.raises(EvaluationError, match="no initial state"):
            search(Instance(spec, {}, {}), [], reading=reading)  # type: ignore[arg-type]
