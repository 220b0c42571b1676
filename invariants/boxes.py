"""Which boxes there are, and which properties stand beside: found, not listed.

A property that must hold of every box but a few names the few.  So a box that is added to the model is watched
from the first day, until somebody says here why it need not be.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from snapproof.model.modules import MODULES
from snapproof.model.state import DiskAdapter, HostAdapter
from snapproof.spec.parts import Part, boxes_of
from snapproof.spec.processes import Process, Step
from snapproof.spec.properties import Property

WITHOUT_CAUSE = "error without cause"
"""The violation of a property that asks why a box leads to an error."""


def boxes(kind: type[Process], but: Iterable[Step | Part] = ()) -> list[Step]:
    """All boxes of a kind of process, but these and those that have one of these parts."""
    found = [value for module in MODULES for value in vars(module).values() if isinstance(value, Step)]
    return [s for s in dict.fromkeys(found) if issubclass(kind, s.owner) and s not in set(boxes_of(but))]


def host_boxes(*but: Step | Part) -> list[Step]:
    """All boxes of host adapters, but these."""
    return boxes(HostAdapter, but)


def disk_boxes(*but: Step | Part) -> list[Step]:
    """All boxes of disk adapters, but these."""
    return boxes(DiskAdapter, but)


def watched(*properties: Property) -> list[Step]:
    """The boxes that these properties watch."""
    return [s for p in properties for s in boxes_of(p.named) if isinstance(s, Step)]


def siblings(*but: str) -> list[ModuleType]:
    """The modules of this folder that declare properties, in the order of their names; but these, which are still being made."""
    package = __name__.rpartition(".")[0]
    names = [m.name for m in iter_modules(import_module(package).__path__) if not m.ispkg and m.name not in but]
    modules = [import_module(f"{package}.{name}") for name in names]
    return [m for m in modules if any(isinstance(p, Property) and p.module == m.__name__ for p in vars(m).values())]


def causes(but: str) -> list[Property]:
    """The properties that ask for the cause of an error which a host gets; `but`: the module that asks for them."""
    found = [p for m in siblings(but, "properties") for p in vars(m).values()
             if isinstance(p, Property) and p.module == m.__name__ and p.violation == WITHOUT_CAUSE]
    return [p for p in found if all(issubclass(HostAdapter, s.owner) for s in watched(p))]  # a disk adapter's error is a status


__all__ = ["WITHOUT_CAUSE", "boxes", "causes", "disk_boxes", "host_boxes", "siblings", "watched"]
