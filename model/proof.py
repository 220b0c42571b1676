"""The storage device once more, with the facts that make I3, I4 and I5 inductive (invariants/strengthening)."""

from __future__ import annotations

from snapproof.invariants import properties, strengthening
from snapproof.spec import Specification

from .specification import MODULES
from .state import Array
from .switches import Embodiment

STRENGTHENED = Specification("storage device", Array, Embodiment, [*MODULES, *properties.MODULES, *strengthening.MODULES])
"""Scenarios run on `SPECIFICATION`, which does not pay for these facts in every state; `snapproof prove` runs on this."""
