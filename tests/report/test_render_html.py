"""The page: complete without a script, closed to the outside, true to the trace, and a picture in storage terms."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from render_kit import HOSTILE, fault, hostile, html_page
from trace_kit import found

from snapproof.report.markup import VOID, Markup, join, tag
from snapproof.traces.trace import Trace
from snapproof.traces.trace_file import to_json
from snapproof.words import plain


class Page(HTMLParser):
    """The elements of a page with their attributes, and the texts of script, style and everything else."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attrs)))
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attrs)))

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for n, attributes in self.elements if n == name]


def section(text: str, number: int) -> str:
    return text.split(f'<section id="step={number}"')[1].split("</section>")[0]


@pytest.mark.slow
def test_a_page_of_25_steps_is_smaller_than_300_kb_and_complete() -> None:
    trace = fault("C-1")
    text = html_page(trace)
    assert len(trace.steps) >= 25 and len(text.encode()) < 300_000
    page = Page(text)
    assert page.open == []
    assert [a["id"] for a in page.all("section")] == [f"step={i}" for i in range(len(trace.steps) + 1)]
    assert len(page.all("figure")) == len(trace.steps) + 1


@pytest.mark.slow
def test_every_reference_leads_to_something_in_the_page() -> None:
    page = Page(html_page(fault("C-1")))
    ids = {a["id"] for _, a in page.elements if "id" in a}
    links = [a["href"] or "" for _, a in page.elements if "href" in a]
    assert links and all(link[0] == "#" and link[1:] in ids for link in links)
    assert len(ids) == sum("id" in a for _, a in page.elements)


