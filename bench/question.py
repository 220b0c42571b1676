"""One question to z3, asked inside a process that has everything loaded: run.py starts it.

`python bench/question.py EXPRESSION TIMES` prints JSON: the processor seconds of each asking, each from nothing.
"""

from __future__ import annotations

import json
import sys
import time

from snapproof import storage
from snapproof.symbolic.query import query

SCENARIO = "split_shared_track"
"""What `snapproof query` takes its sizes from."""


def asked(expression: str, times: int) -> list[float]:
    """Building the terms and solving them."""
    instance, seconds = storage.SUITE.find(SCENARIO).instance(), []
    for _ in range(times):
        begin = time.process_time()
        answer = query(instance, expression, [], 60.0)
        seconds.append(time.process_time() - begin)
        assert answer.found is not None, "there is such a state"
    return seconds


if __name__ == "__main__":
    print(json.dumps(asked(sys.argv[1], int(sys.argv[2]))))
