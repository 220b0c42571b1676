"""Whatever a command forks has one thread: a copy of a process with several may wait for a lock that nobody holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import small_storage

pytest.importorskip("z3")

PROGRAM = """
import os, sys
os.environ.pop("OPENBLAS_NUM_THREADS", None)
really, note = os.fork, sys.argv.pop(1)
def fork():
    with open(note, "a") as file:
        print(len(os.listdir("/proc/self/task")), sys._getframe(1).f_code.co_filename, file=file)
    return really()
os.fork = fork
from snapproof.cli.main import main
main()
"""

CALLS = {
    "check": "check --spec storage.py two.toml --reading compiled",
    "check, two at a time": "check --spec storage.py two.toml two.toml --reading compiled --jobs 2",
    "query": "query I1 --spec storage.py --scenario two.toml --reachable --reading compiled",
    "prove": "prove I1 --spec storage.py --scenario two.toml --reachable",
    "prove, compiled": "prove I1 --spec wheels.py --reachable",
    "kept proofs": "prove --proof two_devices --box send_status --set HostAdapter=2 --jobs 2",
}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("name", CALLS)
def test_what_is_forked_has_one_thread(name: str, tmp_path: Path) -> None:
    small_storage.write(tmp_path)
    (tmp_path / "wheels.py").write_text(WHEELS)
    environment = os.environ | {"SNAPPROOF_CACHE": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path / "forks"), *CALLS[name].split()], cwd=tmp_path,  # noqa: S603
                          env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 12, 16), done.stdout + done.stderr
    forks = [row.split() for row in (tmp_path / "forks").read_text().splitlines()]
    assert forks and {count for count, _ in forks} == {"1"}, forks
    if "compiled" in name or "check" in name:
        assert any(path.endswith("compiling.py") for _, path in forks), json.dumps(forks)


WHEELS = """
from __future__ import annotations
from snapproof.spec import *
class W(IndexSet, letter="w"):
    \"\"\"Wheels.\"\"\"
class S(State):
    at = table(W, of=Range(0, 9), meaning="position")
class C(Scope):
    \"\"\"None.\"\"\"
@action
def turn(s: S, c: C, w: W) -> Signal:
    \"\"\"A wheel turns.\"\"\"
    s.at[w] = (s.at[w] + 1) % 10
    return DONE
@invariant("I1", "all at nine")
def some_way(s: S, c: C) -> bool:
    \"\"\"Not all stand at nine.\"\"\"
    return s.at[0] + s.at[1] + s.at[2] + s.at[3] != 36
SPECIFICATION = Specification.of_module("wheels", S, C, __name__, W=4)
"""
