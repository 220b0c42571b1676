"""Long traces: the work of every rendering grows with their length, and not faster.  Work is counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trace_kit
from render_kit import html_page

from snapproof.report.itf import itf
from snapproof.report.markdown import markdown
from snapproof.report.show import show
from snapproof.traces.trace import Trace
from snapproof.traces.trace_file import parse_trace, pretty, to_json


def saved(trace: Trace) -> Trace:
    return parse_trace(pretty(to_json(trace)), "t.json")


def work(make: Callable[[Trace], Any], trace: Trace) -> int:
    """Calls of functions, and resumptions of generators."""
    count = 0

    def counting(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")
    sys.setprofile(counting)
    try:
        make(trace)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("make", [itf, html_page, markdown, show, saved])
def test_twice_the_steps_are_twice_the_work(make: Callable[[Trace], Any], tmp_path: Path) -> None:
    short = trace_kit.found(tmp_path, locking="off")
    once, twice, four = (work(make, replace(short, steps=short.steps * n)) for n in (8, 16, 32))
    assert (four - twice) < 2.1 * (twice - once)
