"""Mutants to which an answer was given are still told by what told them; the runner tells what it should (docs/mutants.md)."""

from __future__ import annotations

import ast
import tempfile
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mutation import by_hand, judging, operators, patching, pool, reaching, variants
from mutation.edits import Edit, NoSuchPlace, applied, located
from mutation.judging import Kept
from mutation.trial import ROOT, Loaded, copied, load, source_of

from snapproof.model.specification import SPECIFICATION

LIST = judging.kept()
NOW = [m for m in LIST if m.told and m.every_run]
LATER = [m for m in LIST if m.told and not m.every_run]


def outcomes(mutants: list[Kept]) -> dict[str, Any]:
    """What each mutant does, by its name."""
    parts = [mutants[i::2] for i in range(2)]
    found: dict[str, Any] = {}
    for i, answer in pool.answers([partial(patching.judge_kept, p) for p in parts], 2, 1800):
        assert "answer" in answer, answer
        found |= {m.edit.name: told for m, told in zip(parts[i], answer["answer"], strict=True)}
    return found


@pytest.fixture(scope="module")
def told_now() -> dict[str, Any]:
    return outcomes(NOW)


@pytest.mark.slow
@pytest.mark.xdist_group("kept mutants")
@pytest.mark.parametrize("mutant", NOW, ids=lambda m: m.edit.name)
def test_a_kept_mutant_is_told_by_what_told_it(mutant: Kept, told_now: dict[str, Any]) -> None:
    assert told_now[mutant.edit.name] == mutant.told


@pytest.mark.audit
def test_every_other_kept_mutant_is_told_by_what_told_it() -> None:
    found = outcomes(LATER)
    assert found == {m.edit.name: m.told for m in LATER}


@pytest.mark.slow
def test_every_kept_mutant_has_a_place_and_an_answer() -> None:
    states = judging.states()
    for mutant in LIST:
        located(source_of(mutant.edit).read_text("utf-8"), mutant.edit)
        assert bool(mutant.told) != bool(mutant.reason), mutant.edit.name
        assert mutant.scenario in states or not mutant.told, mutant.edit.name
    names = [m.edit.name for m in LIST]
    assert len(set(names)) == len(names)


def test_every_property_is_demanded_by_a_fault_a_scenario_or_a_kept_mutant() -> None:
    """A property that nothing must break could be emptied, and nobody would see it."""
    scenarios = [tomllib.loads(p.read_text("utf-8")) for p in (ROOT / "model" / "scenarios").glob("*.toml")]
    demanded = {f["property"] for f in judging.faults()} | {s["expect"] for s in scenarios} | {m.told for m in LIST if m.every_run}
    declared = {p.id for p in SPECIFICATION.properties.values() if p.kind != "witness"}
    assert declared - demanded == set(judging.undemanded())


@pytest.mark.slow
def test_a_property_says_of_what_was_made_by_hand_what_it_must() -> None:
    def found() -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            loaded = load(copied(Path(folder)), [])
            assert isinstance(loaded, Loaded)
            return [it.name for it in by_hand.made() if by_hand.holds(loaded, it, loaded.spec.properties[it.property]) != it.holds]
    assert pool.in_child(found) == []


# --- the runner ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_generated_change_is_python_and_changes_the_text() -> None:
    for folder, edits, nth in (("model", operators.model_edits, 9), ("invariants", operators.property_edits, 25)):
        for path in sorted((ROOT / folder).glob("*.py")):
            source = path.read_text("utf-8")
            for edit in edits(path.stem, source)[::nth]:
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("after, told", [
    ("virtual_device(c, ha.device)", "nothing"),
    ("0 if ha.number < 0 else nowhere(ha)", "refused"),
    ("c.size(VirtualDevice)", "range"),
])
def test_the_runner_says_what_told_a_change(after: str, told: str) -> None:
    base = {"scenarios": {"virtual_write_while_writing": row()}, "departures": [],
            "reach": {"virtual_write.target": ["point_to_new_track"]}}
    base["scenarios"]["virtual_write_while_writing"]["executed"]["point_to_new_track"] = 1
    base["scenarios"]["virtual_write_while_writing"]["executed"].pop("refuse_virtual_write")
    edit = Edit("virtual_write", "target", "return virtual_device(c, ha.device)", f"return {after}")
    assert pool.in_child(partial(judging.judge_model, base, [edit]))["told"] == told


