"""The program: commands loaded when they are called, and what any failure becomes.

Every refusal is one paragraph on standard error and an exit code (docs/exit-codes.md); a traceback is
shown only when SNAPPROOF_DEBUG=1.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from .. import __version__, begin
from ..exit_codes import ExitCode
from ..memory import out_of_memory
from ..spec.errors import SnapproofError
from ..words import plain
from . import terminal

COMMANDS = {
    "check": "Explore scenarios and say whether everything holds.",
    "faults": "Break the model on purpose, one switch at a time, and see each fault caught.",
    "scenarios": "List the scenarios with their purpose and last known counts; record new counts.",
    "switches": "List the switches: values, figure, meaning, profiles.",
    "show": "Tell a counterexample step by step: in words, as a page, as Markdown, for other tools.",
    "replay": "Run counterexamples again on the model as it is now.",
    "engine": "A small storage array on disk, to try and to build wrong on purpose.",
    "conform": "Replay traces and whole scenarios on the engine, box by box.",
    "prove": "Is a property inductive: does every box preserve it, from any state in which it holds?",
    "query": "Ask for a state in which an expression holds: any of the types, or a reachable one.",
}


class ReaderGone(Exception):
    """Whoever read our output has closed it.  (click would make exit code 1 of a BrokenPipeError.)"""


class Commands(click.Group):
    """Loads a command's module when the command is called, and turns failures into paragraphs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f".{cmd_name}", __package__).command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from ..spec.errors import near
            raise click.UsageError(f"there is no command {args[0]!r}. {near(args[0], list(COMMANDS))}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderGone from None

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None,
             complete_var: str | None = None, standalone_mode: bool = True, **extra: Any) -> NoReturn:
        words = list(sys.argv[1:] if args is None else args)
        terminal.prepare()
        # click takes colours out of what it prints when this is False, also on a terminal.
        extra.setdefault("color", False if terminal.colourless() else None)
        sys.exit(guarded(lambda: super(Commands, self).main(words, "snapproof", complete_var, False, **extra), words))


def guarded(action: Any, words: list[str]) -> int:
    """The exit code of an action; whatever it raises has been told on standard error, and nothing is left unwritten."""
    try:
        code = _outcome(action, words)
    except KeyboardInterrupt:  # while the end was being told
        code = ExitCode.INTERRUPTED
    begin.deaf()
    if terminal.flushed():
        return code
    if code not in (ExitCode.SYSTEM_REFUSES, ExitCode.READER_GONE):
        _refused([], ExitCode.SYSTEM_REFUSES, "output", "the system refuses what was left to write.",
                 "Check free space and permissions.")
    return ExitCode.SYSTEM_REFUSES if code != ExitCode.READER_GONE else code


def _outcome(action: Any, words: list[str]) -> int:
    try:
        begin.listening()
        code = action()
        sys.stdout.flush()
        return int(code or ExitCode.SUCCESS)
    except click.UsageError as error:
        return _refused(words, ExitCode.BAD_COMMAND_LINE, "command line", error.format_message(),
                        f"See {error.ctx.command_path if error.ctx else 'snapproof'} --help.")
    except click.ClickException as error:
        return _refused(words, ExitCode.BAD_COMMAND_LINE, "command line", error.format_message(), "")
    except SnapproofError as error:
        _debug()
        return _refused(words, error.exit_code, error.place, error.cause, error.fix, error.mistakes)
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted.")
        _told_json(words, ExitCode.INTERRUPTED, "command", "interrupted.", "")
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, ReaderGone):
        terminal.drop(1)  # as in `| head`: nothing to say, and nothing to flush at the end
        return ExitCode.READER_GONE
    except OSError as error:
        _debug()
        return _no_memory(words) if out_of_memory(error) else _refused(
            words, ExitCode.SYSTEM_REFUSES, str(error.filename or "output"), f"the system refuses: {error.strerror or error}.",
            "Check free space and permissions.")
    except SystemExit as error:  # click ends in another way here: only code of a specification does this
        _debug()
        return _refused(words, ExitCode.ILL_FORMED, "specification", f"it ended the program: sys.exit({error.code!r}).",
                        "It must not: take the call out.")
    except Exception as error:  # the last resort, so that no user ever meets a traceback
        _debug()
        return _no_memory(words) if out_of_memory(error) else _refused(words, ExitCode.MISTAKE, "internal error", _where(error),
                        "This is a mistake in snapproof: please report this line, the command and the scenario "
                        "(SNAPPROOF_DEBUG=1 shows the traceback).")


def _no_memory(words: list[str]) -> ExitCode:
    return _refused(words, ExitCode.SYSTEM_REFUSES, "memory", "the system gave no more.", "Give a smaller --memory, or --jobs 1.")


def _refused(words: list[str], code: ExitCode, place: str, cause: str, fix: str, mistakes: Sequence[SnapproofError] = ()) -> ExitCode:
    _say(f"{place}: {cause} {fix}".strip())
    for one in mistakes:
        _say(f"{one.place}: {one.cause} {one.fix}")
    _told_json(words, code, place, cause, fix, mistakes)
    return code


def _told_json(words: list[str], code: ExitCode, place: str, cause: str, fix: str, mistakes: Sequence[SnapproofError] = ()) -> None:
    if "--json" in words:
        error: dict[str, Any] = {"place": place, "cause": cause, "fix": fix}
        if mistakes:
            error["mistakes"] = [{"place": e.place, "cause": e.cause, "fix": e.fix} for e in mistakes]
        with suppress(OSError):
            click.echo(json.dumps({"format": "snapproof-error", "version": 1, "ok": False, "exit_code": code, "error": error}))


def _say(text: str) -> None:
    terminal.complain(f"snapproof: {plain(' '.join(text.split()))}")


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = f" in {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{last}."


def _debug() -> None:
    if os.environ.get("SNAPPROOF_DEBUG") == "1":
        terminal.complain(traceback.format_exc().rstrip())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="snapproof")
def cli() -> None:
    """Check storage that keeps point-in-time copies without copying, and specifications like it.

    Start with `snapproof check`: it explores every scenario of the storage device and ends with exit
    code 0 only when everything is as expected.
    """


def main() -> NoReturn:
    """The entry point of the installed program."""
    cli.main()


__all__ = ["cli", "guarded", "main"]
