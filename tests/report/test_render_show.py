"""`snapproof show --as … --out …`: the form that was asked for, complete or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run
from render_kit import fault

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
