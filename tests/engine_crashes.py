"""Operations on an array that is crashed again and again, and the oracle that says what must be found.

The oracle copies whole tracks when a snapshot is taken; it has no tables, no log tracks and no commits.  A crash
during an operation leaves the state before it, the state behind it, or one of those between its tracks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial

from engine_arrays import SMALL, filled

from snapproof.engine import Array, Host
from snapproof.engine.check import contradictions, leaks
from snapproof.engine.errors import EngineError
from snapproof.engine.faulty_store import Crash, Faults, MemoryStore
from snapproof.engine.geometry import BLOCK, TRACK, Device
from snapproof.engine.journal import read_contents
from snapproof.engine.slots import LOG, Slots
from snapproof.engine.tables import DIRECT, STANDARD, standard_of
from snapproof.vocabulary.states import VirtualState

STANDARDS = [f"S{i + 1}" for i in range(SMALL.standard)]


@dataclass
class State:
    """What hosts can see: the bytes of tracks, and how far each virtual device has come."""

    tracks: dict[tuple[str, int], bytes] = field(
        default_factory=lambda: {(s, t): bytes(TRACK) for s in STANDARDS for t in range(SMALL.tracks)})
    states: dict[str, VirtualState] = field(
        default_factory=lambda: {f"V{i + 1}": VirtualState.UNUSED for i in range(SMALL.virtual)})
    of: dict[str, str] = field(default_factory=dict, compare=False)
    """For a registered virtual device, its standard device; only whoever goes on with it wants to know."""

    def put(self, device: str, track: int, block: int, data: bytes) -> None:
        """A write within a track."""
        whole = bytearray(self.tracks[device, track])
        whole[block * BLOCK:block * BLOCK + len(data)] = data
        self.tracks[device, track] = bytes(whole)

    def freeze(self, standard: str, virtual: str) -> None:
        """The point in time."""
        self.states[virtual] = VirtualState.ACTIVE
        self.tracks |= {(virtual, t): self.tracks[standard, t] for t in range(SMALL.tracks)}

    def restore(self, virtual: str, standard: str) -> None:
        """The standard device shows what the virtual device did, which is gone."""
        self.tracks |= {(standard, t): self.tracks[virtual, t] for t in range(SMALL.tracks)}
        self.forget(virtual)

    def copy(self, virtual: str, other: str) -> None:
        """The other virtual device shows what the virtual device does."""
        self.states[other] = VirtualState.ACTIVE
        self.tracks |= {(other, t): self.tracks[virtual, t] for t in range(SMALL.tracks)}

    def forget(self, virtual: str) -> None:
        """The virtual device is removed."""
        self.states[virtual] = VirtualState.UNUSED
        self.tracks = {k: b for k, b in self.tracks.items() if k[0] != virtual}


def shown(store: MemoryStore) -> State:
    """What hosts would see, without opening: tables and journal say where each track lies.  Nothing is damaged or lost."""
    contents = read_contents(store)
    t, slots = contents.tables, Slots(store, contents.tables, contents.pending)
    assert contradictions(t) == []
    assert leaks(t) == []
    def standard(s: int, n: int) -> bytes:
        at = t.standard[s].indirect[n]
        if at == DIRECT:
            return slots.whole(Device("S", s), n)
        return slots.whole(LOG, at) if at >= 0 else standard(standard_of(at), n)

    found = State({(f"S{s + 1}", n): standard(s, n) for s in range(SMALL.standard) for n in range(SMALL.tracks)})
    for v, device in enumerate(t.virtual):
        found.states[f"V{v + 1}"] = VirtualState(device.state)
        assert device.ready == (device.state == VirtualState.ACTIVE)
        if device.ready:
            for n, at in enumerate(device.pointers):
                found.tracks[f"V{v + 1}", n] = standard(device.standard, n) if at == STANDARD else slots.whole(LOG, at)
    return found


@dataclass
class Operation:
    """A call, and what each of its commits does."""

    name: str
    call: Callable[[Host], object]
    commits: list[Callable[[State], object]]

    def steps(self, before: State) -> list[State]:
        """The states that may be found when it is ended somewhere; the last one when it has returned."""
        found = [before]
        for change in self.commits:
            after = deepcopy(found[-1])
            change(after)
            found.append(after)
        return found


def write(device: str, track: int, block: int, letter: str, count: int) -> Operation:
    """A write, which may cross tracks."""
    data, commits, at = filled(letter, count), [], 0
    for t in range(track, SMALL.tracks):
        here = data[at:at + TRACK - (block * BLOCK if t == track else 0)]
        if here:
            commits.append(partial(State.put, device=device, track=t, block=block if t == track else 0, data=here))
        at += len(here)
    return Operation(f"write {device} {track}", lambda h: h.write(device, track, data, block), list(commits))


def snapshot(*pairs: tuple[str, str]) -> Operation:
    """All pairs at one point in time, in one commit."""
    def all_of_them(s: State) -> None:
        for standard, virtual in pairs:
            s.freeze(standard, virtual)
    return Operation(f"snapshot {pairs}", lambda h: h.snapshot(list(pairs)), [all_of_them])


def moved(name: str, call: Callable[[Host], object], virtual: str, to: VirtualState) -> Operation:
    """A call that takes a virtual device one step further."""
    return Operation(f"{name} {virtual}", call, [lambda s: s.states.__setitem__(virtual, to)])


def copy_back(standard: str, behind: Operation) -> Operation:
    """Copy tracks back, which hosts do not see, and then something that they do see."""
    def both(h: Host) -> None:
        h.copy_back(standard)
        behind.call(h)
    return Operation(f"copy back {standard}", both, [lambda s: None, *behind.commits])


SCRIPT = [
    write("S1", 0, 0, "a", 40),
    snapshot(("S1", "V1"), ("S2", "V2")),
    write("S1", 0, 38, "b", 2),
    write("V1", 1, 3, "c", 1),
    write("S2", 0, 39, "d", 2),
    moved("register", lambda h: h.register("S1", "V3"), "V3", VirtualState.REGISTERED),
    moved("relate", lambda h: h.relate("S1", "V3", 2), "V3", VirtualState.RELATED),
    Operation("activate V3", lambda h: h.activate(2), [lambda s: s.freeze("S1", "V3")]),
    write("S1", 0, 0, "e", 40),
    Operation("remove V1", lambda h: h.remove("V1"), [lambda s: s.forget("V1")]),
    write("V3", 0, 1, "f", 1),
    Operation("restore V3 to V1", lambda h: h.restore("V3", "V1"), [lambda s: s.copy("V3", "V1")]),
    write("S1", 1, 7, "g", 3),
    write("V1", 0, 2, "l", 1),
    Operation("remove V1 again", lambda h: h.remove("V1"), [lambda s: s.forget("V1")]),
    Operation("restore V3", lambda h: h.restore("V3", "S1"), [lambda s: s.restore("V3", "S1")]),
    write("S1", 1, 9, "h", 2),
    copy_back("S1", write("S1", 1, 9, "i", 1)),
    Operation("remove V2", lambda h: h.remove("V2"), [lambda s: s.forget("V2")]),
    snapshot(("S1", "V1")),
    write("S1", 0, 5, "j", 1),
    Operation("restore V1 to S2", lambda h: h.restore("V1", "S2"), [lambda s: s.restore("V1", "S2")]),
    write("S1", 1, 2, "k", 2),
]
"""Every kind of call, and log tracks that are taken, shared, split and given back."""

LAST = write("S2", 1, 0, "z", 40)
"""What must work whatever has happened."""


def attempt(store: MemoryStore, operation: Operation, before: State) -> list[State]:
    """Open the array and carry out an operation, whatever comes of it; the states that may be found then."""
    steps = operation.steps(before)
    a = Array(store, limit=20.0)
    try:
        operation.call(Host(a))
        a.close()
    except (Crash, EngineError):
        return steps
    finally:
        a.abandon()
    return steps[-1:]


Content = frozenset[tuple[str, bytes]]


def content(store: MemoryStore) -> Content:
    """The files, to tell whether the same have been looked at before."""
    return frozenset((n, bytes(b)) for n, b in store.files.items())


_shown: dict[Content, State] = {}
_written: set[Content] = set()


def found_among(store: MemoryStore, states: list[State], story: object) -> State:
    """What is there now is one of these."""
    key = content(store)
    if key not in _shown:
        _shown[key] = shown(store)
    assert _shown[key] in states, story
    return _shown[key]


def power_back(store: MemoryStore, rng: random.Random, kept: float, faults: Faults | None = None) -> MemoryStore:
    """The machine starts again: after a crash with what that left, otherwise with what the store holds."""
    return MemoryStore(store.after_crash(rng, kept), faults) if store.dead else with_faults(store, faults)


def with_faults(store: MemoryStore, faults: Faults | None) -> MemoryStore:
    """The same store, other faults; operations are counted anew."""
    store.faults, store.operations = faults or Faults(), 0
    return store


def writable_again(store: MemoryStore, before: State, story: object) -> None:
    """Opened without faults it can be written, and nothing waits or is left over afterwards."""
    key = content(store)
    if key in _written:
        return
    _written.add(key)
    (after,) = attempt(store, LAST, before)
    found_among(store, [after], story)
    assert "journal" not in store.files, story
    assert set(store.names()) <= {"superblock", "tables", "log-0001", "standard-0001", "standard-0002"}
    assert not store.pending
