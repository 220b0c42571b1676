"""The expressions of the language, from Python's `ast` to the tree (see reader.py)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from enum import IntEnum
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from . import tree
from .errors import DeclarationError, near
from .processes import Argument, Local, Process, Signal, Step
from .scope import Switch
from .variables import TableVariable, Variable

if TYPE_CHECKING:
    from .reader import Reader

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%", ast.BitAnd: "&",
    ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>"}
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
LARGEST = (1 << 62) - 1
"""Constants and domains stay inside this, so that the compiled reading's 64 bits hold every value."""

UNARY: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.Invert: "~", ast.Not: "not"}


class ExpressionReader:
    """Lowers the expressions of one function.

    `roles` of its parameters, `handles` (names of processes), `assigned` (names that have a value here), `steps` (names
    that hold a step), `names` (what it closes over).
    """

    reader: Reader
    function: Callable[..., Any]
    first: int
    file: str
    names: dict[str, Any]
    roles: dict[str, str]
    handles: dict[str, type[Process]]
    assigned: set[str]
    steps: set[str]
    out: tree.Function

    def place(self, node: ast.AST) -> str:
        line = self.first + getattr(node, "lineno", 1) - 1
        return f"{'/'.join(self.file.split('/')[-2:])}:{line} {self.function.__name__}"

    def refuse(self, node: ast.AST, what: str, fix: str) -> NoReturn:
        raise DeclarationError(self.place(node), f"{what} {'are' if what.endswith('s') else 'is'} outside the language of steps:",
                               f"{fix}.")

    def operator(self, node: ast.AugAssign | ast.BinOp) -> str:
        op = BINARY.get(type(node.op))
        if op is None:
            self.refuse(node, f"the operator {type(node.op).__name__!r}", "use + - * // % & | ^ << >> on integers")
        return op

    def condition(self, node: ast.expr) -> tree.Expr:
        found = self.expr(node, condition=True)
        if self.is_step(found):
            self.refuse(node, "a step as a condition", "compare a value; a step is only returned")
        return found

    def is_step(self, node: tree.Expr) -> bool:
        """Is the value a step or a signal?"""
        if isinstance(node, tree.Choose):
            return self.is_step(node.then) or self.is_step(node.otherwise)
        if isinstance(node, tree.Call):
            return node.function.returns not in (int, bool, None, type(None))
        return isinstance(node, tree.StepRef) or isinstance(node, tree.Name) and node.name in self.steps

    def expr(self, node: ast.expr, condition: bool = False) -> tree.Expr:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (bool, int)):
                return self.known(int(node.value), node)
            self.refuse(node, f"the constant {node.value!r}", "states hold integers; use an IntEnum for names")
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.Attribute):
            return self.attribute(node)
        if isinstance(node, ast.Subscript):
            return self.subscript(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.BinOp):
            left, right = self.expr(node.left), self.expr(node.right)
            if self.is_step(left) or self.is_step(right):
                self.refuse(node, "arithmetic with steps", "compute with integers")
            return tree.Binary(self.operator(node), left, right)
        if isinstance(node, ast.UnaryOp) and type(node.op) in UNARY:
            return tree.Unary(UNARY[type(node.op)], self.expr(node.operand, isinstance(node.op, ast.Not)))
        if isinstance(node, ast.BoolOp):
            items = tuple(self.condition(v) for v in node.values)
            if not condition and not all(truth(i) for i in items):
                self.refuse(node, "and/or of values that are not conditions", "compare them with == or use if … else")
            return tree.Logic("and" if isinstance(node.op, ast.And) else "or", items)
        if isinstance(node, ast.Compare):
            left, parts = self.expr(node.left), []
            for op, item in zip(node.ops, node.comparators):
                right = self.expr(item)
                if type(op) not in COMPARE:
                    self.refuse(node, "a test of membership or identity", "write has(mask, member), or compare one by one with ==")
                if self.is_step(left) or self.is_step(right):
                    self.refuse(node, "a comparison of steps", "ask p.at(step), or keep an enumeration in a local")
                parts.append(tree.Compare(COMPARE[type(op)], left, right))
                left = right
            return parts[0] if len(parts) == 1 else tree.Logic("and", tuple(parts))
        if isinstance(node, ast.IfExp):
            return tree.Choose(self.condition(node.test), self.expr(node.body), self.expr(node.orelse))
        self.refuse(node, f"the expression {type(node).__name__.lower()!r}",
                    "use integers, index sets, comparisons, and/or/not, conditional expressions and helpers")

    def name(self, node: ast.Name) -> tree.Expr:
        if node.id in self.handles:
            self.refuse(node, f"the process {node.id!r} as a value", f"use {node.id}.id or {node.id}.number")
        if node.id in self.assigned:
            return tree.Name(node.id)
        if node.id in self.roles:
            self.refuse(node, f"{node.id!r} as a value", "name a variable of it")
        if node.id in self.function.__code__.co_varnames:
            raise DeclarationError(self.place(node), f"the name {node.id!r} may have no value here.",
                                   "Assign to it on every path before it is used.")
        return self.constant(self.lookup(node), node)

    def lookup(self, node: ast.expr) -> Any:
        """The Python object that a global name or dotted name stands for."""
        if isinstance(node, ast.Name):
            if node.id in self.names:
                return self.names[node.id]
            if node.id in self.function.__globals__:
                self.reader.bindings.append((self.function, node.id, self.function.__globals__[node.id]))
                return self.function.__globals__[node.id]
            builtins = self.function.__globals__["__builtins__"]
            table = builtins if isinstance(builtins, dict) else vars(builtins)
            if node.id in table:
                return table[node.id]
            raise DeclarationError(self.place(node), f"the name {node.id!r} is unknown.", "Import it, or correct it.")
        if isinstance(node, ast.Attribute):
            owner = self.lookup(node.value)
            if isinstance(owner, (type, ModuleType)) and hasattr(owner, node.attr):
                return getattr(owner, node.attr)
        self.refuse(node, "this expression", "name a module constant, an enumeration member or a step")

    def type_of(self, node: ast.expr) -> type:
        found = self.lookup(node)
        if not isinstance(found, type):
            self.refuse(node, "this loop or size", "name an index set or a process kind")
        return found

    def constant(self, found: Any, node: ast.AST) -> tree.Expr:
        if isinstance(found, (bool, int, IntEnum)):
            return self.known(int(found), node)
        if isinstance(found, (Step, Signal)):
            return tree.StepRef(found)
        self.refuse(node, f"the value {getattr(found, '__name__', found)!r}",
                    "use integers, enumeration members and steps as constants")

    def known(self, value: int, node: ast.AST) -> tree.Const:
        if abs(value) > LARGEST:
            self.refuse(node, f"the number {value}", f"numbers lie between -{LARGEST} and {LARGEST}")
        return tree.Const(value)

    def handle_kind(self, node: ast.expr) -> type[Process] | None:
        return self.handles.get(node.id) if isinstance(node, ast.Name) else None

    def attribute(self, node: ast.Attribute) -> tree.Expr:
        kind = self.handle_kind(node.value)
        if kind is not None:
            return self.field(kind, node)
        if isinstance(node.value, ast.Name) and node.value.id in self.roles:
            role, hint = self.roles[node.value.id], self.out.hints[node.value.id]
            found = getattr(hint, node.attr, None)
            if role == "scope" and isinstance(found, Switch):
                return tree.SwitchValue(node.attr)
            if role == "state" and isinstance(found, Variable):
                if isinstance(found, TableVariable):
                    self.refuse(node, f"the whole table {node.attr!r}", "read one of its cells")
                return tree.Load(node.value.id, found, ())
            names = list(hint.switches if role == "scope" else getattr(hint, "variables", {}))
            raise DeclarationError(self.place(node), f"{node.value.id} has no {node.attr!r}.", near(node.attr, names))
        return self.constant(self.lookup(node), node)

    def field(self, kind: type[Process], node: ast.Attribute) -> tree.Expr:
        handle = tree.Name(node.value.id)  # type: ignore[attr-defined]
        found = getattr(kind, node.attr, None)
        if isinstance(found, Local):
            return tree.Field(handle, node.attr, found.ghost)
        if isinstance(found, Argument):
            return tree.ArgumentValue(handle, node.attr)
        if node.attr in ("id", "number"):
            return tree.Number(handle, node.attr)
        if node.attr == "idle":
            return tree.Compare("<", tree.Field(handle, "command"), tree.Const(0))
        raise DeclarationError(self.place(node), f"{kind.__name__} has no local or argument {node.attr!r}.",
                               near(node.attr, [*kind.variables, *kind.arguments, "id", "number", "idle", "at"]))

    def subscript(self, node: ast.Subscript) -> tree.Expr:
        target = node.value
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) \
                and self.roles.get(target.value.id) == "state":
            found = getattr(self.out.hints[target.value.id], target.attr, None)
            if isinstance(found, TableVariable):
                parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                if len(parts) != len(found.indices):
                    raise DeclarationError(self.place(node), f"{target.attr} takes {len(found.indices)} indices, not {len(parts)}.",
                                           f"They are {', '.join(i.__name__ for i in found.indices)}.")
                return tree.Load(target.value.id, found, tuple(self.expr(p) for p in parts))
        self.refuse(node, "this subscript", "only tables of the state are indexed: s.variable[i, j]")

    def direct(self, node: ast.expr) -> tree.Expr:
        """The whole right side of `x = …` or `return …` (or a branch of it), which may come from a helper that writes."""
        if isinstance(node, ast.IfExp):
            return tree.Choose(self.condition(node.test), self.direct(node.body), self.direct(node.orelse))
        return self.call(node, direct=True) if isinstance(node, ast.Call) else self.expr(node)

    def call(self, node: ast.Call, direct: bool = False, statement: bool = False) -> tree.Expr:
        """A call.  Helpers that write stand alone (`f(…)`, `x = f(…)`, `return f(…)`), so that order cannot matter."""
        if node.keywords:
            self.refuse(node, "keyword arguments", "pass them in order")
        if isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if self.handle_kind(owner) is not None and node.func.attr == "at":
                steps = tuple(self.lookup(a) for a in node.args)
                if not all(isinstance(s, Step) for s in steps):
                    self.refuse(node, "this at(…)", "name steps: ha.at(write_the_track)")
                return tree.At(tree.Name(owner.id), steps)  # type: ignore[attr-defined]
            if isinstance(owner, ast.Name) and self.roles.get(owner.id) == "scope" and node.func.attr == "size":
                return tree.Size(self.type_of(node.args[0]))
        found = self.lookup(node.func)
        if found in (min, max) and len(node.args) == 2:
            return tree.Binary(found.__name__, self.expr(node.args[0]), self.expr(node.args[1]))
        if found in (int, bool) and len(node.args) == 1:
            inner = self.expr(node.args[0], condition=found is bool)
            return inner if found is int or truth(inner) else tree.Compare("!=", inner, tree.Const(0))
        if not isinstance(found, FunctionType):
            self.refuse(node, f"a call of {getattr(found, '__name__', found)!r}",
                        "call a helper function with plain parameters, min, max, or count/has of snapproof.spec")
        helper = self.reader.read(found)
        if len(node.args) != len(helper.parameters):
            raise DeclarationError(self.place(node), f"{found.__name__} takes {len(helper.parameters)} arguments.",
                                   f"They are {', '.join(helper.parameters)}.")
        if not (direct or statement) and tree.writes(helper):
            self.refuse(node, f"a call of {found.__name__}, which writes, inside an expression",
                        "give it a line of its own: f(…), x = f(…) or return f(…)")
        if not statement and not ends(helper.body):
            self.refuse(node, f"the value of {found.__name__}, which may end without one", "return a value on every path")
        if helper.returns is bool and any(isinstance(n, tree.Return) and n.value is not None and not truth(n.value)
                                          for n in tree.nodes(helper)):
            self.refuse(node, f"{found.__name__} as it is: it says -> bool and returns a number",
                        "return a comparison, or bool(…)")
        return tree.Call(helper, tuple(self.passed(a, helper.roles[p], helper.hints.get(p), node)
                                       for a, p in zip(node.args, helper.parameters)))

    def passed(self, node: ast.expr, role: str, hint: Any, call: ast.AST) -> tree.Expr:
        """An argument of a helper call: states, scopes and handles are passed by name."""
        if role == "int":
            return self.expr(node)
        if isinstance(node, ast.Name):
            if role == "handle" and node.id in self.handles and issubclass(self.handles[node.id], hint):
                return tree.Name(node.id)
            mine = self.roles.get(node.id)
            if role == mine:
                return tree.Name(node.id)
        self.refuse(call, f"passing this where a {role} is expected", "pass the state, the scope or a process by its name")


def ends(body: tuple[tree.Stmt, ...]) -> bool:
    """Does every path through these statements return?"""
    last = body[-1] if body else None
    return isinstance(last, tree.Return) or (isinstance(last, tree.If) and ends(last.then) and ends(last.otherwise))


def truth(node: tree.Expr) -> bool:
    """Is the value of this expression always 0 or 1?"""
    if isinstance(node, tree.Const):
        return node.value in (0, 1)
    if isinstance(node, tree.Choose):
        return truth(node.then) and truth(node.otherwise)
    if isinstance(node, tree.Call):
        return node.function.returns is bool
    return isinstance(node, (tree.Compare, tree.Logic, tree.At)) or (isinstance(node, tree.Unary) and node.op == "not")
