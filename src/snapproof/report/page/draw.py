"""Shapes of a picture: boxes, words that fit, chips, arrows."""

from __future__ import annotations

from ...words import plain
from ..markup import Markup, classes, tag, text

WIDTHS = {(False, False): 6.6, (False, True): 5.5, (True, False): 7.25, (True, True): 6.35}
"""(typewriter type, small) -> width of a character, in units of the picture, a little more than most need."""

BOLD_SMALL = 6.6

Classes = str | None | bool


def box(x: float, y: float, w: float, h: float, *names: Classes, title: str = "", round_: float = 4) -> Markup:
    """A rectangle; `title` is what a pointer at rest and a screen reader tell."""
    return tag("rect", tag("title", title) if title else None, x=x, y=y, width=w, height=h, rx=round_, cls=classes(*names))


def words(x: float, y: float, found: object, *names: Classes, width: float | None = None, anchor: str | None = None) -> Markup:
    """A line of text; cut off with an ellipsis, and told whole in its title, when it is wider than `width`."""
    shown = plain(found)
    room = int(width / WIDTHS["value" in names, "small" in names]) if width is not None else len(shown)
    if len(shown) > max(1, room):
        cut = shown[:max(1, room - 1)] + "\u2026"
        return tag("text", tag("title", shown), text(cut), x=x, y=y, cls=classes(*names), text_anchor=anchor)
    return tag("text", text(shown), x=x, y=y, cls=classes(*names), text_anchor=anchor)


def chip(right: float, y: float, found: str, *names: Classes, title: str = "") -> tuple[Markup, float]:
    """A small label whose right edge is at `right`, and where its left edge came to be."""
    width = len(plain(found)) * BOLD_SMALL + 10
    inside = [tag("title", title) if title else None, box(right - width, y, width, 15, round_=7.5),
              words(right - width / 2, y + 11, found, "small", anchor="middle")]
    return tag("g", *inside, cls=classes("chip", *names)), right - width - 4


def arrow(x1: float, y1: float, x2: float, y2: float, *names: Classes, title: str = "") -> Markup:
    """A curve that leaves and arrives level, with its point at the second end."""
    way = 1 if x2 > x1 else -1
    bend = abs(x2 - x1) * 0.5
    end = x2 - 6 * way
    path = f"M{x1:.0f} {y1:.0f}C{x1 + bend * way:.0f} {y1:.0f} {end - bend * way:.0f} {y2:.0f} {end:.0f} {y2:.0f}"
    return _with_point(path, x2, y2, way, names, title)


def hook(x: float, y1: float, y2: float, *names: Classes, title: str = "", out: float = 22) -> Markup:
    """A curve that leaves to the right and comes back to the same side, higher or lower."""
    path = f"M{x:.0f} {y1:.0f}C{x + out:.0f} {y1:.0f} {x + out:.0f} {y2:.0f} {x + 6:.0f} {y2:.0f}"
    return _with_point(path, x, y2, -1, names, title)


def _with_point(path: str, x: float, y: float, way: int, names: tuple[Classes, ...], title: str) -> Markup:
    point = f"M{x:.0f} {y:.0f}l{-8 * way} -4v8z"
    return tag("g", tag("title", title) if title else None, tag("path", d=path), tag("path", d=point, cls="point"),
               cls=classes("arrow", *names))
