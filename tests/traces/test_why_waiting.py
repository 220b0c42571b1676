"""Why a process waits is told whatever the condition looks at."""

from __future__ import annotations

from pathlib import Path

from language_kit import BASE, END
from random_specifications import load

from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.traces.waiting import waiting
from snapproof.traces.waiting_words import seen_words

HEIRS = BASE.replace('class Q(Process, letter="Q"):', '''class Two(Process, programs=True):
    """What both have."""

class U(Two, letter="U", programs=True):
    """Runs programs."""

class Q(Two, letter="Q"):''').replace('@step(P, "9"', '''@step(Two, "1", "Fig. 1")
def first(s: S, c: C, p: Two) -> Next:
    """Waits."""
    if p.idle:
        return WAIT
    return DONE

@step(P, "9"''')


def test_a_process_that_runs_no_programs_is_idle_and_waits_for_it(tmp_path: Path) -> None:
    """Its base may run programs: the same box asks heirs that have commands and heirs that have none."""
    spec = load(HEIRS + END.replace("Q=1", "Q=1, U=1"), tmp_path).SPECIFICATION
    machine = Machine(Scenario("m", spec).instance())
    told = {w.process: seen_words([w]) for w in waiting(machine, next(machine.initial()).cells)}
    assert told["Q1"].startswith("Q1 waits at 1 first (") and told["Q1"].endswith("`if p.idle`)")


LIMITED = HEIRS.replace("    if p.idle:\n", "    if s.y <= c.most:\n").replace(
    "class C(Scope):", 'class C(Scope):\n    most: int = constant(Range(0, 3), default=0, meaning="how many")', 1)


def test_a_constant_is_among_what_a_waiting_process_reads(tmp_path: Path) -> None:
    spec = load(LIMITED + END.replace("Q=1", "Q=1, U=1"), tmp_path).SPECIFICATION
    machine = Machine(Scenario("m", spec).instance())
    told = {w.process: seen_words([w]) for w in waiting(machine, next(machine.initial()).cells)}
    assert "`if s.y <= c.most`: y is none, constant most is 0" in told["Q1"]
