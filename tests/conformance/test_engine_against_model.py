"""The engine's calls, one after another and on free threads, against the plain reading of the model."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from engine_arrays import NEVER_SAFE, ONE, SELDOM, made, read, write
from hypothesis import given, settings
from hypothesis import strategies as st

from snapproof.conformance import free_run, free_setups
from snapproof.conformance.comparing import ANSWER, difference
from snapproof.conformance.errors import Divergence
from snapproof.conformance.free_run import Log, run_freely, validate
from snapproof.conformance.free_setups import drawn
from snapproof.conformance.lockstep_replay import Exercised
from snapproof.conformance.mapping import Map, Sizes, command_of
from snapproof.conformance.plain_following import Follower
from snapproof.engine import Array, Build, Host, create
from snapproof.engine.errors import EngineError, Hung
from snapproof.engine.faulty_store import MemoryStore
from snapproof.engine.schedule import FreeRunning
from snapproof.engine.slots import Slots
from snapproof.model.specification import SPECIFICATION
from snapproof.spec.scenario import Scenario

SIZES = {"StandardDevice": 2, "VirtualDevice": 3, "Track": 2, "Block": 2, "LogTrack": 4, "Session": 3, "PairList": 2, "Value": 3,
         "DiskAdapter": 2}

MENU = ["write S1 T* B1|B2 v*", "write S2 T1 all v*", "write V1|V2|V3 T* B1 v1|v2", "write V1|V2|V3 T1 all v*", "read S1|S2 T* B*",
        "read V1|V2|V3 T* B*", "look-up V1|V2|V3 T*", "write-entry V1|V2|V3 T*",
        "modify-entry V1|V2|V3 T1", "register S* V*", "relate S* V* list*", "activate list*", "activate-one V*", "remove V*",
        "establish S* V*"]
"""Every command word, on both kinds of device."""

SWITCHES = SPECIFICATION.scope.switches
BEGINNINGS = free_setups.beginnings(SPECIFICATION)


def scenario(hosts: list[dict[str, Any]], switches: dict[str, str] | None = None, sizes: dict[str, int] | None = None) -> Scenario:
    return Scenario("calls", SPECIFICATION, sizes=SIZES | (sizes or {}), switches=switches or {}, hosts=hosts, place="calls")


def every_command() -> list[str]:
    instance = scenario([{"menu": MENU}]).instance()
    return [i.show(i.command.owner, instance.sizes) for i in instance.invocations]


COMMANDS = every_command()
"""All the menu's commands."""


OFTEN = ["write"] * 5 + ["read"] * 2 + ["remove"] + sorted({c.split()[0] for c in COMMANDS})


@st.composite
def phrases(draw: st.DrawFn) -> list[str]:
    """A command, or those that take a snapshot.  First the word: rare ones are drawn as often as those with many arguments."""
    std, vdev, here = (draw(st.sampled_from(names)) for names in (["S1", "S1", "S2"], ["V1", "V1", "V2", "V3"], ["list1", "list2"]))
    word = draw(st.sampled_from([*OFTEN, "snapshot", "snapshot", "establish"]))
    if word == "snapshot":
        last = draw(st.sampled_from([f"activate {here}", f"activate-one {vdev}"]))
        return [f"register {std} {vdev}", f"relate {std} {vdev} {here}", last]
    if word == "establish":
        return [f"establish {std} {vdev}"]
    return [draw(st.sampled_from([c for c in COMMANDS if c.split()[0] == word]))]


@st.composite
def programs(draw: st.DrawFn, least: int, most: int) -> list[str]:
    """So many phrases."""
    count = draw(st.integers(least, most))  # a list strategy prefers short ones
    return [c for _ in range(count) for c in draw(phrases())]


beginnings = st.fixed_dictionaries({name: st.sampled_from(SWITCHES[name].choices()) for name in BEGINNINGS}).filter(
    lambda s: (s["pool"], s["pool_at_start"]) != ("fixed", "none"))


