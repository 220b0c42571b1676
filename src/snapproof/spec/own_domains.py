"""Domains that a specification declares itself: what their methods say is checked, and what they raise is told as its author's mistake."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .demands import told
from .errors import DeclarationError, SnapproofError

HOUSE = __name__.rpartition(".")[0]
"""The domains of this package are not looked at."""

ASKED_WITH = "It is asked with the sizes of the index sets, and show and word with a value between the bounds."


def guard(of: type) -> None:
    """Have the methods that a domain's class declares checked whenever they are asked; called for each class."""
    if of.__module__ == HOUSE or of.__module__.startswith(f"{HOUSE}."):
        return
    for name, fine in (("bounds", _are_bounds), ("show", _is_readable), ("word", _is_text)):
        if callable(method := vars(of).get(name)):
            setattr(of, name, _checked(method, of.__name__, name, fine))


def _checked(method: Callable[..., Any], owner: str, name: str, fine: Callable[[Any], str]) -> Callable[..., Any]:
    code = getattr(method, "__code__", None)
    place = f"{code.co_filename}:{code.co_firstlineno} {owner}.{name}" if code else f"{owner}.{name}"

    @functools.wraps(method)
    def asked(*arguments: Any, **others: Any) -> Any:
        try:
            found = method(*arguments, **others)
        except SnapproofError:
            raise
        except (Exception, SystemExit) as error:
            raise DeclarationError(place, f"it cannot be computed ({type(error).__name__}: {error}).", ASKED_WITH) from None
        if wanted := fine(found):
            raise DeclarationError(place, f"it says {told(found)}.", wanted)
        return found
    return asked


def _are_bounds(found: Any) -> str:
    fine = isinstance(found, tuple) and len(found) == 2 and all(isinstance(n, int) and not isinstance(n, bool) for n in found)
    return "" if fine and found[0] <= found[1] else "Return the lowest and the highest value, two whole numbers: return 0, 3."


def _is_readable(found: Any) -> str:
    """States are shown and written as JSON."""
    if isinstance(found, (list, tuple)):
        return next((wrong for part in found if (wrong := _is_readable(part))), "")
    if isinstance(found, dict):
        return next((wrong for key, part in found.items() if (wrong := _is_text(key) or _is_readable(part))), "")
    fine = found is None or isinstance(found, (str, int, float, bool))
    return "" if fine else "Return a text or a number, or a list or dict of such."


def _is_text(found: Any) -> str:
    return "" if isinstance(found, str) else "Return a text."


__all__ = ["guard"]
