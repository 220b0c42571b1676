"""Ctrl-C before and behind what the program does: while its parts are loaded, and when nothing is left to stop.

There nobody could answer it but with a traceback, so the process simply ends, as programs do that know nothing of Ctrl-C
(a shell calls that 130).  Only the program itself is treated so, not another one that imports the package.

Python drops a KeyboardInterrupt that falls into a destructor, or into what runs behind a fork, and prints a traceback: then
it comes again a moment later.
"""

import _signal as signal  # type: ignore[import-not-found]  # built in: nothing has to be read for it yet
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOMENT = 0.05
"""Seconds after which a Ctrl-C that was dropped comes again."""

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
        sys.unraisablehook = _again


def _again(dropped: "Any") -> None:
    if not issubclass(dropped.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
    elif signal.getitimer(signal.ITIMER_REAL)[0] == 0:  # else the time limit of a part ends that part
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, MOMENT)


__all__ = ["deaf", "is_program", "listening"]
