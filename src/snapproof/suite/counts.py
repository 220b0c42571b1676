"""The counts that are recorded of scenarios: a search that comes to others has changed, whatever its verdict is."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files import read_file
from ..spec.errors import ScenarioError
from ..spec.scenario import LARGEST_FILE
from ..texts import write_text
from .jobs import Outcome

COUNTS = "counts.json"
COUNTED = ("distinct", "generated", "depth")

Counts = dict[str, int]
"""What is recorded of a scenario: COUNTED."""


def load_counts(folder: Path) -> dict[str, Counts]:
    """The counts in the folder of the scenarios: scenario -> {distinct, generated, depth}; ScenarioError when the file is damaged."""
    try:
        data = json.loads(read_file(folder / COUNTS, LARGEST_FILE).decode("utf-8-sig"))
        if not isinstance(data, dict) or not all(_is_count(c) for c in data.values()):
            raise ValueError("it does not hold {name: {distinct, generated, depth}}")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ScenarioError(COUNTS, f"the recorded counts cannot be read ({error}).",
                            "Restore the file, or delete it and run snapproof scenarios --update.") from None
    return data


def _is_count(entry: Any) -> bool:
    return isinstance(entry, dict) and set(entry) == set(COUNTED) and all(type(v) is int for v in entry.values())


def save_counts(folder: Path, counts: dict[str, Counts]) -> None:
    """Record counts, one line a scenario, so that a diff shows what changed."""
    lines = [f"  {json.dumps(name)}: {json.dumps({k: counts[name][k] for k in COUNTED})}" for name in sorted(counts)]
    write_text(folder / COUNTS, "{\n" + ",\n".join(lines) + "\n}\n")


def counted(outcome: Outcome) -> Counts:
    """The counts of a search."""
    return {k: outcome[k] for k in COUNTED}


def compared(outcome: Outcome, recorded: Counts | None, asked: bool) -> Outcome:
    """Compare counts with the recorded ones; a search that did not come to its verdict has none to compare."""
    if not asked or not outcome["as_expected"]:
        return {"recorded": recorded if asked else None, "counts_ok": True}
    return {"recorded": recorded, "counts_ok": recorded == counted(outcome)}


@dataclass(frozen=True)
class Update:
    """Counts as they are to be recorded, and what that changes: (before, now) of each that is another, and names that are gone."""

    merged: dict[str, Counts]
    changed: dict[str, tuple[Counts | None, Counts]]
    gone: list[str]


def updated(recorded: dict[str, Counts], outcomes: Sequence[Outcome], known: Collection[str]) -> Update:
    """The recorded counts with those of the outcomes that are as expected, and without scenarios that are no longer known."""
    fresh = {o["name"]: counted(o) for o in outcomes if o["as_expected"]}
    return Update({n: c for n, c in (recorded | fresh).items() if n in known},
                  {n: (recorded.get(n), c) for n, c in fresh.items() if recorded.get(n) != c},
                  [n for n in recorded if n not in known])