@pytest.mark.slow
def test_nothing_is_loaded_and_only_the_own_script_and_style_may_run() -> None:
    text = html_page(fault("C-4"))
    page = Page(text)
    policy = next(a["content"] or "" for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy and "http" not in policy
    script, style = text.rsplit("<script>", 1)[1].split("</script>")[0], page.texts["style"][0]
    for name, content in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert not any(a.get("style") or a.get("src") for _, a in page.elements)
    assert "@import" not in style and "url(" not in style and "innerHTML" not in script


@pytest.mark.slow
@pytest.mark.parametrize("drawn", [True, False])
@pytest.mark.parametrize("fault_id", ["C-4", "C-34b"])
def test_hostile_texts_are_shown_as_texts(fault_id: str, drawn: bool) -> None:
    trace = hostile(fault(fault_id), drawn)
    page, tame = Page(html_page(trace)), Page(html_page(fault(fault_id)))
    assert {n for n, _ in page.elements} <= {n for n, _ in tame.elements} | {"title"}
    assert bool(page.all("svg")) == drawn
    assert [a.get("type") for a in page.all("script")] == ["application/json", None]
    assert not any(name.startswith("on") for _, a in page.elements for name in a)
    assert plain(trace.violation.title) in " ".join(page.texts["p"])
    assert "\u202e" not in "".join(t for name, ts in page.texts.items() if name != "script" for t in ts)
    # Attributes, too: titles and labels hold the text, and nothing beside it.
    assert any(HOSTILE[:20] in (a.get("title") or "") for _, a in page.elements)


@pytest.mark.slow
def test_the_page_holds_the_whole_trace() -> None:
    for trace in (fault("C-1"), hostile(fault("C-4"))):
        text = html_page(trace)
        data: dict[str, Any] = json.loads(re.findall(r'id="trace">(.*?)</script>', text, re.DOTALL)[0])
        state = data["initial"]["state"]
        for step in data["steps"]:
            state = step["state"] = {**state, **step["state"]}
        assert data == to_json(trace)


@pytest.mark.slow
def test_what_changed_is_marked_inside_sets_too() -> None:
    trace = fault("C-9")
    number = next(i for i, s in enumerate(trace.steps, 1) if s.boxes[0].id == "316")
    text = section(html_page(trace), number)
    assert "<code>protection[S1,T1]</code> {<del>K1</del>, <del>K2</del>}" in text
    assert "K1 is clear, was set" in text


@pytest.mark.slow
@pytest.mark.parametrize(("fault_id", "marked"), [
    ("C-3a", ["std_data[S1,T1,B1]: v2", "\u2717 expected v0"]),       # torn image: the block that was read
    ("C-7", ["\u2717 wrong"]),                                         # leaked log track
    ("C-9", ["protection[S1,T1]: K2 is clear"]),                       # the bit that was lost
    ("N-5", ["V2 T1 points to L1"]),                                   # dangling pointer
    ("C-35a", ["device_lock[S1]: HA1"]),                               # stuck lock
    ("C-34b", ["device_lock[S1]: HA1"]),                               # deadlock: the lock that is waited for
    ("C-44", ["session_byte[S1,K1]: ", "session_byte[S1,K2]: "]),      # session shared
    ("C-24b", ["session_byte[S1,K1]: "]),                              # leaked session
])
def test_the_last_picture_marks_what_is_wrong(fault_id: str, marked: list[str]) -> None:
    trace = fault(fault_id)
    text = html_page(trace)
    last, before = (section(text, len(trace.steps) - i) for i in (0, 1))
    figure = ElementTree.fromstring(last.split("<figure>")[1].split("</figure>")[0])
    wrong = ["".join(e.itertext()) for e in figure.iter() if {"wrong", "bad"} & set(e.get("class", "").split())]
    for words in marked:
        assert any(words in w for w in wrong), (words, wrong)
    assert "wrong" not in before
    assert "Expected" in last and plain(trace.violation.seen).split(" (")[0].replace("'", "&#x27;") in last


def test_another_specification_gets_tables_instead_of_a_picture(tmp_path: Path) -> None:
    trace = found(tmp_path, locking="off")
    text = html_page(trace)
    page = Page(text)
    assert page.open == [] and not page.all("figure")
    assert len([a for a in page.all("div") if a.get("class") == "variables"]) == len(trace.steps) + 1
    assert '<td class="changed' in section(text, len(trace.steps))


@pytest.mark.slow
def test_ghosts_are_told_apart() -> None:
    text = html_page(fault("C-3a"))
    assert '<li class="ghost"><code>HA3.may_return</code>' in text
    assert re.search(r'class="block ghost[^"]*"><title>image\[V1,T1,B1\]', text)


def test_markup_escapes_everything_but_markup() -> None:
    assert join("<b>", Markup("<i>"), None, 3) == "&lt;b&gt;<i>3"
    assert tag("a", "x\u202ey", href="\"><script>") == '<a href="&quot;&gt;&lt;script&gt;">x\\u202ey</a>'
    assert tag("rect", x=1.25, hidden=False, cls=None) == '<rect x="1.2"/>'


def test_the_script_steps_through_the_page_in_a_browser(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium here")
    file = tmp_path / "page.html"
    file.write_text(html_page(fault("C-4")), "utf-8")
    words = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    try:
        done = subprocess.run([*words, f"{file.as_uri()}#step=7"], capture_output=True, text=True, timeout=60)  # noqa: S603
    except subprocess.TimeoutExpired:
        pytest.skip("Chromium does not answer here")
    if "<html" not in done.stdout:
        pytest.skip("Chromium does not start here")
    page = Page(done.stdout)
    shown = [i for i, a in enumerate(page.all("section")) if "shown" in (a["class"] or "")]
    assert shown == [7] and page.all("html")[0]["class"] == "js"
    assert "7 of 15" in page.texts["output"] and " behind step 7" in page.texts["span"]


@pytest.mark.slow
def test_an_empty_counterexample_is_a_page_of_the_initial_state() -> None:
    trace = fault("C-4")
    short = Trace(**{**{n: getattr(trace, n) for n in trace.__dataclass_fields__}, "steps": ()})
    page = Page(html_page(short))
    assert len(page.all("section")) == 1 and page.open == []
