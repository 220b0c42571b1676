"""The colours of processes."""

from __future__ import annotations

from collections.abc import Sequence

HUES = 8
"""Colours of processes; a ninth process has the colour of the first."""


def hue(trace_processes: Sequence[str], process: str) -> str:
    """The class that colours a process everywhere on the page."""
    return f"p{list(trace_processes).index(process) % HUES + 1}" if process in trace_processes else "p0"
