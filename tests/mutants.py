"""Mutants of the model, of its properties and of the checker itself, and what tells them (docs/mutants.md).

    .venv/bin/python tests/mutants.py --sample 150 --seed 1
    .venv/bin/python tests/mutants.py --properties --sample 60 --seed 1
    .venv/bin/python tests/mutants.py --checker --sample 60 --seed 1
    .venv/bin/python tests/mutants.py --only standard_read:16
    .venv/bin/python tests/mutants.py --only removal.finish_removal --kind index
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections import Counter
from functools import cache, partial
from typing import Any

from mutation import checking, judging, operators, pool
from mutation.edits import Edit, line_of
from mutation.trial import ROOT, source_of

KEEP = ROOT / "build" / "mutants"
SURVIVED = 4
"""Exit code when nothing tells some change: not that of a runner that broke."""


def population(properties: bool) -> list[Edit]:
    """Every edit of the model, or of the properties."""
    if properties:
        return [e for p in sorted((ROOT / "invariants").glob("*.py")) if p.stem not in operators.NOT_PROPERTIES
                for e in operators.property_edits(f"invariants.{p.stem}", p.read_text("utf-8"))]
    return [e for p in sorted((ROOT / "model").glob("*.py")) if p.stem not in operators.NOT_BOXES
            for e in operators.model_edits(p.stem, p.read_text("utf-8"))]


@cache
def place(edit: Edit) -> str:
    """Module and line, as they are today."""
    path = checking.HOME / edit.module if edit.module.endswith(".py") else source_of(edit)
    return f"{edit.module}:{line_of(path.read_text('utf-8'), edit)}"


def chosen(options: argparse.Namespace) -> list[Edit]:
    """The edits that were asked for."""
    if options.checker:
        return checking.chosen(options.sample, options.seed, options.only, options.kind)
    edits = population(options.properties)
    if options.kind:
        edits = [e for e in edits if e.kind == options.kind]
    if options.only:
        edits = [e for e in edits if any(_meant(e, o) for o in options.only)]
    if options.sample is not None and options.sample < len(edits):
        edits = sorted(random.Random(options.seed).sample(edits, options.sample), key=lambda e: e.name)
    return edits


def _meant(edit: Edit, only: str) -> bool:
    short = edit.module.removeprefix("invariants.")
    if ":" in only:
        only = only.removeprefix("invariants.")
        return only.startswith(f"{short}:") and place(edit).removeprefix("invariants.") == only
    return only in (short, f"{short}.{edit.function}", edit.function)


class Results:
    """What earlier runs found for the same text of the model, one line each; a run that was stopped goes on."""

    def __init__(self, name: str, digest: str) -> None:
        KEEP.mkdir(parents=True, exist_ok=True)
        self.path = KEEP / f"{name}-{digest}.jsonl"
        self.known: dict[str, dict[str, str]] = {}
        if self.path.exists():
            for line in self.path.read_text("utf-8").splitlines():
                row = json.loads(line)
                self.known[row["edit"]] = row["result"]

    def add(self, edit: Edit, result: dict[str, str]) -> None:
        self.known[edit.name] = result
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"edit": edit.name, "result": result}) + "\n")


def digest() -> str:
    """Of everything that the result of a mutant of the model depends on."""
    text = hashlib.sha256()
    for part in ("model", "invariants", "src/snapproof/spec", "src/snapproof/checker", "tests/mutation"):
        for path in sorted((ROOT / part).rglob("*")):
            if path.suffix in (".py", ".toml"):
                text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()[:16]


def judges(options: argparse.Namespace, edits: list[Edit]) -> list[Any]:
    """What is to be done for each edit."""
    if options.checker:
        rows, copy = checking.learn(options.jobs), checking.prepared()
        return [partial(checking.judge, copy, rows, e) for e in edits]
    base = pool.in_child(judging.baseline)
    if options.properties:
        catchers = judging.killers(base)
        return [partial(judging.judge_property, base, catchers, [e]) for e in edits]
    return [partial(judging.judge_model, base, [e]) for e in edits]


def run(options: argparse.Namespace) -> dict[str, dict[str, str]]:
    """Try the edits; name of the edit -> result."""
    what = "checker" if options.checker else "properties" if options.properties else "model"
    edits, results = chosen(options), Results(what, checking.digest() if options.checker else digest())
    begin = time.monotonic()
    left = [e for e in edits if e.name not in results.known]
    if left:
        for index, answer in pool.answers(judges(options, left), options.jobs, options.timeout):
            result = answer.get("answer") or {"told": "failed", "where": "", "detail": str(answer)}
            if options.checker and "exit code" in answer.get("failed", ""):
                result = {"told": "died", "where": "", "detail": answer["failed"]}
            if "late" in answer:
                result = {"told": "time limit", "where": "", "detail": f"{answer['late']} s"}
            results.add(left[index], result)
            show(left[index], result, options.quiet)
            if options.seconds and time.monotonic() - begin > options.seconds:
                print(f"stopped after {options.seconds} s; run again to go on", file=sys.stderr)
                break
    return {e.name: results.known[e.name] for e in edits if e.name in results.known}


UNTOLD = ("nothing", "count", "outcome", "box never executed", "time limit", "failed")


def show(edit: Edit, result: dict[str, str], quiet: bool) -> None:
    if not quiet or result["told"] in UNTOLD:
        words = " ".join(w for w in (result["told"], result["where"], result["detail"]) if w)
        print(f"{place(edit):32} {edit.kind:16} {words}\n    {edit.name}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--properties", action="store_true", help="change the properties, not the model")
    parser.add_argument("--checker", action="store_true", help="change reader, emitter, evaluators and queries, not the model")
    parser.add_argument("--sample", type=int, help="so many of them, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="module, module.function, or module:line; may be repeated")
    parser.add_argument("--kind", help="one kind of change: index, statement, condition, successor …")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, help="stop after so long; the next run goes on")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for one mutant")
    parser.add_argument("--quiet", action="store_true", help="show only those that nothing tells")
    parser.add_argument("--list", action="store_true", help="show the changes, try none")
    options = parser.parse_args()
    if options.list:
        for edit in chosen(options):
            print(f"{place(edit):32} {edit.kind:16} {edit.name}")
        return 0
    found: dict[str, Any] = run(options)
    told = Counter(r["told"] for r in found.values())
    print(f"{len(found)} changes: " + ", ".join(f"{n} {how}" for how, n in told.most_common()))
    return SURVIVED if any(told[u] for u in UNTOLD) else 0


if __name__ == "__main__":
    sys.exit(main())