# --- one call after another --------------------------------------------------------------------------------------------


def called(h: Host, words: str, sizes: Sizes) -> Any:
    """The call of a host that these words stand for, and what it returns."""
    c = command_of(words, sizes)
    std, vdev = f"S{c.standard + 1}", f"V{c.virtual + 1}"
    calls: dict[str, Callable[[], Any]] = {
        "read": lambda: h.read(str(c.device), c.track, c.block, c.count),
        "write": lambda: h.write(str(c.device), c.track, c.data, c.block),
        "look-up": lambda: h.look_up(str(c.device), c.track),
        "register": lambda: h.register(std, vdev),
        "relate": lambda: h.relate(std, vdev, c.pair_list + 1),
        "establish": lambda: h.establish(std, vdev),
        "activate": lambda: h.activate(c.pair_list + 1),
        "activate-one": lambda: h.activate_one(vdev),
        "remove": lambda: h.remove(vdev),
    }
    return calls.get(c.word.value, lambda: h.array.call(h.place, c))()  # the others have no call of their own


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(beginning=beginnings, calls=programs(1, 40), hosts=st.randoms(use_true_random=False))
def test_calls_one_after_another_leave_and_return_what_the_plain_reading_does(
        beginning: dict[str, str], calls: list[str], hosts: random.Random) -> None:
    instance = scenario([{"menu": MENU}, {"menu": MENU}], beginning).instance()
    sizes, schedule, store = Sizes.of(instance.sizes, "calls"), FreeRunning(), MemoryStore()
    create(store, sizes.geometry, Build.of(beginning))
    array = Array(store, Build.of(beginning), hosts=2, disks=2, schedule=schedule, durable=False, limit=10.0,
                  generations=sizes.generations)
    model, engine = Follower(instance), Map(array.memory, sizes)
    try:
        for number, words in enumerate(calls, 1):
            host, result, error = hosts.randrange(2), None, None
            name = f"HA{host + 1}"
            try:
                result = called(Host(array, host), words, sizes)
            except EngineError as refusal:
                error = refusal
            assert schedule.rest(10.0)
            expected = model.carry_out(name, words)[-1].state[name + ANSWER]
            found = difference(model.state | {name + ANSWER: expected},
                               engine.state() | {name + ANSWER: engine.answer(words, result, error)})
            assert found is None, f"call {number}, {words} of {name}: {found}"
    finally:
        array.abandon()


# --- free threads ------------------------------------------------------------------------------------------------------


def must_be_alike(s: Scenario, seed: int, build: dict[str, str] | None = None) -> Log:
    log = run_freely(s, seed, build)
    try:
        validate(log, s.name, Exercised())
    except Divergence as error:
        raise AssertionError("\n".join([str(error), *error.story])) from None  # threads may do otherwise next time
    return log


DEPARTURES = [(name, word) for name, s in SWITCHES.items() for word in s.choices()
              if name not in (*BEGINNINGS, "list_scope") and word != s.value_in("safe").name.lower()]


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(beginning=beginnings, seed=st.integers(0, 2**32), departures=st.lists(st.sampled_from(DEPARTURES), max_size=1),
       hosts=st.lists(programs(1, 6), min_size=2, max_size=3))
def test_a_free_run_of_any_build_is_a_behaviour_of_the_model_built_alike(
        beginning: dict[str, str], seed: int, departures: list[tuple[str, str]], hosts: list[list[str]]) -> None:
    must_be_alike(scenario([{"program": p} for p in hosts], beginning | dict(departures)), seed)


@pytest.mark.slow
def test_many_free_runs_of_the_safe_engine_are_behaviours_of_the_safe_model_and_exercise_every_box() -> None:
    exercised = Exercised()
    every = {(kind, step.name) for kind, steps in SPECIFICATION.steps.items() for step in steps} - NEVER_SAFE - SELDOM
    for seed in range(3000):
        if seed > 100 and not every - set(exercised.boxes):
            return
        s = drawn(SPECIFICATION, seed, safe=True)
        validate(run_freely(s, seed), s.name, exercised)
    pytest.fail(f"never exercised: {every - set(exercised.boxes)}")


