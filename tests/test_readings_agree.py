"""The plain and the compiled reading say the same of random specifications."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_specifications import load, specifications

from snapproof.checker import Limits, Result, Verdict, search
from snapproof.spec import SnapproofError
from snapproof.spec.errors import DeclarationError
from snapproof.spec.scenario import Scenario

EXAMPLES = int(os.environ.get("SNAPPROOF_EXAMPLES", "30"))
"""How many random specifications; `make audit` asks for many."""

relaxed = settings(max_examples=EXAMPLES, deadline=None, derandomize="SNAPPROOF_EXAMPLES" not in os.environ,
                   suppress_health_check=list(HealthCheck))
PROGRAMS: list[dict[str, Any]] = [
    {"program": ["go A* *", "run *"]}, {"menu": ["go A1 1", "run 2"]}, {"program": [["run 1", "go A2 0"], "run 0"]},
    {"menu": ["run *"], "times": 2}]


def both(text: str, folder: Path, hosts: list[dict[str, Any]], mode: str, servers: int, fuse: bool = True) -> list[Any]:
    """What each reading says: a Result, or the class of the error."""
    try:
        module = load(text, folder)
    except DeclarationError as error:
        assert "local" in str(error) or "loop" in str(error), error
        assume(False)
    spec = module.SPECIFICATION
    scenario = Scenario("random", spec, sizes={"A": 2, "B": 1, "Server": servers}, hosts=hosts, switches={"mode": mode}, fuse=fuse)
    found: list[Any] = []
    for reading in ("plain", "compiled"):
        try:
            found.append(search(scenario.instance(), list(spec.properties.values()), reading=reading,
                                limits=Limits(states=4000 if reading == "plain" else None, seconds=20)))
        except SnapproofError as error:
            found.append(type(error))
        if isinstance(found[0], Result):
            assume(found[0].verdict is not Verdict.INCOMPLETE)
    return found


def facts(result: Any) -> Any:
    """What must be equal: counts, verdict, the counterexample itself, and how often each step ran."""
    if not isinstance(result, Result):
        return result
    trace = [(t.move, t.cells) for t in result.counterexample] if result.counterexample else None
    finished = result.verdict in (Verdict.HOLDS, Verdict.UNREACHED)
    return (result.verdict, result.distinct, result.generated, result.depth, result.broken, result.stuck, trace, result.unreached,
            result.executed if finished else None)


@relaxed
@given(text=specifications(), hosts=st.lists(st.sampled_from(PROGRAMS), min_size=1, max_size=2),
       mode=st.sampled_from(["off", "on"]), servers=st.integers(1, 2), fuse=st.booleans())
def test_counts_verdict_and_counterexample_are_equal(tmp_path_factory: pytest.TempPathFactory, text: str,
                                                     hosts: list[dict[str, Any]], mode: str, servers: int, fuse: bool) -> None:
    plain, compiled = both(text, tmp_path_factory.mktemp("spec"), hosts, mode, servers, fuse)
    assert facts(plain) == facts(compiled)


@relaxed
@given(text=specifications(wild=True), mode=st.sampled_from(["off", "on"]))
def test_values_that_leave_their_domain_are_errors_in_both(tmp_path_factory: pytest.TempPathFactory, text: str, mode: str) -> None:
    plain, compiled = both(text, tmp_path_factory.mktemp("spec"), PROGRAMS[:1], mode, 1)
    if isinstance(plain, Result) and isinstance(compiled, Result):
        assert facts(plain) == facts(compiled)
    else:
        # The compiled reading evaluates a whole state's successors before it looks at the first of them,
        # so of a violation and an error in the successors of one state it may report the error.
        assert isinstance(compiled, type)
        assert isinstance(plain, type) or plain.verdict in (Verdict.VIOLATED, Verdict.DEADLOCK)
