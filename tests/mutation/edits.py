"""One small change of a source file, named by box and construct: line numbers move, these do not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any


class NoSuchPlace(Exception):
    """The file has no such function, or the function no such construct."""


@dataclass(frozen=True)
class Edit:
    """In `function` of `module` the `nth` construct that reads `before` becomes `after`.

    `before` is an expression or a statement as `ast.unparse` writes it.  Empty: `after` is a statement that goes before the
    body.  `function` may also be a method (`Class.method`), or a list that a module assigns to a name.
    """

    module: str
    function: str
    before: str
    after: str
    nth: int = 0
    kind: str = ""

    @property
    def name(self) -> str:
        """The edit in one line."""
        where = f"{self.module}.{self.function}"
        nth = f" (no. {self.nth + 1})" if self.nth else ""
        return f"{where}{nth}: {self.before or 'at the beginning'}  ->  {self.after}"

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@cache
def definitions(source: str) -> dict[str, ast.stmt]:
    """The functions of a module, the methods of its classes (`Class.method`) and the lists it assigns, by name."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found.update((f"{node.name}.{n.name}", n) for n in node.body if isinstance(n, ast.FunctionDef))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node
    return found


def constructs(node: ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    """Everything in a definition that can be changed, from the outside in; its name, parameters and docstring cannot."""
    if isinstance(node, ast.FunctionDef):
        parts: list[ast.AST] = [*node.decorator_list, *_body(node)]
    else:
        parts = [node.value] if isinstance(node, ast.Assign) else []
    for part in parts:
        for found in ast.walk(part):
            if isinstance(found, (ast.expr, ast.stmt)):
                yield found


def _body(node: ast.FunctionDef) -> list[ast.stmt]:
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return node.body[1:] if is_docstring else node.body


def located(source: str, edit: Edit) -> ast.expr | ast.stmt:
    """The construct that the edit is about; NoSuchPlace when the text has moved on."""
    node = definitions(source).get(edit.function)
    if node is None:
        raise NoSuchPlace(f"{edit.module} defines no {edit.function}")
    if not edit.before:
        assert isinstance(node, ast.FunctionDef)
        return _body(node)[0]
    same = [n for n in constructs(node) if ast.unparse(n) == edit.before]
    if len(same) <= edit.nth:
        raise NoSuchPlace(f"{edit.module}.{edit.function} has no {edit.before!r}" + (f" no. {edit.nth + 1}" if edit.nth else ""))
    return same[edit.nth]


def applied(source: str, edit: Edit) -> str:
    """The source with the edit, all other text as it was."""
    node = located(source, edit)
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    text = edit.after.encode()
    if not edit.before:
        text, end = text + b"\n" + b" " * node.col_offset, begin
    elif isinstance(node, ast.expr) and b" " in text:
        text = b"(" + text + b")"
    whole = b"".join(lines)
    return (whole[:begin] + text + whole[end:]).decode()


def line_of(source: str, edit: Edit) -> int:
    """Where the construct stands now."""
    return located(source, edit).lineno
