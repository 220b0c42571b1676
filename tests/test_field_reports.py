"""Every report of docs/field-reports.md names a fault or a scenario that there is, or says what the model does not have."""

from __future__ import annotations

import re

import document_kit as kit

from snapproof import storage

TEXT = (kit.ROOT / "docs" / "field-reports.md").read_text("utf-8")
ROWS = {m[1]: m[2] for m in re.finditer(r"^\| (A\d+) \| .+ \| (.+?) \|$", TEXT, re.M)}
OUT = "out of reach: "


def test_every_report_is_a_fault_a_scenario_or_has_its_reason() -> None:
    faults = {f.id for f in storage.SUITE.faults()}
    scenarios = {p.stem for p in (kit.ROOT / "model" / "scenarios").glob("*.toml")}
    known = faults | {f"`{name}`" for name in scenarios} | {"`snapproof engine remove`"}
    assert [row for row, found in ROWS.items() if found not in known and not found.startswith(OUT)] == []


def test_the_text_counts_its_rows() -> None:
    found = [row for row, by in ROWS.items() if not by.startswith(OUT)]
    assert TEXT.count("\n| A") == len(ROWS)
    assert f"{len(found)} of {len(ROWS)} are\nfound" in TEXT
