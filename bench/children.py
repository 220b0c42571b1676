"""Running a program as a child process and asking the system what it cost."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class BenchError(Exception):
    """A measurement that means nothing: a program that failed, or counts that differ."""


@dataclass(frozen=True)
class Cost:
    """What a child and its own children cost: processor seconds (user and system), wall seconds, peak bytes."""

    cpu: float
    wall: float
    peak: int
    status: int
    out: str
    errors: str


def run_child(command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None,
              may_fail: bool = False) -> Cost:
    """Run a command in a folder to its end; BenchError when it fails, unless it may.

    The processor time is the kernel's (wait4), so start-up and everything else a process does counts.  Bytecode is kept, as it is for
    users: without it each start reads all sources anew, for a quarter of a second.
    """
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | dict(env or {})
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        child = subprocess.Popen(command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=errors)
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            child.wait()
            raise
        wall = time.monotonic() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    if child.returncode and not may_fail:
        tail = "\n".join((texts[0] + texts[1]).strip().splitlines()[-8:])
        raise BenchError(f"{Path(command[0]).name} ended with exit code {child.returncode}:\n{tail}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, child.returncode, *texts)
