"""Ghosts decide nothing: a value that comes from a ghost may flow only into ghosts.

The flow is followed through local names and through helpers, each analysed for the set of its parameters
that are ghosts where it is called.
"""

from __future__ import annotations

from typing import Any

from . import tree
from .errors import DeclarationError


class GhostFlow:
    """Follows ghosts through functions; each function once for each set of ghost parameters."""

    def __init__(self) -> None:
        self.results: dict[tuple[int, frozenset[str]], bool] = {}

    def check_step(self, function: tree.Function) -> None:
        """Refuse a step or action in which a ghost decides a branch, a loop, a variable, or the next box."""
        if self.result(function, frozenset()):
            raise DeclarationError(function.place, "a ghost decides the next box.", FIX)

    def result(self, function: tree.Function, ghosts: frozenset[str]) -> bool:
        """Does what the function returns come from a ghost, when these parameters do?"""
        key = (id(function), ghosts)
        if key not in self.results:
            self.results[key] = False  # helpers do not call themselves; this is only a guard
            self.results[key] = self._follow(function, set(ghosts))
        return self.results[key]

    def _follow(self, function: tree.Function, names: set[str]) -> bool:
        if function.inner:  # an expression: what it looks at decides its value, and nothing else
            return self.comes_from(function.body, names)
        while True:
            more = {n.name for n in tree.nodes(function) if isinstance(n, tree.Assign) and self.comes_from(n.value, names)}
            if more <= names:
                break
            names |= more
        returned = False
        for node in tree.nodes(function):
            self._statement(function, node, names)
            if isinstance(node, tree.Return) and node.value is not None:
                returned = self.comes_from(node.value, names) or returned
        return returned

    def _statement(self, function: tree.Function, node: Any, names: set[str]) -> None:
        decided = ""
        if isinstance(node, tree.If) and self.comes_from(node.test, names):
            decided = "a branch"
        elif isinstance(node, tree.For) and (self.comes_from(node.low, names) or self.comes_from(node.high, names)):
            decided = "a loop"
        elif isinstance(node, tree.Store) and not node.variable.ghost:
            if self.comes_from((*node.indices, node.value), names):
                decided = f"the variable {node.variable.name}"
        elif isinstance(node, tree.Store) and self.comes_from(node.indices, names):
            decided = f"which cell of {node.variable.name} is written"
        elif isinstance(node, tree.StoreField) and not node.ghost and self.comes_from(node.value, names):
            decided = f"the local {node.name}"
        elif isinstance(node, tree.Do):
            self.comes_from(node.call, names)
        if decided:
            raise DeclarationError(f"{function.place.rsplit(':', 1)[0]}:{node.line} {function.name}",
                                   f"a ghost decides {decided}.", FIX)

    def comes_from(self, node: Any, names: set[str]) -> bool:
        """Does a value come from a ghost?  Every part is looked at, since calls in it are followed on the way."""
        if isinstance(node, tuple):
            return bool([part for part in node if self.comes_from(part, names)])
        if isinstance(node, tree.Name):
            return node.name in names
        if isinstance(node, tree.Load):
            return self.comes_from(node.indices, names) or bool(node.variable.ghost)
        if isinstance(node, tree.Field):
            return node.ghost
        if isinstance(node, tree.Call):
            passed = {p for p, a in zip(node.function.parameters, node.arguments, strict=True) if self.comes_from(a, names)}
            return self.result(node.function, frozenset(passed))
        children = [getattr(node, name) for name in getattr(node, "__dataclass_fields__", ())]
        return bool([c for c in children if (isinstance(c, tuple) or hasattr(c, "__dataclass_fields__")) and self.comes_from(c, names)])


FIX = "Ghosts may only be copied into ghosts; they must not change what the device does."
