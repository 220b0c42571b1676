"""A worker ends when the program that started it does, even if that was killed and could not say so.

Otherwise a killed `snapproof` leaves searches and proofs behind that take processors and memory and answer nobody.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from contextlib import suppress

PERIOD = 0.5
"""Seconds between two looks at the parent, where the system does not tell."""

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Called first in a worker, with the process id of its parent: be killed when the parent ends.

    Linux sends the signal itself, when the *thread* ends that started the worker: start workers in one that lasts.  On
    other systems a thread looks whether the parent is still there.
    """
    if not _asked_linux():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    # It may have ended before the system was asked.
    if os.getppid() != parent:
        os._exit(1)


def _asked_linux() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    with suppress(OSError, AttributeError):
        return int(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)) == 0
    return False


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PERIOD)
    os._exit(1)
