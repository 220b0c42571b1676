"""The storage device as it is installed: its specification, and the suite of its scenarios."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from ..spec.specification import Specification
from ..suite.sources import authored, specification_of
from ..suite.suite import Suite


def device() -> Specification:
    """The specification of the storage device; DeclarationError where its model or properties, which users edit, do not load."""
    return _specification("snapproof.model.specification")


def strengthened() -> Specification:
    """The storage device with the facts that make its properties inductive."""
    return _specification("snapproof.invariants.strengthening.specification")


def _specification(module: str) -> Specification:
    # By name: what this loads is checked when it is needed, not when a command is.
    packages = [importlib.util.find_spec(name) for name in ("snapproof.model", "snapproof.invariants")]
    with authored("the model or its properties", [Path(f) for p in packages if p for f in p.submodule_search_locations or ()]):
        found = importlib.import_module(module)
    return specification_of(found, module)


def model_folder() -> Path:
    """The folder of the model: its scenarios and faults lie in it."""
    import snapproof.model
    return Path(snapproof.model.__file__ or "").parent


SUITE = Suite(device, model_folder)
"""The scenarios, counts and faults of the storage device: what `snapproof check` runs when nothing is named."""

__all__ = ["SUITE", "device", "model_folder", "strengthened"]
