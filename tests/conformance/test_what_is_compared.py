"""Nothing that model and engine have is left out of their comparison without a reason."""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from test_conformance import replayed, scenario, trace_of, words

from snapproof.conformance.comparing import difference
from snapproof.conformance.errors import Divergence
from snapproof.conformance.lockstep_replay import Exercised
from snapproof.conformance.older_traces import completed
from snapproof.conformance.walks import replay_walk
from snapproof.engine import box
from snapproof.engine.box import BOXES, Box
from snapproof.engine.memory import HostAdapter
from snapproof.model.specification import SPECIFICATION
from snapproof.traces.trace import State, Trace
from snapproof.traces.trace_file import save_trace


@pytest.fixture(scope="module")
def pointers_first() -> Trace:
    """Pointers before data: a read returns garbage."""
    return trace_of("charitable_read")


NOT_COMPARED = {
    "position": "the engine has a queue of commands; which one is carried out is compared",
}
"""Variables of the model that the engine has in another way."""

NOT_IN_THE_MODEL = {
    "number": "a name", "name": "a name", "ticket": "the command and its answer are compared", "passes": "who shut the gate",
    "queue": "commands that have not begun", "callers": "the box that entered a figure is compared, by a test of its own",
    "checks": "sums of the tracks on disk",
}
"""Fields of the engine's memory that the model does not have."""


