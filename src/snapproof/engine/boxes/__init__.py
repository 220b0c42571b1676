"""The boxes of the flow charts, one file an activity; importing this package declares them all."""

from __future__ import annotations

from . import (
    activate,
    commands,
    copy_on_write,
    device_tables,
    log_tracks,
    register,
    relate,
    removal,
    standard,
    virtual_read,
    virtual_write,
)

__all__ = ["activate", "commands", "copy_on_write", "device_tables", "log_tracks", "register", "relate", "removal", "standard",
           "virtual_read", "virtual_write"]
