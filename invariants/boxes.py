"""Which boxes there are: found in the model, not listed.

A property that must hold of every box but a few names the few.  So a box that is added to the model is watched
from the first day, until somebody says here why it need not be.
"""

from __future__ import annotations

from collections.abc import Iterable

from snapproof.model.modules import MODULES
from snapproof.model.state import DiskAdapter, HostAdapter
from snapproof.spec.parts import Part, boxes_of
from snapproof.spec.processes import Process, Step
from snapproof.spec.properties import Property


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


__all__ = ["boxes", "disk_boxes", "host_boxes", "watched"]
