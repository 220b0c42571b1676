"""The tables of an array for the terminal: sessions, virtual devices, tracks with their pointers, the log pool.

Tracks and log tracks count from 0, as the calls do.  Neighbours that look alike share a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..vocabulary.states import SessionByte, VirtualState
from .check import leaks
from .extra_bytes import NOT_CREATED, back_device, back_track, forward, is_assigned, is_free
from .geometry import BLOCK, Device
from .journal import Contents
from .slots import LOG, Slots
from .store import Store
from .tables import DIRECT, NONE, STANDARD, Tables, VirtualTable, standard_of


def picture(store: Store, contents: Contents, tracks: bool = True) -> RenderableType:
    """Everything about an array that is at rest; `tracks=False` leaves out what each track looks like.

    Every cell is a `Text`: what hosts wrote is never read as markup of the terminal library.
    """
    t = contents.tables
    slots = Slots(store, t, contents.pending)
    parts: list[RenderableType] = [_heading(contents), _sessions(t), _virtual(t)]
    if tracks:
        parts += [_tracks(t, std, slots) for std in range(t.geometry.standard)]
        parts.append(_log(t, slots))
    lost = leaks(t)
    if lost:
        parts.append(Text(f"lost log tracks (neither free nor used): {_ranges(lost)}", style="bold red"))
    return Group(*parts)


def _heading(contents: Contents) -> Text:
    g = contents.tables.geometry
    waits = f", {len(contents.pending)} tracks still in the journal" if contents.pending else ""
    return Text(f"array {contents.identity.hex()[:8]}, commit {contents.generation}{waits}: "
                f"{g.standard} standard and {g.virtual} virtual devices of {g.tracks} tracks in {g.cylinders} cylinders, "
                f"room for {g.log_tracks} log tracks")


def _grid(title: str, *columns: str) -> Table:
    table = Table(title=Text(title), title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(Text(column), header_style="dim", no_wrap=True)
    return table


def _row(table: Table, *cells: str) -> None:
    table.add_row(*map(Text, cells))


def _sessions(t: Tables) -> RenderableType:
    table = _grid("sessions", "device", "number", "byte", "virtual device", "restored to")
    for std, header in enumerate(t.standard):
        for k, (byte, bound) in enumerate(zip(header.session_bytes, header.bound, strict=True)):
            if byte != SessionByte.FREE or bound != NONE:
                name = str(Device("V", bound)) if bound != NONE else "none"
                to = header.restored_to[k]
                _row(table, str(Device("S", std)), str(k), SessionByte(byte).name.lower(), name, str(Device("S", to)) if to != NONE else "")
    return table if table.row_count else Text("sessions: none")


def _ready(device: VirtualTable) -> str:
    return "no" if not device.ready else "for reads" if device.read_only else "yes"


def _virtual(t: Tables) -> RenderableType:
    table = _grid("virtual devices", "name", "state", "ready", "of", "session", "waits on list")
    for v, device in enumerate(t.virtual):
        related = device.state >= VirtualState.RELATING
        lists = [str(i + 1) for i, pairs in enumerate(t.lists) if v in pairs]
        _row(table, str(Device("V", v)), VirtualState(device.state).name.lower(), _ready(device),
                      str(Device("S", device.standard)) if related else "", str(device.session) if related else "",
                      ", ".join(lists))
    return table


def _tracks(t: Tables, std: int, slots: Slots) -> RenderableType:
    here = [v for v, d in enumerate(t.virtual) if d.standard == std and d.state >= VirtualState.RELATING]
    table = _grid(f"tracks of {Device('S', std)}", "track", "holds", "protected for", *(str(Device("V", v)) for v in here))
    owner = {t.virtual[v].session: str(Device("V", v)) for v in here}

    def row(track: int) -> tuple[str, ...]:
        word = t.standard[std].protection[track]
        bits = " ".join(owner.get(k, f"session {k}") for k in range(16) if word >> k & 1)
        pointers = [t.virtual[v].pointers[track] for v in here]
        return (_data(t, std, track, slots), bits or "-",
                *("→ standard" if p == STANDARD else f"→ log {p}" for p in pointers))

    for first, last, cells in _alike(range(t.geometry.tracks), row):
        _row(table, _range(first, last), *cells)
    return table


def _data(t: Tables, std: int, track: int, slots: Slots) -> str:
    """What a standard track shows, behind where its entry leads (tables that lead in a circle are refused before)."""
    entry = t.standard[std].indirect[track]
    if entry == DIRECT:
        return _holds(slots, Device("S", std), track)
    if entry >= 0:
        return f"→ log {entry}, {_holds(slots, LOG, entry)}"
    return f"→ {Device('S', standard_of(entry))}, {_data(t, standard_of(entry), track, slots)}"


def _log(t: Tables, slots: Slots) -> RenderableType:
    table = _grid(f"log tracks (free list begins at {t.log.free_head if t.log.free_head != NONE else 'none'})",
                  "log track", "state", "old data of", "used by", "holds")

    def row(log: int) -> tuple[str, ...]:
        extra, word = t.log.extra[log], t.log.map_words[log]
        if extra == NOT_CREATED:
            return "not created", "", "", ""
        if is_free(extra):
            following = forward(extra)
            return "free", "", "", "" if following in (log + 1, NONE) else f"then {following}"
        std = back_device(extra) if is_assigned(extra) else 0
        bound = t.standard[std].bound if std < t.geometry.standard else []
        users = [str(Device("V", bound[k])) if k < len(bound) and bound[k] != NONE else f"session {k}"
                 for k in range(16) if word >> k & 1]
        return "assigned", f"{Device('S', std)} track {back_track(extra)}", " ".join(users) or "-", _holds(slots, LOG, log)

    for first, last, cells in _alike(range(t.geometry.log_tracks), row):
        _row(table, _range(first, last), *cells)
    return table


def _holds(slots: Slots, device: Device, track: int) -> str:
    """The first bytes of a track in one line, and how many blocks differ from zeros."""
    from .errors import EngineError

    try:
        data = slots.whole(device, track)
    except EngineError:
        return "unreadable"
    blocks = [data[i:i + BLOCK] for i in range(0, len(data), BLOCK)]
    filled = [b for b in blocks if any(b)]
    if not filled:
        return "zeros"
    head = "".join(chr(b) if 32 < b < 127 else "." for b in filled[0][:8])
    return f"{head}… in {len(filled)} of {len(blocks)} blocks"


def _alike(numbers: range, row: Callable[[int], tuple[str, ...]]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for cells, group in groupby(((n, row(n)) for n in numbers), key=lambda pair: pair[1]):
        members = [n for n, _ in group]
        yield members[0], members[-1], cells


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _ranges(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")


__all__ = ["picture"]
