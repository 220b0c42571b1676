"""`prove` asks the same of other specifications than the storage device."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_kit import run
from induction_kit import QS, dials, tried

pytest.importorskip("z3")

EXAMPLES = Path(__file__).parents[2] / "examples"

COMPANY = '''
@invariant("flags", "flag and step disagree")
def flags(s: Shared, c: Settings, p: Contender) -> bool:
    """A side wants to enter from the first box to the last."""
    return (s.wants[p.id] == 1) != p.at(ask)


@invariant("yielded", "turn lost")
def yielded(s: Shared, c: Settings, p: Contender, q: Contender) -> bool:
    """Who is inside while the other waits has the turn."""
    return p.id == q.id or not (p.at(critical) and q.at(wait_for_turn)) or s.turn == p.id


SPECIFICATION ='''


@pytest.mark.slow
def test_mutual_exclusion_of_peterson_is_proved_with_its_company(tmp_path: Path) -> None:
    text = (EXAMPLES / "peterson.py").read_text()
    (tmp_path / "peterson.py").write_text(text.replace("SPECIFICATION =", COMPANY))
    spec = ("--spec", str(tmp_path / "peterson.py"))
    assert tried("mutex", *spec)[0] == 16
    assert tried("mutex", "flags", *spec)[0] == 16
    code, said = tried("mutex", "flags", "yielded", *spec)
    assert code == 0 and "mutex: holds initially; 4 of 4 boxes preserve it" in said
    assert tried("mutex", "--given", "flags,yielded", *spec)[0] == 0
    assert tried("mutex", "--given", "flags", *spec)[0] == 16


def test_without_giving_way_peterson_is_refuted_by_a_reachable_state(tmp_path: Path) -> None:
    text = (EXAMPLES / "peterson.py").read_text()
    assert text.count("s.turn = 1 - p.id") == 1
    (tmp_path / "peterson.py").write_text(text.replace("s.turn = 1 - p.id", "s.turn = p.id"))
    assert tried("mutex", "--spec", str(tmp_path / "peterson.py"), "--reachable")[0] == 12


HALF = '''
@invariant("half", "the smaller jug is at fault")
def small_is_never_two(s: Jugs, c: Settings) -> bool:
    """Not so: two gallons are what the solution needs."""
    return s.small != 2


@invariant("whole", "spilt")
def jugs_are_within_their_size(s: Jugs, c: Settings) -> bool:
    """No jug holds more than it can."""
    return s.big <= BIG and s.small <= SMALL


SPECIFICATION ='''


@pytest.mark.slow
def test_actions_are_tried_like_boxes(tmp_path: Path) -> None:
    text = (EXAMPLES / "die_hard.py").read_text()
    (tmp_path / "die_hard.py").write_text(text.replace("SPECIFICATION =", HALF))
    spec = ("--spec", str(tmp_path / "die_hard.py"))
    code, said = tried("whole", *spec)
    assert code == 0 and "whole: holds initially; 6 of 6 boxes preserve it" in said
    code, said = tried("not_solved", *spec)
    assert code == 16 and "not preserved: small_to_big, big_to_small" in said
    assert tried("not_solved", *spec, "--reachable")[0] == 12
    assert "Did you mean 'fill_big'" in tried("whole", *spec, "--box", "fill_bog")[1]


def test_a_counterexample_of_an_action_is_shown_in_every_form_and_replayed(tmp_path: Path) -> None:
    spec, trace = ("--spec", str(EXAMPLES / "die_hard.py")), str(tmp_path / "t.json")
    assert tried("not_solved", *spec, "--trace", trace, "--trace-dir", str(tmp_path / "all"))[0] == 16
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == ["die_hard.not_solved.big_to_small.json",
                                                                    "die_hard.not_solved.small_to_big.json"]
    for form in ("text", "html", "md", "itf"):
        assert run("show", trace, "--as", form).exit_code == 0
    assert "first state, where it differs" in run("show", trace).output.lower()
    again = run("replay", *spec, trace)
    assert again.exit_code == 0 and "still not preserved by small_to_big" in " ".join(again.output.split()), again.output
    changed = tmp_path / "die_hard.py"
    changed.write_text((EXAMPLES / "die_hard.py").read_text().replace("s.big += poured", "s.big += 0 * poured"))
    assert run("replay", "--spec", str(changed), trace).exit_code in (8, 9)


@pytest.mark.slow
def test_examples_of_the_help_run() -> None:
    rows = [row.split() for row in tried("--help")[1].splitlines() if row.strip().startswith("snapproof prove ")]
    assert len(rows) == 3
    for row in rows:
        assert tried(*(w.replace("examples", str(EXAMPLES)) for w in row[2:]))[0] in (0, 16), row


KICK = '''@action
def kick(s: S, c: C, p: P, q: Q, t: T) -> Signal:
    """Somebody who is there lets a dial go on."""
    if not p.at(turn) or q.n > 7:
        return WAIT
    s.x[t] = (s.x[t] + BY) % 8
    return DONE

@invariant("even"'''


@pytest.mark.slow
@pytest.mark.parametrize(("by", "members", "code", "says"), [
    (2, 1, 0, "3 of 3 boxes preserve it"), (1, 1, 16, "not preserved: kick"), (1, 0, 0, "Never run where all this holds: kick")])
def test_an_action_is_tried_for_every_process_that_it_may_choose(tmp_path: Path, by: int, members: int, code: int, says: str) -> None:
    spec = dials(tmp_path, ('@invariant("even"', f"{QS}\n\n{KICK.replace('BY', str(by))}"), ("P=2)", f"P=2, Q={members})"))
    found, said = tried("even", "--spec", spec)
    assert found == code and says in " ".join(said.split()), said
