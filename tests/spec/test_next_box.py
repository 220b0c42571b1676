"""What is not a step, WAIT or DONE on every path of a box is refused when loaded; so is a step where a number is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import instance_of, outcomes

from snapproof.spec import DeclarationError, EvaluationError
from snapproof.spec.errors import PropertyError
from snapproof.spec.machine import Machine

STEP = '@step(P, "1", "Fig. 1")\ndef box(s: S, c: C, p: P) -> Next:'
ACTION = "@action\ndef act(s: S, c: C) -> Signal:"
INITIAL = "@initial\ndef start(s: S, c: C) -> Signal:"
HELPER = "def help(s: S) -> Signal:"

WRONG = {
    "nothing": "if s.y > 0:\n    return DONE\nreturn", "None": "if s.y > 0:\n    return DONE\nreturn None",
    "the end": "if s.y > 0:\n    return DONE",
    "only an end": "s.y = 0", "False": "if s.y > 0:\n    return DONE\nreturn False", "True": "return True", "0": "return 0",
    "1": "return 1",
    "7": "if s.y > 0:\n    return 7\nreturn DONE", "a comparison": "return s.y > 0", "a variable": "return s.y",
    "a choice with a number": "return DONE if s.y > 0 else 0", "a choice of numbers": "return 1 if s.y > 0 else 0",
    "a name that may be a number": "t = 0\nif s.y > 0:\n    t = DONE\nreturn t", "and": "return s.y > 0 and DONE",
    "or": "return s.y > 0 or WAIT",
    "not": "return not WAIT", "a loop that may not return": "for t in c.each(T):\n    return DONE",
}


@pytest.mark.slow
@pytest.mark.parametrize("what", WRONG, ids=[w.replace(" ", "-") for w in WRONG])
@pytest.mark.parametrize("header", [STEP, ACTION, INITIAL], ids=["step", "action", "initial"])
def test_a_box_that_returns_something_else_is_refused_with_its_line(what: str, header: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"\.py:\d+ (box|act|start): .*(WAIT|DONE|step)") as caught:
        load(BASE + body(WRONG[what], header) + END, tmp_path)
    assert caught.value.fix


@pytest.mark.parametrize("header", [ACTION, INITIAL], ids=["action", "initial"])
@pytest.mark.parametrize("lines", ["return last", "t = last\nreturn t", "return last if s.y > 0 else DONE"])
def test_an_action_that_returns_a_step_is_refused(header: str, lines: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no process moves here.*return WAIT"):
        load(BASE + body(lines, header) + END, tmp_path)


HELPERS = {
    "a number for a signal": ("return 0", "return help(s)", "next box is promised"),
    "False for not enabled": ("if s.y > 0:\n    return DONE\nreturn False", "return help(s)", "number here, and a step or signal"),
    "no value on a path": ("if s.y > 0:\n    return DONE", "return help(s)", "may end without one"),
    "None on a path": ("if s.y > 0:\n    return DONE\nreturn None", "return help(s)", "may end without one"),
    "a signal in arithmetic": ("return DONE", "s.y = help(s) + 1\nreturn last", "a step as a number"),
    "a signal stored": ("return DONE", "s.y = help(s)\nreturn last", "a step as a number"),
    "a signal as a condition": ("return DONE", "if help(s):\n    return last\nreturn DONE", "a step as a condition"),
    "a signal compared": ("return DONE", "return last if help(s) == 0 else DONE", "a step as a number"),
    "a signal as an index": ("return DONE", "s.x[help(s)] = 1\nreturn last", "a step as a number"),
    "a signal negated": ("return DONE", "return last if not help(s) else DONE", "a step as a condition"),
    "a signal as an argument": ("return DONE", "s.y = min(help(s), 1)\nreturn last", "a step as a number"),
    "a signal in a loop": ("return DONE", "for i in range(help(s)):\n    s.y = 0\nreturn last", "a step as a number"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", HELPERS, ids=[h.replace(" ", "-") for h in HELPERS])
@pytest.mark.parametrize("annotation", ["-> Signal", "-> Next", ""], ids=["signal", "next", "none"])
def test_helpers_that_mix_numbers_and_boxes_are_refused(case: str, annotation: str, tmp_path: Path) -> None:
    helper, lines, message = HELPERS[case]
    if not annotation:
        message += "|instead of the next box"
    with pytest.raises(DeclarationError, match=message):
        load(BASE + body(helper, HELPER.replace("-> Signal", annotation)) + body(lines, STEP) + END, tmp_path)


@pytest.mark.parametrize("annotation", ["int", "bool", "None", "T"])
def test_a_helper_whose_annotation_hides_a_step_is_refused(annotation: str, tmp_path: Path) -> None:
    text = body("return last", f"def help(s: S) -> {annotation}:") + body("t = help(s)\nreturn t", STEP)
    with pytest.raises(DeclarationError, match=f"says -> {annotation if annotation != 'None' else 'NoneType'}"):
        load(BASE + text + END, tmp_path)


NUMBERS = {
    "stored": "s.y = last\nreturn last", "in a table": "s.x[0] = DONE\nreturn last", "in a local": "p.n = last\nreturn last",
    "added to a number": "t = last\nt += 1\nreturn last", "inverted": "s.y = ~last\nreturn last", "bool": "s.y = bool(last)\nreturn last",
    "int": "s.y = int(last)\nreturn last", "has": "return last if has(last, 0) else DONE", "in and": "s.y = s.y and last\nreturn last",
    "a name that was a number": "t = 0\nt = last\nreturn t", "a name that was a step": "t = last\nt = 0\nreturn last",
    "a loop over a step's name": "t = last\nfor t in range(2):\n    s.y = 0\nreturn last",
    "used before it is one": "t = 0\nfor i in range(2):\n    s.y = t\n    t = last\nreturn last",
}


@pytest.mark.slow
@pytest.mark.parametrize("case", NUMBERS, ids=[n.replace(" ", "-") for n in NUMBERS])
def test_a_step_is_no_number(case: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="a step as a (number|condition)|use two names"):
        load(BASE + body(NUMBERS[case], STEP) + END, tmp_path)


def test_steps_may_be_chosen_kept_in_names_and_passed_to_helpers(tmp_path: Path) -> None:
    text = "def later(s: S, yes: Next, no: Next) -> Next:\n    if s.y > 0:\n        return yes\n    t = no\n    return t\n" \
        + body("s.x[1] = 1\nt = last if s.y > 0 else other\nreturn later(s, last, t)", STEP) \
        + body("s.x[0] = 3\nreturn last", '@step(P, "2", "Fig. 1")\ndef other(s: S, c: C, p: P) -> Next:') \
        + body("return s.x[0] != 3", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:') \
        + 'GO = command(P, "go", first=box, meaning="x")\n'
    plain, compiled = outcomes(instance_of(BASE + text + END, tmp_path, hosts=[{"program": ["go"]}]))
    assert plain == compiled and plain[:2] == ("violated", "I")


def test_a_number_for_a_step_parameter_is_refused(tmp_path: Path) -> None:
    text = "def later(yes: Next) -> Next:\n    return yes\n" + body("return later(0)", STEP)
    with pytest.raises(DeclarationError, match="a number for the step 'yes'"):
        load(BASE + text + END, tmp_path)


PROPERTIES = {
    "nothing": "if s.y > 0:\n    return True\nreturn", "None": "return None", "the end": "if s.y > 0:\n    return True",
    "WAIT": "return WAIT", "DONE": "return DONE",
    "a step": "return last", "a step or a truth value": "return last if s.y > 0 else True",
}


@pytest.mark.slow
@pytest.mark.parametrize("what", PROPERTIES, ids=[w.replace(" ", "-") for w in PROPERTIES])
@pytest.mark.parametrize("header", ['@invariant("I", "v")\ndef inv(s: S, c: C):', '@witness("W")\ndef wit(s: S, c: C) -> bool:',
                                    '@transition("X", "v", steps=[last])\ndef tra(before: S, s: S, c: C) -> bool:'],
                         ids=["invariant", "witness", "transition"])
def test_a_property_says_true_or_false_on_every_path(what: str, header: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"\.py:\d+ (inv|wit|tra): "):
        load(BASE + body(PROPERTIES[what], header) + END, tmp_path)


def test_a_property_without_promise_may_return_a_number_which_counts_as_in_an_if(tmp_path: Path) -> None:
    text = body("s.x[0] = 2 if s.x[0] == 0 else 0\nreturn DONE", ACTION) \
        + body("return s.x[0] & 2", '@invariant("I", "v")\ndef inv(s: S, c: C):')
    plain, compiled = outcomes(instance_of(BASE + text + END, tmp_path, sizes={"P": 0}))
    assert plain == compiled == ("violated", "I", (), 1)


# --- what can only be seen while it runs, the plain reading sees ---------------------------------------


def machine_of(text: str, folder: Path, name: str, result: Any) -> Machine:
    """A machine in which a declared function has been replaced, so that no reader has seen it."""
    instance = instance_of(BASE + text + 'GO = command(P, "go", first=last, meaning="x")\n' + END, folder, hosts=[{"program": ["go"]}])
    found = next(d for d in instance.spec.trees if d.name == name)
    found.evaluated = lambda *_: result
    return Machine(instance)


@pytest.mark.slow
@pytest.mark.parametrize("result", [None, 0, 1, 7, False, True, "done"], ids=repr)
def test_the_plain_reading_refuses_such_a_result_too(tmp_path: Path, result: Any) -> None:
    action, start = body("return DONE", ACTION), body("return DONE", INITIAL)
    for text, name in ((action, "act"), (start, "start"), ("", "last")):
        machine = machine_of(text, tmp_path, name, result)
        with pytest.raises(EvaluationError, match=f"{name}: it returned {result!r}"):
            cells = next(machine.initial()).cells
            for _ in range(3):
                for t in machine.successors(cells):
                    cells = t.cells


def test_the_plain_reading_refuses_a_property_without_truth_value(tmp_path: Path) -> None:
    machine = machine_of(body("return True", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:'), tmp_path, "inv", None)
    cells = next(machine.initial()).cells
    with pytest.raises(PropertyError, match="it returned None"):
        machine.check(machine.spec.properties["I"], cells)
