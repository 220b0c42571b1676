"""What was not checked is not told as success: steps that never ran, specifications and scenarios without properties."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run
from induction_kit import DIALS, QS

TEXT = '''
from __future__ import annotations
from snapproof.spec import *
class S(State):
    n: int = variable(Range(0, 3), "a number")
class C(Scope):
    """None."""
class W(Process, letter="W", programs=True):
    """Runs programs."""
@step(W, "1", "Fig. 1")
def first(s: S, c: C, w: W) -> Next:
    """Begins."""
    s.n = (s.n + 1) % 3
    return second
@step(W, "2", "Fig. 1")
def second(s: S, c: C, w: W) -> Next:
    """Goes on."""
    return DONE
@step(W, "3", "Fig. 1")
def other(s: S, c: C, w: W) -> Next:
    """Belongs to the other command."""
    if s.n == 3:
        return never
    return DONE
@step(W, "4", "Fig. 1")
def never(s: S, c: C, w: W) -> Next:
    """The number never is three."""
    return DONE
@action
def act(s: S, c: C) -> Signal:
    """Never enabled."""
    if s.n < 3:
        return WAIT
    return DONE
@action
def tick(s: S, c: C) -> Signal:
    """Always enabled: without a program nobody else can go on."""
    s.n = s.n
    return DONE
GO = command(W, "go", first=first, meaning="goes")
RUN = command(W, "run", first=other, meaning="runs")
@invariant("small", "too large")
def small(s: S, c: C) -> bool:
    """It is small."""
    return s.n < 3
SPECIFICATION = Specification.of_module("idle", S, C, __name__, W=1)
'''


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "idle.py").write_text(TEXT)
    return tmp_path


def scenario(there: Path, name: str, program: str, *check: str) -> str:
    lines = ["[[host]]", f"program = {program}", "[check]", *check]
    (there / f"{name}.toml").write_text("\n".join(lines) + "\n")
    return f"{name}.toml"


def missing(*words: str) -> tuple[int, list[str]]:
    """The exit code, and the names of what was never executed."""
    told = run("check", *words, "--json")
    data = json.loads(told.stdout)
    return told.exit_code, [place.split()[-1] for place in data["not_executed"] or []]


@pytest.mark.slow
def test_of_a_specification_by_itself_every_step_and_action_must_be_executed(there: Path) -> None:
    assert missing("idle.py") == (6, ["first", "second", "other", "never", "act"])
    told, line = run("check", "idle.py", "--junit", "out.xml"), TEXT.splitlines().index("@action") + 1
    assert told.exit_code == 6 and f"idle.py:{line} act" in told.output and "--allow-unexecuted" in told.output, told.output
    assert "<failure" in (there / "out.xml").read_text()
    assert run("check", "idle.py", "--allow-unexecuted").exit_code == 0
    assert missing("--spec", "idle.py") == missing("idle.py")


@pytest.mark.slow
def test_of_a_scenario_only_what_its_programs_can_come_to(there: Path) -> None:
    go = scenario(there, "go", '["go"]', 'unexecuted = ["act"]')
    assert missing("--spec", "idle.py", go) == (0, [])
    runs = scenario(there, "runs", '["run"]', 'unexecuted = ["act"]')
    assert missing("--spec", "idle.py", runs) == (6, ["never"])
    assert missing("--spec", "idle.py", go, runs) == (6, ["never"])
    both = scenario(there, "both", '["run"]', 'unexecuted = ["act", "never"]')
    assert missing("--spec", "idle.py", both) == (0, [])
    wrong = scenario(there, "wrong", '["run"]', 'unexecuted = ["nobody"]')
    assert run("check", "--spec", "idle.py", wrong).exit_code == 151


@pytest.mark.slow
def test_one_scenario_may_execute_what_another_does_not(there: Path) -> None:
    text = TEXT.replace("if s.n == 3:\n        return never", "if s.n == 2:\n        return never")
    (there / "idle.py").write_text(text)
    first = scenario(there, "first", '["run"]', 'unexecuted = ["act"]')
    second = scenario(there, "second", '["go", "go", "run"]', 'unexecuted = ["act"]')
    assert missing("--spec", "idle.py", first) == (6, ["never"])
    assert missing("--spec", "idle.py", first, second) == (0, [])


def test_a_box_that_only_waits_is_an_end_and_need_not_be_executed(there: Path) -> None:
    text = TEXT.replace('@step(W, "2", "Fig. 1")', '@step(W, "2", "Fig. 1", rest=True)').replace(
        '"""Goes on."""\n    return DONE', '"""Goes on."""\n    return WAIT')
    (there / "idle.py").write_text(text)
    assert missing("--spec", "idle.py", scenario(there, "go", '["go"]', 'unexecuted = ["act"]')) == (0, [])


def test_a_violation_ends_a_search_early_so_nothing_is_asked_of_it(there: Path) -> None:
    (there / "idle.py").write_text(TEXT.replace("return s.n < 3", "return s.n < 1"))
    path = scenario(there, "bad", '["go", "run"]')
    (there / path).write_text('expect = "small"\n' + (there / path).read_text())
    assert missing("--spec", "idle.py", path) == (0, [])


@pytest.mark.slow
@pytest.mark.parametrize(("check", "code"), [
    (["properties = []"], 10), (["properties = []", "deadlock = true"], 0), (["properties = []", "deadlock = false"], 10),
    (["properties = []", 'execute = ["first"]'], 0), ([], 0),
])
def test_an_empty_list_of_properties_checks_none_and_is_no_success(there: Path, check: list[str], code: int) -> None:
    path = scenario(there, "go", '["go"]', 'unexecuted = ["act"]', *check)
    told = run("check", "--spec", "idle.py", path)
    assert told.exit_code == code, told.output
    assert ("no property is checked" in " ".join(told.output.split())) == (code == 10)


def test_a_specification_without_properties_proves_nothing_but_its_deadlocks_are_found(there: Path) -> None:
    begin, end = TEXT.index("@invariant"), TEXT.index("SPECIFICATION")
    (there / "idle.py").write_text(TEXT[:begin] + TEXT[end:])
    assert run("check", "idle.py", "--allow-unexecuted").exit_code == 10
    stops = (TEXT[:begin] + TEXT[end:]).replace('"""Goes on."""\n    return DONE', '"""Goes on."""\n    return WAIT')
    stops = stops.replace("    s.n = s.n\n    return DONE", "    return WAIT")
    (there / "idle.py").write_text(stops)
    told = run("check", "--spec", "idle.py", scenario(there, "go", '["go"]'))
    assert told.exit_code == 11, told.output


def test_properties_of_nobody_are_none(there: Path) -> None:
    """With no process of a kind, what is said of all of them holds, and nothing has been checked."""
    Path("dials.py").write_text(DIALS.replace('@invariant("even"', f'{QS}\n\n@invariant("even"').replace("P=2)", "P=2, Q=0)"))
    for named, code in ((["seven"], 10), (["seven", "even"], 0), (["even"], 0)):
        Path("s.toml").write_text(f"[check]\nproperties = {named}\n".replace("'", '"'))
        assert run("check", "--spec", "dials.py", "s.toml", "--allow-unexecuted").exit_code == code, named
