"""What a made-up specification declares: index sets, enumerations, constants, variables, switches, processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

T = TypeVar("T")
PROFILES = ("safe", "text-strict", "text-charitable")
HEAD = "from __future__ import annotations\nfrom enum import IntEnum\nfrom snapproof.spec import *\n"


@dataclass(frozen=True)
class Domain:
    """A domain as text; `low` and `high` are expressions of its bounds, `of` the set or enumeration it is about."""

    kind: str
    text: str
    low: str
    high: str
    of: str = ""


@dataclass(frozen=True)
class Variable:
    """A shared variable, a local or an argument.  `shared` locals are looked at by other processes."""

    name: str
    domain: Domain
    indices: tuple[str, ...] = ()
    ghost: bool = False
    shared: bool = False


@dataclass(eq=False)
class Kind:
    """A kind of process; a base has no letter.  `steps` are (name, is it local) in their order."""

    name: str
    letter: str = ""
    programs: bool = False
    base: Kind | None = None
    locals: list[Variable] = field(default_factory=list)
    arguments: list[Variable] = field(default_factory=list)
    steps: list[tuple[str, bool]] = field(default_factory=list)

    def family(self) -> list[Kind]:
        """The base, if it has one, and itself."""
        return [*([self.base] if self.base else []), self]

    def all_locals(self) -> list[Variable]:
        return [v for k in self.family() for v in k.locals]

    def all_arguments(self) -> list[Variable]:
        return [v for k in self.family() for v in k.arguments]

    def own_steps(self, local: bool = True) -> list[str]:
        """The steps that a process of this kind may be at; without the local ones if so asked."""
        return [n for k in self.family() for n, is_local in k.steps if local or not is_local]


@dataclass(frozen=True)
class Helper:
    """A helper: parameters as (name, type), where a type is `int`, `truth`, a set, a kind, `state` or `scope`."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    returns: str
    writes: bool

    def types(self) -> list[str]:
        """The types of its parameters."""
        return [of for _, of in self.parameters]


