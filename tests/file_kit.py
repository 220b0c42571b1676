"""What tests of files share: a process run to its end, and device nodes of our own."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

TRACE = "snapproof-traces/two+locking=off.I1.json"


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, said = process.communicate(timeout=120)
    return process.returncode, out, said


def node(folder: Path, name: str, like: str) -> Path:
    """A device node of our own with the numbers of one in /dev, so that no test can harm the machine's."""
    path = folder / name
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.stat(like).st_rdev)
        os.close(os.open(path, os.O_WRONLY))
    except OSError:
        pytest.skip("device nodes cannot be made here")
    return path
