"""Every command of docs/tutorial.md does what the page says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("z3")

PAGE = Path(__file__).parent.parent / "docs" / "tutorial.md"


def told() -> list[tuple[str, list[str]]]:
    """The commands of the page, each with the lines it must print."""
    out: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.S):
        for line in block.strip().splitlines():
            if line.startswith("$ "):
                out.append((line[2:], []))
            else:
                out[-1][1].append(line)
    return out


def test_the_story_runs_from_beginning_to_end(tmp_path: Path) -> None:
    story = told()
    assert len(story) >= 10
    for command, lines in story:
        words = shlex.split(command)
        assert words[0] == "snapproof"
        done = subprocess.run([sys.executable, "-m", "snapproof.cli", *words[1:]], cwd=tmp_path, capture_output=True, text=True,
                              env={**os.environ, "COLUMNS": "100"}, timeout=300)
        said = " ".join((done.stdout + done.stderr).split())
        expected = 0
        for line in lines:
            code = re.match(r"exit code (\d+)", line)
            if code:
                expected = int(code[1])
            else:
                assert " ".join(line.split()) in said, f"{command}\n{line}\n---\n{done.stdout}{done.stderr}"
        assert done.returncode == expected, f"{command} ended with {done.returncode}\n{done.stderr}"


def test_the_page_for_review_is_small_and_needs_no_network(tmp_path: Path) -> None:
    for command, _ in told()[:5]:
        words = shlex.split(command)
        subprocess.run([sys.executable, "-m", "snapproof.cli", *words[1:]], cwd=tmp_path, capture_output=True, timeout=300)
    page = (tmp_path / "review.html").read_text("utf-8")
    assert len(page) < 300_000
    assert not re.search(r"(src|href)=[\"']https?:", page)
