"""Long audits stand beside the tests, marked `audit`; they run only when asked for: `pytest --audit tests`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--audit", action="store_true", help="run the long audits, and nothing else (make audit)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = bool(config.getoption("--audit"))
    left = [item for item in items if ("audit" in item.keywords) is not wanted]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if ("audit" in item.keywords) is wanted]
