"""The storage device in a few lines of text: its tables behind a step, a line a track, an entry or a log track.

A line that the step has changed begins with `*`; what a variable that the trace lacks would say is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..traces.trace import Trace
from ..words import fields_of, plain, value
from .moment import NO_MEMBER, Moment, free_links

Cell = tuple[str, tuple[str, ...]]
"""A variable, and the members at which it is told."""


@dataclass(frozen=True)
class Row:
    """What a line says, column by column, and has the step changed any of it?"""

    changed: bool
    words: list[str]


def tables(trace: Trace, number: int) -> list[str]:
    """The tables behind a step (0: the initial state), aligned."""
    m = Moment(trace, number)
    rows = [*_standard(m), *_virtual(m), *_log(m), *_lists(m)]
    # What ends a line needs no column.
    columns = max(len(row.words) for row in rows)
    widths = [max((len(row.words[i]) for row in rows if len(row.words) > i + 1), default=0) for i in range(columns)]
    return [_line(row, number > 0, widths) for row in rows]


def _line(row: Row, marked: bool, widths: list[int]) -> str:
    words = [word.ljust(width) for word, width in zip(row.words, widths, strict=False)]
    return f"{'*' if marked and row.changed else ' '} {'  '.join(words)}".rstrip()


def _row(m: Moment, cells: list[Cell], *words: str) -> Row:
    """A line that tells of these cells; words that say nothing take no column."""
    return Row(any(m.changed(name, *at) for name, at in cells), [plain(word) for word in words if word])


def _nobody(member: Any) -> bool:
    return member is None or member in NO_MEMBER


def _lock(m: Moment, name: str, *at: str) -> str:
    holder = m.value(name, *at)
    return "" if _nobody(holder) else f"lock {holder}"


def _blocks(m: Moment, name: str, *at: str) -> list[Cell]:
    return [(name, (*at, block)) for block in m.members("Block")]


def _data(m: Moment, name: str, *at: str) -> str:
    return " ".join(value(m.value(n, *cell)) for n, cell in _blocks(m, name, *at))


# --- standard devices, virtual devices ------------------------------------------------------------------


def _standard(m: Moment) -> Iterator[Row]:
    for device in m.members("StandardDevice"):
        sessions = m.members("Session")
        cells: list[Cell] = [(name, (device, s)) for name in ("session_byte", "bound", "restored_to") for s in sessions]
        told = [_session(m, device, s) for s in sessions if m.has("session_byte")]
        yield _row(m, [*cells, ("device_lock", (device,))], device, ", ".join(told), _lock(m, "device_lock", device))
        for track in m.members("Track"):
            yield _standard_track(m, device, track)


def _session(m: Moment, device: str, session: str) -> str:
    of, to = m.value("bound", device, session), m.value("restored_to", device, session)
    return (f"{session} {value(m.value('session_byte', device, session))}" + ("" if _nobody(of) else f" of {of}")
            + ("" if _nobody(to) else f" to {to}"))


def _standard_track(m: Moment, *at: str) -> Row:
    cells = [*_blocks(m, "std_data", *at), *((name, at) for name in ("protection", "indirect", "track_lock"))]
    bits = f"bits {value(m.value('protection', *at))}" if m.has("protection") else ""
    to = m.elsewhere(*at)
    return _row(m, cells, " ".join(at), _data(m, "std_data", *at), bits, f"-> {to}" if to else "", _lock(m, "track_lock", *at))


def _virtual(m: Moment) -> Iterator[Row]:
    for device in m.members("VirtualDevice"):
        state, std, session = (m.value(name, device) for name in ("vdev_state", "std_of", "session_of"))
        shown = [value(state)] if m.has("vdev_state") else []
        shown += [m.readiness(device)] if m.has("ready") else []
        bound = "" if state == "UNUSED" or _nobody(std) else f"for {std}" + ("" if _nobody(session) else f", session {session}")
        cells: list[Cell] = [(name, (device,)) for name in ("vdev_state", "std_of", "session_of", "ready", "read_only", "virtual_lock")]
        yield _row(m, cells, device, ", ".join(shown), bound, _lock(m, "virtual_lock", device))
        for track in m.members("Track"):
            if target := m.target(device, track):
                image = f"image {_data(m, 'image', device, track)}" if m.has("image") else ""
                yield _row(m, [("pointer", (device, track)), *_blocks(m, "image", device, track)], f"{device} {track}",
                           f"-> {' '.join(target)}", image)


# --- the log device, lists ------------------------------------------------------------------------------


def _log(m: Moment) -> Iterator[Row]:
    chain = m.free_list()
    for log in m.members("LogTrack"):
        if m.created(log):
            yield _log_track(m, log, log in chain)
    yield _row(m, [("free_head", ()), ("free_list_lock", ())], "free", " ".join(chain) or "none", _lock(m, "free_list_lock"))


def _log_track(m: Moment, log: str, free: bool) -> Row:
    extra = m.value("extra", log)
    back = fields_of(extra, "Assigned")
    where = "on the free list" if free and free_links(extra) else f"back to {' '.join(map(str, back.values()))}" if back else value(extra)
    hand, before = m.in_hand(log), m.in_hand(log, before=True)
    cells = [*_blocks(m, "log_data", log), *((name, (log,)) for name in ("map_bits", "extra", "log_lock"))]
    row = _row(m, cells, log, _data(m, "log_data", log), f"used by {value(m.value('map_bits', log))}" if m.has("map_bits") else "", where,
               _lock(m, "log_lock", log), f"hand {' '.join(hand)}" if hand else "")
    return Row(row.changed or hand != before, row.words)


def _lists(m: Moment) -> Iterator[Row]:
    for pairs in m.members("PairList"):
        places: list[Cell] = [("pairs", (pairs, place)) for place in m.members("Position")]
        shown = [str(pair) for name, at in places if not _nobody(pair := m.value(name, *at))]
        owner = m.value("group", pairs)
        group = "" if owner in (None, "nobody") else f"group of {owner}"
        yield _row(m, [*places, ("group", (pairs,)), ("list_lock", (pairs,))], pairs, " ".join(shown) or "empty", group,
                   _lock(m, "list_lock", pairs))


__all__ = ["tables"]
