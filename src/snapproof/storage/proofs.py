"""The proofs that the project keeps of the storage device (`snapproof prove`), one scenario file each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..spec.errors import ScenarioError, near
from ..spec.scenario import Scenario, load_scenario
from .installed import strengthened

if TYPE_CHECKING:
    from ..symbolic.theorem import Theorem


def folder() -> Path:
    """Where the proofs stand, one scenario file each."""
    import snapproof.invariants
    return Path(snapproof.invariants.__file__ or "").parent / "proofs"


def names() -> list[str]:
    """The proofs there are."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def find(name: str) -> Scenario:
    """A proof by name; its mistakes are told together with those of what is changed in it."""
    if name not in names():
        raise ScenarioError(name, "there is no such proof.", near(name, names()))
    return load_scenario(folder() / f"{name}.toml", strengthened(), proof=True, later=True)


def theorem(scenario: Scenario, seconds: float) -> Theorem:
    """The goals of a scenario file with all facts of the strengthening."""
    from ..invariants.strengthening import CONSEQUENCES, FACTS
    from ..symbolic.theorem import Theorem

    every = scenario.spec.properties.values()
    facts, consequences = ([p for p in every if p.module in {m.__name__ for m in of}] for of in (FACTS, CONSEQUENCES))
    instance, goals = scenario.resolved()
    return Theorem(instance, facts, consequences, goals, seconds)


__all__ = ["find", "folder", "names", "theorem"]
