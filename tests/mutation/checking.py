"""What tells a change of the checker's own code: made-up specifications that execute the changed lines, then quick tests.

The change is made in a copy of the package, which a process of its own loads.  Told means that readings do not agree, that
something is wrong which nobody is told about, that a good text is refused, or that a test fails.  That another outcome is
counted for a spoiled text is written down and tells nothing: all readings may be wrong alike.
"""

from __future__ import annotations

import ast
import compileall
import functools
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import pool
from .code_operators import HOME, PARTS, is_python, population
from .edits import Edit, applied, definitions, located

TESTS = Path(__file__).resolve().parents[1]
KEEP = TESTS.parent / "build" / "mutants"

LEARNED = {"example": 160, "further": 100, "refused": 260, "asked": 50}
"""So many made-up examples of every kind are run once, to know which lines each reaches and how long it takes."""

MOST, SECONDS = 50, 12.0
"""Of those that reach a changed line so many are tried at most, and for about so long."""

QUICK = {
    "spec/": ["spec/test_language.py", "spec/test_declarations.py"], "checker/": ["checker/test_compiled_search.py"],
    "symbolic/": ["symbolic/test_symbolic_terms.py"],
}
"""Tests for what no specification told, by the folder of what was changed."""


def chosen(sample: int | None, seed: int, only: list[str] | None, kind: list[str] | None) -> list[Edit]:
    """Edits of the checker: as many of every part, by chance."""
    edits = [e for e in population() if (not kind or e.kind in kind) and (not only or any(_meant(e, o) for o in only))]
    chance = random.Random(seed)
    chance.shuffle(edits)
    if sample is not None:
        parts = [[e for e in edits if e.module in names] for names in PARTS.values()]
        mixed = [e for row in zip(*[p + [None] * (len(edits) - len(p)) for p in parts], strict=True) for e in row if e is not None]
        edits = []
        for e in mixed:
            if len(edits) < sample and is_python((HOME / e.module).read_text("utf-8"), e):
                edits.append(e)
    return sorted(edits, key=lambda e: e.name)


def _meant(edit: Edit, only: str) -> bool:
    if ":" in only:
        return only == f"{edit.module}:{located((HOME / edit.module).read_text('utf-8'), edit).lineno}"
    return only in (edit.module, edit.function, edit.name, edit.function.split(".")[-1])


# --- the checker as it is -----------------------------------------------------------------------------------------


def digest() -> str:
    """Of everything that an outcome depends on."""
    text = hashlib.sha256()
    paths = [p for part in ("spec", "checker", "symbolic") for p in (HOME / part).rglob("*.py")]
    for path in sorted([*paths, *(TESTS / "made_up").glob("*.py"), *(TESTS / "mutation").glob("c*.py")]):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()[:16]


def learn(jobs: int = 2) -> list[dict[str, Any]]:
    """Outcome, seconds and lines of every made-up specification; kept for the next run."""
    KEEP.mkdir(parents=True, exist_ok=True)
    path = KEEP / f"reached-{digest()}.json"
    if not path.exists():
        work = [functools.partial(_learned, kind, range(i, most, 8)) for kind, most in LEARNED.items() for i in range(8)]
        rows = [row for _, answer in pool.answers(work, jobs, 600) for row in answer.get("answer", [])]
        path.write_text(json.dumps(sorted(rows, key=lambda r: (r["kind"], r["seed"]))))
    return json.loads(path.read_text())  # type: ignore[no-any-return]


def _learned(kind: str, seeds: range) -> list[dict[str, Any]]:
    from made_up.kinds import one  # here: a process that judges takes it from elsewhere

    warnings.simplefilter("ignore")
    rows = []
    for seed in seeds:
        reached: dict[str, set[int]] = {}
        begin = os.times().user
        outcome, _ = one(kind, seed, reached)
        rows.append({"kind": kind, "seed": seed, "seconds": round(os.times().user - begin, 3), "outcome": outcome,
                     "lines": {name: sorted(lines) for name, lines in reached.items()}})
    return rows


def reaching(rows: list[dict[str, Any]], edit: Edit) -> list[dict[str, Any]]:
    """The specifications that execute a changed place, of every outcome some, the quickest first."""
    lines = _lines((HOME / edit.module).read_text("utf-8"), edit)
    outcomes: dict[str, int] = {}
    found: list[tuple[int, dict[str, Any]]] = []
    for row in sorted(rows, key=lambda r: r["seconds"]):
        if lines & set(row["lines"].get(edit.module, ())):
            found.append((outcomes.setdefault(row["outcome"], 0), row))
            outcomes[row["outcome"]] += 1
    out: list[dict[str, Any]] = []
    spent = 0.0
    for _, row in sorted(found, key=lambda pair: pair[0])[:MOST]:
        spent += row["seconds"]
        if not out or spent < SECONDS:
            out.append(row)
    return out


