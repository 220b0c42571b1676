"""Counterexamples of the small storage device, and replays after edits of its text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import small_storage
from small_storage import edited

from snapproof.checker import search
from snapproof.spec.scenario import load_scenario
from snapproof.suite.sources import specification_file
from snapproof.traces.record import record
from snapproof.traces.replay import Replay, replay
from snapproof.traces.trace import Trace


def found(folder: Path, text: str = small_storage.TEXT, scenario: str = small_storage.SCENARIO, fuse: bool = True,
          **settings: str) -> Trace:
    """The counterexample of the small storage device with these switches."""
    file, toml = small_storage.write(folder, text, scenario)
    chosen = replace(load_scenario(toml, specification_file(file)).changed(settings), fuse=fuse)
    return record(chosen, search(chosen.instance(), chosen.checked(), deadlock=chosen.deadlock, reading="plain"))


def replayed(folder: Path, trace: Trace, *changes: tuple[str, str]) -> Replay:
    """A replay on the small storage device after an edit of its text."""
    (folder / "edited.py").write_text(edited(*changes))
    return replay(trace, specification_file(folder / "edited.py"), "t.json")
