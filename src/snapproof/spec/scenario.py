"""Scenarios: TOML files that say what to explore and what should come out.

A scenario is what a designer copies and edits.  Unknown keys, impossible values and contradictory
switches are refused with the file, the key, why, and the valid choices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from .errors import ScenarioError, cut, near
from .instance import Instance, complete_sizes
from .processes import Command
from .programs import Program, parse_program
from .properties import Property
from .specification import Specification
from .toml_file import read_toml

LARGEST_FILE = 256 * 1024
"""A scenario file beyond this many bytes is refused unread."""

FORM = "docs/scenarios.md"
MOST_DIGITS = 9
"""Digits of a size on the command line; how large one may be is asked later."""
MOST_DIGITS_OF_A_CONSTANT = 20
"""No domain holds more."""

KEYS = {"purpose": str, "profile": str, "expect": str, "scope": dict, "switches": dict, "host": list, "check": dict, "commands": list}
CHECK_KEYS = {"properties": list, "witnesses": list, "execute": list, "deadlock": bool, "stuck": bool,
              "unexecuted": list, "constraints": list}
VERDICTS = ("holds", "deadlock", "stuck")
"""What may be expected besides the violation of a property."""


@dataclass(frozen=True)
class Scenario:
    """A scenario as written: nothing in it has been resolved against a specification yet, except `spec`.

    `switches` are departures from `profile` (the usual one unless given); `expect` is one of VERDICTS or a property id;
    `properties` None means all invariants and transition properties; `deadlock` None means as the specification says, `stuck` None as
    `deadlock`; `unexecuted` are names of
    steps and actions that need not be executed; `constraints` None means all there are;
    `whole`: it is a specification by itself, without a file of its own;
    `commands`: the words of those that any process may carry out, with any arguments; of proofs only, which have no programs;
    `asked`: the file asks for deadlocks or stuck processes in so many words, so that this may be all it checks.
    """

    name: str
    spec: Specification
    purpose: str = ""
    profile: str = ""
    expect: str = "holds"
    sizes: dict[str, int] = field(default_factory=dict)
    switches: dict[str, Any] = field(default_factory=dict)
    hosts: list[dict[str, Any]] = field(default_factory=list)
    properties: list[str] | None = None
    witnesses: list[str] = field(default_factory=list)
    execute: list[str] = field(default_factory=list)
    deadlock: bool | None = None
    stuck: bool | None = None
    unexecuted: list[str] = field(default_factory=list)
    whole: bool = False
    asked: bool = False
    place: str = "scenario"
    fuse: bool = True
    constraints: list[str] | None = None
    commands: list[str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "profile", self.profile or self.spec.scope.usual_profile())

    def switch_values(self) -> dict[str, IntEnum]:
        """The value of every switch: the profile's, then the departures."""
        values = self.spec.scope.profile(self.profile, f"{self.place}, profile")
        for name, text in self.switches.items():
            place = f"{self.place}, switch {name}"
            if name not in self.spec.scope.switches:
                raise ScenarioError(place, "there is no such switch.", "It is a constant: write it under [scope]."
                                    if name in self.spec.scope.constants else near(name, list(self.spec.scope.switches)))
            values[name] = self.spec.scope.switches[name].parse(text, place)
        return values

    def instance(self) -> Instance:
        """What a search explores; ScenarioError names the key that does not fit."""
        spec, place = self.spec, self.place
        running = [k for k in spec.kinds if k.programs]
        entries: dict[str, list[dict[str, Any]]] = {k.__name__: [] for k in running}
        for entry in self.hosts:
            kind = entry.get("kind", running[0].__name__ if running else "")
            if kind not in entries:
                raise ScenarioError(f"{place}, [[host]] kind", f"{kind!r} runs no programs.", near(str(kind), list(entries)))
            entries[kind].append(entry)
        sizes = dict(self.sizes)
        for name, mine in entries.items():
            sizes.setdefault(name, len(mine))
            if isinstance(sizes[name], int) and sizes[name] < len(mine):
                raise ScenarioError(f"{place}, {name}", f"{len(mine)} [[host]] entries for {sizes[name]} processes.",
                                    f"Leave {name} out of [scope]: it is the number of entries.")
        full = complete_sizes(spec, sizes, f"{place}, [scope]")
        programs: dict[str, list[Program]] = {
            name: [parse_program(spec, spec.kind(name), e, full, f"{place}, [[host]] {i + 1}") for i, e in enumerate(mine)]
            for name, mine in entries.items()}
        whole = Instance(spec, sizes, self.switch_values(), programs, place, self.fuse)
        if self.commands is not None:
            whole.commands = self._offered(self.commands)
        return whole if self.constraints is None else whole.within(self.constraints, f"{place}, [check] constraints")

    def _offered(self, words: list[str]) -> list[Command]:
        known = {c.word: c for c in self.spec.commands}
        for word in words:
            if word not in known:
                raise ScenarioError(f"{self.place}, commands", f"there is no command {word!r}.", near(word, list(known)))
        return [c for c in known.values() if c.word in words]

    def checked(self) -> list[Property]:
        """The properties to check and the witnesses to reach."""
        known = self.spec.properties
        for name in [*(self.properties or ()), *self.witnesses]:
            if name not in known:
                raise ScenarioError(f"{self.place}, [check]", f"there is no property {name!r}.", near(name, list(known)))
        chosen = [p for p in known.values() if p.kind in ("invariant", "transition")] if self.properties is None else [
            known[n] for n in self.properties]
        for p in chosen:
            if p.kind not in ("invariant", "transition"):
                raise ScenarioError(f"{self.place}, [check] properties", f"{p.id} is a {p.kind} property.",
                                    "Witnesses go under witnesses; temporal properties cannot be checked yet.")
        for n in self.witnesses:
            if known[n].kind != "witness":
                raise ScenarioError(f"{self.place}, [check] witnesses", f"{n} is no witness.", "Put it under properties.")
        names = sorted({s.name for steps in self.spec.steps.values() for s in steps} | {a.name for a in self.spec.actions})
        for key, named in (("execute", self.execute), ("unexecuted", self.unexecuted)):
            for n in named:
                if n not in names:
                    raise ScenarioError(f"{self.place}, [check] {key}", f"there is no step {n!r}.", near(n, names))
        return chosen + [known[n] for n in self.witnesses]

    def changed(self, settings: dict[str, str] | None = None, profile: str | None = None) -> Scenario:
        """With switches, sizes or constants set (`name=value`), or another profile; the expectation then no longer counts."""
        sizes, switches = dict(self.sizes), dict(self.switches)
        names, constants = [*self.spec.index_sets, *(k.__name__ for k in self.spec.kinds)], self.spec.scope.constants
        for name, value in (settings or {}).items():
            if name in self.spec.scope.switches:
                switches[name] = value
            elif name in names:
                # Digits of other scripts, and superscripts, are digits to Python, too.
                if not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS):
                    raise ScenarioError(f"--set {name}", f"{cut(value)!r} is not a size.", "Give a whole number.")
                sizes[name] = int(value)
            elif name in constants:
                fine = re.fullmatch("-?[0-9]+", value) and len(value) <= MOST_DIGITS_OF_A_CONSTANT
                sizes[name] = constants[name].read(int(value) if fine else cut(value), "--set")
            else:
                raise ScenarioError(f"--set {name}", f"there is no such switch{', constant' if constants else ''} or index set.",
                                    near(name, [*self.spec.scope.switches, *constants, *names]))
        if profile is not None:
            switches = {n: v for n, v in (settings or {}).items() if n in self.spec.scope.switches}
        return replace(self, sizes=sizes, switches=switches, profile=profile or self.profile)


