"""The calls of hosts, one after another: what they do, and every way in which they are refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from engine_arrays import array, filled, made

from snapproof.engine import Array, Build, Host
from snapproof.engine.check import leaks
from snapproof.engine.errors import (
    BadBuild,
    BadRequest,
    Failed,
    NoLogTrack,
    NoSession,
    NotEstablished,
    NotReady,
    NotRegistered,
    NotRelated,
)
from snapproof.engine.geometry import BLOCKS, Device, Geometry
from snapproof.engine.memory import Command, Word


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
