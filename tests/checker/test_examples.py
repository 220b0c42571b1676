"""The classic examples have their published counts, in both readings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from examples_kit import READINGS, ROOT, example, explore, shown

from snapproof.checker import Verdict
from snapproof.checker.plain import PlainSearch
from snapproof.spec.instance import Instance

HOLDING = [
    # example, sizes, what departs from the defaults, distinct, generated, depth
    ("die_hard", {}, {"without": "not_solved"}, 16, 97, 7),
    ("two_phase_commit", {}, {}, 288, 1_146, 10),
    ("two_phase_commit", {"ResourceManager": 5}, {}, 8_832, 58_146, 16),
    ("ewd840", {}, {}, 302, 1_818, 8),
    ("ewd840", {"Node": 4}, {}, 1_566, 14_963, 11),
    ("peterson", {}, {}, 20, 35, 6),
    ("dining_philosophers", {}, {}, 70, 220, 5),
    ("dining_philosophers", {}, {"order": "any", "deadlock": False}, 243, 946, 5),
    ("alternating_bit", {}, {}, 480, 3_170, 14),
    ("standard_write", {}, {}, 902, 1_809, 24),
    ("standard_write", {"DiskAdapter": 2}, {}, 1_222, 2_441, 24),
]


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("name", "sizes", "departing", "distinct", "generated", "depth"), HOLDING)
def test_an_example_holds_with_its_counts(name: str, sizes: dict[str, int], departing: dict[str, Any], distinct: int,
                                          generated: int, depth: int, reading: str) -> None:
    result = explore(name, reading, sizes, **departing)
    assert result.verdict is Verdict.HOLDS
    assert (result.distinct, result.generated, result.depth) == (distinct, generated, depth)


LARGE = [
    ("two_phase_commit", {"ResourceManager": 8}, {}, 1_745_408, 18_507_778),
    ("dining_philosophers", {"Philosopher": 11}, {"order": "any", "deadlock": False}, 3 ** 11, 1_515_592),
    ("standard_write", {"HostAdapter": 3, "DiskAdapter": 2, "Track": 2}, {}, 1_540_872, 4_777_349),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sizes", "departing", "distinct", "generated"), LARGE)
def test_a_large_example_has_its_counts(name: str, sizes: dict[str, int], departing: dict[str, Any], distinct: int,
                                        generated: int) -> None:
    result = explore(name, "compiled", sizes, **departing)
    assert result.verdict is Verdict.HOLDS
    assert (result.distinct, result.generated) == (distinct, generated)


@pytest.mark.parametrize("reading", READINGS)
def test_die_hard_is_solved_in_six_steps(reading: str) -> None:
    result = explore("die_hard", reading)
    assert result.verdict is Verdict.VIOLATED
    jugs = [(state["big"], state["small"]) for state in shown(result)]
    assert jugs == [(0, 0), (5, 0), (2, 3), (2, 0), (0, 2), (5, 2), (4, 3)]


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_philosophers_who_take_any_fork_first_deadlock_when_each_has_one(reading: str) -> None:
    result = explore("dining_philosophers", reading, order="any")
    assert result.verdict is Verdict.DEADLOCK
    states = shown(result)
    assert len(states) == 6
    assert states[-1]["holder"] == ["P1", "P2", "P3", "P4", "P5"]


@pytest.mark.slow
def test_every_fork_is_free_or_in_one_of_two_hands() -> None:
    for n in (2, 3, 4, 6):
        result = explore("dining_philosophers", "plain", {"Philosopher": n}, deadlock=False, order="any")
        assert result.distinct == 3 ** n


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_exclusive_access_that_does_not_drain_tears_the_image(reading: str) -> None:
    result = explore("standard_write", reading, exclusion="blocks")
    assert result.verdict is Verdict.VIOLATED
    assert result.broken is not None and result.broken.property.id == "I1"
    assert len(shown(result)) == 7


def _disjuncts(state: dict[str, Any]) -> int:
    """How many successors TLC makes of the guards of InitiateProbe and PassToken: one for each true disjunct."""
    at = int(state["position"][1:])
    true = [state["token_black"], state["black"][at]]
    return sum(true if at == 0 else [not state["active"][at], *true])


@pytest.mark.slow
@pytest.mark.parametrize(("nodes", "published"), [(3, 2_001), (4, 15_986)])
def test_ewd840_generates_what_tlc_reports_once_guards_are_split(nodes: int, published: int) -> None:
    spec = example("ewd840")
    run = PlainSearch(Instance(spec, {"Node": nodes}, {}), [])
    result = run.run()
    token_moves = result.executed["", "initiate_probe"] + result.executed["", "pass_token"]
    split = sum(_disjuncts(run.instance.show(cells)) for cells in run.states)
    assert result.generated - result.executed["", "rest"] - token_moves + split == published


def test_the_page_on_the_language_shows_the_peterson_example_word_for_word() -> None:
    page = (ROOT / "docs" / "language.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert (ROOT / "examples" / "peterson.py").read_text("utf-8") in blocks


@pytest.mark.slow
@pytest.mark.skipif(not all(map(shutil.which, ("spin", "rumur", "gcc"))), reason="apt-get install spin rumur gcc")
@pytest.mark.parametrize("name", ["two_phase_commit", "standard_write", "dining_philosophers"])
def test_spin_and_rumur_take_the_same_transitions_to_the_same_states(name: str, tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    import contestants
    from contests import QUICK

    contest = next(c for c in QUICK if c.example == name)
    ours = explore(name, "compiled", contest.sizes, deadlock=contest.deadlock, **contest.switches)
    for peer in (contestants.Spin("Spin", ("-O0", "-DSAFETY", "-DNOREDUCE"), ("-w16",)),
                 contestants.Rumur("Rumur", (), ("-O0", *contestants.WIDE_EXCHANGE))):
        peer.build(contest, tmp_path)
        theirs = peer.run(contest, tmp_path)
        assert (theirs.distinct, theirs.transitions) == (ours.distinct, ours.generated), peer.name
