"""How far a run is: a live line on a terminal, plain lines every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ..checker import Progress
from ..suite.jobs import Outcome
from ..words import plain, size
from .terminal import complain, console, lively

LEAST_WANTED = (7, 1, 3, 4, 2, 5)
"""Parts of a line that are left out where it is too long, the first one first; states and seconds always stay."""

SECONDS = 5.0
"""Between two plain progress lines."""


def words(label: str, now: Progress, columns: int | None = None) -> str:
    """One line: states, generated, depth, frontier, rate, memory; of them as many as fit into so many columns."""
    rate = now.distinct / now.seconds if now.seconds > 0 else 0
    parts = [f"{now.distinct:,} states", f"{now.generated:,} transitions", f"depth {now.depth:,}", f"frontier {now.frontier:,}",
             f"{rate:,.0f} states/s", size(now.memory), f"{now.seconds:.0f} s", now.reading]
    name, kept = plain(label), set(range(len(parts)))
    for part in LEAST_WANTED:
        if columns is None or len(name) + 2 + sum(len(parts[i]) + 2 for i in kept) - 2 <= columns:
            break
        kept.discard(part)
    line = ", ".join(parts[i] for i in sorted(kept))
    room = max(8, columns - len(line) - 2) if columns is not None else len(name)
    return f"{name if len(name) <= room else name[:room - 1] + '…'}: {line}"


class Silent:
    """Shows nothing."""

    def show(self, label: str, now: Progress) -> None:
        """Take notice of a job's progress."""

    def done(self, label: str) -> None:
        """The job has finished."""

    def told(self, outcome: Outcome) -> None:
        """Take notice of an outcome."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While this is entered, standard output may be written to."""
        yield

    def close(self) -> None:
        """Leave the terminal clean."""


class Lines(Silent):
    """A plain line on standard error every few seconds, for logs."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def show(self, label: str, now: Progress) -> None:
        if time.monotonic() - self.last >= SECONDS:
            self.last = time.monotonic()
            complain(words(label, now))


class Live(Silent):
    """One live line a running job, redrawn in place on the terminal."""

    def __init__(self) -> None:
        self.jobs: dict[str, Progress] = {}
        self._start()

    def _start(self) -> None:
        from rich.live import Live as RichLive
        # A new one each time: a stopped one remembers its height and would erase what was printed since.
        self.live: Any = RichLive(console=console(sys.stderr), auto_refresh=False, transient=True,
                                  redirect_stdout=False, redirect_stderr=False)
        with suppress(OSError):
            self.live.start()

    def _draw(self) -> None:
        from rich.console import Group
        from rich.text import Text
        columns = self.live.console.width
        lines = [Text(words(label, now, columns), no_wrap=True, overflow="ellipsis") for label, now in self.jobs.items()]
        with suppress(OSError):  # a terminal that is gone takes no picture, and costs no verdict
            self.live.update(Group(*lines), refresh=True)

    def show(self, label: str, now: Progress) -> None:
        self.jobs[label] = now
        self._draw()

    def done(self, label: str) -> None:
        self.jobs.pop(label, None)

    @contextmanager
    def paused(self) -> Iterator[None]:
        self.close()
        yield
        self._start()
        if self.jobs:
            self._draw()

    def close(self) -> None:
        with suppress(OSError):
            self.live.stop()


@contextmanager
def display(quiet: bool = False) -> Iterator[Silent]:
    """The display that fits standard error; it is closed whatever happens."""
    chosen: Silent = Live() if lively(sys.stderr) else Silent() if quiet else Lines()
    try:
        yield chosen
    finally:
        chosen.close()
