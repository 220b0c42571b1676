"""Specifications that come from files: a Python file by itself, with default sizes and all its properties."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..source import load_file
from ..spec.errors import DeclarationError, ScenarioError, SnapproofError
from ..spec.scenario import Scenario
from ..spec.specification import Specification
from .loading import loading


def specification_file(path: Path, seconds: float | None = None) -> Specification:
    """Load a Python file and take its `SPECIFICATION`; DeclarationError when it cannot be had, TooSlow when it takes longer."""
    if not path.is_file():
        raise ScenarioError(str(path), "there is no such file.", "Give the path of a Python file with a SPECIFICATION.")
    if path.suffix != ".py":
        raise DeclarationError(str(path), "it is no Python file.", "Give a file that ends in .py.")
    with authored(str(path), [path]), loading(path, seconds):
        module = load_file(path, f"snapproof_specification_{path.stem}")
    return specification_of(module, str(path))


@contextmanager
def authored(place: str, paths: Iterable[Path]) -> Iterator[None]:
    """Any mistake of the author of what is loaded in here is a DeclarationError, with its last line in these files or folders."""
    homes = [p.resolve() for p in paths]
    try:
        yield
    except SnapproofError:
        raise
    except SyntaxError as error:
        where = f"{error.filename or place}:{error.lineno}"
        raise DeclarationError(where, f"it is not Python: {error.msg}.", "Correct the line.") from None
    except (Exception, SystemExit) as error:
        lines = [(Path(f.filename), f.lineno) for f in traceback.extract_tb(error.__traceback__)]
        mine = [f"{file}:{line}" for file, line in lines if any(file.resolve().is_relative_to(home) for home in homes)]
        where = mine[-1] if mine else place
        raise DeclarationError(where, f"loading it fails ({type(error).__name__}: {error}).", "Correct the line.") from error


def specification_of(module: Any, place: str) -> Specification:
    """The `SPECIFICATION` of a module; DeclarationError when it declares none."""
    found = getattr(module, "SPECIFICATION", None)
    if not isinstance(found, Specification):
        raise DeclarationError(place, "it declares no SPECIFICATION.",
                               "End it with SPECIFICATION = Specification.of_module(…); docs/language.md shows how.")
    return found


def whole_scenario(spec: Specification, name: str) -> Scenario:
    """A specification by itself: default sizes, all properties, all its witnesses."""
    known = spec.properties.values()
    return Scenario(name, spec, purpose=spec.name, witnesses=[p.id for p in known if p.kind == "witness"], whole=True, place=f"{name}.py")
