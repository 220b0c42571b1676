"""Where scenarios come from: the suite of the storage device, scenario files, and specification files."""

from __future__ import annotations

import importlib
import json
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..files import read_file
from ..source import load_file
from ..spec.errors import DeclarationError, ScenarioError, SnapproofError, near
from ..spec.scenario import LARGEST_FILE, Scenario, load_scenario
from ..spec.specification import Specification
from ..spec.toml_file import read_toml
from ..texts import write_text
from .loading import loading

COUNTS = "counts.json"
COUNTED = ("distinct", "generated", "depth")


def device() -> Specification:
    """The specification of the storage device."""
    return _specification_of(importlib.import_module("snapproof.model.specification"), "snapproof.model.specification")


def strengthened() -> Specification:
    """The storage device with the facts that make its properties inductive."""
    module = "snapproof.invariants.strengthening.specification"
    return _specification_of(importlib.import_module(module), module)


def device_with(ids: Iterable[str]) -> Specification:
    """The storage device; with the facts of the strengthening where these properties are among them."""
    spec = device()
    return spec if set(ids) <= set(spec.properties) else strengthened()


def model_folder() -> Path:
    """The folder of the model: its scenarios and faults lie in it."""
    import snapproof.model
    return Path(snapproof.model.__file__ or "").parent


def scenario_folder() -> Path:
    """The folder of the default suite."""
    return model_folder() / "scenarios"


def specification_file(path: Path, seconds: float | None = None) -> Specification:
    """Load a Python file and take its `SPECIFICATION`; DeclarationError when it cannot be had, TooSlow when it takes longer."""
    if not path.is_file():
        raise ScenarioError(str(path), "there is no such file.", "Give the path of a Python file with a SPECIFICATION.")
    if path.suffix != ".py":
        raise DeclarationError(str(path), "it is no Python file.", "Give a file that ends in .py.")
    try:
        with loading(path, seconds):
            module = load_file(path, f"snapproof_specification_{path.stem}")
    except SnapproofError:
        raise
    except SyntaxError as error:
        raise DeclarationError(f"{path}:{error.lineno}", f"it is not Python: {error.msg}.", "Correct the line.") from None
    except (Exception, SystemExit) as error:  # any mistake of the file's author ends here, with its line
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).resolve() == path.resolve()]
        where = f"{path}:{lines[-1]}" if lines else str(path)
        raise DeclarationError(where, f"loading it fails ({type(error).__name__}: {error}).", "Correct the line.") from error
    return _specification_of(module, str(path))


def _specification_of(module: Any, place: str) -> Specification:
    found = getattr(module, "SPECIFICATION", None)
    if not isinstance(found, Specification):
        raise DeclarationError(place, "it declares no SPECIFICATION.",
                               "End it with SPECIFICATION = Specification.of_module(…); docs/language.md shows how.")
    return found


def whole_scenario(spec: Specification, name: str) -> Scenario:
    """A specification by itself: default sizes, all properties, all its witnesses."""
    known = spec.properties.values()
    return Scenario(name, spec, purpose=spec.name, witnesses=[p.id for p in known if p.kind == "witness"], whole=True, place=f"{name}.py")


def suite() -> list[Scenario]:
    """The default suite, in the order of the file names."""
    spec = device()
    return [load_scenario(path, spec) for path in _suite_paths()]


def _suite_paths() -> list[Path]:
    paths = sorted(scenario_folder().glob("*.toml"))
    if not paths:
        raise ScenarioError("scenarios", "the installed model has none.", "Install snapproof again.")
    return paths


