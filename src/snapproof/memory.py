"""How much memory this machine can give, and how much of it a run takes that was not told: the same for every command.

"Free" is what the system calls available, within the limits of a container and of `ulimit -v`.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

SMALLEST = 16 << 20
"""Less memory than this is not worth beginning with."""

SHARE = 0.75
"""The part of the available memory that a run takes when --memory does not say."""


def default_budget() -> int:
    """The memory budget, in bytes, of a run that gives none."""
    return int(available() * SHARE)


def available() -> int:
    """Bytes of memory that a new run can have: what the system reports, within the limits of its container and of `ulimit -v`."""
    found = _linux_available() or _physical() // 2
    return max(SMALLEST, min(found, _container_limit() or found, _address_space() or found))


def _address_space() -> int:
    """What `ulimit -v` leaves; 0 without such a limit."""
    try:
        import resource
        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return 0
        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError, AttributeError):
        return 0
    return max(SMALLEST, (limit - used) // 2)


def _linux_available() -> int:
    try:
        text = Path("/proc/meminfo").read_text("ascii")
    except (OSError, ValueError):
        return 0
    found = re.search(r"^MemAvailable:\s*(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _physical() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 4 << 30


def _container_limit() -> int:
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text("ascii"))
        used = int(Path("/sys/fs/cgroup/memory.current").read_text("ascii"))
    except (OSError, ValueError):
        return 0
    return max(64 << 20, limit - used)


WANT = re.compile("failed to map segment|cannot allocate memory|can't start new thread|out of memory", re.IGNORECASE)
"""How libraries that do not raise MemoryError say it."""


def out_of_memory(error: BaseException) -> bool:
    """Did this fail because the system gave no more memory, in whatever words?"""
    if isinstance(error, MemoryError) or isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    if isinstance(error, (OSError, ImportError, RuntimeError)) and WANT.search(str(error)):
        return True
    before = error.__cause__ or error.__context__
    return before is not None and out_of_memory(before)


__all__ = ["available", "default_budget", "out_of_memory"]
