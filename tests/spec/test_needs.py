"""A specification says what its commands need: a search of commands that are never carried out is refused before it begins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from random_specifications import load

from snapproof.spec import ScenarioError
from snapproof.spec.scenario import Scenario

TEXT = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class Account(IndexSet, letter="a"):
    """Accounts."""

class Mode(IntEnum):
    OFF = 0
    ON = 1

class S(State):
    open = table(Account, of=Flag(), meaning="is it open")

class C(Scope):
    strict = switch(Mode, default=Mode.ON, figure="", meaning="only open accounts are closed")
    many = switch(Mode, default=Mode.OFF, figure="", meaning="there are several accounts")
    needs = (Contradiction(lambda c: c.many == Mode.ON and c.size(Account) < 2, "many is on, and there is one account.", "Give two."),)

class P(Process, letter="P", programs=True):
    account: int = argument(Member(Account), "an account")

@step(P, "1", "")
def opens(s: S, c: C, p: P) -> Next:
    """Opens it."""
    s.open[p.account] = 1
    return DONE

@step(P, "2", "")
def closes(s: S, c: C, p: P) -> Next:
    """Closes it."""
    s.open[p.account] = 0
    return DONE

def opened(c, a, every):
    BODY

OPEN = command(P, "open", "account", first=opens, meaning="open an account")
CLOSE = command(P, "close", "account", first=closes, meaning="close an account", needs=opened)
SPECIFICATION = Specification.of_module("bank", S, C, __name__, Account=2)
'''
BODY = '''if c.strict == Mode.OFF or any(b.word == "open" and b.account == a.account for b in every):
        return None
    return f"{Account.member(a.account)} is never opened.", "Open it before."'''


def told(folder: Path, *programs: list[object], body: str = BODY, **more: object) -> list[str]:
    spec = load(TEXT.replace("BODY", body), folder).SPECIFICATION
    try:
        Scenario("s", spec, hosts=[{"program": p} for p in programs], place="s.toml", **more).resolved()  # type: ignore[arg-type]
    except ScenarioError as error:
        return [str(e) for e in error.mistakes or (error,)]
    return []


NEVER = "s.toml, [[host]] {}, 'close a{}': a{} is never opened. Open it before."


@pytest.mark.parametrize(("programs", "wanted"), [
    ([["close a1"]], [(1, 1)]), ([["open a1", "close a1"]], []), ([["close a1"], ["open a1"]], []),
    ([["close a1", "close a2"], ["close a2", "close a2"]], [(1, 1), (1, 2), (2, 2)]), ([[["close a1", "open a2"]]], []),
    ([["close *"]], [(1, 1)]), ([["open a2", "close *"]], [])])
def test_a_position_of_which_nothing_is_carried_out_is_refused(programs: list[list[object]], wanted: list[tuple[int, int]],
                                                             tmp_path: Path) -> None:
    assert told(tmp_path, *programs) == [NEVER.format(host, account, account) for host, account in wanted]


def test_other_mistakes_are_told_beside_it_and_what_may_follow_from_them_is_not(tmp_path: Path) -> None:
    beside = told(tmp_path, ["close a1"], switches={"many": "on"}, sizes={"Account": 1}, witnesses=["W"])
    assert beside == ["s.toml: many is on, and there is one account. Give two.", NEVER.format(1, 1, 1),
                      "s.toml, [check]: there is no property 'W'. There are none to choose from."]
    for more in ({"switches": {"strict": "x"}}, {"sizes": {"Account": 0}}, {"profile": "x"}):
        assert len(told(tmp_path, ["close a1"], **more)) == 1
    assert "no command 'opne'" in told(tmp_path, ["opne a1", "close a1"])[0] and len(told(tmp_path, ["opne a1", "close a1"])) == 1


def test_questions_and_scenarios_that_mean_it_are_not_refused(tmp_path: Path) -> None:
    assert told(tmp_path, ["close a1"], refused=True) == []
    spec = load(TEXT.replace("BODY", BODY), tmp_path).SPECIFICATION
    assert Scenario("s", spec, hosts=[{"program": ["close a1"]}], switches={"many": "on"}, sizes={"Account": 1}).instance().sizes["P"] == 1


@pytest.mark.parametrize(("body", "says"), [
    ("return c.nothing", "command 'close': what it needs cannot be evaluated \\(AttributeError"),
    ("return a.colour", "close has no argument colour"), ("return 7", "told as something else than two texts"),
    ("return ('why',)", "told as something else than two texts")])
def test_what_is_wrong_with_a_need_is_told(body: str, says: str, tmp_path: Path) -> None:
    found = told(tmp_path, ["close a1"], body=body)
    assert len(found) == 1 and re.search(says, found[0])
