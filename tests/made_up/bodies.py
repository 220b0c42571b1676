"""Statements and functions of a made-up specification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .expressions import Expressions, Here
from .world import Helper, Variable

Ending = Callable[[Here], str]
"""What a path returns, given what may be named there."""


class Bodies(Expressions):
    """Writes bodies: statements that read and, where they may, write; every path ends."""

    count = 0

    def fresh(self, stem: str) -> str:
        """A name for a function's own, often one that it has had; a step's name would stand for the step elsewhere in the function."""
        steps = {name for kind in self.world.kinds for name, _ in kind.steps}
        while True:
            self.count += 1
            name = f"{stem}{self.count % 7}" if self.maybe(0.3) else f"{stem}{self.count}"
            if name not in steps:
                return name

    def block(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        """Some statements, and what may be named behind them; with an ending some paths return early."""
        lines: list[str] = []
        for _ in range(self.one([0, 1, 1, 2, 3])):
            more, here = self.statement(here, depth, writes, ending)
            lines += more
        return lines, here

    def inside(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        """A block under something, indented; never empty."""
        lines, after = self.block(here, depth, writes, ending)
        return ["    " + line for line in lines or ["pass"]], after

    def statement(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        options = ["name", "name", "again"] + ["write"] * 6 * writes + ["procedure", "taken"] * writes
        if depth > 0:
            options += ["if", "if", "both", "for", "for", "all"] + ["early"] * (ending is not None)
        kind = self.one(options)
        if kind == "write":
            return self.write(here), here
        if kind in ("name", "again"):
            return self.named(here, kind == "again")
        if kind in ("procedure", "taken"):
            return self.called(here, "none" if kind == "procedure" else "int")
        if kind in ("for", "all"):
            return self.loop(here, depth, writes, ending, kind == "all"), here
        return self.branch(here, depth, writes, ending, kind)

    # --- simple statements --------------------------------------------------------------------------

    def named(self, here: Here, again: bool) -> tuple[list[str], Here]:
        """A local name takes a value, or another one."""
        known = [(n, t) for n, t in here.names.items() if n[0] in "kt" and t != "next"]
        if again and known:
            name, of = self.one(known)
            if of == "int" and self.maybe(0.5):
                return [f"{name} {self.one(['+=', '-=', '^=', '|=', '&='])} {self.number(here, 1)}"], here
            return [f"{name} = {self.of_type(here, of, 2)}"], here
        of = self.one(["int", "int", "truth", *self.world.sets])
        name = self.fresh("k")
        while here.names.get(name, of) != of:
            name = self.fresh("k")
        written = f"{name}: int" if self.maybe(0.15) else name
        return [f"{written} = {self.of_type(here, of, 2)}"], here.knowing(name, of)

    def called(self, here: Here, returns: str) -> tuple[list[str], Here]:
        """A helper that writes, on a line of its own."""
        helpers = [h for h in self.callable(here, returns, writes=True) if h.writes or returns == "none"]
        if not helpers:
            return self.write(here), here
        call = self.call(here, self.one(helpers), 1)
        if returns == "none" or self.maybe(0.3):
            return [call], here
        name = self.fresh("k")
        while here.names.get(name, "int") != "int":
            name = self.fresh("k")
        return [f"{name} = {call}"], here.knowing(name, "int")

    def write(self, here: Here) -> list[str]:
        """A variable or a local takes a value."""
        places: list[tuple[str, Variable]] = []
        if here.states and not here.pure:
            places += [(self.cell(here, here.states[0], v, 1), v) for v in self.world.variables]
        for name, kind in here.handles.items():
            mine = name == here.mover
            places += [(f"{name}.{v.name}", v) for v in self.world.kind(kind).all_locals()
                       if (mine or v.shared) and not (here.pure and v.shared)]
        if not places:
            return ["pass"]
        place, v = self.one(places)
        inner = replace(here, ghosts=v.ghost)
        if v.domain.kind in ("flag", "mask") and self.maybe(0.3):
            value = self.truth(inner, 1) if v.domain.kind == "flag" else self.mask(inner, v.domain.of, 1)
            return [f"{place} {self.one(['^=', '|=', '&='])} {value}"]
        return [f"{place} = {self.value(inner, v.domain, self.one([1, 2, 2, 3]))}"]

    # --- branches and loops -------------------------------------------------------------------------

    def branch(self, here: Here, depth: int, writes: bool, ending: Ending | None, kind: str) -> tuple[list[str], Here]:
        lines = [f"if {self.condition(here, 2)}:"]
        if kind == "early" and ending is not None:
            inner, after = self.inside(here, depth - 1, writes, None)
            inner = [line for line in inner if line != "    pass"]
            lines += [*inner, f"    return {ending(after)}"]
            if not self.maybe(0.4):
                return lines, here
            other, after = self.inside(here, depth - 1, writes, None)
            # Numbers are known behind it, since the other way has ended; a process has its name to the end of its block only.
            return [*lines, "else:", *other], replace(after, handles=here.handles)
        inner, first = self.inside(here, depth - 1, writes, ending)
        lines += inner
        if kind == "if":
            return lines, here
        if self.maybe(0.3):
            middle, second = self.inside(here, depth - 1, writes, ending)
            lines += [f"elif {self.condition(here, 1)}:", *middle]
        else:
            second = first
        other, last = self.inside(here, depth - 1, writes, ending)
        both = {n: t for n, t in first.names.items() if second.names.get(n) == last.names.get(n) == t}
        return [*lines, "else:", *other], replace(here, names=both)

    def loop(self, here: Here, depth: int, writes: bool, ending: Ending | None, over_processes: bool) -> list[str]:
        kinds = self.world.real_kinds()
        if over_processes and kinds and here.states and not here.pure:
            kind, name = self.one(kinds), self.fresh("q")
            while name in here.names or name in here.handles:
                name = self.fresh("q")
            head, inner = f"for {name} in {self.one(here.states)}.all({kind.name}):", here.holding(name, kind.name)
        else:
            of = self.one(self.world.sets)
            name = self.fresh("i")
            while here.names.get(name, of) != of or name in here.handles:
                name = self.fresh("i")
            safe = self.maybe(0.6)
            bound = self.one([f"c.each({of})"] * 3 + [f"range(c.size({of}))", f"range(0, c.size({of}))"]) if safe else self.one(
                ["range(3)", f"range({self.number(here, 1)} % 4)", f"range({self.leaf(here)}, min(4, {self.leaf(here)}))",
                 f"range({self.member(here, of, 1)}, c.size({of}))", f"range({self.leaf(here)})"])
            if not safe and here.names.get(name, "int") != "int":
                return ["pass"]
            inner = here.knowing(name, of if safe else "int")
            head = f"for {name} in {bound}:"
        body, _ = self.inside(inner, depth - 1, writes, ending)
        return [head, *body]

    # --- functions ----------------------------------------------------------------------------------

    def helper(self, returns: str, kind: str = "") -> list[str]:
        """A helper function, which functions behind it may call."""
        world, number = self.world, len(self.world.helpers)
        writes = returns == "none" or returns == "int" and self.maybe(0.3)
        parameters = [("c", "scope")] + [("s", "state")] * (writes or self.maybe(0.7))
        if world.kinds and self.maybe(0.4):
            parameters.append(("q", self.one(world.kinds).name))
        for i in range(self.one([0, 0, 1, 1, 2])):
            parameters.append((f"p{i}", self.one(["int", "truth", *world.sets])))
        world.chance.shuffle(parameters)
        types = [of for _, of in parameters]
        kinds = [k.name for k in world.kinds]
        handles = {n: of for n, of in parameters if of in kinds}
        here = Here(("s",) if "state" in types else (), handles, {n: of for n, of in parameters if of in ("int", "truth", *world.sets)},
                    "q" if "state" not in types else "", pure="state" not in types, kind=kind)
        name = {"next": f"next_{kind}", "none": "put", "int": "number", "truth": "whether"}[returns] + f"_{number}"
        ending: Ending = {"next": lambda h: self.following(h, self.targets(kind), 1), "none": lambda h: "",
                          "int": lambda h: self.number(h, 2),
                          "truth": lambda h: self.truth(h, 2)}[returns]
        lines, after = self.block(here, 2, writes, ending)
        if returns != "none":
            lines.append(f"return {ending(after)}")
        text = {"state": "S", "scope": "C", "truth": "bool"}
        signature = ", ".join(f"{n}: {text.get(of, of)}" for n, of in parameters)
        said = {"next": "Signal" if kind == "act" else "Next", "none": "None", "int": "int", "truth": "bool"}[returns]
        world.helpers.append(Helper(name, tuple(parameters), returns, writes))
        return [f"def {name}({signature}) -> {said}:", *[f"    {line}".rstrip() for line in lines or ["pass"]], ""]

    def targets(self, kind: str) -> list[str]:
        """What a step of a kind may return, `act` for actions."""
        mine = [] if kind == "act" else self.world.kind(kind).own_steps() * 2
        return [*mine, "DONE"] + ["WAIT"] * self.maybe(self.wild)
