"""What a violation points at: paths of member names such as `V1 T1 B1`, `L2`, `S1 K1`, and names of cells.

Properties say in words what was expected and seen, and name things as states do. Those names are found here, so
that pictures can mark the wrong track without knowing any property.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .trace import WAITING, Trace

Path = tuple[str, ...]


@dataclass(frozen=True)
class Suspects:
    """What to mark at the end of a trace.

    `paths`: things by their names, outer before inner; `seen` are those that the words about what was seen name.
    `cells`: names of cells that the words mention. `processes`: those that the property fails for. `wanted`: the
    value that was expected, where the words say one.
    """

    paths: frozenset[Path]
    cells: frozenset[str]
    processes: frozenset[str]
    wanted: str
    seen: tuple[Path, ...] = ()


def suspects(trace: Trace) -> Suspects:
    """What the violation of a trace names: its arguments, the first thing expected, everything seen."""
    v = trace.violation
    found = argument_paths(trace)
    processes = {a for a in v.arguments.values() if a in trace.processes}
    if v.kind in WAITING:
        read = frozenset(r.name for w in v.waiting for r in w.why.reads)
        return Suspects(frozenset(found), read, frozenset(w.process for w in v.waiting), "")
    seen = named_paths(trace, v.seen)
    found |= set(named_paths(trace, v.expected)[:1]) | set(seen)
    processes |= {p[0] for p in named_paths(trace, v.seen, list(trace.processes))}
    return Suspects(frozenset(_without_outer(found)), frozenset(_cells(v.seen)), frozenset(processes), _wanted(v.expected),
                    tuple(seen))


def named_paths(trace: Trace, words: str, names: list[str] | None = None) -> list[Path]:
    """Every run of member names in a text, in order; `K2 of S1 T1` counts as `S1 T1 K2`."""
    members = names if names is not None else [m for ms in trace.index_sets.values() for m in ms]
    if not members:
        return []
    # Longest first: T10 is not T1.
    one = "|".join(re.escape(m) for m in sorted(set(members), key=len, reverse=True) if m)
    run = rf"(?:{one})(?: (?:{one}))*"
    found = []
    for match in re.finditer(rf"(?<![\w\[,])(?:(?P<inner>{one}) of )?(?P<outer>{run})(?![\w\]])", words):
        path = tuple(re.findall(one, match["outer"]))
        found.append((*path, match["inner"]) if match["inner"] else path)
    return found


def argument_paths(trace: Trace) -> set[Path]:
    """The arguments of the violation as paths: a device with its track, block and session; other members alone."""
    kinds = {m: kind for kind, members in trace.index_sets.items() for m in members}
    arguments = [a for a in trace.violation.arguments.values() if a in kinds]
    inner = [a for wanted in ("Track", "Block") for a in arguments if kinds[a] == wanted]
    sessions = [a for a in arguments if kinds[a] == "Session"]
    outer = [a for a in arguments if a not in inner and a not in sessions]
    if not outer:
        return {tuple(inner)} if inner else set()
    # Two sessions of one device are two things.
    ends: list[Path] = [(s,) for s in sessions] or [()]
    return {(a, *inner, *end) if kinds[a].endswith("Device") else (a,) for a in outer for end in ends}


def _without_outer(paths: set[Path]) -> set[Path]:
    """A thing alone is left out when something inside it is named, too: that is what is wrong with it."""
    return {p for p in paths if not any(len(q) > len(p) and q[:len(p)] == p for q in paths)}


def _cells(words: str) -> list[str]:
    return re.findall(r"(?<!\w)\w+\[[^\[\]\s]*\]", words)


def _wanted(words: str) -> str:
    match = re.search(r"\b(?:shows|returns) (\w+)", words)
    return match[1] if match else ""
