"""A writer in a process of its own, to be killed: opens the array for each operation, and says so when it has returned.

`python engine_writer.py DIRECTORY OPERATIONS`, the operations as JSON; a line on standard output for each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from snapproof.engine import Array, Host
from snapproof.engine.store import FileStore


def perform(h: Host, word: str, *given: Any) -> None:
    """One operation."""
    if word == "write":
        device, track, block, letter, count = given
        h.write(device, track, letter.encode() * (512 * count), block)
    elif word == "snapshot":
        h.snapshot([(s, v) for s, v in given])
    elif word == "register":
        h.register(*given)
    elif word == "relate":
        h.relate(*given, 2)
    elif word == "activate":
        h.activate(2)
    else:
        h.give_up(*given)


def main(directory: Path, operations: list[list[Any]]) -> None:
    """All of them, one after another."""
    for operation in operations:
        with FileStore(directory) as store, Array(store) as a:
            perform(Host(a), *operation)
        print("done", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
