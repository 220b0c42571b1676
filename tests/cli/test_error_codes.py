"""75 is a step, 76 a property that could not be evaluated: in every command that evaluates them, with the place and without a traceback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from altered_model import ROOT, altered
from cli_kit import run
from error_kit import TEXT, USUAL

pytest.importorskip("z3")

BROKEN = {"step": ("STEP", "s.t[s.n] = 1"), "invariant": ("INV", "s.t[s.n] >= 0"), "transition": ("TRA", "s.t[s.n] >= 0"),
          "witness": ("WIT", "s.t[s.n] > 8")}
"""What leaves the two cells of its table in the third state."""


def source(**changed: str) -> str:
    text = TEXT
    for name, usual in USUAL.items():
        text = text.replace(name, changed.get(name, usual))
    return text


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trace of every kind, of the specification as it was before it was broken."""
    there = tmp_path_factory.mktemp("traces")
    old = there / "errors.py"
    for name, changed in (("inv", {"INV": "s.n < 5"}), ("tra", {"TRA": "s.n < 5"}), ("wit", {"WIT": "s.n == 4", "INV": "s.n < 5"})):
        old.write_text(source(**changed))
        run("check", str(old), "--trace-dir", str(there / name), "--reading", "plain")
        next((there / name).iterdir()).rename(there / f"{name}.json")
    old.write_text(source(INV="s.n < 5"))
    assert run("prove", "inv", "--spec", str(old), "--trace", str(there / "ind.json")).exit_code == 16
    assert run("query", "n == 5", "--spec", str(old), "--reachable", "--trace", str(there / "asked.json")).exit_code == 0
    return there


SPEC = ["--spec", "errors.py"]

CALLS: list[tuple[list[str], dict[str, int]]] = [
    (["check", "errors.py", "--reading", "plain"], {"step": 75, "invariant": 76, "transition": 76, "witness": 76}),
    (["check", "errors.py", "--reading", "compiled"], {"step": 75, "invariant": 76, "transition": 76, "witness": 76}),
    (["replay", *SPEC, "inv.json"], {"step": 75, "invariant": 76}),
    (["replay", *SPEC, "tra.json"], {"step": 75, "transition": 76}),
    (["replay", *SPEC, "ind.json"], {"step": 75, "invariant": 76}),
    (["replay", *SPEC, "asked.json"], {"step": 75}),
    (["query", "n == 9", *SPEC, "--reachable", "--reading", "plain"], {"step": 75}),
    (["query", "n == 9", *SPEC, "--reachable", "--reading", "compiled"], {"step": 75}),
    (["query", "n == 9 and inv", *SPEC, "--reachable"], {"step": 75, "invariant": 76}),
    (["query", "n == 9", *SPEC, "--given", "inv", "--reachable"], {"step": 75, "invariant": 76}),
    (["prove", "inv", *SPEC], {"invariant": 76}),
    (["prove", "inv", *SPEC, "--reachable"], {"invariant": 76}),
]
"""A call, and what it must end with for each thing broken; what is not named is not evaluated by it, and does not matter."""


@pytest.mark.slow
@pytest.mark.parametrize("broken", list(BROKEN))
@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(call[0]))
def test_what_could_not_be_evaluated_decides_the_code(
        traces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[list[str], dict[str, int]], broken: str) -> None:
    monkeypatch.chdir(tmp_path)
    place, text = BROKEN[broken]
    Path("errors.py").write_text(source(**{place: text}))
    words = [str(traces / w) if w.endswith(".json") else w for w in call[0]]
    told = run(*words)
    if broken not in call[1]:
        assert told.exit_code not in (75, 76, 255), told.output
        return
    name = {"step": "up", "invariant": "inv", "transition": "tra", "witness": "wit"}[broken]
    assert told.exit_code == call[1][broken], told.output
    assert "Traceback" not in told.output
    # In a question the property is a part of the expression.
    assert f" {name}" in told.output and "errors.py:" in told.output or "the expression" in told.output, told.output


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["plain", "compiled"])
def test_an_expression_that_cannot_be_evaluated_is_76_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reading: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("errors.py").write_text(source())
    told = run("query", "t[n] == 9", *SPEC, "--reachable", "--reading", reading)
    assert told.exit_code == 76 and "the expression" in told.stderr and "question.py" not in told.stderr, told.output


def test_a_property_that_cannot_be_evaluated_initially_is_76_and_not_one_that_fails_there(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("errors.py").write_text(source(INV="s.t[s.n + 5] >= 0"))
    for words in (["prove", "inv", *SPEC], ["check", "errors.py"]):
        told = run(*words)
        assert told.exit_code == 76 and "inv" in told.output, told.output


def test_a_box_behind_which_a_property_cannot_be_evaluated_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("errors.py").write_text(source(INV="s.t[s.n] >= 0"))
    told = run("prove", "inv", *SPEC)
    assert told.exit_code == 76 and "inv behind up" in told.stderr and "snapproof check" in told.stderr, told.output


# --- the storage device: its commands take no other specification -----------------------------------------------------

PROGRAM = """
import json, sys, snapproof
folder, calls = sys.argv[1:]
snapproof.__path__ = [folder, *snapproof.__path__]
from click.testing import CliRunner
from snapproof.cli.main import cli
for words in json.loads(calls):
    told = CliRunner().invoke(cli, words)
    print(json.dumps([words, told.exit_code, told.output]))
"""


def of(folder: Path, calls: Sequence[list[str]]) -> Iterator[tuple[list[str], int, str]]:
    """What commands say of an altered copy of the model: the words, the exit code and the output of each."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(folder), json.dumps(calls)], capture_output=True, text=True,  # noqa: S603
                          timeout=600, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return map(json.loads, done.stdout.splitlines())


BREAKS = {
    "step": ("model/standard_write.py", "    if any_special_bit(s, c, ha.device, ha.track):\n",
             "    if any_special_bit(s, c, ha.device, ha.track + 64):\n"),
    "property": ("invariants/log_device.py", "    if isinstance(s.extra[log], NotCreated) or",
                 "    if isinstance(s.extra[log + 64], NotCreated) or"),
}
TRACE = "C-7.lock_302.I5a.json"
ALIKE = (["check", "save_old_data", "--reading", "plain"], ["faults", "C-7", "--reading", "plain"],
         ["scenarios", "--update", "save_old_data", "--reading", "plain"], ["replay", TRACE], ["conform", "--no-cover", "--faults"])
MORE = {
    "step": (["conform", TRACE], ["conform", "--cover", "save_old_data"]),
    "property": (["query", "1 == 1", "--scenario", "save_old_data", "--reachable", "--given", "I5a"],
                 ["prove", "I5a", "--box", "send_status"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("what", "code"), [("step", 75), ("property", 76)])
def test_commands_of_the_storage_device_say_so_too(tmp_path: Path, what: str, code: int) -> None:
    folder = altered(tmp_path / "copy", [])
    name, old, new = BREAKS[what]
    text = (folder / name).read_text("utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), "utf-8")
    shutil.copy(ROOT / "traces" / TRACE, folder)
    calls = [*ALIKE, *MORE[what]]
    told = list(of(folder, calls))
    assert len(told) == len(calls)
    for words, found, output in told:
        assert found == code and "Traceback" not in output, (words, output[-600:])
