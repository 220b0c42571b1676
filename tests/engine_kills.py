"""Processes that work on one array and are killed (SIGKILL) at random moments, and what must be found afterwards.

The oracle stands outside: a `State` of this process, which knows what was asked for and what was acknowledged, and
looks at the files without opening the array.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine_arrays import SMALL
from engine_crashes import Operation, State, moved, shown, snapshot, write

from snapproof.engine.faulty_store import MemoryStore
from snapproof.vocabulary.states import VirtualState

HERE = Path(__file__).parent
LATEST = 1.0
"""Seconds after which a process is killed that has not been killed yet; measured anew while the run goes on."""


def random_work(rng: random.Random, state: State) -> list[Any]:
    """An operation that is possible in a state, for `engine_writer.py`."""
    by = {s: [v for v, found in state.states.items() if found == s] for s in VirtualState}
    possible: list[list[Any]] = []
    for device in ["S1", "S1", "S2", *by[VirtualState.ACTIVE]]:
        block, count = rng.randrange(40), rng.choice([1, 2, 40, 80])
        track = rng.randrange(SMALL.tracks)
        count = min(count, (SMALL.tracks - track) * 40 - block)
        possible.append(["write", device, track, block, rng.choice("abcdefghijk"), count])
    standard = rng.choice(["S1", "S2"])
    if by[VirtualState.UNUSED]:
        possible.append(["register", standard, by[VirtualState.UNUSED][0]])
        pairs = [[rng.choice(["S1", "S2"]), v] for v in by[VirtualState.UNUSED]]
        possible += [["snapshot", *rng.sample(pairs, rng.randint(1, len(pairs)))] for _ in range(2)]
    for v in by[VirtualState.REGISTERED]:
        possible += [["relate", state.of[v], v]] if not by[VirtualState.RELATED] else []
    possible += [["activate", state.of[v], v] for v in by[VirtualState.RELATED]] * 2
    possible += [["remove", v] for s in (VirtualState.REGISTERED, VirtualState.RELATED, VirtualState.ACTIVE) for v in by[s]]
    return rng.choice(possible)


def meaning(work: list[Any]) -> Operation:
    """What an operation must do to a state."""
    word, *given = work
    if word == "write":
        device, track, block, letter, count = given
        return write(device, track, block, letter, count)
    if word == "snapshot":
        return snapshot(*((s, v) for s, v in given))
    if word == "register":
        def registered(s: State) -> None:
            s.states[given[1]], s.of[given[1]] = VirtualState.REGISTERED, given[0]
        return Operation("register", lambda h: None, [registered])
    if word == "relate":
        return moved("relate", lambda h: None, given[1], VirtualState.RELATED)
    if word == "activate":
        return Operation("activate", lambda h: None, [lambda s: s.freeze(*given)])
    return Operation("remove", lambda h: None, [lambda s: s.forget(given[0])])


def command(place: Path, work: list[Any]) -> list[str] | None:
    """The operation as a command of the program; None when there is none for it."""
    word, *given = work
    words = {"write": lambda: [given[0], str(given[1]), "--block", str(given[2]), "--text", given[3] * 512 * given[4]],
             "snapshot": lambda: [d for pair in given for d in pair], "remove": lambda: given}
    return [sys.executable, "-m", "snapproof.cli", "engine", word, str(place), *words[word]()] if word in words else None


@dataclass
class Killing:
    """A run: the array, what is known of it, and how often what was seen."""

    place: Path
    rng: random.Random
    state: State = field(default_factory=State)
    seen: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=lambda: {"command": LATEST, "writer": LATEST})

    def one(self) -> None:
        """Start a process, kill it, look at what is there."""
        rng = self.rng
        work = [random_work(rng, self.state)]
        words = command(self.place, work[0]) if rng.random() < 0.6 else None
        kind = "command" if words else "writer"
        if words is None:
            later = self.behind(work[0])
            while len(work) < 40:
                work.append(random_work(rng, later))
                later = meaning(work[-1]).steps(later)[-1]
            words = [sys.executable, str(HERE / "engine_writer.py"), str(self.place), json.dumps(work)]
        acknowledged = self.killed(words, kind)
        self.look(work, acknowledged, kind)

    def behind(self, work: list[Any]) -> State:
        """The state when this has been done."""
        return meaning(work).steps(self.state)[-1]

    def killed(self, words: list[str], kind: str) -> int:
        """How many operations it acknowledged until it was killed (or ended)."""
        before = stamp(self.place)
        begun = time.monotonic()
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
        try:
            if self.rng.random() < 0.5:  # any moment
                with suppress(subprocess.TimeoutExpired):
                    process.wait(self.rng.uniform(0, self.slowest[kind]))
            else:  # a moment in which it writes
                while process.poll() is None and stamp(self.place) == before:
                    time.sleep(0.0003)
                time.sleep(self.rng.choice([0, 0.0005, 0.002, 0.01, 0.05]) * self.rng.random())
        finally:
            process.kill()
        said, errors = process.communicate()
        if process.returncode == 0:
            self.slowest[kind] = 0.7 * self.slowest[kind] + 0.3 * (time.monotonic() - begun)
        elif process.returncode == -9:
            self.seen["kills"] += 1
            self.slowest[kind] = min(self.slowest[kind] * 1.02, 20.0)
        else:
            raise AssertionError(f"{words[3:6]} ended with {process.returncode}: {errors}")
        return said.count("done\n") if kind == "writer" else int(said != "")

    def look(self, work: list[list[Any]], acknowledged: int, kind: str) -> None:
        """What is there is what was acknowledged, and perhaps what was begun behind that."""
        files = {p.name: p.read_bytes() for p in self.place.iterdir()}
        self.seen["a journal waits"] += "journal" in files
        self.seen["a temporary file is left"] += any(n.endswith(".tmp") for n in files)
        state = self.state
        for done in work[:acknowledged]:
            state = meaning(done).steps(state)[-1]
        possible = meaning(work[acknowledged]).steps(state) if acknowledged < len(work) else [state]
        found = shown(MemoryStore({n: b for n, b in files.items() if not n.endswith(".tmp")}))
        places = [i for i, s in enumerate(possible) if (s.tracks, s.states) == (found.tracks, found.states)]
        assert places, (kind, work[:acknowledged + 1], acknowledged)
        self.state = deepcopy(possible[places[-1]])
        self.seen[f"{kind}: before" if places == [0] else f"{kind}: carried out, not acknowledged"] += acknowledged < len(work)
        self.seen[f"{kind}: {work[min(acknowledged, len(work) - 1)][0]}"] += 1

    def told(self) -> str:
        """One line."""
        return ", ".join(f"{what}: {n}" for what, n in sorted(self.seen.items()))


def stamp(place: Path) -> list[tuple[str, int, int]]:
    """Something that changes when the directory does."""
    found = []
    for entry in os.scandir(place):
        try:
            now = entry.stat()
        except FileNotFoundError:
            continue
        found.append((entry.name, now.st_mtime_ns, now.st_ino))
    return sorted(found)
