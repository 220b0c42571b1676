"""The statements of a tree, the expressions in each, and how they end (tree.py has the nodes)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import tree


def statements(function: tree.Function) -> Iterator[Any]:
    """Every statement of a function (helpers not entered), in the order of its text."""
    left = list(reversed(function.body))
    while left:
        node = left.pop()
        yield node
        for value in (getattr(node, part) for part in tree.parts(node)):
            if isinstance(value, tuple):
                left.extend(n for n in reversed(value) if hasattr(n, "line"))


def own(statement: Any) -> Iterator[Any]:
    """Every expression in a statement, without those of statements under it."""
    for value in (getattr(statement, part) for part in reversed(tree.parts(statement))):
        for item in value if isinstance(value, tuple) else (value,):
            if hasattr(item, "__dataclass_fields__") and not hasattr(item, "line"):
                yield from tree.nodes(item)


def ends(body: tuple[Any, ...]) -> bool:
    """Does every path through these statements return?"""
    last = body[-1] if body else None
    return (isinstance(last, tree.Return) or isinstance(last, tree.If) and ends(last.then) and ends(last.otherwise)
            or isinstance(last, tree.For) and bool(last.one) and ends(last.body))
