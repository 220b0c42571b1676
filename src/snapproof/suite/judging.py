"""What the result of a search is worth: whether it proves anything, and whether it is what the scenario expects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..checker import Result, Verdict
from ..exit_codes import ExitCode
from ..spec.properties import Property
from ..spec.scenario import Scenario

ENDED = (Verdict.VIOLATED, Verdict.DEADLOCK, Verdict.STUCK)
"""Verdicts with a counterexample."""


def not_executed(scenario: Scenario, properties: Sequence[Property], result: Result) -> None:
    """A complete search that met all witnesses still proves nothing when a box it must execute was not executed, or when
    it has checked no property (or only such as speak of nobody), and deadlocks were not asked for either."""
    done = {name for _, name in result.executed}
    missing = [name for name in scenario.execute if name not in done]
    if result.verdict in (Verdict.HOLDS, Verdict.UNREACHED) and missing:
        result.verdict = Verdict.UNREACHED
        result.unreached = [*result.unreached, *missing]
    checked = [p for p in properties if not result.instance.without_members(p)]
    if result.verdict is Verdict.HOLDS and not (checked or scenario.execute or scenario.asked):
        result.verdict = Verdict.UNREACHED


def raw_code(result: Result) -> ExitCode:
    """The exit code of a verdict taken by itself."""
    if result.verdict is Verdict.VIOLATED and result.broken is not None and result.broken.property.kind == "transition":
        return ExitCode.TRANSITION_VIOLATED
    if result.verdict is Verdict.INCOMPLETE:
        return ExitCode.INTERRUPTED if result.reason == "interrupted" else ExitCode.INCOMPLETE
    return result.verdict.exit_code


def judged(scenario: Scenario, expects: bool, result: Result) -> dict[str, Any]:
    """Is the verdict the expected one (where the expectation counts), and which exit code does it ask for?"""
    code = raw_code(result)
    found = result.broken.property.id if result.broken else result.verdict.value
    if not expects or scenario.expect == "holds":
        return {"as_expected": code == ExitCode.SUCCESS, "exit_code": code}
    if result.verdict in ENDED and found == scenario.expect:
        return {"as_expected": True, "exit_code": ExitCode.SUCCESS}
    if result.verdict in (Verdict.HOLDS, Verdict.UNREACHED):
        return {"as_expected": False, "exit_code": ExitCode.NOT_VIOLATED}
    return {"as_expected": False, "exit_code": code}
