"""`snapproof engine …`: an array on disk, for a person to try: create, write, snapshot, read, remove, restore, deactivate, show.

Exit codes besides the usual ones: 20 when the array refuses the request, 21 when a process of it hangs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..exit_codes import ExitCode
from ..files import flush_folder, read_file
from ..spec.errors import SnapproofError
from ..words import plain
from .options import PathName
from .terminal import complain

if TYPE_CHECKING:
    from ..engine import Build, Host

DISKS = 1
"""Disk adapters of an array that a command opens."""

LIMIT = 30.0
"""Seconds that one call may take."""

DIRECTORY = click.argument("directory", metavar="DIR", type=PathName())
SET = click.option("--set", "settings", metavar="SWITCH=VALUE", multiple=True,
                   help="Build the engine differently, or wrong on purpose (see `snapproof switches`). Repeatable.")


class EngineRefusal(SnapproofError):
    """An error of the engine, as the command line tells it."""

    def __init__(self, place: str, cause: str, fix: str, exit_code: ExitCode) -> None:
        super().__init__(place, cause, fix)
        self.exit_code = exit_code


@contextmanager
def told() -> Iterator[None]:
    """Errors of the engine become refusals with an exit code."""
    from ..engine import errors

    codes = {errors.BadBuild: ExitCode.SCENARIO_REFUSED, errors.BadRequest: ExitCode.BAD_COMMAND_LINE,
             errors.NotAnArray: ExitCode.FILE_REFUSED, errors.Damaged: ExitCode.FILE_REFUSED,
             errors.InUse: ExitCode.SYSTEM_REFUSES, errors.StoreError: ExitCode.SYSTEM_REFUSES,
             errors.Failed: ExitCode.SYSTEM_REFUSES, errors.Hung: ExitCode.ENGINE_HANGS, errors.Refused: ExitCode.ENGINE_REFUSES}
    try:
        yield
    except errors.EngineError as error:
        if isinstance(error, errors.Hung):
            complain(plain_lines(error.stacks))
        code = next((c for kind, c in codes.items() if isinstance(error, kind)), ExitCode.MISTAKE)
        raise EngineRefusal(error.place, error.cause, error.fix, code) from error


def plain_lines(text: str) -> str:
    """Escaped line by line."""
    return "\n".join(map(plain, text.splitlines()))


@contextmanager
def opened(directory: Path, settings: tuple[str, ...], *, writing: bool = True) -> Iterator[Host]:
    """A host of the array in this directory.  Each of its calls is durable when it returns; a refused one leaves nothing.

    `writing=False`: several may read at a time, also where nothing can be written.
    """
    from ..engine import Array, Host
    from ..engine.store import FileStore

    with told():
        build = build_of(settings)
        with FileStore(directory, writable=writing) as store:
            array = Array(store, build, hosts=1, disks=DISKS, limit=LIMIT)
            try:
                yield Host(array)
                array.close()
            finally:
                array.abandon()


def build_of(settings: tuple[str, ...]) -> Build:
    """The engine's switches from SWITCH=VALUE words."""
    from ..engine import Build

    for text in settings:
        if "=" not in text:
            raise click.UsageError(f"--set {text}: write it as SWITCH=VALUE.")
    return Build.of({t.partition("=")[0].strip(): t.partition("=")[2].strip() for t in settings})


@click.group("engine")
def command() -> None:
    """A small storage array on disk, with the boxes of the figures on real tables.

    Devices are S1, S2, … and V1, V2, …; tracks have forty blocks of 512 bytes; tracks and blocks count from 0.
    The files are described in docs/formats.md.
    """


