"""The storage device once more, with the facts that make I3, I4 and I5 inductive: what `snapproof prove` runs on.

Scenarios run on `snapproof.model.specification`, which does not pay for these facts in every state.
"""

from __future__ import annotations

from snapproof.invariants import properties
from snapproof.model.specification import MODULES
from snapproof.model.state import Array
from snapproof.model.switches import Embodiment
from snapproof.spec import Specification

from . import MODULES as FACTS

SPECIFICATION = Specification("storage device", Array, Embodiment, [*MODULES, *properties.MODULES, *FACTS], unseen=True)
