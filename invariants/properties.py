"""The modules whose properties the storage device must satisfy, in the order in which they are checked."""

from __future__ import annotations

from . import (
    effects,
    endings,
    groups,
    lock_holders,
    log_device,
    protection,
    refusals,
    sessions,
    slots,
    standard_data,
    virtual_view,
    witnesses,
)

MODULES = [virtual_view, standard_data, protection, log_device, sessions, lock_holders, slots, effects, refusals,
           endings, groups, witnesses]
