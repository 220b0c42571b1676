"""A state with tagged unions is told case by case in words, pages, Markdown and ITF; its trace is read back and replayed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run

PLACES = '''
from __future__ import annotations

from snapproof.spec import (DONE, WAIT, IndexSet, Member, Next, Process, Range, Record, RecordOf, Scope, Specification, State,
                            TaggedUnion, UnionOf, field, invariant, local, step, table, variable)


class Track(IndexSet, letter="T"):
    """A track of a device."""


class LogTrack(IndexSet, letter="L"):
    """A track of the log device."""


class Where(TaggedUnion):
    """Where the data of a track is."""


class Standard(Where):
    """Where it was."""


class Logged(Where):
    """On a log track."""

    at: int = field(Member(LogTrack), "which one")
    age: int = field(Range(0, 3), "for how long", initial=1)


class Entry(Record):
    """An entry of a table."""

    where: Where = field(UnionOf(Where), "where the data is")
    read: int = field(Range(0, 3), "how often it was read")


class Shared(State):
    entry = table(Track, of=RecordOf(Entry), meaning="entries")
    last: Where = variable(UnionOf(Where), "the last one that was written")


class Settings(Scope):
    """No switches."""


class Writer(Process, letter="W"):
    """Writes."""

    mine: Where = local(UnionOf(Where), "where to")


@step(Writer, "1", "Fig. 1", rest=True)
def choose(s: Shared, c: Settings, p: Writer, to: LogTrack) -> Next:
    """Choose a log track."""
    p.mine = Logged(at=to, age=0)
    return write


@step(Writer, "2", "Fig. 1")
def write(s: Shared, c: Settings, p: Writer, track: Track) -> Next:
    """Write there."""
    if s.entry[track].where == p.mine:
        return WAIT
    s.entry[track] = s.entry[track].with_(where=p.mine)
    s.last = p.mine.with_(age=2)
    return DONE


@invariant("few", "both are on the log device")
def few(s: Shared, c: Settings, one: Track, other: Track) -> bool:
    """One at most is on the log device."""
    if one == other or not isinstance(s.entry[one].where, Logged) or not isinstance(s.entry[other].where, Logged):
        return True
    return s.entry[one].where.at == s.entry[other].where.at


SPECIFICATION = Specification.of_module("places", Shared, Settings, __name__, Track=2, LogTrack=2, Writer=1)
'''

LAST = {"tag": "Logged", "value": {"at": "L2", "age": 0}}


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    (tmp_path / "places.py").write_text(PLACES)
    found = run("check", str(tmp_path / "places.py"), "--trace-dir", str(tmp_path), "--reading", "plain")
    assert found.exit_code == 12, found.output
    return tmp_path / "places.few.json"


def test_a_union_is_kept_in_a_trace_as_its_tag_and_its_value(trace: Path) -> None:
    whole = json.loads(trace.read_text())
    assert whole["initial"]["state"]["last"] == {"tag": "Standard", "value": {}}
    assert whole["steps"][-1]["state"]["entry"][1] == {"where": LAST, "read": 0}
    assert whole["steps"][-1]["state"]["W1"]["mine"] == {"tag": "Standard", "value": {}}


def test_a_union_is_told_in_words(trace: Path) -> None:
    told = " ".join(run("show", str(trace)).output.split())
    assert "last: Standard -> Logged(at L1, age 2)" in told
    assert "entry[T2]: (where Standard, read 0) -> (where Logged(at L2, age 0), read 0)" in told


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_union_stands_on_pages(form: str, trace: Path) -> None:
    assert "(where Logged(at L2, age 0), read 0)" in run("show", str(trace), "--as", form).output


def test_a_union_is_a_variant_in_itf(trace: Path) -> None:
    itf = json.loads(run("show", str(trace), "--as", "itf").output)
    cases = "(Standard(UNIT) | Logged({ at: Str, age: Int }))"
    assert itf["#meta"]["varTypes"]["last"] == cases and itf["#meta"]["varTypes"]["Writer_mine"] == f"Str -> {cases}"
    assert itf["#meta"]["varTypes"]["entry"] == f"Str -> {{ where: {cases}, read: Int }}"
    assert itf["states"][0]["last"] == {"tag": "Standard", "value": "U_OF_UNIT"}
    assert itf["states"][-1]["last"] == {"tag": "Logged", "value": {"at": "L2", "age": {"#bigint": "2"}}}


def test_a_trace_with_unions_is_replayed(trace: Path) -> None:
    found = run("replay", str(trace), "--spec", str(trace.parent / "places.py"))
    assert found.exit_code == 0 and "few still fails after 4 steps" in " ".join(found.output.split())


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "said"), [
    (3, "last was 3, now Logged(at L1, age 2)"), ({"tag": "Standard", "value": {}}, "last was Standard, now Logged"),
    ({"tag": "Lost", "value": {}}, "last was Lost, now Logged"), ({"tag": "Logged", "value": {"at": "L9"}}, "last was Logged(at L9), now"),
    ({"tag": "Logged", "value": 1.5}, "last.value: it is not a value")])
def test_another_union_in_a_trace_is_told_when_it_is_replayed(wrong: object, said: str, trace: Path) -> None:
    found = json.loads(trace.read_text())
    found["steps"][1]["state"]["last"] = wrong
    trace.write_text(json.dumps(found))
    told = " ".join(run("replay", str(trace), "--spec", str(trace.parent / "places.py")).output.split())
    assert said in told, told


@pytest.mark.parametrize(("question", "found"), [
    ("last.tag == Logged and last.at == L2 and last.age == 2", True),
    ("entry[T1].where.tag == Logged and entry[T1].where == W1.mine", True),
    ("last.tag == Logged and last.age == 1", False), ("last.tag != Standard and W1.mine.tag == Standard", True)])
@pytest.mark.slow
def test_a_question_asks_for_the_case_and_its_fields(question: str, found: bool, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "places.py"), "--reachable", "--reading", "plain")
    assert told.exit_code == (0 if found else 16), told.output


def test_a_question_that_reads_a_field_of_another_case_on_its_way_says_so(trace: Path) -> None:
    told = run("query", "last.at == L2", "--spec", str(trace.parent / "places.py"), "--reachable", "--reading", "plain")
    assert told.exit_code == 76 and "cell.tag == Free and" in " ".join(told.output.split()), told.output


def test_a_state_that_is_found_is_shown_with_its_cases(trace: Path) -> None:
    told = run("query", "last.at == L2 and last.age == 3", "--spec", str(trace.parent / "places.py"))
    assert told.exit_code == 0 and "last: Logged(at L2, age 3)" in told.output, told.output
