"""A rolling backup on the engine: what each set leads back to, and what is refused (Figs. 29, 30)."""

from __future__ import annotations

import pytest
from engine_arrays import array, filled, made

from snapproof.engine import Array, Host
from snapproof.engine.errors import BadRequest, NotKept


def period(h: Host, new: str, old: str) -> int:
    """One run of Fig. 29; the device that was saved is removed."""
    h.snapshot([("S1", new)])
    h.deactivate(old)
    kept = h.save(old)
    h.remove(old)
    return kept


def tracks(h: Host, device: str) -> list[bytes]:
    return [h.read(device, t) for t in range(h.array.memory.geometry.tracks)]


def three_periods(h: Host) -> list[list[bytes]]:
    """The images of two sets, and of the newest device."""
    h.snapshot([("S1", "V1")])
    images = [tracks(h, "S1")]
    for old, new, track, byte in (("V1", "V2", 0, "b"), ("V2", "V1", 1, "c")):
        h.write("S1", track, filled(byte, 2), 3)
        images.append(tracks(h, "S1"))
        assert period(h, new, old) == len(images) - 1
    h.write("S1", 0, filled("d"))
    return images


def test_the_way_back_leads_to_the_image_of_each_period() -> None:
    with array() as a:
        h = Host(a)
        images = three_periods(h)
        assert h.roll_back("V1", 2) == images[1] and h.roll_back("V1", 1) == images[0]
        assert tracks(h, "V1") == images[2], "the newest device shows what it showed"
        assert images[0] != images[1] != images[2]


def test_a_way_that_begins_with_the_standard_device_keeps_what_was_written_since() -> None:
    with array(step_782="standard") as a:
        h = Host(a)
        images = three_periods(h)
        assert h.roll_back("V1", 1) == images[0], "the oldest set has all of it"
        assert h.roll_back("V1", 2)[0] == filled("d") != images[1][0]


def test_what_cannot_be_kept_or_gone_back_to_is_refused() -> None:
    with array() as a:
        h = Host(a)
        h.snapshot([("S1", "V1")])
        for call in (lambda: h.save("V1"), lambda: h.roll_back("V1", 1), lambda: h.roll_back("V2", 1)):
            with pytest.raises(NotKept):
                call()
        with pytest.raises(BadRequest, match="room for 8"):
            h.roll_back("V1", 9)
        period(h, "V2", "V1")
        with pytest.raises(NotKept):
            h.roll_back("V1", 1)  # it is gone


def test_there_is_room_for_as_many_sets_as_the_array_was_opened_with() -> None:
    with Array(made(), generations=1) as a:
        h = Host(a)
        h.snapshot([("S1", "V1")])
        assert period(h, "V2", "V1") == 1
        h.deactivate("V2")
        with pytest.raises(NotKept, match="no room"):
            h.save("V2")


def test_sets_are_the_memory_of_a_host_and_end_with_it() -> None:
    with array() as a:
        h = Host(a)
        h.snapshot([("S1", "V1")])
        period(h, "V2", "V1")
        store = a.store
    with Array(store) as a, pytest.raises(NotKept):
        Host(a).roll_back("V2", 1)
