"""What is looked up or passed over when a specification is read gives what the slow way gives."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, Union, get_type_hints

import pytest

from snapproof import source
from snapproof.checker import kernels, kernels_blame, kernels_start, kernels_steps, kernels_stuck
from snapproof.checker.kernel_reader import KernelReader
from snapproof.model.specification import SPECIFICATION
from snapproof.spec import Flag, IndexSet, tree, walks

KERNELS = [f for module in (kernels, kernels_blame, kernels_start, kernels_steps, kernels_stuck)
           for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == module.__name__]


class Other(IndexSet, letter="O"):
    """Others."""


def functions() -> list[tree.Function]:
    """Every tree of the model, and every kernel: they have loops that no step may have."""
    reader = KernelReader()
    for kernel in KERNELS:
        reader.read(kernel)
    return [*SPECIFICATION.reader.everything(), *reader.everything()]


def test_the_statements_are_the_nodes_that_have_a_line() -> None:
    for function in functions():
        if not function.inner:
            assert [id(n) for n in walks.statements(function)] == [id(n) for n in tree.nodes(function) if hasattr(n, "line")], function.name


def test_annotations_are_what_get_type_hints_says() -> None:
    for function in [*SPECIFICATION.reader.functions, *KERNELS]:
        assert source.hints(function) == get_type_hints(function, include_extras=True), function


def of_every_kind(a: int, b: Other, c: Annotated[int, Flag()], d: Union[int, str], e: None, f: list[int]) -> Any:  # type: ignore[empty-body]
    """Annotations that are not only names."""


def not_known(a: Nowhere) -> int:  # type: ignore[name-defined]  # noqa: F821
    """Its annotation is not there."""
    return 0


def test_an_annotation_that_is_no_name_of_a_class_is_evaluated() -> None:
    assert source.hints(of_every_kind) == get_type_hints(of_every_kind, include_extras=True)
    with pytest.raises(NameError):
        source.hints(not_known)
