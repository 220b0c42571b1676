"""The pages of docs/findings as tests read them, and the table of its index, which is made of their heads.

`python tests/findings_kit.py` writes the table anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import document_kit as kit

FOLDER = kit.ROOT / "docs" / "findings"
INDEX = FOLDER / "README.md"
HEAD = ("| finding | figures | in a line | broken | steps | known |\n"
        "|---|---|---|---|---|---|\n")
KNOWN = {"new", "partly new", "listed"}


@dataclass(frozen=True)
class Check:
    """A `snapproof check --set` of a page: what it changes, and what comes out."""

    scenario: str
    settings: tuple[str, ...]
    broken: str
    steps: int


@dataclass(frozen=True)
class Finding:
    page: Path
    ids: list[str]
    title: str
    figures: str
    broken: list[str]
    steps: int
    repaired: list[str]
    known: str
    properties: dict[str, str]
    checks: list[Check]


def pages() -> list[Path]:
    return sorted(page for page in FOLDER.glob("*.md") if page != INDEX)


def finding(page: Path) -> Finding:
    """What the head of a page says, and the checks of its stories."""
    text = page.read_text("utf-8")
    title = re.match(r"# ([^.]+)\. (.+)\n", text)
    row = re.search(r"^\|---\|---\|---\|---\|---\|\n\| (.+) \|$", text, re.M)
    assert title and row, f"{page.name} has no title, or no table below it"
    figures, broken, steps, repaired, known = row[1].split(" | ")
    between = text[row.end():text.index("\n## ")]
    properties = {m[1]: " ".join(m[2].split()) for m in re.finditer(r"\*(\w+): (.+?)\*\\?$", between, re.S | re.M)}
    told = [step for block in kit.stories(page) for step in kit.told(block.text)]
    return Finding(page, title[1].split(", "), title[2], figures, [] if broken == "none" else broken.split(", "), int(steps),
                   re.findall(r"`([^`]+)`", repaired), known, properties, [c for step in told if (c := check_of(step))])


def check_of(step: kit.Told) -> Check | None:
    words = step.command.split()
    found = re.search(r"\bviolates (\w+)|\b(deadlock)$", step.lines[0])
    if words[1] != "check" or "--set" not in words or not found:
        return None
    steps = next(int(line.split()[0]) for line in step.lines if re.fullmatch(r"\d+ steps; .*|\d+ steps", line.strip()))
    return Check(words[2], tuple(words[i + 1] for i, w in enumerate(words) if w == "--set"), found[1] or found[2], steps)


def _order(found: Finding) -> tuple[object, ...]:
    """By number within a letter, and the letters of the hazards first."""
    kind, number, rest = re.match(r"([A-Z]+)-?(\d+)(.*)", found.ids[0]).groups()  # type: ignore[union-attr]
    return kind, int(number), rest


def findings() -> list[Finding]:
    return sorted((finding(page) for page in pages()), key=_order)


def table() -> str:
    """The table of the index, and below it where its links lead."""
    found = findings()
    rows = [f"| {', '.join([f'[{f.ids[0]}]', *f.ids[1:]])} | {f.figures} | {f.title} | {', '.join(f.broken) or 'none'} | {f.steps} | "
            f"{f.known} |\n" for f in found]
    return HEAD + "".join(rows) + "\n" + "".join(f"[{f.ids[0]}]: {f.page.name}\n" for f in found)


def with_table(text: str) -> str:
    """The index, with its table made anew."""
    before, head, rest = text.partition(HEAD)
    assert head, "the index has no table of findings"
    return before + table() + "\n## " + rest.partition("\n## ")[2]


if __name__ == "__main__":
    INDEX.write_text(with_table(INDEX.read_text("utf-8")), "utf-8")
