"""Which lines of reader, emitter and evaluators the made-up specifications reach, and which they do not."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import coverage

import snapproof

HOME = Path(snapproof.__file__).resolve().parent
PARTS = {
    "reader": ["spec/reader*.py", "spec/truth.py", "spec/analysis.py", "spec/ghosts.py", "spec/consistency.py", "spec/domains.py",
               "spec/chosen.py", "spec/distinct.py", "spec/during.py", "spec/locals.py", "spec/specification.py", "spec/*_arithmetic.py"],
    "emitter": ["checker/emit/*.py", "checker/context.py", "spec/layout.py"],
    "evaluators": ["spec/machine.py", "spec/views.py", "spec/variables.py", "symbolic/execute.py", "symbolic/steps.py", "symbolic/state.py",
                   "symbolic/terms.py",
                   "symbolic/commands.py"],
    "questions": ["symbolic/expressions.py", "symbolic/property_expressions.py", "symbolic/sequence_expressions.py", "symbolic/query.py",
                  "symbolic/question.py"],
}
LIST = Path(__file__).with_name("unreached.toml")
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
    """One line a part, one a file with what was not reached, and one a reason that none is."""
    out, known, why = [], reasons(), dict[str, list[str]]()
    for part, rows in missing(found).items():
        total, left = sum(n for n, _ in rows.values()), sum(len(lines) for _, lines in rows.values())
        out.append(f"{part}: {total - left} of {total} lines reached ({100 * (total - left) // max(1, total)} %)")
        for name, (_, lines) in rows.items():
            text, functions = (HOME / name).read_text("utf-8").splitlines(), names(HOME / name)
            because = {n: known.get((f"{name} {functions[n]}", text[n - 1].strip())) for n in lines}
            for n, reason in because.items():
                if reason:
                    why.setdefault(reason, []).append(f"{name}:{n}")
            open_ = [n for n, reason in because.items() if not reason]
            out += [f"  not reached in {name}: {ranges(open_)}"] if open_ else []
    return out + [f"not reached, because {reason}: {', '.join(lines)}" for reason, lines in why.items()]


def ranges(lines: Iterable[int]) -> str:
    """`3, 5-7`."""
    out: list[list[int]] = []
    for line in lines:
        if out and line == out[-1][1] + 1:
            out[-1][1] = line
        else:
            out.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


# --- reasons ------------------------------------------------------------------------------------------


def listed() -> dict[str, Any]:
    """Which examples are traced, and the lines that none reaches, each with its reason."""
    return tomllib.loads(LIST.read_text("utf-8"))


def names(path: Path) -> dict[int, str]:
    """The function in which a line stands, as `Class.method`."""
    out: dict[int, str] = {}

    def walk(node: ast.AST, before: str) -> None:
        for part in ast.iter_child_nodes(node):
            name = f"{before}.{part.name}".lstrip(".") if isinstance(part, (ast.FunctionDef, ast.ClassDef)) else before
            if isinstance(part, ast.FunctionDef):
                out.update(dict.fromkeys(range(part.lineno, (part.end_lineno or part.lineno) + 1), name))
            walk(part, name)

    walk(ast.parse(path.read_text("utf-8")), "")
    return out


def spoken(found: Lines) -> dict[tuple[str, str], int]:
    """The lines that were not reached, as (file and function, text) -> number."""
    out = {}
    for rows in missing(found).values():
        for name, (_, lines) in rows.items():
            text, functions = (HOME / name).read_text("utf-8").splitlines(), names(HOME / name)
            out.update({(f"{name} {functions[n]}", text[n - 1].strip()): n for n in lines})
    return out


def reasons() -> dict[tuple[str, str], str]:
    """The reasons of the list."""
    return {(row["in"], row["text"]): row["reason"] for row in listed()["line"]}
