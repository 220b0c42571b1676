"""Forked processes that end when the one that forked them does, however it ends.

On Linux the kernel sends the signal.  Elsewhere every child watches a pipe whose other end only the parent holds: when the
parent is gone, reading it ends.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

PR_SET_PDEATHSIG = 1

_pipe: tuple[int, int, int] | None = None
"""The process that made it, its reading end, and its writing end."""


def fork(work: Callable[[], object]) -> int:
    """Run this in a child that dies with this process; the child's id.  Exit code 0 when it returns, 255 when it raises."""
    global _pipe
    if not sys.platform.startswith("linux") and (_pipe is None or _pipe[0] != os.getpid()):
        _pipe = (os.getpid(), *os.pipe())
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        code = 255
        try:
            tie(parent)
            work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 255
        except BaseException:  # the child must never go on with what its parent was doing
            code = 255
        finally:
            _leave(code)
    return child


def tie(parent: int) -> None:
    """In a child that was just forked: end when the parent does."""
    if sys.platform.startswith("linux"):
        _ask_kernel()
    elif _pipe is not None and _pipe[0] == parent:
        os.close(_pipe[2])
        threading.Thread(target=_watch, args=(_pipe[1],), daemon=True).start()
    if os.getppid() != parent:  # it was gone before we asked
        _leave(255)


def _ask_kernel() -> None:
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _watch(end: int) -> None:
    with suppress(OSError):
        while os.read(end, 1):
            pass
    os._exit(255)


def _leave(code: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


__all__ = ["fork", "tie"]
