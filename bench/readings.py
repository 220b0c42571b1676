"""Compiled against plain: the same specification at the same size, the search alone."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from children import BenchError
from contestants import explore
from contests import Contest

AT_LEAST = 200.0
"""What was promised: compiled is so many times as fast as plain."""

TIMES = 5
"""Compiled searches in one process; they take milliseconds."""


def compare_readings(contest: Contest, folder: Path, rounds: int) -> dict[str, Any]:
    """States per processor-second of both readings, the start of Python and of the compiler not counted."""
    plain: list[float] = []
    compiled: list[float] = []
    for _ in range(rounds):
        for reading, times, into in (("plain", 1, plain), ("compiled", TIMES, compiled)):
            answer, _ = explore(contest, folder, reading, times)
            if answer["distinct"] != contest.distinct:
                raise BenchError(f"{contest.title}: {answer['distinct']:,} states, not {contest.distinct:,}")
            into += answer["searching"]
    rates = contest.distinct / median(plain), contest.distinct / median(compiled)
    return {"specification": contest.title, "distinct": contest.distinct, "plain_states_per_second": round(rates[0]),
            "compiled_states_per_second": round(rates[1]), "ratio": round(rates[1] / rates[0], 1),
            "at_least": AT_LEAST, "plain_seconds": plain, "compiled_seconds": compiled}
