"""Expressions of a made-up specification, by what they are: numbers, truth values, members, sets, next steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .world import Domain, Helper, Variable, World

NESTED = -6
"""A wild index holds a number, that an index, and so on: no deeper than this."""


@dataclass(frozen=True)
class Here:
    """What may be named at a place.

    `states` (the first is the one that is written), `handles` by the name of their kind, `names` with their types;
    `mover` is the handle of the process that moves; a place is `pure` where only the mover's own may be named.
    """

    states: tuple[str, ...] = ("s",)
    handles: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    mover: str = ""
    ghosts: bool = False
    pure: bool = False
    kind: str = ""

    def knowing(self, name: str, of: str) -> Here:
        return replace(self, names={**self.names, name: of})

    def holding(self, name: str, kind: str) -> Here:
        return replace(self, handles={**self.handles, name: kind})


class Expressions:
    """Writes expressions that are well formed, mostly stay in their domains, and are deep enough to be wrong."""

    def __init__(self, world: World, wild: float) -> None:
        self.world, self.one, self.maybe, self.wild = world, world.one, world.maybe, wild

    # --- what can be read ---------------------------------------------------------------------------

    def loads(self, here: Here, fits: Callable[[Domain], bool], depth: int) -> list[str]:
        """One way to read every variable whose domain fits."""
        out = []
        for state in () if here.pure else here.states:
            out += [self.cell(here, state, v, depth) for v in self.world.variables if fits(v.domain) and (here.ghosts or not v.ghost)]
        for name, kind in here.handles.items():
            mine = here.mover in (name, "*")
            for v in self.world.kind(kind).all_locals():
                if fits(v.domain) and (here.ghosts or not v.ghost) and (mine or v.shared) and not (here.pure and v.shared):
                    out.append(f"{name}.{v.name}")
            out += [f"{name}.{v.name}" for v in self.world.kind(kind).all_arguments() if fits(v.domain)]
        return out

    def cell(self, here: Here, state: str, v: Variable, depth: int) -> str:
        """A cell of a variable; its indices are members, never ghosts."""
        plain = replace(here, ghosts=False)
        return f"{state}.{v.name}" + (f"[{', '.join(self.member(plain, i, depth - 1) for i in v.indices)}]" if v.indices else "")

    def callable(self, here: Here, returns: str, writes: bool = False) -> list[Helper]:
        """Helpers that can be called here."""
        kinds = [k.name for k in self.world.kinds]
        return [h for h in self.world.helpers if h.returns == returns and h.writes <= writes
                and not (here.pure and ("state" in h.types() or h.writes))
                and all(t not in kinds or self.passable(here, h, t) for t in h.types())]

    def passable(self, here: Here, helper: Helper, of: str) -> list[str]:
        """Handles that can be passed as one of this kind; a helper without the state may look at what is private."""
        fits = [n for n, k in here.handles.items() if self.derives(k, of)]
        return fits if "state" in helper.types() or here.mover == "*" else [n for n in fits if n == here.mover]

    def derives(self, kind: str, of: str) -> bool:
        return of in [k.name for k in self.world.kind(kind).family()]

    def call(self, here: Here, helper: Helper, depth: int) -> str:
        """A call of a helper."""
        passed = []
        for _, of in helper.parameters:
            if of == "state":
                passed.append(here.states[0] if helper.writes else self.one(here.states))
            elif of == "scope":
                passed.append("c")
            elif of in [k.name for k in self.world.kinds]:
                passed.append(self.one(self.passable(here, helper, of)))
            else:
                passed.append(self.of_type(here, of, depth - 1))
        return f"{helper.name}({', '.join(passed)})"

    def of_type(self, here: Here, of: str, depth: int) -> str:
        if of == "truth":
            return self.truth(here, depth)
        return self.number(here, depth) if of == "int" else self.member(here, of, depth)

    # --- numbers ------------------------------------------------------------------------------------

    def leaf(self, here: Here, depth: int = 0) -> str:
        world = self.world
        options = ["0", "1", "2", "-1", self.one(["3", "5", "7", "-2", "True", "False"]), self.one(world.constants)]
        enum = self.one(list(world.enums))
        options += [f"{enum}.{self.one(world.enums[enum])}", f"c.size({self.one(world.sets + [k.name for k in world.real_kinds()])})"]
        options += [f"c.{name}" for name in world.switches] + [n for n, of in here.names.items() if of != "next"]
        options += [f"{name}.{self.one(['id', 'number'])}" for name in here.handles]
        read = self.loads(here, lambda d: True, depth)
        return self.one(read) if read and self.maybe(0.5) else self.one(options)

    def number(self, here: Here, depth: int) -> str:
        """Any integer."""
        if depth <= 0 or self.maybe(0.2):
            return self.leaf(here, depth)
        kind = self.one(["+", "*", "bits", "divide", "shift", "choose", "extreme", "call", "count", "unary", "truth", "int", "leaf", "mask",
                         "either"])
        a, d = self.number, depth - 1
        if kind in ("+", "bits", "*"):
            op = {"+": ["+", "-"], "*": ["*"], "bits": ["&", "|", "^"]}[kind]
            return f"({a(here, d)} {self.one(op)} {a(here, d)})"
        if kind == "divide":
            by = self.one(["2", "3", "4", "5", f"c.size({self.one(self.world.sets)})", "(2 + 1)"])
            return f"({a(here, d)} {self.one(['//', '%'])} {by})"
        if kind == "shift":
            by = self.one(["0", "1", "2", "3", f"({a(here, d)} & 3)", f"({a(here, d)} % 5)"] + [f"c.{n}" for n in self.world.switches])
            return f"({a(here, d)} {self.one(['<<', '>>'])} {by if not self.maybe(self.wild) else a(here, d)})"
        if kind == "choose":
            return f"({a(here, d)} if {self.condition(here, d)} else {a(here, d)})"
        if kind == "either":
            return "(" + f" {self.one(['and', 'or'])} ".join(a(here, d) for _ in range(self.one([2, 2, 3]))) + ")"
        if kind == "extreme":
            return f"{self.one(['min', 'max'])}({a(here, d)}, {a(here, d)})"
        if kind == "unary":
            return f"({self.one(['-', '~'])}{a(here, d)})"
        if kind in ("truth", "int"):
            return f"int({self.one([a, self.truth])(here, d)})" if kind == "int" else f"({self.truth(here, d)})"
        helpers = self.callable(here, "int")
        if kind == "call" and helpers:
            return self.call(here, self.one(helpers), d)
        if kind == "count":
            return f"count({self.mask(here, self.one(self.world.sets), d)})"
        return self.mask(here, self.one(self.world.sets), d) if kind == "mask" else self.leaf(here, d)

    # --- truth values -------------------------------------------------------------------------------

    def condition(self, here: Here, depth: int) -> str:
        """What stands in a condition: numbers may, too."""
        if depth > 0 and self.maybe(0.25):
            items = [self.condition(here, depth - 1) for _ in range(self.one([2, 2, 3]))]
            return "(" + f" {self.one(['and', 'or'])} ".join(items) + ")"
        if depth > 0 and self.maybe(0.1):
            return f"not {self.condition(here, depth - 1)}"
        return f"({self.number(here, depth - 1)})" if self.maybe(0.15) else self.truth(here, depth)

    def truth(self, here: Here, depth: int) -> str:
        """Something that is 0 or 1."""
        kind = self.one(["compare", "compare", "chain", "logic", "not", "has", "bool", "call", "flag", "at", "idle", "choose", "const",
                         "enum"]) if depth > 0 else "compare"
        d = depth - 1
        if kind == "logic":
            return "(" + f" {self.one(['and', 'or'])} ".join(self.truth(here, d) for _ in range(self.one([2, 2, 3]))) + ")"
        if kind == "not":
            return f"(not {self.condition(here, d)})"
        if kind == "chain":
            ops = [self.one(["<", "<=", "==", "!=", ">", ">="]) for _ in range(2)]
            return f"({self.number(here, d)} {ops[0]} {self.number(here, d)} {ops[1]} {self.number(here, d)})"
        if kind == "has":
            of = self.one(self.world.sets)
            return f"has({self.mask(here, of, d)}, {self.member(here, of, d)})"
        if kind == "bool":
            return f"bool({self.condition(here, d)})"
        if kind == "choose":
            return f"({self.truth(here, d)} if {self.condition(here, d)} else {self.truth(here, d)})"
        special = self._special(here, kind, d)
        if special:
            return special
        return f"({self.number(here, d)} {self.one(['==', '!=', '<', '<=', '>', '>='])} {self.number(here, d)})"

    def _special(self, here: Here, kind: str, depth: int) -> str:
        """Truth values that need something declared; empty where it is not."""
        if kind == "call" and self.callable(here, "truth"):
            return self.call(here, self.one(self.callable(here, "truth")), depth)
        if kind == "const":
            return self.one(["True", "False"]) if self.maybe(0.3) else ""
        if kind == "enum" and self.world.switches:
            name = self.one(list(self.world.switches))
            enum = self.world.switches[name]
            return f"(c.{name} {self.one(['==', '!='])} {enum}.{self.one(self.world.enums[enum])})"
        if kind == "flag":
            return self.one([f"({read} == 1)" for read in self.loads(here, lambda d: d.kind == "flag", depth)] or [""])
        if kind in ("at", "idle") and here.handles and not here.pure:
            name, of = self.one(list(here.handles.items()))
            family = [k for k in self.world.real_kinds() if self.derives(k.name, of)]
            if kind == "idle":
                return f"{name}.idle" if self.world.kind(of).programs and all(k.programs for k in family) else ""
            steps = self.world.kind(of).own_steps(local=False)
            if steps:
                return f"{name}.at({', '.join(self.one(steps) for _ in range(self.one([1, 1, 2])))})"
        return ""

    # --- members, sets, values of a domain ----------------------------------------------------------

    def member(self, here: Here, of: str, depth: int) -> str:
        """A member of an index set, mostly."""
        if depth > NESTED and self.maybe(self.wild):
            return self.number(here, depth - 1)
        options = ["0"] + [n for n, t in here.names.items() if t == of] * 3
        options += self.loads(here, lambda d: d.kind == "member" and d.of == of, depth - 1) if depth > 0 else []
        return f"({self.number(here, depth - 1)}) % c.size({of})" if depth > 0 and self.maybe(0.35) else self.one(options)

    def mask(self, here: Here, of: str, depth: int) -> str:
        """A set of members as bits."""
        read = self.loads(here, lambda d: d.kind == "mask" and d.of == of, depth - 1)
        if depth <= 0 or self.maybe(0.3):
            return self.one(read * 3 + ["0", f"((1 << c.size({of})) - 1)"])
        kind = self.one(["with_bit", "without_bit", "without", "&", "|", "^", "single"])
        if kind in ("with_bit", "without_bit"):
            return f"{kind}({self.mask(here, of, depth - 1)}, {self.member(here, of, depth - 1)})"
        if kind == "without":
            return f"without({self.mask(here, of, depth - 1)}, {self.mask(here, of, depth - 1)})"
        if kind == "single":
            return f"(1 << {self.member(here, of, depth - 1)})"
        return f"({self.mask(here, of, depth - 1)} {kind} {self.mask(here, of, depth - 1)})"

    def value(self, here: Here, domain: Domain, depth: int) -> str:
        """A value for a variable: inside its domain, mostly."""
        if self.maybe(self.wild):
            return self.number(here, depth)
        if domain.kind == "flag":
            return self.one([self.truth(here, depth), f"int({self.truth(here, depth)})", f"({self.number(here, depth)}) & 1"])
        if domain.kind == "member":
            return self.member(here, domain.of, depth)
        if domain.kind == "maybe":
            return self.one(["-1", f"({self.member(here, domain.of, depth)}) if {self.condition(here, depth - 1)} else -1"])
        if domain.kind == "mask":
            return self.mask(here, domain.of, depth)
        if domain.kind == "process":
            return self.one(["0", *[f"{name}.number" for name in here.handles]])
        if domain.kind == "oneof" and self.maybe(0.5):
            return f"{domain.of}.{self.one(self.world.enums[domain.of])}"
        number = self.number(here, depth)
        if self.maybe(0.3):
            return f"max({domain.low}, min({domain.high}, {number}))"
        return f"({number}) % ({domain.high} - {domain.low} + 1) + {domain.low}"

    def following(self, here: Here, targets: list[str], depth: int) -> str:
        """A next step or signal, one of these."""
        helpers = [h for h in self.callable(here, "next") if self.kind_of(h) == here.kind] if here.kind else []
        if helpers and self.maybe(0.3):
            return self.call(here, self.one(helpers), depth)
        if depth > 0 and self.maybe(0.35):
            one, other = (self.following(here, targets, depth - 1) for _ in range(2))
            return f"{one} if {self.condition(here, depth)} else {other}"
        return self.one(targets)

    @staticmethod
    def kind_of(helper: Helper) -> str:
        """The kind whose steps a helper returns: it is in its name."""
        return helper.name.split("_")[1]
