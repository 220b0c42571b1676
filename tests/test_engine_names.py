"""The engine shares nothing with the model but names: boxes, figures, switches, values, states of things."""

from __future__ import annotations

from enum import IntEnum
from typing import get_type_hints

import pytest

from snapproof.engine import boxes, memory, tables
from snapproof.engine.box import BOXES
from snapproof.engine.memory import DiskAdapter, HostAdapter, Word
from snapproof.engine.switches import Build
from snapproof.model import state
from snapproof.model.specification import SPECIFICATION


@pytest.mark.parametrize("kind", [HostAdapter, DiskAdapter])
def test_the_boxes_are_those_of_the_model(kind: type[memory.Adapter]) -> None:
    mine = {b.name: (b.id, b.figure, b.local, b.rest) for b in BOXES[kind].values()}
    theirs = {s.name: (s.id, s.figure, s.local, s.rest) for s in SPECIFICATION.steps[kind.__name__]}
    assert mine == theirs


def test_the_switches_are_those_of_the_model_and_their_defaults_its_safe_profile() -> None:
    kinds, safe = get_type_hints(Build), SPECIFICATION.scope.profile("safe", "test")
    mine = {name: [m.name for m in kind] for name, kind in kinds.items()}
    assert mine == {name: [m.name for m in s.values] for name, s in SPECIFICATION.scope.switches.items()}
    assert Build().words() == {name: value.name.lower() for name, value in safe.items()}


@pytest.mark.parametrize("mine, theirs", [(tables.SessionByte, state.SessionByte), (tables.VirtualState, state.VirtualState),
                                          (memory.Mail, state.Mail)])
def test_states_of_things_have_the_same_names_and_numbers(mine: type[IntEnum], theirs: type[IntEnum]) -> None:
    assert {m.name: m.value for m in mine} == {m.name: m.value for m in theirs}


def test_the_words_of_hosts_are_those_of_the_model_and_begin_at_the_same_boxes() -> None:
    first = {c.word: c.first.name for c in SPECIFICATION.commands}
    assert {w.value: boxes.commands.FIRST[w].name for w in Word} == first


def test_build_words_are_read_back() -> None:
    wrong = Build.of({"copy_order": "Pointer_First", "lock_282": "none"})
    assert Build.of(wrong.words()) == wrong
    assert wrong.departures() == {"copy_order": "pointer_first", "lock_282": "none"}
