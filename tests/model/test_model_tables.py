"""The cells that hold more than one kind of thing, the free list, and the lists of pairs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_model_initial import SIZES, machine

from snapproof.model import encoding, log_pool, pair_lists
from snapproof.model.specification import SPECIFICATION
from snapproof.spec.machine import Machine
from snapproof.vocabulary.switch_values import ListOrder, PoolAtStart


def fresh(**switches: object) -> tuple[Machine, Any, Any]:
    """A machine in its initial state, its state and its scope."""
    m = machine(SIZES, **switches)
    m.thaw(next(m.initial()).cells)
    return m, m.state, m.scope


def test_extra_bytes_and_origins_are_told_in_words() -> None:
    assert encoding.extra_words(encoding.NotCreated()) == "not created"
    assert encoding.extra_words(encoding.Free(next=-1, previous=1)) == "free, next none, previous L2"
    assert encoding.extra_words(encoding.Assigned(device=1, track=0)) == "back to S2 T1"
    assert encoding.origin_words(encoding.Nobody()) == "bytes that belong to nobody"
    assert encoding.origin_words(encoding.Copied(standard=0, track=1)) == "bytes of S1 T2"
    assert encoding.origin_words(encoding.Written(virtual=2, track=1)) == "bytes of V3 T2"


def test_a_device_argument_is_shown_by_its_name_and_read_back() -> None:
    sizes, domain = fresh()[0].instance.sizes, encoding.AnyDevice()
    low, high = domain.bounds(sizes)
    assert [domain.read(domain.show(v, sizes), sizes) for v in range(low, high + 1)] == list(range(low, high + 1))
    assert domain.show(high, sizes) == "V3"


@pytest.mark.slow
@given(st.lists(st.booleans(), max_size=12), st.sampled_from(list(PoolAtStart)))
def test_the_free_list_stays_one_chain(returns: list[bool], pool: PoolAtStart) -> None:
    m, s, c = fresh(pool_at_start=pool)
    sound = SPECIFICATION.properties["I7"].function
    held: list[int] = []
    for give_back in returns:
        if give_back and held:
            log_pool.put_at_head(s, c, held.pop())
        elif s.free_head >= 0:
            held.append(s.free_head)
            log_pool.take_head(s, c, s.free_head)
        elif log_pool.can_grow(s, c):
            log_pool.put_at_head(s, c, log_pool.uncreated_track(s, c))
        assert sound(s, c)


@pytest.mark.slow
@given(st.permutations([0, 1, 2]), st.sampled_from(list(ListOrder)), st.integers(0, 2))
def test_a_list_keeps_its_order_when_pairs_join_and_leave(joining: list[int], order: ListOrder, leaving: int) -> None:
    m, s, c = fresh(list_order=order)
    s.std_of[1] = 1
    for v in joining:
        pair_lists.add_pair(s, c, 0, v)
        pair_lists.add_pair(s, c, 0, v)
    wanted = [0, 2, 1] if order == ListOrder.BY_DEVICE else joining
    assert [s.pairs[0, i] for i in range(3)] == wanted
    pair_lists.remove_pair(s, c, 0, leaving)
    assert [s.pairs[0, i] for i in range(3)] == [v for v in wanted if v != leaving] + [-1]
    assert pair_lists.length(s, c, 0) == 2
