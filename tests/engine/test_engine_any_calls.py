"""Any calls in any order, against an oracle that copies whole devices."""

from __future__ import annotations

import pytest
from engine_arrays import SMALL, Oracle, array, filled
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from snapproof.engine import Array, Build, Host
from snapproof.engine.check import contradictions, leaks
from snapproof.engine.errors import (
    EngineError,
    NoLogTrack,
    NoSession,
    NotActive,
    NotReady,
    NotRegistered,
    NotRestorable,
    NotSaved,
)
from snapproof.engine.geometry import BLOCKS
from snapproof.engine.tables import DIRECT
from snapproof.vocabulary.states import SessionByte

READ_THROUGH = {"read_indirect": "read_through"}


class Calls(RuleBasedStateMachine):
    """Any calls, against an oracle that copies whole devices when a snapshot is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.array = array(**READ_THROUGH)  # what is read after each call would copy all tracks back
        self.oracle = Oracle(SMALL)
        self.related: dict[str, tuple[str, int]] = {}
        self.registered: dict[str, str] = {}
        self.frozen: dict[str, list[bytes]] = {}
        self.hosts = [Host(self.array, 0), Host(self.array, 1)]

    devices = st.sampled_from(["S1", "S2", "V1", "V2", "V3"])
    standards, virtuals, lists = st.sampled_from(["S1", "S2"]), st.sampled_from(["V1", "V2", "V3"]), st.integers(1, 2)

    def either(self, call: object, *refusals: type[EngineError]) -> bool:
        try:
            call()  # type: ignore[operator]
        except refusals:
            return False
        return True

    @rule(device=devices, track=st.integers(0, 1), block=st.integers(0, 39), count=st.sampled_from([1, 2, 7, 40]),
          letter=st.sampled_from("abcdefg"), host=st.integers(0, 1))
    def write(self, device: str, track: int, block: int, count: int, letter: str, host: int) -> None:
        count = min(count, (2 - track) * BLOCKS - block)
        ready = device[0] == "S" or device in self.oracle.ready
        done = self.either(lambda: self.hosts[host].write(device, track, filled(letter, count), block), NotReady, NoLogTrack)
        assert ready or not done
        if done:
            self.oracle.write(device, track, block, filled(letter, count))
        elif ready:  # no log track: the first track may have been written before the second was refused
            for t in range(2):
                self.oracle.data[device, t] = bytearray(self.hosts[0].read(device, t))

    @rule(standard=standards, virtual=virtuals)
    def register(self, standard: str, virtual: str) -> None:
        free = not any(virtual in taken for taken in (self.registered, self.related, self.oracle.ready, self.frozen))
        assert self.either(lambda: self.hosts[0].register(standard, virtual), NoSession) == free
        if free:
            self.registered[virtual] = standard

    @rule(standard=standards, virtual=virtuals, here=lists)
    def relate(self, standard: str, virtual: str, here: int) -> None:
        fits = self.registered.get(virtual) == standard
        assert self.either(lambda: self.hosts[1].relate(standard, virtual, here), NotRegistered) == fits
        if fits:
            self.related[virtual] = (self.registered.pop(virtual), here)

    @rule(here=lists)
    def activate(self, here: int) -> None:
        self.hosts[0].activate(here)
        for virtual, (standard, place) in list(self.related.items()):
            if place == here:
                self.oracle.freeze(virtual, standard)
                del self.related[virtual]

    @precondition(lambda self: self.oracle.ready or self.related or self.frozen)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        virtual = data.draw(st.sampled_from(sorted(self.oracle.ready | set(self.related) | set(self.frozen))))
        self.frozen.pop(virtual, None)
        self.hosts[1].remove(virtual)
        self.oracle.ready.discard(virtual)
        self.related.pop(virtual, None)

    @precondition(lambda self: self.oracle.ready)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        virtual = data.draw(st.sampled_from(sorted(self.oracle.ready)))
        standard = data.draw(st.sampled_from(["S1", "S2"]))
        tables = self.array.memory.tables
        number, header = int(standard[1]) - 1, tables.standard[int(standard[1]) - 1]
        mine = tables.virtual[int(virtual[1]) - 1]
        others = [byte for k, byte in enumerate(header.session_bytes) if mine.standard != number or k != mine.session]
        fits = set(others) == {SessionByte.FREE} and set(header.indirect) == {DIRECT}
        assert self.either(lambda: self.hosts[0].restore(virtual, standard), NotRestorable) == fits
        if fits:
            for t in range(2):
                self.oracle.data[standard, t] = bytearray(self.oracle.track(virtual, t))
            self.oracle.ready.discard(virtual)

    @precondition(lambda self: self.oracle.ready)
    @rule(data=st.data(), other=virtuals)
    def restore_to_virtual(self, data: st.DataObject, other: str) -> None:
        virtual = data.draw(st.sampled_from(sorted(self.oracle.ready)))
        tables = self.array.memory.tables
        header = tables.standard[tables.virtual[int(virtual[1]) - 1].standard]
        used = any(other in taken for taken in (self.registered, self.related, self.oracle.ready, self.frozen))
        left = SessionByte.FREE in header.session_bytes[:self.array.memory.geometry.sessions]
        assert self.either(lambda: self.hosts[1].restore(virtual, other), NotRestorable) == (not used and left)
        if not used and left:
            for t in range(2):
                self.oracle.data[other, t] = bytearray(self.oracle.track(virtual, t))
            self.oracle.ready.add(other)

    @precondition(lambda self: self.oracle.ready)
    @rule(data=st.data())
    def deactivate(self, data: st.DataObject) -> None:
        virtual = data.draw(st.sampled_from(sorted(self.oracle.ready)))
        number = int(virtual[1]) - 1
        mine = self.array.memory.tables.virtual[number]
        standard = f"S{mine.standard + 1}"
        self.hosts[0].deactivate(virtual)
        assert not self.either(lambda: self.hosts[1].deactivate(virtual), NotActive)
        self.oracle.ready.discard(virtual)
        self.frozen[virtual] = [bytes(self.oracle.track(virtual, t)) for t in range(2)]
        for t in set(range(2)) - set(self.hosts[1].changed_tracks(virtual)):
            assert self.frozen[virtual][t] == bytes(self.oracle.track(standard, t)), "a track that changed was not saved"

    @precondition(lambda self: self.frozen)
    @rule(data=st.data())
    def read_saved(self, data: st.DataObject) -> None:
        virtual = data.draw(st.sampled_from(sorted(self.frozen)))
        changed = self.hosts[0].changed_tracks(virtual)
        for t in range(2):
            if t in changed:
                assert self.hosts[1].read_saved(virtual, t) == self.frozen[virtual][t]
            else:
                assert not self.either(lambda t=t: self.hosts[1].read_saved(virtual, t), NotSaved)  # type: ignore[misc]

    @rule(standard=standards)
    def copy_back(self, standard: str) -> None:
        assert self.hosts[1].copy_back(standard) <= 2
        number, devices = int(standard[1]) - 1, self.array.memory.tables.standard
        assert set(devices[number].indirect) == {DIRECT} and not any(number in device.restored_to for device in devices)

    @rule()
    def close_and_open(self) -> None:
        self.array.close()
        self.array = Array(self.array.store, Build.of(READ_THROUGH), hosts=2, durable=False, limit=20.0)
        self.hosts = [Host(self.array, 0), Host(self.array, 1)]

    @invariant()
    def every_device_shows_what_it_must(self) -> None:
        for device in ["S1", "S2", *sorted(self.oracle.ready)]:
            for track in range(2):
                assert self.hosts[0].read(device, track) == bytes(self.oracle.track(device, track)), (device, track)
        assert contradictions(self.array.memory.tables) == []
        assert leaks(self.array.memory.tables) == []

    def teardown(self) -> None:
        self.array.close()


TestAnyCalls = pytest.mark.slow(Calls.TestCase)
TestAnyCalls.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
