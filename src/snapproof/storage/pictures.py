"""The pictures of all steps. Pieces that several of them have in common are drawn once and referred to.

Most of a picture stays as it was from one step to the next; this keeps a page of 25 steps well under 300 kB.
"""

from __future__ import annotations

from collections import Counter

from ..report.markup import Markup, join, tag
from ..report.suspects import Suspects
from ..traces.trace import Trace
from .layout import layout
from .moment import Moment
from .picture import frame, pieces

WORTH = 60
"""A piece shorter than this is not worth a reference."""


def draw(trace: Trace, marked: Suspects) -> tuple[Markup, list[Markup]]:
    """What the pictures share (invisible by itself, for the start of the page), and the picture of every state."""
    at, last = layout(trace), len(trace.steps)
    moments = [Moment(trace, i, marked if i == last else None) for i in range(last + 1)]
    drawn = [pieces(m, at) for m in moments]
    times = Counter(p for picture in drawn for p in picture)
    shared = {p: f"d{i}" for i, p in enumerate(p for p, n in times.items() if n > 1 and len(p) > WORTH)}
    defined = tag("svg", tag("defs", *(tag("g", p, id=name) for p, name in shared.items())), cls="shared", width=0, height=0,
                  aria_hidden="true")
    return defined, [frame(m, at, join(*(tag("use", href=f"#{shared[p]}") if p in shared else p for p in picture)))
                     for m, picture in zip(moments, drawn, strict=True)]
