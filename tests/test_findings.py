"""The pages of docs/findings: heads say what the stories say, stories are the faults of the model, the index is made of the heads.

That the stories come out so is for `test_documents.py`, which runs them.
"""

from __future__ import annotations

import document_kit as kit
import findings_kit
import pytest
from findings_kit import INDEX, KNOWN, Check, Finding, findings, with_table

from snapproof import storage

TEXT_IS_RIGHT = {"C-8", "C-15", "C-44", "N-5", "N-24", "N-28"}
"""Faults that leave out what the text asks for: the index tells them."""

WITHOUT_PAGE: set[str] = set()
"""Faults of figures that are just being added; each is to get a page, or to join the ones above."""

WITHOUT_FAULT = {"C-28e", "W10"}
"""Findings that more than one switch shows, or no property."""

FINDINGS = findings()


def name(found: Finding) -> str:
    return found.ids[0]


def test_the_table_of_the_index_is_made_of_the_pages() -> None:
    text = INDEX.read_text("utf-8")
    assert with_table(text) == text, "write it anew: python tests/findings_kit.py"
    assert with_table(text.replace("| 26 | listed |", "| 27 | listed |")) == text
    assert len({f.ids[0] for f in FINDINGS}) == len(FINDINGS) == len(findings_kit.pages())


@pytest.mark.parametrize("found", FINDINGS, ids=name)
def test_a_head_says_what_the_stories_of_its_page_say(found: Finding) -> None:
    assert found.known in KNOWN
    assert found.page.name.startswith(f"{found.ids[0]}-")
    if not found.broken:
        assert found.ids == ["W10"] and f"--step {found.steps}\n" in found.page.read_text("utf-8")
        return
    assert list(dict.fromkeys(check.broken for check in found.checks)) == found.broken
    assert found.checks[0].steps == found.steps
    assert any("show" in step.command for block in kit.stories(found.page) for step in kit.told(block.text)), "the tables are shown"


@pytest.mark.parametrize("found", FINDINGS, ids=name)
def test_the_properties_of_a_page_are_told_as_they_tell_themselves(found: Finding) -> None:
    properties = storage.device().properties
    told = {id: "Some process can always go on." if id == "deadlock" else properties[id].title for id in found.broken}
    assert found.properties == told


@pytest.mark.parametrize("found", [f for f in FINDINGS if f.broken], ids=name)
def test_what_repairs_a_finding_is_what_its_scenario_has(found: Finding) -> None:
    spec, usual = storage.device(), []
    for check in found.checks:
        values = storage.SUITE.find(check.scenario, spec).switch_values()
        usual += [f"{switch}={values[switch].name.lower()}" for switch, _ in (s.split("=") for s in check.settings)]
    treatments = {"step_568=logged"}  # C-28e: none of the three repairs it
    assert list(dict.fromkeys(u for u in usual if u not in treatments)) == found.repaired


def test_every_fault_is_told_by_one_page_or_is_no_reading_of_the_text() -> None:
    with_page = [f for f in storage.SUITE.faults() if f.id not in WITHOUT_PAGE]
    faults = {f.id: Check(f.scenario, (f"{f.switch}={f.value}",), f.property, 0) for f in with_page}
    told = [Check(c.scenario, c.settings, c.broken, 0) for f in FINDINGS if f.ids[0] not in WITHOUT_FAULT for c in f.checks]
    told += [Check(c.scenario, c.settings, c.broken, 0) for step in
             (s for b in kit.stories(INDEX) for s in kit.told(b.text)) if (c := findings_kit.check_of(step))]
    missing = [id for id, fault in faults.items() if fault not in told]
    assert not missing, f"no page of docs/findings tells {', '.join(missing)}: write one, or name them in WITHOUT_PAGE"
    assert sorted(told, key=str) == sorted(faults.values(), key=str)
    index = INDEX.read_text("utf-8")
    assert {id for id in faults if f"| {id} |" in index} == TEXT_IS_RIGHT


def test_every_kept_trace_is_named_by_a_page() -> None:
    text = "".join(page.read_text("utf-8") for page in findings_kit.pages())
    for path in (kit.ROOT / "traces").glob("*.json"):
        assert f"`traces/{path.name}`" in text, path.name


def test_lines_are_not_wide() -> None:
    for page in [*findings_kit.pages(), INDEX]:
        for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
            assert len(line) <= 140, f"{page.name}:{number}"
