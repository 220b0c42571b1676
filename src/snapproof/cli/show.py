"""`snapproof show`: a counterexample in words, as a page, for a review, or for other tools."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..exit_codes import ExitCode
from ..report.show import no_style, show, show_step
from ..texts import write_text
from ..traces.trace import Trace
from ..traces.trace_file import load_trace
from ..words import WIDTH, plain
from . import terminal
from .contradictions import Command
from .options import PathName

COLOURS = {"title": {"bold": True}, "box": {"fg": "cyan"}, "change": {}, "ghost": {"dim": True},
           "bad": {"fg": "red", "bold": True}}

ENDINGS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".itf.json": "itf", ".txt": "text"}
"""What the name of a file says about its form."""


@click.command("show", cls=Command)
@click.argument("trace", type=PathName())
@click.option("--as", "form", type=click.Choice(["text", "html", "md", "itf"]),
              help="Words (text, the default), a page (html), Markdown for a review (md), or the trace format of Apalache (itf); "
                   "without it, the ending of --out decides.")
@click.option("--out", type=PathName(), metavar="FILE", help="Write a file instead of standard output.")
@click.option("--step", "number", type=click.IntRange(0), metavar="N",
              help="Only step N in words, and the tables behind it; 0 is the initial state.")
def command(trace: Path, form: str | None, out: Path | None, number: int | None) -> ExitCode:
    """Tell a counterexample: who executed which box, what changed, what went wrong at the end.

    A page is one file without network, with a picture of every step (docs/renderings.md).
    """
    form = form or _by_name(out)
    if form == "html" and out is None and sys.stdout.isatty():
        raise click.UsageError("a page is for a browser, not for a terminal: give --out FILE.html.")
    loaded = load_trace(trace)
    if number is not None:
        return _one_step(loaded, number)
    if out is None:
        text = rendered(loaded, form, sys.stdout.isatty(), terminal.width())
        # Files for other programs are UTF-8, whatever the terminal's encoding is; words follow the terminal.
        click.echo(text if form == "text" else text.encode("utf-8", "backslashreplace"), nl=form == "text")
        return ExitCode.SUCCESS
    text = rendered(loaded, form, coloured=False, width=WIDTH)
    write_text(out, text if text.endswith("\n") else text + "\n")
    click.echo(f"{plain(out)}: {form}, {len(loaded.steps)} step{'s' * (len(loaded.steps) != 1)}")
    return ExitCode.SUCCESS


def _one_step(trace: Trace, number: int) -> ExitCode:
    from ..storage.drawing import DRAWING
    if number > len(trace.steps):
        raise click.UsageError(f"there is no step {number}: the trace has {len(trace.steps)}.")
    style = _style if sys.stdout.isatty() else no_style
    click.echo(show_step(trace, number, DRAWING.tables(trace, number), style, terminal.width()))
    return ExitCode.SUCCESS


def _by_name(out: Path | None) -> str:
    name = out.name.lower() if out is not None else ""
    return next((form for ending, form in ENDINGS.items() if name.endswith(ending)), "text")


def rendered(trace: Trace, form: str, coloured: bool, width: int) -> str:
    """A trace in one of the forms; colour and the width of the window only on a terminal."""
    if form == "html":
        from ..report.page.document import html_page
        from ..storage.drawing import DRAWING
        return html_page(trace, DRAWING)
    if form == "md":
        from ..report.markdown import markdown
        return markdown(trace)
    if form == "itf":
        from ..report.itf import itf
        return itf(trace)
    return show(trace, _style if coloured else no_style, width)


def _style(text: str, role: str) -> str:
    return click.style(text, **COLOURS[role])  # type: ignore[arg-type]
