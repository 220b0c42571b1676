"""The storage device as one specification, and its properties."""

from __future__ import annotations

from snapproof.invariants import properties
from snapproof.spec import Specification

from . import (
    activate,
    commands,
    copy_on_write,
    device_tables,
    initial_state,
    log_tracks,
    register,
    relate,
    removal,
    standard_read,
    standard_write,
    state,
    virtual_read,
    virtual_write,
)
from .state import Array
from .switches import Embodiment

MODULES = [state, initial_state, commands, standard_read, standard_write, copy_on_write, log_tracks, virtual_read, virtual_write,
           register, relate, activate, removal, device_tables]
"""Where the variables, processes and boxes of the storage device stand."""

SPECIFICATION = Specification("storage device", Array, Embodiment, [*MODULES, *properties.MODULES], joins=True)