@command.command("create")
@DIRECTORY
@click.option("--standard", default=1, show_default=True, help="Standard devices.")
@click.option("--virtual", default=2, show_default=True, help="Virtual devices.")
@click.option("--tracks", default=15, show_default=True, help="Tracks of each; fifteen make a cylinder.")
@click.option("--log-tracks", default=30, show_default=True, help="Room in the log pool.")
@click.option("--sessions", default=16, show_default=True, help="Session numbers of a standard device that are used.")
@click.option("--lists", default=4, show_default=True, help="Lists of related pairs.")
@SET
def create_array(directory: Path, standard: int, virtual: int, tracks: int, log_tracks: int, sessions: int, lists: int,
                 settings: tuple[str, ...]) -> ExitCode:
    """Make an array in a new or empty directory."""
    from ..engine import create
    from ..engine.array import fits_together
    from ..engine.geometry import Geometry
    from ..engine.store import FileStore

    with told():
        geometry, build = Geometry(standard, virtual, tracks, log_tracks, sessions, lists), build_of(settings)
        fits_together(geometry, build)
        with new_directory(directory), FileStore(directory) as store:
            create(store, geometry, build)
    click.echo(f"{plain(directory)}: {standard} standard and {virtual} virtual devices of {tracks} tracks.")
    return ExitCode.SUCCESS


@contextmanager
def new_directory(directory: Path) -> Iterator[None]:
    """Made if need be, and durable at the end; gone again when what was to be in it cannot be made."""
    from ..engine.errors import refusal

    new = not directory.exists()
    try:
        directory.mkdir(exist_ok=True)
    except OSError as error:
        raise refusal("make", str(directory), error) from None
    try:
        yield
    except BaseException:
        if new:
            with suppress(OSError):
                directory.rmdir()
        raise
    if new:
        flush_folder(directory.absolute().parent)


@command.command("write")
@DIRECTORY
@click.argument("device")
@click.argument("track", type=int)
@click.option("--block", default=0, show_default=True, help="First block within the track.")
@click.option("--text", help="What to write; the rest of its last block becomes zeros.")
@click.option("--file", "source", type=PathName(), help="A file to write (- for standard input); filled up likewise.")
@SET
def write_data(directory: Path, device: str, track: int, block: int, text: str | None, source: Path | None,
               settings: tuple[str, ...]) -> ExitCode:
    """Write whole blocks to a standard or virtual device.

    A write of several tracks is carried out track by track: each is on disk whole or not at all, in their order.
    """
    from ..engine.geometry import BLOCK, TRACK, Geometry

    if (text is None) == (source is None):
        raise click.UsageError("give either --text or --file.")
    # No device is longer, and what was handed over as a descriptor may be endless.
    data = contents(source, Geometry.LIMITS["tracks"] * TRACK) if source is not None else (text or "").encode("utf-8", "surrogateescape")
    data += bytes(-len(data) % BLOCK)
    with opened(directory, settings) as host:
        host.write(device, track, data, block)
    click.echo(f"{plain(device)}: {len(data) // BLOCK} blocks written from track {track}, block {block} on.")
    return ExitCode.SUCCESS


def contents(source: Path, most: int) -> bytes:
    """The bytes of a file that a user names, as every command reads files; UsageError when they cannot be had."""
    try:
        return read_file(source, most)
    except OSError as error:
        raise click.UsageError(f"--file {plain(source)}: {error.strerror or error}.") from None


@command.command("read")
@DIRECTORY
@click.argument("device")
@click.argument("track", type=int)
@click.option("--block", default=0, show_default=True, help="First block within the track.")
@click.option("--count", default=1, show_default=True, help="How many blocks; they may cross tracks.")
@click.option("--raw", is_flag=True, help="The bytes themselves on standard output.")
@SET
def read_data(directory: Path, device: str, track: int, block: int, count: int, raw: bool, settings: tuple[str, ...]) -> ExitCode:
    """Read blocks of a standard or virtual device."""
    with opened(directory, settings, writing=False) as host:
        data = host.read(device, track, block, count)
    if raw:
        sys.stdout.buffer.write(data)
    else:
        for line in dump(data):
            click.echo(line)
    return ExitCode.SUCCESS


def dump(data: bytes) -> Iterator[str]:
    """Sixteen bytes a line, in hexadecimal and as text; a star for lines like the one before."""
    before, starred = b"", False
    for offset in range(0, len(data), 16):
        row = data[offset:offset + 16]
        if row == before:
            if not starred:
                yield "*"
            starred = True
            continue
        before, starred = row, False
        yield f"{offset:06x}  {row.hex(' ', 8)}  {''.join(chr(b) if 32 <= b < 127 else '.' for b in row)}"
    yield f"{len(data):06x}"


