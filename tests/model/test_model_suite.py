"""The scenarios and faults of the model: what they cover, and what a counterexample says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from made_up.examples import compiling_as

import snapproof.model
from snapproof.checker import search
from snapproof.checker.plain import PlainSearch
from snapproof.model.specification import SPECIFICATION
from snapproof.spec import tree
from snapproof.spec.errors import ScenarioError
from snapproof.spec.layout import Layout
from snapproof.spec.machine import Machine
from snapproof.spec.processes import Action, Step
from snapproof.spec.scenario import Scenario, load_scenario
from snapproof.spec.scope import setup_switches

FOLDER = Path(snapproof.model.__file__ or "").parent
SCENARIOS = {p.stem: load_scenario(p, SPECIFICATION) for p in sorted((FOLDER / "scenarios").glob("*.toml"))}
FAULTS = tomllib.loads((FOLDER / "faults.toml").read_text("utf-8"))["fault"]

EQUIVALENT = {("path_437", "taken"), ("path_463", "taken"), ("lock_306", "kept"), ("step_308", "always"),
              ("step_346", "skipped"), ("empty_map_368", "freed"), ("removal_tables", "retained"), ("list_scope", "global"),
              ("pool", "fixed"), ("read_indirect", "read_through"), ("write_indirect", "in_log_track"), ("step_568", "suspended"),
              ("step_568", "corrected"), ("step_591", "suspended"), ("step_591", "corrected"),
              ("step_742", "read_only"), ("step_466", "activated")}
"""Departures from `safe` that are embodiments as good as it."""

WHERE_IT_MATTERS = {"read_indirect": "restore_and_establish_again", "write_indirect": "restore_and_establish_again",
                    "step_568": "restore_while_writing", "step_591": "restore_new_while_writing",
                    "step_742": "deactivate_beside_virtual_writes", "step_466": "group_beside_another"}
"""The scenario in which the embodiment is tried, where it is not that of a removal."""


def test_the_setup_is_made_of_the_switches_that_no_box_reads() -> None:
    boxes = [of for declared, of in SPECIFICATION.trees.items() if isinstance(declared, (Step, Action))]
    read = {n.name for box in boxes for f in tree.helpers(box).values() for n in tree.nodes(f) if isinstance(n, tree.SwitchValue)}
    assert setup_switches(SPECIFICATION.scope) == [n for n in SPECIFICATION.scope.switches if n not in read]
    assert setup_switches(SPECIFICATION.scope) == ["start", "pool_at_start", "foreign_bits"]


def test_every_part_of_the_safe_discipline_is_shown_to_be_needed() -> None:
    killed = {(f["switch"], f["value"]) for f in FAULTS}
    setup = setup_switches(SPECIFICATION.scope)
    open_ones = [(n, v.name.lower()) for n, s in SPECIFICATION.scope.switches.items() if n not in setup
                 for v in s.values if v != s.value_in("safe")]
    shown_elsewhere = {("step_366", "others"), ("label_344", "neither")}
    assert [o for o in open_ones if o not in killed | EQUIVALENT | shown_elsewhere] == []


@pytest.mark.slow
@pytest.mark.parametrize("switch, value", sorted(EQUIVALENT))
def test_an_equivalent_embodiment_has_a_scenario_or_may_replace_safe(switch: str, value: str) -> None:
    scenario = SCENARIOS[WHERE_IT_MATTERS.get(switch, "remove_while_splitting")].changed({switch: value})
    with compiling_as(False):  # compiling takes longer than searching
        result = search(scenario.instance(), [p for p in scenario.checked() if p.kind != "witness"], reading="compiled")
    assert result.verdict.value == "holds"


def small_faults() -> list[dict[str, str]]:
    """Faults found within some hundred states: enough to hear every property speak."""
    quick = {"C-2d", "C-4", "C-5", "C-9", "C-10", "C-13a", "C-13b", "C-14b", "C-17", "C-23a", "C-24a", "C-24b", "C-34b",
             "C-35a", "C-35b", "C-40", "N-2", "N-3"}
    return [f for f in FAULTS if f["id"] in quick]


@pytest.mark.slow
@pytest.mark.parametrize("fault", small_faults(), ids=lambda f: f["id"])
def test_a_fault_is_told_in_storage_words(fault: dict[str, str]) -> None:
    scenario = SCENARIOS[fault["scenario"]].changed({fault["switch"]: fault["value"]})
    result = PlainSearch(scenario.instance(), scenario.checked()).run()
    if fault["property"] == "deadlock":
        assert result.verdict.value == "deadlock"
        return
    assert result.broken is not None and result.broken.property.id == fault["property"]
    assert result.counterexample is not None
    machine = Machine(result.instance)
    expected, seen = machine.explain(result.broken, result.counterexample[-1].cells, result.counterexample[-2].cells)
    assert expected and seen and "fails for" not in seen


def test_a_torn_image_names_block_value_and_track() -> None:
    scenario = SCENARIOS["activate_one_while_writing"].changed({"path_428": "taken"})
    result = PlainSearch(scenario.instance(), scenario.checked()).run()
    assert result.broken is not None and result.counterexample is not None
    expected, seen = Machine(result.instance).explain(result.broken, result.counterexample[-1].cells)
    assert expected.startswith("V1 T1 B1 shows v0, its point in time")
    assert seen == "v1, read from standard track S1 T1"


def test_the_largest_scenario_packs_into_five_words() -> None:
    assert Layout(SCENARIOS["two_tracks"].instance()).bits <= 5 * 64


def test_every_witness_is_demanded_by_some_scenario() -> None:
    demanded = {w for s in SCENARIOS.values() for w in s.witnesses}
    assert {p.id for p in SPECIFICATION.properties.values() if p.kind == "witness"} == demanded


WHOLE_TRACK_LOCKS = {"lock_322": "held", "lock_302": "held", "lock_342": "reread", "lock_282": "reread", "lock_384": "held",
                     "new_track": "kept"}
"""What makes it right to move a track in one transition (docs/findings.md)."""


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n, s in SCENARIOS.items() if s.expect == "holds"])
def test_no_verdict_rests_on_a_track_that_moves_at_once_without_a_lock(name: str) -> None:
    values = SCENARIOS[name].switch_values()
    assert {n: values[n].name.lower() for n in WHOLE_TRACK_LOCKS} == WHOLE_TRACK_LOCKS
    assert values["copy_order"].name != "POINTER_FIRST"


def contradicting(**switches: str) -> Scenario:
    return SCENARIOS["one_device_twice"].changed(switches)


@pytest.mark.parametrize("switches, part", [
    ({"list_scope": "global"}, "PairList is more than one"),
    ({"pool": "fixed", "pool_at_start": "none"}, "stays empty"),
    ({"path_513": "taken", "rollback_486": "none"}, "decides nothing"),
    ({"path_513": "taken", "reentrant_487": "no"}, "decides nothing"),
])
def test_contradicting_switches_are_refused(switches: dict[str, str], part: str) -> None:
    with pytest.raises(ScenarioError, match=part):
        contradicting(**switches).instance()


def test_a_host_cannot_read_all_blocks_at_once(tmp_path: Path) -> None:
    text = (FOLDER / "scenarios" / "read_while_writing.toml").read_text("utf-8")
    assert "read V1 T1 B1" in text
    path = tmp_path / "whole_read.toml"
    path.write_text(text.replace("read V1 T1 B1", "read V1 T1 all"), "utf-8")
    with pytest.raises(ScenarioError, match="'all' is not a value of read_block"):
        load_scenario(path, SPECIFICATION).instance()
