"""The loop around the core: lock-step, a cover, a question, a page, the proof list; each against what was promised."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from statistics import median
from typing import Any

from children import BenchError, Cost, run_child
from suite import snapproof

HERE = Path(__file__).resolve().parent
TRACES = HERE.parent / "traces"

STEPS_PER_SECOND = 1_000.0
COVER_STATES, COVER_SECONDS = 5_000, 120.0
QUERY_SECONDS = 2.0
PAGE_BYTES = 300_000
PROOF_SECONDS = 300.0
"""What was promised; the page is that of a counterexample of 25 steps."""

WALKED = {"scenario": "two_tracks", "walks": 12, "most": 600}
WALKED_QUICK = {"scenario": "two_tracks", "walks": 2, "most": 200}
COVERED, COVERED_QUICK = "activate_one_while_writing", "charitable_read"
QUESTION = "pointer[V1,T1] == L1 and pointer[V2,T1] == L1"


def measure_loop(folder: Path, quick: bool, rounds: int) -> dict[str, Any]:
    """Every row; `proofs` is missing from a quick run."""
    found = {"lock_step": lock_step(folder, quick, rounds), "cover": cover(folder, quick), "query": query(folder, rounds),
             "page": page(folder)}
    return found if quick else {**found, "proofs": proofs(folder)}


def lock_step(folder: Path, quick: bool, rounds: int) -> dict[str, Any]:
    """Steps a second on the engine's threads, every state compared, beside the plain reading on the same behaviours."""
    request = {**(WALKED_QUICK if quick else WALKED), "rounds": rounds}
    answer = _json(run_child([sys.executable, str(HERE / "steps.py"), json.dumps(request)], folder), "bench/steps.py")
    wall, cpu = (median(sample[i] for sample in answer["lock_step"]) for i in (0, 1))
    rates = {name: answer["boxes"] / median(sample[1] for sample in answer[name]) for name in ("plain", "lock_step")}
    return {"scenario": request["scenario"], "steps": answer["steps"], "boxes": answer["boxes"],
            "steps_per_second": round(answer["steps"] / wall), "steps_per_processor_second": round(answer["steps"] / cpu),
            "boxes_per_processor_second": {name: round(rate) for name, rate in rates.items()},
            "plain_is_times_as_fast": round(rates["plain"] / rates["lock_step"], 1), "at_least": STEPS_PER_SECOND,
            "samples": {name: answer[name] for name in rates}}


def cover(folder: Path, quick: bool) -> dict[str, Any]:
    """Every transition of a scenario on the engine, the exploration and the start of Python included."""
    name = COVERED_QUICK if quick else COVERED
    cost = snapproof(["conform", "--kept", str(folder / "none"), "--cover", name], folder, folder / "cache")
    counts = re.search(r"([\d,]+) transitions of ([\d,]+) states alike, on ([\d,]+) paths", cost.out)
    if counts is None:
        raise BenchError(f"snapproof conform --cover {name} does not say what it covered:\n{cost.out[:600]}")
    transitions, states, paths = (int(n.replace(",", "")) for n in counts.groups())
    if not quick and states < COVER_STATES:
        raise BenchError(f"{name} has {states:,} states, fewer than {COVER_STATES:,}")
    return {"scenario": name, "states": states, "transitions": transitions, "paths": paths, "seconds": round(cost.wall, 2),
            "processor_seconds": round(cost.cpu, 2), "at_most": COVER_SECONDS}


def query(folder: Path, rounds: int) -> dict[str, Any]:
    """One question to z3: as a command, and inside a process that has everything loaded (the first asking)."""
    times = max(rounds, 3)
    asked = [snapproof(["query", QUESTION], folder, folder / "cache") for _ in range(times)]
    alone = [_json(run_child([sys.executable, str(HERE / "question.py"), QUESTION, "1"], folder), "bench/question.py")[0]
             for _ in range(times)]
    return {"question": QUESTION, "seconds": round(median(c.wall for c in asked), 2),
            "processor_seconds": round(median(c.cpu for c in asked), 2),
            "processor_seconds_alone": round(median(alone), 3), "at_most": QUERY_SECONDS}


def page(folder: Path) -> dict[str, Any]:
    """Bytes of the page of each kept counterexample; the promise is about 25 steps, and longer ones are shown beside it."""
    sizes = []
    for trace in sorted(TRACES.glob("*.json")):
        steps = len(json.loads(trace.read_text("utf-8"))["steps"])
        out = folder / "page.html"
        out.unlink(missing_ok=True)
        snapproof(["show", str(trace), "--as", "html", "--out", str(out)], folder, folder / "cache")
        sizes.append({"trace": trace.name, "steps": steps, "bytes": out.stat().st_size})
    if not sizes:
        raise BenchError("there are no kept traces to draw")
    sizes.sort(key=lambda row: (row["steps"], row["bytes"]))
    judged = min(sizes, key=lambda row: abs(row["steps"] - 25))
    return {"pages": sizes, "judged": judged, "longest": sizes[-1], "at_most": PAGE_BYTES}


def proofs(folder: Path) -> dict[str, Any]:
    """The proof list: `snapproof prove` without a property; `note` says why it was not measured."""
    cost = snapproof(["prove", "--json"], folder, folder / "cache", may_fail=True)
    if cost.status:
        said = (cost.errors or cost.out).strip().splitlines()
        return {"at_most": PROOF_SECONDS, "note": f"exit code {cost.status}: {said[0] if said else 'it said nothing'}"}
    answer = _json(cost, "snapproof prove --json")
    return {"at_most": PROOF_SECONDS, "seconds": round(cost.wall, 1), "processor_seconds": round(cost.cpu, 1),
            "keys": sorted(answer)}


def _json(cost: Cost, name: str) -> Any:
    try:
        return json.loads(cost.out)
    except ValueError:
        raise BenchError(f"{name} printed no JSON:\n{(cost.errors or cost.out)[:600]}") from None
