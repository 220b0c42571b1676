"""Exit codes have one place: nobody else writes a number for one, and the document's table says what they say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from snapproof.exit_codes import ExitCode, table, with_table

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "snapproof"
DOCUMENT = ROOT / "docs" / "exit-codes.md"

ELSEWHERE = {"checker/together.py": "ends a worker whose parent is gone: nobody is left who could read the number"}

CALLED = {"exit_code", "code", "codes"}
"""How what holds an exit code is called."""

ENDING = {"exit", "_exit", "quit", "SystemExit", "Exit"}
"""What ends a process, with its exit code."""


def test_the_table_of_the_document_is_made_from_the_enumeration() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert with_table(text) == text, f"write it anew: python -m snapproof.exit_codes docs/exit-codes.md\n{table()}"
    assert with_table(text.replace("| 12 | an", "| 12 | no")) == text


def test_every_exit_code_has_a_meaning_and_a_number_of_its_own() -> None:
    assert len(ExitCode.__members__) == len(list(ExitCode))
    assert all(code.meaning and 0 <= code < 256 for code in ExitCode)
    assert [code for code in ExitCode if not code] == [ExitCode.SUCCESS]
    assert list(ExitCode) == sorted(ExitCode)


@pytest.mark.slow
@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name)
def test_every_exit_code_is_used(code: ExitCode) -> None:
    used = f"ExitCode.{code.name}"
    assert any(used in path.read_text("utf-8") for path in PACKAGE.rglob("*.py")), f"nothing ends with {used}"


@pytest.mark.slow
def test_no_exit_code_is_a_bare_number() -> None:
    for path in PACKAGE.rglob("*.py"):
        name = str(path.relative_to(PACKAGE))
        found = list(bare(path.read_text("utf-8")))
        assert bool(found) == (name in ELSEWHERE), f"{name}, line {found}: take a member of ExitCode (snapproof/exit_codes.py)"


# --- finding them -----------------------------------------------------------------------------------------------------


def bare(text: str) -> Iterator[int]:
    """The lines of a module at which a number stands, or a constant that is one, where an exit code belongs."""
    tree = ast.parse(text)
    numbers = {target.id for node in tree.body for target, of in _assigned(node) if isinstance(target, ast.Name) and _number(of)}
    told = _that_end_with_a_code(tree)
    for node in ast.walk(tree):
        for place in [*_places(node), *(_returned(node) if isinstance(node, ast.FunctionDef) and node.name in told else ())]:
            if any(_number(leaf) or isinstance(leaf, ast.Name) and leaf.id in numbers for leaf in _leaves(place)):
                yield place.lineno


def _number(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _called(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.slice
    return isinstance(node, ast.Name) and node.id in CALLED or isinstance(node, ast.Attribute) and node.attr in CALLED or \
        isinstance(node, ast.Constant) and node.value in CALLED


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)  # one of them may be starred
            else:
                yield target, node.value
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield node.target, node.value


def _places(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions that are exit codes by what they are given to."""
    yield from (of for target, of in _assigned(node) if _called(target))
    if isinstance(node, ast.Dict):
        yield from (of for key, of in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant) and _called(key))
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield from node.args if name in ENDING else ()
        yield from (k.value for k in node.keywords if k.arg in CALLED)
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        yield from sides if any(map(_called, sides)) else ()
    elif isinstance(node, ast.BoolOp):
        yield from node.values if any(map(_called, node.values)) and isinstance(node.op, ast.Or) else ()
    elif isinstance(node, ast.arguments):
        usual = [*zip(reversed([*node.posonlyargs, *node.args]), reversed(node.defaults), strict=False),
                 *zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        yield from (of for name_, of in usual if name_.arg in CALLED and of is not None)


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may come to, through choices, tables, and the last resort of `next`."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        parts = node.elts
    elif isinstance(node, ast.Dict):
        parts = node.values
    elif isinstance(node, ast.Subscript):
        parts = [node.value]
    elif isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        parts = [node.elt]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("next", "int"):
        parts = node.args
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        parts = [node.func.value, *node.args[1:]]
    for part in parts:
        yield from _leaves(part)
    if not parts:
        yield node


def _returned(function: ast.FunctionDef) -> list[ast.expr]:
    return [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]


def _that_end_with_a_code(tree: ast.Module) -> set[str]:
    """Functions of a module that give an exit code: commands, those that say so or give a member, and whose answer they give."""
    functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}

    def plainly(f: ast.FunctionDef) -> bool:
        decorated = any(isinstance(n, ast.Attribute) and n.attr == "command" for d in f.decorator_list for n in ast.walk(d))
        member = any(isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "ExitCode"
                     for of in _returned(f) for n in _leaves(of))
        return decorated or member or f.name.strip("_").endswith("code") or \
            isinstance(f.returns, ast.Name) and f.returns.id == "ExitCode"

    found = {name for name, f in functions.items() if plainly(f)}
    while True:
        more = {n.func.id for name in found for of in _returned(functions[name]) for n in _leaves(of)
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)} & functions.keys() - found
        if not more:
            return found
        found |= more


@pytest.mark.parametrize("text", [
    "class Gone(Exception):\n    exit_code = 3",
    "self.exit_code = 12",
    "reason, code = 'x', 0",
    "code, *more = 0, 1, 2",
    "code: int = 1 if late else other",
    "codes = {Refused: 20}",
    "code = next((c for c in found if c), 255)",
    "out['exit_code'] = 9",
    "out = {'verdict': 'error', 'exit_code': 255}",
    "out = {'exit_code': {'holds': 0, 'violated': 12}[verdict]}",
    "sys.exit(1)",
    "raise SystemExit(2)",
    "os._exit(1 if late else code)",
    "ctx.exit(3)",
    "fail(place, exit_code=150)",
    "def fail(place, code=150): ...",
    "ok = code == 0",
    "ok = row['exit_code'] != 0",
    "if found.exit_code in (11, 12): ...",
    "end(code or 0)",
    "@click.command('show')\ndef command():\n    return 0",
    "@command.command('show')\ndef show():\n    return wrong and 154",
    "@click.command('show')\ndef command():\n    return told(3)\ndef told(x):\n    return 12",
    "def judged(r) -> ExitCode:\n    return 13",
    "def judged(r):\n    if r:\n        return ExitCode.SUCCESS\n    return 13",
    "def raw_code(r):\n    return {'holds': 0}.get(r, other)",
    "FOUND, NONE = 0, 16\ndef raw_code(r):\n    return FOUND if r else NONE",
    "SYSTEM = 153\nclass Ended(Exception):\n    exit_code = SYSTEM",
])
def test_a_bare_number_is_found(text: str) -> None:
    assert list(bare(text)), text


@pytest.mark.parametrize("text", [
    "exit_code = ExitCode.MISTAKE",
    "code = character.encode()[0]",
    "code, sent = compiled(text), 0",
    "def first(x):\n    return 0",
    "def first(x):\n    return ExitCode(os.WEXITSTATUS(x))",
    "sys.exit(guarded(lambda: work(1), words))",
    "ok = code == ExitCode.SUCCESS",
    "if code: ...",
])
def test_other_numbers_are_none_of_its_business(text: str) -> None:
    assert not list(bare(text)), text
