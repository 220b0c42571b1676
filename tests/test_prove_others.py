"""`prove` asks the same of other specifications than the storage device."""

from __future__ import annotations

from pathlib import Path

import pytest
from induction_kit import tried

pytest.importorskip("z3")

EXAMPLES = Path(__file__).parent.parent / "examples"

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


def test_a_specification_of_actions_is_refused_by_name() -> None:
    code, said = tried("not_solved", "--spec", str(EXAMPLES / "die_hard.py"))
    assert code == 151 and "it has actions" in said


def test_examples_of_the_help_run() -> None:
    rows = [row.split() for row in tried("--help")[1].splitlines() if row.strip().startswith("snapproof prove ")]
    assert len(rows) == 3
    for row in rows:
        assert tried(*(w.replace("examples", str(EXAMPLES)) for w in row[2:]))[0] in (0, 16), row
