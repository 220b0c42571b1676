"""Bounded sequences, in texts of their own: made, joined, asked and gone over, in cells, locals, names and helpers."""

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
"""How often an expression or a statement is about a sequence."""

SEQUENCE, RECORDS, RECORD = "sequence", "sequence of records", "record"
"""What a name is that holds one."""

HELPERS = ["def join9(c: C, q: Q9, k: {item}) -> Q9:", "    return q if q.full else q.append(k)", "",
           "def size9(q: Annotated[Sequence, Q9]) -> int:", "    return len(q)", "",
           "def front9(c: C, r: W9, k: int) -> R9:", "    return r.first if not r.empty else R9(f9=k % 2)", ""]


def queueing(seed: int | str) -> Made:
    """The specification with sequences of a number; every second text is spoiled."""
    chance = Random(f"queueing {seed}")
    text = QueueingText(QueueingWorld(chance), chance.choice([0.0, 0.0, 0.03]))
    lines = text.whole()
    whole = "\n".join(lines) + "\n"
    whole = whole.replace("from enum import IntEnum\n", "from typing import Annotated\nfrom enum import IntEnum\n", 1)
    return Made(spoiled(whole, chance) if isinstance(seed, int) and seed % 2 else whole, [text.setting()])


class QueueingWorld(FurtherWorld):
    """Declares sequences of one domain, and of records, and cells that hold them."""

    item: Domain
    index: str

    def _state(self) -> list[str]:
        domains = [self.domain() for _ in range(4)]
        self.item = next((d for d in domains if d.kind != "process" and not d.text.startswith("Range(0, 85")), domains[0])
        if self.item.kind == "process" or self.item.high.startswith(("85", "10995")):
            self.item = Domain("flag", "Flag()", "0", "1")
        self.index = self.one(self.sets)
        most = self.one(["2", "3", f'lambda n: n["{self.index}"]'])
        return ["class R9(Record):", '    """A record."""', '    f9: int = field(Flag(), "a flag")', "",
                f"Q9 = SequenceOf({self.item.text}, {most})", "W9 = SequenceOf(RecordOf(R9), 2)", "",
                "class O9(Record):", '    """A record with a sequence in it."""', '    q9: int = field(Q9, "a sequence")', "",
                *super()._state()[:-1], '    z9: int = variable(Q9, "a sequence")', '    o9: O9 = variable(RecordOf(O9), "a record")',
                '    w9: int = variable(W9, "records in order")', f'    y9 = table({self.index}, of=Q9, meaning="sequences")', ""]

    def _kinds(self) -> list[str]:
        lines = super()._kinds()
        for kind in self.real_kinds():
            at = next(i for i, line in enumerate(lines) if line.startswith(f"class {kind.name}("))
            lines.insert(at + 2, '    own9: int = local(Q9, "its sequence")')
        return lines


