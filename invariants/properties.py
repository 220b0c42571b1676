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
from .boxes import siblings

ASKED_FIRST = [virtual_view, standard_data, protection, log_device, sessions, lock_holders, slots, effects, refusals,
               endings, groups]
"""Where several properties fail in one state, the first of them is told: what others follow from is asked before them."""

MODULES = [*ASKED_FIRST, *(m for m in siblings("properties") if m not in ASKED_FIRST and m is not witnesses), witnesses]
"""Modules that are found here, and need no place in that order, are asked behind those that have one."""
