"""Text for people: safe to print, wrapped, with numbers in groups."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import Any

WIDTH = 100
"""Columns that a report is laid out for."""

IN_ORDER = "in order"
"""What a sequence is called where states are shown: an object with its items under this word, which no field of a record has."""

IN_ANY_ORDER = "in any order"
"""The same for a bag."""


def plain(text: object) -> str:
    """A text with every control, format and unpaired character escaped, so that a file cannot drive a terminal."""
    return "".join(_escaped(c) if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c for c in str(text))


def _escaped(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 256 else f"\\u{point:04x}" if point < 65536 else f"\\U{point:08x}"


def wrap(text: str, indent: str, hanging: str | None = None, width: int = WIDTH) -> list[str]:
    """Lines of at most `width` columns; the first behind `indent`, the rest behind `hanging`."""
    lines = textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent if hanging is None else hanging,
                          break_on_hyphens=False)
    return lines or [indent.rstrip()]


def tagged(shown: dict[str, Any]) -> bool:
    """Is it a value of a tagged union: the name of a case, and its fields?  (No record has just fields of these names.)"""
    return list(shown) == ["tag", "value"] and isinstance(shown["tag"], str) and isinstance(shown["value"], dict)


def fields_of(shown: object, case: str) -> dict[str, Any] | None:
    """The fields of a value of a tagged union, where it is this case of it."""
    return shown["value"] if isinstance(shown, dict) and tagged(shown) and shown["tag"] == case else None


def value(shown: object) -> str:
    """A value of a state as a reader writes it: sets in braces, sequences in < and >, truth values as yes and no, a case by its name."""
    if isinstance(shown, bool):
        return "yes" if shown else "no"
    if isinstance(shown, list):
        return "{" + ", ".join(value(v) for v in shown) + "}"
    if isinstance(shown, dict) and list(shown) == [IN_ORDER]:
        return "<" + ", ".join(value(v) for v in shown[IN_ORDER]) + ">"
    if isinstance(shown, dict) and list(shown) == [IN_ANY_ORDER]:
        return value(shown[IN_ANY_ORDER])
    if isinstance(shown, dict) and tagged(shown):
        return plain(shown["tag"]) + (value(shown["value"]) if shown["value"] else "")
    if isinstance(shown, dict):
        return "(" + ", ".join(f"{plain(n)} {value(v)}" for n, v in shown.items()) + ")"
    return plain(shown)


def duration(seconds: float) -> str:
    """Seconds with a precision that fits their size."""
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s" if seconds < 100 else f"{seconds:,.0f} s"


def size(count: float) -> str:
    """Bytes in KiB, MiB or GiB."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