def find(name: str, spec: Specification | None = None, seconds: float | None = None) -> Scenario:
    """A scenario by name, by the path of its .toml file, or a specification by the path of its .py file, if it is loaded in time."""
    path = Path(name)
    if path.suffix == ".py":
        return whole_scenario(specification_file(path, seconds), path.stem)
    if path.suffix == ".toml":
        return load_scenario(path, spec or device())
    known = {p.stem: p for p in _suite_paths()}
    if name in known:
        return load_scenario(known[name], device())
    if path.exists():
        raise ScenarioError(name, "it is neither a scenario nor a specification.",
                            "Give a .toml file, a .py file, or the name of a scenario.")
    raise ScenarioError(name, "there is no such scenario.", near(name, list(known)))


def in_suite(name: str) -> bool:
    """Does this command line argument stand for a scenario of the suite?"""
    path = Path(name)
    if path.suffix == ".toml":
        return path.exists() and path.resolve().parent == scenario_folder().resolve()
    return path.suffix != ".py"


# --- recorded counts --------------------------------------------------------------------------------


def load_counts() -> dict[str, dict[str, int]]:
    """The recorded counts: scenario -> {distinct, generated, depth}; ScenarioError when the file is damaged."""
    path = scenario_folder() / COUNTS
    try:
        data = json.loads(read_file(path, LARGEST_FILE).decode("utf-8-sig"))
        if not isinstance(data, dict) or not all(_is_count(c) for c in data.values()):
            raise ValueError("it does not hold {name: {distinct, generated, depth}}")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ScenarioError(COUNTS, f"the recorded counts cannot be read ({error}).",
                            "Restore the file, or delete it and run snapproof scenarios --update.") from None
    return data


def _is_count(entry: Any) -> bool:
    return isinstance(entry, dict) and set(entry) == set(COUNTED) and all(type(v) is int for v in entry.values())


def save_counts(counts: dict[str, dict[str, int]]) -> None:
    """Record counts, one line a scenario, so that a diff shows what changed."""
    lines = [f"  {json.dumps(name)}: {json.dumps({k: counts[name][k] for k in COUNTED})}" for name in sorted(counts)]
    write_text(scenario_folder() / COUNTS, "{\n" + ",\n".join(lines) + "\n}\n")


# --- faults -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """One switch away from a scenario that holds, and the property that must catch it (or "deadlock", "stuck")."""

    id: str
    switch: str
    value: str
    scenario: str
    property: str
    meaning: str


def load_faults(spec: Specification) -> list[Fault]:
    """The faults of the model; ScenarioError names the entry that does not fit."""
    place = "faults.toml"
    data = read_toml(model_folder() / place, LARGEST_FILE, "The file of the model, as it was installed,")
    listed = data.get("fault", [])
    if not isinstance(listed, list):
        raise ScenarioError(f"{place}, fault", "it is not a list.", "Write [[fault]] once for each fault.")
    out: list[Fault] = []
    for i, entry in enumerate(listed):
        where = f"{place}, fault {entry.get('id', i + 1) if isinstance(entry, dict) else i + 1}"
        keys = set(Fault.__dataclass_fields__)
        if not isinstance(entry, dict) or set(entry) != keys or not all(isinstance(v, str) for v in entry.values()):
            raise ScenarioError(where, "its keys do not fit.", f"Give {', '.join(Fault.__dataclass_fields__)}, all strings.")
        fault = Fault(**entry)
        if fault.switch not in spec.scope.switches:
            raise ScenarioError(where, f"there is no switch {fault.switch!r}.", near(fault.switch, list(spec.scope.switches)))
        spec.scope.switches[fault.switch].parse(fault.value, where)
        if fault.property not in ("deadlock", "stuck") and fault.property not in spec.properties:
            raise ScenarioError(where, f"there is no property {fault.property!r}.", near(fault.property, list(spec.properties)))
        if fault.id in {f.id for f in out}:
            raise ScenarioError(where, "its id is used twice.", "Give each fault an id of its own.")
        out.append(fault)
    return out


def with_fault(scenario: Scenario, fault: Fault) -> Scenario:
    """The scenario with the fault's switch set."""
    return replace(scenario.changed({fault.switch: fault.value}), place=f"fault {fault.id}")
