"""A state with records is told field by field in words, pages, Markdown and ITF; its trace is read back and replayed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run

POST = '''
from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, IndexSet, Mask, Member, Next, OneOf, Process, Record, RecordOf, Scope, Specification, State,
                            field, invariant, local, step, table)


class Place(IndexSet, letter="L"):
    """Where letters lie."""


class Stamp(Record):
    place: int = field(Member(Place), "where")
    seen: int = field(Mask(Place), "seen at")


class Letter(Record):
    class Kind(IntEnum):
        ASK = 0
        ANSWER = 1

    kind: int = field(OneOf(Kind), "what")
    stamp: Stamp = field(RecordOf(Stamp), "when")


class Shared(State):
    box = table(Place, of=RecordOf(Letter), meaning="letters")


class Settings(Scope):
    """No switches."""


class Clerk(Process, letter="K"):
    """Writes."""

    mine: Letter = local(RecordOf(Letter), "its letter")


@step(Clerk, "1", "Fig. 1", rest=True)
def write(s: Shared, c: Settings, p: Clerk, at: Place) -> Next:
    """Write one."""
    p.mine = Letter(kind=Letter.Kind.ANSWER, stamp=Stamp(place=at, seen=1 << at))
    return put


@step(Clerk, "2", "Fig. 1")
def put(s: Shared, c: Settings, p: Clerk) -> Next:
    """Put it."""
    if s.box[p.mine.stamp.place] == p.mine:
        return WAIT
    s.box[p.mine.stamp.place] = p.mine.with_(kind=Letter.Kind.ASK)
    return DONE


@invariant("few", "too many")
def few(s: Shared, c: Settings, at: Place) -> bool:
    """Few."""
    return not (s.box[at].stamp.place == 1 and all(s.box[m].stamp.seen for m in c.each(Place)))


SPECIFICATION = Specification.of_module("post", Shared, Settings, __name__, Place=2, Clerk=1)
'''


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    (tmp_path / "post.py").write_text(POST)
    found = run("check", str(tmp_path / "post.py"), "--trace-dir", str(tmp_path), "--reading", "plain")
    assert found.exit_code == 12, found.output
    return tmp_path / "post.few.json"


def test_a_record_is_kept_in_a_trace_as_an_object_of_its_fields(trace: Path) -> None:
    states = json.loads(trace.read_text())["steps"][-1]["state"]
    assert states["box"][0] == {"kind": "ASK", "stamp": {"place": "L1", "seen": ["L1"]}}


def test_a_record_is_told_in_words(trace: Path) -> None:
    told = " ".join(run("show", str(trace)).output.split())
    assert "box[L2]: (kind ASK, stamp (place L1, seen {})) -> (kind ASK, stamp (place L2, seen {L2}))" in told


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_record_stands_on_pages(form: str, trace: Path) -> None:
    assert "(kind ASK, stamp (place L2, seen {L2}))" in run("show", str(trace), "--as", form).output


def test_a_record_is_a_record_in_itf(trace: Path) -> None:
    itf = json.loads(run("show", str(trace), "--as", "itf").output)
    assert itf["#meta"]["varTypes"]["box"] == "Str -> { kind: Str, stamp: { place: Str, seen: Set(Str) } }"
    assert itf["states"][-1]["box"]["#map"][1] == ["L2", {"kind": "ASK", "stamp": {"place": "L2", "seen": {"#set": ["L2"]}}}]


def test_a_trace_with_records_is_replayed(trace: Path) -> None:
    found = run("replay", str(trace), "--spec", str(trace.parent / "post.py"))
    assert found.exit_code == 0 and "few still fails after 4 steps" in " ".join(found.output.split())


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "said"), [
    (3, "box[L1] was 3, now (kind ASK"), ({"kind": "ASK"}, "box[L1] was (kind ASK), now (kind ASK, stamp"),
    ({"kind": "ASK", "stamp": {"place": "L9", "seen": []}}, "box[L1] was (kind ASK, stamp (place L9, seen {})), now"),
    ({"kind": 1.5}, "box[0].kind: it is not a value|it is not a value")])
def test_another_record_in_a_trace_is_told_when_it_is_replayed(wrong: object, said: str, trace: Path) -> None:
    found = json.loads(trace.read_text())
    found["steps"][-1]["state"]["box"][0] = wrong
    trace.write_text(json.dumps(found))
    told = " ".join(run("replay", str(trace), "--spec", str(trace.parent / "post.py")).output.split())
    assert any(s in told for s in said.split("|")), told


@pytest.mark.parametrize(("question", "found"), [
    ("box[L2].stamp.place == L2 and box[L1].stamp.seen == []", True), ("box[L1] == box[L2] and K1.mine.kind == ANSWER", True),
    ("K1.mine.stamp == box[L1].stamp and has(K1.mine.stamp.seen, L1)", True), ("box[L1].kind == ANSWER", False),
    ("box[L1] != box[L1]", False)])
@pytest.mark.slow
def test_a_question_names_fields_of_records_and_compares_whole_ones(question: str, found: bool, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "post.py"), "--reachable", "--reading", "plain")
    assert told.exit_code == (0 if found else 16), told.output


@pytest.mark.slow
@pytest.mark.parametrize(("question", "said"), [
    ("box[L1] == 1", "a record is compared with something else"), ("box[L1] < box[L2]", "records have no order"),
    ("box[L1].knd == ASK", "no field 'knd'"), ("box[L1] + 1 == 2", "a record is no number"), ("box[box[L1]].kind == ASK", "no index"),
    ("box[L1].stamp == box[L1]", "compared with something else"), ("box[L1]", "a value, not a condition")])
def test_a_question_that_mixes_records_and_numbers_is_refused(question: str, said: str, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "post.py"))
    assert told.exit_code != 0 and said in " ".join(told.output.split()), told.output
