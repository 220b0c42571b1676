"""Traces: written, read back, refused when damaged, told in words."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_storage import edited
from trace_kit import found

from snapproof.report.show import show
from snapproof.texts import FileError, write_text
from snapproof.traces.errors import TraceError
from snapproof.traces.trace import Trace
from snapproof.traces.trace_file import LARGEST, load_trace, parse_trace, save_trace, to_json


@pytest.fixture()
def trace(tmp_path: Path) -> Trace:
    return found(tmp_path, locking="off")


# --- files ------------------------------------------------------------------------------------------


def test_a_trace_reads_back_equal(tmp_path: Path, trace: Trace) -> None:
    save_trace(tmp_path / "new" / "t.json", trace)
    assert load_trace(tmp_path / "new" / "t.json") == trace


def test_who_waits_is_read_back_and_checked(tmp_path: Path) -> None:
    waiting = found(tmp_path, edited(("        s.lock[h.track] = 0\n", "        s.lock[h.track] = h.number\n")))
    save_trace(tmp_path / "t.json", waiting)
    assert load_trace(tmp_path / "t.json") == waiting and waiting.violation.waiting
    held = [r.holder for w in waiting.violation.waiting for r in w.why.reads if r.name == "lock[T1]"]
    assert held and set(held) == {"H1"}
    for change, says in WAITING_DAMAGED:
        with pytest.raises(TraceError, match=says):
            parse_trace(damaged(waiting, change), "t.json")
    older = json.loads(damaged(waiting, lambda d: d["violation"].pop("waiting")))
    assert "waits at 10 take_lock" in show(parse_trace(json.dumps(older), "t.json"))


WAITING_DAMAGED: list[tuple[Any, str]] = [
    (lambda d: d["violation"].update(waiting={}), "violation waiting: it is not a list"),
    (lambda d: d["violation"]["waiting"][0].update(process="H9"), "violation waiting, entry 1: there is no process 'H9'"),
    (lambda d: d["violation"]["waiting"][1]["reads"][0].pop("holder"), "entry 2 reads: the key 'holder' is missing"),
    (lambda d: d["violation"]["waiting"][1].update(callers=[1]), "entry 2 callers: it is not a list of strings"),
    (lambda d: d["violation"].update(kind="invariant"), "who waits is told of deadlock and stuck only"),
]


def test_a_trace_names_no_position_and_no_path(tmp_path: Path, trace: Trace) -> None:
    text = json.dumps(to_json(trace))
    assert str(tmp_path) not in text
    last = to_json(trace)["steps"][-1]
    assert last["boxes"][0] == {"step": "write_new", "id": "16", "figure": "Fig. 1", "title": "Write the new value.", "choices": {}}
    assert last["state"]["H1"] == {"step": "release", "command": "write T1 v1", "position": 1, "seen": "v0"}


def damaged(trace: Trace, change: Any) -> str:
    data = to_json(trace)
    change(data)
    return json.dumps(data)


@pytest.mark.slow
@pytest.mark.parametrize(("change", "says"), [
    (lambda d: d.update(version=4), "format version is 4; this program reads up to 3"),
    (lambda d: d.update(version=True), "version: it is not a whole number"),
    (lambda d: d.update(format="other"), "it is not a trace"),
    (lambda d: d.pop("steps"), "the key 'steps' is missing"),
    (lambda d: d.update(steps={}), "it is not a list"),
    (lambda d: d.update(steps=[1]), "step 1: it is not an object"),
    (lambda d: d["steps"][2].update(boxes=[]), "step 3: it has no boxes"),
    (lambda d: d["steps"][2].update(process="H9"), "step 3: there is no process 'H9'"),
    (lambda d: d["steps"][2]["state"].pop("data"), "step 3 state: 'data' is missing"),
    (lambda d: d["steps"][2]["state"].update(extra=1), "'extra' is not declared"),
    (lambda d: d["steps"][2]["state"].update(data=["v0", "v1"]), "step 3 state, data: it is not a list of 1"),
    (lambda d: d["steps"][2]["state"].update(dirty=[["T1"]]), "it is a list of something else than names"),
    (lambda d: d["initial"]["state"]["H1"].update(seen=None), "initial state, H1.seen: it is not a value"),
    (lambda d: d["sizes"].update(Track=10**9), "sizes, Track: 1000000000 is not a size"),
    (lambda d: d["variables"]["data"].update(indices=["Nowhere"]), "there is no index set 'Nowhere'"),
    (lambda d: d["violation"].update(kind="guess"), "'guess' is none of"),
    (lambda d: d["programs"].update(H1={"program": "write"}), "it is not a list"),
    (lambda d: d["switches"].update(locking=1), "it is not a string"),
])
def test_a_damaged_trace_is_refused_with_its_place(trace: Trace, change: Any, says: str) -> None:
    with pytest.raises(TraceError, match="t.json") as refused:
        parse_trace(damaged(trace, change), "t.json")
    assert says in str(refused.value)


@pytest.mark.parametrize("text", ["[" * 100_000, "{\"format\": NaN}", "[]", "null", "9" * 10_000])
def test_a_file_that_is_no_trace_is_refused(text: str) -> None:
    with pytest.raises(TraceError):
        parse_trace(text, "t.json")


def test_every_truncation_is_refused(trace: Trace) -> None:
    text = json.dumps(to_json(trace))
    for end in range(0, len(text), 97):
        with pytest.raises(TraceError):
            parse_trace(text[:end], "t.json")
    with pytest.raises(TraceError, match="cut off"):
        parse_trace(text[:-1], "t.json")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with open(tmp_path / "huge.json", "wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(TraceError, match="the limit"):
        load_trace(tmp_path / "huge.json")


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="cannot be read"):
        load_trace(tmp_path / "none.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TraceError, match="not UTF-8"):
        load_trace(tmp_path / "binary.json")


@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    (tmp_path / "t.json").write_text("old")

    def full(*arguments: Any, **named: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(os, call, full)
    with pytest.raises(FileError, match="No space left on device.*nothing was changed. Free some space"):
        write_text(tmp_path / "t.json", "new")
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == ["t.json"]
    assert (tmp_path / "t.json").read_text() == "old"


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="A part of the path is a file"):
        write_text(tmp_path / "file" / "t.json", "new")


# --- words ------------------------------------------------------------------------------------------


def test_a_trace_is_told_step_by_step(trace: Trace) -> None:
    text = show(trace)
    assert "I1 is violated (stale decision)" in text
    assert "switches      locking = off (in safe: on)" in text
    assert "   7  H1    16 write_new (Fig. 1)" in text
    assert "data[T1]: v0 -> v1" in text
    assert "dirty: {} -> {T1}" in text
    assert "logical[T1]: v0 -> v1 (ghost)" in text
    assert "The host asks for: write T1 v1" in text
    assert "Expected  H2 has read v1" in text
    assert "Seen      it has read v0" in text


def test_a_told_trace_fits_a_hundred_columns(trace: Trace) -> None:
    long = replace(trace, purpose="word " * 100)
    assert max(len(line) for line in show(long).splitlines()) <= 100


def test_control_characters_of_a_trace_are_shown_escaped(trace: Trace) -> None:
    hostile = "\x1b]0;owned\x07\u202eabc\r\n"
    changed = json.loads(json.dumps(to_json(trace)).replace("write_new", "HOSTILE").replace("v1", "HOSTILE2"))
    text = json.dumps(changed).replace("HOSTILE2", json.dumps(hostile)[1:-1]).replace("HOSTILE", json.dumps(hostile)[1:-1])
    told = show(parse_trace(text, "t.json"))
    assert not any(c in told for c in "\x1b\x07\u202e\r")
    assert "\\x1b]0;owned\\x07\\u202eabc" in told
