"""Renderings of a counterexample to induction: each says where it starts, and shows what is unusual there first."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from induction_kit import prove, written
from render_kit import hostile
from test_render_html import Page, section
from test_render_markdown import rows, tokens

pytest.importorskip("z3")

from render_kit import html_page  # noqa: E402

from snapproof.report.itf import itf  # noqa: E402
from snapproof.report.markdown import markdown  # noqa: E402
from snapproof.report.show import show  # noqa: E402
from snapproof.traces.trace import Trace  # noqa: E402
from snapproof.traces.trace_file import load_trace, parse_trace, to_json  # noqa: E402

NOTE = "Nobody has shown that the first state is reachable"


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """A virtual device that is related without its bit, hidden only by a disk adapter at 318."""
    file = tmp_path_factory.mktemp("device") / "t.json"
    assert prove("I3a", "--scenario", "relate_twice", "--profile", "text-strict", "--given", "I3b", "--box", "send_status",
                 "--trace", str(file)).exit_code == 16
    return load_trace(file)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """The same of another specification."""
    return load_trace(written(tmp_path_factory.mktemp("dials")))


def test_the_words_say_it_at_the_top_and_list_what_is_unusual(trace: Trace) -> None:
    told = show(trace)
    head, first = told.split("First state, where it differs from an initial one\n")
    assert head.startswith("I3a is not preserved by send_status (lost pre-image)\n")
    assert NOTE in " ".join(head.split()) and "I3a and what is assumed beside it hold" in " ".join(head.split())
    assert "  assumed       I3a, I3b\n" in head
    unusual, full = first.split("First state, in full\n")
    assert re.search(r"^  vdev_state\[V\d\] = (RELATED|ACTIVE) \(initially UNUSED\)$", unusual, re.M)
    assert re.search(r"^  DA\d\.step = send_status \(initially take_request\)$", unusual, re.M)
    assert "keeps = no, serving = nobody" in " ".join(full.split())
    assert "Initial state" not in told
    assert max(map(len, told.splitlines())) <= 100


def test_the_words_of_another_specification(small: Trace) -> None:
    told = show(small)
    assert told.startswith("not7 is not preserved by turn (seven)\n")
    assert re.search(r"x\[T[12]\] = 5 \(initially 0\)", told) and "5 -> 7" in told
    assert "in the first state not7 holds, and one box" in " ".join(told.split())


def test_the_page_marks_what_is_unusual_in_the_first_state(trace: Trace) -> None:
    text = html_page(trace)
    page = Page(text)
    assert page.open == [] and any(NOTE in t for t in page.texts["p"])
    first = section(text, 0)
    assert "First state" in first and "Where it differs from an initial state" in first
    assert re.search(r"<code>DA\d\.step</code> <del>take_request</del> <ins>send_status</ins>", first)
    assert re.search(r'class="line changed"><title>vdev_state\[V\d\]: UNUSED -&gt; (RELATED|ACTIVE)', text)
    assert "Initial state" not in text and " in the first state" in page.texts["span"]


def test_the_page_holds_the_whole_trace(trace: Trace) -> None:
    data: dict[str, Any] = json.loads(re.findall(r'id="trace">(.*?)</script>', html_page(trace), re.DOTALL)[0])
    data["steps"][0]["state"] = {**data["initial"]["state"], **data["steps"][0]["state"]}
    assert data == to_json(trace) and parse_trace(json.dumps(data), "t.json") == trace


def test_the_page_of_another_specification_has_tables(small: Trace) -> None:
    page = Page(html_page(small))
    assert page.open == [] and not page.all("figure") and any(NOTE in t for t in page.texts["p"])


def test_markdown_has_a_table_of_what_is_unusual(trace: Trace) -> None:
    text = markdown(trace)
    assert text.startswith("## I3a is not preserved by send\\_status (lost pre-image)\n") and NOTE in text
    assert re.search(r"^\| `DA\d\.step` \| `take_request` \| \*\*`send_status`\*\* \|$", text, re.M)
    assert "- assumed: `I3a, I3b`" in text and "<details><summary>First state</summary>" in text
    assert rows(text).count(3) >= 3


def test_itf_says_it_in_its_metadata(trace: Trace) -> None:
    data = json.loads(itf(trace))
    assert data["#meta"]["starts"] == "anywhere" and data["#meta"]["assumed"] == ["I3a", "I3b"]
    assert NOTE in data["#meta"]["note"] and len(data["states"]) == 2
    assert set(data["states"][0]) == {"#meta", *data["vars"]}


@pytest.mark.slow
@pytest.mark.parametrize("drawn", [True, False])
def test_hostile_texts_are_shown_as_texts_in_every_form(trace: Trace, drawn: bool) -> None:
    bad = hostile(trace, drawn)
    assert bad.anywhere is not None
    page, tame = Page(html_page(bad)), Page(html_page(trace))
    assert {n for n, _ in page.elements} <= {n for n, _ in tame.elements} | {"title"}
    assert [a.get("type") for a in page.all("script")] == ["application/json", None]
    assert not any(name.startswith("on") for _, a in page.elements for name in a)
    for token in tokens(markdown(bad)):
        assert token.type not in ("image", "link_open", "fence", "code_block", "hr")  # type: ignore[attr-defined]
        if token.type == "text":  # type: ignore[attr-defined]
            assert "@x" not in token.content and "\u202e" not in token.content  # type: ignore[attr-defined]
    assert "\u202e" not in show(bad) and "\\u202e" in show(bad)
    assert "\u202e" not in json.loads(itf(bad))["#meta"]["note"]


@pytest.mark.slow
def test_an_ordinary_trace_says_nothing_of_it() -> None:
    path = sorted((Path(__file__).parents[2] / "traces").glob("*.json"))[0]
    ordinary = load_trace(path)
    for text in (show(ordinary), html_page(ordinary), markdown(ordinary), itf(ordinary)):
        assert NOTE not in text and "First state" not in text and "anywhere" not in text
