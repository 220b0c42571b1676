"""Scenarios: TOML files that say what to explore and what should come out.

A scenario is what a designer copies and edits.  Unknown keys, impossible values and contradictory
switches are refused with the file, the key, why, and the valid choices: all that is wrong at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from .errors import ScenarioError, cut, near
from .instance import Instance, known_constraints
from .mistakes import Mistakes, Partly, meant
from .needs import refuse_unmet
from .processes import Command
from .programs import parse_program
from .properties import Property
from .scenario_keys import CHECK_KEYS, KEYS, SWITCHES, expected_verdict, hosts_of, known_keys, names_of
from .scope import PROFILE
from .sizes import HOSTS, PartlySizes, complete_sizes, given_sizes
from .specification import Specification
from .toml_file import read_toml

LARGEST_FILE = 256 * 1024
"""A scenario file beyond this many bytes is refused unread."""

FORM = "docs/scenarios.md"

MOST_DIGITS = 9
"""Digits of a size on the command line; how large one may be is asked later."""
MOST_DIGITS_OF_A_CONSTANT = 20
"""No domain holds more."""


@dataclass(frozen=True)
class Scenario:
    """A scenario as written: nothing in it has been resolved against a specification yet, except `spec`.

    `switches` are departures from `profile` (the usual one unless given); `expect` is one of VERDICTS or a property id;
    `properties` None means all invariants and transition properties; `deadlock` None means as the specification says, `stuck` None as
    `deadlock`; `unexecuted` are names of
    steps and actions that need not be executed; `constraints` None means all there are;
    `whole`: it is a specification by itself, without a file of its own;
    `commands`: the words of those that any process may carry out, with any arguments; of proofs only, which have no programs;
    `asked`: the file asks for deadlocks or stuck processes in so many words, so that this may be all it checks;
    `refused`: commands that are never carried out are meant;
    `wrong`: what reading or changing it has found to be wrong; it has no instance then.
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
    wrong: tuple[ScenarioError, ...] = ()
    refused: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "profile", self.profile or self.spec.scope.usual_profile())

    def switch_values(self) -> dict[str, IntEnum]:
        """The value of every switch: the profile's, then the departures."""
        found = self._mistakes()
        values = self._switch_values(found)
        found.refuse()
        return dict(values)

    def instance(self) -> Instance:
        """What a search explores; ScenarioError names every key that does not fit."""
        found = self._mistakes()
        instance = self._instance(found)
        found.refuse()
        assert instance is not None
        return instance

    def checked(self) -> list[Property]:
        """The properties to check and the witnesses to reach."""
        found = self._mistakes()
        checked = self._checked(found)
        found.refuse()
        return checked

    def resolved(self) -> tuple[Instance, list[Property]]:
        """What a search explores, and what it checks; ScenarioError tells everything that is wrong with both.

        A search that would say nothing is refused, too: of a beginning that the sizes do not give, or of commands that are never
        carried out (needs.py).
        """
        found = self._mistakes()
        instance, checked = self._instance(found, searched=True), self._checked(found)
        found.refuse()
        assert instance is not None
        return instance, checked

    def refuse(self) -> Scenario:
        """The scenario itself; ScenarioError with all its mistakes when reading or changing it has found some."""
        if self.wrong:
            self.resolved()
        return self

    def _mistakes(self) -> Mistakes:
        return Mistakes(self.place, self.wrong)

    def _switch_values(self, found: Mistakes) -> dict[str, IntEnum]:
        scope = self.spec.scope
        with found.noting():
            scope.profile(self.profile, f"{self.place}, profile")
        usual = scope.profile(self.profile if self.profile in scope.profiles else "")
        unknown = set(usual) if {PROFILE, SWITCHES} & found.unknown or self.profile not in ("", *scope.profiles) else set[str]()
        values = dict(usual)
        for name, text in self.switches.items():
            place = f"{self.place}, switch {name}"
            if name not in scope.switches:
                found.add(place, "there is no such switch.", "It is a constant: write it under [scope]."
                          if name in scope.constants else near(name, list(scope.switches)),
                          *(n for n in meant(name, scope.switches) if n not in self.switches))
                continue
            unknown.add(name)
            with found.noting():
                values[name] = scope.switches[name].parse(text, place)
                unknown.remove(name)
        unknown |= found.unknown & set(values)
        return Partly(values, unknown) if unknown else values

    def _instance(self, found: Mistakes, searched: bool = False) -> Instance | None:
        """None when there are mistakes for which it cannot be laid out; `searched`: it has what a search needs."""
        spec, place = self.spec, self.place
        entries = self._entries(found)
        sizes = dict(self.sizes)
        for name, mine in entries.items():
            sizes.setdefault(name, len(mine))
            given = sizes[name]
            if isinstance(given, int) and given < len(mine) and HOSTS not in found.unknown:
                found.add(f"{place}, {name}", f"{len(mine)} [[host]] entries for {given} processes.",
                          f"Leave {name} out of [scope]: it is the number of entries.", name)
        full = complete_sizes(spec, sizes, f"{place}, [scope]", found)
        known_before = len(found.found)
        programs = {name: [parse_program(spec, spec.kind(name), entry, full, f"{place}, [[host]] {i + 1}", found)
                           for i, entry in enumerate(mine)] for name, mine in entries.items()}
        understood = len(found.found) == known_before
        switches = self._switch_values(found)
        scope = spec.scope(full, switches)
        scope.refuse_contradictions(place, found)
        if searched:
            scope.refuse_broken(scope.needs, place, found)
        if searched and not self.refused:
            refuse_unmet(spec, scope, programs, place, found, understood)
        if self.constraints is not None:
            known_constraints(spec, self.constraints, f"{place}, [check] constraints", found)
        offered = None if self.commands is None else self._offered(self.commands, found)
        if isinstance(full, PartlySizes) or isinstance(switches, Partly):
            return None
        known = {n: full[n] for n in (*given_sizes(spec), *spec.scope.constants)}
        whole = Instance(spec, known, switches, programs, place, self.fuse, found)
        whole.commands = offered
        return whole if self.constraints is None or found.found else whole.within(self.constraints, f"{place}, [check] constraints")

    def _entries(self, found: Mistakes) -> dict[str, list[dict[str, Any]]]:
        """The [[host]] entries of each kind that runs programs."""
        running = [k.__name__ for k in self.spec.kinds if k.programs]
        entries: dict[str, list[dict[str, Any]]] = {name: [] for name in running}
        for entry in self.hosts:
            kind = entry.get("kind", running[0] if running else "")
            if kind in entries:
                entries[kind].append(entry)
            else:
                found.add(f"{self.place}, [[host]] kind", f"{kind!r} runs no programs.", near(str(kind), running), HOSTS)
        return entries

    def _offered(self, words: list[str], found: Mistakes) -> list[Command]:
        known = {c.word: c for c in self.spec.commands}
        for word in words:
            if word not in known:
                found.add(f"{self.place}, commands", f"there is no command {word!r}.", near(word, list(known)))
        return [c for c in known.values() if c.word in words]

    def _checked(self, found: Mistakes) -> list[Property]:
        known, place = self.spec.properties, f"{self.place}, [check]"
        for name in [*(self.properties or ()), *self.witnesses]:
            if name not in known:
                found.add(place, f"there is no property {name!r}.", near(name, list(known)))
        chosen = [p for p in known.values() if p.kind in ("invariant", "transition")] if self.properties is None else [
            known[n] for n in self.properties if n in known]
        witnesses = [known[n] for n in self.witnesses if n in known]
        for p in chosen:
            found.demand(p.kind in ("invariant", "transition"), f"{place} properties", f"{p.id} is a {p.kind} property.",
                         "Witnesses go under witnesses; temporal properties cannot be checked yet.")
        for p in witnesses:
            found.demand(p.kind == "witness", f"{place} witnesses", f"{p.id} is no witness.", "Put it under properties.")
        names = sorted({s.name for steps in self.spec.steps.values() for s in steps} | {a.name for a in self.spec.actions})
        for key, named in (("execute", self.execute), ("unexecuted", self.unexecuted)):
            for n in named:
                if n not in names:
                    found.add(f"{place} {key}", f"there is no step {n!r}.", near(n, names))
        return chosen + witnesses

    def changed(self, settings: dict[str, str] | None = None, profile: str | None = None) -> Scenario:
        """With switches, sizes or constants set (`name=value`), or another profile; the expectation then no longer counts.

        What cannot be set is among its mistakes: `refuse` tells it, and so does whatever asks for the instance.
        """
        sizes, switches, found = dict(self.sizes), dict(self.switches), self._mistakes()
        names, constants = given_sizes(self.spec), self.spec.scope.constants
        for name, value in (settings or {}).items():
            place = f"--set {name}"
            if name in self.spec.scope.switches:
                switches[name] = value
            elif name in names:
                # Digits of other scripts, and superscripts, are digits to Python, too.
                if found.demand(value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS, place,
                                f"{cut(value)!r} is not a size.", "Give a whole number.", name):
                    sizes[name] = int(value)
            elif name in constants:
                fine = re.fullmatch("-?[0-9]+", value) and len(value) <= MOST_DIGITS_OF_A_CONSTANT
                with found.noting():
                    sizes[name] = constants[name].read(int(value) if fine else cut(value), "--set")
            else:
                found.add(place, f"there is no such switch{', constant' if constants else ''} or index set.",
                          near(name, [*self.spec.scope.switches, *constants, *names]),
                          *meant(name, [*self.spec.scope.switches, *constants, *names]))
        if profile is not None:
            switches = {n: v for n, v in (settings or {}).items() if n in self.spec.scope.switches}
        return replace(self, sizes=sizes, switches=switches, profile=profile or self.profile, wrong=tuple(found.found))