@pytest.mark.slow
@pytest.mark.parametrize("switch, word, said", [
    ("copy_order", "pointer_first", "is copy_track in the model and move_pointers in the engine"),
    ("lock_302", "none", "track_lock"),
    ("lock_322", "none", ""),
    ("lock_282", "no_reread", ""),
    ("lock_238", "none", "free_list_lock"),
    ("step_316", "write_back", ""),
    ("removal_ready", "ready_until_done", "ready"),
    ("exclusive", "drains", "the box waits in the model, and not in the engine"),
    ("step_366", "others", "pointer"),
])
def test_an_engine_that_is_built_otherwise_than_its_model_is_caught(switch: str, word: str, said: str) -> None:
    for seed in range(400):
        s = drawn(SPECIFICATION, seed, safe=True)
        try:
            validate(run_freely(s, seed, {switch: word}), s.name, Exercised())
        except Divergence as error:
            assert error.field
            assert f"run {seed}, step {error.step} (" in error.place
            assert any(line.startswith(f"{error.step:>5} ") for line in error.story)
            if not said or said in error.cause:
                return
    pytest.fail("four hundred runs do not show it")


def test_a_deadlock_of_the_engine_is_one_of_the_model_or_a_difference() -> None:
    s = scenario([{"program": ["write S1 T1 all v1", "write S1 T2 all v1"]}, {"program": ["read V1 T1 B1"]}],
                 {"start": "first", "pool": "fixed", "exhaustion": "wait"}, {"LogTrack": 1})
    assert not must_be_alike(s, 1).at_rest
    usual = replace(s, switches=s.switches | {"exhaustion": "fail"})
    assert must_be_alike(usual, 1).at_rest
    log = run_freely(usual, 1, {"exhaustion": "wait"})
    with pytest.raises(Divergence, match="DA. at 234 lock_log_track can go on in the model, and nobody in the engine"):
        validate(log, "test", Exercised())


# --- the log -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def log() -> Log:
    s = scenario([{"program": ["write S1 T1 B1 v1", "look-up V1 T1"]}, {"program": ["read V1 T1 B1", "write S1 T1 B2 v2"]}],
                 {"start": "first"})
    return must_be_alike(s, 3)


def test_a_log_has_every_box_with_its_command_its_choice_and_what_the_host_got(log: Log) -> None:
    boxes = [(s.process, s.boxes[0].step) for s in log.steps]
    assert [s.command for s in log.steps if s.process == "HA1" and s.command] == ["write S1 T1 B1 v1", "look-up V1 T1"]
    taken = [s for s in log.steps if s.boxes[0].step == "take_request"]
    assert {s.boxes[0].choices["ha"] for s in taken} <= {"HA1", "HA2"}
    assert len(taken) == sum(name == "send_protection_request" for _, name in boxes) >= 1
    answers = [s.state[s.process + ANSWER] for s in log.steps if s.process + ANSWER in s.state]
    assert sorted(answers) == ["L1, bits K1, back pointer S1 T1", "done", "done", "v0"]


@pytest.mark.parametrize("damage, said", [
    (lambda steps: steps[:-1], "can go on in the model, and nobody in the engine|HA. at"),
    (lambda steps: [s for s in steps if s.boxes[0].step != "copy_track"], "in the model DA. is elsewhere: at 312a copy_track"),
    (lambda steps: [replace(steps[0], process="HA7"), *steps[1:]], "the model has no process HA7"),
    (lambda steps: [replace(steps[0], command="remove V1"), *steps[1:]], "the box waits in the model, and not in the engine"),
    (lambda steps: [*steps[:5], replace(steps[5], state=steps[5].state | {"session_lock": "HA2"}), *steps[6:]],
     "session_lock is nobody in the model and HA2 in the engine"),
    (lambda steps: [replace(s, state=s.state | {n: "v2" for n in s.state if n.endswith(ANSWER) and s.state[n] == "v0"})
                    for s in steps], "HA2's answer is v0 in the model and v2 in the engine"),
])
def test_a_log_that_is_no_behaviour_of_the_model_is_refused(log: Log, damage: Any, said: str) -> None:
    with pytest.raises(Divergence, match=said):
        validate(replace(log, steps=damage(log.steps)), "test", Exercised())


