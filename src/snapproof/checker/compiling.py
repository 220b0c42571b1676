"""Compiling in a process of its own: LLVM cannot be interrupted, and ends its process when memory runs out.

It is forked, not started anew: another interpreter would first load LLVM, a tenth of a second for each compilation.  No
command has threads at this moment (`tests/checker/test_forks.py`); they would make that unsafe.
"""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress

from .native import compile_text
from .result import OutOfTime
from .together import end_with

DONE, NO_MEMORY, FAILED = 0, 3, 4
"""How the process ends."""


def compile_apart(text: str, seconds: float | None = None) -> bytes:
    """The object code of LLVM text.  OutOfTime after so many seconds; MemoryError when the system gave no more memory.

    Ctrl-C ends the compilation at once.
    """
    if not hasattr(os, "fork"):
        return compile_text(text)
    receive, send = os.pipe()
    parent = os.getpid()
    # Ctrl-C waits until there is somebody to end the child: one that fell in between left it to itself, or went on in the child.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        child = os.fork()
    except OSError:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    if child == 0:
        _work(text, parent, send)
    try:
        os.close(send)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        code = _received(receive, None if seconds is None else time.monotonic() + seconds)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(receive)
        _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    if ended == DONE and code:
        return code
    if ended in (NO_MEMORY, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV):
        raise MemoryError("compiling")
    # What went wrong is told by trying it here.
    return compile_text(text)


def _received(pipe: int, late: float | None) -> bytes:
    parts: list[bytes] = []
    while True:
        left = None if late is None else late - time.monotonic()
        if left is not None and left <= 0:
            raise OutOfTime("time limit reached while compiling")
        if select.select([pipe], [], [], left)[0]:
            part = os.read(pipe, 1 << 16)
            if not part:
                return b"".join(parts)
            parts.append(part)


def _work(text: str, parent: int, send: int) -> None:
    """The child: compile, answer, and end without running anything that the parent has prepared for its own end."""
    ended = FAILED
    try:
        end_with(parent)
        # Ctrl-C on the terminal reaches the parent, which kills this process.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # LLVM tells the end of memory on standard error, and then ends; the parent tells it better.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        code, sent = compile_text(text), 0
        while sent < len(code):
            sent += os.write(send, code[sent:sent + (1 << 16)])
        ended = DONE
    except MemoryError:
        ended = NO_MEMORY
    finally:
        with suppress(BaseException):
            os.close(send)
        os._exit(ended)
