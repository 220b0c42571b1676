"""Which lines of reader, emitter and evaluators the made-up specifications reach, and which they do not."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import coverage

import snapproof

HOME = Path(snapproof.__file__).resolve().parent
PARTS = {
    "reader": ["spec/reader*.py", "spec/truth.py", "spec/analysis.py", "spec/ghosts.py", "spec/consistency.py", "spec/domains.py",
               "spec/specification.py"],
    "emitter": ["checker/emit/*.py", "checker/context.py"],
    "evaluators": ["spec/machine.py", "spec/variables.py", "symbolic/execute.py", "symbolic/steps.py", "symbolic/state.py",
                   "symbolic/terms.py",
                   "symbolic/commands.py"],
    "questions": ["symbolic/expressions.py", "symbolic/query.py", "symbolic/question.py"],
}
Lines = dict[str, set[int]]

REACHED: Lines = {}
"""What the examples of this session have reached (tests/conftest.py prints it)."""


def files() -> dict[str, list[Path]]:
    """The files of every part."""
    return {part: sorted(p for pattern in patterns for p in HOME.glob(pattern)) for part, patterns in PARTS.items()}


@contextmanager
def traced(found: Lines) -> Iterator[None]:
    """Note the lines that run meanwhile."""
    wanted = [str(p) for paths in files().values() for p in paths]
    tracer = coverage.Coverage(data_file=None, config_file=False, include=wanted)
    tracer.set_option("run:disable_warnings", ["no-data-collected"])  # a refused text reaches no evaluator
    tracer.start()
    try:
        yield
    finally:
        tracer.stop()
        data = tracer.get_data()
        for path in data.measured_files():
            found.setdefault(str(Path(path).relative_to(HOME)), set()).update(data.lines(path) or ())


def inner_lines(path: Path) -> set[int]:
    """The first lines of statements in functions: what runs when something is read, not when it is imported."""
    out: set[int] = set()
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            for part in function.body:
                for node in ast.walk(part):
                    documented = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
                    if isinstance(node, ast.stmt) and not documented and not isinstance(node, (ast.FunctionDef, ast.Pass)):
                        out.add(node.lineno)
    return out


def missing(found: Lines) -> dict[str, dict[str, tuple[int, list[int]]]]:
    """For every part and file, how many lines there are, and which were not reached."""
    out: dict[str, dict[str, tuple[int, list[int]]]] = {}
    for part, paths in files().items():
        for path in paths:
            name = str(path.relative_to(HOME))
            lines = inner_lines(path)
            out.setdefault(part, {})[name] = (len(lines), sorted(lines - found.get(name, set())))
    return out


def summary(found: Lines) -> list[str]:
    """One line a part, and one a file with what was not reached."""
    out = []
    for part, rows in missing(found).items():
        total, left = sum(n for n, _ in rows.values()), sum(len(lines) for _, lines in rows.values())
        out.append(f"{part}: {total - left} of {total} lines reached ({100 * (total - left) // max(1, total)} %)")
        out += [f"  not reached in {name}: {ranges(lines)}" for name, (_, lines) in rows.items() if lines]
    return out


def ranges(lines: Iterable[int]) -> str:
    """`3, 5-7`."""
    out: list[list[int]] = []
    for line in lines:
        if out and line == out[-1][1] + 1:
            out[-1][1] = line
        else:
            out.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)
