"""Boxes say what they are for, and properties ask for it: the same as naming the boxes, in every reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_specifications import load
from readings_kit import instance_of, outcomes

from snapproof.spec import DeclarationError

TEXT = '''
from snapproof.spec import *

class S(State):
    x: int = variable(Range(0, 3), "x")

class C(Scope):
    """None."""

class A(Process, letter="A"):
    """Counts."""

class B(Process, letter="B"):
    """Counts back."""

COUNTS = part("counts", "changes x")
RESTS = part("rests", "does nothing")
NOBODY = part("nobody", "no box has it")
OF_B = part("of_b", "only boxes of B have it")

@step(A, "1", "Fig. 1", RESTS, rest=True)
def a_begin(s: S, c: C, p: A) -> Next:
    """Begins."""
    return WAIT if s.x == 3 else a_count

@step(A, "2", "Fig. 1", COUNTS)
def a_count(s: S, c: C, p: A) -> Next:
    """Counts."""
    s.x = min(s.x + 1, 3)
    return a_begin

@step(B, "1", "Fig. 2", RESTS, OF_B, rest=True)
def b_begin(s: S, c: C, p: B) -> Next:
    """Begins."""
    return WAIT if s.x == 0 else b_count

@step(B, "2", "Fig. 2", COUNTS, OF_B)
def b_count(s: S, c: C, p: B) -> Next:
    """Counts back."""
    s.x = max(s.x - 1, 0)
    return b_begin

PROPERTY
SPECIFICATION = Specification.of_module("parts", S, C, __name__, A=2, B=1)
'''


def state_property(answer: str, kind: str = "A") -> str:
    return f'@invariant("X", "v")\ndef tra(s: S, c: C, p: {kind}) -> bool:\n    """Holds."""\n    return {answer}\n'


def step_property(steps: str, answer: str, more: str = "") -> str:
    head = f'@transition("X", "v", steps={steps})\ndef tra(before: S, s: S, c: C{more}) -> bool:'
    return f'{head}\n    """Holds."""\n    return {answer}\n'


SAME = {
    "at": (state_property("not (p.at(COUNTS) and s.x == 2)"), state_property("not (p.at(a_count) and s.x == 2)")),
    "at two": (state_property("p.at(COUNTS, RESTS)"), state_property("p.at(a_count, a_begin)")),
    "at a part and a box": (state_property("p.at(COUNTS, b_begin)", "B"), state_property("p.at(b_count, b_begin)", "B")),
    "steps": (step_property("[COUNTS]", "s.x > before.x"), step_property("[a_count, b_count]", "s.x > before.x")),
    "steps of one kind": (step_property("[COUNTS]", "s.x > before.x", ", p: A"), step_property("[a_count]", "s.x > before.x", ", p: A")),
    "of another kind": (step_property("[COUNTS]", "s.x > before.x", ", p: B"), step_property("[b_count]", "s.x > before.x", ", p: B")),
}


@pytest.mark.slow
@pytest.mark.parametrize("asked, named", SAME.values(), ids=SAME)
def test_a_part_stands_for_the_boxes_that_have_it(tmp_path: Path, asked: str, named: str) -> None:
    found = [outcomes(instance_of(TEXT.replace("PROPERTY", text), tmp_path)) for text in (asked, named)]
    assert found[0] == found[1] and all(len(one) == 4 for one in found[0])


REFUSED = {
    "a part that no box has": (state_property("p.at(NOBODY)"), "a box with the part nobody, where no A ever is"),
    "a part of another kind": (state_property("p.at(OF_B)"), "a box with the part of_b, where no A ever is"),
    "a box of another kind": (state_property("not p.at(b_count)"), "at b_count of B, where no A ever is"),
    "a box of another kind among others": (state_property("not p.at(a_count, b_count)"), "at b_count of B, where no A ever is"),
    "steps of a part that no box has": (step_property("[NOBODY]", "True"), "the part nobody, which no box has"),
    "steps of a part of another kind": (step_property("[OF_B]", "True", ", p: A"), "the part of_b, which no box has that its process"),
    "a word for a part": ('@step(A, "3", "Fig. 1", "counts")\ndef more(s: S, c: C, p: A) -> Next:\n    """More."""\n    return a_begin\n',
                          "and is no part"),
    "a part twice": ('@step(A, "3", "Fig. 1", RESTS, RESTS)\ndef more(s: S, c: C, p: A) -> Next:\n    """More."""\n    return a_begin\n',
                     "has the part <part rests> twice"),
    "a figure of another kind": (
        'FIG = figure(B, "fig", "Fig. 3", exits=("done",), meaning="nothing")\n\n' + state_property("not p.inside(FIG)"),
        "inside of fig of B, where no A ever is"),
    "a part without a word": ('MORE = part("", "nothing")\n', "is no word"),
}


@pytest.mark.parametrize("property, told", REFUSED.values(), ids=REFUSED)
def test_what_would_never_be_so_is_refused(tmp_path: Path, property: str, told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        load(TEXT.replace("PROPERTY", property), tmp_path)
