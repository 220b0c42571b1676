"""An altered copy of the model: what a designer might do to it, and which property tells."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

SEARCH = '''
import sys, snapproof
folder, name = sys.argv[1:]
snapproof.__path__ = [folder, *snapproof.__path__]
from pathlib import Path
from snapproof.model.specification import SPECIFICATION
from snapproof.spec.scenario import load_scenario
from snapproof.checker import search
scenario = load_scenario(Path(folder) / "model" / "scenarios" / f"{name}.toml", SPECIFICATION)
result = search(scenario.instance(), scenario.checked(), reading="plain")
print(result.broken.property.id if result.broken else result.verdict.value)
'''

Edit = tuple[str, str, str]
"""A file of the model (`activate.py`), a part of its text that stands there once, and what replaces it."""


def altered(folder: Path, edits: list[Edit]) -> Path:
    """A copy of the model and its properties with these edits."""
    for part in ("model", "invariants"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in edits:
        path = folder / "model" / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (name, text.count(old), old)
        path.write_text(text.replace(old, new), "utf-8")
    return folder


def told_by(folder: Path, scenario: str) -> str:
    """The id of the property that tells the alteration in a scenario, or the verdict."""
    done = subprocess.run([sys.executable, "-c", SEARCH, str(folder), scenario], capture_output=True, text=True, timeout=600,
                          cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
