"""How pages show the storage device: a picture of every state, and which things of a violation are inside which."""

from __future__ import annotations

from ..report.markup import Markup
from ..report.suspects import Path, Suspects
from ..traces.trace import Trace
from . import pictures
from .moment import argument_paths, is_storage
from .tables import tables


class StorageDrawing:
    """The storage device, for `report.page.document.html_page`."""

    legend = "lock: who holds it; hand: who is obtaining or returning the log track"

    def arguments(self, trace: Trace) -> set[Path]:
        """The arguments of a violation as paths, for every specification that has devices, tracks, blocks or sessions."""
        return argument_paths(trace)

    def draw(self, trace: Trace, marked: Suspects) -> tuple[Markup, list[Markup]] | None:
        """What the pictures share, and the picture of every state; None for another trace than that of a storage device."""
        return pictures.draw(trace, marked) if is_storage(trace) else None

    def tables(self, trace: Trace, number: int) -> list[str]:
        """The tables behind a step in lines of text; none for another trace than that of a storage device."""
        return tables(trace, number) if is_storage(trace) else []


DRAWING = StorageDrawing()

__all__ = ["DRAWING", "StorageDrawing"]
