"""From where a figure was called is told: in a deadlock, from the inside of nested calls, and never where nobody called."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_kit import run
from figures_kit import called, whole
from readings_kit import instance_of

from snapproof.checker import Verdict, search
from snapproof.spec.machine import Machine
from snapproof.traces.waiting import waiting
from snapproof.traces.waiting_words import where_words


def test_a_deadlock_says_from_where_the_figure_was_called(tmp_path: Path) -> None:
    """A host adapter that never leaves Fig. 1 without a unit waits there for the one that it has itself."""
    text = called().replace("        s.lock = 0\n        return POOL.none\n", "        return WAIT\n").replace("initial=2)", "initial=1)")
    result = search(instance_of(text, tmp_path, sizes={"HA": 1, "DA": 0}), [], reading="plain")
    assert result.verdict is Verdict.DEADLOCK and result.counterexample
    machine, last = Machine(result.instance), result.counterexample[-1].cells
    assert where_words(waiting(machine, last)[0], stuck=False) == "HA1 waits at 2 take, called from 11"
    machine.thaw(last)
    start = machine.spec.step_named("HA", "start")
    assert start is not None and machine.spec.routes["HA"].called_from(start, list(last), {}) == []


@pytest.mark.slow
def test_nested_calls_are_told_from_the_inside(tmp_path: Path) -> None:
    instance = instance_of(called(), tmp_path, sizes={"HA": 1, "DA": 0}, fuse=False)
    machine, told = Machine(instance, []), set[str]()
    for cells in whole(instance):
        machine.thaw(cells)
        handle = machine.handles[0]
        step = machine.step_at(handle)
        told.add(", called from ".join([step.name, *machine.spec.routes["HA"].called_from(step, handle._cells, handle._place)]))
    assert {"take, called from 20, called from 10", "take, called from 11", "needs, called from 10", "needs, called from 11"} <= told


@pytest.mark.slow
def test_a_question_cannot_ask_for_no_caller(tmp_path: Path) -> None:
    """Outside of the figure the cell has the value of the first call: the answer would be about that one, too."""
    (file := tmp_path / "pool.py").write_text(called())
    for name, code in (("second_1", 0), ("none", 151)):
        assert run("query", f"HA1.pool_caller == {name}", "--spec", str(file)).exit_code == code
