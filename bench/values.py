"""Structured values against integers: a port with records, sets or sequences, and the same written with tables and masks by hand."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from children import BenchError
from contestants import explore
from contests import Contest

AT_MOST = 1.1
"""What was promised: a structured value costs at most a tenth more time than what one would write without it."""

TIMES = 3
"""Searches in one process."""

WAYS = {"structured": "examples", "integers": "bench/integers"}


def compare_values(contest: Contest, folder: Path, rounds: int) -> dict[str, Any]:
    """Processor seconds of the search alone, in turns; the same states and transitions."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    bits: dict[str, int] = {}
    transitions = set()
    for turn in range(rounds):
        for way in sorted(WAYS, reverse=turn % 2 == 0):
            answer, _ = explore(contest, folder, "compiled", TIMES, WAYS[way])
            transitions.add(answer["generated"])
            if answer["distinct"] != contest.distinct or len(transitions) > 1:
                raise BenchError(f"{contest.title}, {way}: {answer['distinct']:,} states, {answer['generated']:,} transitions; "
                                 f"wanted are {contest.distinct:,} states, and as many transitions both ways")
            bits[way] = answer["bits"]
            seconds[way] += answer["searching"]
    ratio = median(seconds["structured"]) / median(seconds["integers"])
    return {"specification": contest.title, "distinct": contest.distinct, "transitions": transitions.pop(), "bits": bits,
            "seconds": seconds, "ratio": round(ratio, 2), "at_most": AT_MOST}
