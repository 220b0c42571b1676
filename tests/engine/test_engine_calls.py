"""The calls of hosts, one after another: what they do, and every way in which they are refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from engine_arrays import SMALL, Oracle, array, filled, made
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from snapproof.engine import Array, Build, Host
from snapproof.engine.check import contradictions, leaks
from snapproof.engine.errors import (
    BadBuild,
    BadRequest,
    EngineError,
    Failed,
    NoLogTrack,
    NoSession,
    NotActive,
    NotEstablished,
    NotReady,
    NotRegistered,
    NotRelated,
    NotRestorable,
    NotSaved,
)
from snapproof.engine.geometry import BLOCKS, Device, Geometry
from snapproof.engine.memory import Command, Word
from snapproof.engine.tables import DIRECT
from snapproof.vocabulary.states import SessionByte


@pytest.fixture
def small() -> Iterator[Host]:
    with array() as a:
        yield Host(a)


def snapshot(h: Host, std: str = "S1", vdev: str = "V1") -> None:
    h.register(std, vdev)
    h.relate(std, vdev)
    h.activate()


# --- what they do ------------------------------------------------------------------------------------------------


def test_a_snapshot_shows_the_old_data_after_writes(small: Host) -> None:
    small.write("S1", 0, filled("a", 2 * BLOCKS))
    snapshot(small)
    small.write("S1", 0, filled("b", 3), block=39)
    assert small.read("V1", 0, 0, 80) == filled("a", 80)
    assert small.read("S1", 0, 38, 5) == filled("a", 1) + filled("b", 3) + filled("a", 1)


def test_two_snapshots_of_different_times_share_nothing_they_should_not(small: Host) -> None:
    for vdev, letter in (("V1", "a"), ("V2", "b")):
        small.write("S1", 0, filled(letter))
        snapshot(small, vdev=vdev)
    small.write("S1", 0, filled("c"))
    assert [small.read(d, 0)[:1] for d in ("V1", "V2", "S1")] == [b"a", b"b", b"c"]


def test_two_snapshots_of_one_time_share_a_log_track_until_one_is_written(small: Host) -> None:
    for vdev in ("V1", "V2"):
        small.register("S1", vdev)
        small.relate("S1", vdev)
    small.activate()
    small.write("S1", 0, filled("a"))
    assert small.look_up("V1", 0) == small.look_up("V2", 0)
    assert small.look_up("V1", 0)["map bits"] == 0b11
    small.write("V1", 0, filled("b", 1), block=7)
    assert small.look_up("V1", 0)["track"] != small.look_up("V2", 0)["track"]
    assert (small.look_up("V1", 0)["map bits"], small.look_up("V2", 0)["map bits"]) == (0b01, 0b10)
    assert small.read("V1", 0, 7, 1) == filled("b", 1)
    assert small.read("V2", 0) == filled("\0")


def test_a_look_up_tells_the_protection_bits_of_a_standard_track(small: Host) -> None:
    snapshot(small)
    assert small.look_up("V1", 1) == {"points to": "S1", "track": 1, "protection bits": 1}


def test_a_removed_device_gives_back_its_session_and_its_log_tracks(small: Host) -> None:
    for _ in range(5):
        snapshot(small)
        small.write("S1", 0, filled("a"))
        small.remove("V1")
    assert small.array.memory.tables.standard[0].session_bytes == [0] * 16
    assert leaks(small.array.memory.tables) == []


def test_establishing_in_one_call_is_a_snapshot(small: Host) -> None:
    small.write("S1", 0, filled("a"))
    small.establish("S1", "V1")
    small.write("S1", 0, filled("b"))
    assert small.read("V1", 0) == filled("a")
    with pytest.raises(NoSession):
        small.establish("S2", "V1")


def test_writing_table_entries_of_both_kinds_changes_nothing_that_hosts_see(small: Host) -> None:
    small.establish("S1", "V1")
    small.write("S1", 0, filled("b"))
    for word in (Word.WRITE_ENTRY, Word.MODIFY_ENTRY):
        for track in (0, 1):
            small.array.call(0, Command(word, Device("V", 0), track))
        with pytest.raises(NotReady):
            small.array.call(0, Command(word, Device("V", 1), 0))
    assert small.read("V1", 0, 0, 80) == filled("\0", 80)
    assert small.look_up("V1", 0)["back pointer"] == "S1 track 0"


def test_activation_of_one_leaves_the_others_on_the_list(small: Host) -> None:
    for vdev in ("V1", "V2"):
        small.register("S1", vdev)
        small.relate("S1", vdev, 2)
    small.activate_one("V1")
    assert small.read("V1", 0) == filled("\0")
    with pytest.raises(NotReady):
        small.read("V2", 0)
    with pytest.raises(NotRelated):  # V1 stays on the list, and is no longer merely related
        small.activate(2)


# --- how they are refused --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("call", [
    lambda h: h.read("S3", 0), lambda h: h.read("V4", 0), lambda h: h.read("L1", 0), lambda h: h.read("", 0),
    lambda h: h.read("S²", 0), lambda h: h.read("S0", 0), lambda h: h.read("S1", 2), lambda h: h.read("S1", -1),
    lambda h: h.read("S1", 0, 40), lambda h: h.read("S1", 0, -1), lambda h: h.read("S1", 1, 0, 41),
    lambda h: h.read("S1", 0, 0, 0), lambda h: h.write("S1", 0, b"short"), lambda h: h.write("S1", 0, b""),
    lambda h: h.write("S1", 1, filled("a", 41)), lambda h: h.register("V1", "S1"), lambda h: h.relate("S1", "V1", 3),
    lambda h: h.activate(0), lambda h: h.look_up("S1", 0), lambda h: h.remove("V9"),
    lambda h: Host(h.array, 7).read("S1", 0),
])
def test_what_is_not_there_is_refused(small: Host, call: object) -> None:
    with pytest.raises(BadRequest) as refused:
        call(small)  # type: ignore[operator]
    assert refused.value.place and refused.value.cause and refused.value.fix


def test_a_virtual_device_that_is_not_active_is_not_ready(small: Host) -> None:
    small.register("S1", "V1")
    small.relate("S1", "V1")
    for call in (lambda: small.read("V1", 0), lambda: small.write("V1", 0, filled("a")), lambda: small.look_up("V1", 0)):
        with pytest.raises(NotReady):
            call()


def test_register_is_refused_without_a_free_session_or_with_a_used_device(small: Host) -> None:
    with array(Geometry(1, 3, 1, 2, sessions=2)) as a:
        h = Host(a)
        assert [h.register("S1", "V1"), h.register("S1", "V2")] == [0, 1]
        with pytest.raises(NoSession):
            h.register("S1", "V3")
    small.register("S1", "V1")
    with pytest.raises(NoSession):
        small.register("S2", "V1")


def test_relate_is_refused_without_register_and_the_second_time(small: Host) -> None:
    with pytest.raises(NotRegistered):
        small.relate("S1", "V1")
    small.register("S1", "V1")
    with pytest.raises(NotRegistered):
        small.relate("S2", "V1")
    small.relate("S1", "V1")
    with pytest.raises(NotRegistered):
        small.relate("S1", "V1")


def test_activate_and_remove_are_refused_without_relate(small: Host) -> None:
    with pytest.raises(NotRelated):
        small.activate_one("V1")
    with pytest.raises(NotEstablished):
        small.remove("V1")
    small.register("S1", "V1")
    with pytest.raises(NotEstablished):
        small.remove("V1")


def test_a_write_without_a_log_track_is_refused_and_changes_nothing() -> None:
    with array(Geometry(1, 1, 2, log_tracks=1), pool="fixed") as a:
        h = Host(a)
        snapshot(h)
        h.write("S1", 0, filled("a"))
        for device in ("S1", "V1"):
            with pytest.raises(NoLogTrack):
                h.write(device, 1, filled("b"))
            assert h.read(device, 1) == filled("\0")
        assert not any(any(row) for row in (*a.memory.locks.track, a.memory.locks.log))


def test_a_closed_array_is_refused() -> None:
    a = array()
    a.close()
    a.close()
    with pytest.raises(Failed):
        Host(a).read("S1", 0)


@pytest.mark.parametrize("words", [{"copy_ordr": "copy_first"}, {"copy_order": "sometimes"}])
def test_an_unknown_switch_or_value_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(BadBuild, match="copy_order|copy_first"):
        Build.of(words)


def test_numbers_of_adapters_are_checked() -> None:
    with pytest.raises(BadRequest):
        Array(made(), hosts=0)


# --- any calls in any order ------------------------------------------------------------------------------------------


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
        alone = mine.standard == number and all(
            byte == SessionByte.FREE for k, byte in enumerate(header.session_bytes) if k != mine.session)
        assert self.either(lambda: self.hosts[0].restore(virtual, standard), NotRestorable) == alone
        if alone:
            for t in range(2):
                self.oracle.data[standard, t] = bytearray(self.oracle.track(virtual, t))
            self.oracle.ready.discard(virtual)

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
        header = self.array.memory.tables.standard[int(standard[1]) - 1]
        assert set(header.indirect) == {DIRECT} and SessionByte.MIGRATING not in header.session_bytes

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
