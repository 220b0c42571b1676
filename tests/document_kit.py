"""Documents as tests read them: blocks of code, commands with what they must print, and commands named in a sentence.

A block says what it is: `console` is a story (commands behind `$ `, below each what it must print), `toml` a scenario
or faults, `python` a specification, `diff` an edit of the model, `text` a picture that nothing can run.  The word
`long` behind `console` leaves a story that takes minutes to `make audit`.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from snapproof.cli.main import cli

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
INSIDE = [ROOT / "docs" / "exploring.md", *sorted((ROOT / "docs" / "findings").glob("*.md"))]
"""Pages of many short questions about the model: asked in one process, which loads it once."""
KINDS = {"console", "toml", "python", "diff", "text"}


@dataclass
class Block:
    page: Path
    line: int
    kind: str
    options: list[str]
    text: str


@dataclass
class Told:
    """A command of a story, with the lines that it must print and the code that it must end with."""

    command: str
    lines: list[str] = field(default_factory=list)
    code: int = 0


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    opened: Block | None = None
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            if opened:
                found.append(opened)
                opened = None
            else:
                kind, *options = line[3:].split() or [""]
                opened = Block(page, number, kind, options, "")
        elif opened:
            opened.text += line + "\n"
    assert opened is None, f"{page.name}: the block of line {opened.line if opened else 0} is never closed"
    return found


def stories(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.kind in ("console", "diff")]


def told(text: str) -> list[Told]:
    out: list[Told] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            out.extend(Told(part.strip()) for part in line[2:].split(";"))
        elif code := re.match(r"exit code (\d+)", line):
            out[-1].code = int(code[1])
        elif line.strip():
            out[-1].lines.append(line)
    return out


def plain(text: str) -> str:
    """One space between words, and no figures that depend on the machine."""
    words = re.sub(r"\b\d+(\.\d+)? s\b", "… s", " ".join(text.split()))
    return re.sub(r"\b(plain|compiled)$", "…", words)


def run(command: str, folder: Path, package: Path) -> subprocess.CompletedProcess[str]:
    """A command of a story, as `snapproof` would be on the path, with the specification of this package."""
    words = shlex.split(command)
    assert words[0] == "snapproof", f"a story runs only snapproof, not {command!r}"
    path = os.pathsep.join(filter(None, (str(package), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "COLUMNS": "100", "PYTHONPATH": path}
    return subprocess.run([sys.executable, "-m", "snapproof.cli", *words[1:]], cwd=folder, capture_output=True,  # noqa: S603
                          text=True, env=environment, timeout=900)


def run_inside(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The same in this process."""
    words = shlex.split(command)
    assert words[0] == "snapproof", f"a story runs only snapproof, not {command!r}"
    with contextlib.chdir(folder):
        result = CliRunner().invoke(cli, words[1:], env={"COLUMNS": "100"})
    return subprocess.CompletedProcess(words, result.exit_code, result.stdout, result.stderr)


def check(step: Told, done: subprocess.CompletedProcess[str]) -> None:
    """Everything told stands in what was printed, in this order, and begins where a word does; `…` stands for anything."""
    said, at = plain(done.stdout + " " + done.stderr), 0
    both = f"{step.command}\n--- printed:\n{done.stdout}{done.stderr}"
    for line in step.lines:
        for i, part in enumerate(plain(line).split("…")):
            found = said.find(part.strip(), at)
            while i == 0 and found > 0 and not said[found - 1].isspace():  # `2 steps` is not in `12 steps`
                found = said.find(part.strip(), found + 1)
            assert found >= 0, f"not printed (here): {part.strip()!r}\n--- by {both}"
            at = found + len(part.strip())
    assert done.returncode == step.code, f"exit code {done.returncode}, told was {step.code}\n--- by {both}"


# --- commands within sentences ----------------------------------------------------------------------------------------


def named_commands(text: str) -> list[str]:
    """`snapproof …` in code spans and on indented lines of a page."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    spans = re.findall(r"`(snapproof [^`]+)`", prose)
    return spans + re.findall(r"^    (snapproof .+)$", prose, flags=re.M)


def commands_of_messages(path: Path) -> list[str]:
    """`snapproof …` in the texts of a source file: what help, errors and advice tell people to run.

    What is filled in by an f-string becomes a word in capitals.
    """
    texts: list[str] = []
    inner: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            inner.update(id(v) for v in node.values)
            texts.append("".join(v.value if isinstance(v, ast.Constant) else "FILLED" for v in node.values))  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            texts.append(node.value)
    found: list[str] = []
    for text in texts:
        text = re.sub(r"^(\s*)snapproof (.+)$", r"\1`snapproof \2`", text, flags=re.M) if "\n" in text else text
        found += re.findall(r"`(snapproof [^`]+)`", text)
        found += re.findall(r"(?<![`.\w-])(snapproof [a-z]+(?: [^;:()`]+)?)", text)
    return [" ".join(f.split()) for f in found]