# --- many changes at once are judged as each alone -----------------------------------------------------------------


SOME = [("invariants.lock_holders", "holds_lock", "s.device_lock[d] == number", "False", "not caught"),
        ("invariants.lock_holders", "holds_lock", "s.list_lock[i] == number", "True", "false alarm"),
        ("invariants.protection", "foreign_bits_stay", "return True", "return s.nothing", "refused")]


@pytest.mark.audit
def test_changes_judged_together_are_judged_as_each_alone() -> None:
    edits = [Edit(*e[:4]) for e in SOME]

    def small() -> list[Any]:
        with tempfile.TemporaryDirectory() as folder:
            loaded = load(copied(Path(folder)), [])
            assert isinstance(loaded, Loaded)
            names = ["relate_twice", "rollback", "foreign_bits"]
            scenarios = {n: {**row(states=100), "expect": "holds", "executed": {}} for n in names}
            base = {"scenarios": scenarios, "departures": [], "reach": judging.reach_of(loaded.spec)}
        catchers = [k for k in judging.killers(base) if k.scenario in names and not k.edits]
        together = [r["told"] for r in variants.judge_properties(catchers, base, edits)]
        return [together, [judging.judge_property(base, catchers, [e])["told"] for e in edits]]
    together, alone = pool.in_child(small)
    assert together == alone == [e[4] for e in SOME]


@pytest.mark.slow
def test_a_changed_property_of_each_module_is_asked_and_not_refused() -> None:
    """A runner that cannot declare properties again says "refused" of every change, and refused is told."""
    edits = [next(e for e in operators.property_edits(f"invariants.{p.stem}", p.read_text("utf-8")) if e.kind == "premise")
             for p in sorted((ROOT / "invariants").glob("*.py")) if p.stem not in (*operators.NOT_PROPERTIES, "boxes", "common")]

    def declared() -> list[Any]:
        with tempfile.TemporaryDirectory() as folder:
            loaded = load(copied(Path(folder) / "plain"), [])
            assert isinstance(loaded, Loaded)
            found = variants.Variants(loaded, {"reach": judging.reach_of(loaded.spec)}, dict(enumerate(edits)))
            return [found.refused, sorted(i for of in found.of.values() for i in of)]
    assert pool.in_child(declared) == [{}, list(range(len(edits)))]


@pytest.mark.audit
def test_a_tree_that_was_exchanged_does_what_the_changed_model_does() -> None:
    """The fast way to try a kept mutant against loading the model anew."""
    mutants = [m for m in NOW if m.scenario == "one_host_alone"][::6]

    def twice() -> list[list[str]]:
        anew = []
        for mutant in mutants:
            with tempfile.TemporaryDirectory() as folder:
                loaded = load(copied(Path(folder)), [mutant.edit])
                assert isinstance(loaded, Loaded)
                anew.append(loaded.run(loaded.scenario(mutant.scenario, dict(mutant.settings))).found)
        return [anew, patching.judge_kept(mutants)]
    anew, exchanged = pool.in_child(twice)
    assert anew == exchanged == [m.told for m in mutants] and len(mutants) > 2


# --- witnesses -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_witness_is_reached_where_nothing_of_its_kind_happens() -> None:
    def reached() -> dict[str, list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            loaded = load(copied(Path(folder)), [])
            assert isinstance(loaded, Loaded)
            plain = [p for p in loaded.spec.properties.values() if p.kind == "witness"]
            names = sorted({n for of in reaching.unreached().values() for n in of})
            return {n: sorted(reaching.reached(loaded, plain, n)) for n in names}
    found = pool.in_child(reached)
    assert [(w, n) for w, names in reaching.unreached().items() for n in names if w in found[n]] == []
    assert set(reaching.unreached()) == {p.id for p in SPECIFICATION.properties.values() if p.kind == "witness"}
