"""A suite: a specification that is installed with its scenarios, the counts recorded of them, and its faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..spec.errors import ScenarioError, near
from ..spec.scenario import Scenario, load_scenario
from ..spec.specification import Specification
from .counts import Counts, load_counts, save_counts
from .faults import Fault, load_faults
from .sources import specification_file, whole_scenario


@dataclass(frozen=True)
class Suite:
    """Where the specification comes from, and the folder with its `scenarios` and its `faults.toml`.

    Both are asked for each time, so that nothing is loaded before somebody needs it.
    """

    specification: Callable[[], Specification]
    folder: Callable[[], Path]

    def scenario_folder(self) -> Path:
        """The folder of the scenarios, and of their counts."""
        return self.folder() / "scenarios"

    def paths(self) -> list[Path]:
        """The scenario files, in the order of their names; ScenarioError when there are none."""
        paths = sorted(self.scenario_folder().glob("*.toml"))
        if not paths:
            raise ScenarioError("scenarios", "the installed model has none.", "Install snapproof again.")
        return paths

    def scenarios(self, later: bool = False) -> list[Scenario]:
        """All of them, in the order of the file names; `later`: their mistakes are told when they are asked for."""
        spec = self.specification()
        return [load_scenario(path, spec, later=later) for path in self.paths()]

    def find(self, name: str, spec: Specification | None = None, seconds: float | None = None, later: bool = False) -> Scenario:
        """A scenario by name, by the path of its .toml file, or a specification by the path of its .py file, if it is loaded in time.

        `later`: its mistakes are told when they are asked for, together with those of what is changed in it.
        """
        path = Path(name)
        if path.suffix == ".py":
            return whole_scenario(specification_file(path, seconds), path.stem)
        if path.suffix == ".toml":
            return load_scenario(path, spec or self.specification(), later=later)
        known = {p.stem: p for p in self.paths()}
        if name in known:
            return load_scenario(known[name], self.specification(), later=later)
        if path.exists():
            raise ScenarioError(name, "it is neither a scenario nor a specification.",
                                "Give a .toml file, a .py file, or the name of a scenario.")
        raise ScenarioError(name, "there is no such scenario.", near(name, list(known)))

    def has(self, name: str) -> bool:
        """Does this command line argument stand for a scenario of the suite?"""
        path = Path(name)
        if path.suffix == ".toml":
            return path.exists() and path.resolve().parent == self.scenario_folder().resolve()
        return path.suffix != ".py"

    def counts(self) -> dict[str, Counts]:
        """The recorded counts by scenario; ScenarioError when the file is damaged."""
        return load_counts(self.scenario_folder())

    def record(self, found: dict[str, Counts]) -> None:
        """Record these counts, and no others."""
        save_counts(self.scenario_folder(), found)

    def faults(self) -> list[Fault]:
        """The faults of the model; ScenarioError names the entry that does not fit."""
        return load_faults(self.folder(), self.specification())
