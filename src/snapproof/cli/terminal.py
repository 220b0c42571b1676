"""Standard input, output and error as they are: closed, full, of another encoding, on a terminal or not."""

from __future__ import annotations

import io
import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

import click

from ..words import WIDTH

if TYPE_CHECKING:
    from rich.console import Console

NARROWEST = 40

PLAIN_WIDTH = 120
"""Columns of pictures where there is no terminal."""


def prepare() -> None:
    """Make the three standard descriptors safe to use.

    A closed one is taken, so that no file that is opened later gets its number and is written into.  What is written to
    a closed standard output fails, as on a full disk; errors that nobody can read are lost.  Characters that the encoding
    of the output does not have are escaped.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            _take(number, flags)
    if sys.stdin is None:
        sys.stdin = _text(0, "r")
    if sys.stdout is None:
        sys.stdout = _text(1, "w")
    if sys.stderr is None:
        sys.stderr = _text(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _take(number: int, flags: int) -> None:
    found = os.open(os.devnull, flags)
    if found != number:
        os.dup2(found, number)
        os.close(found)


def _text(number: int, mode: str) -> Any:
    return open(number, mode, encoding="utf-8", closefd=False)


def flushed() -> bool:
    """Bring out what is buffered; False when standard output does not take it.

    What cannot be written is dropped: the interpreter would try again when it ends, and end with a code of its own.
    """
    good = True
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):
            good = good and number != 1
            drop(number)
    return good


def drop(number: int) -> None:
    """From now on, what is written to this standard stream goes nowhere."""
    with suppress(OSError):
        _take(number, os.O_WRONLY)
        (sys.stdout if number == 1 else sys.stderr).flush()


def lively(stream: TextIO) -> bool:
    """May the cursor be moved and colours be used?  On a terminal that can, unless NO_COLOR asks for none."""
    return stream.isatty() and not colourless()


def colourless() -> bool:
    """Do the surroundings ask for plain text (https://no-color.org, and terminals that can nothing else)?"""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM", "") in ("dumb", "unknown")


def width() -> int:
    """The columns to use on standard output: those of a terminal, at most what a report is laid out for."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(NARROWEST, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))


def columns() -> int | None:
    """The columns of the terminal that standard output is; None when it is none."""
    return shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else None


def console(stream: TextIO) -> Console:
    """The only way to the terminal library: it takes no text for markup or for the name of a picture, and colours nothing by itself.

    Control characters are not its affair: foreign text goes through `words.plain`, like everywhere.
    """
    from rich.console import Console

    class Ours(Console):
        def on_broken_pipe(self) -> None:
            """Whoever reads has gone: told as everywhere, not by the end of the program that the library has in mind."""
            raise BrokenPipeError

    how: dict[str, Any] = {} if lively(stream) else {"width": PLAIN_WIDTH, "color_system": None}
    return Ours(file=stream, markup=False, emoji=False, highlight=False, **how)


def complain(text: str) -> None:
    """The only way to standard error: what nobody can read there is lost, and changes nothing."""
    with suppress(OSError, ValueError):
        click.echo(text, err=True)


__all__ = ["colourless", "columns", "complain", "console", "drop", "flushed", "lively", "prepare", "width"]