def load_scenario(path: Path, spec: Specification, proof: bool = False, later: bool = False) -> Scenario:
    """Read a scenario file, or that of a proof, which names commands.

    ScenarioError when it is unreadable, too large or no TOML, or tells all mistakes of it when it has unknown keys, or keys of
    another kind; `later`: those are told when they are asked for (`Scenario.refuse`).
    """
    place, data = path.name, read_toml(path, LARGEST_FILE, FORM)
    found = Mistakes(place)
    data = known_keys(data, KEYS if proof else {k: v for k, v in KEYS.items() if k != "commands"}, place, found)
    check = known_keys(data.get("check", {}), CHECK_KEYS, f"{place}, [check]", found)
    if "profile" in data and data["profile"] not in spec.scope.profiles:
        with found.noting():
            spec.scope.refuse_profile(data.pop("profile"), f"{place}, profile")
    named = {key: names_of(check, key, f"{place}, [check] {key}", "it is not a list of names.", "Write names as strings.", found)
             for key in ("properties", "witnesses", "execute", "unexecuted", "constraints")}
    commands = names_of(data, "commands", f"{place}, commands", "it is not a list of words.", "Write the words of commands as strings.",
                      found)
    scenario = Scenario(path.stem, spec, data.get("purpose", ""), data.get("profile", ""),
                        expected_verdict(data, check, spec, place, found), data.get("scope", {}), data.get("switches", {}),
                        hosts_of(data.get("host", []), place, found), named["properties"], named["witnesses"] or [],
                        named["execute"] or [], check.get("deadlock"), check.get("stuck"), named["unexecuted"] or [], False,
                        check.get("deadlock") is True or check.get("stuck") is True, place,
                        constraints=named["constraints"], commands=commands, wrong=tuple(found.found),
                        refused=check.get("refused", False))
    return scenario if later else scenario.refuse()
