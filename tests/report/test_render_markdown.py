"""Markdown: a table that a forge draws, and nothing of the trace that it takes for markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from render_kit import fault, hostile
from trace_kit import found

from snapproof.report.markdown import code, markdown, prose

markdown_it = pytest.importorskip("markdown_it")
OURS = {"<br>", "<details><summary>Initial state</summary>\n", "</details>\n", "</details>"}


def tokens(text: str) -> list[object]:
    """The tokens of CommonMark with tables and linkification of what looks like an address."""
    flat = []
    for token in markdown_it.MarkdownIt("commonmark").enable("table").parse(text):
        flat += [token, *(token.children or [])]
    return flat


def rows(text: str) -> list[int]:
    """How many cells every row of the tables has."""
    counts, inside = [], 0
    for token in tokens(text):
        inside = 0 if token.type == "tr_open" else inside + (token.type in ("td_open", "th_open"))  # type: ignore[attr-defined]
        if token.type == "tr_close":  # type: ignore[attr-defined]
            counts.append(inside)
    return counts


@pytest.mark.slow
@pytest.mark.parametrize("fault_id", ["C-4", "C-34b"])
def test_every_step_is_a_row(fault_id: str) -> None:
    trace = fault(fault_id)
    found_rows = rows(markdown(trace))
    assert found_rows.count(4) == len(trace.steps) + 1
    assert found_rows.count(2) == sum("." not in n for n in trace.variables) + 1


def test_it_says_what_is_wrong_and_with_which_switches() -> None:
    text = markdown(fault("C-4"))
    assert text.startswith("## I1r is violated (torn image)\n")
    assert "**Seen** garbage, read from log track L1" in text
    assert "`copy_order = pointer_first` (in `safe`: `copy_first`)" in text
    assert "`pointer[V1,T1]` `standard` \u2192 **`L1`**" in text


@pytest.mark.slow
@pytest.mark.parametrize("fault_id", ["C-4", "C-34b"])
def test_hostile_texts_are_no_markup(fault_id: str) -> None:
    trace = hostile(fault(fault_id))
    text = markdown(trace)
    for token in tokens(text):
        assert token.type not in ("image", "link_open", "fence", "code_block", "hr")  # type: ignore[attr-defined]
        if token.type in ("html_inline", "html_block"):  # type: ignore[attr-defined]
            assert token.content in OURS  # type: ignore[attr-defined]
        if token.type == "text":  # type: ignore[attr-defined]
            assert "@x" not in token.content and "\u202e" not in token.content  # type: ignore[attr-defined]
    assert rows(text).count(4) == len(trace.steps) + 1


def test_another_specification_is_told_too(tmp_path: Path) -> None:
    trace = found(tmp_path, locking="off")
    assert rows(markdown(trace)).count(4) == len(trace.steps) + 1


@pytest.mark.parametrize(("given", "shown"), [
    ("a | b", "`a \\| b`"), ("`", "`` ` ``"), ("a``b`", "``` a``b` ```"), ("", "` `"), ("\n", "`\\x0a`")])
def test_code_spans_hold_everything(given: str, shown: str) -> None:
    assert code(given) == shown


@pytest.mark.parametrize(("given", "shown"), [
    ("a*b_c", "a\\*b\\_c"), ("1. first", "1\\. first"), ("- item", "\\- item"), ("&lt;", "\\&lt;"),
    ("ask @maintainer", "`ask @maintainer`"), ("see https://example.org", "`see https://example.org`"),
    ("two\n\nlines", "two\\x0a\\x0alines")])
def test_prose_is_escaped_or_fenced(given: str, shown: str) -> None:
    assert prose(given).replace("\\\\", "\\") == shown