@command.command("snapshot")
@DIRECTORY
@click.argument("pairs", nargs=-1, required=True, metavar="STANDARD VIRTUAL [STANDARD VIRTUAL]...")
@SET
def take_snapshot(directory: Path, pairs: tuple[str, ...], settings: tuple[str, ...]) -> ExitCode:
    """Register and relate pairs, and activate all of them at one point in time.

    When one pair is refused, none is activated, and nothing on disk has changed; neither has it when the command is
    ended halfway.
    """
    if len(pairs) % 2:
        raise click.UsageError("name a virtual device for each standard device.")
    wanted = list(zip(pairs[::2], pairs[1::2], strict=True))
    with opened(directory, settings) as host:
        host.snapshot(wanted)
    click.echo(", ".join(f"{plain(v)} shows {plain(s)}" for s, v in wanted) + " as of now.")
    return ExitCode.SUCCESS


@command.command("remove")
@DIRECTORY
@click.argument("virtual")
@SET
def remove_device(directory: Path, virtual: str, settings: tuple[str, ...]) -> ExitCode:
    """Remove a virtual device, however far it has come; its session number and log tracks become free."""
    with opened(directory, settings) as host:
        host.give_up(virtual)
    click.echo(f"{plain(virtual)} is unused again.")
    return ExitCode.SUCCESS


@command.command("restore")
@DIRECTORY
@click.argument("virtual")
@click.argument("target")
@SET
def restore_device(directory: Path, virtual: str, target: str, settings: tuple[str, ...]) -> ExitCode:
    """Restore a device to what a virtual device shows.

    TARGET is the standard device that the virtual device stands for, or another one without virtual devices: the virtual device is
    unused then, and data stays where it is until hosts access it, or until `copy-back`.  Or it is an unused virtual device, which
    becomes a copy; the other one stays.
    """
    with opened(directory, settings) as host:
        host.restore(virtual, target)
    click.echo(f"{plain(target)} shows what {plain(virtual)} {'does' if target[:1] in 'Vv' else 'showed'}.")
    return ExitCode.SUCCESS


@command.command("deactivate")
@DIRECTORY
@click.argument("virtual")
@SET
def deactivate_device(directory: Path, virtual: str, settings: tuple[str, ...]) -> ExitCode:
    """Freeze what a virtual device has saved, and tell which tracks that are: those that have changed since its point in time."""
    with opened(directory, settings) as host:
        host.deactivate(virtual)
        changed = host.changed_tracks(virtual)
    click.echo(f"{plain(virtual)} is deactivated; tracks that had changed: {', '.join(map(str, changed)) or 'none'}.")
    return ExitCode.SUCCESS


@command.command("copy-back")
@DIRECTORY
@click.argument("standard")
@SET
def copy_tracks_back(directory: Path, standard: str, settings: tuple[str, ...]) -> ExitCode:
    """Copy to a standard device what a restore has left on the log device, or on another standard device."""
    with opened(directory, settings) as host:
        count = host.copy_back(standard)
    name = plain(standard)
    click.echo(f"{count} tracks of {name} were copied back." if count else f"All data of {name} is on its own tracks.")
    return ExitCode.SUCCESS


@command.command("show")
@DIRECTORY
@click.option("--tables-only", is_flag=True, help="Leave out the tracks; they are not looked at either.")
def show_array(directory: Path, tables_only: bool) -> ExitCode:
    """Draw tables and pointers; writes nothing, names what is damaged, and ends with 154 when anything is."""
    from ..engine.damage import damage
    from ..engine.journal import read_contents
    from ..engine.picture import picture
    from ..engine.store import FileStore
    from .terminal import console

    with told(), FileStore(directory, writable=False) as store:
        contents = read_contents(store)
        console(sys.stdout).print(picture(store, contents, not tables_only))
        wrong = damage(store, contents, not tables_only)
    for sentence in wrong:
        click.secho(f"damage: {plain(sentence)}", bold=True, fg="red")
    return ExitCode.FILE_REFUSED if wrong else ExitCode.SUCCESS
