"""Bounded sequences, in texts of their own: made, joined, asked and gone over, in cells, locals, names and helpers."""

from __future__ import annotations

from .expressions import Here
from .repeating import RepeatingText, RepeatingWorld, repeating
from .texts import Made
from .world import Domain

HELPERS = ["def join9(c: C, q: Q9, k: {item}) -> Q9:", "    return q if q.full else q.append(k)", "",
           "def size9(q: Annotated[Sequence, Q9]) -> int:", "    return len(q)", "",
           "def front9(c: C, r: W9, k: int) -> R9:", "    return r.first if not r.empty else R9(f9=k % 2)", ""]


def queueing(seed: int | str) -> Made:
    """The specification with sequences of a number; every second text is spoiled."""
    return repeating("queueing", seed, QueueingWorld, QueueingText)


class QueueingWorld(RepeatingWorld):
    """Declares sequences of one domain, and of records, and cells that hold them."""

    own = '    own9: int = local(Q9, "its sequence")'

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


class QueueingText(RepeatingText):
    """Writes what `FurtherText` writes, and sequences."""

    helpers, maker, domain, taking = HELPERS, "sequence", "Q9", "front9"
    cells, cell_of_records, counts = ("z9", "o9.q9"), "w9", [0, 1, 2]
    ways = ["some", "gather", "append", "rest", "choose", "pass", "together", "record"]
    numbers = ["len", "size", "sum", "first", "at", "records", "divided"]

    def changed(self, way: str, one: str, here: Here, depth: int) -> str:
        if way == "append":
            more = f"{one}.append({self.item(here, depth)})"
            return more if self.maybe(self.wild) else f"({one} if {one}.full else {more})"
        if way == "rest":
            return f"{one}.rest" if self.maybe(self.wild) else f"({one} if {one}.empty else {one}.rest)"
        if way == "record":
            return f"O9(q9={one}).with_(q9={self.several(here, depth)}).q9"
        return f"({one} + {one} if len({one}) * 2 < 3 else {one})"

    def number_of(self, kind: str, one: str, here: Here, depth: int) -> str:
        if kind == "first":
            return f"({one}.first if not {one}.empty else {self.number(here, depth)})" if not self.maybe(self.wild) else f"{one}.first"
        if kind == "at":
            return f"{one}[{self.number(here, depth)}]" if self.maybe(self.wild) else f"({one}[len({one}) - 1] if len({one}) > 0 else 0)"
        return f"({self.number(here, depth)} {self.one(['//', '%'])} (len({one}) - 1 or {self.one([2, -2])}))"

    def emptiness(self, one: str) -> str:
        return f"{one}.{self.one(['full', 'empty'])}"

    def elsewhere(self, here: Here) -> list[str]:
        state, kind = here.states[0], self.one(["record", "records", "cell", "cell", "cell", "more"])
        if kind == "record":
            return [f"{state}.o9 = O9(q9={self.several(here, 2)})"]
        if kind == "records":
            return [f"{state}.w9 = {self.records(here, 2)}"]
        return [f"if {state}.z9.empty:", f"    {state}.z9 += {self.several(here, 1)}"] if kind == "more" else []


__all__ = ["queueing"]
