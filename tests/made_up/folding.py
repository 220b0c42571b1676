"""Generators in `all`, `any`, `sum`, `min`, `max`, `next`; membership in tuples; named processes; constants; constraints; distinct."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random

from .bodies import Ending
from .expressions import Here
from .further import FurtherText, FurtherWorld
from .mistakes import spoiled
from .texts import Made, Setting
from .world import Domain

OFTEN = 0.16
"""How often an expression is a fold or a membership."""


def folding(seed: int | str) -> Made:
    """The specification with generators of a number; every second text is spoiled."""
    chance = Random(f"folding {seed}")
    text = FoldingText(FoldingWorld(chance), chance.choice([0.0, 0.0, 0.02]))
    lines = text.whole()
    whole = "\n".join(lines) + "\n"
    return Made(spoiled(whole, chance) if spoils(seed) else whole, [text.setting()])


def spoils(seed: int | str) -> bool:
    return isinstance(seed, int) and seed % 2 == 1


@dataclass
class FoldingWorld(FurtherWorld):
    """Declares constants in its scope, too; by chances of their own."""

    scoped: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Their values, from the lowest to the highest."""

    def _sets(self) -> list[str]:
        lines = super()._sets()
        chance = Random(f"constants {lines}")
        self.scoped = {f"n{i}": chance.choice([(0, 3), (-2, 2), (1, 3), (2, 2), (-5, 70)]) for i in range(chance.choice([0, 1, 1, 2]))}
        return lines

    def domain(self) -> Domain:
        found = super().domain()
        fits = [n for n, (low, high) in self.scoped.items() if low >= 0 and high < 9]
        if found.text.startswith("Range(0, lambda") and fits:
            name = Random(f"bound {self.variables}").choice(fits)
            return Domain("range", f'Range(0, lambda n: n["{name}"])', "0", f"c.{name}")
        return found

    def _scope(self) -> list[str]:
        lines = super()._scope()
        return [*lines[:-1], *[f'    {name}: int = constant(Range({low}, {high}), default={high}, meaning="a constant")'
                               for name, (low, high) in self.scoped.items()], ""]


