"""Ways in which `prove` could tell a success that is none, one by one: an empty question, a false or empty assumption, a box or
a solver that was passed over, a process that died."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from induction_kit import QS, dials, tried

pytest.importorskip("z3")

from snapproof.checker import Verdict, search  # noqa: E402
from snapproof.spec.instance import Instance  # noqa: E402
from snapproof.symbolic import proof as proofs  # noqa: E402
from snapproof.symbolic import theorem as theorems  # noqa: E402
from snapproof.symbolic.inquiry import Inquiry  # noqa: E402
from snapproof.symbolic.solver import EXCLUDED, SATISFIED, UNKNOWN, MiniSat  # noqa: E402

Change = tuple[str, str]

BEFORE = '@invariant("even"'


def added(text: str) -> Change:
    """Declarations put before the first property."""
    return BEFORE, f"{text}\n\n{BEFORE}"


NOBODY = added(QS)
NO_Q, ONE_Q = ("P=2)", "P=2, Q=0)"), ("P=2)", "P=2, Q=1)")

NO_START = added('''@initial
def begin(s: S, c: C, t: T) -> Signal:
    """None."""
    return WAIT''')
LAST_START = added('''@initial
def begin(s: S, c: C, t: T) -> Signal:
    """Good but for the last."""
    s.x[1] = 3 * t
    return DONE''')
NEVER = added('''@invariant("never", "ever")
def never(s: S, c: C, t: T) -> bool:
    """Of no state."""
    return s.x[t] > 7''')
NARROW = added('''@invariant("narrow", "wide")
def narrow(s: S, c: C, t: T) -> bool:
    """Only at the beginning."""
    return s.x[t] == 0''')
STRAY = added('''@invariant("stray", "strays")
def stray(s: S, c: C, t: T) -> bool:
    """Reads a dial that there is not."""
    return s.x[t + 1] < 9''')
OTHERS = added('''@transition("moves", "stays", steps=[turn])
def moves(before: S, s: S, c: C) -> bool:
    """Moves."""
    return True

@witness("there")
def there(s: S, c: C) -> bool:
    """Reached."""
    return s.x[0] == 2''')
SECOND = added('''@step(P, "2", "-", rest=True)
def push(s: S, c: C, p: P, t: T) -> Next:
    """A dial goes on by one."""
    s.x[t] = (s.x[t] + 1) % 8
    return turn''')
LOCAL = added('''@step(P, "2", "-", local=True)
def push(s: S, c: C, p: P) -> Next:
    """Nobody sees it."""
    return turn''')
JOINED = (
    ('"""Turns dials."""', '"""Turns dials."""\n    n: int = local(Range(0, 1), "out of order")'),
    ("    return turn", "    p.n = 1\n    return back"),
    added('''@step(P, "2", "-", local=True)
def back(s: S, c: C, p: P) -> Next:
    """Repairs what the box before it did; a search sees both as one."""
    p.n = 0
    return turn

@invariant("order", "disorder")
def order(s: S, c: C, p: P) -> bool:
    """Nobody is out of order."""
    return p.n == 0'''))


ATTACKS: dict[str, tuple[list[str], tuple[Change, ...], int, str]] = {
    "an empty name, as of a variable of the shell that is not set": ([""], (), 151, "names no invariant"),
    "an empty name beside a good one": (["even", ""], (), 151, "names no invariant"),
    "only commas": ([",,"], (), 151, "names no invariant"),
    "nothing given, where something is meant": (["even", "--given", ""], (), 151, "names no invariant"),
    "a property that there is not": (["evne"], (), 151, "Did you mean 'even'"),
    "something given that there is not": (["even", "--given", "evne"], (), 151, "Did you mean"),
    "a box that there is not": (["even", "--box", "tunr"], (), 151, "Did you mean 'turn'"),
    "a box of a kind without members": (["even", "--box", "count"], (NOBODY, NO_Q), 151, "no process executes the box count"),
    "a transition property": (["moves"], (OTHERS,), 151, "a state alone does not decide it"),
    "a witness": (["there"], (OTHERS,), 151, "a state alone does not decide it"),
    "a witness given": (["even", "--given", "there"], (OTHERS,), 151, "a state alone does not decide it"),
    "no process at all": (["even", "--set", "P=0"], (), 151, "no process executes anything"),
    "no initial state": (["even"], (NO_START,), 75, "no initial state"),
    "one initial state of many in which it fails": (["even"], (LAST_START,), 16, "DOES NOT HOLD INITIALLY"),
    "a property of nobody": (["seven"], (NOBODY, NO_Q), 151, "speaks of Q, and there is none"),
    "a property of nobody beside a good one": (["even", "seven"], (NOBODY, NO_Q), 151, "speaks of Q, and there is none"),
    "the same property where there is somebody": (["seven"], (NOBODY, ONE_Q), 16, "DOES NOT HOLD INITIALLY"),
    "a contradiction given": (["not7", "--given", "never"], (NEVER,), 16, "NOT HOLD INITIALLY"),
    "a contradiction as a goal of its own": (["not7", "never"], (NEVER,), 16, "never: DOES NOT HOLD INITIALLY"),
    "something given that no box preserves": (["not7", "--given", "narrow"], (NARROW,), 16, "narrow is given, and not preserved by turn"),
    "what is to be proved, given": (["not7", "--given", "not7"], (), 16, "0 of 1 boxes preserve it"),
    "everything given, with what is wrong": (["not7", "--given", "all"], (), 16, "not0"),
    "two goals, of which the one that carries the other is not inductive": (["not7", "not6"], (), 16, "not6: holds initially; 0 of 1"),
    "a second box that breaks it": (["even"], (SECOND,), 16, "not preserved: push"),
    "a box that is repaired by the local one behind it": (["order"], JOINED, 16, "order: holds initially; 1 of 2 boxes preserve it"),
    "a property that cannot be evaluated at the beginning": (["stray"], (STRAY,), 76, "stray"),
}
"""What is asked, how the specification is changed, the exit code, and what must be said."""


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_no_proof_is_not_told_as_one(attack: str, tmp_path: Path) -> None:
    words, changes, code, says = ATTACKS[attack]
    found, said = tried(*words, "--spec", dials(tmp_path, *changes))
    assert found == code and says in " ".join(said.split()), said


@pytest.mark.slow
def test_there_are_more_than_twenty_and_the_specification_without_them_is_proved(tmp_path: Path) -> None:
    assert len(ATTACKS) > 20
    assert tried("even", "--spec", dials(tmp_path))[0] == 0
    assert tried("even", "--spec", dials(tmp_path, LOCAL))[0] == 0
    assert tried("not7", "even", "--spec", dials(tmp_path))[0] == 0


@pytest.mark.parametrize("words", [["prove", "I3a"], ["query", "1 == 1"]])
def test_an_empty_name_of_a_scenario_is_not_the_usual_one(words: list[str]) -> None:
    assert run(*words, "--scenario", "").exit_code == 151


@pytest.mark.slow
def test_one_box_is_told_to_be_no_proof_of_the_others(tmp_path: Path) -> None:
    code, said = tried("even", "--box", "turn", "--spec", dials(tmp_path, SECOND))
    assert code == 0 and "Only the box turn was tried" in said
    told = json.loads(tried("even", "--box", "turn", "--json", "--spec", dials(tmp_path, SECOND))[1])
    assert told["only"] == "turn"


def test_all_leaves_out_what_speaks_of_nobody_and_is_not_all_of_nothing(tmp_path: Path) -> None:
    spec = dials(tmp_path, NOBODY, NO_Q)
    told = json.loads(tried("all", "--json", "--spec", spec)[1])
    assert "seven" not in told["initially"] and "even" in told["initially"]


# --- the solver, and the process it runs in ---------------------------------------------------------------------------


def ends(kind: str) -> Any:
    def solve(self: object, assuming: object, seconds: float) -> str:
        if kind == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "leaves":
            os._exit(0)
        if kind == "exits":
            raise SystemExit(0)
        if kind == "raises":
            raise RuntimeError("solver")
        if kind == "memory":
            raise MemoryError
        if kind == "interrupted":
            raise KeyboardInterrupt
        return kind
    return solve


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "codes"), [
    (UNKNOWN, {3}), ("dies", {153}), ("leaves", {255}), ("exits", {150, 255}), ("raises", {255}), ("memory", {153}), ("interrupted", {130}),
    ("some word that no solver says", {3})])
def test_a_solver_that_does_not_answer_proves_nothing(kind: str, codes: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MiniSat, "_solve", ends(kind))
    code, said = tried("not7", "even", "--spec", dials(tmp_path))
    assert code in codes, said
    assert "Traceback" not in said


def test_a_counterexample_that_the_plain_reading_does_not_confirm_is_a_defect_and_no_verdict(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Inquiry, "ask", lambda self, wanted: (SATISFIED, dict(self._open)))
    code, said = tried("not7", "even", "--spec", dials(tmp_path))
    assert code not in (0, 16) and "disagree" in said


@pytest.mark.slow
@pytest.mark.parametrize("seconds", ["0.000001", "0.001"])
def test_no_time_is_no_proof(seconds: str, tmp_path: Path) -> None:
    code, said = tried("even", "not7", "--spec", dials(tmp_path), "--seconds", seconds)
    assert code in (0, 3), said
    assert code == 3 or "2 of" not in said, said
    assert seconds != "0.000001" or code == 3, said


def test_a_goal_is_asked_of_every_process_of_a_kind(tmp_path: Path) -> None:
    """A box that only the last process executes badly."""
    last = ("(s.x[t] + 2) % 8", "(s.x[t] + 2 - (1 if p.id == 1 else 0)) % 8")
    assert tried("even", "--spec", dials(tmp_path, last))[0] == 16
    assert tried("even", "--spec", dials(tmp_path, last), "--set", "P=1")[0] == 0


def test_a_goal_is_asked_of_every_choice(tmp_path: Path) -> None:
    last = ("(s.x[t] + 2) % 8", "(s.x[t] + 2 - (1 if t == 1 else 0)) % 8")
    assert tried("even", "--spec", dials(tmp_path, last))[0] == 16


def test_the_answers_of_proofs_are_the_words_that_success_is_made_of() -> None:
    """A code is made of `preserved` only; a word that is spelled otherwise anywhere would be a failure, not a success."""
    assert proofs.PRESERVED == theorems.PRESERVED == "preserved" and EXCLUDED != SATISFIED != UNKNOWN


@pytest.mark.slow
def test_what_is_proved_of_dials_holds_when_they_are_searched(tmp_path: Path) -> None:
    from snapproof.suite.sources import specification_file
    spec = specification_file(Path(dials(tmp_path, SECOND)))
    for p in spec.properties.values():
        code, _ = tried(p.id, "--spec", str(tmp_path / "dials.py"))
        assert (code == 0) <= (search(Instance(spec, {}, {}), [p], deadlock=False).verdict is Verdict.HOLDS), p.id
