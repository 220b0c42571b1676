"""Threads: free runs show what they must, lock-step does what its driver says, what hangs is told."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from engine_arrays import ONE, array, driven, filled, finished, made, read, write

from snapproof.engine import Array, Host
from snapproof.engine.check import contradictions, leaks
from snapproof.engine.errors import Failed, Hung
from snapproof.engine.faulty_store import MemoryStore
from snapproof.engine.geometry import BLOCK, Geometry
from snapproof.engine.lockstep import LockStep, OutOfStep
from snapproof.engine.memory import Command, Word
from snapproof.engine.schedule import FreeRunning

WIDE = Geometry(standard=2, virtual=4, tracks=3, log_tracks=24, sessions=4, lists=2)


def number(n: int) -> bytes:
    """A block that says n."""
    return n.to_bytes(4, "big") * (BLOCK // 4)


def said(block: bytes) -> int:
    assert block == block[:4] * (len(block) // 4), "a torn block"
    return int.from_bytes(block[:4], "big")


class Together:
    """Runs functions in threads, and raises what the first of them raised."""

    def __init__(self, *actions: Callable[[], object]) -> None:
        self.errors: list[BaseException] = []
        threads = [threading.Thread(target=self._run, args=(a,)) for a in actions]
        for t in threads:
            t.start()
        for t in threads:
            t.join(60)
            assert not t.is_alive()
        if self.errors:
            raise self.errors[0]

    def _run(self, action: Callable[[], object]) -> None:
        try:
            action()
        except BaseException as error:
            self.errors.append(error)


# --- free runs ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_snapshot_is_a_cut_through_time_over_both_devices_and_stays_as_it_is(seed: int) -> None:
    """A writer numbers its writes; whoever shows number n shows every earlier one, or a later one in its place."""
    a = Array(made(WIDE), hosts=4, disks=2, schedule=FreeRunning(random.Random(seed)), durable=False)
    places = [(device, track) for device in ("S1", "S2") for track in range(3)]
    stop = threading.Event()

    def writing(host: int, block: int) -> None:
        n = 0
        while not stop.is_set():
            n += 1
            device, track = places[(n * 5 + host) % 6]
            Host(a, host).write(device, track, number(n), block)

    def cut(h: Host, block: int, devices: tuple[str, str], host: int) -> list[int]:
        found = [said(h.read(devices[0 if d == "S1" else 1], t, block, 1)) for d, t in places]
        latest = max(found)
        for place, n in enumerate(found):
            wanted = next((m for m in range(latest, 0, -1) if (m * 5 + host) % 6 == place), 0)
            assert n == wanted, f"{places[place]} shows {n}, and {latest} was written before the snapshot"
        return found

    def snapshots() -> None:
        h = Host(a, 2)
        try:
            for _ in range(6):
                for v, s in (("V1", "S1"), ("V2", "S2")):
                    h.register(s, v)
                    h.relate(s, v)
                h.activate()
                first = [cut(h, b, ("V1", "V2"), b) for b in (0, 1)]
                assert [cut(h, b, ("V1", "V2"), b) for b in (0, 1)] == first
                for v in ("V1", "V2"):
                    h.remove(v)
        finally:
            stop.set()

    def virtual_writes() -> None:
        h = Host(a, 3)
        h.register("S1", "V3")
        h.relate("S1", "V3", 2)
        h.activate(2)
        n = 0
        while not stop.is_set():
            n += 1
            h.write("V3", n % 3, number(n), 7)
            assert said(h.read("V3", n % 3, 7, 1)) == n

    Together(lambda: writing(0, 0), lambda: writing(1, 1), snapshots, virtual_writes)
    a.close()
    assert contradictions(a.memory.tables) == []
    assert leaks(a.memory.tables) == []


def test_no_write_is_lost_when_many_hosts_write_one_track() -> None:
    with Array(made(WIDE, start="established"), hosts=4, disks=2, durable=False) as a:
        Together(*(lambda h=h: [Host(a, h).write("S1", 0, number(n), h) for n in range(1, 60)] for h in range(4)))
        assert [said(Host(a).read("S1", 0, h, 1)) for h in range(4)] == [59] * 4


def test_durable_calls_of_several_hosts_are_on_disk_when_they_return() -> None:
    store = made(WIDE)
    with Array(store, hosts=3, durable=True) as a:
        def one(h: int) -> None:
            for n in range(1, 8):
                Host(a, h).write("S1", 1, number(n), h)
                with Array(MemoryStore(store.durable), durable=False) as found:
                    assert said(Host(found).read("S1", 1, h, 1)) >= n
        Together(lambda: one(0), lambda: one(1), lambda: one(2))


@pytest.mark.slow
def test_a_call_that_hangs_is_told_with_boxes_and_stacks() -> None:
    a = Array(made(ONE, start="first"), hosts=2, disks=0, durable=False, limit=0.5)  # nobody saves the old data
    with pytest.raises(Hung) as hung:
        Host(a).write("S1", 0, filled("a"))
    assert "HA1 at 332 wait_for_status" in str(hung.value)
    assert "HA2 at next next_command" in hung.value.stacks
    assert "perform" in hung.value.stacks
    with pytest.raises(Hung, match="commit"):
        a.memory.changed = True
        a.commit()
    a.abandon()


def test_a_box_that_fails_stops_the_array_and_tells_every_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    a = array()
    monkeypatch.setattr(type(a.memory.slots), "read", lambda *_: 1 // 0)
    with pytest.raises(Failed, match="ZeroDivisionError"):
        Host(a).read("S1", 0)
    with pytest.raises(Failed):
        Host(a, 1).read("S1", 0)
    a.close()


# --- lock-step ---------------------------------------------------------------------------------------------------------


def test_the_driver_lets_exactly_the_named_box_run() -> None:
    a, driver = driven(start="first")
    ticket = a.give(0, write("S1", "b"))
    host = a.memory.hosts[0]
    boxes = []
    while host.at.name != "wait_for_status":
        boxes.append(host.at.id)
        assert driver.step(1, host.at.name)
    assert boxes == ["next", "I/O", "322", "326", "328"]
    assert not driver.step(1, "wait_for_status")  # it waits, and has changed nothing
    with pytest.raises(OutOfStep, match="HA1: it is at 332 wait_for_status, not at write_standard_track"):
        driver.step(1, "write_standard_track")
    assert driver.step(3, "take_request", 0)
    saved = []
    while a.memory.disks[0].at.name != "take_request":
        saved.append(a.memory.disks[0].at.id)
        assert driver.step(3)
    assert saved == ["302", "306", "232", "234", "236", "238", "242", "246", "248", "252", "306 order",
                     "312a", "312b", "314", "308", "316", "318"]
    assert finished(driver, ticket, 1).done.is_set()
    a.close()


def test_a_disk_adapter_takes_the_request_of_the_host_that_the_driver_names() -> None:
    a, driver = driven(start="first")
    for host in (0, 1):
        a.give(host, write("S1", "b"))
        while a.memory.hosts[host].at.name != "wait_for_status":
            assert driver.advance(host + 1)
    assert driver.step(3, "take_request", 1)
    assert a.memory.disks[0].serving == 2
    a.abandon()


def test_a_box_that_hangs_in_lock_step_is_told_with_its_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = LockStep(limit=0.3)
    a = Array(made(ONE), hosts=1, schedule=driver, durable=False)
    driver.settle()
    never = threading.Event()
    monkeypatch.setattr(type(a.memory.slots), "read", lambda *_: never.wait())
    a.give(0, read("S1"))
    assert driver.step(1) and driver.step(1)
    with pytest.raises(Hung) as hung:
        driver.step(1)
    assert "HA1 at read read_standard_track" in str(hung.value)
    assert "never.wait()" in hung.value.stacks
    never.set()
    a.abandon()


def test_an_error_in_a_driven_box_reaches_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    a, driver = driven(hosts=1)
    monkeypatch.setattr(type(a.memory.slots), "read", lambda *_: 1 // 0)
    a.give(0, read("S1"))
    with pytest.raises(ZeroDivisionError):
        driver.run(random.Random(1))
    a.abandon()


# --- built wrong on purpose ----------------------------------------------------------------------------------------------


def bad(seed: int, geometry: Geometry, programs: list[list[Command]], **switches: str) -> set[str]:
    """What a random run in lock-step shows: reads that are not the image, a hang, contradictions, leaks.

    All images are zeros, and nobody writes a virtual device that is read.
    """
    a, driver = driven(geometry, hosts=len(programs), disks=2, **switches)
    tickets = [(c, a.give(h, c)) for h, program in enumerate(programs) for c in program]
    found = set()
    if not driver.run(random.Random(seed)):
        found.add("hang")
    for command, ticket in tickets:
        if command.word == Word.READ and command.device.kind == "V" and ticket.result is not None and any(ticket.result):
            found.add("torn image")
    if contradictions(a.memory.tables):
        found.add("contradiction")
    if "hang" not in found and leaks(a.memory.tables):
        found.add("leak")
    a.abandon()
    return found


TWO = Geometry(standard=2, virtual=2, tracks=1, log_tracks=4, sessions=2, lists=2)
WRITES = [[write("S1", "a")], [write("S1", "b")], [read("V1"), read("V1")]]
REMOVE = Command(Word.REMOVE, virtual=0)
ACTIVATE = [Command(Word.ACTIVATE, pair_list=0)]

FAULTS = [
    ("C-3: no reread", ONE, WRITES, {"start": "first", "lock_282": "none"}, "torn image"),
    ("C-4: pointers before data", ONE, [[write("S1", "a"), write("S1", "b")], [read("V1"), read("V1")], [REMOVE]],
     {"start": "first", "copy_order": "pointer_first", "lock_302": "none", "lock_282": "none"}, "torn image"),
    ("C-6: no status", ONE, WRITES, {"start": "first", "step_304": "write_only"}, "hang"),
    ("C-11: established devices are counted", ONE, [[write("V1", "a"), write("V1", "b")], [read("V2")]],
     {"start": "established", "step_356": "established"}, "leak"),
    ("C-13: no back pointer", ONE, [[write("V1", "a")], []], {"start": "first", "label_344": "no_back_pointer"}, "contradiction"),
    ("C-23: removal without stopping the session", ONE, [[write("S1", "a")], [REMOVE]],
     {"start": "first", "removal_session": "unchanged"}, "leak"),
    ("C-25: returned too early", Geometry(1, 2, 1, 2, 2, 1), [[write("S1", "a"), REMOVE], [read("V2")]],
     {"start": "established", "removal_return": "at_once"}, "contradiction"),
    ("C-30: 248 as printed", TWO, [[write("S1", "a"), REMOVE], [write("S2", "b"), read("V2")]],
     {"start": "established", "step_248": "as_printed"}, "hang"),
]


@pytest.mark.slow
@pytest.mark.parametrize("name, geometry, programs, switches, wanted", FAULTS, ids=[f[0].split(":")[0] for f in FAULTS])
def test_a_fault_shows_what_it_breaks_and_the_safe_build_does_not(
        name: str, geometry: Geometry, programs: list[list[Command]], switches: dict[str, str], wanted: str) -> None:
    safe = {"start": switches["start"]}
    for seed in range(400):
        if seed < 40:
            assert bad(seed, geometry, programs, **safe) == set(), (name, seed)
        if wanted in bad(seed, geometry, programs, **switches):
            return
    pytest.fail(f"{name}: four hundred runs do not show a {wanted}")


def straddles(seed: int, **switches: str) -> bool:
    """Does a virtual device change after its activation although nobody writes it?"""
    a, driver = driven(hosts=2, start="related", **switches)
    a.give(0, write("S1", "a"))
    tickets = [a.give(1, c) for c in (*ACTIVATE, read("V1"), read("V1"))]
    driver.run(random.Random(seed))
    a.abandon()
    return bool(tickets[1].result != tickets[2].result)


@pytest.mark.slow
def test_a_write_straddles_an_activation_only_without_exclusive_access() -> None:
    assert not any(straddles(seed) for seed in range(60))
    assert any(straddles(seed, path_513="taken", lock_322="none") for seed in range(400))


@pytest.mark.slow
def test_lists_taken_in_opposite_order_wait_for_each_other_only_without_an_order() -> None:
    def hangs(seed: int, **switches: str) -> bool:
        a, driver = driven(Geometry(2, 4, 1, 2, 2, 2), hosts=2, **switches)
        relate = [(0, 0, 0), (1, 1, 0), (1, 2, 1), (0, 3, 1)]
        for std, vdev, here in relate:
            for word in (Word.REGISTER, Word.RELATE):
                a.give(0, Command(word, standard=std, virtual=vdev, pair_list=here))
        assert driver.run(random.Random(seed))
        for host in (0, 1):
            a.give(host, Command(Word.ACTIVATE, pair_list=host))
        done = driver.run(random.Random(seed))
        a.abandon()
        return not done

    assert not any(hangs(seed) for seed in range(30))
    assert any(hangs(seed, list_order="as_related") for seed in range(200))
