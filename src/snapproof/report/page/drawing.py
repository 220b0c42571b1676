"""What a page asks of whoever can draw the states of a specification; without it, states are shown as tables."""

from __future__ import annotations

from typing import Protocol

from ...traces.trace import Trace
from ..markup import Markup
from ..suspects import Path, Suspects, each_alone


class Drawing(Protocol):
    """Pictures of the states of one specification; `legend` says what is particular in them."""

    legend: str

    def arguments(self, trace: Trace) -> set[Path]:
        """The arguments of the violation as paths, outer before inner; asked for every trace."""

    def draw(self, trace: Trace, marked: Suspects) -> tuple[Markup, list[Markup]] | None:
        """What the pictures share (invisible by itself, for the start of the page), and the picture of every state; None for a trace
        that it cannot draw.
        """


class Tables:
    """Draws nothing, so that the page shows tables: right for every specification."""

    legend = ""

    def arguments(self, trace: Trace) -> set[Path]:
        """Each by itself."""
        return each_alone(trace)

    def draw(self, trace: Trace, marked: Suspects) -> None:
        """No trace."""


TABLES = Tables()
