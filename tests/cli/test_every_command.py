"""Every command, whatever becomes of it: killed, interrupted, its outputs closed, full or of another encoding."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from cli_kit import run
from every_command import CALLS, ROOT, Call, commands, prepare, renew
from hostile import CODES

from snapproof.cli.options import PathName

pytest.importorskip("z3")

HARD = ("PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONUTF8", "NO_COLOR", "COLUMNS")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder, before = tmp_path_factory.mktemp("commands"), Path.cwd()
    os.chdir(folder)
    prepare(folder)
    yield folder
    os.chdir(before)


# --- the table is whole -----------------------------------------------------------------------------------------------


def test_every_command_has_a_call() -> None:
    assert {c.command for c in CALLS} - {""} == {name for name, _ in commands()}


def test_every_option_that_names_something_to_write_is_in_a_call_that_is_killed() -> None:
    killed = [(c.command, c.split) for c in CALLS if c.writes]
    written = {"--out", "--junit", "--trace", "--trace-dir"}
    for name, command in commands():
        for p in command.params:
            mine = written & set(p.opts)
            assert not mine or any(name == other and mine & set(words) for other, words in killed), (name, p.opts)
            read = isinstance(p, click.Argument) or p.opts[0] in ("--spec", "--kept", "--file")
            assert mine or read or not isinstance(p.type, PathName), f"{name} {p.opts}: is this read, or written?"


def test_every_form_of_a_counterexample_is_written_by_a_call_that_is_killed() -> None:
    show = dict(commands())["show"]
    forms = next(p.type.choices for p in show.params if p.name == "form" and isinstance(p.type, click.Choice))
    assert {c.split[c.split.index("--as") + 1] for c in CALLS if c.writes and "--as" in c.split} == set(forms)


# --- outputs ------------------------------------------------------------------------------------------------------------

OUTPUTS: dict[str, tuple[str, dict[str, str], set[int]]] = {
    "no stdout": (">&-", {}, {153}),
    "full stdout": (">/dev/full", {}, {153}),
    "full stdout, unbuffered": (">/dev/full", {"PYTHONUNBUFFERED": "1"}, {153}),
    "no stderr": ("2>&-", {}, set()),
    "full stderr": ("2>/dev/full", {}, set()),
    "nothing open": ("<&- >&- 2>&-", {}, {153}),
    "both full": (">/dev/full 2>&1", {}, {153}),
    "read-only stdout": ("1</dev/null", {}, {153}),
    "ascii": ("", {"PYTHONIOENCODING": "ascii:strict"}, set()),
    "utf-16": ("", {"PYTHONIOENCODING": "utf-16"}, set()),
    "C": ("", {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, set()),
    "reader gone": ("| true", {}, {141}),
}
"""What a shell does to a command, what is in its surroundings, and the codes it may end with beside its usual one."""


def tried(folder: Path, call: Call, name: str) -> str:
    """What is wrong with how a call ends; '' when nothing is."""
    redirect, environment, more = OUTPUTS[name]
    clean = {k: v for k, v in os.environ.items() if k not in HARD} | environment
    status = folder / "status"
    status.unlink(missing_ok=True)
    piped = redirect.startswith("|")
    line = f'{{ "$@"; echo $? >status; }} {redirect}' if piped else f'exec "$@" {redirect}'
    done = subprocess.run(["/bin/sh", "-c", line, "sh", *call.argv(folder)], capture_output=True, env=clean, timeout=300,  # noqa: S603
                          cwd=folder, check=False)
    code = int(status.read_text()) if piped else done.returncode
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    if code != call.code and code not in more:
        return f"{call.words} ({name}): exit code {code}, not {call.code}: {said[-300:]}"
    if more == {153} and not call.code and code != 153:
        return f"{call.words} ({name}): what it had to say is lost, and it ends with {code}"
    found = [w for w in ("Traceback", "Exception ignored", "internal error") if w in said.replace("\0", "")]
    return f"{call.words} ({name}): {said[-600:]}" if found else ""


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")

LIGHT = [c for c in CALLS if not c.heavy]


@pytest.mark.slow
@needs_full
@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_that_takes_nothing_is_told_by_the_exit_code(there: Path, name: str) -> None:
    """Each output meets one command here, a different one; the audit tries all with all."""
    call = LIGHT[list(OUTPUTS).index(name) * 7 % len(LIGHT)]
    renew(there)
    assert tried(there, call, name) == ""


@pytest.mark.slow
@needs_full
@pytest.mark.parametrize("words", ["engine show array", "show trace.json", "engine read array S1 0 --count 3", "replay none.json"])
def test_whoever_reads_may_go(there: Path, words: str) -> None:
    assert tried(there, next(c for c in CALLS if c.words == words), "reader gone") == ""


@pytest.mark.slow
@needs_full
@pytest.mark.parametrize("words", ["show none.json", "check none.toml --json"])
def test_nor_does_a_traceback_that_was_asked_for_and_cannot_be_written(there: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("SNAPPROOF_DEBUG", "1")
    assert tried(there, next(c for c in CALLS if c.words == words), "full stderr") == ""


def test_standard_error_is_written_to_in_one_place_which_knows_that_it_may_be_closed() -> None:
    for path in (ROOT / "src" / "snapproof" / "cli").glob("*.py"):
        text = path.read_text("utf-8")
        assert path.name == "terminal.py" or not [w for w in ("err=True", "print_exc", "sys.stderr.write") if w in text], path


@needs_full
@pytest.mark.audit
@pytest.mark.parametrize("name", OUTPUTS)
def test_every_command_with_every_output(there: Path, name: str) -> None:
    wrong = []
    for call in CALLS:
        if call.writes:
            renew(there)
        wrong.append(tried(there, call, name))
    assert [w for w in wrong if w] == []


@needs_full
@pytest.mark.audit
@pytest.mark.parametrize("call", [c for c in CALLS if " out/" in c.words and "array" not in c.words], ids=lambda c: c.words)
def test_a_full_disk_behind_a_named_file_is_told(there: Path, call: Call) -> None:
    renew(there)
    for target in ("/dev/full", "/proc/nothing", "none/file", "out"):
        words = [target if w.startswith("out/") else w for w in call.split]
        told = run(*words)
        assert told.exit_code in {153, call.code} - {0}, (words, told.output)
        assert "Traceback" not in told.output


# --- kills and interruptions -----------------------------------------------------------------------------------------------

TIMES = 8
"""Each call is killed and interrupted so often in the audit."""

ENDS = {".json": "}", ".xml": "</testsuites>", ".html": "</html>"}


def begun(folder: Path, call: Call, mark: str) -> subprocess.Popen[str]:
    return subprocess.Popen(call.argv(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,  # noqa: S603
                            env=os.environ | {"SNAPPROOF_TRIED": mark})


def left(mark: str) -> list[str]:
    """Processes of a call that are still there: what it started bears its mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"SNAPPROOF_TRIED={mark}".encode() in (path / "environ").read_bytes().split(b"\0"):
                found.append((path / "cmdline").read_text())
    return found