@dataclass
class World:
    """Everything declared so far, and the chance that declares more."""

    chance: Random
    sets: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    enums: dict[str, list[str]] = field(default_factory=dict)
    constants: list[str] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    switches: dict[str, str] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    kinds: list[Kind] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)

    def one(self, options: Sequence[T]) -> T:
        return self.chance.choice(options)

    def maybe(self, likely: float) -> bool:
        return self.chance.random() < likely

    def kind(self, name: str) -> Kind:
        return next(k for k in self.kinds if k.name == name)

    def real_kinds(self) -> list[Kind]:
        """Those that have members."""
        return [k for k in self.kinds if k.letter]

    # --- declarations -------------------------------------------------------------------------------

    def declare(self) -> list[str]:
        """The lines of all declarations but functions."""
        lines = [HEAD, *self._sets(), *self._enums()]
        for i in range(2):
            self.constants.append(f"K{i}")
            lines.append(f"K{i} = {self.one(['0', '1', '2', '3', '5'])}")
        if self.maybe(0.3):
            self.constants.append("YES")
            lines.append(f"YES = {self.one(['True', 'False'])}")
        lines += ["", *self._state(), *self._scope(), *self._kinds()]
        return lines

    def _sets(self) -> list[str]:
        lines = []
        for name in ["A", "B", "D"][:self.chance.randint(1, 3)]:
            more = ""
            if self.sets and self.maybe(0.25):
                more = f', size=lambda n: n["A"]{self.one([" + 1", "", " * 2"])}'
                self.derived.append(name)
            elif self.maybe(0.2):
                more = ", first=0"
            elif self.maybe(0.2):
                more = ", symmetric=True"
            self.sets.append(name)
            lines += [f'class {name}(IndexSet, letter="{name}"{more}):', f'    """Set {name}."""', ""]
        return lines

    def _enums(self) -> list[str]:
        lines = []
        for name, members in (("Colour", ["RED", "GREEN", "BLUE"]), ("Mode", ["OFF", "ON"]), ("Way", ["FIRST", "SECOND", "THIRD"])):
            self.enums[name] = members
            lines += [f"class {name}(IntEnum):", *[f"    {m} = {i}" for i, m in enumerate(members)], ""]
        return lines

    def domain(self) -> Domain:
        """Any domain."""
        kind = self.one(["flag", "flag", "range", "range", "negative", "sized", "member", "maybe", "mask", "oneof", "process"])
        of = self.one(self.sets)
        if kind == "flag":
            return Domain("flag", "Flag()", "0", "1")
        if kind == "range":
            high = self.one([1, 2, 3])
            return Domain("range", f"Range(0, {high})", "0", str(high))
        if kind == "negative":
            low, high = self.one([-3, -2, -1]), self.one([-1, 0, 1, 2])
            return Domain("range", f"Range({low}, {high})", str(low), str(high))
        if kind == "sized":
            low = self.one(["0", "-1"])
            return Domain("range", f'Range({low}, lambda n: n["{of}"])', low, f"c.size({of})")
        if kind == "member":
            return Domain("member", f"Member({of})", "0", f"c.size({of}) - 1", of)
        if kind == "maybe":
            more = self.one(["", "", ", none='nil'"])
            return Domain("maybe", f"Maybe({of}{more})", "-1", f"c.size({of}) - 1", of)
        if kind == "mask":
            return Domain("mask", f"Mask({of})", "0", f"(1 << c.size({of})) - 1", of)
        if kind == "oneof":
            enum = self.one(list(self.enums))
            return Domain("oneof", f"OneOf({enum})", "0", str(len(self.enums[enum]) - 1), enum)
        return Domain("process", "ProcessNumber()", "0", "0")

    def _initial(self, domain: Domain) -> str:
        if domain.kind == "range" and not domain.high.startswith("c") and self.maybe(0.2):
            return f", initial={domain.high}"
        return ", initial=1" if domain.kind == "flag" and self.maybe(0.2) else ""

    def _state(self) -> list[str]:
        lines = ["class S(State):", '    """The shared state."""']
        for i in range(self.chance.randint(2, 5)):
            domain, ghost = self.domain(), i > 1 and self.maybe(0.25)
            indices = tuple(self.one(self.sets) for _ in range(self.one([0, 0, 0, 1, 1, 1, 2, 3] if i else [0, 1])))
            self.variables.append(Variable(f"x{i}", domain, indices, ghost))
            more = (", ghost=True" if ghost else "") + self._initial(domain)
            if indices:
                lines.append(f'    x{i} = table({", ".join(indices)}, of={domain.text}, meaning="table {i}"{more})')
            else:
                lines.append(f'    x{i}: int = variable({domain.text}, "variable {i}"{more})')
        return [*lines, ""]

    def _scope(self) -> list[str]:
        lines = ["class C(Scope):", '    """The switches."""']
        # By a chance of its own, so that nothing else changes by it.
        self.profiles = Random(f"profiles {self.variables}").choice([PROFILES, PROFILES, ("as-built", "as-printed"), ()])
        lines += [f"    profiles = {self.profiles!r}"] if self.profiles else []
        for i in range(self.chance.randint(0, 3)):
            enum = self.one(list(self.enums))
            # Names whose order in a dictionary differs from that of their declaration.
            name = f"{self.one('zma')}{i}"
            self.switches[name] = enum
            values = [f"{enum}.{self.one(self.enums[enum])}" for _ in range(3)]
            given = [f"{profile.replace('-', '_')}={value}" for profile, value in zip(self.profiles, values, strict=False)]
            given = given if len(self.profiles) == 3 else [*given[:1], f"default={values[2]}"]
            lines.append(f'    {name}: {enum} = switch({enum}, {", ".join(given)}, figure="-", meaning="a switch")')
        return [*lines, ""]

    def _kinds(self) -> list[str]:
        base = Kind("Base") if self.maybe(0.3) else None
        wanted = self.one([["W"], ["W"], ["V"], ["W", "V"], ["W", "V"], ["V", "U"], ["W", "R"], []])
        if base and wanted:
            self.kinds.append(base)
        for letter in wanted:
            self.kinds.append(Kind({"W": "Worker", "V": "Server", "U": "User", "R": "Reader"}[letter], letter, letter in "WR",
                                   base if wanted and self.maybe(0.6) else None))
        lines: list[str] = []
        for kind in self.kinds:
            heritage = kind.base.name if kind.base else "Process"
            more = (f', letter="{kind.letter}"' if kind.letter else "") + (", programs=True" if kind.programs else "")
            # By a chance of its own, so that nothing else changes by it.
            more += ", rest=True" if kind.letter and Random(f"rests {kind.name} {self.variables}").random() < 0.1 else ""
            lines += [f"class {kind.name}({heritage}{more}):", '    """A kind of process."""']
            stem = kind.letter.lower() or "b"
            for i in range(self.chance.randint(0, 2)):
                v = Variable(f"{stem}l{i}", self.domain(), (), self.maybe(0.15), self.maybe(0.5))
                kind.locals.append(v)
                more = (", ghost=True" if v.ghost else "") + self._initial(v.domain)
                lines.append(f'    {v.name}: int = local({v.domain.text}, "a local"{more})')
            # Whoever inherits arguments must run programs, too.
            carries = kind.programs if kind.letter else all(k.programs for k in self.kinds if k.base is kind)
            for i in range(self.chance.randint(0, 2) if carries else 0):
                domain = self.domain()
                while domain.kind in ("mask", "process"):  # their values are no words of a program
                    domain = self.domain()
                kind.arguments.append(Variable(f"{stem}a{i}", domain))
                lines.append(f'    {stem}a{i}: int = argument({domain.text}, "an argument")')
            lines.append("")
        return lines
