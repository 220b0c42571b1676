"""Is the engine's state the model's?  Log tracks are compared up to renaming: which one was taken is the engine's affair.

Both states are in the readable form of traces; the engine's names log tracks by its own numbers (`mapping.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..traces.trace import State
from ..words import fields_of, value

GARBAGE = "garbage"
"""In the model: bytes that belong to nobody.  The engine has some bytes there; any will do."""

ANSWER = "'s answer"
"""Behind the name of a process: what its host got when its command ended at this box (`answers.py`)."""

SETS = ("map_bits", "protection")
"""Fields whose innermost lists are sets: compared as a whole."""

OF_LOG_TRACKS = ("log_data", "extra", "map_bits", "log_lock")
"""Fields with a row for each log track."""


@dataclass(frozen=True)
class Difference:
    """A field such as `protection[1][2]` or `HA1.step`, with the model's and the engine's value."""

    field: str
    model: Any
    engine: Any

    def __str__(self) -> str:
        model, engine = (value(v) if isinstance(v, dict) else v for v in (self.model, self.engine))
        return f"{self.field} is {model} in the model and {engine} in the engine"


def difference(expected: State, found: State) -> Difference | None:
    """The first difference, or None when the states are equal under some renaming of log tracks."""
    different = first_difference(expected, found)
    if different is None:
        return None
    try:
        names = renaming(expected, found)
    except (LookupError, TypeError, ValueError):  # a trace of another model lacks something to go by, or has it in another shape
        return different
    return different if names is None else first_difference(expected, renamed(found, names))


def first_difference(expected: State, found: State) -> Difference | None:
    """The first field of the engine's state that is another one in the model's."""
    for name, mine in found.items():
        if expected.get(name) == mine:
            continue
        anything = GARBAGE if name == "log_data" or name.endswith(ANSWER) else None
        for field, theirs, ours in _fields(name, expected.get(name), mine):
            if theirs != ours and (anything is None or theirs != anything):
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


# --- renaming ------------------------------------------------------------------------------------------------------


def renaming(expected: State, found: State) -> dict[str, str] | None:
    """Engine's log track -> model's, as far as the states tell: through pointers, hands, and the free list.

    None when they demand two names for one track.
    """
    every = [f"L{i + 1}" for i in range(len(found["log_data"]))]
    names: dict[str, str] = {}
    for mine, theirs in _anchors(expected, found):
        if (mine in every) != (theirs in every) or mine in every and names.setdefault(mine, theirs) != theirs:
            return None
    if len(set(names.values())) != len(names):
        return None
    left = iter([log for log in every if log not in names.values()])
    return {log: names[log] if log in names else next(left) for log in every}


def _anchors(expected: State, found: State) -> Iterator[tuple[str, str]]:
    """Pairs of what the engine and the model have at the same place: log tracks, `standard` or `none`."""
    for ours, theirs in zip(found["pointer"], expected["pointer"], strict=True):
        yield from zip(ours, theirs, strict=True)
    for name, mine in found.items():
        if isinstance(mine, dict):
            yield from ((mine[key], expected[name][key]) for key in ("fresh", "entry") if key in mine)
    yield from zip(free_list(found), free_list(expected), strict=False)


def free_list(state: State) -> list[str]:
    """The free log tracks from the head on; it ends where a link leads to a track that is not free, or to none at all."""
    rows = {f"L{i + 1}": extra for i, extra in enumerate(state["extra"])}
    found: list[str] = []
    at = state["free_head"]
    while isinstance(at, str) and at in rows and at not in found:  # a trace may say anything
        found.append(at)
        at = (fields_of(rows[at], "Free") or {}).get("next")
    return found


def renamed(state: State, names: dict[str, str]) -> State:
    """The state with the model's names of log tracks wherever one is named, its rows in their order."""
    rows = sorted(range(len(names)), key=lambda i: int(names[f"L{i + 1}"][1:]))
    return {name: _new([value[i] for i in rows] if name in OF_LOG_TRACKS else value, names) for name, value in state.items()}


def _new(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _new(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_new(inner, names) for inner in value]
    return _words(value, names) if isinstance(value, str) else value


def _words(text: str, names: dict[str, str]) -> str:
    """`L1, bits K1, back pointer S1 T1`: a log track is a word of its own."""
    return " ".join(names.get(word.rstrip(","), word.rstrip(",")) + word[len(word.rstrip(",")):] for word in text.split(" "))


__all__ = ["ANSWER", "GARBAGE", "Difference", "difference", "first_difference", "free_list", "renamed", "renaming"]
