"""What a violation points at: paths of member names such as `V1 T1 B1`, `L2`, `S1 K1`, and names of cells.

Properties say in words what was expected and seen, and name things as states do. Those names are found here, so
that pictures can mark the wrong track without knowing any property.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..traces.trace import WAITING, Trace

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


def each_alone(trace: Trace) -> set[Path]:
    """The arguments of the violation, each as a thing by itself: what is known of them without knowing the specification."""
    return {(a,) for a in trace.violation.arguments.values() if any(a in members for members in trace.index_sets.values())}


def suspects(trace: Trace, arguments: Callable[[Trace], set[Path]] = each_alone) -> Suspects:
    """What the violation of a trace names: its arguments, the first thing expected, everything seen.

    `arguments` says which arguments are one inside another.
    """
    v = trace.violation
    found = arguments(trace)
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


def _without_outer(paths: set[Path]) -> set[Path]:
    """A thing alone is left out when something inside it is named, too: that is what is wrong with it."""
    return {p for p in paths if not any(len(q) > len(p) and q[:len(p)] == p for q in paths)}


def _cells(words: str) -> list[str]:
    return re.findall(r"(?<!\w)\w+\[[^\[\]\s]*\]", words)


def _wanted(words: str) -> str:
    match = re.search(r"\b(?:shows|returns) (\w+)", words)
    return match[1] if match else ""
