"""A command that is killed at any moment leaves whole files, and nothing that the next one does not remove."""

from __future__ import annotations

import os
import random
import subprocess
import time
from pathlib import Path

import pytest
import small_storage
from cli_kit import run, started

VIOLATED = ["check", "--spec", "storage.py", "two.toml", "--set", "locking=off", "--reading", "plain", "--trace-dir", "out"]
COMMANDS = [VIOLATED, [*VIOLATED, "--junit", "out/j.xml"], ["show", "trace.json", "--out", "out/page.html"]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small_storage.write(tmp_path)
    run(*VIOLATED)
    os.rename("out/two+locking=off.I1.json", "trace.json")


def killed(seed: int) -> None:
    rng = random.Random(seed)
    process = started(*rng.choice(COMMANDS), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.uniform(0, 1.5))
    process.kill()
    process.wait(60)
    for path in Path("out").iterdir():
        text = path.read_text("utf-8")
        assert path.name.endswith(".part") or text.rstrip().endswith(("}", "</testsuites>", "</html>")), path


def all_is_well() -> None:
    assert run(*VIOLATED).exit_code == 12
    assert not list(Path("out").glob(".*"))
    assert run("replay", "--spec", "storage.py", "out/two+locking=off.I1.json").exit_code == 0


@pytest.mark.slow
def test_a_few_kills() -> None:
    for seed in range(4):
        killed(seed)
    all_is_well()


@pytest.mark.audit
def test_two_hundred_kills() -> None:
    for seed in range(100, 300):
        killed(seed)
        if seed % 10 == 0:
            all_is_well()
    all_is_well()
