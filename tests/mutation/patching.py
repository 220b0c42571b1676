"""A change of the model made in what is loaded: the tree of one function is exchanged, and nothing is loaded anew."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import FunctionType
from typing import Any

from snapproof.source import SourceLoader
from snapproof.spec import Specification, tree
from snapproof.spec.routes import Routes, order_of

from .edits import Edit, applied
from .judging import Kept
from .trial import Loaded, copied, load


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
    kept, functions, routes = loaded.modules, loaded.spec.reader.functions, loaded.spec.routes
    pairs = [read_again(loaded, e) for e in edits]
    before = [{f.name: getattr(old, f.name) for f in fields(tree.Function)} for old, _ in pairs]
    try:
        loaded.modules = {}
        for old, new in pairs:
            _become(old, {f.name: getattr(new, f.name) for f in fields(tree.Function)})
        _forget(functions.values())
        loaded.spec.routes = _routes(loaded.spec)
        yield
    finally:
        loaded.modules = kept
        for (old, _), was in zip(pairs, before, strict=True):
            _become(old, was)
        _forget(functions.values())
        loaded.spec.routes = routes


def _routes(spec: Specification) -> dict[str, Routes]:
    """Where the boxes lead now: a change may call a figure in another way."""
    returned = {s: spec.returns(s) for steps in spec.steps.values() for s in steps}
    order = order_of(returned, spec.trees)
    return {name: Routes(steps, returned, order) for name, steps in spec.steps.items()}


def _become(function: tree.Function, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(function, name, value)


def _forget(functions: Any) -> None:
    """What is kept of a tree is to be found anew."""
    own = {f.name for f in fields(tree.Function)}
    for function in functions:
        for name in function.__dict__.keys() - own:
            del function.__dict__[name]


def judge_kept(mutants: list[Kept]) -> list[str]:
    """What each mutant of the list does in its scenario."""
    with tempfile.TemporaryDirectory(prefix="snapproof-mutants-") as folder:
        loaded = load(copied(Path(folder)), [])
        assert isinstance(loaded, Loaded), loaded
        return [_found(loaded, m) for m in mutants]


def _found(loaded: Loaded, mutant: Kept) -> str:
    with changed_model(loaded, (mutant.edit,)):
        return loaded.run(loaded.scenario(mutant.scenario, dict(mutant.settings))).found


__all__ = ["changed_model", "judge_kept", "read_again"]
