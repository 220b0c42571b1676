"""What makes I3, I4 and I5 inductive is true wherever the discipline is kept: exploration says so, box by box."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from made_up.examples import compiling_as

import snapproof.model
from snapproof.checker import Verdict, search
from snapproof.invariants import strengthening
from snapproof.model.specification import MODULES, SPECIFICATION
from snapproof.model.state import Array
from snapproof.model.switches import Embodiment
from snapproof.spec import Specification
from snapproof.spec.scenario import Scenario, load_scenario
from snapproof.spec.scope import setup_switches
from snapproof.storage import proofs

FOLDER = Path(snapproof.model.__file__ or "").parent / "scenarios"
COUNTS = json.loads((FOLDER / "counts.json").read_text("utf-8"))
UNDISTURBED = {*setup_switches(Embodiment), "list_scope"}
"""What a scenario may choose and still keep the discipline: where it begins, and one list for all, which boxes read and which
is as good as several."""

PROVED = set(proofs.find("two_devices").commands or ())
"""The commands that the proofs name, and that the facts are about."""

MOST_STATES = 20_000
"""Larger scenarios are for the audit; every box stands in a smaller one."""


@cache
def facts() -> Specification:
    """The device with the facts, and without what it must satisfy."""
    return Specification("storage device", Array, Embodiment, [*MODULES, *strengthening.MODULES], unseen=True)


def commands_of(scenario: Scenario) -> list[str]:
    """All that its hosts may ask for."""
    positions = [p for host in scenario.hosts for p in host.get("program", host.get("menu", []))]
    return [words for p in positions for words in (p if isinstance(p, list) else [p])]


def disciplined(path: Path) -> bool:
    """Does the scenario keep all of the `safe` discipline?"""
    scenario = load_scenario(path, SPECIFICATION)
    if any(words.split()[0] not in PROVED for words in commands_of(scenario)):
        return False
    return scenario.profile == "safe" and set(scenario.switches) <= UNDISTURBED and COUNTS[path.stem]["distinct"] <= MOST_STATES


def strengthened(name: str) -> Scenario:
    """A scenario of the storage device with facts of the strengthening as its only properties, box by box."""
    scenario = load_scenario(FOLDER / f"{name}.toml", SPECIFICATION)
    return replace(scenario, spec=facts(), fuse=False, properties=[], witnesses=[], execute=[])


@pytest.mark.slow
@pytest.mark.parametrize("name", [p.stem for p in sorted(FOLDER.glob("*.toml")) if disciplined(p)])
def test_the_strengthening_holds_in_every_reachable_state(name: str) -> None:
    scenario = strengthened(name)
    with compiling_as(False):  # compiling takes longer than searching
        result = search(scenario.instance(), scenario.checked(), deadlock=False)
    assert result.verdict is Verdict.HOLDS, result.broken


@pytest.mark.slow
@pytest.mark.parametrize("name, switch, value, id", [
    ("virtual_write_while_writing", "lock_342", "none", "H3"),
    ("remove_while_writing", "removal_session", "unchanged", "R3"),
    ("free_list_traffic", "recheck_238", "no", "F4"),
    ("mixed_sessions", "saved_sessions", "all_set", "D1"),
    ("save_old_data", "copy_order", "pointer_first", "D3"),
    ("list_changes", "removal_list", "left", "V17"),
])
def test_a_fact_fails_where_its_part_of_the_discipline_is_missing(name: str, switch: str, value: str, id: str) -> None:
    scenario = replace(strengthened(name).changed({switch: value}), properties=[id])
    result = search(scenario.instance(), scenario.checked(), deadlock=False)
    assert result.broken is not None and result.broken.property.id == id


def test_the_strengthened_specification_has_the_same_boxes_and_variables() -> None:
    from snapproof.invariants.strengthening.specification import SPECIFICATION as STRENGTHENED

    assert STRENGTHENED.steps == SPECIFICATION.steps
    assert list(STRENGTHENED.properties)[:len(SPECIFICATION.properties)] == list(SPECIFICATION.properties)
