"""Forked processes that end when the one that forked them does, and that never go on with what it was doing."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from ..checker.together import end_with
from ..exit_codes import ExitCode


def fork(work: Callable[[], object]) -> int:
    """Run this in a child that dies with this process; the child's id.

    Its exit code is that of a SystemExit, 0 when the work returns, and that of a mistake (255) when it raises anything else.
    """
    _flush()
    parent = os.getpid()
    # Ctrl-C between the fork and the `try` would have the child go on with what its parent was doing.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        child = os.fork()
    except OSError:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    if child == 0:
        code: int = ExitCode.MISTAKE
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            end_with(parent)
            work()
            code = ExitCode.SUCCESS
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else ExitCode.MISTAKE
        except BaseException:  # the child must never go on with what its parent was doing
            code = ExitCode.MISTAKE
        finally:
            _leave(code)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return child


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()


def _leave(code: int) -> NoReturn:
    _flush()
    os._exit(code)


__all__ = ["fork"]
