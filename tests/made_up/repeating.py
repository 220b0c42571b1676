"""What texts with sequences (queueing.py) and with bags (bagging.py) have in common: how one goes over them, names and stores them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import ClassVar

from .bodies import Ending
from .expressions import Here
from .further import FurtherText, FurtherWorld
from .mistakes import spoiled
from .texts import Made
from .world import Domain

OFTEN = 0.16
"""How often an expression or a statement is about such a value."""

WHOLE, RECORDS, RECORD = "whole", "several records", "record"
"""What a name is that holds one."""


class RepeatingWorld(FurtherWorld):
    """Declares such values of one domain, `item`, and cells that hold them, one table of them over `index`."""

    item: Domain
    index: str
    own: ClassVar[str]
    """The local of each kind of process."""

    def _kinds(self) -> list[str]:
        lines = super()._kinds()
        for kind in self.real_kinds():
            at = next(i for i, line in enumerate(lines) if line.startswith(f"class {kind.name}("))
            lines.insert(at + 2, self.own)
        return lines


class RepeatingText(FurtherText):
    """Writes what `FurtherText` writes, and such values."""

    world: RepeatingWorld
    helpers: ClassVar[list[str]]
    maker: ClassVar[str]
    """The word of the scope that makes one."""
    domain: ClassVar[str]
    cells: ClassVar[tuple[str, ...]]
    """Where one is in the state, besides the table."""
    cell_of_records: ClassVar[str]
    taking: ClassVar[str]
    """The helper that takes a record out of one of records."""
    counts: ClassVar[list[int]]
    """How many items are written out."""
    ways: ClassVar[list[str]]
    """How one is made: `some`, `gather`, `choose`, `pass`, and those of `changed`."""
    numbers: ClassVar[list[str]]
    """What numbers are asked of one: `sum`, `records`, `len`, `size`, and those of `number_of`."""

    @abstractmethod
    def changed(self, way: str, one: str, here: Here, depth: int) -> str:
        """One that is made of another."""

    @abstractmethod
    def number_of(self, kind: str, one: str, here: Here, depth: int) -> str:
        """A number that only such a value has."""

    @abstractmethod
    def emptiness(self, one: str) -> str:
        """How full it is, as a truth value."""

    @abstractmethod
    def elsewhere(self, here: Here) -> list[str]:
        """It is stored in a record, or otherwise; nothing: in a cell."""

    def helper(self, returns: str, kind: str = "") -> list[str]:
        item = "bool" if self.world.item.kind == "flag" else "int"
        first = [] if self.world.helpers else [line.format(item=item) for line in self.helpers]
        return first + super().helper(returns, kind)

    # --- values -----------------------------------------------------------------------------------------

    def item(self, here: Here, depth: int) -> str:
        """An item, mostly."""
        return self.value(here, self.world.item, depth)

    def several(self, here: Here, depth: int) -> str:
        """Such a value."""
        d = depth - 1
        read = [] if here.pure else [f"{state}.{cell}" for state in here.states for cell in self.cells]
        read += [name for name, kind in here.names.items() if kind == WHOLE]
        read += [f"{name}.own9" for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if read and not here.pure:
            read.append(f"{here.states[0]}.y9[{self.member(here, self.world.index, d)}]")
        if depth <= 0 or self.maybe(0.3):
            return self.one(read or [f"c.{self.maker}({self.domain})"])
        way = self.one(self.ways)
        one = self.several(here, d)
        if way == "some":
            return f"c.{self.maker}({', '.join([self.domain, *(self.item(here, d) for _ in range(self.one(self.counts)))])})"
        if way == "gather":
            name, over, inner = self.each(here, d)
            return f"c.{self.maker}({self.domain}, ({name} for {name} in {over} if {self.condition(inner, d)}))"
        if way == "choose":
            return f"({one} if {self.condition(here, d)} else {self.several(here, d)})"
        if way == "pass":
            passed = f"bool({self.item(here, d)})" if self.world.item.kind == "flag" else self.item(here, d)
            return f"join9(c, {one}, {passed})"
        return self.changed(way, one, here, d)

    def records(self, here: Here, depth: int) -> str:
        """Such a value of records."""
        read = [] if here.pure else [f"{state}.{self.cell_of_records}" for state in here.states]
        read += [name for name, kind in here.names.items() if kind == RECORDS]
        if read and (depth <= 0 or self.maybe(0.5)):
            return self.one(read)
        return f"c.{self.maker}(W9, {', '.join(self.record(here, depth - 1) for _ in range(self.one([1, 2])))})"

    def record(self, here: Here, depth: int) -> str:
        """One record."""
        read = [name for name, kind in here.names.items() if kind == RECORD]
        if read and self.maybe(0.5):
            return self.one(read)
        if depth > 0 and self.maybe(0.4):
            return f"{self.taking}(c, {self.records(here, depth - 1)}, {self.number(here, depth - 1)})"
        return f"R9(f9={self.value(here, Domain('flag', 'Flag()', '0', '1'), depth - 1)})"

    def each(self, here: Here, depth: int) -> tuple[str, str, Here]:
        """A name, what it goes over, and what may be named there."""
        name = self.fresh("g")
        while name in here.names or name in here.handles:
            name = self.fresh("g")
        return name, self.several(here, depth), here.knowing(name, "int")

    def leaf(self, here: Here, depth: int = 0) -> str:
        return super().leaf(_without(here), depth)

    def number(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().number(here, depth)
        d = depth - 1
        one, kind = self.several(here, d), self.one(self.numbers)
        if kind == "sum":
            name, over, inner = self.each(here, d)
            return f"sum({self.number(inner, d)} for {name} in {over})"
        if kind == "records":
            name = self.fresh("h")
            return f"sum({name}.f9 for {name} in {self.records(here, d)} if {name} != {self.record(here, d)})"
        if kind in ("len", "size"):
            return f"{'len' if kind == 'len' else 'size9'}({one})"
        return self.number_of(kind, one, here, d)

    def truth(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().truth(here, depth)
        d = depth - 1
        one, kind = self.several(here, d), self.one(["in", "in", "record", "all", "same", "empty"])
        if kind == "in":
            return f"({self.number(here, d)} {self.one(['in', 'not in'])} {one})"
        if kind == "record":
            return f"({self.record(here, d)} {self.one(['in', 'not in'])} {self.records(here, d)})"
        if kind == "all":
            name, over, inner = self.each(here, d)
            return f"{self.one(['any', 'all'])}({self.condition(inner, d)} for {name} in {over})"
        return self.emptiness(one) if kind == "empty" else f"({one} {self.one(['==', '!='])} {self.several(here, d)})"

    # --- statements -------------------------------------------------------------------------------------

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
        kind = self.one([WHOLE, WHOLE, RECORDS, RECORD])
        name = self.fresh({WHOLE: "some", RECORDS: "many", RECORD: "only"}[kind])
        value = {WHOLE: self.several, RECORDS: self.records, RECORD: self.record}[kind]
        return [f"{name} = {value(here, 2)}"], here.knowing(name, kind)

    def stored(self, here: Here) -> list[str]:
        """A cell or a local takes one."""
        here = replace(here, ghosts=False)
        mine = [name for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if mine and (self.maybe(0.4) or here.pure):
            return [f"{mine[0]}.own9 = {self.several(here, 2)}"]
        if here.pure or not here.states:
            return ["pass"]
        lines = self.elsewhere(here)
        if lines:
            return lines
        place = self.one(["z9", f"y9[{self.member(here, self.world.index, 1)}]"])
        return [f"{here.states[0]}.{place} = {self.several(here, 2)}"]


def _without(here: Here) -> Here:
    """What may be named where such values may not."""
    return replace(here, names={n: of for n, of in here.names.items() if of not in (WHOLE, RECORDS, RECORD)})


def repeating(name: str, seed: int | str, world: Callable[[Random], RepeatingWorld],
              writer: Callable[[RepeatingWorld, float], RepeatingText]) -> Made:
    """The specification of a number; every second text is spoiled."""
    chance = Random(f"{name} {seed}")
    text = writer(world(chance), chance.choice([0.0, 0.0, 0.03]))
    whole = "\n".join(text.whole()) + "\n"
    whole = whole.replace("from enum import IntEnum\n", "from typing import Annotated\nfrom enum import IntEnum\n", 1)
    return Made(spoiled(whole, chance) if isinstance(seed, int) and seed % 2 else whole, [text.setting()])


__all__ = ["RepeatingText", "RepeatingWorld", "repeating"]
