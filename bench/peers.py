"""Snapproof against Spin and Rumur: equal states, distinct states per processor-second."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from children import BenchError
from contestants import Contestant, Outcome
from contests import Contest

AT_LEAST = 2.0
"""What was promised: so many times Spin's rate without reduction."""


def compare_peers(contest: Contest, contestants: list[Contestant], folder: Path, rounds: int) -> dict[str, Any]:
    """Build everybody once, then run all in turn, `rounds` times; medians."""
    builds: dict[str, float] = {}
    runs: dict[str, list[Outcome]] = {c.name: [] for c in contestants}
    for c in contestants:
        (folder / c.name).mkdir()
        builds[c.name] = c.build(contest, folder / c.name)
    for _ in range(rounds):
        for c in contestants:
            outcome = c.run(contest, folder / c.name)
            _agree(contest, c, outcome, runs[contestants[0].name])
            runs[c.name].append(outcome)
    rows = [_row(c, builds[c.name], runs[c.name]) for c in contestants]
    for row in rows:
        row["ours_is_times_as_fast"] = round(rows[0]["states_per_second"] / row["states_per_second"], 2)
        row["ours_is_times_as_fast_with_build"] = round(
            rows[0]["states_per_second_with_build"] / row["states_per_second_with_build"], 2)
    return {"specification": contest.title, "distinct": contest.distinct, "transitions": runs[contestants[0].name][0].transitions,
            "at_least": AT_LEAST, "contestants": rows}


def _agree(contest: Contest, contestant: Contestant, outcome: Outcome, ours: list[Outcome]) -> None:
    """Equal states for all; equal transitions too, so that all did the same work."""
    if outcome.distinct != contest.distinct:
        raise BenchError(f"{contest.title}: {contestant.name} found {outcome.distinct:,} states, not {contest.distinct:,}")
    if ours and outcome.transitions != ours[0].transitions:
        raise BenchError(f"{contest.title}: {contestant.name} took {outcome.transitions:,} transitions, "
                         f"Snapproof {ours[0].transitions:,}")


def _row(contestant: Contestant, build: float, runs: list[Outcome]) -> dict[str, Any]:
    distinct = runs[0].distinct
    cpu = median(r.cost.cpu for r in runs)
    searching = [r.searching for r in runs if r.searching is not None]
    return {"name": contestant.name, "settings": contestant.settings(), "build_seconds": round(build, 3),
            "seconds": round(cpu, 3), "states_per_second": round(distinct / cpu),
            "states_per_second_with_build": round(distinct / (cpu + build)),
            "states_per_second_searching": round(distinct / median(searching)) if searching else None,
            "peak_bytes": int(median(r.cost.peak for r in runs)), "all_seconds": [round(r.cost.cpu, 3) for r in runs]}
