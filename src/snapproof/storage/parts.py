"""What the columns of the picture share: blocks, bits, locks and the marks of what changed and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from ..report.markup import Markup, classes, tag
from ..report.page.draw import WIDTHS, box, chip, words
from ..report.page.hues import hue
from ..traces.diff import cell_name
from ..words import value
from .layout import BLOCK, GHOST, PAD, PER_ROW
from .moment import NO_MEMBER, Moment


def marks(m: Moment, name: str, at: tuple[str, ...], *path: str) -> str | None:
    """The classes of a cell: did it change, is it wrong?"""
    return classes(m.changed(name, *at) and "changed", bool(path) and m.is_wrong(*path) and "wrong")


def told(m: Moment, name: str, *at: str) -> str:
    """`std_data[S1,T1,B1]: v0 -> v1`, for a title."""
    now = value(m.value(name, *at))
    return f"{cell_name(name, *at)}: " + (f"{value(m.old(name, *at))} -> {now}" if m.changed(name, *at) else now)


def blocks(m: Moment, name: str, outer: tuple[str, ...], x: float, y: float, width: float, ghost: bool = False) -> Iterator[Markup]:
    """The blocks of a track, each with its value; behind a change also the value before, struck out."""
    members = m.members("Block")
    columns = min(PER_ROW, max(1, len(members)))
    height, w = GHOST if ghost else BLOCK, min(96.0, (width - 4 * (columns - 1)) / columns)
    for i, block in enumerate(members):
        left, top = x + i % columns * (w + 4), y + i // columns * height
        yield _block(m, name, outer, block, (left, top, w, height - 3), ghost)


def _block(m: Moment, name: str, outer: tuple[str, ...], block: str, at: tuple[float, float, float, float], ghost: bool) -> Markup:
    x, y, w, h = at
    cell = (*outer, block)
    now, before = value(m.value(name, *cell)), value(m.old(name, *cell))
    small, base = ("small" if ghost else None), y + h / 2 + (3.6 if ghost else 4)
    parts = [tag("title", told(m, name, *cell)), box(x, y, w, h, round_=2)]
    named = not ghost and w >= 60
    if named:
        parts.append(words(x + 5, base, block, "small", "faint"))
    middle, room = x + w / 2 + (7 if named else 0), w - (26 if named else 6)
    letter = WIDTHS[True, True]
    both = (len(before) + len(now)) * letter + 5
    if before != now and both <= room:
        parts += [words(middle - both / 2, base, before, "value", "small", "struck"),
                  words(middle - both / 2 + len(before) * letter + 5, base, now, "value", "small")]
    else:
        parts.append(words(middle, base, now, "value", small, width=room, anchor="middle"))
    path = cell if not ghost else ()
    return tag("g", *parts, cls=classes("block", ghost and "ghost", marks(m, name, cell, *path), now == "garbage" and "empty"))


def bits(m: Moment, name: str, outer: tuple[str, ...], x: float, y: float, width: float) -> Iterator[Markup]:
    """One square a session, filled when its bit is set."""
    sessions = m.members("Session")
    now, before = m.value(name, *outer) or [], m.old(name, *outer) or []
    w = min(28.0, width / max(1, len(sessions)))
    for i, session in enumerate(sessions):
        is_set, was = session in now, session in before
        title = f"{cell_name(name, *outer)}: {session} is {'set' if is_set else 'clear'}" + \
            ("" if is_set == was else f", was {'set' if was else 'clear'}")
        shown = words(x + i * w + (w - 3) / 2, y + 11.4, session, "small", anchor="middle") if w >= 20 else None
        yield tag("g", tag("title", title), box(x + i * w, y, w - 3, 15, round_=2), shown,
                  cls=classes("bit", is_set and "set", is_set != was and "changed", m.is_wrong(*outer, session) and "wrong"))


def lock(m: Moment, right: float, y: float, name: str, *at: str) -> tuple[Markup | None, float]:
    """Who holds a lock, as a chip that ends at `right`; also who has just let it go."""
    holder, before = m.value(name, *at), m.old(name, *at)
    if holder is None or (holder in NO_MEMBER and before in NO_MEMBER):
        return None, right
    gone = holder in NO_MEMBER
    who = str(before if gone else holder)
    return chip(right, y, f"lock {who}", "lock", hue(list(m.trace.processes), who), gone and "gone",
                holder != before and "changed", m.lock_is_wrong(name, *at) and "wrong", title=told(m, name, *at))


def hand(m: Moment, right: float, y: float, log: str) -> tuple[Markup | None, float]:
    """Who has a log track in hand, as a chip that ends at `right`."""
    now, before = m.in_hand(log), m.in_hand(log, before=True)
    if not now and not before:
        return None, right
    who = now or before
    return chip(right, y, f"hand {' '.join(who)}", "hand", hue(list(m.trace.processes), who[0]), not now and "gone",
                now != before and "changed", title=f"{log} is being obtained or returned by {', '.join(now) or 'nobody any more'}")


def inner(x: float) -> float:
    """Where the content of a box begins."""
    return x + PAD