def test_every_variable_of_the_model_is_compared_or_has_a_reason(pointers_first: Trace) -> None:
    with replayed(pointers_first) as engine:
        found = engine.map.state()
    ghosts = {name.rpartition(".")[2] for name, note in pointers_first.variables.items() if note.ghost}
    missing = set()
    for name, value in pointers_first.initial.state.items():
        parts = {f"{name}.{key}": key for key in value} if isinstance(value, dict) else {name: name}
        missing |= {key for full, key in parts.items() if key not in ghosts and (
            name not in found or isinstance(value, dict) and key not in found[name])}
    arguments = {n for k in SPECIFICATION.kinds for n in k.arguments}
    assert missing - arguments == NOT_COMPARED.keys() & missing  # arguments are parts of the command, which is compared


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, Box):
        return next(b for b in BOXES[HostAdapter].values() if b is not value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        return next(v for v in type(value) if v is not value)
    return value - 1 if value > 0 else value + 1


def test_every_field_of_the_engine_is_compared_or_has_a_reason(pointers_first: Trace) -> None:
    with replayed(pointers_first) as engine:
        m, usual, tried = engine.array.memory, engine.map.state(), set()
        for owner in [*m.adapters, m.locks, *m.tables.standard, *m.tables.virtual, m.tables.log]:
            for name in [f.name for f in fields(owner) if f.name not in NOT_IN_THE_MODEL]:
                kept = copy.deepcopy(getattr(owner, name)) if name != "at" else owner.at
                row = getattr(owner, name)
                while isinstance(row, list) and isinstance(row[0], list):
                    row = row[0]
                if isinstance(row, list):
                    row[0] = changed(row[0])
                else:
                    setattr(owner, name, changed(kept))
                assert engine.map.state() != usual, f"{type(owner).__name__}.{name}"
                setattr(owner, name, kept)
                tried.add((type(owner).__name__, name))
        assert {of for of, _ in tried} == {"HostAdapter", "DiskAdapter", "Locks", "StandardTable", "VirtualTable", "LogTable"}
        assert len(tried) >= 32 and engine.map.state() == usual


@pytest.mark.slow
def test_the_box_that_entered_a_figure_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that notes another one, and would go on where that one says, is told at once, not behind the figure."""
    right, others = box.through, [BOXES[HostAdapter][n] for n in ("obtain_track_for_standard", "obtain_track_for_log")]

    def wrong(me: Any, result: Any) -> Any:
        went = right(me, result)
        if isinstance(result, box.Call) and isinstance(me, HostAdapter):
            by, then = me.callers.pop()
            me.callers.append((next(b for b in others if b is not by), then))
        return went

    s = scenario("one_host_on_other_paths")
    replay_walk(s.instance(), words(s), s.name, Exercised(), 1, 300)
    monkeypatch.setattr(box, "through", wrong)
    with pytest.raises(Divergence) as error:
        replay_walk(s.instance(), words(s), s.name, Exercised(), 1, 300)
    assert error.value.field == "HA1.log_tracks_caller"


def test_a_state_that_lacks_something_is_told_as_different_not_as_a_mistake(pointers_first: Trace) -> None:
    """Without a variable, without a process, or without a local of one."""
    state = pointers_first.initial.state
    with replayed(pointers_first) as engine:
        found = engine.map.state()
    for name, value in found.items():
        less = {n: v for n, v in state.items() if n != name}
        missing = difference(less, found)
        assert missing is not None and missing.field.split("[")[0].split(".")[0] == name
        for key in value if isinstance(value, dict) else ():
            missing = difference({**state, name: {k: v for k, v in state[name].items() if k != key}}, found)
            assert missing is not None and missing.field == f"{name}.{key}"


def test_a_trace_from_before_a_variable_is_compared_as_the_model_completes_it(pointers_first: Trace, tmp_path: Path) -> None:
    """As an older model wrote it: without a shared variable, and without locals of disk adapters."""
    less = ("entry", "keeps")
    old = [replace(t, state={n: {k: v for k, v in s.items() if k not in less} if n.startswith("DA") else s
                             for n, s in t.state.items() if n != "session_lock"}) for t in (pointers_first.initial, *pointers_first.steps)]
    known = {n: v for n, v in pointers_first.variables.items() if n not in ("session_lock", "DiskAdapter.entry", "DiskAdapter.keeps")}
    save_trace(tmp_path / "old.json", replace(pointers_first, initial=old[0], steps=tuple(old[1:]), variables=known))
    told = run("conform", str(tmp_path / "old.json"))
    assert told.exit_code == 0 and "steps alike" in told.output


TEXTS = {"NotCreated": "not created", "Free": "free, next {next}, previous {previous}", "Assigned": "back to {device} {track}",
         "Nobody": "garbage", "Copied": "{standard} {track}", "Written": "{virtual} {track}"}
"""What an older model wrote for extra bytes and origins."""


def test_a_trace_that_has_texts_for_what_has_parts_now_is_compared_by_its_steps(pointers_first: Trace, tmp_path: Path) -> None:
    """Extra bytes of the engine are compared with those that the model has on the way."""
    def text(cell: Any) -> str:
        return TEXTS[cell["tag"]].format(**cell["value"])

    def told(state: State) -> State:
        return {**state, "extra": [text(cell) for cell in state["extra"]],
                "log_origin": [[text(cell) for cell in row] for row in state["log_origin"]]}

    old = replace(pointers_first, initial=replace(pointers_first.initial, state=told(pointers_first.initial.state)),
                  steps=tuple(replace(step, state=told(step.state)) for step in pointers_first.steps))
    assert completed(old, SPECIFICATION, "old").states == pointers_first.states
    save_trace(tmp_path / "old.json", old)
    assert run("conform", str(tmp_path / "old.json")).exit_code == 0
    replayed = run("replay", str(tmp_path / "old.json"))
    said = " ".join(replayed.output.split())
    assert replayed.exit_code == 0 and "still fails" in said and "extra[L1] was free, next L2, previous none, now Free(next L2" in said
    page = run("show", str(tmp_path / "old.json"), "--as", "html", "--out", str(tmp_path / "old.html"))
    assert page.exit_code == 0 and "free, next L2, previous none" in (tmp_path / "old.html").read_text()


def test_a_step_that_the_model_cannot_take_ends_what_it_adds(pointers_first: Trace) -> None:
    known = {n: v for n, v in pointers_first.variables.items() if n != "session_lock"}
    states = [{n: s for n, s in t.state.items() if n != "session_lock"} for t in (pointers_first.initial, *pointers_first.steps)]
    second = replace(pointers_first.steps[1], process="HA9")
    steps = [replace(t, state=s) for t, s in zip((pointers_first.steps[0], second, *pointers_first.steps[2:]), states[1:], strict=True)]
    old = replace(pointers_first, initial=replace(pointers_first.initial, state=states[0]), steps=tuple(steps), variables=known)
    found = completed(old, SPECIFICATION, "old")
    assert ["session_lock" in s for s in found.states] == [True, True] + [False] * (len(steps) - 1)
    assert completed(pointers_first, SPECIFICATION, "new") is pointers_first
