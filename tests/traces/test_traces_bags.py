"""A state with bags is told by their items in words, pages and ITF, asked about, read back and replayed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run

NET = '''
from __future__ import annotations

from snapproof.spec import (WAIT, Bag, BagOf, Flag, IndexSet, Member, Next, Process, Record, RecordOf, Scope, Specification, State, field,
                            invariant, local, step, table, variable)


class Node(IndexSet, letter="N"):
    """Who sends."""


class Message(Record):
    to: int = field(Member(Node), "to whom")
    last: int = field(Flag(), "is it the last one")


Network = BagOf(RecordOf(Message), 2)
Seen = BagOf(Member(Node), 3)


class Shared(State):
    network: Bag = variable(Network, "what is under way")
    seen = table(Node, of=Seen, meaning="whom each has seen")


class Settings(Scope):
    """No switches."""


class Host(Process, letter="H"):
    """Sends and receives."""

    mine: Bag = local(Seen, "whom it has sent to")


@step(Host, "1", "Fig. 1", rest=True)
def send(s: Shared, c: Settings, p: Host, n: Node) -> Next:
    """Send one."""
    m = Message(to=n, last=len(s.network) > 1)
    if s.network.count(m) > 1 or p.mine.count(n) > 2:
        return WAIT
    s.network = s.network.with_(m)
    p.mine = p.mine.with_(n)
    return receive


@step(Host, "2", "Fig. 1")
def receive(s: Shared, c: Settings, p: Host, n: Node) -> Next:
    """Receive the last one, if it is there."""
    m = Message(to=n, last=True)
    if m in s.network:
        s.network = s.network.without(m)
        s.seen[0] = s.seen[0].with_(n)
    return send


@invariant("few", "too many")
def few(s: Shared, c: Settings) -> bool:
    """Nobody has seen anybody while two are under way."""
    return s.seen[0].empty or len(s.network) < 2


SPECIFICATION = Specification.of_module("net", Shared, Settings, __name__, Node=2, Host=1)
'''


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    (tmp_path / "net.py").write_text(NET)
    found = run("check", str(tmp_path / "net.py"), "--trace-dir", str(tmp_path), "--reading", "plain")
    assert found.exit_code == 12, found.output
    return tmp_path / "net.few.json"


def test_a_bag_is_kept_in_a_trace_as_an_object_with_its_items(trace: Path) -> None:
    state = json.loads(trace.read_text())["steps"][-1]["state"]
    assert state["network"] == {"in any order": [{"to": "N1", "last": False}] * 2} and state["seen"][0] == {"in any order": ["N1"]}
    assert state["H1"]["mine"] == {"in any order": ["N1", "N1", "N1"]}


def test_a_bag_is_told_in_words(trace: Path) -> None:
    told = " ".join(run("show", str(trace)).output.split())
    assert "seen[N1]: {} -> {N1}" in told and "mine: {N1, N1} -> {N1, N1, N1}" in told
    assert "network: {(to N1, last no)} -> {(to N1, last no), (to N1, last no)}" in told


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_bag_stands_on_pages(form: str, trace: Path) -> None:
    assert "{N1, N1, N1}" in run("show", str(trace), "--as", form).output


def test_a_bag_says_in_itf_how_often_an_item_is_in_it(trace: Path) -> None:
    itf = json.loads(run("show", str(trace), "--as", "itf").output)
    types, last = itf["#meta"]["varTypes"], itf["states"][-1]
    assert types["network"] == "({ to: Str, last: Bool } -> Int)" and types["seen"] == "Str -> (Str -> Int)"
    assert last["network"] == {"#map": [[{"to": "N1", "last": False}, {"#bigint": "2"}]]}
    assert last["seen"]["#map"] == [["N1", {"#map": [["N1", {"#bigint": "1"}]]}], ["N2", {"#map": []}]]


def test_a_trace_with_bags_is_replayed(trace: Path) -> None:
    found = run("replay", str(trace), "--spec", str(trace.parent / "net.py"))
    assert found.exit_code == 0 and "few still fails after" in " ".join(found.output.split())


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "said"), [
    ({"in any order": []}, "network was {}, now {(to N1, last no), (to N1"), ({"in any order": 3}, "its items in any order are no list"),
    ({"in any order": [1.5]}, "network[0]: it is not a value")])
def test_another_bag_in_a_trace_is_told_when_it_is_replayed(wrong: object, said: str, trace: Path) -> None:
    found = json.loads(trace.read_text())
    found["steps"][-1]["state"]["network"] = wrong
    trace.write_text(json.dumps(found))
    assert said in " ".join(run("replay", str(trace), "--spec", str(trace.parent / "net.py")).output.split())


@pytest.mark.parametrize(("question", "found"), [
    ("len(network) == 2 and N2 in H1.mine and N1 in H1.mine", True), ("H1.mine == [N2, N1, N2] and seen[N1] == [N1]", True),
    ("network.empty and not H1.mine.empty", False), ("H1.mine == seen[N1] and N1 in seen[N1]", False), ("seen[N2] != []", False)])
@pytest.mark.slow
def test_questions_ask_how_many_are_in_a_bag_and_which(question: str, found: bool, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "net.py"), "--reachable", "--reading", "plain")
    assert told.exit_code == (0 if found else 16), told.output


@pytest.mark.parametrize(("question", "found"), [
    ("len(seen[N1]) == 6 and N1 in seen[N1]", True), ("len(seen[N1]) == 7", False), ("H1.mine.empty and N1 in H1.mine", False)])
@pytest.mark.slow
def test_questions_about_any_state_know_bags(question: str, found: bool, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "net.py"))
    assert told.exit_code == (0 if found else 16), told.output


@pytest.mark.slow
@pytest.mark.parametrize(("question", "said"), [
    ("network == 1", "a bag is compared with something else"), ("network < network", "bags have no order"),
    ("network + 1 == 2", "a bag is no num"),
    ("seen[network] == network", "a bag is no index"), ("network.full", ".empty are asked"), ("network[0] == 1", "no item by its place"),
    ("H1.mine == [N1, N1, N1, N1]", "at most 3 names or numbers of its items, each written out (of each value)")])
def test_a_question_that_mixes_bags_and_others_is_refused(question: str, said: str, trace: Path) -> None:
    told = run("query", question, "--spec", str(trace.parent / "net.py"))
    assert told.exit_code != 0 and said in " ".join(told.output.split()), told.output
