"""A worker ends with the program that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_kit import WHEELS, started
from ending_kit import gone, soon

PROGRAM = '''
import os, sys, time
from snapproof.checker import together
if {deaf}:
    together._asked_linux = lambda: False
parent = os.getpid()
if os.fork() == 0:
    together.end_with(parent)
    print(os.getpid(), flush=True)
    time.sleep(600)
time.sleep(600)
'''


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("deaf", [False, True])
def test_a_worker_is_gone_soon_after_its_parent_was_killed(deaf: bool) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM.format(deaf=deaf)], stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert not gone(worker)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert soon(lambda: gone(worker))


def children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after[1]) == pid and after[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("reading", ["plain", "compiled"])
def test_a_killed_check_leaves_no_search_behind(tmp_path: Path, reading: str) -> None:
    paths = [tmp_path / f"wheels{i}.py" for i in range(3)]
    for path in paths:
        path.write_text(WHEELS)
    with started("check", *map(str, paths), "--jobs", "2", "--reading", reading, "--seconds", "300") as parent:
        workers: list[int] = []
        assert soon(lambda: len(workers.__iadd__(set(children(parent.pid)) - set(workers))) >= 2)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        assert soon(lambda: all(gone(w) for w in workers))
