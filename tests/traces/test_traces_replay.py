"""Replays: after unrelated edits, and when a step no longer fits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import small_storage
from small_storage import edited
from trace_kit import found, replayed

from snapproof.checker import search
from snapproof.report.show import show
from snapproof.spec.errors import ScenarioError
from snapproof.suite.sources import specification_file, whole_scenario
from snapproof.traces.errors import Misfit, TraceError
from snapproof.traces.record import record
from snapproof.traces.replay import replay
from snapproof.traces.trace import Trace


@pytest.fixture()
def trace(tmp_path: Path) -> Trace:
    return found(tmp_path, locking="off")


def test_a_replay_confirms_the_violation(tmp_path: Path, trace: Trace) -> None:
    done = replayed(tmp_path, trace)
    assert done.fails
    assert done.notes == []
    assert (done.expected, done.seen) == ("H2 has read v1", "it has read v0")


def test_a_replay_survives_unrelated_edits(tmp_path: Path, trace: Trace) -> None:
    done = replayed(
        tmp_path, trace,
        ("    dirty: int", '    added = table(Track, of=Range(0, 3), meaning="new")\n    dirty: int'),
        ("    loud = switch", '    fresh = switch(OnOff, default=OnOff.ON, figure="", '
                              'meaning="new")\n    loud = switch'),
        ('@step(Host, "10", "Fig. 1")', '@step(Host, "8", "Fig. 1")\ndef unused(s: Device, c: Settings, h: Host) -> Next:\n'
                                        '    """Nobody comes here."""\n    return DONE\n\n\n@step(Host, "10", "Fig. 1")'))
    assert done.fails
    assert done.notes == ["the switch fresh is new; it has the value of the profile safe, on."]


def test_a_replay_executes_a_new_local_box_and_says_so(tmp_path: Path, trace: Trace) -> None:
    done = replayed(tmp_path, trace, ("    return decide\n", "    return ponder\n"), (
        '@step(Host, "14"', '@step(Host, "13", "", local=True)\ndef ponder(s: Device, c: Settings, h: Host) -> Next:\n'
                            '    """Think."""\n    return decide\n\n\n@step(Host, "14"'))
    assert done.fails
    assert done.notes[0] == "step 3: H1 also executes 13 ponder, which the trace does not list."


def test_a_replay_reports_a_switch_that_is_gone(tmp_path: Path, trace: Trace) -> None:
    loud = '    loud = switch(OnOff, default=OnOff.OFF, figure="", meaning="does nothing")\n'
    done = replayed(tmp_path, trace, (loud, ""))
    assert done.fails
    assert done.notes == ["the switch loud is gone (it was off)."]


def test_a_replay_reports_the_first_state_that_differs(tmp_path: Path, trace: Trace) -> None:
    done = replayed(tmp_path, trace, ("s.dirty = with_bit(s.dirty, h.track)", "s.dirty = 0"))
    assert done.fails
    assert done.notes == ["after step 7 the state differs from the recorded one: dirty was {T1}, now {}."]


def test_a_replay_says_that_the_property_no_longer_fails(tmp_path: Path, trace: Trace) -> None:
    done = replayed(tmp_path, trace, ("    return not h.at(write_new) or h.seen", "    return 0 == 0 or h.seen"))
    assert not done.fails


def misfit(folder: Path, trace: Trace, *changes: tuple[str, str]) -> str:
    with pytest.raises(Misfit) as refused:
        replayed(folder, trace, *changes)
    return str(refused.value)


def test_a_replay_names_the_condition_that_refuses(tmp_path: Path, trace: Trace) -> None:
    said = misfit(tmp_path, trace, ("    if c.locking == OnOff.ON:\n        if taken", "    if c.locking == OnOff.OFF:\n        if taken"))
    assert said.startswith("t.json, step 5 (H2, 10 take_lock, Fig. 1): the replay no longer fits: 10 take_lock waits: ")
    assert "`if taken(s, h)`: lock[T1] is H1." in said


def test_a_replay_says_where_the_process_is_instead(tmp_path: Path, trace: Trace) -> None:
    said = misfit(tmp_path, trace, ("        return release\n    return write_new", "        return write_new\n    return release"))
    assert "step 7 (H1, 16 write_new, Fig. 1): the replay no longer fits: H1 is at 18 release, not at 16 write_new." in said


def test_a_replay_names_a_box_that_was_renamed(tmp_path: Path, trace: Trace) -> None:
    text = small_storage.TEXT.replace("write_new", "write_fresh")
    (tmp_path / "renamed.py").write_text(text)
    with pytest.raises(Misfit, match="and Host has no box write_new any more. Did you mean 'write_fresh'"):
        replay(trace, specification_file(tmp_path / "renamed.py"), "t.json")


def test_a_replay_refuses_a_command_that_is_no_longer_offered(tmp_path: Path, trace: Trace) -> None:
    changed = replace(trace, programs=trace.programs | {"H2": ("program", [["write T1 v0"]])})
    assert "its program does not offer 'write T1 v1' here. It offers write T1 v0." in misfit(tmp_path, changed)


def test_a_replay_refuses_an_initial_state_that_is_gone(tmp_path: Path, trace: Trace) -> None:
    said = misfit(tmp_path, trace, ("    s.data[0] = first\n", "    if first == 0:\n        return WAIT\n    s.data[0] = first\n"))
    assert "no initial state has the recorded choices (first = v0)." in said


def test_a_replay_refuses_a_property_that_is_gone(tmp_path: Path, trace: Trace) -> None:
    assert "the property I1 is gone" in misfit(tmp_path, trace, ('@invariant("I1"', '@invariant("I2"'))


def test_a_replay_refuses_a_value_that_is_gone(tmp_path: Path, trace: Trace) -> None:
    changed = replace(trace, switches=trace.switches | {"locking": "sometimes"})
    with pytest.raises(ScenarioError, match="'sometimes' is not a value of switch locking"):
        replayed(tmp_path, changed)


def test_a_replay_refuses_a_trace_of_another_specification(tmp_path: Path, trace: Trace) -> None:
    with pytest.raises(TraceError, match="it is a trace of 'small storage', not of 'large storage'"):
        replayed(tmp_path, trace, ('of_module("small storage"', 'of_module("large storage"'))


def test_a_trace_recorded_box_by_box_replays(tmp_path: Path) -> None:
    trace = found(tmp_path, fuse=False, locking="off")
    assert all(len(s.boxes) == 1 for s in trace.steps)
    assert replayed(tmp_path, trace).notes == []


def test_a_transition_property_is_judged_around_its_box(tmp_path: Path) -> None:
    change = ("    if h.seen == h.value:\n        return release\n", "")
    trace = found(tmp_path, edited(change))
    assert (trace.violation.kind, trace.violation.property, trace.violation.arguments) == ("transition", "X1", {"h": "H2", "t": "T1"})
    assert replayed(tmp_path, trace, change).fails
    assert not replayed(tmp_path, trace, change, ("before.data[t] != after.data[t]", "before.data[t] >= 0")).fails


def test_a_deadlock_says_where_everybody_waits(tmp_path: Path) -> None:
    change = ("        s.lock[h.track] = 0\n", "        s.lock[h.track] = h.number\n")
    trace = found(tmp_path, edited(change))
    assert trace.violation.kind == "deadlock"
    assert "H1 waits at next_command (its program is finished)" in trace.violation.seen
    assert "H2 waits at 10 take_lock (" in trace.violation.seen
    assert "lock[T1] is H1" in trace.violation.seen
    assert "Deadlock" in show(trace)
    assert replayed(tmp_path, trace, change).fails
    assert not replayed(tmp_path, trace, change, ("            return WAIT\n", "            return DONE\n")).fails


def test_the_explanation_of_a_violation_must_not_cost_the_counterexample(tmp_path: Path) -> None:
    trace = found(tmp_path, edited(("    return f\"H{h.id + 1} has read", "    return f\"{h.nothing} has read")), locking="off")
    assert "its explanation could not be evaluated" in trace.violation.seen


def test_an_action_that_is_not_enabled_says_why(tmp_path: Path) -> None:
    text = '''
from __future__ import annotations
from snapproof.spec import *
class Jug(IndexSet, letter="J"):
    """Jugs."""
class S(State):
    full = table(Jug, of=Range(0, 3), meaning="litres")
class C(Scope):
    """None."""
@action
def pour(s: S, c: C, a: Jug) -> Signal:
    """Pour."""
    if s.full[a] >= LIMIT:
        return WAIT
    s.full[a] = s.full[a] + 1
    return DONE
@invariant("few", "too much")
def few(s: S, c: C, a: Jug) -> bool:
    """At most two."""
    return s.full[a] < 2
SPECIFICATION = Specification.of_module("jugs", S, C, __name__, Jug=2)
'''
    (tmp_path / "a.py").write_text(text.replace("LIMIT", "3"))
    (tmp_path / "b.py").write_text(text.replace("LIMIT", "1"))
    scenario = whole_scenario(specification_file(tmp_path / "a.py"), "a")
    trace = record(scenario, search(scenario.instance(), scenario.checked(), reading="plain"))
    assert [b.choices for s in trace.steps for b in s.boxes] == [{"a": "J1"}, {"a": "J1"}]
    with pytest.raises(Misfit, match=r"step 2 \(pour\).*it is not enabled: .*`if s.full\[a\] >= 1`: full\[J1\] is 1"):
        replay(trace, specification_file(tmp_path / "b.py"), "t.json")