class QueueingText(FurtherText):
    """Writes what `FurtherText` writes, and sequences."""

    world: QueueingWorld

    def helper(self, returns: str, kind: str = "") -> list[str]:
        item = self.world.item
        first = [] if self.world.helpers else [line.format(item="bool" if item.kind == "flag" else "int") for line in HELPERS]
        return first + super().helper(returns, kind)

    # --- sequences --------------------------------------------------------------------------------------

    def item(self, here: Here, depth: int) -> str:
        """An item, mostly."""
        return self.value(here, self.world.item, depth)

    def queue(self, here: Here, depth: int) -> str:
        """A sequence."""
        d = depth - 1
        read = [] if here.pure else [f"{state}.{name}" for state in here.states for name in ("z9", "o9.q9")]
        read += [name for name, kind in here.names.items() if kind == SEQUENCE]
        read += [f"{name}.own9" for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if read and not here.pure:
            read.append(f"{here.states[0]}.y9[{self.member(here, self.world.index, d)}]")
        if depth <= 0 or self.maybe(0.3):
            return self.one(read or ["c.sequence(Q9)"])
        kind = self.one(["some", "gather", "append", "rest", "choose", "pass", "together", "record"])
        one = self.queue(here, d)
        if kind == "some":
            return f"c.sequence({', '.join(['Q9', *(self.item(here, d) for _ in range(self.one([0, 1, 2])))])})"
        if kind == "gather":
            name, over, inner = self.each(here, d)
            return f"c.sequence(Q9, ({name} for {name} in {over} if {self.condition(inner, d)}))"
        if kind == "append":
            more = f"{one}.append({self.item(here, d)})"
            return more if self.maybe(self.wild) else f"({one} if {one}.full else {more})"
        if kind == "rest":
            return f"{one}.rest" if self.maybe(self.wild) else f"({one} if {one}.empty else {one}.rest)"
        if kind == "choose":
            return f"({one} if {self.condition(here, d)} else {self.queue(here, d)})"
        if kind == "pass":
            passed = f"bool({self.item(here, d)})" if self.world.item.kind == "flag" else self.item(here, d)
            return f"join9(c, {one}, {passed})"
        if kind == "record":
            return f"O9(q9={one}).with_(q9={self.queue(here, d)}).q9"
        return f"({one} + {one} if len({one}) * 2 < 3 else {one})"

    def records(self, here: Here, depth: int) -> str:
        """A sequence of records."""
        read = [] if here.pure else [f"{state}.w9" for state in here.states]
        read += [name for name, kind in here.names.items() if kind == RECORDS]
        if read and (depth <= 0 or self.maybe(0.5)):
            return self.one(read)
        return f"c.sequence(W9, {', '.join(self.record(here, depth - 1) for _ in range(self.one([1, 2])))})"

    def record(self, here: Here, depth: int) -> str:
        read = [name for name, kind in here.names.items() if kind == RECORD]
        if read and self.maybe(0.5):
            return self.one(read)
        if depth > 0 and self.maybe(0.4):
            return f"front9(c, {self.records(here, depth - 1)}, {self.number(here, depth - 1)})"
        return f"R9(f9={self.value(here, Domain('flag', 'Flag()', '0', '1'), depth - 1)})"

    def each(self, here: Here, depth: int) -> tuple[str, str, Here]:
        """A name, a sequence that it goes over, and what may be named there."""
        name = self.fresh("g")
        while name in here.names or name in here.handles:
            name = self.fresh("g")
        return name, self.queue(here, depth), here.knowing(name, "int")

    def leaf(self, here: Here, depth: int = 0) -> str:
        return super().leaf(_without(here), depth)

    def number(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().number(here, depth)
        d = depth - 1
        one, kind = self.queue(here, d), self.one(["len", "size", "sum", "first", "at", "records", "divided"])
        if kind == "sum":
            name, over, inner = self.each(here, d)
            return f"sum({self.number(inner, d)} for {name} in {over})"
        if kind == "first":
            return f"({one}.first if not {one}.empty else {self.number(here, d)})" if not self.maybe(self.wild) else f"{one}.first"
        if kind == "at":
            return f"({one}[len({one}) - 1] if len({one}) > 0 else 0)" if not self.maybe(self.wild) else f"{one}[{self.number(here, d)}]"
        if kind == "divided":
            return f"({self.number(here, d)} {self.one(['//', '%'])} (len({one}) - 1 or {self.one([2, -2])}))"
        if kind == "records":
            name = self.fresh("h")
            return f"sum({name}.f9 for {name} in {self.records(here, d)} if {name} != {self.record(here, d)})"
        return f"{'len' if kind == 'len' else 'size9'}({one})"

    def truth(self, here: Here, depth: int) -> str:
        if depth <= 0 or not self.maybe(OFTEN):
            return super().truth(here, depth)
        d = depth - 1
        one, kind = self.queue(here, d), self.one(["in", "in", "record", "all", "same", "full"])
        if kind == "in":
            return f"({self.number(here, d)} {self.one(['in', 'not in'])} {one})"
        if kind == "record":
            return f"({self.record(here, d)} {self.one(['in', 'not in'])} {self.records(here, d)})"
        if kind == "all":
            name, over, inner = self.each(here, d)
            return f"{self.one(['any', 'all'])}({self.condition(inner, d)} for {name} in {over})"
        if kind == "full":
            return f"{one}.{self.one(['full', 'empty'])}"
        return f"({one} {self.one(['==', '!='])} {self.queue(here, d)})"

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
        kind = self.one([SEQUENCE, SEQUENCE, RECORDS, RECORD])
        name = self.fresh({SEQUENCE: "some", RECORDS: "many", RECORD: "only"}[kind])
        value = {SEQUENCE: self.queue, RECORDS: self.records, RECORD: self.record}[kind]
        return [f"{name} = {value(here, 2)}"], here.knowing(name, kind)

    def stored(self, here: Here) -> list[str]:
        """A cell or a local takes a sequence."""
        here = replace(here, ghosts=False)
        mine = [name for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]
        if mine and (self.maybe(0.4) or here.pure):
            return [f"{mine[0]}.own9 = {self.queue(here, 2)}"]
        if here.pure or not here.states:
            return ["pass"]
        state, kind = here.states[0], self.one(["record", "records", "cell", "cell", "cell", "more"])
        if kind == "record":
            return [f"{state}.o9 = O9(q9={self.queue(here, 2)})"]
        if kind == "records":
            return [f"{state}.w9 = {self.records(here, 2)}"]
        if kind == "more":
            return [f"if {state}.z9.empty:", f"    {state}.z9 += {self.queue(here, 1)}"]
        place = self.one(["z9", f"y9[{self.member(here, self.world.index, 1)}]"])
        return [f"{state}.{place} = {self.queue(here, 2)}"]


def _without(here: Here) -> Here:
    """What may be named where sequences may not."""
    return replace(here, names={n: of for n, of in here.names.items() if of not in (SEQUENCE, RECORDS, RECORD)})


__all__ = ["queueing"]