def _lines(source: str, edit: Edit) -> set[int]:
    """The lines of a construct, and the first of the statement that it stands in."""
    node = located(source, edit)
    out = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    around = [s.lineno for s in ast.walk(definitions(source)[edit.function])
              if isinstance(s, ast.stmt) and s.lineno <= node.lineno and (s.end_lineno or 0) >= (node.end_lineno or 0)
              and not isinstance(s, ast.FunctionDef)]
    return out | ({max(around)} if around else set())


# --- judging ------------------------------------------------------------------------------------------------------


def prepared() -> Path:
    """A copy of the package with its bytecode, of which every trial takes one."""
    base = Path(tempfile.mkdtemp(prefix="snapproof-copy-"))
    shutil.copytree(HOME, base / "snapproof", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(base, quiet=2)
    return base


def removed(base: Path) -> None:
    """It is not needed any more."""
    shutil.rmtree(base, ignore_errors=True)


def judges(jobs: int) -> Callable[..., list[dict[str, str]]]:
    """A judge of one edit, who knows what every example reaches."""
    return functools.partial(_judged, prepared(), learn(jobs))


def _judged(copy: Path, rows: list[dict[str, Any]], base: dict[str, Any], edits: list[Edit]) -> list[dict[str, str]]:
    return [judge(copy, rows, e) for e in edits]


def judge(base: Path, rows: list[dict[str, Any]], edit: Edit, tests: bool = True) -> dict[str, str]:
    """Who tells a change."""
    with tempfile.TemporaryDirectory(prefix="snapproof-mutant-") as name:
        folder = changed(base, edit, Path(name))
        trials = reaching(rows, edit)
        result = _with_examples(folder, trials)
        if result["told"] in ("nothing", "outcome") and tests:
            failed = _with_tests(folder, next(v for k, v in QUICK.items() if edit.module.startswith(k)))
            if failed:
                return {"told": "test", "where": failed, "detail": ""}
        if result["told"] == "nothing" and not trials:
            result["detail"] = "no made-up specification reaches it"
        return result


def changed(base: Path, edit: Edit | None, folder: Path) -> Path:
    """A copy of the package with the change made in it."""
    shutil.copytree(base / "snapproof", folder / "snapproof")
    if edit is not None:
        path = folder / "snapproof" / edit.module
        for stale in path.parent.glob(f"__pycache__/{path.stem}.*"):
            stale.unlink()
        path.write_text(applied(path.read_text("utf-8"), edit), "utf-8")
    return folder


def tried(base: Path, edit: Edit | None, kind: str, seed: int) -> str:
    """Is a change told by one example?  "example" or "refused" when it is; None changes nothing."""
    with tempfile.TemporaryDirectory(prefix="snapproof-mutant-") as name:
        row = {"kind": kind, "seed": seed, "outcome": ""}
        return _with_examples(changed(base, edit, Path(name)), [row])["told"]


def _with_examples(folder: Path, trials: list[dict[str, Any]]) -> dict[str, str]:
    _take(folder)
    try:
        from made_up.kinds import one
    except Exception as error:
        return {"told": "import", "where": "", "detail": f"{type(error).__name__}: {error}"}
    warnings.simplefilter("ignore")
    other = ""
    for row in trials:
        outcome, wrong = one(row["kind"], row["seed"])
        where = f"{row['kind']} {row['seed']}"
        if wrong:
            return {"told": "example", "where": where, "detail": wrong.splitlines()[0][:120]}
        if outcome == "good: refused" and row["outcome"] != outcome:
            return {"told": "refused", "where": where, "detail": f"a good text that is {row['outcome']}"}
        if outcome != row["outcome"] and not other and "given up" not in outcome + row["outcome"]:
            other = f"{where} is {outcome}, was {row['outcome']}"
    return {"told": "outcome" if other else "nothing", "where": "", "detail": other or f"{len(trials)} specifications reach it"}


def _take(folder: Path) -> None:
    """From here on this process has the copy."""
    mine = ("snapproof", "made_up")
    for name in [n for n in sys.modules if n.split(".")[0] in mine]:
        del sys.modules[name]
    sys.path[:0] = [str(folder), str(TESTS)]


def _with_tests(folder: Path, names: list[str]) -> str:
    """The first test that fails with the copy."""
    ran = subprocess.run([sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *names], cwd=TESTS,
                         env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True)
    failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" - ")[0].removeprefix("FAILED ") if failed else ""


__all__ = ["chosen", "digest", "judge", "judges", "learn", "prepared", "removed", "tried"]