def whole(folder: Path, call: Call) -> None:
    """What a call has written is there completely or not at all, and can be used."""
    for path in (folder / "out").rglob("*"):
        if path.is_dir() or path.name.startswith(".snapproof-") or "array" in str(path):
            continue
        assert path.read_text("utf-8").rstrip().endswith(ENDS.get(path.suffix, "")), (call.words, path)
    for array in (folder / "array", folder / "out" / "array"):
        if (array / "tables").exists():
            assert run("engine", "show", str(array)).exit_code == 0, call.words
    counts = folder / "model-copy" / "model" / "scenarios" / "counts.json"
    assert len(json.loads(counts.read_text("utf-8"))) > 20, call.words


def gone(mark: str, words: str) -> None:
    end = time.monotonic() + 30
    while (alive := left(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive, (words, alive)


def at_some_moment(folder: Path, call: Call, rng: random.Random, usual: float) -> tuple[subprocess.Popen[str], str]:
    """Start it, and wait for a part of the time that it usually takes; what it started has the mark."""
    renew(folder)
    mark = f"{os.getpid()}-{rng.random()}"
    process = begun(folder, call, mark)
    with suppress(subprocess.TimeoutExpired):
        process.wait(rng.uniform(0, usual))
    return process, mark


def killed(folder: Path, call: Call, rng: random.Random, usual: float) -> bool:
    """Start it, kill it at some moment; was it still running?"""
    process, mark = at_some_moment(folder, call, rng, usual)
    running = process.poll() is None
    process.kill()
    process.communicate(timeout=60)
    gone(mark, call.words)
    whole(folder, call)
    return running


def interrupted(folder: Path, call: Call, rng: random.Random, usual: float) -> bool:
    """The same with Ctrl-C, which is answered: with a documented code, and no traceback."""
    process, mark = at_some_moment(folder, call, rng, usual)
    running = process.poll() is None
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=120)
    gone(mark, call.words)
    whole(folder, call)
    # Before the interpreter has come to any line of ours, it is its own affair how it ends.
    early = "Traceback" in errors and "snapproof" not in errors.replace("runpy", "") or "import_site" in errors
    assert early or process.returncode in CODES | {-signal.SIGINT}, (call.words, process.returncode, errors)
    assert early or "Traceback" not in out + errors, (call.words, out[-300:], errors[-900:])
    assert "internal error" not in errors, (call.words, errors)
    return running


def finishes(folder: Path, call: Call) -> float:
    """It ends as usual, and removes what a killed one has left; how long it took."""
    begin = time.monotonic()
    done = subprocess.run(call.argv(folder), capture_output=True, text=True, cwd=folder, timeout=300, check=False)  # noqa: S603
    assert done.returncode == call.code, (call.words, done.stdout[-300:], done.stderr[-300:])
    assert not list((folder / "out").glob(".snapproof-*")), call.words
    return time.monotonic() - begin


@pytest.mark.slow
def test_a_few_kills_and_interruptions(there: Path) -> None:
    rng = random.Random(7)
    for call in [c for c in LIGHT if c.writes and "--out" not in c.words][::2]:
        rng.choice([killed, interrupted])(there, call, rng, 1.0)


@pytest.mark.audit
@pytest.mark.parametrize("way", [killed, interrupted], ids=lambda w: w.__name__)
@pytest.mark.parametrize("call", [c for c in CALLS if c.writes or c.heavy], ids=lambda c: c.words)
def test_many_kills_and_interruptions(there: Path, call: Call, way: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(call.words + way.__name__)
    renew(there)
    usual = finishes(there, call)
    running = sum(way(there, call, rng, usual) for _ in range(TIMES))
    left_over = list((there / "out").glob(".snapproof-*"))
    if call.command != "engine create":
        if call.command.startswith("engine"):
            renew(there)
        finishes(there, call)
    with capsys.disabled():
        print(f"{call.words}: {way.__name__} while it ran {running} of {TIMES}, {len(left_over)} unfinished")  # noqa: T201
    assert running >= 1
