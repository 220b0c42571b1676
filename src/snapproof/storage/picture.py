"""The storage device as a picture: standard tracks, virtual tables, log tracks, and what points where."""

from __future__ import annotations

from collections.abc import Iterator

from ..report.markup import Markup, classes, join, tag
from ..report.page.draw import arrow, box, hook, words
from ..words import value
from .layout import BITS, BLOCK, GHOST, LINE, LOG, PAD, PER_ROW, STANDARD, TOP, VIRTUAL, WIDTH, Column, Layout
from .moment import NO_MEMBER, UNRELATED, Moment, bytes_of, free_links
from .parts import bits, blocks, hand, inner, lock, marks, told


def pieces(m: Moment, at: Layout) -> list[Markup]:
    """The picture of one state in pieces; most are the same from step to step. `at` is the layout of its trace."""
    drawn = [_titles(m), *(_device(m, at, d) for d in at.devices), *(_track(m, at, *t) for t in at.tracks),
             *(_table(m, at, d) for d in at.tables), *(_entry(m, at, *e) for e in at.entries), _head(m, at),
             *(_log(m, at, log) for log in at.log_tracks), _pointers(m, at), _free_list(m, at), _lists(m, at)]
    return [p for p in (join(*shapes) for shapes in drawn) if p]


def frame(m: Moment, at: Layout, inside: Markup) -> Markup:
    """The picture around its pieces, with words for who cannot see it."""
    return tag("svg", inside, viewBox=f"0 0 {WIDTH:.0f} {at.height:.0f}", role="img", aria_label=_in_words(m))


def _in_words(m: Moment) -> str:
    """The picture for who cannot see it: where every table entry points, and the free list."""
    entries = [f"{v} {t} points to {' '.join(m.target(v, t)) or 'nothing'}"
               for v in m.members("VirtualDevice") for t in m.members("Track")]
    entries += [f"{d} {t} has its data on {where}" for d in m.members("StandardDevice") for t in m.members("Track")
                if (where := m.elsewhere(d, t))]
    return f"{'; '.join(entries)}; free list: {', '.join(m.free_list()) or 'empty'}"


def _titles(m: Moment) -> Iterator[Markup]:
    for column, name in ((STANDARD, "Standard devices"), (VIRTUAL, "Virtual devices"), (LOG, "Log device")):
        yield words(column.x, TOP - 12, name, "heading")
    mark, _ = lock(m, STANDARD.right, TOP - 23, "session_lock")
    if mark:
        yield mark


# --- standard devices -------------------------------------------------------------------------------


def _device(m: Moment, at: Layout, device: str) -> Iterator[Markup]:
    y, h = at.devices[device]
    yield box(STANDARD.x, y, STANDARD.width, h, "device", m.is_wrong(device) and "wrong", round_=7)
    yield words(inner(STANDARD.x), y + 15, device, "name")
    mark, _ = lock(m, STANDARD.right - PAD, y + 4, "device_lock", device)
    yield mark or Markup()
    for i, session in enumerate(at.sessions[device]):
        yield _session(m, device, session, y + LINE + 4 + i * LINE)


def _session(m: Moment, device: str, session: str, y: float) -> Markup:
    byte, bound = m.value("session_byte", device, session), m.value("bound", device, session)
    to = m.value("restored_to", device, session)
    changed = any(m.changed(name, device, session) for name in ("session_byte", "bound", "restored_to"))
    shown = f"{session} {value(byte).lower() if byte is not None else ''}" + (f", for {bound}" if bound not in (None, "none") else "")
    shown += f", to {to}" if to not in (None, "none") else ""
    title = f"{told(m, 'session_byte', device, session)}; {told(m, 'bound', device, session)}"
    return tag("g", tag("title", title), box(inner(STANDARD.x), y, STANDARD.width - 2 * PAD, LINE - 3, round_=2),
               words(inner(STANDARD.x) + 5, y + 11, shown, "small", width=STANDARD.width - 24),
               cls=classes("line", changed and "changed", m.is_wrong(device, session) and "wrong"))


