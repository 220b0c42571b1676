"""Records, in texts of their own: made, looked into, compared, stored in cells and locals, kept in names, passed and returned."""

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
"""How often an expression or a statement is about a record."""

HELPERS = ["def pass9(c: C, r: R9, k: int) -> R9:", "    if k > 1:", "        return r", "    return r.with_({field}={value})", ""]


def recording(seed: int | str) -> Made:
    """The specification with records of a number; every second text is spoiled."""
    chance = Random(f"recording {seed}")
    text = RecordingText(RecordingWorld(chance), chance.choice([0.0, 0.0, 0.03]))
    lines = text.whole()
    whole = "\n".join(lines) + "\n"
    return Made(spoiled(whole, chance) if isinstance(seed, int) and seed % 2 else whole, [text.setting()])


class RecordingWorld(FurtherWorld):
    """Declares two classes of records, the second with the first in it, and cells that hold them."""

    fields: dict[str, dict[str, Domain]]
    index: str

    def _state(self) -> list[str]:
        self.fields = {"R8": self._fields("a"), "R9": self._fields("b")}
        self.fields["R9"]["inner"] = Domain("record", "RecordOf(R8)", "0", "0", "R8")
        if self.maybe(0.5):
            self.fields["R9"] |= self._fields("d")
        lines = []
        for name, fields in self.fields.items():
            lines += [f"class {name}(Record):", '    """A record."""', "    class E9(IntEnum):", "        ZERO, ONE = 0, 1"]
            lines += [f'    {f}: int = field({d.text}, "field {f}"{self._initial(d) if d.of != "R8" else ""})' for f, d in fields.items()]
            lines.append("")
        lines += super()._state()[:-1]
        lines.append('    m9: R9 = variable(RecordOf(R9), "a record")')
        self.index = self.one(self.sets)
        return [*lines, f'    t9 = table({self.index}, of=RecordOf(R8), meaning="records")', ""]

    def _fields(self, stem: str) -> dict[str, Domain]:
        domains = [self.domain() for _ in range(self.one([1, 2, 2, 3]))]
        return {f"{stem}{i}": d if d.text not in WIDE else Domain("flag", "Flag()", "0", "1") for i, d in enumerate(domains)}

    def _kinds(self) -> list[str]:
        lines = super()._kinds()
        for kind in self.real_kinds():
            at = next(i for i, line in enumerate(lines) if line.startswith(f"class {kind.name}("))
            lines.insert(at + 2, '    own9: R8 = local(RecordOf(R8), "its record")')
        return lines


class RecordingText(FurtherText):
    """Writes what `FurtherText` writes, and records."""

    world: RecordingWorld

    def helper(self, returns: str, kind: str = "") -> list[str]:
        if self.world.helpers:
            return super().helper(returns, kind)
        field = self.one([f for f in self.world.fields["R9"] if f != "inner"])
        here = Here((), {}, {"k": "int"}, pure=True)
        value = self.value(here, self.world.fields["R9"][field], 1)
        return [line.format(field=field, value=value) for line in HELPERS] + super().helper(returns, kind)

    # --- records --------------------------------------------------------------------------------------

    def record(self, here: Here, of: str, depth: int) -> str:
        """A record of a class."""
        read = [] if here.pure or not here.states else [f"{state}.m9" + ".inner" * (of == "R8") for state in here.states]
        if read and of == "R8":
            read.append(f"{here.states[0]}.t9[{self.member(here, self.world.index, depth - 1)}]")
        read += [name for name, kind in here.names.items() if kind == of]
        read += [f"{name}.own9" for name in self.mine(here) if of == "R8"]
        if depth <= 0 and read or read and self.maybe(0.3):
            return self.one(read)
        kind = self.one(["make", "with", "choose", "pass"]) if depth > 0 and read else "make"
        if kind == "with":
            some = {f: d for f, d in self.world.fields[of].items() if self.maybe(0.5)} or dict(list(self.world.fields[of].items())[:1])
            return f"{self.record(here, of, depth - 1)}.with_({self.given(here, some, depth - 1)})"
        if kind == "choose":
            return f"({self.record(here, of, depth - 1)} if {self.condition(here, depth - 1)} else {self.record(here, of, depth - 1)})"
        if kind == "pass" and of == "R9":
            return f"pass9(c, {self.record(here, of, depth - 1)}, {self.number(here, depth - 1)})"
        return f"{of}({self.given(here, self.world.fields[of], depth - 1)})"

    def mine(self, here: Here) -> list[str]:
        """The process that moves, where its kind has members."""
        return [name for name, kind in here.handles.items() if name == here.mover and self.world.kind(kind).letter]

    def given(self, here: Here, fields: dict[str, Domain], depth: int) -> str:
        order = list(fields)
        self.world.chance.shuffle(order)
        return ", ".join(f"{f}={self.record(here, 'R8', depth) if f == 'inner' else self.value(here, fields[f], depth)}" for f in order)

    def part(self, here: Here, depth: int, flag: bool) -> str:
        """A field of a record; `flag`: one that is a truth value, if there is one."""
        of = self.one(["R8", "R9"])
        names = [f for f, d in self.world.fields[of].items() if f != "inner" and (not flag or d.kind == "flag")]
        return f"{self.record(here, of, depth - 1)}.{self.one(names)}" if names else ""

    def leaf(self, here: Here, depth: int = 0) -> str:
        found = super().leaf(_without(here), depth)
        return "R8.E9.ONE" if found == "1" else found

    def number(self, here: Here, depth: int) -> str:
        if depth > 0 and self.maybe(OFTEN):
            return self.part(here, depth, False)
        return super().number(here, depth)

    def truth(self, here: Here, depth: int) -> str:
        if depth > 0 and self.maybe(OFTEN):
            of = self.one(["R8", "R9"])
            same = f"({self.record(here, of, depth - 1)} {self.one(['==', '!='])} {self.record(here, of, depth - 1)})"
            return (self.part(here, depth, True) or same) if self.maybe(0.5) else same
        return super().truth(here, depth)

    def statement(self, here: Here, depth: int, writes: bool, ending: Ending | None) -> tuple[list[str], Here]:
        if not self.maybe(2 * OFTEN):
            return super().statement(here, depth, writes, ending)
        if writes and self.maybe(0.6):
            return self.stored(here), here
        of = self.one(["R8", "R9"])
        name = self.fresh("u" if of == "R8" else "v")
        return [f"{name} = {self.record(here, of, 2)}"], here.knowing(name, of)

    def stored(self, here: Here) -> list[str]:
        """A cell or a local takes a record."""
        here = replace(here, ghosts=False)
        mine = self.mine(here)
        if mine and (self.maybe(0.4) or here.pure):
            return [f"{mine[0]}.own9 = {self.record(here, 'R8', 2)}"]
        if here.pure or not here.states:
            return ["pass"]
        if self.maybe(0.5):
            return [f"{here.states[0]}.m9 = {self.record(here, 'R9', 2)}"]
        return [f"{here.states[0]}.t9[{self.member(here, self.world.index, 1)}] = {self.record(here, 'R8', 2)}"]


def _without(here: Here) -> Here:
    """What may be named where records may not."""
    return replace(here, names={n: of for n, of in here.names.items() if of not in ("R8", "R9")})


__all__ = ["recording"]
