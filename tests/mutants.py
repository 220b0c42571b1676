"""Mutants of the model and of its properties, and what tells them (docs/mutants.md).

    .venv/bin/python tests/mutants.py --sample 150 --seed 1
    .venv/bin/python tests/mutants.py --properties --sample 60 --seed 1
    .venv/bin/python tests/mutants.py --witnesses --kind operand
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

from mutation import checking, judging, operators, pool, reaching, variants
from mutation.edits import Edit, line_of
from mutation.trial import ROOT, source_of

KEEP = ROOT / "build" / "mutants"
TOGETHER = 40
"""Changes of properties that are compiled together."""

SURVIVED = 4
"""Exit code when nothing tells some change: not that of a runner that broke."""


def population(of: str) -> list[Edit]:
    """Every edit of the model, of the properties, or of the witnesses."""
    if of == "witnesses":
        return operators.property_edits("invariants.witnesses", (ROOT / "invariants" / "witnesses.py").read_text("utf-8"))
    if of == "properties":
        edits = [e for p in sorted((ROOT / "invariants").glob("*.py")) if p.stem not in operators.NOT_PROPERTIES
                 for e in operators.property_edits(f"invariants.{p.stem}", p.read_text("utf-8"))]
        return edits + [e for p in sorted((ROOT / "model").glob("*.py")) for e in operators.part_edits(p.stem, p.read_text("utf-8"))]
    return [e for p in sorted((ROOT / "model").glob("*.py")) if p.stem not in operators.NOT_BOXES
            for e in operators.model_edits(p.stem, p.read_text("utf-8"))]


@cache
def place(edit: Edit) -> str:
    """Module and line, as they are today."""
    path = checking.HOME / edit.module if edit.module.endswith(".py") else source_of(edit)
    return f"{edit.module}:{line_of(path.read_text('utf-8'), edit)}"


def chosen(options: argparse.Namespace) -> list[Edit]:
    """The edits that were asked for."""
    if options.of == "checker":
        return checking.chosen(options.sample, options.seed, options.only, options.kind)
    edits = population(options.of)
    if options.kind:
        edits = [e for e in edits if e.kind in options.kind]
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

    def __init__(self, of: str) -> None:
        text = hashlib.sha256(checking.digest().encode() if of == "checker" else b"")
        for part in ("model", "invariants", "src/snapproof/spec", "src/snapproof/checker", "tests/mutation"):
            for path in sorted((ROOT / part).rglob("*")):
                if path.suffix in (".py", ".toml"):
                    text.update(path.name.encode() + path.read_bytes())
        KEEP.mkdir(parents=True, exist_ok=True)
        self.path = KEEP / f"{of}-{text.hexdigest()[:16]}.jsonl"
        self.known: dict[str, dict[str, str]] = {}
        if self.path.exists():
            for line in self.path.read_text("utf-8").splitlines():
                row = json.loads(line)
                self.known[row["edit"]] = row["result"]

    def add(self, edit: Edit, result: dict[str, str]) -> None:
        self.known[edit.name] = result
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"edit": edit.name, "result": result}) + "\n")


def run(options: argparse.Namespace) -> dict[str, dict[str, str]]:
    """Try the edits; name of the edit -> result."""
    edits, results = chosen(options), Results(options.of)
    begin = time.monotonic()
    left = [e for e in edits if e.name not in results.known]
    if left:
        base = {} if options.of == "checker" else pool.in_child(judging.baseline)
        judge: Any = _alone
        if options.of == "checker":
            judge = checking.judges(options.jobs)
        elif options.of == "properties":
            judge = partial(variants.judge_properties, judging.killers(base))
        elif options.of == "witnesses":
            judge = reaching.judge_witnesses
        together = 1 if options.of in ("model", "checker") else TOGETHER
        parts = [left[i:i + together] for i in range(0, len(left), together)]
        work = [partial(judge, base=base, edits=p) for p in parts]
        for index, answer in pool.answers(work, options.jobs, options.timeout):
            failed = {"told": "failed", "where": "", "detail": str(answer)}
            if options.of == "checker" and "exit code" in answer.get("failed", ""):
                failed["told"] = "died"
            if "late" in answer:
                failed = {"told": "time limit", "where": "", "detail": f"{answer['late']} s"}
            for edit, result in zip(parts[index], answer.get("answer") or [failed] * len(parts[index]), strict=True):
                results.add(edit, result)
                show(edit, result, options.quiet)
            if options.seconds and time.monotonic() - begin > options.seconds:
                print(f"stopped after {options.seconds} s; run again to go on", file=sys.stderr)
                break
    return {e.name: results.known[e.name] for e in edits if e.name in results.known}


def _alone(base: dict[str, Any], edits: list[Edit]) -> list[dict[str, str]]:
    return [judging.judge_model(base, edits)]


UNTOLD = ("nothing", "count", "outcome", "box never executed", "time limit", "failed")


def show(edit: Edit, result: dict[str, str], quiet: bool) -> None:
    if not quiet or result["told"] in UNTOLD:
        words = " ".join(w for w in (result["told"], result["where"], result["detail"]) if w)
        print(f"{place(edit):32} {edit.kind:16} {words}\n    {edit.name}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--properties", dest="of", action="store_const", const="properties", default="model",
                        help="change the properties, not the model")
    parser.add_argument("--witnesses", dest="of", action="store_const", const="witnesses", help="change what must be reached")
    parser.add_argument("--checker", dest="of", action="store_const", const="checker", help="change reader, emitter, evaluators, queries")
    parser.add_argument("--sample", type=int, help="so many of them, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="module, module.function, or module:line; may be repeated")
    parser.add_argument("--kind", action="append", help="index, statement, operand, part left out …; may be repeated")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, help="stop after so long; the next run goes on")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one mutant; else states bound it")
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
