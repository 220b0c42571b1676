"""What is checked of specifications and told of waiting sees into generators, as into the loops that they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from test_joining import TEXT, invariant

from snapproof.spec import DeclarationError
from snapproof.spec.joining import can_tell
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.traces.waiting import why_waiting
from snapproof.traces.waiting_words import why_words

LOCAL = '@step(P, "1", "Fig. 1", local=True)\ndef box(s: S, c: C, p: P) -> Next:'

REFUSED = {
    "a ghost that decides through a generator": (
        body("if any(s.g > t for t in c.each(T)):\n    return last\nreturn DONE"), "decides a branch"),
    "a ghost in a condition of a generator": (body("s.y = sum(1 for t in c.each(T) if s.g)\nreturn last"), "decides the variable y"),
    "a ghost that says how far": (body("p.n = sum(1 for t in range(s.g))\nreturn last"), "decides the local n"),
    "a ghost by default": (body("p.n = min((1 for t in range(0)), default=s.g)\nreturn last"), "decides the local n"),
    "a ghost among values": (body("s.y = s.y in (0, s.g)\nreturn last"), "decides the variable y"),
    "a ghost by name": (body("k = s.g\ns.y = any(k > t for t in c.each(T))\nreturn last"), "decides the variable y"),
    "a local box that looks at cells": (body("p.n = sum(s.x[t] for t in c.each(T))\nreturn last", LOCAL), "touches shared state"),
    "a local box that looks at others": (body("p.n = sum(q.id for q in s.all(Q))\nreturn last", LOCAL), "touches shared state"),
    "a local box whose local others read": (
        body("p.n = 1\nreturn last", LOCAL)
        + body("s.y = any(q.n for q in s.all(P))\nreturn look", '@step(Q, "2", "-")\ndef look(s: S, c: C, q9: Q) -> Next:'),
        "which other processes read or write"),
    "a local box that others ask for": (
        body("return last", LOCAL)
        + body("s.y = any(q.at(box) for q in s.all(P))\nreturn look", '@step(Q, "2", "-")\ndef look(s: S, c: C, q9: Q) -> Next:'),
        "asks whether this local box is next"),
    "a state of another class": (
        "class S2(State):\n    z: int = variable(Flag(), 'm')\n" + body("return True", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:')
        + body("return all(s.z == t for t in c.each(T))", '@invariant("J", "v")\ndef other(s: S2, c: C) -> bool:'), "of another class"),
}


@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_is_refused_of_loops_is_refused_of_generators(case: str, tmp_path: Path) -> None:
    text, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=message):
        load(BASE + text + END, tmp_path)


def test_a_generator_over_ghosts_may_be_copied_into_a_ghost(tmp_path: Path) -> None:
    load(BASE + body("s.g = max(s.g if s.g > t else t for t in c.each(T) if s.g in (0, t))\nreturn last") + END, tmp_path)


@pytest.mark.parametrize(("answer", "tells"), [
    ("    return not any(q.at(count_up, leave) for q in s.all(P))", True),
    ("    return any(q.at(leave) for q in s.all(P))", True),
    ("    return all(s.y == 0 or not q.at(begin) for q in s.all(P) if q.at(begin))", False),
    ("    return all(s.x[t] < 2 for t in c.each(T))", False),
    ("    return not any(q.n == 2 for q in s.all(P))", True)], ids=["helps", "hinders", "conditions", "cells", "locals"])
def test_a_property_can_tell_by_a_generator_what_it_can_tell_by_a_loop(answer: str, tells: bool, tmp_path: Path) -> None:
    spec = load(TEXT.replace("# properties", invariant(answer)), tmp_path).SPECIFICATION
    assert can_tell(spec, spec.properties.values()) is tells


def test_why_a_box_waits_names_the_line_and_what_the_generator_read(tmp_path: Path) -> None:
    text = BASE + body("if any(s.x[t] == 0 for t in c.each(T)):\n    return WAIT\nreturn DONE", "@action\ndef go(s: S, c: C) -> Signal:")
    spec = load(text + END, tmp_path).SPECIFICATION
    machine = Machine(Scenario("m", spec).instance())
    told = why_words(why_waiting(machine, next(machine.initial()).cells, spec.actions[0], None, ()))
    line = text.split("\n").index("    if any(s.x[t] == 0 for t in c.each(T)):") + 1
    assert f":{line} `if any(s.x[t] == 0 for t in c.each(T))`" in told and "x[T1] is 0" in told, told
