"""Bags, in texts of their own: made, changed, asked and gone over, in cells, locals, names and helpers."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .bodies import Ending
from .expressions import Here
from .further import FurtherText, FurtherWorld
from .mistakes import spoiled
from .texts import Made
from .world import Domain

OFTEN = 0.16
"""How often an expression or a statement is about a bag."""

BAG, RECORDS, RECORD = "bag", "bag of records", "record"
"""What a name is that holds one."""

HELPERS = ["def join9(c: C, b: B9, k: {item}) -> B9:", "    return b.without(k) if k in b else b.with_(k)", "",
           "def size9(b: Annotated[Bag, B9]) -> int:", "    return len(b)", "",
           "def some9(c: C, r: W9, k: int) -> R9:", "    found = R9(f9=k % 2)", "    for m in r:", "        found = m",
           "    return found", ""]

SMALL = ("member", "flag", "oneof", "maybe")
"""Domains of which there are few values at any size."""


def bagging(seed: int | str) -> Made:
    """The specification with bags of a number; every second text is spoiled."""
    chance = Random(f"bagging {seed}")
    text = BaggingText(BaggingWorld(chance), chance.choice([0.0, 0.0, 0.03]))
    lines = text.whole()
    whole = "\n".join(lines) + "\n"
    whole = whole.replace("from enum import IntEnum\n", "from typing import Annotated\nfrom enum import IntEnum\n", 1)
    return Made(spoiled(whole, chance) if isinstance(seed, int) and seed % 2 else whole, [text.setting()])


class BaggingWorld(FurtherWorld):
    """Declares bags of one domain, and of records, and cells that hold them."""

    item: Domain
    index: str

    def _state(self) -> list[str]:
        domains = [self.domain() for _ in range(6)]
        self.item = next((d for d in domains if d.kind in SMALL), Domain("range", "Range(-1, 1)", "-1", "1"))
        self.index = self.one(self.sets)
        most = self.one(["1", "2", "3", 'lambda n: 2'])
        return ["class R9(Record):", '    """A record."""', '    f9: int = field(Flag(), "a flag")', "",
                f"B9 = BagOf({self.item.text}, {most})", "W9 = BagOf(RecordOf(R9), 2)", "",
                "class O9(Record):", '    """A record with a bag in it."""', '    b9: int = field(W9, "a bag")', "",
                *super()._state()[:-1], '    z9: int = variable(B9, "a bag")', '    o9: O9 = variable(RecordOf(O9), "a record")',
                f'    y9 = table({self.index}, of=B9, meaning="bags")', ""]

    def _kinds(self) -> list[str]:
        lines = super()._kinds()
        for kind in self.real_kinds():
            at = next(i for i, line in enumerate(lines) if line.startswith(f"class {kind.name}("))
            lines.insert(at + 2, '    own9: int = local(B9, "its bag")')
        return lines


class BaggingText(FurtherText):
    """Writes what `FurtherText` writes, and bags."""

    world: BaggingWorld

    def helper(self, returns: str, kind: str = "") -> list[str]:
        item = "bool" if self.world.item.kind == "flag" else "int"
        first = [] if self.world.helpers else [line.format(item=item) for line in HELPERS]
        return first + super().helper(returns, kind)

    # --- bags -------------------------------------------------------------------------------------------

    def item(self, here: Here, depth: int) -> str:
        """An item, mostly."""
        return self.value(here, self.world.item, depth)

    def bag(self, here: Here, depth: int) -> str:
        """A bag."""
        d = depth - 1
        read = [] if here.pure else [f"{state}.z9" for state in here.states]
        read += [name for name, kind in here.names.items() if kind == BAG]
        read += [f"{name}.own9" for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if read and not here.pure:
            read.append(f"{here.states[0]}.y9[{self.member(here, self.world.index, d)}]")
        if depth <= 0 or self.maybe(0.3):
            return self.one(read or ["c.bag(B9)"])
        kind = self.one(["some", "gather", "with", "without", "choose", "pass"])
        one = self.bag(here, d)
        if kind == "some":
            return f"c.bag({', '.join(['B9', *(self.item(here, d) for _ in range(self.one([0, 1, 1])))])})"
        if kind == "gather":
            name, over, inner = self.each(here, d)
            return f"c.bag(B9, ({name} for {name} in {over} if {self.condition(inner, d)}))"
        if kind in ("with", "without"):
            item = self.one(["0", "1", f"({self.item(here, d)})"]) if self.world.item.kind != "flag" else self.one(["False", "True"])
            safe = f"{one}.count({item}) < 1" if kind == "with" else f"{item} in {one}"
            changed = f"{one}.{'with_' if kind == 'with' else 'without'}({item})"
            return changed if self.maybe(self.wild) else f"({changed} if {safe} and {item} < 2 else {one})"
        if kind == "choose":
            return f"({one} if {self.condition(here, d)} else {self.bag(here, d)})"
        passed = f"bool({self.item(here, d)})" if self.world.item.kind == "flag" else self.item(here, d)
        return f"join9(c, {one}, {passed})"

    def records(self, here: Here, depth: int) -> str:
        """A bag of records."""
        read = [] if here.pure else [f"{state}.o9.b9" for state in here.states]
        read += [name for name, kind in here.names.items() if kind == RECORDS]
        if read and (depth <= 0 or self.maybe(0.5)):
            return self.one(read)
        return f"c.bag(W9, {', '.join(self.record(here, depth - 1) for _ in range(self.one([1, 2])))})"

    def record(self, here: Here, depth: int) -> str:
        read = [name for name, kind in here.names.items() if kind == RECORD]
        if read and self.maybe(0.5):
            return self.one(read)
        if depth > 0 and self.maybe(0.4):
            return f"some9(c, {self.records(here, depth - 1)}, {self.number(here, depth - 1)})"
        return f"R9(f9={self.value(here, Domain('flag', 'Flag()', '0', '1'), depth - 1)})"

    def each(self, here: Here, depth: int) -> tuple[str, str, Here]:
        """A name, a bag that it goes over, and what may be named there."""
        name = self.fresh("g")
        while name in here.names or name in here.handles:
            name = self.fresh("g")
        return name, self.bag(here, depth), here.knowing(name, "int")

    def leaf(self, here: Here, depth: int = 0) -> str:
        return super().leaf(_without(here), depth)

    def number(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().number(here, depth)
        d = depth - 1
        one, kind = self.bag(here, d), self.one(["len", "size", "sum", "count", "count", "records"])
        if kind == "sum":
            name, over, inner = self.each(here, d)
            return f"sum({self.number(inner, d)} for {name} in {over})"
        if kind == "count":
            return f"{one}.count({self.number(here, d)})" if self.maybe(0.6) else f"{self.records(here, d)}.count({self.record(here, d)})"
        if kind == "records":
            name = self.fresh("h")
            return f"sum({name}.f9 for {name} in {self.records(here, d)} if {name} != {self.record(here, d)})"
        return f"{'len' if kind == 'len' else 'size9'}({one})"

    def truth(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().truth(here, depth)
        d = depth - 1
        one, kind = self.bag(here, d), self.one(["in", "in", "record", "all", "same", "empty"])
        if kind == "in":
            return f"({self.number(here, d)} {self.one(['in', 'not in'])} {one})"
        if kind == "record":
            return f"({self.record(here, d)} {self.one(['in', 'not in'])} {self.records(here, d)})"
        if kind == "all":
            name, over, inner = self.each(here, d)
            return f"{self.one(['any', 'all'])}({self.condition(inner, d)} for {name} in {over})"
        return f"{one}.empty" if kind == "empty" else f"({one} {self.one(['==', '!='])} {self.bag(here, d)})"

    def statement(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        if not self.maybe(2 * OFTEN):
            return super().statement(here, depth, writes, ending)
        if depth > 0 and self.maybe(0.3):
            name, over, inner = self.each(here, depth - 1)
            lines, _ = self.inside(inner, depth - 1, writes, None)
            known = self.maybe(0.3)  # such a name keeps the last item behind the loop
            first = [f"{name} = {self.number(here, 1)}"] if known else []
            return [*first, f"for {name} in {over}:", *lines], here.knowing(name, "int") if known else here
        if writes and self.maybe(0.6):
            return self.stored(here), here
        kind = self.one([BAG, BAG, RECORDS, RECORD])
        name = self.fresh({BAG: "some", RECORDS: "many", RECORD: "only"}[kind])
        value = {BAG: self.bag, RECORDS: self.records, RECORD: self.record}[kind]
        return [f"{name} = {value(here, 2)}"], here.knowing(name, kind)

    def stored(self, here: Here) -> list[str]:
        """A cell or a local takes a bag."""
        here = replace(here, ghosts=False)
        mine = [name for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if mine and (self.maybe(0.4) or here.pure):
            return [f"{mine[0]}.own9 = {self.bag(here, 2)}"]
        if here.pure or not here.states:
            return ["pass"]
        if self.maybe(0.3):
            return [f"{here.states[0]}.o9 = O9(b9={self.records(here, 2)})"]
        place = self.one(["z9", f"y9[{self.member(here, self.world.index, 1)}]"])
        return [f"{here.states[0]}.{place} = {self.bag(here, 2)}"]


def _without(here: Here) -> Here:
    """What may be named where bags may not."""
    return replace(here, names={n: of for n, of in here.names.items() if of not in (BAG, RECORDS, RECORD)})


__all__ = ["bagging"]
