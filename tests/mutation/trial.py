"""Loading a mutated copy of the model and searching its scenarios: what tells the change, if anything does.

Each trial runs in a process of its own, which takes `model` and `invariants` from a copy.  Steps are compiled without
optimisation, which takes a fifth of a second, and a violation is told without a path to it.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import llvmlite.binding as llvm

import snapproof
from snapproof.checker import compiled
from snapproof.checker import kernels as k
from snapproof.checker.cache import Cache
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.emit import Module, emit_module
from snapproof.checker.native import Loaded as Native
from snapproof.checker.native import _machine
from snapproof.checker.result import Limits, Verdict
from snapproof.spec.errors import EvaluationError, SnapproofError
from snapproof.spec.machine import Transition

from .edits import Edit, applied

ROOT = Path(__file__).parents[2]
PARTS = ("model", "invariants")
MEMORY = 1 << 30


def source_of(edit: Edit, root: Path = ROOT) -> Path:
    """The file that an edit is about: a module of the model or, if `invariants.` stands before it, of the properties."""
    part, _, module = edit.module.rpartition(".")
    return root / (part or "model") / f"{module}.py"


def copied(folder: Path) -> Path:
    """A fresh copy of the model and its properties."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def change(folder: Path, edits: Iterable[Edit]) -> None:
    """Make the edits in a copy."""
    for edit in edits:
        path = source_of(edit, folder)
        path.write_text(applied(path.read_text("utf-8"), edit), "utf-8")


class Unoptimised(Cache):
    """In place of the cache: object code made at once."""

    def __init__(self, text: str, made: dict[str, bytes]) -> None:
        super().__init__(Path("unused"))
        self.text, self.made = text, made

    def load(self, key: str) -> bytes | None:
        if key not in self.made:
            self.made[key] = unoptimised(self.text)
        return self.made[key]


def unoptimised(text: str) -> bytes:
    """Object code, made in a fifth of a second."""
    _machine()  # initialises LLVM
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=0, jit=True, codemodel="jitdefault")
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    return bytes(machine.emit_object(module))


class _Search(CompiledSearch):
    """A search that stops at a violation without looking for the way to it."""

    told = ""

    def _path(self, begin: float, limits: Limits) -> tuple[list[Transition] | None, str]:
        """Nobody asks for it."""
        return [], ""

    def _settle(self) -> None:
        why, detail = self.cells[k.STOP], self.cells[k.DETAIL]
        if why in (k.GOING, k.GROW, k.FULL):
            super()._settle()
            return
        self.told = {k.VIOLATED: lambda: str(self.module.invariants[detail].id),
                     k.BROKEN_STEP: lambda: str(self.module.transitions[detail].id),
                     k.DEADLOCKED: lambda: "deadlock"}.get(why, lambda: "range")()
        self.stopped = (Verdict.DEADLOCK, None)


@dataclass
class Outcome:
    """What came of a scenario: "holds", the id of a property, "deadlock", "stuck", "range", "witness …" or "limit"."""

    found: str
    distinct: int = 0
    generated: int = 0
    executed: dict[str, int] = field(default_factory=dict)


class Loaded:
    """A copy of the model, loaded; SnapproofError when the specification is refused."""

    def __init__(self, folder: Path) -> None:
        sys.dont_write_bytecode = True
        for name in [n for n in sys.modules if n.startswith(("snapproof.model", "snapproof.invariants"))]:
            del sys.modules[name]
        for part in PARTS:
            if hasattr(snapproof, part):
                delattr(snapproof, part)
        snapproof.__path__ = [str(folder), *[p for p in snapproof.__path__ if p != str(folder)]]
        importlib.invalidate_caches()
        self.folder = folder
        self.spec = importlib.import_module("snapproof.model.specification").SPECIFICATION
        self.scenarios = importlib.import_module("snapproof.spec.scenario")
        self.modules: dict[Any, Any] = {}
        self.natives: dict[str, Native] = {}

    def scenario(self, name: str, settings: dict[str, str] | None = None) -> Any:
        scenario = self.scenarios.load_scenario(self.folder / "model" / "scenarios" / f"{name}.toml", self.spec)
        return scenario.changed(settings) if settings else scenario

    def run(self, scenario: Any, limits: Limits | None = None, properties: list[Any] | None = None, kind: str = "") -> Outcome:
        """Search a scenario; what it must reach and execute counts, too.

        `properties` are checked instead of its own; `kind` tells apart what the specification declares when it is compiled.
        """
        instance = scenario.instance()
        shape = (kind, tuple(sorted(instance.sizes.items())), instance.command_room, instance.position_room, scenario.fuse)
        if shape not in self.modules:
            self.modules[shape] = emit_module(instance)
        module = self.modules[shape]
        with patch.object(compiled, "load", lambda *_: (self._native(module), True)):
            search = _Search(instance, scenario.checked() if properties is None else properties, scenario.deadlock,
                             module=module, stuck=scenario.stuck)
        try:
            result = search.run(limits or Limits(memory=MEMORY))
        except EvaluationError:
            return Outcome("range")
        executed = {name: n for (_, name), n in result.executed.items()}
        out = Outcome("holds", result.distinct, result.generated, executed)
        if search.told:
            out.found = search.told
        elif result.verdict is Verdict.STUCK:
            out.found = "stuck"
        elif result.verdict is Verdict.INCOMPLETE:
            out.found = "limit"
        elif result.verdict is Verdict.UNREACHED or [n for n in scenario.execute if n not in executed]:
            missing = [*result.unreached, *(n for n in scenario.execute if n not in executed)]
            out.found = "witness " + ", ".join(missing)
        return out

    def _native(self, module: Module) -> Native:
        """The code of a module, made and loaded once for all searches."""
        if module.text not in self.natives:
            self.natives[module.text] = Native(unoptimised(module.text))
        return self.natives[module.text]


def load(folder: Path, edits: Iterable[Edit]) -> Loaded | str:
    """The mutated model, or why it was refused."""
    try:
        change(folder, edits)
        return Loaded(folder)
    except SnapproofError as error:
        return f"{type(error).__name__}: {error}"
    except (ImportError, SyntaxError, TypeError, AttributeError, NameError) as error:
        return f"{type(error).__name__}: {error}"
