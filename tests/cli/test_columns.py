"""Columns never touch, rows fit a terminal of eighty columns, and what is no terminal gets a stable width."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import click
import pytest
from cli_kit import run

from snapproof import storage
from snapproof.checker import Progress
from snapproof.cli import faults, progress, table
from snapproof.suite.faults import Fault

HUGE: dict[str, Any] = {"name": "a_scenario_with_a_name", "verdict": "holds", "distinct": 366_993_408, "generated": 5_371_377_666,
                        "depth": 12_345, "seconds": 217.0, "compile_seconds": 1.0, "reading": "compiled"}


def line(outcome: Any, good: bool, form: table.Layout) -> str:
    """A row as it looks, without colours."""
    return click.unstyle(table.line(outcome, good, form))


def test_long_numbers_stay_apart() -> None:
    row = line(HUGE, True, table.layout([HUGE["name"]], None))
    assert row.split()[2:] == ["holds", "366,993,408", "5,371,377,666", "12345", "218", "s", "compiled"]
    longer = line(HUGE | {"distinct": 2_147_483_647, "generated": 999_999_999_999}, True, table.layout([HUGE["name"]], None))
    assert longer.split()[3:5] == ["2,147,483,647", "999,999,999,999"]


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 81, 100, 60])
def test_rows_of_the_suite_and_their_header_fit_the_terminal_and_stand_below_each_other(columns: int) -> None:
    names = [s.name for s in storage.SUITE.scenarios()]
    form = table.layout(names, columns)
    verdicts = [{"verdict": "holds"}, {"verdict": "violated", "property": "I1"}, {"verdict": "unreached"},
                {"verdict": "stuck", "stuck": ["HA1"]}, {"verdict": "violated", "property": "a_long_id_of_some_property"}]
    header = click.unstyle(table.header(form))
    for name in names:
        for found in verdicts:
            row = line(HUGE | {"name": name} | found, True, form)
            assert len(row) <= columns, row
            if columns >= 60:
                # Every number ends where the word above it does.
                assert header.index("states") + len("states") == row.index("366,993,408") + len("366,993,408")
    assert len(header) <= columns
    assert ("transitions" in header) == (columns >= 5 + max(map(len, names)) + 2 + 18 + sum(table.NUMBERS.values()))


def test_a_wide_terminal_shows_long_names_whole() -> None:
    long = "a_scenario_whose_name_is_a_description_of_what_it_is_for"
    assert long in line(HUGE | {"name": long}, True, table.layout([long], 160))
    assert long not in line(HUGE | {"name": long}, True, table.layout([long], 80))


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_rows_of_faults_fit_the_terminal(columns: int) -> None:
    listed = storage.SUITE.faults()
    form = faults._widths(listed, columns)
    for fault in listed:
        row: dict[str, Any] = {"ok": True, "id": fault.id, "switch": fault.switch, "value": fault.value, "caught_by": fault.property,
                               "distinct": 123_456_789, "steps": 123, "seconds": 1234.0, "reason": "", "meaning": ""}
        text = click.unstyle(next(faults._lines(row, form)))
        assert len(text) <= columns, text
    assert len(click.unstyle(faults._header(form))) <= columns


def test_columns_of_faults_never_touch() -> None:
    fault = Fault("an-id-beyond-ten-columns", "a_switch_with_a_long_name", "a_value_with_a_long_name", "s", "p", "m")
    form = faults._widths([fault, replace(fault, id="C-1")], None)
    row: dict[str, Any] = {"ok": True, "id": fault.id, "switch": fault.switch, "value": fault.value, "caught_by": "I1",
                           "distinct": 366_993_408_000, "steps": 1_000_000, "seconds": 1.0, "reason": "", "meaning": ""}
    text = click.unstyle(next(faults._lines(row, form)))
    assert text.split() == ["ok", fault.id, fault.switch, "=", fault.value, "I1", "1000000", "366,993,408,000", "1.00", "s"]


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120, 200])
def test_progress_fits_the_terminal_and_always_tells_states_and_seconds(columns: int) -> None:
    now = Progress("compiled", 366_993_408, 5_371_377_666, 217, 12_345_678, 217.0, 5 << 30)
    told = progress.words("one_of_the_scenarios_of_the_suite", now, columns)
    assert len(told) <= columns, told
    assert "366,993,408 states" in told and "217 s" in told
    if columns == 200:
        assert told == progress.words("one_of_the_scenarios_of_the_suite", now)


def test_output_that_is_no_terminal_does_not_depend_on_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for columns in ("60", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        told.append(re.sub(r"[\d.]+ s", "", run("check", "strict_removal", "--reading", "plain").stdout))
    assert told[0] == told[1] and "transitions" in told[0]
