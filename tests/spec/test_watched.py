"""A transition property is evaluated after every box and action that it names; what would never be evaluated is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import instance_of, outcomes

from snapproof.checker import search
from snapproof.spec import DeclarationError

PROGRAMLESS = END.replace("P=1, ", "")
ACTIONS = '''
@action
def raise_it(s: S, c: C, t: T) -> Signal:
    """One more."""
    if s.x[t] == 3:
        return WAIT
    s.x[t] = s.x[t] + 1
    return DONE

@action
def clear(s: S, c: C) -> Signal:
    """Begin again."""
    if s.x[0] < 2:
        return WAIT
    s.x[0] = 0
    return DONE

class R(Process, letter="R"):
    """Looks on."""
    k: int = local(Range(0, 2), "a number")

@step(R, "r", "-")
def look(s: S, c: C, r: R) -> Next:
    """Counts."""
    if r.k == 2:
        return WAIT
    r.k = r.k + 1
    return look
'''


def watching(lines: str, steps: str, more: str = "") -> str:
    return body(lines, f'@transition("X", "went back", steps={steps})\ndef tra(before: S, s: S, c: C{more}) -> bool:')


BROKEN = {
    "one action": (watching("return before.x[0] <= s.x[0]", "[clear]"), "clear", {}),
    "two actions": (watching("return s.x[0] < 3", "[raise_it, clear]"), "raise_it", {}),
    "an action and a step": (watching("return s.x[1] < 2", "[look, raise_it]"), "raise_it", {}),
    "a step and an action": (watching("return r.k < 1", "[clear, look]", ", r: R"), "look", {"r": "R1"}),
    "for every process": (watching("return r.k < 2 or before.x[0] <= s.x[0]", "[clear]", ", r: R"), "clear", {"r": "R1"}),
    "for every track": (watching("return s.x[t] - before.x[t] != 1 or s.x[t] != 2 or t == 0", "(raise_it,)", ", t: T"), "raise_it",
                        {"t": "T2"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BROKEN, ids=[b.replace(" ", "-") for b in BROKEN])
def test_actions_are_watched_in_both_readings(case: str, tmp_path: Path) -> None:
    text, box, arguments = BROKEN[case]
    instance = instance_of(BASE + ACTIONS + text + PROGRAMLESS.replace("Q=1", "R=1"), tmp_path)
    traces = []
    for reading in ("plain", "compiled"):
        result = search(instance, list(instance.spec.properties.values()), deadlock=False, reading=reading)  # type: ignore[arg-type]
        assert result.counterexample is not None and result.broken is not None, reading
        assert result.counterexample[-1].move.boxes[0].name == box
        traces.append([(t.move, t.cells, t.broken) for t in result.counterexample])
    assert traces[0] == traces[1]
    assert {n: of.member(v) for (n, of), v in zip(result.broken.property.chosen(3), result.broken.arguments)} == arguments


@pytest.mark.slow
def test_a_property_that_is_not_asked_for_is_not_watched(tmp_path: Path) -> None:
    instance = instance_of(BASE + ACTIONS + BROKEN["one action"][0] + PROGRAMLESS.replace("Q=1", "R=1"), tmp_path)
    for reading in ("plain", "compiled"):
        assert search(instance, [], deadlock=False, reading=reading).broken is None  # type: ignore[arg-type]


@pytest.mark.slow
def test_an_action_that_keeps_the_property_holds(tmp_path: Path) -> None:
    text = watching("return before.x[0] < s.x[0] or before.x[1] < s.x[1]", "[raise_it]")
    plain, compiled = outcomes(instance_of(BASE + ACTIONS + text + PROGRAMLESS.replace("Q=1", "R=1"), tmp_path), deadlock=False)
    assert plain == compiled and plain[0] == "holds"


@pytest.mark.slow
@pytest.mark.parametrize("case", ["one action", "for every process"])
def test_a_broken_action_is_told_and_replayed(case: str, tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(BASE + ACTIONS + BROKEN[case][0] + PROGRAMLESS.replace("Q=1", "R=1"))
    found = run("check", str(tmp_path / "small.py"), "--trace-dir", str(tmp_path), "--json")
    scenario = json.loads(found.stdout)["scenarios"][0]
    assert found.exit_code == 13 and scenario["property"] == "X"
    again = run("replay", scenario["trace"], "--spec", str(tmp_path / "small.py"))
    assert again.exit_code == 0 and "X" in again.stdout, again.output
    assert "clear" in run("show", scenario["trace"]).stdout


REFUSED = {
    "nothing": ("[]", "list of steps is empty"), "an empty tuple": ("()", "list of steps is empty"), "None": ("None",
                                                                                                              "not a list of steps"),
    "a string": ('"last"', "not a list of steps"), "a number": ("7", "not a list of steps"), "a step alone": ("last",
                                                                                                              "not a list of steps"),
    "strings": ('["last"]', "neither a step nor an action"), "numbers": ("[1, 2]", "neither a step nor an action"),
    "an initial function": ("[last, start]", "initial function start"), "a helper": ("[help]", "the function help, which is not declared"),
    "a signal": ("[DONE]", "neither a step nor an action"), "a kind of process": ("[P]", "neither a step nor an action"),
    "a property": ("[other]", "neither a step nor an action"), "a list in the list": ("[[last]]", "neither a step nor an action"),
    "a command": ("[GO]", "neither a step nor an action"), "a step of a kind without members": ("[of_base]", "belongs to no process"),
}
AROUND = '''
@initial
def start(s: S, c: C) -> Signal:
    """Begins."""
    return DONE

def help(s: S) -> int:
    return 0

@invariant("O", "v")
def other(s: S, c: C) -> bool:
    """Holds."""
    return True

GO = command(P, "go", first=last, meaning="goes")

class Base(Process):
    """Nobody is one."""

@step(Base, "b", "-")
def of_base(s: S, c: C, b: Base) -> Next:
    """Never executed."""
    return DONE

'''


@pytest.mark.parametrize("case", REFUSED, ids=[r.replace(" ", "-") for r in REFUSED])
def test_steps_that_would_never_be_evaluated_are_refused(case: str, tmp_path: Path) -> None:
    steps, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=rf"\.py:\d+ tra: .*{message}"):
        load(BASE + AROUND + watching("return True", steps) + END, tmp_path)


def test_steps_may_come_from_anything_that_can_be_gone_through(tmp_path: Path) -> None:
    text = watching("return s.x[0] < 2", "(a for a in (raise_it, clear))")
    plain, compiled = outcomes(instance_of(BASE + ACTIONS + text + PROGRAMLESS.replace("Q=1", "R=1"), tmp_path), deadlock=False)
    assert plain == compiled and plain[:2] == ("violated", "X")


# --- what has no checker ----------------------------------------------------------------------------------

LATER = body("return s.y > 0", '@eventually("L", "never")\ndef later(s: S, c: C) -> bool:')


@pytest.mark.slow
@pytest.mark.parametrize("words", [
    ["check", "FILE"], ["check", "--spec", "FILE"], ["check", "--spec", "FILE", "SCENARIO"], ["switches", "--spec", "FILE"],
    ["query", "True", "--spec", "FILE"], ["prove", "L", "--scenario", "FILE"]], ids=" ".join)
@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
def test_eventually_is_refused_by_every_command(words: list[str], as_json: bool, tmp_path: Path) -> None:
    path = tmp_path / "small.py"
    path.write_text(BASE + LATER + END)
    (tmp_path / "one.toml").write_text('purpose = "it"\n[check]\nproperties = ["L"]\n')
    given = {"FILE": str(path), "SCENARIO": str(tmp_path / "one.toml")}
    found = run(*[given.get(w, w) for w in words], *(["--json"] if as_json else []))
    assert found.exit_code == 150
    assert "small.py" in found.stderr and "later: property L" in found.stderr and "cannot be checked yet" in found.stderr
    if as_json:
        told = json.loads(found.stdout)
        assert not told["ok"] and told["exit_code"] == 150 and "cannot be checked yet" in told["error"]["cause"]
