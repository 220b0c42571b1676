"""Many made-up specifications, in several processes: `python tests/audit_random.py --from 0 --count 20000 --jobs 2`.

The numbers say which: the same numbers are the same specifications everywhere, so an audit can be run in pieces.  What
the readings do not agree on is made smaller and written to a file; an example that kills or hangs its process is told, too.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from made_up import kinds  # noqa: E402
from made_up.examples import example  # noqa: E402
from made_up.reach import Lines, summary  # noqa: E402
from made_up.smaller import smaller  # noqa: E402

BLOCK = 100
"""Examples for each process."""

HUNG = 600
"""Seconds after which an example is taken to hang in compiled code."""

TRACED = 9
"""One example in so many says which lines it reached."""


def one(seed: int, reached: Lines | None = None, kind: str = "example") -> tuple[str, str]:
    """What came out of the example of a number, and what is wrong with it, if anything."""
    return kinds.one(kind, seed, reached)


def block(first: int, count: int, kind: str) -> None:
    """Run in a process of its own: a line of JSON for each example, and one for the lines that were reached."""
    warnings.simplefilter("ignore")
    reached: Lines = {}
    for seed in range(first, first + count):
        faulthandler.dump_traceback_later(HUNG, exit=True)
        outcome, wrong = one(seed, reached if seed % TRACED == 0 else None, kind)
        print(json.dumps({"seed": seed, "outcome": outcome, "wrong": wrong}), flush=True)
    faulthandler.cancel_dump_traceback_later()
    print(json.dumps({"reached": {name: sorted(lines) for name, lines in reached.items()}}), flush=True)


class Audit:
    """Counts what comes out, and keeps what is wrong."""

    def __init__(self, first: int, count: int, out: Path, kind: str = "example") -> None:
        self.first, self.count, self.out, self.kind = first, count, out, kind
        self.lock, self.begin, self.told = threading.Lock(), time.monotonic(), 0.0
        self.outcomes: Counter[str] = Counter()
        self.reached: Lines = {}
        self.wrong: dict[int, str] = {}

    def run(self, jobs: int) -> int:
        starts = range(self.first, self.first + self.count, BLOCK)
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda a: self.block(a, min(a + BLOCK, self.first + self.count)), starts))
        self.report()
        return 1 if self.wrong else 0

    def block(self, seed: int, end: int) -> None:
        """The examples up to `end`; a process that dies is told, and the next one goes on behind the example."""
        while seed < end:
            # A file: nobody reads a pipe of errors while answers are read, and a full one would stop the process for ever.
            with tempfile.TemporaryFile("w+") as errors:
                words = [sys.executable, __file__, "--kind", self.kind, "--block", str(seed), str(end - seed)]
                ran = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True)
                assert ran.stdout is not None
                for line in ran.stdout:
                    entry = json.loads(line)
                    if "reached" in entry:
                        self.note(entry["reached"])
                    else:
                        self.count_one(entry["seed"], entry["outcome"], entry["wrong"])
                        seed = entry["seed"] + 1
                ended = ran.wait()
                errors.seek(0)
                died = errors.read()
            if ended != 0 and seed < end:
                self.count_one(seed, "DIED", f"its process ended with {ended}:\n{died[-2000:]}")
                seed += 1

    def note(self, reached: dict[str, list[int]]) -> None:
        with self.lock:
            for name, lines in reached.items():
                self.reached.setdefault(name, set()).update(lines)

    def count_one(self, seed: int, outcome: str, wrong: str) -> None:
        with self.lock:
            self.outcomes[outcome] += 1
            if wrong:
                self.wrong[seed] = wrong
                print(f"  {seed}: {wrong[:500]}", flush=True)
            now = time.monotonic() - self.begin
            if now - self.told > 20:
                self.told = now
                done = sum(self.outcomes.values())
                print(f"  {done:,} of {self.count:,} in {now:.0f} s, {len(self.wrong)} wrong", flush=True)

    def report(self) -> None:
        done = sum(self.outcomes.values())
        print(f"{done:,} made-up specifications ({self.kind}), from number {self.first:,} on, in {time.monotonic() - self.begin:.0f} s:")
        for outcome, n in sorted(self.outcomes.items()):
            print(f"{n:9,}  {outcome}")
        print("\n".join(summary(self.reached)))
        for seed, wrong in sorted(self.wrong.items())[:20]:
            path = self.keep(seed, wrong)
            print(f"{seed} is wrong; it is in {path}:\n{wrong[:1000]}")

    def keep(self, seed: int, wrong: str) -> Path:
        """Write a failure to a file, as small as it can be made."""
        self.out.mkdir(parents=True, exist_ok=True)
        path = self.out / f"{seed}.py"
        if self.kind != "example":  # what is wrong says it all, or the number does
            path = self.out / f"{self.kind}-{seed}.txt"
            path.write_text(f"python tests/audit_random.py --kind {self.kind} --from {seed} --count 1\n{wrong}\n")
            return path
        found = example(seed)
        if not wrong.startswith("its process ended"):
            found = smaller(found)
        path.write_text(f"# {wrong}\n".replace("\n", "\n# ") + f"\n# settings: {found.settings}\n\n{found.text}")
        return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=list(kinds.KINDS), default="example", help="which numbers: see tests/made_up/kinds.py")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first number")
    parser.add_argument("--count", type=int, default=20_000, help="how many")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--out", type=Path, default=Path("build/made-up"), help="a folder for what is wrong")
    parser.add_argument("--block", nargs=2, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.block:
        block(*given.block, given.kind)
        return 0
    return Audit(given.first, given.count, given.out, given.kind).run(given.jobs)


if __name__ == "__main__":
    sys.exit(main())
