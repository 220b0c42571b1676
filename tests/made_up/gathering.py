"""Sets of members, in texts of their own: made, joined, asked and gone over, in cells, locals, names, choices and helpers; whole tables."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .bodies import Ending
from .expressions import Here
from .further import FurtherText, FurtherWorld
from .mistakes import spoiled
from .texts import Made

OFTEN = 0.16
"""How often an expression or a statement is about a set."""

SET = "set"
"""What a name is that holds one."""

HELPERS = ["def join9(c: C, a: SetOf({of}), k: int) -> SetOf({of}):", "    if k in a:", "        return a.without(k)",
           "    return a if k < 0 else a.with_(k % c.size({of}))", "",
           "def size9(a: Annotated[Members, SetOf({of})]) -> int:", "    return len(a)", ""]

WHOLE = """def look9(f: Annotated[WholeTable, TableOf({of}, of={domain})], k: int) -> int:
    return f[k]

@action
def whole9(s: S, c: C, f9: TableOf({of}, of={domain}), h9: TableOf({of}, {of}, of=Range(1, 1)), m9: {of}) -> Signal:
    'Takes a whole table.'
    g9 = f9
    if f9[m9] == {number} or s.q9[m9] == look9(g9, {index}) or h9[m9, {index}] {op} 1 or f9 != g9:
        return WAIT
    if (s.q9[m9] // g9[m9] + s.q9[m9] % g9[m9] if g9[m9] else 0) == 7:
        return WAIT
    s.q9 = f9
    return DONE

"""
"""An action that chooses a whole table; some of its indices are outside of their sets."""


def gathering(seed: int | str) -> Made:
    """The specification with sets of a number; every second text is spoiled."""
    chance = Random(f"gathering {seed}")
    text = GatheringText(GatheringWorld(chance), chance.choice([0.0, 0.0, 0.03]))
    lines = text.whole()
    whole = "\n".join(lines) + "\n"
    own = Random(f"whole {seed}")
    if own.random() < 0.4:
        domain = own.choice(["Range(-1, 1)", "Flag()", f"Maybe({text.world.over})", f"OneOf({own.choice(list(text.world.enums))})"])
        action = WHOLE.format(of=text.world.over, domain=domain, number=own.choice([0, 1, 5]), op=own.choice(["==", "!="]),
                              index=own.choice(["m9", "0", "s.q9[m9] & 3"]))
        whole = whole.replace("\nSPECIFICATION =", f"\n{action}SPECIFICATION =", 1)
    whole = whole.replace("from enum import IntEnum\n", "from typing import Annotated\nfrom enum import IntEnum\n", 1)
    return Made(spoiled(whole, chance) if isinstance(seed, int) and seed % 2 else whole, [text.setting()])


class GatheringWorld(FurtherWorld):
    """Declares cells that hold sets of members of one index set."""

    over: str

    def _state(self) -> list[str]:
        self.over = self.one(self.sets)
        own = ["class R9(Record):", '    """A record with a set in it."""', f'    g9: int = field(SetOf({self.over}), "a set")', ""]
        return [*own, *super()._state()[:-1], f'    z9: int = variable(SetOf({self.over}), "a set")',
                '    r9: R9 = variable(RecordOf(R9), "a record")',
                f'    q9 = table({self.over}, of=Range(-1, 3), meaning="numbers")',
                f'    y9 = table({self.over}, of=SetOf({self.over}), meaning="sets")', ""]

    def _kinds(self) -> list[str]:
        lines = super()._kinds()
        for kind in self.real_kinds():
            at = next(i for i, line in enumerate(lines) if line.startswith(f"class {kind.name}("))
            lines.insert(at + 2, f'    own9: int = local(SetOf({self.over}), "its set")')
        return lines


class GatheringText(FurtherText):
    """Writes what `FurtherText` writes, and sets."""

    world: GatheringWorld

    def helper(self, returns: str, kind: str = "") -> list[str]:
        first = [] if self.world.helpers else [line.format(of=self.world.over) for line in HELPERS]
        return first + super().helper(returns, kind)

    # --- sets -----------------------------------------------------------------------------------------

    def gathered(self, here: Here, depth: int) -> str:
        """A set."""
        of, d = self.world.over, depth - 1
        read = [] if here.pure else [f"{state}.{name}" for state in here.states for name in ("z9", "r9.g9")]
        read += [name for name, kind in here.names.items() if kind == SET]
        read += [f"{name}.own9" for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if read and not here.pure:
            read.append(f"{here.states[0]}.y9[{self.member(here, of, d)}]")
        if depth <= 0 or self.maybe(0.3):
            return self.one(read or [f"c.subset({of})"])
        kind = self.one(["some", "gather", "with_", "without", "join", "join", "choose", "pass", "first"])
        if kind == "first":
            name, over, inner = self.subsets(here, d)
            return f"next(({name} for {name} in {over} if {self.condition(inner, d)}), {self.gathered(here, d)})"
        if kind == "some":
            return f"c.subset({', '.join([of, *(self.member(here, of, d) for _ in range(self.one([0, 1, 2])))])})"
        if kind == "gather":
            name, over, inner = self.each(here, d)
            return f"c.subset({of}, ({name} for {name} in {over} if {self.condition(inner, d)}))"
        if kind in ("with_", "without"):
            return f"{self.gathered(here, d)}.{kind}({self.member(here, of, d)})"
        if kind == "choose":
            return f"({self.gathered(here, d)} if {self.condition(here, d)} else {self.gathered(here, d)})"
        if kind == "pass":
            return f"join9(c, {self.gathered(here, d)}, {self.number(here, d)})"
        return f"({self.gathered(here, d)} {self.one(['|', '&', '-', '^'])} {self.gathered(here, d)})"

    def each(self, here: Here, depth: int) -> tuple[str, str, Here]:
        """A name, a set or the whole index set that it goes over, and what may be named there."""
        name = self.unused(here)
        over = self.gathered(here, depth) if self.maybe(0.7) else f"c.each({self.world.over})"
        return name, over, here.knowing(name, self.world.over)

    def leaf(self, here: Here, depth: int = 0) -> str:
        return super().leaf(_without(here), depth)

    def number(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().number(here, depth)
        kind = self.one(["len", "size", "sum", "walk"])
        if kind == "walk":
            return self.walked(here, depth - 1)
        if kind == "sum":
            name, over, inner = self.each(here, depth - 1)
            return f"sum({self.number(inner, depth - 1)} for {name} in {over})"
        return f"{'len' if kind == 'len' else 'size9'}({self.gathered(here, depth - 1)})"

    def walked(self, here: Here, depth: int) -> str:
        """A sum over an enumeration, or over the values of a tuple."""
        name = self.unused(here)
        values = [self.number(here, depth) for _ in range(self.one([1, 2, 3]))]
        over = self.one(list(self.world.enums)) if self.maybe(0.4) else self.one(["(0, 1, 2)", f"({', '.join(values)},)"])
        return f"sum({self.number(here.knowing(name, 'int'), depth)} for {name} in {over})"

    def subsets(self, here: Here, depth: int) -> tuple[str, str, Here]:
        """A name, all subsets or a few sets that it goes over, and what may be named there."""
        name = self.unused(here, "y")  # what is a set in one branch is no number in another
        kind = self.one(["all", "some", "tuple"])
        over = f"c.subsets({self.world.over})" if kind == "all" else f"c.subsets({self.gathered(here, depth)})" if kind == "some" else \
            f"({self.gathered(here, depth)}, {self.gathered(here, depth)})"
        return name, over, here.knowing(name, SET)

    def unused(self, here: Here, stem: str = "g") -> str:
        name = self.fresh(stem)
        while name in here.names or name in here.handles:
            name = self.fresh(stem)
        return name

    def truth(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().truth(here, depth)
        if self.maybe(0.25):
            name, over, inner = self.subsets(here, depth - 1)
            return f"{self.one(['any', 'all'])}({self.condition(inner, depth - 1)} for {name} in {over})"
        one = self.gathered(here, depth - 1)
        if self.maybe(0.4):
            return f"({self.number(here, depth - 1)} {self.one(['in', 'in', 'not in'])} {one})"
        if self.maybe(0.3):
            name, over, inner = self.each(here, depth - 1)
            return f"{self.one(['any', 'all'])}({self.condition(inner, depth - 1)} for {name} in {over})"
        return f"({one} {self.one(['==', '!=', '<', '<=', '>', '>='])} {self.gathered(here, depth - 1)})"

    def statement(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        if not self.maybe(2 * OFTEN):
            return super().statement(here, depth, writes, ending)
        if depth > 0 and self.maybe(0.15):
            name, over, inner = self.subsets(here, depth - 1)
            lines, _ = self.inside(inner, depth - 1, writes, None)
            return [f"for {name} in {over}:", *lines], here
        if depth > 0 and self.maybe(0.3):
            name, over, inner = self.each(here, depth - 1)
            lines, _ = self.inside(inner, depth - 1, writes, None)
            known = self.maybe(0.3)  # such a name keeps the last member behind the loop
            first = [f"{name} = {self.number(here, 1)}"] if known else []
            return [*first, f"for {name} in {over}:", *lines], here.knowing(name, "int") if known else here
        if writes and self.maybe(0.6):
            return self.stored(here), here
        name = self.fresh("u")
        return [f"{name} = {self.gathered(here, 2)}"], here.knowing(name, SET)

    def stored(self, here: Here) -> list[str]:
        """A cell or a local takes a set."""
        here = replace(here, ghosts=False)
        op = self.one(["=", "=", "|=", "&=", "-=", "^="])
        mine = [name for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if mine and (self.maybe(0.4) or here.pure):
            return [f"{mine[0]}.own9 {op} {self.gathered(here, 2)}"]
        if here.pure or not here.states:
            return ["pass"]
        if self.maybe(0.2):
            return [f"{here.states[0]}.r9 = R9(g9={self.gathered(here, 2)})"]
        place = self.one(["z9", f"y9[{self.member(here, self.world.over, 1)}]"])
        return [f"{here.states[0]}.{place} {op} {self.gathered(here, 2)}"]


def _without(here: Here) -> Here:
    """What may be named where sets may not."""
    return replace(here, names={n: of for n, of in here.names.items() if of != SET})


__all__ = ["gathering"]
