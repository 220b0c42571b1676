"""The names of counterexamples: readable, made of letters that every system takes, and each once in a run."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

LONGEST, LONGEST_ENDING = 120, 60
"""Letters of a name, and of what follows its last dot; a file name may have 255 bytes."""


def trace_stems(labels: Sequence[str], origins: Sequence[str]) -> list[str]:
    """For each job of a run how the names of its counterexamples begin: no two alike, also where case does not count.

    Where labels leave doubt, the digest of the origin (the path of the file) tells them apart, so that the same check
    has the same name in a run of other checks.
    """
    stems = [_safe(label, LONGEST) for label in labels]
    often = Counter(s.casefold() for s in stems)
    stems = [f"{s}~{_digest(label, origin)}" if often[s.casefold()] > 1 else s
             for s, label, origin in zip(stems, labels, origins, strict=True)]
    taken: Counter[str] = Counter()
    out = []
    for stem in stems:
        taken[stem.casefold()] += 1
        again = taken[stem.casefold()]
        out.append(stem if again == 1 else f"{stem}~{again}")
    return out


def trace_name(stem: str, ending: str) -> str:
    """`STEM.ENDING.json`.  The ending has no dot, so that no two stems and endings make one name."""
    return f"{_safe(stem, LONGEST + 20)}.{_safe(ending, LONGEST_ENDING, '')}.json"


def _safe(text: str, most: int, also: str = ".") -> str:
    """The text itself where every system takes it as a name; otherwise what is left of it, and a digest of it."""
    shown = re.sub(rf"[^A-Za-z0-9_+=~{re.escape(also)}-]+", "-", text)[:most].lstrip(".-~").rstrip(".")
    return shown if shown == text and shown else f"{shown}~{_digest(text)}".lstrip("~")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


__all__ = ["trace_name", "trace_stems"]
