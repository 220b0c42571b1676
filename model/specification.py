"""The storage device as one specification, and its properties."""

from __future__ import annotations

from snapproof.invariants import properties
from snapproof.spec import Specification

from .modules import MODULES
from .state import Array
from .switches import Embodiment

SPECIFICATION = Specification("storage device", Array, Embodiment, [*MODULES, *properties.MODULES], joins=True)

__all__ = ["MODULES", "SPECIFICATION"]
