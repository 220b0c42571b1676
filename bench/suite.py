"""The storage device itself: bytes for a stored state, and how long the first and the second start take."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from children import BenchError, Cost, run_child

MOST_BYTES = 40.0
"""What was promised for every stored state of the largest scenario, in all."""

MOST_SECONDS = (180.0, 30.0)
"""What was promised for the first and the second start of the whole suite, on two processors."""


def snapproof(arguments: list[str], folder: Path, cache: Path, may_fail: bool = False) -> Cost:
    """Run the command `snapproof` with its own cache."""
    return run_child([sys.executable, "-m", "snapproof.cli", *arguments], folder, {"SNAPPROOF_CACHE": str(cache)}, may_fail)


def largest_scenario(folder: Path) -> str:
    """The scenario with the most distinct states: as recorded, or else as a run of the whole suite finds it."""
    from snapproof import storage

    counts = {name: c["distinct"] for name, c in storage.SUITE.counts().items()}
    if not counts:
        found = _answer(snapproof(["check", "--json"], folder, folder / "cache", may_fail=True))
        counts = {s["name"]: s["distinct"] for s in found["scenarios"]}
    if not counts:
        raise BenchError("the storage device has no scenario to measure")
    return max(counts, key=lambda name: counts[name])


def bytes_per_state(folder: Path) -> dict[str, Any]:
    """Memory of the search on the largest scenario: what it counts itself, and what the system gave the process."""
    name = largest_scenario(folder)
    cost = snapproof(["check", name, "--json", "--jobs", "1", "--reading", "compiled"], folder, folder / "cache", may_fail=True)
    found = _answer(cost)["scenarios"][0]
    return {"scenario": name, "verdict": found["verdict"], "distinct": found["distinct"], "generated": found["generated"],
            "state_bits": found["state_bits"], "bytes_per_state": found["bytes_per_state"], "at_most": MOST_BYTES,
            "peak_bytes_per_state": round(cost.peak / found["distinct"], 1), "seconds": found["seconds"],
            "states_per_processor_second": round(found["distinct"] / cost.cpu)}


def starts(folder: Path, rounds: int) -> dict[str, Any]:
    """Wall and processor seconds of `snapproof check` with an empty cache, and again (the run with the median wall time)."""
    first: list[Cost] = []
    second: list[Cost] = []
    for i in range(rounds):
        cache = folder / f"cache{i}"
        for into in (first, second):
            into.append(snapproof(["check", "--json"], folder, cache, may_fail=True))
    answer = _answer(second[0])
    unexpected = [s["name"] for s in answer["scenarios"] if not s["as_expected"]]
    return {"scenarios": len(answer["scenarios"]), "as_expected": answer["ok"], "unexpected": unexpected, "at_most": MOST_SECONDS,
            "first": _times(first), "second": _times(second)}


def _times(costs: list[Cost]) -> dict[str, Any]:
    ordered = sorted(costs, key=lambda c: c.wall)
    middle = ordered[(len(ordered) - 1) // 2]
    return {"seconds": round(middle.wall, 2), "processor_seconds": round(middle.cpu, 2),
            "all_seconds": [round(c.wall, 2) for c in costs]}


def _answer(cost: Cost) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(cost.out)
    except ValueError:
        raise BenchError(f"snapproof check --json printed no JSON (exit code {cost.status}):\n"
                         f"{(cost.errors or cost.out)[:600]}") from None
    return answer
