"""One exploration of an example, as a process of its own: run.py starts it and asks the system what it cost.

`python bench/ours.py EXAMPLE REQUEST`, where EXAMPLE is a file without its ending and REQUEST is JSON: sizes, switches, deadlock, reading,
times.
Prints JSON: distinct, generated, verdict, memory (bytes), and the processor seconds of every search alone.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from snapproof.checker.plain import PlainSearch
from snapproof.spec.instance import Instance
from snapproof.suite.sources import specification_file

ROOT = Path(__file__).resolve().parent.parent


def explore(example: str, request: dict[str, Any]) -> dict[str, Any]:
    """Explore `times` times, each from nothing; searches must agree on what they find."""
    spec = specification_file(ROOT / f"{example}.py")
    switches = spec.scope.profile()
    for name, text in request["switches"].items():
        switches[name] = spec.scope.switches[name].parse(text, name)
    instance = Instance(spec, request["sizes"], switches)
    searching, answer = [], {}
    for _ in range(request["times"]):
        if request["reading"] == "plain":
            search: Any = PlainSearch(instance, list(spec.properties.values()), request["deadlock"])
        else:
            from snapproof.checker.compiled import CompiledSearch
            search = CompiledSearch(instance, list(spec.properties.values()), request["deadlock"])
        begin = time.process_time()
        result = search.run()
        searching.append(time.process_time() - begin)
        answer = {"distinct": result.distinct, "generated": result.generated, "verdict": result.verdict.value,
                  "memory": result.memory, "bits": result.state_bits}
    return {**answer, "searching": searching}


if __name__ == "__main__":
    print(json.dumps(explore(sys.argv[1], json.loads(sys.argv[2]))))
