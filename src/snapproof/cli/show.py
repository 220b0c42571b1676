"""`snapproof show`: a counterexample in words."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from ..report.show import no_style, show
from ..report.trace_file import load_trace
from ..report.words import WIDTH

COLOURS = {"title": {"bold": True}, "box": {"fg": "cyan"}, "change": {}, "ghost": {"dim": True},
           "bad": {"fg": "red", "bold": True}}


@click.command("show")
@click.argument("trace", type=click.Path(path_type=Path))
def command(trace: Path) -> int:
    """Tell a counterexample in words: who executed which box, what changed, what went wrong at the end."""
    coloured = sys.stdout.isatty()
    width = shutil.get_terminal_size((WIDTH, 24)).columns if coloured else WIDTH
    click.echo(show(load_trace(trace), _style if coloured else no_style, width))
    return 0


def _style(text: str, role: str) -> str:
    return click.style(text, **COLOURS[role])  # type: ignore[arg-type]
