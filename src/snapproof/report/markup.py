"""Markup from parts: every text that goes in is escaped, so a trace can never add an element, a link or a script."""

from __future__ import annotations

import html
from typing import Any

from ..words import plain

VOID = frozenset(("br", "hr", "input", "link", "meta"))
"""Elements of HTML that have neither content nor an end tag."""


class Markup(str):
    """Text that is markup already; only the functions of this module make one from foreign text."""

    __slots__ = ()


Part = str | int | float | None
"""What an element may contain: markup as it is, anything else as escaped text, None as nothing."""


def text(found: object) -> Markup:
    """A text as markup: control and format characters made visible, `& < > " '` escaped."""
    return Markup(html.escape(plain(found), quote=True))


def join(*parts: Part) -> Markup:
    """Several parts in a row."""
    return Markup("".join(p if isinstance(p, Markup) else text(p) for p in parts if p is not None))


def tag(name: str, /, *parts: Part, **attributes: Any) -> Markup:
    """An element. `cls` stands for `class`, `_` in attribute names for `-`; None and False leave an attribute out."""
    shown = "".join(_attribute(n, v) for n, v in attributes.items() if v is not None and v is not False and v != "")
    if name in VOID:
        return Markup(f"<{name}{shown}>")
    inside = join(*parts)
    return Markup(f"<{name}{shown}/>") if not inside and name in EMPTY_SHAPES else Markup(f"<{name}{shown}>{inside}</{name}>")


EMPTY_SHAPES = frozenset(("rect", "path", "use"))
"""Elements of SVG that may be closed at once."""


def _attribute(name: str, found: Any) -> str:
    name = "class" if name == "cls" else name.rstrip("_").replace("_", "-")
    if found is True:
        return f" {name}"
    return f' {name}="{text(_number(found) if isinstance(found, float) else found)}"'


def _number(found: float) -> str:
    """Tenths are fine enough for a picture."""
    return f"{found:.1f}".removesuffix(".0")


def classes(*names: str | None | bool) -> str | None:
    """The value of a class attribute, or None when no name is left."""
    return " ".join(n for n in names if isinstance(n, str) and n) or None
