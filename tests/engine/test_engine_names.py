"""The engine shares nothing with the model but words (vocabulary/), and has the same boxes, figures and switches."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import get_type_hints

import pytest

from snapproof.conformance.answers import REFUSALS
from snapproof.engine import memory
from snapproof.engine.box import BOXES, FIRST
from snapproof.engine.memory import DiskAdapter, HostAdapter, Word
from snapproof.engine.switches import Build
from snapproof.model import parts
from snapproof.model.specification import SPECIFICATION
from snapproof.vocabulary.states import SessionByte, VirtualState


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


def test_states_on_disk_have_the_numbers_that_the_format_says() -> None:
    """A word that the model needs must not give another meaning to arrays that exist."""
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    sessions, devices = "0 free, 1 reserved, 2 inactive, 3 active", "0 unused, 1 registered, 2 being related, 3 related, 4 active"
    for states, first, words in ((SessionByte, "session bytes: ", sessions), (VirtualState, "state: ", f"{devices}, 5 being removed")):
        assert first + words in text, "states that arrays on disk have keep their numbers; a new one comes behind them"
        told = text.partition(first + words)[0].count("\n")
        line = text.splitlines()[told].partition(first)[2].rstrip(" |")
        assert [written(m) for m in states] == line.split(", "), f"docs/formats.md has to say the numbers of {states.__name__}"


def written(state: IntEnum) -> str:
    """RELATING = 2 -> `2 being related`."""
    name = state.name.lower()
    return f"{state.value} {f'being {name[:-3]}ed' if name.endswith('ing') else name}"


def test_the_words_of_hosts_are_those_of_the_model_and_begin_at_the_same_boxes() -> None:
    first = {c.word: c.first.name for c in SPECIFICATION.commands}
    assert {w.value: FIRST[w].name for w in Word} == first


def test_build_words_are_read_back() -> None:
    wrong = Build.of({"copy_order": "Pointer_First", "lock_282": "none"})
    assert Build.of(wrong.words()) == wrong
    assert wrong.departures() == {"copy_order": "pointer_first", "lock_282": "none"}


def test_the_errors_of_refusals_are_those_that_hosts_know() -> None:
    assert {"refuse_virtual_read": "NotReady", "refuse_virtual_write": "NotReady", "refuse_table_access": "NotReady",
            "refuse_standard_write": "NoLogTrack", "no_log_track": "NoLogTrack", "refuse_registration": "NoSession",
            "refuse_relation": "NotRegistered", "fail_activation": "NotRelated", "refuse_activation": "NotRelated",
            "refuse_removal": "NotEstablished"}.items() <= REFUSALS.items()


def test_every_box_that_refuses_a_command_says_with_which_error() -> None:
    last = {s.name for s in SPECIFICATION.steps["HostAdapter"] if {parts.REFUSES, parts.ENDS} <= set(s.parts)}
    assert last == REFUSALS.keys()
