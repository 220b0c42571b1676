"""The files of counterexamples: each has a name of its own, and each row names its file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import small_storage
from cli_kit import run
from hypothesis import given, settings
from hypothesis import strategies as st

from snapproof.traces.trace_file import load_trace
from snapproof.traces.trace_names import trace_name, trace_stems


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    small_storage.write(tmp_path)
    return tmp_path


NAMES = ["a/two.toml", "b/two.toml", "Two.toml", "zwei ü.toml", "zwei ö.toml", "zwei-.toml", f"{'x' * 250}.toml", f"{'x' * 249}y.toml",
         "日本.toml", "二つ.toml", "\u202e.toml", "..toml"]


@pytest.mark.slow
def test_scenarios_of_one_name_or_of_foreign_letters_have_files_of_their_own(elsewhere: Path) -> None:
    for i, name in enumerate(NAMES):
        path = elsewhere / name
        path.parent.mkdir(exist_ok=True)
        shutil.copy("two.toml", path)
        path.write_text(path.read_text().replace("Two hosts", f"Number {i}: hosts"))
    result = run("check", "--spec", "storage.py", *NAMES, "--set", "locking=off", "--json", "--jobs", "2", "--reading", "plain")
    rows = json.loads(result.stdout)["scenarios"]
    written = [row["trace"] for row in rows]
    assert None not in written, [row.get("trace_error") for row in rows]
    assert len({w.casefold() for w in written}) == len(NAMES)
    assert {Path(w).name for w in written} == {p.name for p in Path("snapproof-traces").iterdir()}
    for i, row in enumerate(rows):
        assert load_trace(Path(row["trace"])).purpose.startswith(f"Number {i}: "), row["trace"]
    assert all(Path(w).name.isascii() and len(Path(w).name) <= 255 for w in written)


@pytest.mark.slow
def test_rows_of_files_of_one_name_say_which_is_meant(elsewhere: Path) -> None:
    for name in NAMES[:2]:
        (elsewhere / name).parent.mkdir()
        shutil.copy("two.toml", name)
    shown = run("check", "--spec", "storage.py", *NAMES[:2], "--reading", "plain").stdout
    assert "ok   a/two.toml " in shown
    assert "ok   b/two.toml " in shown


@pytest.mark.slow
def test_the_same_check_again_replaces_its_file_and_keeps_the_name_among_others(elsewhere: Path) -> None:
    words = ["check", "--spec", "storage.py", "--set", "locking=off", "--reading", "plain"]
    for name in NAMES[:2]:
        (elsewhere / name).parent.mkdir()
        shutil.copy("two.toml", name)
    for order in (NAMES[:2], NAMES[1::-1], NAMES[:2]):
        run(*words, *order)
        assert len(list(Path("snapproof-traces").iterdir())) == 2
    first = sorted(p.name for p in Path("snapproof-traces").iterdir())
    run(*words, "two.toml")
    assert sorted(p.name for p in Path("snapproof-traces").iterdir()) == sorted([*first, "two+locking=off.I1.json"])


texts = st.text(st.sampled_from("aAbé.~-/ +=日\udc80"), max_size=4)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(st.tuples(texts, texts, texts), min_size=2, max_size=6, unique_by=lambda t: t[:2]))
def test_no_two_jobs_share_a_file_whatever_they_are_called(jobs: list[tuple[str, str, str]]) -> None:
    stems = trace_stems([label for label, _, _ in jobs], [origin for _, origin, _ in jobs])
    names = [trace_name(stem, ending) for stem, (_, _, ending) in zip(stems, jobs, strict=True)]
    assert len({n.casefold() for n in names}) == len(jobs)
    assert all(n.isascii() and "/" not in n and not n.startswith(".") and len(n) <= 255 for n in names)


def test_one_check_named_twice_is_told_twice_and_written_for_each() -> None:
    result = run("check", "--spec", "storage.py", "two.toml", "two.toml", "--set", "locking=off", "--json", "--reading", "plain")
    written = [row["trace"] for row in json.loads(result.stdout)["scenarios"]]
    assert len(set(written)) == 2
    assert all(Path(w).is_file() for w in written)
