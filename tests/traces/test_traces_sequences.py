"""A state with sequences is told by their items in words, pages and ITF, asked about, read back and replayed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run

LINE = '''
from __future__ import annotations

from snapproof.spec import (WAIT, IndexSet, Member, Next, Process, Record, RecordOf, Scope, Sequence, SequenceOf, SetOf, Specification,
                            State, field, invariant, local, step, table, variable)


class Guest(IndexSet, letter="G"):
    """Who waits."""


class Seat(IndexSet, letter="S"):
    """Where they sit."""


class Order(Record):
    guest: int = field(Member(Guest), "who")
    with_whom: int = field(SetOf(Guest), "with whom")


Line = SequenceOf(Member(Guest), 3)
Orders = SequenceOf(RecordOf(Order), 2)


class Shared(State):
    line: Sequence = variable(Line, "who waits")
    seats = table(Seat, of=Line, meaning="who has sat there")
    orders: Sequence = variable(Orders, "what is ordered")


class Settings(Scope):
    """No switches."""


class Waiter(Process, letter="W"):
    """Takes in."""

    mine: Sequence = local(Line, "whom it has seen")


@step(Waiter, "1", "Fig. 1", rest=True)
def come(s: Shared, c: Settings, p: Waiter, g: Guest) -> Next:
    """One comes."""
    if s.line.full:
        return WAIT
    s.line = s.line.append(g)
    p.mine = c.sequence(Line, g)
    return take


@step(Waiter, "2", "Fig. 1")
def take(s: Shared, c: Settings, p: Waiter) -> Next:
    """Take an order of every second one."""
    if len(s.line) == 2:
        s.orders = s.orders.append(Order(guest=s.line.first, with_whom=c.subset(Guest, s.line[1])))
        s.seats[0] = s.line
    return come


@invariant("few", "too many are there")
def few(s: Shared, c: Settings) -> bool:
    """Nobody comes twice in a row, third."""
    return not s.line.full or s.line[1] != s.line[2] or s.line.first == s.line[1]


SPECIFICATION = Specification.of_module("line", Shared, Settings, __name__, Guest=2, Seat=2, Waiter=1)
'''


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    (tmp_path / "line.py").write_text(LINE)
    found = run("check", str(tmp_path / "line.py"), "--trace-dir", str(tmp_path), "--reading", "plain")
    assert found.exit_code == 12, found.output
    return tmp_path / "line.few.json"


def test_a_sequence_is_kept_in_a_trace_as_an_object_with_its_items(trace: Path) -> None:
    state = json.loads(trace.read_text())["steps"][-1]["state"]
    assert state["line"] == {"in order": ["G1", "G2", "G2"]} and state["seats"][1] == {"in order": []}
    assert state["orders"] == {"in order": [{"guest": "G1", "with_whom": ["G2"]}]} and state["W1"]["mine"] == {"in order": ["G2"]}


def test_a_sequence_is_told_in_words(trace: Path) -> None:
    told = " ".join(run("show", str(trace)).output.split())
    assert "line: <G1, G2> -> <G1, G2, G2>" in told and "seats[S1]: <> -> <G1, G2>" in told
    assert "orders: <> -> <(guest G1, with_whom {G2})>" in told


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_sequence_stands_on_pages(form: str, trace: Path) -> None:
    told = run("show", str(trace), "--as", form).output
    assert ("&lt;G1, G2, G2&gt;" if form == "html" else "<G1, G2, G2>") in told


def test_a_sequence_is_a_sequence_in_itf(trace: Path) -> None:
    itf = json.loads(run("show", str(trace), "--as", "itf").output)
    types = itf["#meta"]["varTypes"]
    assert types["line"] == "Seq(Str)" and types["seats"] == "Str -> Seq(Str)"
    assert types["orders"] == "Seq({ guest: Str, with_whom: Set(Str) })"
    assert itf["states"][-1]["line"] == ["G1", "G2", "G2"] and itf["states"][0]["line"] == []
    assert itf["states"][-1]["orders"] == [{"guest": "G1", "with_whom": {"#set": ["G2"]}}]


def test_a_trace_with_sequences_is_replayed(trace: Path) -> None:
    found = run("replay", str(trace), "--spec", str(trace.parent / "line.py"))
    assert found.exit_code == 0 and "few still fails after 5 steps" in " ".join(found.output.split())


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "said"), [
    ({"in order": ["G2"]}, "line was <G2>, now <G1, G2, G2>"), (["G1"], "line was {G1}, now <G1, G2, G2>"),
    ({"in order": 3}, "its items in order are no list"), ({"in order": [1.5]}, "line[0]: it is not a value"),
    ({"in order": [{"a": [1]}]}, "line[0].a: it is a list of something else than names")])
def test_another_sequence_in_a_trace_is_told_when_it_is_replayed(wrong: object, said: str, trace: Path) -> None:
    found = json.loads(trace.read_text())
    found["steps"][-1]["state"]["line"] = wrong
    trace.write_text(json.dumps(found))
    told = " ".join(run("replay", str(trace), "--spec", str(trace.parent / "line.py")).output.split())
    assert said in told


ASKED = [
    ("len(line) == 2 and G2 in line and not G1 in line", True), ("line == [G1, G2, G1] and W1.mine == [G1]", True),
    ("line.full and not seats[S1].empty and line != seats[S1]", True), ("G2 not in line and line.full", True), ("seats[S2] != []", False),
    ("len(orders) > len(line)", False), ("len(W1.mine) == 2", False)]


@pytest.mark.parametrize(("question", "found"), ASKED)
@pytest.mark.slow
def test_questions_ask_how_long_a_sequence_is_and_what_is_in_it(question: str, found: bool, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "line.py"), "--reachable", "--reading", "plain")
    assert told.exit_code == (0 if found else 16), told.output


@pytest.mark.parametrize(("question", "found"), [
    ("len(line) == 3 and line == seats[S1] and G1 not in line", True), ("len(line) == 4", False), ("line.empty and line.full", False)])
@pytest.mark.slow
def test_questions_about_any_state_know_sequences(question: str, found: bool, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "line.py"))
    assert told.exit_code == (0 if found else 16), told.output


@pytest.mark.slow
@pytest.mark.parametrize(("question", "said"), [
    ("line == 1", "a sequence is compared with something else"), ("line < line", "sequences have no order"),
    ("line == orders", "a sequence is compared with something else"), ("line + 1 == 2", "a sequence is no number"),
    ("seats[line] == line", "no index"), ("line.first == G1", "no item by its place"), ("line[0] == G1", "no item by its place"),
    ("line == [G1, G1, G1, G1]", "this is not a sequence of Guest: at most 3"), ("line == [G9]", "not a value"),
    ("len(W1.step) == 1", "this is not a sequence"), ("count(line) == 1", "not a set of members"), ("line", "a value, not a condition"),
    ("G1 in orders", "no value here"), ("line in line", "a sequence is compared"), ("1 in 2", "this is not a sequence")])
def test_a_question_that_mixes_sequences_and_others_is_refused(question: str, said: str, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "line.py"))
    assert told.exit_code != 0 and any(s in " ".join(told.output.split()) for s in said.split("|")), told.output
