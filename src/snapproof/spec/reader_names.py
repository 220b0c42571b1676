"""What the names in a body stand for: locals, parameters, constants, variables of the state, parts of a process."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import IntEnum
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from . import tree
from .constants import Constant
from .domains import LARGEST, Flag, IndexSet
from .errors import DeclarationError, near
from .fields import Fielded, RecordField
from .figures import Figure
from .locals import Argument, Local
from .processes import Process, Signal, Step
from .scope import Switch
from .shapes import case_in, record_in
from .variables import TableVariable, Variable

if TYPE_CHECKING:
    from .reader import Reader

class NameReader(ABC):
    """Names in one function.

    `roles` of its parameters, `handles` (names of processes), `assigned` (names that have a value here), `steps` (names
    that hold a step or a signal), `numbers` (names that hold a number or a record), `shapes` (the class of records, or None,
    of names that have had a value), `names` (what it closes over), `own` (every name
    that it, or a generator around this place, binds).
    """

    reader: Reader
    function: Callable[..., Any]
    file: str
    names: dict[str, Any]
    roles: dict[str, str]
    handles: dict[str, type[Process]]
    assigned: set[str]
    steps: set[str]
    numbers: set[str]
    shapes: dict[str, Any]
    own: set[str]
    out: tree.Function

    @abstractmethod
    def expr(self, node: ast.expr, condition: bool = False) -> tree.Expr:
        """A number or a truth value (reader_expressions.py)."""

    def place(self, node: ast.AST) -> str:
        return self.place_of(getattr(node, "lineno", 1))

    def place_of(self, line: int) -> str:
        return f"{'/'.join(self.file.split('/')[-2:])}:{line} {self.function.__name__}"

    def refuse(self, node: ast.AST, what: str, fix: str) -> NoReturn:
        raise DeclarationError(self.place(node), f"{what} {'are' if what.endswith('s') else 'is'} outside the language of steps:",
                               f"{fix}.")

    def name(self, node: ast.Name) -> tree.Expr:
        if node.id in self.handles:
            self.refuse(node, f"the process {node.id!r} as a value", f"use {node.id}.id or {node.id}.number")
        if node.id in self.assigned:
            return tree.Name(node.id)
        if node.id in self.roles:
            self.refuse(node, f"{node.id!r} as a value", "name a variable of it")
        return self.constant(self.lookup(node), node)

    def lookup(self, node: ast.expr) -> Any:
        """The Python object that a global name or dotted name stands for."""
        if isinstance(node, ast.Name):
            if node.id in self.own:
                raise DeclarationError(self.place(node), f"the name {node.id!r} is one of the function's own, and may have no value here.",
                                       "Assign to it on every path before it is used; as a type or a helper, use a name of the module.")
            if node.id in self.names:
                return self.names[node.id]
            if node.id in self.function.__globals__:
                return self.bound(self.function.__globals__, node.id)
            builtins = self.function.__globals__["__builtins__"]
            table = builtins if isinstance(builtins, dict) else vars(builtins)
            if node.id in table:
                return table[node.id]
            raise DeclarationError(self.place(node), f"the name {node.id!r} is unknown.", "Import it, or correct it.")
        if isinstance(node, ast.Attribute):
            owner = self.lookup(node.value)
            if isinstance(owner, (type, ModuleType)) and hasattr(owner, node.attr):
                return self.bound(owner, node.attr)
            if isinstance(owner, Figure):
                if node.attr not in owner.exits:
                    raise DeclarationError(self.place(node), f"the figure {owner.name} has no exit {node.attr!r}.",
                                           near(node.attr, [*owner.exits, "call"]))
                return owner.exits[node.attr]
        self.refuse(node, "this expression", "name a module constant, an enumeration member or a step")

    def bound(self, owner: Any, name: str) -> Any:
        """What a name of a module or a class stands for now; it must stay so (`Reader.check_bindings`)."""
        found = owner[name] if isinstance(owner, dict) else getattr(owner, name)
        self.reader.bindings.append((self.function, owner, name, found))
        return found

    def members(self, node: ast.expr) -> type:
        """The index set or process kind that is named."""
        found = self.lookup(node)
        if not (isinstance(found, type) and issubclass(found, (IndexSet, Process)) and bool(getattr(found, "letter", None))):
            self.refuse(node, "this loop or size", "name an index set, or a process kind with a letter")
        return found

    def constant(self, found: Any, node: ast.AST) -> tree.Expr:
        if isinstance(found, (bool, int, IntEnum)):
            return self.known(int(found), node)
        if isinstance(found, (Step, Signal)):
            return tree.StepRef(found)
        if isinstance(found, type) and issubclass(found, Fielded):
            asked = f"ask isinstance(m, {found.__name__}), or " if case_in(found) else ""
            made = [found.__name__] if record_in(found) or case_in(found) else list(getattr(found, "cases", ()))
            self.refuse(node, f"the class {found.__name__} as a value", f"{asked}make a value: {' or '.join(f'{n}(…)' for n in made)}")
        if isinstance(found, RecordField):
            self.refuse(node, "a field without a value", "name it behind a value that has it: m.sender")
        self.refuse(node, f"the value {getattr(found, '__name__', found)!r}",
                    "use integers, enumeration members and steps as constants")

    def known(self, value: int, node: ast.AST) -> tree.Const:
        if abs(value) > LARGEST:
            self.refuse(node, f"the number {value if abs(value) < 1 << 99 else 'with so many digits'}",
                        f"numbers lie between -{LARGEST} and {LARGEST}")
        return tree.Const(value)

    def figure(self, node: ast.expr) -> Figure | None:
        """The figure that is named, if one is."""
        own = {*self.roles, *self.handles, *self.assigned}
        root = node.value if isinstance(node, ast.Attribute) else node
        found = self.lookup(node) if isinstance(root, ast.Name) and root.id not in own else None
        return found if isinstance(found, Figure) else None

    def names_process(self, node: ast.expr | None) -> bool:
        """Is this `s.process(…)` or `s.same(…)` of a state?"""
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("process", "same") and \
            isinstance(node.func.value, ast.Name) and self.roles.get(node.func.value.id) == "state"

    def refuse_process(self, node: ast.expr) -> None:
        """Nothing else can be done with such a call than to give the process a name."""
        if self.names_process(node):
            self.refuse(node, "a process in the middle of an expression", f"give it a name first: q = {ast.unparse(node)}")

    def process_named(self, node: ast.stmt) -> ast.Call | None:
        """The call that stands for a process to which a statement gives a name."""
        named = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        return node.value if named and self.names_process(node.value) else None  # type: ignore[attr-defined]

    def process_called(self, node: ast.Call) -> tuple[type[Process], str, str, tree.Expr]:
        """Its kind, the state that it is looked at in, and its "id" or "number"."""
        state, which = node.func.value.id, node.func.attr  # type: ignore[attr-defined]
        given = [] if node.keywords else node.args
        kind = self.handle_kind(given[0]) if which == "same" and len(given) == 1 else None
        if kind is not None and kind.letter:
            return kind, state, "id", tree.Number(tree.Name(given[0].id), "id")  # type: ignore[attr-defined]
        if which == "process" and len(given) == 2:
            kind = self.members(given[0])
            if issubclass(kind, Process):
                return kind, state, "number", self.expr(given[1])
        self.refuse(node, f"this {which}(…)", f"write {state}.same(p) with a process p of a kind with a letter" if which == "same" else
                    f"write {state}.process(Kind, number) with a kind of process that has a letter")

    def handle_kind(self, node: ast.expr) -> type[Process] | None:
        return self.handles.get(node.id) if isinstance(node, ast.Name) else None

    def attribute(self, node: ast.Attribute) -> tree.Expr:
        kind = self.handle_kind(node.value)
        if kind is not None:
            return self.field(kind, node)
        if isinstance(node.value, ast.Name) and node.value.id in self.roles:
            role, hint = self.roles[node.value.id], self.out.hints.get(node.value.id, int)
            found = getattr(hint, node.attr, None)
            if role == "scope" and isinstance(found, Switch):
                return tree.SwitchValue(node.attr, {int(v) for v in found.values} <= {0, 1})
            if role == "scope" and isinstance(found, Constant):
                return tree.Size(found)
            if role == "state" and isinstance(found, Variable):
                if isinstance(found, TableVariable):
                    self.refuse(node, f"the whole table {node.attr!r}", "read one of its cells")
                return tree.Load(node.value.id, found, ())
            if role == "int":
                raise DeclarationError(self.place(node), f"{node.value.id!r} is a number here and has no {node.attr!r}.",
                                       f"Annotate the parameter {node.value.id} with its class: the state, the scope or a process.")
            names = [*hint.switches, *hint.constants] if role == "scope" else list(getattr(hint, "variables", {}))
            raise DeclarationError(self.place(node), f"{node.value.id} has no {node.attr!r}.", near(node.attr, names))
        return self.constant(self.lookup(node), node)

    def field(self, kind: type[Process], node: ast.Attribute) -> tree.Expr:
        handle = tree.Name(node.value.id)  # type: ignore[attr-defined]
        found = getattr(kind, node.attr, None)
        if isinstance(found, Local):
            return tree.Field(handle, node.attr, found.ghost, isinstance(found.domain, Flag))
        if isinstance(found, Argument):
            return tree.ArgumentValue(handle, node.attr, isinstance(found.domain, Flag))
        if node.attr in ("id", "number"):
            return tree.Number(handle, node.attr)
        if node.attr == "idle":
            if not kind.programs:
                raise DeclarationError(self.place(node), f"{kind.__name__} runs no programs, so it is always idle.",
                                       f"Leave the question out, or write class {kind.__name__}(Process, letter=…, programs=True).")
            return tree.Compare("<", tree.Field(handle, "command"), tree.Const(0))
        raise DeclarationError(self.place(node), f"{kind.__name__} has no local or argument {node.attr!r}.",
                               near(node.attr, [*kind.variables, *kind.arguments, "id", "number", "idle", "at"]))

    def subscript(self, node: ast.Subscript) -> tree.Expr:
        state, found = self.table(node.value)
        if found is None:
            return self.item(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(parts) != len(found.indices):
            raise DeclarationError(self.place(node), f"{found.name} takes {len(found.indices)} indices, not {len(parts)}.",
                                   f"They are {', '.join(i.__name__ for i in found.indices)}.")
        return tree.Load(state, found, tuple(self.expr(p) for p in parts))

    def table(self, node: ast.expr) -> tuple[str, TableVariable | None]:
        """The table that is named, and the state that it is one of."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and self.roles.get(node.value.id) == "state":
            found = getattr(self.out.hints[node.value.id], node.attr, None)
            return node.value.id, found if isinstance(found, TableVariable) else None
        return "", None

    def item(self, node: ast.Subscript) -> tree.Expr:
        """What is indexed and is no table (reader_sequences.py)."""
        self.refuse(node, "this subscript", "only tables of the state and sequences are indexed: s.variable[i, j], q[0]")
