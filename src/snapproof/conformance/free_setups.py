"""What free runs are made of: small arrays, beginnings, builds and host programs, drawn from a seed.

Two or three hosts work on few tracks of few devices, so that they meet.  Half of the arrays are built safe; the
others depart from it in one or two switches, in the engine and in the model alike.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..spec.errors import ScenarioError
from ..spec.scenario import Scenario
from ..spec.scope import setup_switches
from ..spec.specification import Specification
from .errors import Divergence
from .free_run import run_freely, validate
from .lockstep_replay import Exercised

POOL = "pool"
"""No setup, for its boxes create log tracks or do not.  Both are as good as each other, so it is drawn for every run, too:
runs without a log track left would be rare otherwise."""

ONE_LIST = ("list_scope", "global")
"""This build has one list for all."""

DEPARTS = 0.5
"""How many of the builds are not the safe one."""


def drawn(spec: Specification, seed: int, safe: bool = False) -> Scenario:
    """The scenario of a run; the same for the same seed.  `safe`: no departures."""
    rng = random.Random(seed)
    while True:
        sizes, switches = _sizes(rng), _switches(spec, rng, safe)
        hosts = [{"program": _program(rng, sizes)} for _ in range(rng.choice((2, 2, 3)))]
        scenario = Scenario(f"run {seed}", spec, sizes=sizes, switches=switches, hosts=hosts, place=f"run {seed}")
        if _possible(scenario):
            return scenario


def beginnings(spec: Specification) -> list[str]:
    """Switches that say where a run begins and what it has; drawn for every run, and never counted as a departure."""
    return [*setup_switches(spec.scope), *([POOL] if POOL in spec.scope.switches else [])]


def _sizes(rng: random.Random) -> dict[str, int]:
    standard = rng.choice((1, 1, 2))
    return {"StandardDevice": standard, "VirtualDevice": rng.choice((2, 2, 3)), "Track": rng.choice((1, 1, 2)),
            "Block": rng.choice((1, 2)), "LogTrack": rng.randint(1, 5), "Session": rng.choice((1, 2, 2, 3)),
            "PairList": rng.choice((1, 2)), "Value": 3, "DiskAdapter": rng.choice((1, 1, 2)), "generations": 2}


def _switches(spec: Specification, rng: random.Random, safe: bool) -> dict[str, str]:
    every, always = spec.scope.switches, beginnings(spec)
    found = {name: rng.choice(every[name].choices()) for name in always}
    if rng.random() < 0.5:  # hosts have something to meet at from the first
        found["start"] = rng.choice(("first", "established", "established"))
    if not safe and rng.random() < DEPARTS:
        for name in rng.sample([n for n in every if n not in always], rng.choice((1, 1, 2))):
            found[name] = rng.choice(every[name].choices())
    return found


def _possible(scenario: Scenario) -> bool:
    """Do sizes and switches go together, in the model and in the engine?"""
    words, sizes = scenario.switches, scenario.sizes
    try:
        scenario.instance()
    except ScenarioError:
        return False
    if words["pool"] == "fixed" and words["pool_at_start"] == "none" or words["foreign_bits"] == "yes" and sizes["Session"] < 2:
        return False
    return words.get(ONE_LIST[0]) != ONE_LIST[1] or sizes["PairList"] == 1


def _program(rng: random.Random, sizes: dict[str, int]) -> list[str]:
    """Four to nine commands."""
    found: list[str] = []
    while len(found) < rng.randint(4, 7):
        found += _phrase(rng, sizes)
    return found[:9]


def _phrase(rng: random.Random, sizes: dict[str, int]) -> list[str]:
    """A command, or some that belong together."""
    def one(letter: str, name: str) -> Any:
        return f"{letter}{rng.randint(1, sizes[name])}"

    s, v, t, here = one("S", "StandardDevice"), one("V", "VirtualDevice"), one("T", "Track"), one("list", "PairList")
    b, value = one("B", "Block"), f"v{rng.randrange(sizes['Value'])}"
    # The engine cannot tell a write of the only block from one of the whole track.
    what = "all" if sizes["Block"] == 1 else rng.choice((b, b, "all"))
    n = f"S{sizes['StandardDevice'] + 1 - int(s[1:])}"  # the other one, if there are two
    w = f"V{int(v[1:]) % sizes['VirtualDevice'] + 1}"
    phrases = [
        (6, [f"write {s} {t} {what} {value}"]), (2, [f"read {s} {t} {b}"]),
        (4, [f"write {v} {t} {what} {value}"]), (4, [f"read {v} {t} {b}"]),
        (2, [f"establish {s} {v}"]), (2, [f"register {s} {v}", f"relate {s} {v} {here}", f"activate {here}"]),
        (1, [f"register {s} {v}"]), (1, [f"relate {s} {v} {here}"]), (1, [f"activate {here}"]), (1, [f"activate-one {v}"]),
        (1, [f"register {s} {v}", f"relate {s} {v} {here}", f"activate-one {v}"]), (3, [f"remove {v}"]),
        (1, [f"look-up {v} {t}"]), (1, [f"write-entry {v} {t}"]), (1, [f"modify-entry {v} {t}"]),
        # A device is restored behind a write, and goes on; or what it has saved is read.
        (3, [f"establish {s} {v}", f"write {s} {t} {what} {value}", f"restore {v} {s}", f"read {s} {t} {b}"]),
        (2, [f"establish {s} {v}", f"write {s} {t} {what} {value}", f"restore {v} {s}", f"copy-back {s} {t}"]),
        (3, [f"establish {s} {v}", f"write {s} {t} {what} {value}", f"restore-new {v} {n}", f"write {s} {t} {what} v1",
             f"read {n} {t} {b}"]),
        (2, [f"establish {s} {v}", f"restore-new {v} {n}", f"write {n} {t} {what} {value}", f"copy-back {n} {t}"]),
        # A disk adapter copies the track to the new device before the old one's is overwritten.
        (3, [f"establish {s} {v}", f"restore-new {v} {n}", f"write {s} {t} {what} {value}", f"read {n} {t} {b}"]),
        (3, [f"establish {s} {v}", f"write {s} {t} {what} {value}", f"restore-virtual {v} {w}", f"write {v} {t} {what} v1",
             f"read {w} {t} {b}"]),
        (3, [f"establish {s} {v}", f"restore-virtual {v} {w}", f"write {s} {t} {what} {value}", f"read {w} {t} {b}"]),
        (1, [f"restore-virtual {v} {w}"]), (1, [f"restore-new {v} {n}"]), (2, [f"restore {v} {s}"]), (1, [f"copy-back {s} {t}"]),
        (3, [f"establish {s} {v}", f"write {s} {t} {what} {value}", f"deactivate {v}", f"read-saved {v} {t} {b}", f"read-bit {v} {t}"]),
        (3, [f"establish {s} {v}", f"write {s} {t} {what} {value}", f"establish {s} {w}", f"deactivate {v}", f"save {v}",
             f"roll-back {w} G1"]),
        (1, [f"save {v}"]), (1, [f"roll-back {v} G1"]),
        (2, [f"deactivate {v}"]), (1, [f"read-saved {v} {t} {b}"]), (1, [f"read-bit {v} {t}"]),
        # A log track of two devices is split; a pair of a list has been activated alone.
        (2, [f"establish {s} V1", f"establish {s} V2", f"write {s} {t} {what} {value}", f"write {v} {t} {what} v1"]),
        (3, [f"begin-group {here}", f"register {s} {v}", f"relate {s} {v} {here}", f"process-group {here}"]),
        (2, [f"begin-group {here}", f"register {s} {v}", f"relate {s} {v} {here}", f"activate-one {v}", f"process-group {here}"]),
        (1, [f"begin-group {here}"]), (1, [f"process-group {here}"]),
        (3, [f"register {s} V1", f"relate {s} V1 {here}", f"register {s} V2", f"relate {s} V2 {here}", f"activate-one {v}",
             f"activate {here}"]),
    ]
    return rng.choices([p for _, p in phrases], [w for w, _ in phrases])[0]


# --- running them --------------------------------------------------------------------------------------------------


@dataclass
class Freed:
    """How many runs there were, with how many boxes, and how many ended in a deadlock that the model has, too."""

    runs: int = 0
    boxes: int = 0
    deadlocks: int = 0


def free_runs(spec: Specification, seeds: Iterable[int], exercised: Exercised) -> Freed:
    """Run and validate these runs; Divergence at the first that is no behaviour of the model, Hung when one hangs."""
    done = Freed()
    for seed in seeds:
        scenario = drawn(spec, seed)
        try:
            log = run_freely(scenario, seed)
            validate(log, scenario.name, exercised)
        except Divergence as error:
            built = ", ".join(f"{n}={v}" for n, v in scenario.switches.items())
            sizes = ", ".join(f"{n} {n_of}" for n, n_of in scenario.sizes.items())
            error.story = (f"built with {built}", f"of {sizes}", *error.story,
                           f"Run it again with --free @{seed}; the threads may need more than one try.")
            raise
        done.runs += 1
        done.boxes += len(log.steps)
        done.deadlocks += not log.at_rest
    return done


__all__ = ["Freed", "beginnings", "drawn", "free_runs"]
