"""Contradictions in the tables of an array at rest: what no run of a safe build leaves behind.

`table_format.py` has already refused fields that cannot be; here are fields that do not fit together.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..vocabulary.states import SessionByte, VirtualState
from .extra_bytes import NONE, NOT_CREATED, back_device, back_track, backward, forward, is_assigned, is_free
from .geometry import Device
from .tables import DIRECT, STANDARD, StandardTable, Tables, VirtualTable

LIVE = (VirtualState.RELATED, VirtualState.ACTIVE, VirtualState.DEACTIVATED)
"""Virtual devices whose tables mean something."""


def contradictions(t: Tables) -> list[str]:
    """One sentence each; empty when the tables fit together."""
    found = list(_free_list(t))
    for v, device in enumerate(t.virtual):
        found += _header(t, v, device)
        found += _pointers(t, v, device)
    for std, table in enumerate(t.standard):
        found += _indirect(t, std, table)
    return found


def leaks(t: Tables) -> list[int]:
    """Log tracks that are neither free nor used by a virtual device or an indirect track; they are lost, and harm nobody."""
    used = {p for v in t.virtual for p in v.pointers} | {log for d in t.standard for log in d.indirect}
    free = set(_walk(t))
    return [i for i, extra in enumerate(t.log.extra) if extra != NOT_CREATED and i not in used and i not in free]


def _walk(t: Tables) -> list[int]:
    found: list[int] = []
    at = t.log.free_head
    while 0 <= at < len(t.log.extra) and at not in found and is_free(t.log.extra[at]):
        found.append(at)
        at = forward(t.log.extra[at])
    return found


def _free_list(t: Tables) -> Iterator[str]:
    previous, at, seen = NONE, t.log.free_head, set()
    while at != NONE:
        if not 0 <= at < len(t.log.extra) or not is_free(t.log.extra[at]):
            yield f"the free list leads to log track {at}, which is not free"
            return
        if at in seen:
            yield f"the free list comes back to log track {at}"
            return
        if backward(t.log.extra[at]) != previous:
            yield f"log track {at} names {backward(t.log.extra[at])} as its predecessor on the free list, not {previous}"
        seen.add(at)
        previous, at = at, forward(t.log.extra[at])


def _header(t: Tables, v: int, device: VirtualTable) -> Iterator[str]:
    name = Device("V", v)
    if device.state in LIVE:
        header = t.standard[device.standard]
        if header.bound[device.session] != v:
            yield f"{name} has session {device.session + 1} of {Device('S', device.standard)}, whose header names another device"
        active = header.session_bytes[device.session] == SessionByte.ACTIVE
        if active != (device.state == VirtualState.ACTIVE):
            yield f"{name} and the session byte of its session disagree about whether it is active"
    if device.ready and device.state != VirtualState.ACTIVE:
        yield f"{name} is ready and not active"


def _pointers(t: Tables, v: int, device: VirtualTable) -> Iterator[str]:
    if device.state not in LIVE:
        return
    for track, log in enumerate(device.pointers):
        if log == STANDARD:
            continue
        extra = t.log.extra[log]
        where = f"{Device('V', v)} track {track} points to log track {log}"
        if not is_assigned(extra):
            yield f"{where}, which is free or not created, or has no back pointer"
        elif (back_device(extra), back_track(extra)) != (device.standard, track):
            yield f"{where}, which belongs to {Device('S', back_device(extra))} track {back_track(extra)}"
        elif not t.log.map_words[log] >> device.session & 1:
            yield f"{where}, whose map word lacks its bit"


def _indirect(t: Tables, std: int, table: StandardTable) -> Iterator[str]:
    migrating = sum(1 << k for k, byte in enumerate(table.session_bytes) if byte == SessionByte.MIGRATING)
    for track, log in enumerate(table.indirect):
        if log == DIRECT:
            continue
        extra = t.log.extra[log]
        where = f"{Device('S', std)} track {track} has its data on log track {log}"
        if not is_assigned(extra):
            yield f"{where}, which is free or not created, or has no back pointer"
        elif (back_device(extra), back_track(extra)) != (std, track):
            yield f"{where}, which belongs to {Device('S', back_device(extra))} track {back_track(extra)}"
        elif not t.log.map_words[log] & migrating:
            yield f"{where}, whose map word has the bit of no restored session"


__all__ = ["contradictions", "leaks"]
