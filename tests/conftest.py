"""Long audits stand beside the tests, marked `audit`; they run only when asked for: `pytest --audit tests`."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cli_kit
import pytest
from made_up.reach import REACHED, summary


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--audit", action="store_true", help="run the long audits, and nothing else (make audit)")


def pytest_configure(config: pytest.Config) -> None:
    # What several tests share and takes long to make (`xdist_group`) is made in one worker, and not in each.
    if config.getoption("dist", "no") == "load":
        config.option.dist = "loadgroup"
    # What is compiled is kept for the other worker and the next run, and not in the cache of whoever runs the tests.
    os.environ.setdefault("SNAPPROOF_CACHE", str(Path(__file__).parents[1] / "build" / "test-cache"))
    # Who starts the tests behind `&` in a script has them, and all that they start, ignore Ctrl-C; some are about Ctrl-C.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _nothing_is_left_running() -> Iterator[None]:
    """What a test has started and not waited for, since it failed, does not run on beside the others."""
    yield
    cli_kit.end_what_was_started()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = bool(config.getoption("--audit"))
    left = [item for item in items if ("audit" in item.keywords) is not wanted]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if ("audit" in item.keywords) is wanted]


# --- what the made-up specifications reached, at the end of a session -----------------------------------


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:  # a worker of pytest-xdist: its parent prints
        output["reached"] = {name: sorted(lines) for name, lines in REACHED.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for name, lines in getattr(node, "workeroutput", {}).get("reached", {}).items():
        REACHED.setdefault(name, set()).update(lines)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if REACHED:
        terminalreporter.section("lines that made-up specifications reached (those of tests/made_up/unreached.toml are traced)")
        for line in summary(REACHED):
            terminalreporter.line(line)
