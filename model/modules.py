"""Where the variables, processes and boxes of the storage device stand."""

from __future__ import annotations

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

MODULES = [state, initial_state, commands, standard_read, standard_write, copy_on_write, log_tracks, virtual_read, virtual_write,
           register, relate, activate, removal, device_tables]
