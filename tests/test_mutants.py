"""Mutants to which an answer was given are still told by what told them; the runner tells what it should (docs/mutants.md)."""

from __future__ import annotations

import ast
from functools import partial
from typing import Any

import pytest
from mutation import judging, operators, pool
from mutation.edits import Edit, NoSuchPlace, applied, located
from mutation.judging import Kept
from mutation.trial import ROOT, source_of

LIST = judging.kept()
NOW = [m for m in LIST if m.told and m.every_run]
LATER = [m for m in LIST if m.told and not m.every_run]


def outcomes(mutants: list[Kept]) -> dict[str, Any]:
    """What each mutant does, by its name."""
    work = [partial(judging.judge_kept, m) for m in mutants]
    return {mutants[i].edit.name: answer.get("answer", answer) for i, answer in pool.answers(work, 2, 600)}


@pytest.fixture(scope="module")
def told_now() -> dict[str, Any]:
    return outcomes(NOW)


@pytest.mark.parametrize("mutant", NOW, ids=lambda m: m.edit.name)
def test_a_kept_mutant_is_told_by_what_told_it(mutant: Kept, told_now: dict[str, Any]) -> None:
    assert told_now[mutant.edit.name] == mutant.told


@pytest.mark.audit
def test_every_other_kept_mutant_is_told_by_what_told_it() -> None:
    found = outcomes(LATER)
    assert found == {m.edit.name: m.told for m in LATER}


def test_every_kept_mutant_has_a_place_and_an_answer() -> None:
    states = judging.states()
    for mutant in LIST:
        located(source_of(mutant.edit).read_text("utf-8"), mutant.edit)
        assert bool(mutant.told) != bool(mutant.reason), mutant.edit.name
        assert mutant.scenario in states or mutant.told in ("", "encoding"), mutant.edit.name
    names = [m.edit.name for m in LIST]
    assert len(set(names)) == len(names)


# --- the runner ------------------------------------------------------------------------------------------------


def test_every_generated_change_is_python_and_changes_the_text() -> None:
    for path in sorted((ROOT / "model").glob("*.py")):
        source = path.read_text("utf-8")
        for edit in operators.model_edits(path.stem, source)[::7]:
            changed = applied(source, edit)
            ast.parse(changed)
            assert changed != source, edit.name


def test_changes_reach_statements_conditions_indices_and_successors() -> None:
    source = (ROOT / "model" / "removal.py").read_text("utf-8")
    found = {e.after for e in operators.model_edits("removal", source) if e.function == "clear_map_bit"}
    assert {"s.log_lock[0]", "return DONE", "pass", "s.log_lock[ha.entry] == NOBODY", "True", "ha.entry = 0"} <= found


def test_a_property_loses_conjuncts_members_and_boxes() -> None:
    source = (ROOT / "invariants" / "lock_holders.py").read_text("utf-8")
    kinds = {e.kind for e in operators.property_edits("invariants.lock_holders", source)}
    assert {"operand", "statement", "loop", "premise", "comparison"} <= kinds
    source = (ROOT / "invariants" / "standard_data.py").read_text("utf-8")
    assert "step left out" in {e.kind for e in operators.property_edits("invariants.standard_data", source)}


def test_a_change_is_found_by_its_text_when_lines_have_moved() -> None:
    source = "def f(s, x):\n    a = 1\n    return s.t[x] + s.t[x]\n"
    edit = Edit("m", "f", "s.t[x]", "s.t[0]", nth=1)
    assert applied(source, edit).endswith("return s.t[x] + s.t[0]\n")
    assert applied("\n# more\n" + source, edit).endswith("return s.t[x] + s.t[0]\n")
    with pytest.raises(NoSuchPlace, match="no. 3"):
        applied(source, Edit("m", "f", "s.t[x]", "s.t[0]", nth=2))


def test_a_worker_that_dies_or_is_late_is_told() -> None:
    def dies() -> None:
        raise SystemExit(3)

    def sleeps() -> None:
        import time
        time.sleep(600)
    found = dict(pool.answers([dies, sleeps, lambda: 5], 2, 1.5))
    assert "SystemExit" in found[0]["failed"] and found[1] == {"late": 1.5} and found[2] == {"answer": 5}


def row(found: str = "holds", states: int = 259, generated: int = 458) -> dict[str, Any]:
    return {"expect": "holds", "found": found, "distinct": states, "generated": generated, "shape": "",
            "executed": {"write_new_track": 1, "refuse_virtual_write": 1}}


@pytest.mark.parametrize("after, told", [
    ("virtual_device(c, ha.device)", "nothing"),
    ("0 if ha.number < 0 else nowhere(ha)", "refused"),
    ("c.size(VirtualDevice)", "range"),
])
def test_the_runner_says_what_told_a_change(after: str, told: str) -> None:
    base = {"scenarios": {"virtual_write_while_writing": row()}, "reach": {"virtual_write.target": ["point_to_new_track"]}}
    base["scenarios"]["virtual_write_while_writing"]["executed"]["point_to_new_track"] = 1
    base["scenarios"]["virtual_write_while_writing"]["executed"].pop("refuse_virtual_write")
    edit = Edit("virtual_write", "target", "return virtual_device(c, ha.device)", f"return {after}")
    assert pool.in_child(partial(judging.judge_model, base, [edit]))["told"] == told
