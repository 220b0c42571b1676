"""Groups on the engine: whose they are, what waits for them, and what is refused (Fig. 25)."""

from __future__ import annotations

import pytest
from engine_arrays import array, filled

from snapproof.engine import Array, Host
from snapproof.engine.errors import GroupRefused, NoSession
from snapproof.engine.memory import Command, Word
from snapproof.vocabulary.states import VirtualState


def grouped(h: Host, *pairs: tuple[str, str]) -> None:
    h.begin_group()
    for pair in pairs:
        h.register(*pair)
        h.relate(*pair)


def state(a: Array, vdev: int) -> VirtualState:
    return VirtualState(a.memory.tables.virtual[vdev].state)


def test_the_pairs_of_a_group_have_one_point_in_time() -> None:
    with array() as a:
        h = Host(a)
        grouped(h, ("S1", "V1"), ("S2", "V2"))
        h.activate_one("V1")
        h.activate()
        assert state(a, 0) == state(a, 1) == VirtualState.RELATED, "they are the group's"
        h.write("S1", 0, filled("a"))
        h.process_group()
        assert state(a, 0) == state(a, 1) == VirtualState.ACTIVE
        assert h.read("V1", 0) == filled("a")


def test_a_group_is_begun_on_an_empty_list_and_processed_by_its_host() -> None:
    with array() as a:
        one, other = Host(a, 0), Host(a, 1)
        one.begin_group()
        for call in (one.begin_group, other.begin_group, other.process_group):
            with pytest.raises(GroupRefused):
                call()
        one.process_group()
        with pytest.raises(GroupRefused, match="has begun no group"):
            one.process_group()
        one.register("S1", "V1")
        one.relate("S1", "V1")
        with pytest.raises(GroupRefused, match="pairs wait there"):
            other.begin_group()


def test_a_pair_of_another_host_waits_until_the_group_is_processed() -> None:
    with array() as a:
        one, other = Host(a, 0), Host(a, 1)
        one.begin_group()
        other.register("S1", "V1")
        waiting = a.give(1, Command(Word.RELATE, standard=0, virtual=0))
        assert not waiting.done.wait(0.2)
        one.process_group()
        assert waiting.done.wait(10) and state(a, 0) == VirtualState.RELATED


def test_a_pair_outside_of_a_group_may_be_activated_at_once() -> None:
    with array(step_466="activated") as a:
        h = Host(a)
        h.register("S1", "V1")
        h.relate("S1", "V1")
        assert state(a, 0) == VirtualState.ACTIVE and a.memory.tables.lists[0] == []
        grouped(h, ("S1", "V2"))
        assert state(a, 1) == VirtualState.RELATED
        h.process_group()
        assert state(a, 1) == VirtualState.ACTIVE


def test_a_snapshot_that_is_refused_leaves_no_group_behind() -> None:
    with array() as a:
        h = Host(a)
        h.snapshot([("S1", "V1")])
        with pytest.raises(NoSession):
            h.snapshot([("S1", "V2"), ("S1", "V1")])
        assert not any(a.memory.locks.group) and state(a, 1) == VirtualState.UNUSED
        h.snapshot([("S1", "V2")])
