"""The engine does what the model does, box by box; and whatever it does otherwise is named."""

from __future__ import annotations

import threading
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from cli_kit import run
from engine_arrays import NEVER_SAFE, SELDOM

import snapproof.model
from snapproof.checker import search
from snapproof.conformance.comparing import ANSWER, difference, renamed, renaming
from snapproof.conformance.errors import Divergence, NotMapped
from snapproof.conformance.kept_traces import follow, replay_kept
from snapproof.conformance.lockstep_replay import Exercised, Replayed
from snapproof.conformance.mapping import Sizes, command_of
from snapproof.conformance.walks import replay_walk
from snapproof.engine.extra_bytes import free_links
from snapproof.engine.geometry import Device
from snapproof.engine.memory import HostAdapter, Word
from snapproof.engine.slots import LOG, Slots
from snapproof.model.specification import SPECIFICATION
from snapproof.spec.scenario import Scenario, load_scenario
from snapproof.traces.record import record
from snapproof.traces.trace import Trace
from snapproof.traces.trace_file import load_trace, save_trace

MODEL = Path(snapproof.model.__file__ or "").parent
SCENARIOS = sorted(p.stem for p in (MODEL / "scenarios").glob("*.toml"))
FAULTS = tomllib.loads((MODEL / "faults.toml").read_text("utf-8"))["fault"]


def scenario(name: str, **changes: str) -> Scenario:
    found = load_scenario(MODEL / "scenarios" / f"{name}.toml", SPECIFICATION)
    return found.changed(changes) if changes else found


def words(s: Scenario) -> dict[str, str]:
    return {n: v.name.lower() for n, v in s.switch_values().items()}


def trace_of(name: str, **changes: str) -> Trace:
    s = scenario(name, **changes)
    result = search(s.instance(), s.checked(), deadlock=s.deadlock)
    return record(s, result)


@pytest.fixture(scope="module")
def pointers_first() -> Trace:
    """Pointers before data: a read returns garbage."""
    return trace_of("charitable_read")


# --- the engine is like the model ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_walks_through_every_scenario_are_alike_and_exercise_every_box() -> None:
    exercised = Exercised()
    for name in SCENARIOS:
        s = scenario(name)
        for seed in range(4):
            replay_walk(s.instance(), words(s), name, exercised, seed, 600)
    every = {(kind, step.name) for kind, steps in SPECIFICATION.steps.items() for step in steps}
    assert every - set(exercised.boxes) <= NEVER_SAFE | SELDOM


@pytest.mark.slow
def test_a_way_that_chance_hardly_finds_is_alike(tmp_path: Path) -> None:
    way = tmp_path / "way.json"
    run("query", "DA1.step == test_all_direct and DA1.entry != standard", "--scenario", "restore_new_menus", "--reachable",
        "--trace", str(way))
    exercised = Exercised()
    replay_kept(load_trace(way), SPECIFICATION, "way", exercised)
    assert set(exercised.boxes) >= SELDOM


