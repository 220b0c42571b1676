"""The program as tests call it: inside this process, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from click.testing import CliRunner, Result

from snapproof.cli.main import cli

WHEELS = '''
from __future__ import annotations
from snapproof.spec import *
class Wheel(IndexSet, letter="w"):
    """Independent counters: 10^n states."""
class S(State):
    at = table(Wheel, of=Range(0, 9), meaning="position")
class C(Scope):
    """None."""
@action
def turn(s: S, c: C, w: Wheel) -> Signal:
    """A wheel turns."""
    s.at[w] = (s.at[w] + 1) % 10
    return DONE
@invariant("low", "too high")
def low(s: S, c: C, w: Wheel) -> bool:
    """Positions stay low."""
    return s.at[w] < 10
SPECIFICATION = Specification.of_module("wheels", S, C, __name__, Wheel=7)
'''


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def started(*words: str, **more: Any) -> subprocess.Popen[str]:
    """The program in a process of its own; SIGINT reaches it as it would from a terminal."""
    environment = os.environ | {"COLUMNS": "200"}
    process = subprocess.Popen([sys.executable, "-m", "snapproof.cli", *words], text=True, env=environment,  # noqa: S603
                               **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more))
    STARTED.append(process)
    return process


STARTED: list[subprocess.Popen[str]] = []


def end_what_was_started() -> None:
    """Kill what `started` has started and a test has not seen to its end."""
    while STARTED:
        process = STARTED.pop()
        if process.poll() is None:
            process.kill()
