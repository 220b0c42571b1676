"""What a text declares, as its tree says: for those who change it in one place and know what must become of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from random import Random
from typing import Any

ROLES = {"step": "step", "action": "action", "initial": "initial", "invariant": "property", "witness": "property", "transition": "property",
         "constraint": "constraint"}


@dataclass
class Function:
    """A function: its node, what it is (`helper` when nothing decorates it), and what its parameters are by annotation."""

    node: ast.FunctionDef
    role: str
    parameters: dict[str, str]
    local: bool = False

    @property
    def kind(self) -> str:
        """Of a step: the kind of process."""
        return ast.unparse(self.node.decorator_list[0].args[0])  # type: ignore[attr-defined]

    @property
    def mover(self) -> str:
        """Of a step: the name of the process that moves."""
        return list(self.parameters)[2]

    def returns(self) -> list[ast.Return]:
        return [n for n in ast.walk(self.node) if isinstance(n, ast.Return)]

    def blocks(self) -> list[list[ast.stmt]]:
        """Every list of statements, the body first."""
        return [b for n in ast.walk(self.node) for name in ("body", "orelse")
                if isinstance(b := getattr(n, name, None), list) and b and isinstance(b[0], ast.stmt)]


class Parts:
    """A module, taken apart; `put` writes into it.  Chances are drawn from `chance`."""

    def __init__(self, text: str, chance: Random) -> None:
        self.module, self.chance = ast.parse(text), chance
        self.functions = [_function(n) for n in self.module.body if isinstance(n, ast.FunctionDef)]
        classes = {n.name: n for n in self.module.body if isinstance(n, ast.ClassDef)}
        self.tables: dict[str, int] = {}
        self.plain: list[str] = []
        self.ghosts: list[str] = []
        for name, call in _declared(classes["S"]):
            if any(k.arg == "ghost" for k in call.keywords):
                self.ghosts.append(f"s.{name}" + self._indices(call))
            elif ast.unparse(call.func) == "table":
                self.tables[name] = len(call.args)
            else:
                self.plain.append(name)
        self.kinds = [n for n in classes.values() if any(k.arg == "letter" for k in n.keywords)
                      and ast.unparse(n.bases[0]) not in ("IndexSet",)]
        self.locals = {c.name: [n for n, v in _declared(c) if ast.unparse(v.func) == "local" and not v.keywords] for c in classes.values()}

    @staticmethod
    def _indices(call: ast.Call) -> str:
        return f"[{', '.join('0' for _ in call.args)}]" if ast.unparse(call.func) == "table" else ""

    def cells(self) -> list[str]:
        """Cells of the state that are no ghosts."""
        return [f"s.{n}" for n in self.plain] + [f"s.{n}[{', '.join('0' * size)}]" for n, size in self.tables.items()]

    def of(self, *roles: str, local: bool | None = None) -> list[Function]:
        """The functions that are one of these."""
        return [f for f in self.functions if f.role in roles and (local is None or f.local == local)]

    def put(self, text: str, function: Function, top: bool = False) -> None:
        """A statement goes somewhere into a function; `top`: in front of its body."""
        block = function.node.body if top else self.chance.choice(function.blocks())
        first = 1 if block is function.node.body and _is_text(block[0]) else 0
        last = len(block) - isinstance(block[-1], (ast.Return, ast.If))  # nothing stands behind what ends the block
        place = first if top or last < first else self.chance.randint(first, last)
        block[place:place] = ast.parse(text).body

    def declare(self, text: str) -> None:
        """A definition goes in front of the functions, where every function may use it."""
        place = min((i for i, n in enumerate(self.module.body) if isinstance(n, ast.FunctionDef)), default=len(self.module.body) - 1)
        self.module.body[place:place] = ast.parse(text).body

    def text(self) -> str:
        return ast.unparse(ast.fix_missing_locations(self.module)) + "\n"


def _function(node: ast.FunctionDef) -> Function:
    word, local = "", False
    for decorator in node.decorator_list:
        call = decorator.func if isinstance(decorator, ast.Call) else decorator
        word = ast.unparse(call)
        local = isinstance(decorator, ast.Call) and any(k.arg == "local" for k in decorator.keywords)
    role = ROLES.get(word, "explanation" if "." in word else "helper")
    return Function(node, role, {a.arg: ast.unparse(a.annotation) if a.annotation else "" for a in node.args.args}, local)


def _declared(node: ast.ClassDef) -> list[tuple[str, ast.Call]]:
    out: list[tuple[str, Any]] = []
    for part in node.body:
        if isinstance(part, ast.Assign):
            out.append((ast.unparse(part.targets[0]), part.value))
        elif isinstance(part, ast.AnnAssign):
            out.append((ast.unparse(part.target), part.value))
    return [(n, v) for n, v in out if isinstance(v, ast.Call)]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def returns_always(statements: list[ast.stmt]) -> bool:
    """Does every path through these end with a return?"""
    return any(isinstance(s, ast.Return) or isinstance(s, ast.If) and returns_always(s.body) and returns_always(s.orelse)
               for s in statements)
