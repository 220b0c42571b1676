"""While the file of a specification is executed: within a time, and ended by Ctrl-C, whatever its code catches."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from ..bounded import TooLong, bounded
from ..exit_codes import ExitCode
from ..spec.errors import SnapproofError

LEAST = 5.0
"""Seconds that loading may take however few a search is given: it takes a moment, unless something is wrong."""


class TooSlow(SnapproofError):
    """Its code ran longer than the user wants to wait."""

    exit_code = ExitCode.INCOMPLETE


@contextmanager
def loading(path: Path, seconds: float | None) -> Iterator[None]:
    """TooSlow, with the line it had come to, for what takes longer (and more than LEAST); without seconds there is no limit.

    Code that does not return to Python (one operation on enormous numbers, a library that waits) is not reached by
    a timer, nor by Ctrl-C.
    """
    if seconds is not None:
        seconds = max(seconds, LEAST)
    try:
        with _interruptible(), bounded(seconds) if seconds is not None else nullcontext():
            yield
    except TooLong as late:
        if seconds is None:
            raise  # the time of something that this is a part of
        lines = [f.lineno for f in traceback.extract_tb(late.__traceback__) if Path(f.filename).resolve() == path.resolve()]
        raise TooSlow(f"{path}:{lines[-1]}" if lines else str(path), f"loading it was not finished after {seconds:g} seconds.",
                      "What stands outside functions is executed when a file is loaded: take the loop, the waiting or the slow "
                      "import out, or give more --seconds.") from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """A Ctrl-C that was caught by what runs in here counts all the same, when that has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    except BaseException:
        if asked:
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


__all__ = ["LEAST", "TooSlow", "loading"]
