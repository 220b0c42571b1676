"""Where everything stands in the picture: computed once for a trace, so that nothing moves from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..report.suspects import suspects
from ..traces.trace import Trace
from .moment import Moment, argument_paths, free_links

WIDTH = 780.0
MARGIN, GAP, PAD = 4.0, 12.0, 7.0
TOP = 30.0
"""The titles of the columns stand above this line."""

LINE, BLOCK, GHOST, BITS = 18.0, 24.0, 17.0, 19.0
"""Heights of a line of words, a block, a row of ghosts, a row of bits."""

PER_ROW = 4
"""Blocks side by side."""


@dataclass(frozen=True)
class Column:
    """A column of the picture: its left edge and its width."""

    x: float
    width: float

    @property
    def right(self) -> float:
        return self.x + self.width


STANDARD, VIRTUAL, LOG = Column(MARGIN, 212), Column(284, 188), Column(544, 200)


@dataclass
class Layout:
    """Top and height of every device, track, table entry and log track, by their names.

    `quiet` are virtual devices and log tracks that nothing happens to in the whole trace: one line each.
    """

    devices: dict[str, tuple[float, float]] = field(default_factory=dict)
    tracks: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    tables: dict[str, tuple[float, float]] = field(default_factory=dict)
    entries: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    log_tracks: dict[str, tuple[float, float]] = field(default_factory=dict)
    quiet: set[str] = field(default_factory=set)
    sessions: dict[str, list[str]] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    free_list: float = TOP
    lists_at: float = 0.0
    height: float = 0.0


def layout(trace: Trace) -> Layout:
    """The places for the storage device of a trace."""
    moments = [Moment(trace, i) for i in range(len(trace.states))]
    at, first = Layout(quiet=_quiet(trace, moments)), moments[0]
    rows = -(-len(first.members("Block")) // PER_ROW)
    ends = [_standard(at, moments, rows), _virtual(at, first, rows), _log(at, first, rows)]
    at.lists = _used_lists(moments)
    at.lists_at = ends[0]
    ends[0] += len(at.lists) * (LINE + 8)
    at.height = max(ends) + MARGIN
    return at


def _standard(at: Layout, moments: list[Moment], rows: int) -> float:
    y, first = TOP, moments[0]
    height = LINE + rows * BLOCK + (rows * GHOST if first.has("logical") else 0) + (BITS if first.has("protection") else 0) + PAD
    for device in first.members("StandardDevice"):
        at.sessions[device] = _used_sessions(moments, device)
        top, y = y, y + LINE + 6 + len(at.sessions[device]) * LINE
        for track in first.members("Track"):
            at.tracks[device, track] = (y, height)
            y += height + PAD
        at.devices[device] = (top, y - top)
        y += GAP
    return y


def _virtual(at: Layout, first: Moment, rows: int) -> float:
    y = TOP
    height = LINE + 4 + (rows * GHOST + 2 if first.has("image") else 0)
    for device in first.members("VirtualDevice"):
        quiet = device in at.quiet
        top, y = y, y + (LINE + 4 if quiet else 2 * LINE + 6)
        for track in first.members("Track") if not quiet else []:
            at.entries[device, track] = (y, height)
            y += height + PAD
        at.tables[device] = (top, y - top)
        y += GAP
    return y


def _log(at: Layout, first: Moment, rows: int) -> float:
    y = TOP + LINE + 8 + GAP
    height = LINE + rows * BLOCK + (GHOST if first.has("log_origin") else 0) + (BITS if first.has("map_bits") else 0) + LINE + 2
    for log in first.members("LogTrack"):
        at.log_tracks[log] = (y, LINE + 2 if log in at.quiet else height)
        y += at.log_tracks[log][1] + GAP
    return y


def _quiet(trace: Trace, moments: list[Moment]) -> set[str]:
    """Virtual devices that stay unused and log tracks that stay free (links apart), and that the violation does not name."""
    named = {p[0] for p in suspects(trace, argument_paths).paths}
    found = {v for v in moments[0].members("VirtualDevice")
             if all(m.value("vdev_state", v) == "UNUSED" and not m.touched(v) for m in moments)}
    found |= {log for log in moments[0].members("LogTrack")
              if all((not m.created(log) or free_links(m.value("extra", log))) and not m.in_hand(log)
                     and not m.touched(log, "extra") and m.value("log_lock", log) in (None, "nobody") for m in moments)}
    return found - named - {t[0] for m in moments for t in m.targets()}


def _used_sessions(moments: list[Moment], device: str) -> list[str]:
    """The session numbers of a device that are ever in use: of sixteen, most say nothing."""
    return [k for k in moments[0].members("Session")
            if any(m.value("session_byte", device, k) not in (None, "FREE") or m.value("bound", device, k) not in (None, "none")
                   for m in moments)]


def _used_lists(moments: list[Moment]) -> list[str]:
    """The lists of pairs that are ever locked, or have a pair or a group."""
    return [i for i in moments[0].members("PairList")
            if any(m.value("pairs", i, p) not in (None, "none") for m in moments for p in m.members("Position"))
            or any(m.value(name, i) not in (None, "nobody") for m in moments for name in ("list_lock", "group"))]
