"""How much memory a run takes that was not told: the same for every command, and for a search by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from snapproof import memory
from snapproof.checker import compiled
from snapproof.checker.compiled import CompiledSearch
from snapproof.cli.main import cli
from snapproof.cli.options import limits
from snapproof.suite.sources import specification_file, whole_scenario

ROOT = Path(__file__).parent.parent
GIB = 1 << 30


def system(monkeypatch: pytest.MonkeyPatch, free: int = 0, container: int = 0, space: int = 0) -> None:
    """A machine that reports this; 0: nothing."""
    for name, bytes_ in (("_linux_available", free), ("_physical", 6 * GIB), ("_container_limit", container), ("_address_space", space)):
        monkeypatch.setattr(memory, name, lambda bytes_=bytes_: bytes_)


@pytest.mark.parametrize(("told", "available"), [
    ({"free": 8 * GIB}, 8 * GIB),
    ({"free": 8 * GIB, "container": 2 * GIB}, 2 * GIB),
    ({"free": 8 * GIB, "container": 2 * GIB, "space": GIB}, GIB),
    ({"free": 8 * GIB, "container": 64 * GIB}, 8 * GIB),
    ({}, 3 * GIB),
    ({"free": 1}, memory.SMALLEST),
])
def test_a_run_takes_three_quarters_of_what_the_system_and_its_limits_leave(
        monkeypatch: pytest.MonkeyPatch, told: dict[str, int], available: int) -> None:
    system(monkeypatch, **told)
    assert memory.available() == available
    assert memory.default_budget() == available * 3 // 4


def test_searches_at_a_time_share_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    system(monkeypatch, free=8 * GIB)
    assert limits(None, None, None, 2).memory == 3 * GIB
    assert limits(4 * GIB, None, None, 2).memory == 2 * GIB


def test_a_search_by_itself_takes_what_a_command_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    system(monkeypatch, free=GIB // 8)
    assert compiled.default_budget is memory.default_budget
    searched = CompiledSearch(whole_scenario(specification_file(ROOT / "examples" / "peterson.py"), "peterson").instance(), [])
    searched.run()
    assert searched.budget == GIB // 8 * 3 // 4


def commands_with_memory() -> Iterator[tuple[str, click.Option]]:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        yield from ((name, p) for p in command.params if isinstance(p, click.Option) and p.name == "memory")


def test_every_command_with_a_budget_says_the_default() -> None:
    found = dict(commands_with_memory())
    assert {"check", "faults", "query", "prove"} <= set(found)
    assert all("three quarters of what is free" in (option.help or "") for option in found.values())


def test_one_place_asks_the_system_how_much_memory_there_is() -> None:
    asking = re.compile("MemAvailable|SC_AVPHYS|SC_PHYS|memory\\.max|virtual_memory")
    found = [p.name for p in (ROOT / "src" / "snapproof").rglob("*.py") if asking.search(p.read_text("utf-8"))]
    assert found == ["memory.py"]
