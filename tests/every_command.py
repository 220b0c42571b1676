"""A working call of every command, for tests that do the same to all of them: kill them, close what they write to.

`test_every_command.py` holds this table against the command line itself, so that a new command cannot be forgotten.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import small_storage
from cli_kit import run

from snapproof.cli.main import COMMANDS, cli

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "traces" / "C-7.lock_302.I5a.json"


@dataclass(frozen=True)
class Call:
    """`words` of a command, and the exit code it ends with when nothing hinders it.

    `writes`: it changes files, so it is killed, too; `heavy`: it takes seconds, so it is tried in the audit only; `copy`:
    in a copy of the model, since it writes into it.
    """

    command: str
    words: str
    code: int = 0
    writes: bool = False
    heavy: bool = False
    copy: bool = False

    @property
    def split(self) -> list[str]:
        return self.words.split()

    def argv(self, folder: Path) -> list[str]:
        """What starts it in a process of its own."""
        if self.copy:
            return [sys.executable, "-c", IN_COPY, str(folder / "model-copy"), *self.split]
        return [sys.executable, "-m", "snapproof.cli", *self.split]


IN_COPY = """
import sys
folder = sys.argv.pop(1)
sys.argv[0] = "snapproof"
import snapproof
snapproof.__path__ = [folder, *snapproof.__path__]
from snapproof.cli.main import main
main()
"""

SPEC = "--spec storage.py"
OFF = "two.toml --set locking=off"

CALLS = [
    Call("check", f"check {SPEC} two.toml --reading plain"),
    Call("check", f"check {SPEC} {OFF} --reading plain --trace-dir out --junit out/j.xml", 12, True),
    Call("check", f"check {SPEC} {OFF} two.toml --reading compiled --jobs 2 --trace-dir out --json", 12, True, True),
    Call("check", f"check {SPEC} two.toml --json --reading plain"),
    Call("faults", "faults C-5 --trace-dir out --reading plain", 0, True, True),
    Call("faults", "faults C-5 --json --jobs 2", 0, False, True),
    Call("scenarios", "scenarios", heavy=True),
    Call("scenarios", "scenarios --json strict_removal", heavy=True),
    Call("scenarios", "scenarios --update strict_removal strict_read --reading plain", 0, True, True, True),
    Call("switches", f"switches {SPEC}"),
    Call("switches", "switches --json", heavy=True),
    Call("show", "show trace.json"),
    Call("show", "show trace.json --as html"),
    Call("show", "show trace.json --as html --out out/page.html", 0, True),
    Call("show", "show trace.json --as md --out out/page.md", 0, True),
    Call("show", "show trace.json --as itf --out out/page.itf.json", 0, True),
    Call("show", "show trace.json --as text --out out/page.txt", 0, True),
    Call("replay", f"replay {SPEC} trace.json"),
    Call("replay", f"replay {SPEC} trace.json --json"),
    Call("replay", "replay kept.json", heavy=True),
    Call("conform", "conform kept.json", heavy=True),
    Call("conform", "conform --cover strict_removal", heavy=True),
    Call("conform", "conform --no-cover --free 3", heavy=True),
    Call("conform", "conform --no-cover --walks 1", heavy=True),
    Call("query", f"query data[T1]==1 {SPEC}"),
    Call("query", f"query has(dirty,T1) {SPEC} --scenario two.toml --reachable --trace out/q.json --json", 0, True),
    Call("query", f"query I1 {SPEC} --scenario two.toml --reachable --reading compiled", 0, False, True),
    Call("prove", f"prove I1 {SPEC} --scenario two.toml", 16),
    Call("prove", f"prove I1 {SPEC} --scenario two.toml --trace out/p.json --trace-dir out --reachable", 16, True),
    Call("prove", f"prove I1 {SPEC} --scenario two.toml --json", 16),
    Call("prove", "prove --proof two_devices --box send_status --jobs 2", 0, False, True),
    Call("engine create", "engine create out/array", 0, True),
    Call("engine write", "engine write array S1 0 --file bytes", 0, True),
    Call("engine read", "engine read array S1 0 --count 3"),
    Call("engine read", "engine read array S1 0 --raw"),
    Call("engine snapshot", "engine snapshot array S1 V2", 0, True),
    Call("engine remove", "engine remove array V1", 0, True),
    Call("engine restore", "engine restore array V1 S1", 0, True),
    Call("engine restore", "engine restore array V1 V2", 0, True),
    Call("engine deactivate", "engine deactivate array V1", 0, True),
    Call("engine copy-back", "engine copy-back array S1", 0, True),
    Call("engine show", "engine show array"),
    Call("", "--help"), Call("", "--version"), Call("check", "check --help"),
    Call("", "chekc", 1), Call("show", "show none.json", 154), Call("check", "check none.toml --json", 151),
    Call("replay", "replay none.json", 154), Call("conform", "conform none.json", 154, heavy=True),
    Call("engine show", "engine show none", 153),
]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that can be called, by its words."""
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", one) for sub, one in command.commands.items())
        else:
            yield name, command


def prepare(folder: Path, with_copy: bool = True) -> None:
    """What the calls need, in the current folder."""
    small_storage.write(folder)
    run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off", "--reading", "plain", "--trace-dir", "made")
    os.rename("made/two+locking=off.I1.json", "trace.json")
    shutil.copy(KEPT, "kept.json")
    Path("out").mkdir()
    Path("bytes").write_bytes(b"bytes" * 3000)
    for words in ("create array", "snapshot array S1 V1"):
        assert run("engine", *words.split()).exit_code == 0
    if with_copy:
        for part in ("model", "invariants"):
            shutil.copytree(ROOT / part, folder / "model-copy" / part, ignore=shutil.ignore_patterns("__pycache__"))


def renew(folder: Path) -> None:
    """Before another call: the array as it was at first, and an empty folder for what is written."""
    for name in ("array", "out"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "out").mkdir()
    for words in ("create array", "snapshot array S1 V1"):
        assert run("engine", *words.split()).exit_code == 0
