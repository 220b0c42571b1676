"""Contradictions in the tables of an array at rest: what no run of a safe build leaves behind.

`table_format.py` has already refused fields that cannot be; here are fields that do not fit together.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..vocabulary.states import SessionByte, VirtualState
from .extra_bytes import NONE, NOT_CREATED, back_device, back_track, backward, forward, is_assigned, is_free
from .geometry import Device
from .tables import DIRECT, STANDARD, StandardTable, Tables, VirtualTable, standard_of
from .tables import NONE as NO_DEVICE

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
        found += _migrating(t, std, table)
    return found


def leaks(t: Tables) -> list[int]:
    """Log tracks that are neither free nor used by a virtual device or an indirect track; they are lost, and harm nobody."""
    used = {p for v in t.virtual for p in v.pointers} | {entry for d in t.standard for entry in d.indirect if entry >= 0}
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
    if device.read_only and device.state != VirtualState.DEACTIVATED:
        yield f"{name} is ready for reads only and not deactivated"
    elif device.ready and device.state != VirtualState.ACTIVE and not device.read_only:
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
    for track, entry in enumerate(table.indirect):
        if entry == DIRECT:
            continue
        if entry < 0:
            old = standard_of(entry)
            where = f"{Device('S', std)} track {track} has its data on {Device('S', old)}"
            if not _leads_to_data(t, std, track):
                yield f"{where}, from where entries lead back"
            elif not t.standard[old].protection[track] & _restored(t.standard[old], std):
                yield f"{where}, where the bit of no restored session protects it"
            continue
        extra = t.log.extra[entry]
        where = f"{Device('S', std)} track {track} has its data on log track {entry}"
        if not is_assigned(extra):
            yield f"{where}, which is free or not created, or has no back pointer"
        elif back_track(extra) != track or not _restored(t.standard[back_device(extra)], std):
            yield f"{where}, which belongs to {Device('S', back_device(extra))} track {back_track(extra)}"
        elif not t.log.map_words[entry] & _restored(t.standard[back_device(extra)], std):
            yield f"{where}, whose map word has the bit of no restored session"


def _restored(table: StandardTable, target: int) -> int:
    """The sessions, as a word, whose tracks migrate to a device."""
    return sum(1 << k for k, (byte, to) in enumerate(zip(table.session_bytes, table.restored_to, strict=True))
               if byte == SessionByte.MIGRATING and to == target)


def _leads_to_data(t: Tables, std: int, track: int) -> bool:
    here = std
    for _ in t.standard:
        if standard_of(t.standard[here].indirect[track]) == NO_DEVICE:
            return True
        here = standard_of(t.standard[here].indirect[track])
    return False


def _migrating(t: Tables, std: int, table: StandardTable) -> Iterator[str]:
    for k, (byte, to) in enumerate(zip(table.session_bytes, table.restored_to, strict=True)):
        if byte != SessionByte.MIGRATING:
            continue
        where = f"session {k + 1} of {Device('S', std)} was restored, and its tracks migrate"
        if to == NO_DEVICE:
            yield f"{where}; nothing says where to"
            continue
        for track, word in enumerate(table.protection):
            if word >> k & 1 and standard_of(t.standard[to].indirect[track]) != std:
                yield f"{where} to {Device('S', to)}; it protects track {track}, to which that device does not point"


__all__ = ["contradictions", "leaks"]
