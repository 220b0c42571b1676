"""A model that a designer has edited and that does not load: the line is named, and nobody is asked to report it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from altered_model import Edit, altered

CHECK = '''
import sys, snapproof
snapproof.__path__ = [sys.argv.pop(1), *snapproof.__path__]
from snapproof.cli.main import main
main()
'''

MISTAKES: dict[str, tuple[Edit, str]] = {
    "a name mistyped": (("virtual_read.py", '@step(HostAdapter, "284"', '@step(HostAdaptor, "284"'), "name 'HostAdaptor' is not defined"),
    "an import mistyped": (("virtual_read.py", "from .locks import", "from .locks import nothing,"), "cannot import name 'nothing'"),
    "no Python": (("virtual_read.py", '@step(HostAdapter, "284"', 'if\n@step(HostAdapter, "284"'), "it is not Python"),
    "a wrong call": (("virtual_read.py", '@step(HostAdapter, "284"', '@step()\n@step(HostAdapter, "284"'), "TypeError"),
    "the program ended": (("virtual_read.py", '@step(HostAdapter, "284"', 'raise SystemExit(0)\n@step(HostAdapter, "284"'), "SystemExit"),
}


@pytest.mark.slow
@pytest.mark.parametrize("words", [["check", "save_old_data"], ["faults", "C-4"], ["prove", "I3a"], ["scenarios"]], ids=lambda w: w[0])
@pytest.mark.parametrize("edit, told", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_model_is_told_with_its_line(tmp_path: Path, edit: Edit, told: str, words: list[str]) -> None:
    folder = altered(tmp_path, [edit])
    found = subprocess.run([sys.executable, "-c", CHECK, str(folder), *words], capture_output=True, text=True, timeout=120)
    said = " ".join((found.stdout + found.stderr).split())
    assert found.returncode == 150 and told in said and "internal error" not in said, said
    assert "virtual_read.py:" in said
