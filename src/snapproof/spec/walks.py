"""The statements of a tree, and the expressions in each (tree.py has the nodes)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from . import tree


def statements(function: tree.Function) -> Iterator[Any]:
    """Every statement of a function (helpers not entered), in the order of its text."""
    return (n for n in tree.nodes(function) if hasattr(n, "line"))


def own(statement: Any) -> Iterator[Any]:
    """Every expression in a statement, without those of statements under it."""
    for value in (getattr(statement, part.name) for part in fields(statement)):
        items = value if isinstance(value, tuple) else (value,)
        for item in items:
            if hasattr(item, "__dataclass_fields__") and not hasattr(item, "line"):
                yield from tree.nodes(item)