class FoldingText(FurtherText):
    """Writes what `FurtherText` writes, and folds."""

    def leaf(self, here: Here, depth: int = 0) -> str:
        scoped = self.world.scoped  # type: ignore[attr-defined]
        return f"c.{self.one(list(scoped))}" if scoped and self.maybe(OFTEN / 4) else super().leaf(here, depth)

    def properties(self) -> list[str]:
        """With a constraint, in some; nobody explains it."""
        lines = super().properties()
        if Random(f"constraint {lines}").random() < 0.4:
            text, here = self.chosen(Here(("s",), mover="*", ghosts=True), 1)
            made = self.function("@constraint", "within9", f"s: S, c: C{text}", here, seldom=True)
            lines += made[:made.index("") + 1]
        return self.different(lines)

    def different(self, lines: list[str]) -> list[str]:
        """Some properties are asked of different ones; a parameter more is of the same kind or set as the first."""
        out, chance = list(lines), Random(f"different {lines}")
        for i, line in enumerate(lines):
            first = re.search(r", (e0|m): (\w+)", lines[i + 1]) if re.match(r"@(invariant|transition|witness)\(", line) else None
            if first is None or first[2] not in [*self.world.sets, *(k.name for k in self.world.real_kinds())] or chance.random() < 0.6:
                continue
            out[i] = f"{line[:-1]}, distinct=True)"
            signature = lines[i + 1][lines[i + 1].index("(") + 1:lines[i + 1].index(") -> bool:")]
            out = [text.replace(f"({signature})", f"({signature}, e9: {first[2]})") if signature in text else text for text in out]
        return out

    def setting(self) -> Setting:
        out, chance = super().setting(), Random(f"values {self.world.sets}")
        for name, (low, high) in self.world.scoped.items():  # type: ignore[attr-defined]
            out.sizes |= {name: chance.randint(low, min(high, 3))} if chance.random() < 0.6 else {}
        return out

    def number(self, here: Here, depth: int) -> str:
        if depth > 0 and self.maybe(OFTEN):
            return self.fold(here, self.one(["sum", "min", "max", "next"]), depth - 1)
        return super().number(here, depth)

    def truth(self, here: Here, depth: int) -> str:
        if depth > 0 and self.maybe(OFTEN):
            return self.fold(here, self.one(["all", "any"]), depth - 1) if self.maybe(0.7) else self.membership(here, depth - 1)
        return super().truth(here, depth)

    def statement(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        kinds = self.world.real_kinds()
        if not (kinds and here.states and not here.pure and self.maybe(OFTEN)):
            return super().statement(here, depth, writes, ending)
        state, kind = self.one(here.states), self.one(kinds)
        known = [(name, of) for name, of in here.handles.items() if of in [k.name for k in kinds]]
        name = self.fresh("o")
        while name in here.handles:
            name = self.fresh("o")
        if known and self.maybe(0.6):
            told, of = self.one(known)
            return [f"{name} = {state}.{self.one([f'same({told})', f'process({of}, {told}.number)'])}"], here.holding(name, of)
        if self.maybe(0.4):
            return [f"{name} = {state}.process({kind.name}, {self.number(here, depth)})"], here.holding(name, kind.name)
        other = self.fresh("q")  # any process, by its number
        while other in here.names or other in here.handles:
            other = self.fresh("q")
        inner, _ = self.inside(here.holding(name, kind.name), depth - 1, writes, ending)
        return [f"for {other} in {state}.all({kind.name}):", f"    {name} = {state}.process({kind.name}, {other}.number)", *inner], here

    def values(self) -> str:
        domain = self.world.domain()
        return domain.text if domain.kind != "process" and self.maybe(OFTEN) else ""

    def membership(self, here: Here, depth: int) -> str:
        parts = [self.number(here, depth - 1) for _ in range(self.one([0, 1, 1, 2, 3]))]
        return f"({self.number(here, depth)} {self.one(['in', 'not in'])} ({', '.join(parts)}{',' * (len(parts) == 1)}))"

    def fold(self, here: Here, name: str, depth: int) -> str:
        """A fold; where it may be one of nothing, mostly with a default."""
        parts, inner = [], here
        for _ in range(self.one([1, 1, 1, 2, 2, 3])):
            part, inner = self.part(here, inner, depth, first=not parts)
            parts.append(part)
        element = self.condition(inner, depth) if name in ("all", "any") else self.number(inner, depth)
        whole = f"{element} {' '.join(parts)}"
        if name in ("all", "any", "sum") or self.maybe(self.wild):
            return f"{name}({whole})"
        return f"{name}(({whole}), {'' if name == 'next' else 'default='}{self.number(here, depth - 1)})"

    def part(self, here: Here, inner: Here, depth: int, first: bool) -> tuple[str, Here]:
        """`for … in … if …`, and what may be named behind it; what the first goes over knows no name of the generator."""
        outside, name = here if first else inner, self.fresh("g")
        while name in inner.names or name in inner.handles:
            name = self.fresh("g")
        kinds = self.world.real_kinds()
        if kinds and inner.states and not inner.pure and self.maybe(0.3):
            kind = self.one(kinds)
            over, inner = f"{self.one(inner.states)}.all({kind.name})", inner.holding(name, kind.name)
        elif self.maybe(0.6):
            of = self.one(self.world.sets)
            over, inner = f"c.each({of})", inner.knowing(name, of)
        else:
            a = self.leaf(outside)
            over = self.one([f"range({a} & 3)", f"range({a}, 3)", f"range(({a}) % 3, {self.leaf(outside)} & 3)", f"range({a})"])
            inner = inner.knowing(name, "int")
        tests = [f" if {self.condition(inner, depth - 1)}" for _ in range(self.one([0, 0, 1, 1, 2]))]
        return f"for {name} in {over}{''.join(tests)}", inner


__all__ = ["folding", "spoils"]
