"""Real processes, killed with SIGKILL at random moments: nothing acknowledged is lost, and the next one goes on."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from cli_kit import run
from engine_kills import Killing

KILLS = {"run": 20, "audit": int(os.environ.get("SNAPPROOF_KILLS", "600"))}
SECONDS = 300.0


def killing(place: Path, seed: int, kills: int, seconds: float) -> Killing:
    """So many kills, or as many as fit in the time."""
    words = ("--standard", "2", "--virtual", "3", "--tracks", "2", "--log-tracks", "6", "--sessions", "3", "--lists", "2")
    assert run("engine", "create", str(place), *words).exit_code == 0
    k, end = Killing(place, random.Random(seed)), time.monotonic() + seconds
    while k.seen["kills"] < kills and time.monotonic() < end:
        k.one()
        if k.seen["kills"] % 20 == 0:
            assert run("engine", "show", str(place)).exit_code == 0
    assert run("engine", "write", str(place), "S1", "0", "--text", "x").exit_code == 0
    assert not (place / "journal").exists()
    return k


@pytest.mark.slow
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")  # noqa: T201
    k = killing(tmp_path / "array", seed, KILLS["run"], SECONDS)
    print(k.told())  # noqa: T201
    assert k.seen["kills"] >= 1


@pytest.mark.audit
def test_hundreds_of_kills_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.randrange(1 << 30)
    with capsys.disabled():
        print(f"\nkills, seed {seed}:")  # noqa: T201
        k = killing(tmp_path / "array", seed, KILLS["audit"], SECONDS)
        print(k.told())  # noqa: T201
    assert k.seen["a journal waits"] >= 1
