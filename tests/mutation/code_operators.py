"""Slips of the pen in the checker's own code: one operator, constant, condition, operand, argument or statement at a time.

For the reader, the emitter and the evaluators (`PARTS`), whose mutants the made-up specifications must tell.  A change of a
message is left out: what is said is the business of other tests.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path

import snapproof

from .edits import Edit, applied, constructs, definitions

HOME = Path(snapproof.__file__).resolve().parent
PARTS = {
    "reader": ["spec/reader.py", "spec/reader_expressions.py", "spec/reader_names.py", "spec/analysis.py", "spec/truth.py"],
    "emitter": [f"checker/emit/{name}.py" for name in ("actions", "arithmetic", "expressions", "functions", "module", "parts",
                                                        "processes", "properties", "starts", "text")],
    "evaluators": ["spec/machine.py", "symbolic/execute.py", "symbolic/steps.py", "symbolic/terms.py"],
    "queries": ["symbolic/expressions.py", "symbolic/query.py", "symbolic/question.py"],
}

COMPARED: dict[type[ast.cmpop], list[str]] = {
    ast.Eq: ["!="], ast.NotEq: ["=="], ast.Lt: ["<=", ">"], ast.Gt: [">=", "<"], ast.LtE: ["<"], ast.GtE: [">"],
    ast.Is: ["is not"], ast.IsNot: ["is"], ast.In: ["not in"], ast.NotIn: ["in"]}
COMPUTED: dict[type[ast.operator], str] = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.FloorDiv: "%", ast.Mod: "//", ast.BitAnd: "|", ast.BitOr: "&", ast.BitXor: "|",
    ast.LShift: ">>", ast.RShift: "<<"}
WORDS = {"ult": "ule", "ugt": "uge", "slt": "sle", "sgt": "sge", "sge": "sgt", "sle": "slt", "eq": "ne", "ne": "eq", "add": "sub",
         "sub": "add", "mul": "add", "and": "or", "or": "and", "xor": "or", "shl": "lshr", "lshr": "shl", "ashr": "lshr", "udiv": "urem",
         "urem": "udiv", "sdiv": "udiv", "srem": "urem", "zext": "sext", "slt'": "sle'"}
"""Instructions of the compiler's text, and those that are taken for them."""

ALIKE = ("isinstance", "issubclass", "getattr", "min", "max")
"""Calls whose first arguments are not exchanged: it is the same, or told by anything."""

SAID = ("refuse", "DeclarationError", "EvaluationError", "PropertyError", "Contradiction", "ScenarioError", "ExpressionError", "site")
"""What is called with a message."""


def population() -> list[Edit]:
    """Every edit of every part."""
    return [e for name in (n for names in PARTS.values() for n in names) for e in code_edits(name, (HOME / name).read_text("utf-8"))]


def code_edits(module: str, source: str) -> list[Edit]:
    """All edits of a module, named by its path in the package."""
    found = [e for name, node in definitions(source).items() if isinstance(node, ast.FunctionDef)
             and not name.endswith("__repr__") for e in _of_function(module, name, node)]
    return list({e: e for e in found if e.before != e.after}.values())


def is_python(source: str, edit: Edit) -> bool:
    """Is the changed text still Python?  Seldom it is not: quotes inside of quotes."""
    try:
        ast.parse(applied(source, edit))
    except SyntaxError:
        return False
    return True


def _of_function(module: str, name: str, node: ast.FunctionDef) -> Iterator[Edit]:
    seen: dict[str, int] = {}
    unplaced = _unplaced(node)
    decided = _decided(node)
    for part in constructs(node):
        text = ast.unparse(part)
        nth = seen.get(text, 0)
        seen[text] = nth + 1
        if id(part) in unplaced:
            continue
        for kind, after in _changes(part):
            yield Edit(module, name, text, after, nth, kind)
        if id(part) in decided:
            yield Edit(module, name, text, "False", nth, "condition")
            yield Edit(module, name, text, "True", nth, "condition")


