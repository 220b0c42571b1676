"""A state with sets of members is told by their members in words, pages and ITF, asked about, read back and replayed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run

HALL = '''
from __future__ import annotations

from typing import Annotated

from snapproof.spec import (IndexSet, Maybe, Members, Next, Process, Record, RecordOf, Scope, SetOf, Specification, State, field,
                            invariant, local, step, variable)


class Door(IndexSet, letter="D"):
    """Doors of a hall."""


class Watch(Record):
    doors: Members = field(SetOf(Door), "which are watched")
    last: int = field(Maybe(Door), "the last one")


class Shared(State):
    open: Members = variable(SetOf(Door), "which are open")
    watch: Watch = variable(RecordOf(Watch), "what is watched")


class Settings(Scope):
    """No switches."""


class Porter(Process, letter="P"):
    """Opens and shuts."""

    mine: Members = local(SetOf(Door), "which it has opened")


@step(Porter, "1", "Fig. 1", rest=True)
def turn(s: Shared, c: Settings, p: Porter, some: Annotated[Members, SetOf(Door)]) -> Next:
    """Open some, shut the others."""
    s.open = some
    p.mine = some - s.watch.doors
    return look


@step(Porter, "2", "Fig. 1")
def look(s: Shared, c: Settings, p: Porter) -> Next:
    """Look at what is open."""
    s.watch = Watch(doors=s.open, last=max((d for d in s.open), default=-1))
    return turn


@invariant("few", "too many are open")
def few(s: Shared, c: Settings) -> bool:
    """Two doors at most are watched."""
    return len(s.watch.doors) < 3


SPECIFICATION = Specification.of_module("hall", Shared, Settings, __name__, Door=3, Porter=1)
'''


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    (tmp_path / "hall.py").write_text(HALL)
    found = run("check", str(tmp_path / "hall.py"), "--trace-dir", str(tmp_path))
    assert found.exit_code == 12, found.output
    return tmp_path / "hall.few.json"


def test_a_set_is_kept_in_a_trace_as_a_list_of_names(trace: Path) -> None:
    state = json.loads(trace.read_text())["steps"][-1]["state"]
    assert state["open"] == state["P1"]["mine"] == state["watch"]["doors"] == ["D1", "D2", "D3"]


def test_a_set_and_the_subset_that_was_chosen_are_told_in_words(trace: Path) -> None:
    told = " ".join(run("show", str(trace)).output.split())
    assert "open: {} -> {D1, D2, D3}" in told and "some = {D1, D2, D3}" in told
    assert "watch: (doors {}, last none) -> (doors {D1, D2, D3}, last D3)" in told


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_set_stands_on_pages(form: str, trace: Path) -> None:
    assert "{D1, D2, D3}" in run("show", str(trace), "--as", form).output


def test_a_set_is_a_set_in_itf(trace: Path) -> None:
    itf = json.loads(run("show", str(trace), "--as", "itf").output)
    assert itf["#meta"]["varTypes"]["open"] == "Set(Str)"
    assert itf["#meta"]["varTypes"]["watch"] == "{ doors: Set(Str), last: Str }"
    assert itf["states"][-1]["open"] == {"#set": ["D1", "D2", "D3"]}


def test_a_trace_with_sets_is_replayed(trace: Path) -> None:
    found = run("replay", str(trace), "--spec", str(trace.parent / "hall.py"))
    assert found.exit_code == 0 and "few still fails after 2 steps" in " ".join(found.output.split())


@pytest.mark.slow
@pytest.mark.parametrize(("question", "found"), [
    ("has(open, D2) and count(open) == 1", True), ("open == [D1, D3]", True), ("watch.doors == open and has(watch.doors, D1)", True),
    ("P1.mine == [D1]", True), ("watch.doors == [D1] and watch.last == D2", False), ("count(watch.doors & open) == 3", True)])
def test_questions_ask_sets_as_masks(question: str, found: bool, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "hall.py"), "--reachable")
    assert (told.exit_code == 0) == found, told.output
