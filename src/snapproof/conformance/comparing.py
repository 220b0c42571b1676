"""Is the engine's state the model's?  Log tracks are compared up to renaming: which one was taken is the engine's affair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..engine.tables import NONE
from ..report.trace import State
from .mapping import Map

GARBAGE = "garbage"
"""In the model: bytes that belong to nobody.  The engine has some bytes there; any will do."""


@dataclass(frozen=True)
class Difference:
    """A field such as `protection[1][2]` or `HA1.step`, with the model's and the engine's value."""

    field: str
    model: Any
    engine: Any

    def __str__(self) -> str:
        return f"{self.field} is {self.model} in the model and {self.engine} in the engine"


def difference(expected: State, engine: Map) -> Difference | None:
    """The first difference, or None when the states are equal under some renaming of log tracks."""
    count = engine.memory.geometry.log_tracks
    found = first_difference(expected, engine.state(list(range(count))))
    if found is None:
        return None
    names = renaming(expected, engine)
    return found if names is None else first_difference(expected, engine.state(names))


def first_difference(expected: State, found: State) -> Difference | None:
    """The first field of the engine's state that is another one in the model's."""
    for name, mine in found.items():
        if expected.get(name) == mine:
            continue
        for field, theirs, ours in _fields(name, expected.get(name), mine):
            if theirs != ours and not (theirs == GARBAGE and name == "log_data"):
                return Difference(field, theirs, ours)
    return None


def _fields(name: str, theirs: Any, ours: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            yield f"{name}.{key}", theirs.get(key), value
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs) and name.split("[")[0] not in SETS:
        for i, value in enumerate(ours):
            yield from _fields(f"{name}[{i + 1}]", theirs[i], value)
    else:
        yield name, theirs, ours


SETS = ("map_bits", "protection")
"""Fields whose innermost lists are sets: compared as a whole."""


def renaming(expected: State, engine: Map) -> list[int] | None:
    """Engine's log track -> model's, as far as the states tell: through pointers, hands, and the free list.

    None when they demand two names for one track.
    """
    m = engine.memory
    names: dict[int, int] = {}
    ok = True
    for mine, theirs in _anchors(expected, engine):
        if (mine == NONE) != (theirs == NONE) or mine != NONE and names.setdefault(mine, theirs) != theirs:
            ok = False
    if not ok or len(set(names.values())) != len(names):
        return None
    left = iter(sorted(set(range(m.geometry.log_tracks)) - set(names.values())))
    return [names[i] if i in names else next(left) for i in range(m.geometry.log_tracks)]


def _anchors(expected: State, engine: Map) -> Iterator[tuple[int, int]]:
    m = engine.memory
    for device, row in zip(m.tables.virtual, expected["pointer"], strict=True):
        for mine, theirs in zip(device.pointers, row, strict=True):
            yield mine, _log(theirs)
    for adapter in m.adapters:
        yield adapter.fresh, _log(expected[adapter.name]["fresh"])
    for host in m.hosts:
        yield host.entry, _log(expected[host.name]["entry"])
    from ..engine.boxes.pool_tables import free_tracks

    theirs, at = [], _log(expected["free_head"])
    while at != NONE and at not in theirs:
        theirs.append(at)
        words = str(expected["extra"][at])
        at = _log(words.split("next ")[1].split(",")[0]) if words.startswith("free") else NONE
    yield from zip(free_tracks(m), theirs, strict=False)


def _log(name: str) -> int:
    return int(name[1:]) - 1 if name[:1] == "L" and name[1:].isdigit() else NONE


__all__ = ["Difference", "difference", "first_difference", "renaming"]