def test_a_log_that_begins_elsewhere_is_refused(log: Log) -> None:
    with pytest.raises(Divergence, match="initial state: free_head is L1 in the model and none in the engine"):
        validate(replace(log, initial=log.initial | {"free_head": "none"}), "test", Exercised())


def test_a_run_is_drawn_alike_for_the_same_seed() -> None:
    for seed in range(20):
        one, two = drawn(SPECIFICATION, seed), drawn(SPECIFICATION, seed)
        assert (one.sizes, one.switches, one.hosts) == (two.sizes, two.switches, two.hosts)


# --- threads that hang -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_array_whose_thread_hangs_with_the_bus_still_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(Slots, "read", lambda *_: never.wait(20))
    schedule = FreeRunning(limit=0.3)
    array = Array(made(ONE), hosts=2, schedule=schedule, durable=False)
    begun = time.monotonic()
    array.give(0, read("S1"))
    with pytest.raises(Hung, match="HA1 at read read_standard_track") as hung:
        schedule.rest(0.3)
    assert "never.wait(20)" in hung.value.stacks
    with pytest.raises(Hung):
        array.give(1, read("S1"))
    array.abandon()
    assert time.monotonic() - begun < 10
    never.set()


def test_rest_tells_a_deadlock_from_the_end_of_the_work() -> None:
    for disks, ended in ((1, True), (0, False)):
        schedule = FreeRunning(random.Random(1))
        array = Array(made(ONE, start="first"), Build.of({"start": "first"}), hosts=1, disks=disks, schedule=schedule, durable=False)
        array.give(0, write("S1", "a"))
        assert schedule.rest(5.0) is ended  # without a disk adapter nobody saves the old data
        array.abandon()


# --- the command -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without kept traces, so that only free runs are made."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
@pytest.mark.usefixtures("elsewhere")
def test_the_command_counts_runs_and_boxes() -> None:
    result = run("conform", "--no-cover", "--free", "12")
    assert result.exit_code == 0, result.output
    assert "boxes alike in 12 runs" in result.stdout
    assert "boxes exercised: " in result.stdout


@pytest.mark.parametrize("text", ["0", "-3", "5m", "@", "", "1e3", "99999999999"])
def test_the_command_refuses_other_numbers_of_runs(text: str) -> None:
    assert run("conform", "--free", text).exit_code in (1, 2)


@pytest.mark.usefixtures("elsewhere")
def test_the_command_tells_the_first_difference_with_its_run_and_ends_with_14(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free_setups, "run_freely", lambda s, seed: run_freely(s, seed, {"lock_302": "none"}))
    result = run("conform", "--no-cover", "--free", "200")
    assert result.exit_code == 14, result.output
    said = " ".join(result.stdout.split())
    assert "(DA1, 302 test_bits_of_request, Figs. 11, 16A):" in said or "(DA2, 302 test_bits_of_request" in said
    assert "Run it again with --free @" in said


@pytest.mark.slow
@pytest.mark.usefixtures("elsewhere")
def test_a_free_run_that_hangs_is_told_with_stacks_and_ends_with_21(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(Slots, "read", lambda *_: never.wait(20))
    monkeypatch.setattr(free_run.run_freely, "__defaults__", (None, 0.4))
    result = run("conform", "--no-cover", "--free", "50")
    never.set()
    assert result.exit_code == 21, result.output
    assert " at 346 copy_standard_track: nothing" in result.stdout or " read_" in result.stdout.split(": nothing")[0]
    assert "never.wait(20)" in result.stdout