SEEN_BY_READING = {"N-15", "N-15n"}
"""The tables are as they should be; wrong is what is read of them, and nobody has read yet."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=[f["id"] for f in FAULTS])
def test_every_fault_goes_wrong_alike_and_the_safe_engine_refuses_where_the_safe_model_does(fault: dict[str, str]) -> None:
    trace = trace_of(fault["scenario"], **{fault["switch"]: fault["value"]})
    done = replay_kept(trace, SPECIFICATION, fault["id"], Exercised())
    assert done.steps == len(trace.steps)
    assert done.refused_at or trace.violation.kind == "deadlock" or fault["id"] in SEEN_BY_READING


@pytest.mark.slow
@pytest.mark.parametrize("name", ["charitable_read", "charitable_mixed_sessions"])
def test_every_transition_of_a_scenario_is_alike(name: str) -> None:
    pytest.importorskip("networkx")
    from snapproof.conformance.cover import replay_cover

    s, exercised = scenario(name), Exercised()
    done = replay_cover(s.instance(), words(s), name, exercised)
    assert done.steps == exercised.steps >= done.transitions > done.states


@pytest.mark.slow
@pytest.mark.parametrize("menu", [False, True])
def test_paths_of_a_cover_take_every_transition(menu: bool) -> None:
    """Programs give a graph almost without cycles; a menu gives one large component."""
    pytest.importorskip("networkx")
    from snapproof.conformance.cover import explore, paths

    s = scenario("activate_both_ways")
    if menu:
        hosts = [{"menu": ["write S1 T1 B1 v1", "read V1 T1 B1"]}, {"program": ["read V1 T1 B1"]}]
        s = replace(scenario("charitable_read"), hosts=hosts)
    graph = explore(s.instance(), 20_000)
    taken = set()
    for path in paths(graph):
        at = path[0][0]
        assert at in graph.initial
        for state, place in path:
            assert state == at
            at = graph.successors[state][place][0]
        taken |= set(path)
    assert len(taken) == graph.transitions


# --- what is not alike is named -----------------------------------------------------------------------------------------


def replayed(trace: Trace, **switches: str) -> Replayed:
    return Replayed(Sizes.of(trace.sizes, "test"), {**trace.switches, **switches}, "test")


def test_a_box_that_leads_elsewhere_is_named_with_step_figure_and_both_values(pointers_first: Trace) -> None:
    with replayed(pointers_first, copy_order="copy_first") as engine, pytest.raises(Divergence) as error:
        follow(engine, pointers_first)
    assert error.value.field == "DA1.step"
    assert "Fig. 11): DA1.step is move_pointers in the model and copy_track in the engine" in str(error.value)
    assert pointers_first.steps[error.value.step - 1].boxes[-1].id in str(error.value)


@pytest.mark.slow
def test_a_lock_that_is_not_let_go_makes_the_box_wait(pointers_first: Trace) -> None:
    with replayed(pointers_first) as engine:
        engine.array.memory.locks.free_list = 1
        with pytest.raises(Divergence, match="initial state: free_list_lock is nobody in the model and HA1"):
            follow(engine, pointers_first)
    with replayed(pointers_first) as engine:
        before = pointers_first.initial.state
        engine.begin(before)
        engine.take(1, pointers_first.steps[0], before)
        engine.array.memory.locks.track[0][0] = 2
        engine.array.memory.tables.virtual[0].ready = True
        with pytest.raises(Divergence, match="waits in the engine, and not in the model|track_lock"):
            for number, step in enumerate(pointers_first.steps[1:], 2):
                engine.take(number, step, pointers_first.states[number - 1])


def test_wrong_bytes_are_seen_in_a_state(pointers_first: Trace) -> None:
    with replayed(pointers_first) as engine:
        engine.array.memory.slots.write(Device("S", 0), 0, 3, bytes([9]) * 512)
        found = difference(pointers_first.initial.state, engine.map.state())
        assert found is not None
        assert found.field == "std_data[1][1][1]"
        assert "bytes of no value" in found.engine


def test_log_tracks_are_compared_up_to_renaming(pointers_first: Trace) -> None:
    with replayed(pointers_first) as engine:
        log = engine.array.memory.tables.log
        order = [2, 0, 3, 1]
        for i, at in enumerate(order):
            log.extra[at] = free_links(order[i + 1] if i < 3 else -1, order[i - 1] if i else -1)
        log.free_head = 2
        names = renaming(pointers_first.initial.state, engine.map.state())
        assert names == {"L1": "L2", "L2": "L4", "L3": "L1", "L4": "L3"}
        follow(engine, pointers_first)


def test_a_renaming_that_does_not_exist_is_a_difference(pointers_first: Trace) -> None:
    with replayed(pointers_first) as engine:
        log = engine.array.memory.tables.log
        log.extra[1] = free_links(-1, 0)  # the list is shorter than the model's
        assert difference(pointers_first.initial.state, engine.map.state()) is not None


@pytest.mark.parametrize("field, value", [("free_head", "L9"), ("free_head", ["L1"]), ("free_head", "L\u00b2"), ("extra", ["free"] * 4),
                                          ("extra", [{"tag": "Free", "value": {}}] * 4),
                                          ("extra", [{"tag": "Free", "value": {"next": "L9", "previous": 1}}] * 4)])
def test_a_state_that_makes_no_sense_is_a_difference(pointers_first: Trace, field: str, value: object) -> None:
    with replayed(pointers_first) as engine:
        found = difference(pointers_first.initial.state | {field: value}, engine.map.state())
        assert found is not None
        assert found.field.startswith(field)


def test_garbage_of_the_model_may_be_any_bytes_of_the_engine(pointers_first: Trace) -> None:
    with replayed(pointers_first) as engine:
        engine.array.memory.slots.write(LOG, 3, 0, bytes([77]) * 20_480)
        assert difference(pointers_first.initial.state, engine.map.state()) is None


def test_renaming_reaches_every_place_that_names_a_log_track(pointers_first: Trace) -> None:
    names = {"L1": "L2", "L2": "L1", "L3": "L3", "L4": "L4"}
    state = {**pointers_first.steps[-1].state, "HA1" + ANSWER: "L1, bits K1, back pointer S1 T1"}
    there = renamed(state, names)
    assert there != state
    assert there["HA1" + ANSWER] == "L2, bits K1, back pointer S1 T1"
    assert renamed(there, names) == state


@pytest.mark.parametrize("name, wrong, said", [
    ("read_while_writing", b"\x02" * 10_240, "s answer is v0 in the model and v2 in the engine"),
    ("read_while_writing", b"short", "and 5 bytes instead of 10240 in the engine"),
    ("three_of_two_sessions", 5, "s answer is K1 in the model and K6 in the engine"),
])
def test_what_a_host_gets_is_compared(name: str, wrong: object, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    s = scenario(name)
    monkeypatch.setattr(HostAdapter, "answer", lambda me, _: setattr(me.ticket, "result", wrong))
    with pytest.raises(Divergence) as error:
        for seed in range(20):
            replay_walk(s.instance(), words(s), name, Exercised(), seed, 400)
    assert said in str(error.value)


def test_a_refusal_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    s = scenario("three_of_two_sessions")
    monkeypatch.setattr(HostAdapter, "refuse", lambda *_: None)
    with pytest.raises(Divergence, match="s answer is No[A-Za-z]+ in the model and done in the engine"):
        for seed in range(40):
            replay_walk(s.instance(), words(s), s.name, Exercised(), seed, 400)


def test_commands_of_programs_become_commands_of_the_engine() -> None:
    sizes = Sizes.of({**trace_sizes(), "Block": 3, "Value": 4}, "test")
    done = command_of("write V2 T1 B2 v3", sizes)
    assert (done.word, done.device, done.block, done.count, set(done.data)) == (Word.WRITE, Device("V", 1), 13, 13, {3})
    assert command_of("write S1 T1 all v1", sizes).whole_track
    assert command_of("relate S1 V2 list1", sizes).virtual == 1
    with pytest.raises(NotMapped):
        command_of("defragment S1", sizes)
    for beyond in ("write S1 T9 all v1", "read S1 T1 B4", "remove V9", "activate list9", "look-up S1 T1", "write S1 T1 all v300"):
        with pytest.raises(NotMapped):
            command_of(beyond, sizes)
    with pytest.raises(NotMapped, match="Track"):
        Sizes.of({"StandardDevice": 1}, "test")


def trace_sizes() -> dict[str, int]:
    return dict(scenario("charitable_read").instance().sizes)


# --- the command -----------------------------------------------------------------------------------------------------------


def test_the_command_replays_kept_traces_and_ends_with_14_when_one_differs(
        pointers_first: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "traces").mkdir()
    save_trace(tmp_path / "traces" / "kept.json", pointers_first)
    monkeypatch.chdir(tmp_path)
    good = run("conform", "--no-cover")
    assert good.exit_code == 0, good.output
    assert "kept.json: 15 steps alike, I1r as in the model; the safe engine refuses step 11" in good.stdout
    assert "boxes exercised: 22 of" in good.stdout
    text = (tmp_path / "traces" / "kept.json").read_text().replace('"REQUEST"', '"TAKEN"')
    (tmp_path / "traces" / "changed.json").write_text(text)
    bad = run("conform", "traces/changed.json")
    assert bad.exit_code == 14, bad.output
    assert "HA1.mail is TAKEN in the model and REQUEST in the engine" in " ".join(bad.stdout.split())


@pytest.mark.slow
def test_an_engine_that_hangs_in_a_replay_is_told_with_its_stack_within_the_limit(
        pointers_first: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_trace(tmp_path / "kept.json", pointers_first)
    never = threading.Event()
    monkeypatch.setattr(Slots, "read", lambda *_: never.wait(20))
    monkeypatch.setattr(Replayed.__init__, "__defaults__", (0.3, None))
    result = run("conform", str(tmp_path / "kept.json"))
    never.set()
    assert result.exit_code == 21, result.output
    assert "HA2 at 286 read_from_log" in " ".join(result.stdout.split())
    assert "never.wait(20)" in result.stdout


@pytest.mark.slow
def test_the_command_refuses_an_unknown_scenario() -> None:
    result = run("conform", "--cover", "charitable_raed")
    assert result.exit_code == 151
    assert "charitable_read" in result.stdout + result.stderr