def _unplaced(node: ast.AST) -> set[int]:
    """What stands in a message or annotation, or inside of a formatted text, where Python 3.11 does not say where."""
    out: set[int] = set()
    for part in ast.walk(node):
        inner: list[ast.AST] = []
        if isinstance(part, ast.JoinedStr):
            inner = list(ast.walk(part))[1:]
        elif isinstance(part, ast.Call) and ast.unparse(part.func).split(".")[-1] in SAID:
            inner = [n for a in [*part.args, *part.keywords] for n in ast.walk(a)]
        elif isinstance(part, (ast.AnnAssign, ast.Assert, ast.Raise)):
            inner = list(ast.walk(part))[0 if isinstance(part, ast.Assert) else 1:]
        elif isinstance(part, ast.FunctionDef):
            inner = [n for a in [*part.args.args, part.returns] if a is not None for n in ast.walk(a)]
        out |= {id(n) for n in inner}
    return out


def _decided(node: ast.AST) -> set[int]:
    """What is only true or false: what `if`, a choice and a comprehension test."""
    found: list[ast.expr] = []
    for part in ast.walk(node):
        if isinstance(part, (ast.If, ast.IfExp)):
            found.append(part.test)
        elif isinstance(part, ast.comprehension):
            found += part.ifs
    return {id(e) for e in found if not isinstance(e, ast.Constant)}


def _changes(part: ast.AST) -> Iterator[tuple[str, str]]:
    # A name that never gets its value is told by anything: left out.
    stored = isinstance(part, ast.Assign) and not any(isinstance(t, (ast.Name, ast.Tuple)) for t in part.targets)
    if stored or isinstance(part, (ast.AugAssign, ast.If)) or isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
        yield "statement", "pass"
    if isinstance(part, ast.Raise):
        yield "statement", "pass"
    if isinstance(part, ast.BoolOp):
        word = " and " if isinstance(part.op, ast.And) else " or "
        for i in range(len(part.values)):
            yield "operand", word.join(_grouped(v) for j, v in enumerate(part.values) if j != i)
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
        yield "condition", ast.unparse(part.operand)
    if isinstance(part, ast.Compare) and len(part.ops) == 1:
        for sign in COMPARED[type(part.ops[0])]:
            yield "comparison", f"{_grouped(part.left)} {sign} {_grouped(part.comparators[0])}"
    if isinstance(part, ast.BinOp) and type(part.op) in COMPUTED and not isinstance(part.left, (ast.JoinedStr, ast.List, ast.Dict)):
        yield "operator", f"{_grouped(part.left)} {COMPUTED[type(part.op)]} {_grouped(part.right)}"
    if isinstance(part, ast.Constant) and type(part.value) is int:
        yield "constant", str(part.value + 1)
    if isinstance(part, ast.Call) and len(part.args) >= 2 and ast.unparse(part.func) not in ALIKE:
        names = [ast.unparse(a) for a in (*part.args, *part.keywords)]
        alike = type(part.args[0]) is type(part.args[1])
        if alike and not any(n.startswith("*") for n in names):
            yield "argument", f"{ast.unparse(part.func)}({', '.join([names[1], names[0], *names[2:]])})"
    yield from _instructions(part)


def _instructions(part: ast.AST) -> Iterator[tuple[str, str]]:
    """Another instruction in a text of the compiler."""
    if not isinstance(part, ast.JoinedStr):
        return
    for i, piece in enumerate(part.values):
        if isinstance(piece, ast.Constant):
            for word in dict.fromkeys(re.findall(r"[a-z]+", piece.value)):
                if word in WORDS:
                    other = copy.deepcopy(part)
                    changed = re.sub(rf"\b{word}\b", WORDS[word], piece.value, count=1)
                    other.values[i] = ast.Constant(changed)
                    yield "instruction", ast.unparse(other)


def _grouped(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"({text})" if isinstance(node, (ast.BoolOp, ast.IfExp, ast.BinOp, ast.Compare, ast.Lambda, ast.NamedExpr)) else text
