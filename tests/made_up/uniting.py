"""Tagged unions, in texts of their own: made, asked for their case, looked into, compared, stored, kept, passed and returned."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .bodies import Ending
from .expressions import Here
from .further import WIDE, FurtherText, FurtherWorld
from .mistakes import spoiled
from .texts import Made
from .world import Domain

OFTEN = 0.16
"""How often an expression or a statement is about a union."""

UNGUARDED = 0.04
"""How often a field is read without asking for the case."""

HELPERS = ["def pass9(c: C, u: U9, k: int) -> U9:", "    if isinstance(u, Off9) or k > 1:", "        return u",
           "    return Off9()", "", "def which9(u: U9) -> bool:", "    return isinstance(u, (Leaf9, Off9))", ""]


def uniting(seed: int | str) -> Made:
    """The specification with unions of a number; every second text is spoiled."""
    chance = Random(f"uniting {seed}")
    text = UnitingText(UnitingWorld(chance), chance.choice([0.0, 0.0, 0.03]))
    lines = text.whole()
    whole = "\n".join(lines) + "\n"
    return Made(spoiled(whole, chance) if isinstance(seed, int) and seed % 2 else whole, [text.setting()])


class UnitingWorld(FurtherWorld):
    """Declares two unions, the second with the first in one of its cases, and cells that hold them."""

    cases: dict[str, dict[str, dict[str, Domain]]]
    index: str

    def _state(self) -> list[str]:
        same = self.domain()
        while "lambda" in same.text or same.text in WIDE:  # a function is the same one only where it has a name
            same = self.domain()
        both = {"same0": same}
        inner = {"inner": Domain("union", "UnionOf(U8)", "0", "0", "U8")}
        small = {"None8": {}, "Some8": {**self._fields("a"), **both}, "More8": {**both, **self._fields("b")}, "Flag8": self._flag()}
        self.cases = {"U8": small,
                      "U9": {"Leaf9": inner, "Node9": {**self._fields("d"), **inner}, "Off9": {}}}
        if self.maybe(0.5):
            self.cases["U8"] = dict(reversed(self.cases["U8"].items()))
        lines = []
        for union, cases in self.cases.items():
            lines += [f"class {union}(TaggedUnion):", '    """A union."""', ""]
            for name, fields in cases.items():
                lines += [f"class {name}({union}):", '    """A case."""']
                lines += [f'    {f}: int = field({d.text}, "field {f}"{self._initial(d) if d.of != "U8" else ""})'
                          for f, d in fields.items()]
                lines.append("")
        lines += super()._state()[:-1]
        lines.append('    m9: U9 = variable(UnionOf(U9), "a union")')
        self.index = self.one(self.sets)
        return [*lines, f'    t9 = table({self.index}, of=UnionOf(U8), meaning="unions")', ""]

    def _fields(self, stem: str) -> dict[str, Domain]:
        domains = [self.domain() for _ in range(self.one([1, 1, 2]))]
        return {f"{stem}{i}": d if d.text not in WIDE else self._flag()["z0"] for i, d in enumerate(domains)}

    def _flag(self) -> dict[str, Domain]:
        return {"z0": Domain("flag", "Flag()", "0", "1")}

    def _kinds(self) -> list[str]:
        lines = super()._kinds()
        for kind in self.real_kinds():
            at = next(i for i, line in enumerate(lines) if line.startswith(f"class {kind.name}("))
            lines.insert(at + 2, '    own9: U8 = local(UnionOf(U8), "its union")')
        return lines


class UnitingText(FurtherText):
    """Writes what `FurtherText` writes, and unions."""

    world: UnitingWorld

    def helper(self, returns: str, kind: str = "") -> list[str]:
        return ([] if self.world.helpers else HELPERS) + super().helper(returns, kind)

    # --- unions ---------------------------------------------------------------------------------------

    def held(self, here: Here, of: str, depth: int) -> list[str]:
        """Cells, locals and names that hold values of a union."""
        read = [f"{state}.m9" for state in here.states if of == "U9" and not here.pure]
        if here.states and not here.pure and of == "U8":
            read.append(f"{here.states[0]}.t9[{self.member(here, self.world.index, depth - 1)}]")
        read += [name for name, kind in here.names.items() if kind == of]
        return read + [f"{name}.own9" for name in self.mine(here) if of == "U8"]

    def union(self, here: Here, of: str, depth: int) -> str:
        """A value of a union."""
        read = self.held(here, of, depth)
        if read and (depth <= 0 or self.maybe(0.3)):
            return self.one(read)
        kind = self.one(["make", "make", "with", "choose", "pass"]) if depth > 0 and read else "make"
        if kind == "with":
            case = self.one([n for n, fields in self.world.cases[of].items() if fields])
            whole, fields = self.one(read), self.world.cases[of][case]
            some = {f: d for f, d in fields.items() if self.maybe(0.5)} or dict(list(fields.items())[:1])
            changed = f"{whole}.with_({self.given(here, some, depth - 1)})"
            return changed if self.maybe(UNGUARDED) else f"({changed} if isinstance({whole}, {case}) else {whole})"
        if kind == "choose":
            return f"({self.union(here, of, depth - 1)} if {self.condition(here, depth - 1)} else {self.union(here, of, depth - 1)})"
        if kind == "pass" and of == "U9":
            return f"pass9(c, {self.union(here, of, depth - 1)}, {self.number(here, depth - 1)})"
        case = self.one(list(self.world.cases[of]))
        return f"{case}({self.given(here, self.world.cases[of][case], depth - 1)})"

    def mine(self, here: Here) -> list[str]:
        """The process that moves, where its kind has members."""
        return [name for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]

    def given(self, here: Here, fields: dict[str, Domain], depth: int) -> str:
        order = list(fields)
        self.world.chance.shuffle(order)
        return ", ".join(f"{f}={self.union(here, 'U8', depth) if f == 'inner' else self.value(here, fields[f], depth)}" for f in order)

    def part(self, here: Here, depth: int, otherwise: str) -> str:
        """A field of a case, where it is that case; a truth value where `otherwise` is one and there is such a field."""
        of = self.one(["U8", "U9"])
        found = [(case, f) for case, fields in self.world.cases[of].items() for f, d in fields.items()
                 if f != "inner" and (d.kind == "flag" or otherwise not in ("True", "False"))]
        if not found:
            return otherwise
        (case, name), whole = self.one(found), self.union(here, of, depth - 1)
        both = [c for c, fields in self.world.cases[of].items() if name in fields]
        asked = case if self.maybe(0.6) else f"({', '.join(both)},)"
        return f"{whole}.{name}" if self.maybe(UNGUARDED) else f"({whole}.{name} if isinstance({whole}, {asked}) else {otherwise})"

    def leaf(self, here: Here, depth: int = 0) -> str:
        return super().leaf(_without(here), depth)

    def number(self, here: Here, depth: int) -> str:
        if depth > 0 and self.maybe(OFTEN):
            return self.part(here, depth, str(self.one([0, -1, 2])))
        return super().number(here, depth)

    def truth(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().truth(here, depth)
        of = self.one(["U8", "U9"])
        one, kind = self.union(here, of, depth - 1), self.one(["is", "is", "same", "part", "helper"])
        if kind == "same":
            return f"({one} {self.one(['==', '!='])} {self.union(here, of, depth - 1)})"
        if kind == "part":
            return self.part(here, depth, self.one(["True", "False"]))
        if kind == "helper" and of == "U9":
            return f"which9({one})"
        names = self.one([1, 1, 2, 3])
        cases = [self.one(list(self.world.cases[of])) for _ in range(names)]
        return f"isinstance({one}, {cases[0] if names == 1 else '(' + ', '.join(cases) + ')'})"

    def statement(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        if not self.maybe(2 * OFTEN):
            return super().statement(here, depth, writes, ending)
        if writes and self.maybe(0.6):
            return self.stored(here), here
        of = self.one(["U8", "U9"])
        name = self.fresh("u" if of == "U8" else "v")
        return [f"{name} = {self.union(here, of, 2)}"], here.knowing(name, of)

    def stored(self, here: Here) -> list[str]:
        """A cell or a local takes a value of a union."""
        here = replace(here, ghosts=False)
        mine = self.mine(here)
        if mine and (self.maybe(0.4) or here.pure):
            return [f"{mine[0]}.own9 = {self.union(here, 'U8', 2)}"]
        if here.pure or not here.states:
            return ["pass"]
        if self.maybe(0.5):
            return [f"{here.states[0]}.m9 = {self.union(here, 'U9', 2)}"]
        return [f"{here.states[0]}.t9[{self.member(here, self.world.index, 1)}] = {self.union(here, 'U8', 2)}"]


def _without(here: Here) -> Here:
    """What may be named where unions may not."""
    return replace(here, names={n: of for n, of in here.names.items() if of not in ("U8", "U9")})


__all__ = ["uniting"]
