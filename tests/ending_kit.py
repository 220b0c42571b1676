"""Has a process ended, and does something come true?"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def gone(pid: int) -> bool:
    """A process that nobody has waited for yet is a zombie: it has ended, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def soon(test: Callable[[], bool], seconds: float = 120) -> bool:
    """Does it become true?  The time is only for when it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if test():
            return True
        time.sleep(0.05)
    return False

