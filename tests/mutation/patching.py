"""A change of the model made in what is loaded: the tree of one function is exchanged, and nothing is loaded anew."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from types import FunctionType
from typing import Any

from snapproof.source import SourceLoader
from snapproof.spec import tree

from .edits import Edit, applied
from .trial import Loaded


def _function(found: Any) -> FunctionType:
    plain = getattr(found, "function", found)
    assert isinstance(plain, FunctionType)
    return plain


def read_again(loaded: Loaded, edit: Edit) -> tuple[tree.Function, tree.Function]:
    """The tree of a function of the model, and that of the changed one; it calls what is loaded, and leads there."""
    name = f"snapproof.model.{edit.module}"
    old = sys.modules[name]
    path = loaded.folder / "model" / f"{edit.module}.py"
    changed = loaded.folder / f"{edit.module}.py"
    changed.write_text(applied(path.read_text("utf-8"), edit), "utf-8")
    spec = importlib.util.spec_from_file_location(name, changed, loader=SourceLoader(name, str(changed)))
    assert spec is not None and spec.loader is not None
    new = importlib.util.module_from_spec(spec)
    sys.modules[name] = new
    try:
        spec.loader.exec_module(new)
        function = _function(vars(new)[edit.function])
        vars(new).update({n: v for n, v in vars(old).items() if not n.startswith("__")})
        return loaded.spec.reader.read(_function(vars(old)[edit.function])), loaded.spec.reader.read(function)
    finally:
        sys.modules[name] = old


@contextmanager
def changed_model(loaded: Loaded, edits: tuple[Edit, ...]) -> Iterator[None]:
    """While it is open the model is changed, and what is compiled is compiled for it."""
    kept, functions = loaded.modules, loaded.spec.reader.functions
    pairs = [read_again(loaded, e) for e in edits]
    before = [{f.name: getattr(old, f.name) for f in fields(tree.Function)} for old, _ in pairs]
    try:
        loaded.modules = {}
        for old, new in pairs:
            _become(old, {f.name: getattr(new, f.name) for f in fields(tree.Function)})
        _forget(functions.values())
        yield
    finally:
        loaded.modules = kept
        for (old, _), was in zip(pairs, before, strict=True):
            _become(old, was)
        _forget(functions.values())


def _become(function: tree.Function, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(function, name, value)


def _forget(functions: Any) -> None:
    for function in functions:
        function.__dict__.pop("writes", None)


__all__ = ["changed_model", "read_again"]
