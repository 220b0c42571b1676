"""Code of a specification that is called to tell something, not to find something: it may not take for ever."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EXPLAINING = 10.0
"""Seconds that an explanation may take: they take milliseconds."""


class TooLong(BaseException):
    """It took too long.  No Exception, so that the code which is stopped does not catch it by mistake."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise TooLong in what runs longer; where the system has no timer for it (not in the main thread), nothing is done."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(number: int, frame: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, late)
    # Again and again, in case it is caught after all.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
