"""TOML files that a person has written: read whole, or refused with the place and a fix.

The parser of the standard library takes time that grows with the square of a key's parts, and numbers of any length,
which nothing can print; both are refused, as TOML itself allows a reader to do.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from ..files import TooLarge, read_file
from .errors import ScenarioError

MOST_PARTS = 16
"""Parts of a key with dots, such as `check.witnesses`."""

_PART = r"(?>[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
LONG_KEY = re.compile(rf"(?<![\w\"'-]){_PART}(?>[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}")

LARGEST_NUMBER = 1 << 63


def read_toml(path: Path, limit: int, form: str) -> dict[str, Any]:
    """What a file says; `form` is the document that describes it.  ScenarioError when it cannot be read."""
    place = path.name
    try:
        text = read_file(path, limit).decode("utf-8-sig")
    except TooLarge as error:
        raise ScenarioError(place, f"it is too large: {error.strerror} bytes.", f"A file of a few dozen lines is meant: {form}.") from None
    except OSError as error:
        raise ScenarioError(place, f"it cannot be read ({error.strerror}).", "Check the path and its permissions.") from None
    except UnicodeDecodeError:
        raise ScenarioError(place, "it is not UTF-8 text.", "Save it as UTF-8.") from None
    return parse_toml(text, place, form)


def parse_toml(text: str, place: str, form: str) -> dict[str, Any]:
    """What a text says; ScenarioError when it is no TOML that is taken."""
    long = LONG_KEY.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + 1
        raise ScenarioError(f"{place}, line {line}", f"a key has more than {MOST_PARTS} parts.", f"No key has so many: {form}.")
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(place, "it is nested too deeply.", f"{form} shows the form.") from None
    except ValueError as error:  # tomllib's own, and that of a number with too many digits
        raise ScenarioError(place, f"it is not TOML ({error}).", f"{form} shows the form; strings need quotes.") from None
    if not all(_prints(found) for found in _parts(data)):
        raise ScenarioError(place, "a number in it has more than 64 bits.", f"{form} says which numbers are possible.")
    return data


def _parts(data: dict[str, Any]) -> list[Any]:
    """Everything in it, from outside in."""
    found: list[Any] = [data]
    for part in found:
        found += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return found


def _prints(found: object) -> bool:
    return not isinstance(found, int) or abs(found) < LARGEST_NUMBER


__all__ = ["parse_toml", "read_toml"]
