"""Crashes and failures during operations and during the recovery from crashes: nothing acknowledged is lost, and the
array opens again and can be written.  Every pair of points, and random triples."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import pytest
from engine_arrays import made
from engine_crashes import LAST, SCRIPT, State, attempt, content, found_among, power_back, shown, with_faults, writable_again

from snapproof.engine.faulty_store import Faults, MemoryStore

FAULTS = {"crash": lambda at, seed: Faults(crash_at=at), "failure": lambda at, seed: Faults(fail_at=at, seed=seed),
          "failures from then on": lambda at, seed: Faults(fail_at=at, fail_on=True, seed=seed)}

KEPT = (0.0, 0.5, 1.0)
"""Which part of the unsynced sectors a crash leaves."""


_tried: set[object] = set()


@cache
def reached() -> list[tuple[dict[str, bytes], State, int]]:
    """For each operation: the files and the state before it, and how many operations of the store it takes."""
    store, state, found = made(), State(), []
    for operation in SCRIPT:
        before = dict(store.durable)
        with_faults(store, None)
        (after,) = attempt(store, operation, state)
        assert shown(store) == after, operation.name
        found.append((before, state, store.operations))
        state = after
    return found


def test_the_script_does_what_its_oracle_says_and_uses_every_kind_of_operation() -> None:
    assert sum(count for _, _, count in reached()) >= 50
    assert {s.states["V3"].name for _, s, _ in reached()} == {"UNUSED", "REGISTERED", "RELATED", "ACTIVE"}
    assert {s.states["V1"].name for _, s, _ in reached()} == {"UNUSED", "ACTIVE"}


def first_faults(place: int, kind: str) -> Iterator[tuple[int, MemoryStore, State]]:
    """Every point of one operation at which the first fault comes: where, what is left, and what state that is."""
    files, state, count = reached()[place]
    for at in range(count):
        store = MemoryStore(files, FAULTS[kind](at, at))
        states = attempt(store, SCRIPT[place], state)
        assert kind != "crash" or store.dead
        yield at, store, found_among(power_back(store, random.Random(at), KEPT[at % 3]), states, (SCRIPT[place].name, kind, at))


def left(store: MemoryStore, at: int) -> MemoryStore:
    """A store of its own with what the first fault left."""
    if store.dead:
        return MemoryStore(store.after_crash(random.Random(at), KEPT[at % 3]))
    copy = MemoryStore({n: bytes(b) for n, b in store.files.items()})
    copy.durable, copy.pending = dict(store.durable), list(store.pending)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("second", FAULTS)
@pytest.mark.parametrize("first", FAULTS)
@pytest.mark.parametrize("place", range(len(SCRIPT)), ids=lambda i: SCRIPT[i].name.split("(")[0].strip().replace(" ", "-"))
def test_two_faults_at_any_two_points_lose_nothing(place: int, first: str, second: str) -> None:
    """The first during an operation, the second during the recovery from it or the operation behind that."""
    for at, store, now in first_faults(place, first):
        # Whatever was not done is tried again; what was done is followed by the next operation.
        done = now != reached()[place][1]
        again = SCRIPT[place + 1] if done and place + 1 < len(SCRIPT) else LAST if done else SCRIPT[place]
        if done and place + 1 < len(SCRIPT) and now != reached()[place + 1][1]:
            again = LAST  # it ended between its tracks
        begun = (content(left(store, at)), tuple(left(store, at).pending), again.name, second)
        if begun in _tried:
            continue  # another first fault has left exactly the same
        _tried.add(begun)
        other = 0
        while True:
            story = (SCRIPT[place].name, first, at, again.name, second, other)
            twice = with_faults(left(store, at), FAULTS[second](other, at))
            states = attempt(twice, again, now)
            if twice.operations <= other:
                break
            twice = power_back(twice, random.Random(other), KEPT[other % 3])
            writable_again(twice, found_among(twice, states, story), story)
            other += 1
        assert other >= 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_many_faults_in_a_row_lose_nothing(seed: int) -> None:
    """Three or more in a row, of any kinds, at any points; the script goes on where it was interrupted."""
    many_faults(random.Random(seed), seed)


def many_faults(rng: random.Random, story: object) -> None:
    store, state = made(), State()
    for operation in SCRIPT:
        for trial in range(20):
            calm = trial >= rng.randint(0, 6)
            kind = rng.choice(list(FAULTS))
            with_faults(store, None if calm else FAULTS[kind](rng.randrange(12), rng.random()))
            states = attempt(store, operation, state)
            store = power_back(store, rng, rng.choice(KEPT))
            state = found_among(store, states, (story, operation.name, trial, kind))
            if state == states[-1]:
                break
            if state != states[0]:
                break  # between its tracks
        if state != states[-1]:
            with_faults(store, None)
            if state == states[0]:
                (state,) = attempt(store, operation, state)
    writable_again(with_faults(store, None), state, story)


@pytest.mark.audit
@pytest.mark.parametrize("seed", range(40))
def test_very_many_faults_in_a_row_lose_nothing(seed: int) -> None:
    for part in range(50):
        many_faults(random.Random(1000 * seed + part), (seed, part))
