"""Code of a specification that is called to tell something, not to find something: it may not take for ever."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EXPLAINING = 10.0
"""Seconds that an explanation may take: they take milliseconds."""


class TooLong(BaseException):
    """It took too long.  No Exception, so that the code which is stopped does not catch it by mistake."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise TooLong in what runs longer; where the system has no timer for it (not in the main thread), nothing is done.

    May stand in another one, whose time goes on.  That what runs here caught the exception does not help it.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    over = done = False

    def late(number: int, frame: Any) -> None:
        nonlocal over
        if not done:
            over = True
            raise TooLong

    begin, before = time.monotonic(), signal.getsignal(signal.SIGALRM)
    left, again = signal.getitimer(signal.ITIMER_REAL)
    # The signal may come at any line from here on, also at those that end this: so one `finally` stands in the other.
    try:
        try:
            signal.signal(signal.SIGALRM, late)
            # Again and again, in case it is caught after all.
            signal.setitimer(signal.ITIMER_REAL, min(seconds, left) if left > 0 else seconds, 1.0)
            yield
            if over or time.monotonic() - begin > seconds:
                raise TooLong
        finally:
            done = True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)
        if left > 0:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (time.monotonic() - begin)), again)
