"""The tree that functions are lowered to: what it keeps of itself is what a walk finds."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import Any

from examples_kit import example

from snapproof.model.specification import SPECIFICATION
from snapproof.spec import tree


def below(item: Any) -> list[Any]:
    """The nodes under an item, in the order of the text; this is what `tree.nodes` keeps for a function."""
    if isinstance(item, tuple):
        return [node for part in item for node in below(part)]
    if not hasattr(item, "__dataclass_fields__") or isinstance(item, (type, tree.Function)):
        return []
    return [item, *(node for part in fields(item) for node in below(getattr(item, part.name)))]


def test_a_function_keeps_the_nodes_and_helpers_that_a_walk_finds() -> None:
    functions = [f for spec in (SPECIFICATION, example("peterson"), example("alternating_bit")) for f in spec.reader.everything()]
    assert len(functions) > 300
    for function in functions:
        walked = below(function.body)
        assert [id(n) for n in tree.nodes(function)] == [id(n) for n in walked]
        assert {id(f) for f in function.walked()[1]} == {id(n.function) for n in walked if isinstance(n, tree.Call)}


def test_another_body_is_walked_anew() -> None:
    function = SPECIFICATION.reader.everything()[0]
    before, other = list(tree.nodes(function)), copy.copy(function)
    other.body = (tree.Return(tree.Const(7), 1), *function.body)
    assert list(tree.nodes(other)) == [*tree.nodes((tree.Return(tree.Const(7), 1),)), *before]
    assert list(tree.nodes(function)) == before, "that of the function it was copied from stays"
