"""Which size costs most: where memory did not suffice, every size is tried one smaller for a moment, and what that saves is told.

What is measured is how many states there are within the first transitions, and how many bits a packed state has.  Of what comes later
it says nothing for certain; but it is counted, and a guess from the names of sizes would not be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ..bounded import TooLong, bounded
from ..spec.constraints import within
from ..spec.errors import ScenarioError
from ..spec.instance import Cells, Instance
from ..spec.layout import Layout
from ..spec.machine import Machine
from ..spec.programs import left_at
from ..spec.scenario import Scenario
from ..spec.sizes import complete_sizes, given_sizes

SECONDS = 2.0
"""For all searches together."""

MOST = 24
"""Smaller scenarios that are tried."""

TOLD = 3
"""Of them that a report names."""


@dataclass(frozen=True)
class Smaller:
    """One scenario that is smaller by one: what it is, the states within the same depth, and the bits of each.

    `size` names what there is one less of; "" where it is a whole [[host]].  `lost`: commands that named what is gone.
    """

    what: str
    size: str
    lost: int
    states: int
    bits: int

    def words(self) -> str:
        """`Track = 1, without 2 commands: 450 states of 261 bits`."""
        lost = f", without {self.lost} command{'s' if self.lost > 1 else ''}" if self.lost else ""
        return f"{self.what}{lost}: {self.states:,} of {self.bits} bits"


@dataclass(frozen=True)
class Costs:
    """The states within a depth, their bits, and what each smaller scenario has instead, the greatest saving first."""

    depth: int
    states: int
    bits: int
    smaller: Sequence[Smaller]

    def words(self) -> str:
        """What costs most, and how that was found."""
        sizes, hosts = [s for s in self.smaller if s.size], [s for s in self.smaller if not s.size]
        told = "; ".join(s.words() for s in (*sizes[:TOLD], *hosts[:1]))
        most = f"{sizes[0].size} costs most of the sizes" if sizes else "Hosts cost most"
        return (f"{most}. Within the first {self.depth} transitions there are {self.states:,} states of {self.bits} bits; with {told}. "
                "Later that may differ.")

    def json(self) -> dict[str, Any]:
        """The same as data."""
        return {"depth": self.depth, "states": self.states, "bits": self.bits,
                "smaller": [{"what": s.what, "size": s.size or None, "lost": s.lost, "states": s.states, "bits": s.bits}
                            for s in self.smaller]}


def costs(scenario: Scenario, instance: Instance, seconds: float = SECONDS) -> Costs | None:
    """Try everything one smaller; None when nothing can be, or when nothing could be counted in time."""
    tried = list(islice(_smaller(scenario, instance), MOST))
    counted = [_levels(i, seconds / (len(tried) + 1)) for i in (instance, *(i for *_, i in tried))]
    levels, _ = counted[0]
    if not tried or min(len(c) for c, ended in counted if not ended or c is levels) < 2:
        return None
    # What came to its end has no more states at any depth.
    depth = min([len(levels), *(len(c) for c, ended in counted if not ended)]) - 1
    found = [Smaller(what, size, lost, c[min(depth, len(c) - 1)], Layout(i).bits)
             for (what, size, lost, i), (c, _) in zip(tried, counted[1:], strict=True)]
    return Costs(depth, levels[depth], Layout(instance).bits, sorted(found, key=lambda s: s.states * s.bits))


Tried = tuple[str, str, int, Instance]
"""A smaller scenario: what it is, the name of the size, how many commands are lost, and what is searched of it."""


def _smaller(scenario: Scenario, instance: Instance) -> Iterator[Tried]:
    """Every scenario smaller by one member, process or [[host]], without the commands that name what is gone, if that can be searched."""
    spec, here, as_given = scenario.spec, instance.sizes, replace(scenario, fuse=instance.fuse)
    kinds = [k for k in spec.kinds if k.programs]
    running = {k.__name__ for k in kinds}
    sizes = {n: size for n, size in scenario.sizes.items() if n not in running}
    for i in range(len(scenario.hosts)) if len(scenario.hosts) > 1 else ():
        left = [h for at, h in enumerate(scenario.hosts) if at != i]
        yield from _made(f"no [[host]] {i + 1}", "", 0, replace(as_given, sizes=sizes, hosts=left))
    for name in (*given_sizes(spec), *spec.scope.constants):
        if name in running and scenario.hosts:
            continue
        fewer = scenario.sizes | {name: here[name] - 1}
        with suppress(ScenarioError):
            full = complete_sizes(spec, fewer | {n: here[n] for n in running if n != name}, scenario.place)
            hosts = [left_at(spec, spec.kind(h.get("kind", kinds[0].__name__)), h, full) for h in scenario.hosts]
            lost = sum(map(_length, scenario.hosts)) - sum(map(_length, hosts))
            yield from _made(f"{name} = {here[name] - 1}", name, lost, replace(as_given, sizes=fewer, hosts=hosts))


def _length(entry: dict[str, Any]) -> int:
    """The commands of a [[host]] entry, as texts."""
    given = entry.get("menu", entry.get("program", ()))
    return sum(1 if isinstance(item, str) else len(item) for item in given)


def _made(what: str, size: str, lost: int, scenario: Scenario) -> Iterator[Tried]:
    with suppress(ScenarioError):
        instance, _ = scenario.resolved()
        yield what, size, lost, instance


def _levels(instance: Instance, seconds: float) -> tuple[list[int], bool]:
    """How many states there are within 0, 1, 2, … transitions, as far as that is counted in time; and has it come to the end?"""
    counted: list[int] = []
    begin = time.monotonic()
    machine = Machine(instance, [])
    with suppress(TooLong), bounded(2 * seconds):
        level = list(dict.fromkeys(t.cells for t in machine.initial()))
        found: set[Cells] = set(level)
        while level:
            counted.append(len(found))
            following: dict[Cells, None] = {}
            for cells in level:
                if time.monotonic() - begin > seconds:
                    return counted, False
                if within(machine, cells):
                    following.update(dict.fromkeys(t.cells for t in machine.successors(cells) if t.cells not in found))
            level = list(following)
            found |= following.keys()
        return counted, True
    return counted, False


__all__ = ["Costs", "Smaller", "costs"]
