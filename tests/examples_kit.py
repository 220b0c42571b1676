"""Examples, loaded once, and searched in either reading."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from snapproof.checker import Result, search
from snapproof.spec import Specification
from snapproof.spec.instance import Instance

ROOT = Path(__file__).parents[1]
READINGS = ["plain", "compiled"]
KNOWN: dict[str, Specification] = {}


def example(name: str) -> Specification:
    """The specification of an example, loaded once."""
    if name not in KNOWN:
        module = _load(f"example_{name}", ROOT / "examples" / f"{name}.py")
        KNOWN[name] = module.SPECIFICATION
    return KNOWN[name]


def _load(name: str, path: Path) -> Any:
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


def explore(name: str, reading: Any = "plain", sizes: dict[str, int] | None = None, *, without: str = "",
            deadlock: bool | None = None, **switches: str) -> Result:
    """Search an example with all its properties but one, at other sizes and switches than the default."""
    spec = example(name)
    values = spec.scope.profile()
    for switch, text in switches.items():
        values[switch] = spec.scope.switches[switch].parse(text, name)
    properties = [p for p in spec.properties.values() if p.id != without]
    return search(Instance(spec, sizes or {}, values), properties, deadlock=deadlock, reading=reading)


def shown(result: Result) -> list[dict[str, Any]]:
    """The states of a counterexample, readable."""
    assert result.counterexample is not None
    return [result.instance.show(t.cells) for t in result.counterexample]
