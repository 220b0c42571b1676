"""Whatever code of a specification does when it is called, a verdict is not lost, and nothing becomes a success."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run, started

from snapproof import bounded

COUNTER = '''
from __future__ import annotations
import os, signal, sys
from snapproof.spec import *
class Digit(IndexSet, letter="d"):
    """Some."""
class S(State):
    n: int = variable(Range(0, 9), "a number")
class C(Scope):
    """None."""
@action
def count_up(s: S, c: C) -> Signal:
    """Counts."""
    s.n = (s.n + 1) % 10
    return DONE
@invariant("small", "too large")
def small(s: S, c: C) -> bool:
    """The number is small."""
    return s.n < 4
@small.explain
def _(s: S, c: C) -> tuple[str, str]:
    EXPLAINS
SPECIFICATION = Specification.of_module("counter", S, C, __name__, Digit=2)
'''


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


EXPLANATIONS = {
    "exit": "sys.exit(0)", "exit without code": "raise SystemExit", "quit": "quit()", "error": "raise RuntimeError('no')",
    "own": "raise type('Own', (BaseException,), {})()", "deep": "return _(s, c)", "memory": "raise MemoryError",
    "generator": "raise GeneratorExit", "one": "return 'one'", "none": "return None", "words": "return type('W', (), "
    "{'__str__': lambda self: sys.exit(0)})(), ''", "name": "return unknown, ''", "assert": "assert False",
}


@pytest.mark.slow
@pytest.mark.parametrize("how", list(EXPLANATIONS))
@pytest.mark.parametrize("reading", ["plain", "compiled"])
def test_an_explanation_that_fails_costs_neither_the_violation_nor_its_trace(there: Path, how: str, reading: str) -> None:
    (there / "counter.py").write_text(COUNTER.replace("EXPLAINS", EXPLANATIONS[how]))
    told = run("check", "counter.py", "--reading", reading)
    assert told.exit_code == 12 and "violates small" in told.output, told.output
    assert "explanation could not be evaluated" in " ".join(told.output.split())
    assert run("replay", "--spec", "counter.py", "snapproof-traces/counter.small.json").exit_code == 0


def test_an_explanation_that_never_ends_is_given_up(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snapproof.traces.record.EXPLAINING", 0.2)
    endless = "while True:\n        try:\n            sum(range(1000))\n        except Exception:\n            pass"
    (there / "counter.py").write_text(COUNTER.replace("EXPLAINS", endless))
    told = run("check", "counter.py")
    assert told.exit_code == 12 and "more than 0.2 seconds" in " ".join(told.output.split()), told.output


def test_the_timer_is_gone_and_the_handler_back_after_an_explanation() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with bounded.bounded(5):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0) and signal.getsignal(signal.SIGALRM) == before


def test_ctrl_c_in_an_explanation_keeps_the_verdict(there: Path) -> None:
    (there / "counter.py").write_text(COUNTER.replace("EXPLAINS", "signal.raise_signal(signal.SIGINT)"))
    told = run("check", "counter.py", "--json")
    outcome = json.loads(told.stdout)["scenarios"][0]
    assert (told.exit_code, outcome["verdict"], outcome["property"], outcome["trace"]) == (12, "violated", "small", None)


PLACES = {
    "a wrong size function": ('letter="d"', 'letter="d", size=lambda: 3'),
    "a size that is none": ('letter="d"', 'letter="d", size=lambda n: "three"'),
    "loading": ("class Digit", "sys.exit(0)\nclass Digit"),
    "a size": ('letter="d"', 'letter="d", size=lambda n: sys.exit(0)'),
    "a name": ('"""Some."""', '"""Some."""\n    @classmethod\n    def member(cls, index):\n        sys.exit(0)'),
}


@pytest.mark.slow
@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize("words", [["check"], ["check", "--jobs", "2"], ["check", "--json"]])
def test_no_code_of_a_specification_ends_the_program_with_success(there: Path, place: str, words: list[str]) -> None:
    old, new = PLACES[place]
    text = COUNTER.replace("EXPLAINS", "return '', ''").replace(old, new)
    if place == "a name":
        for name in ("small", "_"):
            text = text.replace(f"def {name}(s: S, c: C)", f"def {name}(s: S, c: C, d: Digit)")
    if "size" in place:
        text = text.replace(", Digit=2", "")
    for name in ("one", "two"):
        (there / f"{name}.py").write_text(text)
    told = run(*words, "one.py", "two.py")
    assert told.exit_code in (12, 150, 151), (told.exit_code, told.output)


def test_a_trace_that_cannot_be_written_is_no_success_even_when_it_was_expected(there: Path) -> None:
    (there / "counter.py").write_text(COUNTER.replace("EXPLAINS", "return '', ''"))
    (there / "bad.toml").write_text('expect = "small"\n')
    words = ["check", "--spec", "counter.py", "bad.toml"]
    assert run(*words).exit_code == 0
    (there / "file").write_text("in the way")
    told = run(*words, "--trace-dir", "file/folder", "--junit", "out.xml")
    assert told.exit_code == 153 and "was not written" in told.output, told.output
    assert "<error" in (there / "out.xml").read_text()


# --- memory -------------------------------------------------------------------------------------------


def limited(kilobytes: int, *words: str) -> subprocess.CompletedProcess[str]:
    """The program with an address space of so many kilobytes."""
    line = f'ulimit -v {kilobytes}; exec "$0" -m snapproof.cli "$@"'
    return subprocess.run(["/bin/bash", "-c", line, sys.executable, *words], text=True, capture_output=True, timeout=500,  # noqa: S603
                          env=os.environ | {"COLUMNS": "200"})


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ulimit -v")
@pytest.mark.parametrize("more", [["--jobs", "1"], ["--jobs", "2"]])
@pytest.mark.parametrize("megabytes", [150, 400])
def test_too_small_an_address_space_ends_with_153_and_the_advice_or_with_a_verdict(there: Path, megabytes: int, more: Any) -> None:
    for name in ("one", "two"):
        (there / f"{name}.py").write_text(COUNTER.replace("EXPLAINS", "return '', ''"))
    told = limited(megabytes * 1024, "check", "one.py", "two.py", "--reading", "compiled", *more)
    said = told.stdout + told.stderr
    assert told.returncode in (12, 153), (told.returncode, said)
    assert "Traceback" not in said and "internal error" not in said, said
    if told.returncode == 153:
        assert "--memory" in said, said


DESTRUCTOR = '''
import sys, time
class Closes:
    """Something that is closed when it is no longer used."""
    def __del__(self) -> None:
        print("closes", file=sys.stderr, flush=True)
        time.sleep(20)
Closes()
while True:
    time.sleep(0.01)
'''


@pytest.mark.slow
def test_ctrl_c_that_falls_into_a_destructor_is_not_lost(tmp_path: Path) -> None:
    """Python drops it there, and prints a traceback."""
    (tmp_path / "m.py").write_text(DESTRUCTOR)
    with started("check", str(tmp_path / "m.py")) as process:
        assert process.stderr is not None
        begin = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=300)
    assert (begin, process.returncode) == ("closes\n", 130)
    assert "Traceback" not in rest and "interrupted" in rest
