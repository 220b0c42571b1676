"""What kernels hand to each other are different arrays: compiled code relies on it and keeps in a register what it has read (`noalias`)."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from snapproof.checker import kernels, kernels_blame, kernels_start, kernels_steps, kernels_stuck

MODULES = [kernels, kernels_blame, kernels_start, kernels_steps, kernels_stuck]

ROWS_BEHIND_EACH_OTHER = {("after", "at(out, n * words)", "at(out, (n + 1) * words)")}
"""Parts of one array that have no word in common: a row, and the one behind it."""


def array_in(node: ast.expr, arrays: set[str]) -> str | None:
    """The parameter that an argument is, or is a part of."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "at":
        return array_in(node.args[0], arrays)
    return node.id if isinstance(node, ast.Name) and node.id in arrays else None


def given_twice(function: ast.FunctionDef) -> set[tuple[str, str, str]]:
    """Calls in a kernel that name one array twice: what is called, and the two arguments."""
    arrays = {a.arg for a in function.args.args if ast.unparse(a.annotation or ast.Constant(None)) in ("Words", "Halves")}
    found = set()
    for call in (n for n in ast.walk(function) if isinstance(n, ast.Call) and getattr(n.func, "id", "") != "at"):
        named = [(array_in(argument, arrays), ast.unparse(argument)) for argument in call.args]
        found |= {(ast.unparse(call.func), one, other) for i, (a, one) in enumerate(named) for b, other in named[i + 1:] if a and a == b}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_no_kernel_is_given_one_array_twice(module: ModuleType) -> None:
    functions = [n for n in ast.parse(inspect.getsource(module)).body if isinstance(n, ast.FunctionDef)]
    assert functions
    for function in functions:
        assert given_twice(function) <= ROWS_BEHIND_EACH_OTHER, function.name


def test_an_array_that_is_given_twice_is_found() -> None:
    for text in ("f(a, a)", "f(a, 1, at(a, 2))", "f(at(at(a, 1), 2), a)"):
        function = ast.parse(f"def k(a: Words, b: Halves) -> int:\n    return {text}").body[0]
        assert isinstance(function, ast.FunctionDef)
        assert given_twice(function)


def test_every_module_of_kernels_is_looked_at() -> None:
    there = Path(kernels.__file__).parent.glob("kernels*.py")
    assert sorted(path.stem for path in there) == sorted(m.__name__.rpartition(".")[2] for m in MODULES)
