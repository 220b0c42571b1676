"""A box that hangs does not hang whoever commits, and an array whose commit failed does nothing more."""

from __future__ import annotations

import threading
import time

import pytest
from engine_arrays import filled, made

from snapproof.engine import Array, Host
from snapproof.engine.errors import EngineError, Failed, Hung
from snapproof.engine.faulty_store import Faults
from snapproof.engine.geometry import Device
from snapproof.engine.memory import Command, Word
from snapproof.engine.slots import Slots


def impatient(a: Array) -> None:
    """From now on nobody waits long, neither for an end nor for the bus."""
    a.limit = vars(a.schedule.bus)["_limit"] = 0.5


def test_a_box_that_hangs_with_the_bus_does_not_hang_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    a = Array(made(), hosts=2, durable=False)
    Host(a).write("S1", 0, filled("a"))
    impatient(a)
    monkeypatch.setattr(Slots, "read", lambda *_: never.wait())
    ticket = a.give(1, Command(Word.READ, Device("S", 0)))
    while a.memory.hosts[1].ticket is not ticket:
        time.sleep(0.001)
    begun = time.monotonic()
    with pytest.raises(Hung):
        a.commit()
    assert time.monotonic() - begun < 15
    never.set()
    a.abandon()


@pytest.mark.slow
def test_a_box_that_begins_to_hang_while_a_commit_waits_does_not_hang_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit waits for the array to be at rest, and a box takes the bus meanwhile and never lets it go."""
    never, stop = threading.Event(), threading.Event()
    a = Array(made(start="first"), hosts=2, disks=0, durable=False)
    Host(a).write("S2", 0, filled("a"))
    impatient(a)
    a.give(0, Command(Word.WRITE, Device("S", 0), data=filled("b")))  # nobody saves the old data: it waits for ever
    while a.memory.hosts[0].at.name != "wait_for_status":
        time.sleep(0.001)
    found: list[BaseException] = []

    def committing() -> None:
        try:
            a.commit()
        except EngineError as error:
            found.append(error)

    thread = threading.Thread(target=committing, daemon=True)
    thread.start()
    while not a.memory.gate:
        time.sleep(0.001)
    holder = threading.Thread(target=lambda: (a.schedule.bus.acquire(), stop.set(), never.wait(20), a.schedule.bus.release()))
    holder.start()
    thread.join(20)
    assert stop.is_set()
    assert not thread.is_alive()
    assert isinstance(found[0], Hung)
    never.set()
    holder.join()
    a.abandon()


def test_a_commit_that_failed_stops_the_array_until_it_is_opened_again() -> None:
    store = made(faults=Faults(fail_at=0))
    store.operations = 0
    a = Array(store)
    with pytest.raises(EngineError):
        Host(a).write("S1", 0, filled("a"))
    operations = store.operations
    for call in (lambda: Host(a).read("S1", 0), lambda: Host(a).write("S1", 0, filled("b", 80)), a.commit):
        with pytest.raises(Failed, match="Open it again") as failed:
            call()
        assert "have been written" not in str(failed.value)
    a.close()
    assert store.operations == operations
