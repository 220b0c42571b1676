"""Every trace kept in `traces/` still happens: on the model, and on the engine built the same way."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from snapproof.cli.main import cli

TRACES = sorted((Path(__file__).parents[2] / "traces").glob("*.json"))


def test_there_are_traces_to_keep() -> None:
    assert len(TRACES) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("path", TRACES, ids=[p.stem for p in TRACES])
def test_it_still_fails_on_the_model(path: Path) -> None:
    result = CliRunner().invoke(cli, ["replay", str(path)])
    assert result.exit_code == 0, result.output
    assert "still fails" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("path", TRACES, ids=[p.stem for p in TRACES])
def test_the_engine_does_the_same_and_the_safe_engine_refuses(path: Path) -> None:
    result = CliRunner().invoke(cli, ["conform", str(path)])
    assert result.exit_code == 0, result.output
    assert "steps alike" in result.output and "the safe engine refuses step" in result.output