def load_scenario(path: Path, spec: Specification, proof: bool = False) -> Scenario:
    """Read a scenario file, or that of a proof, which names commands; ScenarioError when it is unreadable, too large, no TOML, or has
    unknown keys."""
    place, data = path.name, read_toml(path, LARGEST_FILE, FORM)
    _known(data, KEYS if proof else {k: v for k, v in KEYS.items() if k != "commands"}, place)
    check = data.get("check", {})
    _known(check, CHECK_KEYS, f"{place}, [check]")
    if "profile" in data:
        spec.scope.refuse_profile(data["profile"], f"{place}, profile")
    expect = data.get("expect", "holds")
    if expect not in VERDICTS and expect not in spec.properties:
        raise ScenarioError(f"{place}, expect", f"{expect!r} is not a verdict.", near(expect, [*VERDICTS, *spec.properties]))
    for verdict in ("deadlock", "stuck"):
        if expect == verdict and check.get(verdict, check.get("deadlock", spec.deadlock)) is False:
            who = "[check]" if verdict in check or "deadlock" in check else "the specification, by deadlock=False,"
            raise ScenarioError(f"{place}, expect", f"{verdict!r} is expected, but {who} switches it off.",
                                f"Leave {verdict} = false out." if who == "[check]" else f"Write {verdict} = true under [check].")
    for host in data.get("host", []):
        if not isinstance(host, dict):
            raise ScenarioError(f"{place}, host", "it is not a table.", "Write [[host]] once for each host.")
        if not isinstance(host.get("kind", ""), str):
            raise ScenarioError(f"{place}, [[host]] kind", f"{host['kind']!r} is not a str.", "Write a string in quotes.")
    for key in ("properties", "witnesses", "execute", "unexecuted", "constraints"):
        if not all(isinstance(v, str) for v in check.get(key, [])):
            raise ScenarioError(f"{place}, [check] {key}", "it is not a list of names.", "Write names as strings.")
    if not all(isinstance(v, str) for v in data.get("commands", [])):
        raise ScenarioError(f"{place}, commands", "it is not a list of words.", "Write the words of commands as strings.")
    return Scenario(path.stem, spec, data.get("purpose", ""), data.get("profile", ""), expect, data.get("scope", {}),
                    data.get("switches", {}), data.get("host", []), check.get("properties"),
                    check.get("witnesses", []), check.get("execute", []), check.get("deadlock"),
                    check.get("stuck"), check.get("unexecuted", []), False,
                    check.get("deadlock") is True or check.get("stuck") is True, place, constraints=check.get("constraints"),
                    commands=data.get("commands"))


def _known(data: dict[str, Any], keys: Mapping[str, type], place: str) -> None:
    for key, value in data.items():
        if key not in keys:
            raise ScenarioError(f"{place}, {key}", "there is no such key.", near(key, list(keys)))
        if not isinstance(value, keys[key]):
            raise ScenarioError(f"{place}, {key}", f"{value!r} is not a {keys[key].__name__}.",
                                {"dict": f"Write [{key}] and name = value lines.", "list": "Write a list in [ ].",
                                 "str": "Write a string in quotes.", "bool": "Write true or false."}[keys[key].__name__])
