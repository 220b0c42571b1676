"""`snapproof switches` says what each value means: the comment behind it where it is declared."""

from __future__ import annotations

import json
from enum import IntEnum
from pathlib import Path

import pytest
from cli_kit import run

from snapproof.model.switches import Embodiment
from snapproof.spec.value_meanings import meanings

GATE = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import DONE, Next, Process, Scope, Specification, State, Range, step, switch, variable

class Lock(IntEnum):
    """How the gate is locked."""

    OPEN = 0  # no lock: who comes (# counted) goes in
    SHUT = 1
    # a comment on a line of its own
    BARRED = 2  # shut, and a bar before it, which takes longer to lift than anybody who only wants to look in has time for

class Bare(IntEnum):
    LEFT = 0
    RIGHT = 1

class Gate(State):
    inside: int = variable(Range(0, 1), "who is inside")

class Choice(Scope):
    lock = switch(Lock, default=Lock.OPEN, figure="", meaning="the lock of the gate")
    side = switch(Bare, default=Bare.LEFT, figure="", meaning="where it is hung")

class Guest(Process, letter="G"):
    """Comes and goes."""

@step(Guest, "1", "")
def come(s: Gate, c: Choice, g: Guest) -> Next:
    """Comes."""
    s.inside = 1 if c.lock == Lock.OPEN and c.side == Bare.LEFT else 0
    return DONE

SPECIFICATION = Specification.of_module("gate", Gate, Choice, __name__, Guest=1)
'''


def test_every_value_of_every_switch_of_the_device_has_a_meaning() -> None:
    without = [f"{name}={word}" for name, s in Embodiment.switches.items() for word in s.choices() if not meanings(s.values).get(word)]
    assert without == []


def test_a_value_is_told_with_the_comment_behind_it_and_others_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gate.py").write_text(GATE, "utf-8")
    told = run("switches", "--spec", "gate.py").output
    assert "open    no lock: who comes (# counted) goes in\n       shut\n       barred  shut, and a bar" in told
    assert "     values: left, right\n" in told and "a line of its own" not in told
    assert max(map(len, told.splitlines())) <= 100
    listed = json.loads(run("switches", "--spec", "gate.py", "--json").output)["switches"]
    assert listed[0]["meanings"]["open"] == "no lock: who comes (# counted) goes in" and "shut" not in listed[0]["meanings"]
    assert listed[0]["values"] == ["open", "shut", "barred"] and "meanings" not in listed[1]


def test_values_without_a_text_have_no_meanings() -> None:
    assert meanings(IntEnum("Made", {"A": 0, "B": 1})) == {}
