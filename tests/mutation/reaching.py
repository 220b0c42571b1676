"""Changes of witnesses: a strengthened one is not reached where it must be; a weakened one is reached where nothing of its kind happens.

`unreached.toml` names such scenarios for each witness.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from snapproof.checker.context import MOST_WITNESSES
from snapproof.checker.result import Limits

from .edits import Edit
from .judging import FOR_PROPERTIES, _cheapest_first, _told
from .trial import MEMORY, Loaded, copied, load
from .variants import MOST, Told, Variants

UNREACHED = Path(__file__).with_name("unreached.toml")


def unreached() -> dict[str, list[str]]:
    """Witness -> the scenarios in which it must not be reached."""
    return dict(tomllib.loads(UNREACHED.read_text("utf-8")))


def reached(loaded: Loaded, witnesses: list[Any], name: str) -> set[str]:
    """Those of the witnesses that a scenario reaches, whatever it asks for; as many at a time as a search has room for."""
    if len(witnesses) > MOST_WITNESSES:
        return reached(loaded, witnesses[:MOST_WITNESSES], name) | reached(loaded, witnesses[MOST_WITNESSES:], name)
    spec = loaded.spec
    before, spec.properties = spec.properties, {w.id: w for w in witnesses}
    try:
        found = loaded.run(loaded.scenario(name), Limits(memory=MEMORY), witnesses, " ".join(w.id for w in witnesses)).found
    finally:
        spec.properties = before
    missing = found.removeprefix("witness ").split(", ") if found.startswith("witness ") else []
    return {w.id for w in witnesses} - set(missing)


def judge_witnesses(base: dict[str, Any], edits: Sequence[Edit]) -> list[Told]:
    """What tells each change of a witness; `detail` names the scenarios that could."""
    with tempfile.TemporaryDirectory(prefix="snapproof-mutants-") as folder:
        loaded = load(copied(Path(folder)), [])
        assert isinstance(loaded, Loaded), loaded
        variants = Variants(loaded, base, dict(enumerate(edits)))
        plain = [p for p in variants.plain.values() if p.kind == "witness"]
        all_of = [(name, i, v) for name, of in variants.of.items() for i, v in of.items()]
        small = [n for n, r in base["scenarios"].items() if r["distinct"] <= FOR_PROPERTIES and r["found"] == "holds"]
        names = _cheapest_first(base, small)
        asked = {n: set(loaded.scenario(n).witnesses) for n in names}
        right = {n: reached(loaded, plain, n) for n in names}
        found: dict[str, set[str]] = {n: set() for n in names}
        for i in range(0, len(all_of), MOST):
            for n in names:
                found[n] |= reached(loaded, [v for _, _, v in all_of[i:i + MOST]], n)
    out = {i: _told("refused", "", why) for i, why in variants.refused.items()}
    for name, i, v in all_of:
        if i not in out or out[i]["told"] == "nothing":
            out[i] = _judged(name, v.id, names, asked, right, found)
    return [out.get(i, _told("nothing", "", "it changes no witness")) for i in range(len(edits))]


def _judged(name: str, variant: str, names: list[str], asked: dict[str, set[str]], right: dict[str, set[str]],
            found: dict[str, set[str]]) -> Told:
    lost = [n for n in names if name in asked[n] and variant not in found[n]]
    if lost:
        return _told("witness", lost[0], f"{name} not reached")
    where = [n for n in unreached().get(name, []) if n in names and variant in found[n]]
    if where:
        return _told("witness", where[0], f"{name} reached")
    other = [n for n in names if (name in right[n]) != (variant in found[n])]
    return _told("nothing", "", "could be told in " + ", ".join(other[:8]) if other else "reached where it always was")


__all__ = ["judge_witnesses", "reached", "unreached"]
