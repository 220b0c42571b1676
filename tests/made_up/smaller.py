"""What fails is made small: what can be left out, and still fails in the same way, is left out."""

from __future__ import annotations

import ast
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from made_up.examples import Disagreement, Example, GivenUp, examine
from made_up.texts import Setting

ATTEMPTS = 400
"""So many smaller examples are tried: a number, so that the same failure becomes the same small example everywhere."""


def failing(found: Example, everything: bool = True) -> str:
    """How an example fails, without numbers; empty when it does not, or goes on until it is given up."""
    folder = Path(tempfile.mkdtemp(prefix="made-up-"))
    try:
        examine(found, folder, everything)
    except Disagreement as error:
        return re.sub(r"\d+", "", error.what)
    except GivenUp:
        return ""
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ""


def smaller(found: Example, attempts: int = ATTEMPTS) -> Example:
    """The smallest example that was found in so many attempts and fails in the same way."""
    how = failing(found)
    if not how:
        return found  # only what is looked at by chance fails; it stays as it is
    changed = True
    while changed:
        changed = False
        for candidate in _candidates(found):
            if attempts == 0:
                return found
            attempts -= 1
            if failing(candidate) == how:
                found, changed = candidate, True
                break
    return found


def _candidates(found: Example) -> Iterator[Example]:
    """Smaller examples, the most different first."""
    if len(found.settings) > 1:
        for setting in found.settings:
            yield replace(found, settings=[setting])
    for setting in _settings(found.settings[0]):
        yield replace(found, settings=[setting, *found.settings[1:]])
    size = len(found.text)
    for text in _texts(found.text):
        if len(text) < size:
            yield replace(found, text=text)


def _settings(setting: Setting) -> Iterator[Setting]:
    for i in range(len(setting.hosts)):
        yield replace(setting, hosts=setting.hosts[:i] + setting.hosts[i + 1:])
    for name in setting.switches:
        yield replace(setting, switches={n: v for n, v in setting.switches.items() if n != name})
    for name, size in setting.sizes.items():
        if size > 1:
            yield replace(setting, sizes={**setting.sizes, name: size - 1})


def _texts(text: str) -> Iterator[str]:
    """The text with one thing less, from declarations down to operands."""
    count = sum(1 for _ in _reductions(ast.parse(text)))
    for i in range(count):
        module = ast.parse(text)
        for j, reduce in enumerate(_reductions(module)):
            if j == i:
                reduce()
                break
        yield ast.unparse(ast.fix_missing_locations(module)) + "\n"


def _reductions(module: ast.Module) -> Iterator[Any]:
    """What can be done to a module, each as something to call."""
    for node in list(module.body):
        yield lambda n=node: module.body.remove(n)
    for owner in [n for n in module.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]:
        for part in ast.walk(owner):
            for name in ("body", "orelse"):
                block = getattr(part, name, None)
                if isinstance(block, list):
                    yield from _in_block(block, keep=name == "body")
    for owner in [n for n in module.body if isinstance(n, ast.FunctionDef)]:
        for part in ast.walk(owner):
            yield from _in_expressions(part)


def _in_block(block: list[Any], keep: bool) -> Iterator[Any]:
    for i, statement in enumerate(block):
        def without(i: int = i) -> None:
            block[i:i + 1] = [] if len(block) > 1 or not keep else [ast.Pass()]

        yield without
        if isinstance(statement, (ast.If, ast.For)):
            yield lambda i=i, s=statement: block.__setitem__(slice(i, i + 1), s.body)


def _in_expressions(node: ast.AST) -> Iterator[Any]:
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.expr) and name not in ("func", "target", "annotation", "returns"):
            for child in [c for c in ast.iter_child_nodes(value) if isinstance(c, ast.expr)]:
                yield lambda n=name, c=child: setattr(node, n, c)
            if not isinstance(value, (ast.Constant, ast.Name)):
                yield lambda n=name: setattr(node, n, ast.Constant(0))
        elif isinstance(value, list) and isinstance(node, ast.BoolOp) and len(value) > 2:
            for i in range(len(value)):
                yield lambda v=value, i=i: v.pop(i)
        elif isinstance(value, list) and isinstance(node, (ast.BoolOp, ast.Compare, ast.Call, ast.Tuple)):
            for i, item in enumerate(value):
                if isinstance(item, ast.expr) and not isinstance(item, ast.Constant):
                    yield lambda v=value, i=i: v.__setitem__(i, ast.Constant(0))


__all__ = ["failing", "smaller"]
