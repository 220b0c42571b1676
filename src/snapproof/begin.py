"""Ctrl-C before and behind what the program does: while its parts are loaded, and when nothing is left to stop.

There nobody could answer it but with a traceback, so the process simply ends, as programs do that know nothing of Ctrl-C
(a shell calls that 130).  Only the program itself is treated so, not another one that imports the package.
"""

import _signal as signal  # type: ignore[import-not-found]  # built in: nothing has to be read for it yet
import os
import sys

NAMES = ("snapproof", "snapproof.exe", "snapproof-script.py")


def is_program() -> bool:
    """Is this process `snapproof` or `python -m snapproof.cli`?"""
    name = sys.argv[0] if sys.argv else ""
    return os.path.basename(name) in NAMES or (name == "-m" and "snapproof.cli" in sys.orig_argv) or \
        name == os.path.join(os.path.dirname(__file__), "cli", "__main__.py")


def deaf() -> None:
    """From now on, Ctrl-C just ends the process."""
    if is_program() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def listening() -> None:
    """From now on, Ctrl-C is a KeyboardInterrupt."""
    if is_program() and signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


__all__ = ["deaf", "is_program", "listening"]
