"""Where the variables, processes and boxes of the storage device stand: found in the folder, not listed."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from snapproof.spec.processes import Command, Initial, Process, Step

ELSEWHERE = ("modules", "specification")
"""What looks for modules, and what is made of them."""


def declares(module: ModuleType) -> bool:
    """Does a box, an initial state, a command or a kind of process stand here?"""
    return any(isinstance(value, Command) or isinstance(value, (Step, Initial)) and value.module == module.__name__
               or isinstance(value, type) and issubclass(value, Process) and value.__module__ == module.__name__
               for value in vars(module).values())


def found() -> list[ModuleType]:
    """The modules of this folder in which something is declared, in the order of their names."""
    package = __name__.rpartition(".")[0]
    names = [m.name for m in iter_modules(import_module(package).__path__) if m.name not in ELSEWHERE]
    return [m for m in (import_module(f"{package}.{name}") for name in names) if declares(m)]


MODULES = found()
