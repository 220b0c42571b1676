"""The side-by-side measurements of Snapproof: `python bench/run.py [--quick] [--rounds N] [--json FILE]`.

All ratios come from one run: contestants take turns (A B C, A B C, …) and medians are compared, because
the speed of a machine changes from minute to minute.  Times are processor seconds of whole processes,
start-up included, as the system counts them; states and transitions must be equal, or the run fails.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from children import BenchError
from contestants import CONTESTANTS, Contestant, present
from contests import FULL, QUICK, READINGS, READINGS_QUICK, VALUES, VALUES_QUICK
from loop import measure_loop
from peers import compare_peers
from readings import compare_readings
from suite import bytes_per_state, starts
from tables import print_loop, print_memory, print_peers, print_readings, print_starts, print_values
from values import compare_values

PARTS = ("readings", "values", "peers", "memory", "starts", "loop")


def main() -> int:
    """Measure, print, write; 1 when a measurement means nothing."""
    options = _options()
    contestants, notes = present(CONTESTANTS)
    for note in notes:
        print(note)
    results: dict[str, Any] = {"machine": machine(contestants), "quick": options.quick, "rounds": options.rounds, "notes": notes}
    try:
        for part in options.only or PARTS:
            with tempfile.TemporaryDirectory(prefix="snapproof-bench-") as folder:
                results[part] = measure(part, options.quick, options.rounds, contestants, Path(folder))
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    if options.quick:
        print("\nSmall sizes: start-up weighs more than exploration, so these figures judge nothing.")
    return 0


def measure(part: str, quick: bool, rounds: int, contestants: list[Contestant], folder: Path) -> Any:
    """Measure one part, and print it."""
    if part == "readings":
        found = [compare_readings(c, folder, rounds) for c in (READINGS_QUICK if quick else READINGS)]
        print_readings(found, not quick)
        return found
    if part == "values":
        rows = [compare_values(c, folder, rounds) for c in (VALUES_QUICK if quick else VALUES)]
        print_values(rows, not quick)
        return rows
    if part == "peers":
        tables = []
        for i, contest in enumerate(QUICK if quick else FULL):
            (folder / str(i)).mkdir()
            tables.append(compare_peers(contest, contestants, folder / str(i), rounds))
            print_peers(tables[-1], not quick)
        return tables
    if part == "memory":
        memory = bytes_per_state(folder)
        print_memory(memory)
        return memory
    if part == "loop":
        loop = measure_loop(folder, quick, rounds)
        print_loop(loop, not quick)
        return loop
    times = starts(folder, 1 if quick else min(rounds, 3))
    print_starts(times)
    return times


def machine(contestants: list[Contestant]) -> dict[str, Any]:
    """What the figures were measured on, and with which versions."""
    from importlib.metadata import version

    model = [line.split(":", 1)[1].strip() for line in _text(Path("/proc/cpuinfo")).splitlines() if line.startswith("model name")]
    tools = {c.needs: _version(c.needs) for c in contestants if c.needs}
    if tools:
        tools["gcc"] = _version("gcc")
    return {"processor": model[0] if model else platform.processor(), "processors": len(model), "system": platform.system(),
            "python": platform.python_version(), "llvmlite": version("llvmlite"), **tools}


def _version(tool: str) -> str:
    option = "-V" if tool == "spin" else "--version"
    said = subprocess.run([tool, option], capture_output=True, text=True, check=False)
    return (said.stdout or said.stderr).splitlines()[0]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one round: does it work?")
    parser.add_argument("--rounds", type=int, help="how often everybody takes a turn (default 5; 1 with --quick)")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part only (repeatable)")
    parser.add_argument("--json", type=Path, metavar="FILE",
                        help="where the results go (default: bench/results.json; nowhere with --quick or --only)")
    options = parser.parse_args()
    if options.json is None and not (options.quick or options.only):
        options.json = Path(__file__).resolve().parent / "results.json"
    options.rounds = options.rounds or (1 if options.quick else 5)
    return options


if __name__ == "__main__":
    sys.exit(main())