def _track(m: Moment, at: Layout, device: str, track: str) -> Iterator[Markup]:
    (y, h), x, w = at.tracks[device, track], STANDARD.x + 4, STANDARD.width - 8
    yield box(x, y, w, h, "track", m.is_wrong(device, track) and "wrong")
    yield words(inner(x), y + 13, track, "name")
    yield _verdict(m, inner(x) + 26, y + 13, device, track)
    yield _indirect(m, inner(x) + (122 if m.is_wrong(device, track) else 24), y + 2, device, track)
    mark, _ = lock(m, x + w - 4, y + 2, "track_lock", device, track)
    yield mark or Markup()
    top, rows = y + LINE, -(-len(m.members("Block")) // PER_ROW)
    yield from blocks(m, "std_data", (device, track), inner(x), top, w - 2 * PAD)
    top += rows * BLOCK
    if m.has("logical"):
        yield words(inner(x), top + 11, "logical", "small", "faint", "ghost")
        yield from blocks(m, "logical", (device, track), inner(x) + 42, top, w - 2 * PAD - 42, ghost=True)
        top += rows * GHOST
    if m.has("protection"):
        yield words(inner(x), top + 12, "protected for", "small", "faint")
        yield from bits(m, "protection", (device, track), inner(x) + 84, top, w - 98)


def _indirect(m: Moment, x: float, y: float, device: str, track: str) -> Markup:
    """Where the data of a standard track is since a restore; what is drawn below it is then the track's own, stale."""
    where, changed = m.elsewhere(device, track), m.changed("indirect", device, track)
    if not where and not changed:
        return Markup()
    return tag("g", tag("title", told(m, "indirect", device, track)), box(x, y, 56, LINE - 4, round_=2),
               words(x + 4, y + 11, f"\u2192 {where or 'own'}", "small", width=52), cls=classes("line", changed and "changed"))


def _verdict(m: Moment, x: float, y: float, *path: str) -> Markup:
    """What is said beside the name of a wrong track."""
    if not m.is_wrong(*path) or m.marked is None:
        return Markup()
    wanted = any(m.is_wrong(*path, b) for b in m.members("Block")) and m.marked.wanted
    return words(x, y, f"\u2717 expected {wanted}" if wanted else "\u2717 wrong", "small", "bad", width=96)


# --- virtual devices --------------------------------------------------------------------------------


def _table(m: Moment, at: Layout, device: str) -> Iterator[Markup]:
    y, h = at.tables[device]
    state = m.value("vdev_state", device)
    yield box(VIRTUAL.x, y, VIRTUAL.width, h, "device", state == "UNUSED" and "unused", m.is_wrong(device) and "wrong", round_=7)
    yield words(inner(VIRTUAL.x), y + 15, device, "name")
    yield _state(m, device, y)
    if device not in at.quiet:
        yield _header(m, device, y + LINE + 2)
        mark, _ = lock(m, VIRTUAL.right - PAD - 2, y + LINE + 3, "virtual_lock", device)
        yield mark or Markup()


def _state(m: Moment, device: str, y: float) -> Markup:
    shown = [value(m.value("vdev_state", device)).lower()] if m.has("vdev_state") else []
    if m.has("ready"):
        shown.append(m.readiness(device))
    changed = any(m.changed(name, device) for name in ("vdev_state", "ready", "read_only"))
    x, w = inner(VIRTUAL.x) + 30, VIRTUAL.width - 2 * PAD - 30
    return tag("g", tag("title", f"{told(m, 'vdev_state', device)}; {told(m, 'ready', device)}"),
               box(x, y + 4, w, LINE - 3, round_=2), words(x + 5, y + 15, ", ".join(shown), "small", width=w - 8),
               cls=classes("line", changed and "changed"))


def _header(m: Moment, device: str, y: float) -> Markup:
    if m.value("vdev_state", device) in UNRELATED and not m.changed("session_of", device) and not m.changed("std_of", device):
        return Markup()
    changed = m.changed("std_of", device) or m.changed("session_of", device)
    shown = " of ".join(value(m.value(n, device)) for n in ("session_of", "std_of") if m.has(n))
    return tag("g", tag("title", f"{told(m, 'session_of', device)}; {told(m, 'std_of', device)}"),
               box(inner(VIRTUAL.x), y + 1, VIRTUAL.width - 2 * PAD, LINE - 3, round_=2),
               words(inner(VIRTUAL.x) + 5, y + 12, f"session {shown}", "small", width=VIRTUAL.width - 24),
               cls=classes("line", changed and "changed"))


def _entry(m: Moment, at: Layout, device: str, track: str) -> Iterator[Markup]:
    (y, h), x, w = at.entries[device, track], VIRTUAL.x + 4, VIRTUAL.width - 8
    state = marks(m, "pointer", (device, track), device, track)
    yield box(x, y, w, h, "track", state, title=told(m, "pointer", device, track))
    yield words(inner(x), y + 14, track, "name")
    points = value(m.value("pointer", device, track))
    yield words(inner(x) + 28, y + 14, f"\u2192 {points}", "value", width=80)
    if m.changed("pointer", device, track):
        yield words(x + w - PAD, y + 14, f"was {value(m.old('pointer', device, track))}", "small", "faint", width=76, anchor="end")
    elif state and "wrong" in state:
        shown = [b for b in m.members("Block") if m.is_wrong(device, track, b)]
        yield words(x + w - PAD, y + 14, f"\u2717 {' '.join(shown) or 'wrong'}", "small", "bad", width=70, anchor="end")
    if m.has("image"):
        yield words(inner(x), y + LINE + 14, "image", "small", "faint", "ghost")
        yield from blocks(m, "image", (device, track), inner(x) + 36, y + LINE + 3, w - 2 * PAD - 36, ghost=True)


# --- log device -------------------------------------------------------------------------------------


def _log(m: Moment, at: Layout, log: str) -> Iterator[Markup]:
    y, h = at.log_tracks[log]
    yield box(LOG.x, y, LOG.width, h, "track", not m.created(log) and "unused", m.is_wrong(log) and "wrong")
    yield words(inner(LOG.x), y + 14, log, "name")
    if log in at.quiet:
        yield _extra(m, log, inner(LOG.x) + 22, y + 2, LOG.width - 2 * PAD - 22)
        return
    mark, right = lock(m, LOG.right - 4, y + 2, "log_lock", log)
    yield mark or Markup()
    mark, right = hand(m, right, y + 2, log)
    yield mark or Markup()
    if right - inner(LOG.x) > 90:
        yield _verdict(m, inner(LOG.x) + 26, y + 13, log)
    yield from _content(m, log, y + LINE)


def _content(m: Moment, log: str, y: float) -> Iterator[Markup]:
    x, w, rows = inner(LOG.x), LOG.width - 2 * PAD, -(-len(m.members("Block")) // PER_ROW)
    yield from blocks(m, "log_data", (log,), x, y, w)
    y += rows * BLOCK
    if m.has("log_origin"):
        yield _origin(m, log, x, y, w)
        y += GHOST
    if m.has("map_bits"):
        yield words(x, y + 12, "used by", "small", "faint")
        yield from bits(m, "map_bits", (log,), x + 50, y, w - 50)
        y += BITS
    yield _extra(m, log, x, y, w)


def _extra(m: Moment, log: str, x: float, y: float, w: float) -> Markup:
    return tag("g", tag("title", told(m, "extra", log)), box(x, y, w, LINE - 3, round_=2),
               words(x + 5, y + 11.5, value(m.value("extra", log)), "small", width=w - 6),
               cls=classes("line", m.changed("extra", log) and "changed"))


def _origin(m: Moment, log: str, x: float, y: float, w: float) -> Markup:
    """Where the bytes of a log track come from, once when all come from one place."""
    found = [bytes_of(m.value("log_origin", log, b)) for b in m.members("Block")]
    shown = found[:1] if len(set(found)) == 1 else [o.removeprefix("from ") for o in found]
    changed = any(m.changed("log_origin", log, b) for b in m.members("Block"))
    return tag("g", box(x, y, w, GHOST - 3, round_=2), words(x + 5, y + 10.5, ", ".join(shown), "small", width=w - 8),
               cls=classes("block ghost", changed and "changed"))


def _head(m: Moment, at: Layout) -> Iterator[Markup]:
    y, changed = at.free_list, m.changed("free_head")
    yield box(LOG.x, y, LOG.width, LINE + 8, "line", changed and "changed", title=told(m, "free_head"))
    chain = m.free_list()
    mark, right = lock(m, LOG.right - 4, y + 5, "free_list_lock")
    yield words(inner(LOG.x), y + 17, f"free: {' '.join(chain) or 'empty'}", "small", width=right - LOG.x - 12)
    yield mark or Markup()


# --- arrows and lists -------------------------------------------------------------------------------


def _pointers(m: Moment, at: Layout) -> Iterator[Markup]:
    arrivals: dict[tuple[str, ...], int] = {}
    for (device, track), (y, _) in at.entries.items():
        now, before = m.target(device, track), m.target(device, track, before=True)
        for target, names in ((before, ("gone",)), (now, ())):
            if target and not (names and now == before):
                arrivals[target] = arrivals.get(target, 0) + 1
                yield _pointer(at, y + 10, target, arrivals[target], *names,
                               *(["changed"] if now != before and not names else []),
                               *(["wrong"] if not names and _leads_wrong(m, device, track, target) else []),
                               title=f"{device} {track} {'pointed' if names else 'points'} to {' '.join(target)}")


def _leads_wrong(m: Moment, device: str, track: str, target: tuple[str, ...]) -> bool:
    """Is this entry wrong; and where a block is, does the entry lead to it?"""
    named = any(m.is_wrong(device, track, b) for b in m.members("Block"))
    return m.is_wrong(device, track) and (not named or m.is_wrong(*target))


def _pointer(at: Layout, y: float, target: tuple[str, ...], nth: int, *names: str, title: str) -> Markup:
    column: Column
    if len(target) == 1:
        top, height, column, start = *at.log_tracks[target[0]], LOG, VIRTUAL.right - 4
        end = column.x
    else:
        top, height, column, start = *at.tracks[target[0], target[1]], STANDARD, VIRTUAL.x + 4
        end = column.right - 4
    return arrow(start, y, end, top + min(8 + 9 * nth, height - 6), *names, title=title)


def _free_list(m: Moment, at: Layout) -> Iterator[Markup]:
    chain = m.free_list()
    for log, (y, h) in at.log_tracks.items():
        links = free_links(m.value("extra", log))
        if links and links.next in at.log_tracks:
            yield hook(LOG.right, y + h - 10, at.log_tracks[links.next][0] + 8, "chain", log not in chain and "loose",
                       m.changed("extra", log) and "changed", title=f"{log}: the next free track is {links.next}")
    head = m.value("free_head")
    if head in at.log_tracks:
        yield hook(LOG.right, at.free_list + 13, at.log_tracks[str(head)][0] + 8, "chain", m.changed("free_head") and "changed",
                   title=f"the first free track is {head}", out=30)


def _lists(m: Moment, at: Layout) -> Iterator[Markup]:
    for i, pairs in enumerate(at.lists):
        y = at.lists_at + i * (LINE + 8)
        places = [(p, m.value("pairs", pairs, p)) for p in m.members("Position")]
        owner = m.value("group", pairs)
        changed = any(m.changed("pairs", pairs, p) for p, _ in places) or m.changed("group", pairs)
        shown = " ".join(value(v) for _, v in places if v not in NO_MEMBER and v is not None) or "empty"
        yield box(STANDARD.x, y, STANDARD.width, LINE + 4, "line", changed and "changed", m.is_wrong(pairs) and "wrong")
        mark, right = lock(m, STANDARD.right - PAD, y + 3, "list_lock", pairs)
        shown += "" if owner in (None, "nobody") else f" (group of {owner})"
        yield words(inner(STANDARD.x), y + 15, f"{pairs}: {shown}", "small", width=right - STANDARD.x - PAD)
        yield mark or Markup()
