"""JUnit XML: the rules of the strictest schema in use, and a failure exactly where a scenario is not as expected."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from cli_kit import run

from snapproof.report.junit import Case, junit

SUITE = {"id", "name", "package", "hostname", "timestamp", "tests", "failures", "errors", "skipped", "time"}
BEGUN = datetime(2026, 1, 2, 3, 4, 5)


def checked(text: str) -> ElementTree.Element:
    """The suite of a document that follows the rules."""
    top = ElementTree.fromstring(text)
    assert top.tag == "testsuites" and len(top) == 1
    suite = top[0]
    assert set(suite.attrib) == SUITE
    assert datetime.fromisoformat(suite.attrib["timestamp"]).tzinfo is None
    tags = [e.tag for e in suite]
    assert tags[0] == "properties" and tags[-2:] == ["system-out", "system-err"] and set(tags[1:-2]) <= {"testcase"}
    cases = suite.findall("testcase")
    for case in cases:
        assert set(case.attrib) == {"name", "classname", "time"} and float(case.attrib["time"]) >= 0
        assert len(case) <= 1 and all(e.tag in ("failure", "error") and {"message", "type"} == set(e.attrib) for e in case)
    assert int(suite.attrib["tests"]) == len(cases)
    for problem, attribute in (("failure", "failures"), ("error", "errors")):
        assert int(suite.attrib[attribute]) == sum(case.find(problem) is not None for case in cases)
    return suite


@pytest.mark.slow
def test_a_run_follows_the_rules_and_a_good_scenario_has_no_problem(tmp_path: Path) -> None:
    file = tmp_path / "new" / "r.xml"
    assert run("check", "strict_read", "--junit", str(file)).exit_code == 0
    case = checked(file.read_text("utf-8")).find("testcase")
    assert case is not None and case.attrib["name"] == "strict_read" and not len(case)


@pytest.mark.slow
def test_a_violation_is_a_failure_that_tells_the_counterexample(tmp_path: Path) -> None:
    file = tmp_path / "r.xml"
    words = ["check", "read_while_writing", "--set", "copy_order=pointer_first", "--trace-dir", str(tmp_path), "--junit", str(file)]
    assert run(*words).exit_code == 13
    failure = checked(file.read_text("utf-8")).find("testcase/failure")
    assert failure is not None and failure.attrib["type"] == "torn image"
    assert "expected a read of V1 T1 B1 returns v0" in failure.attrib["message"]
    assert failure.text is not None and "308 move_pointers (Fig. 11)" in failure.text and "copy_order = pointer_first" in failure.text


@pytest.mark.slow
def test_an_incomplete_search_is_an_error_and_no_success(tmp_path: Path) -> None:
    file = tmp_path / "r.xml"
    assert run("check", "read_while_writing", "--states", "10", "--junit", str(file)).exit_code == 3
    error = checked(file.read_text("utf-8")).find("testcase/error")
    assert error is not None and error.attrib["type"] == "incomplete"


@pytest.mark.slow
def test_a_report_that_cannot_be_written_is_told_and_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("check", "strict_read", "--junit", str(tmp_path / "file" / "r.xml"))
    assert done.exit_code == 153 and "violates I1r" in done.output


@pytest.mark.parametrize("text", ["</failure><x>", "\x00\x1b[31m", "\ufffe\ud800", "]]>&amp;\"'"])
def test_hostile_texts_stay_texts(text: str) -> None:
    done = junit(text, [Case(text, text, 0.1, "failure", text, text, f"{text}\n{text}", text)], BEGUN, 1)
    case = checked(done).find("testcase")
    assert case is not None and len(case) == 1 and len(case[0]) == 0
    assert len((case[0].text or "").split("\n")) == 2
