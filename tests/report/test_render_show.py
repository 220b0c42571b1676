"""`snapproof show --as … --out …`: the form that was asked for, complete or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import trace_kit
from cli_kit import run
from render_kit import fault, hostile

from snapproof.storage.drawing import DRAWING
from snapproof.storage.moment import place
from snapproof.traces.trace import Trace
from snapproof.traces.trace_file import save_trace


@pytest.fixture()
def trace(tmp_path: Path) -> str:
    save_trace(tmp_path / "t.json", fault("C-4"))
    return str(tmp_path / "t.json")


@pytest.mark.slow
@pytest.mark.parametrize(("form", "begins"), [
    ("text", "I1r is violated (torn image)"), ("html", "<!DOCTYPE html>"), ("md", "## I1r is violated"), ("itf", '{"#meta"')])
def test_every_form_goes_to_standard_output(trace: str, form: str, begins: str) -> None:
    done = run("show", trace, "--as", form)
    assert done.exit_code == 0 and done.output.startswith(begins) and not done.output.endswith("\n\n")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "begins"), [
    ("a.html", "<!DOCTYPE html>"), ("a.MD", "## I1r"), ("a.itf.json", '{"#meta"'), ("a.txt", "I1r is"), ("a", "I1r is")])
def test_the_name_of_the_file_decides_the_form(tmp_path: Path, trace: str, name: str, begins: str) -> None:
    done = run("show", trace, "--out", str(tmp_path / "new" / name))
    assert done.exit_code == 0 and "15 steps" in done.output
    assert (tmp_path / "new" / name).read_text("utf-8").startswith(begins)


def test_the_form_that_is_asked_for_outweighs_the_name(tmp_path: Path, trace: str) -> None:
    assert run("show", trace, "--as", "itf", "--out", str(tmp_path / "a.html")).exit_code == 0
    assert len(json.loads((tmp_path / "a.html").read_text("utf-8"))["states"]) == 16


@pytest.mark.slow
def test_refusals_leave_no_file(tmp_path: Path, trace: str) -> None:
    (tmp_path / "bad.json").write_text("{}")
    assert run("show", str(tmp_path / "bad.json"), "--out", str(tmp_path / "a.html")).exit_code == 154
    assert run("show", trace, "--as", "pdf").exit_code == 1
    (tmp_path / "file").write_text("")
    assert run("show", trace, "--out", str(tmp_path / "file" / "a.html")).exit_code == 153
    assert not (tmp_path / "a.html").exists()


# --- one step -----------------------------------------------------------------------------------------------------------


def test_one_step_is_told_with_the_tables_behind_it(trace: str) -> None:
    done = run("show", trace, "--step", "12")
    assert done.exit_code == 0
    told, _, tables = done.output.partition("\n\n")
    assert told.startswith("  12  DA1   308 move_pointers (Fig. 11)") and "pointer[V1,T1]: standard -> L1" in told
    assert [" ".join(line.split()) for line in tables.splitlines() if line[2:4] in ("S1", "V1", "L1")] == [
        "S1 K1 ACTIVE of V1, K2 FREE", "S1 T1 v0 v0 bits {K1} lock DA1", "V1 ACTIVE, ready for S1, session K1",
        "* V1 T1 -> L1 image v0 v0", "L1 garbage garbage used by {} Free(next L2, previous none) hand DA1"]
    assert "  free   L2 L3 L4\n" in tables and "\n  at     HA1 at wait_for_status;" in tables


@pytest.mark.slow
@pytest.mark.parametrize("id", ["C-4", "C-28a", "C-57", "N-3", "N-17", "C-51b"])
def test_exactly_the_lines_are_marked_that_the_step_has_changed(id: str) -> None:
    """Beside what a line says, the order of the free list shows in lines of log tracks that nobody has touched."""
    trace = fault(id)
    for number in range(1, len(trace.steps) + 1):
        before, now = (dict(lines_of(trace, n)) for n in (number - 1, number))
        for name, (marked, words) in now.items():
            free = "on the free list" in (words + before.get(name, (False, words))[1])
            assert not marked or name not in before or words != before[name][1] or free or "UNUSED" in words, (id, number, name)
            assert marked or name not in before or words == before[name][1] or free, (id, number, name)


def lines_of(trace: Trace, number: int) -> list[tuple[str, tuple[bool, str]]]:
    found = []
    for line in DRAWING.tables(trace, number):
        words = line[2:].split()
        name = " ".join(words[:2]) if len(words) > 1 and words[1][0] == "T" and words[1][1:].isdigit() else words[0]
        found.append((name, (line[0] == "*", " ".join(words))))
    return found


@pytest.mark.parametrize(("entry", "shown"), [
    ({"tag": "Direct", "value": {}}, ""), ({"tag": "OnLog", "value": {"log": "L1"}}, "L1"),
    ({"tag": "OnStandard", "value": {"standard": "S2"}}, "S2 T1"), ("direct", ""), ("L1", "L1"), (None, "")])
def test_the_place_of_an_indirect_track_is_told_of_new_and_older_traces(entry: object, shown: str) -> None:
    assert place(entry, "T1") == shown


def test_the_initial_state_is_step_0_and_nothing_in_it_has_changed(trace: str) -> None:
    done = run("show", trace, "--step", "0")
    assert done.output.startswith("Initial state\n\n  S1") and "\n*" not in done.output


def test_a_step_that_is_not_there_is_refused(trace: str) -> None:
    done = run("show", trace, "--step", "16")
    assert done.exit_code == 1 and "there is no step 16: the trace has 15." in done.stderr


def test_a_step_of_another_specification_has_its_variables(tmp_path: Path) -> None:
    other = trace_kit.found(tmp_path, locking="off")
    save_trace(tmp_path / "other.json", other)
    done = run("show", str(tmp_path / "other.json"), "--step", str(len(other.steps)))
    assert done.exit_code == 0
    for name, note in other.variables.items():
        assert "." in name or f"  {name}{'[' if note.indices else ' ='}" in done.output


def test_hostile_names_drive_no_terminal() -> None:
    for line in DRAWING.tables(hostile(fault("C-4"), drawn=True), 12):
        assert line.isprintable()


def test_an_older_trace_has_the_lines_that_it_can_have() -> None:
    trace = fault("C-4")
    kept = {name: note for name, note in trace.variables.items() if "." in name or name in ("std_data", "pointer", "log_data", "extra")}
    old = replace(trace, variables=kept)
    assert [" ".join(line.split()) for line in DRAWING.tables(old, 12)][:2] == ["S1", "S1 T1 v0 v0"]
