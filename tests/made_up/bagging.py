"""Bags, in texts of their own: made, changed, asked and gone over, in cells, locals, names and helpers."""

from __future__ import annotations

from .expressions import Here
from .repeating import RepeatingText, RepeatingWorld, repeating
from .texts import Made
from .world import Domain

HELPERS = ["def join9(c: C, b: B9, k: {item}) -> B9:", "    return b.without(k) if k in b else b.with_(k)", "",
           "def size9(b: Annotated[Bag, B9]) -> int:", "    return len(b)", "",
           "def last9(c: C, r: W9, k: int) -> R9:", "    found = R9(f9=k % 2)", "    for m in r:", "        found = m",
           "    return found", ""]

SMALL = ("member", "flag", "oneof", "maybe")
"""Domains of which there are few values at any size."""


def bagging(seed: int | str) -> Made:
    """The specification with bags of a number; every second text is spoiled."""
    return repeating("bagging", seed, BaggingWorld, BaggingText)


class BaggingWorld(RepeatingWorld):
    """Declares bags of one domain, and of records, and cells that hold them."""

    own = '    own9: int = local(B9, "its bag")'

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


class BaggingText(RepeatingText):
    """Writes what `FurtherText` writes, and bags."""

    helpers, maker, domain, taking = HELPERS, "bag", "B9", "last9"
    cells, cell_of_records, counts = ("z9",), "o9.b9", [0, 1, 1]
    ways = ["some", "gather", "with", "without", "choose", "pass"]
    numbers = ["len", "size", "sum", "count", "count", "records"]

    def changed(self, way: str, one: str, here: Here, depth: int) -> str:
        item = self.one(["0", "1", f"({self.item(here, depth)})"]) if self.world.item.kind != "flag" else self.one(["False", "True"])
        safe = f"{one}.count({item}) < 1" if way == "with" else f"{item} in {one}"
        changed = f"{one}.{'with_' if way == 'with' else 'without'}({item})"
        return changed if self.maybe(self.wild) else f"({changed} if {safe} and {item} < 2 else {one})"

    def number_of(self, kind: str, one: str, here: Here, depth: int) -> str:
        if self.maybe(0.6):
            return f"{one}.count({self.number(here, depth)})"
        return f"{self.records(here, depth)}.count({self.record(here, depth)})"

    def emptiness(self, one: str) -> str:
        return f"{one}.empty"

    def elsewhere(self, here: Here) -> list[str]:
        return [f"{here.states[0]}.o9 = O9(b9={self.records(here, 2)})"] if self.maybe(0.3) else []


__all__ = ["bagging"]
