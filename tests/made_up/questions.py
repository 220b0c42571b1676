"""Questions about states, each as a text and as what it means: a function of a state, written beside the text.

A question is asked in four ways that must agree: evaluated here, on terms over every state of the types, and by plain and
compiled search over the states that are reached.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from snapproof.spec.domains import Domain, Flag, Mask, Range
from snapproof.spec.errors import EvaluationError, PropertyError
from snapproof.spec.instance import Cells, Instance, Slot
from snapproof.spec.machine import Machine
from snapproof.spec.processes import Process

Meaning = Callable[[Cells], int]
SIGNS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
OPERATORS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "&": operator.and_, "|": operator.or_, "^": operator.xor}


class Outside(Exception):
    """An index leaves its set: the question means nothing in this state."""


@dataclass(frozen=True)
class Value:
    """A value: its text, what it is in a state, and the domain that its names belong to (None: any number)."""

    text: str
    of: Meaning
    domain: Domain | None = None


@dataclass(frozen=True)
class Question:
    """A condition: its text, and whether it holds in a state."""

    text: str
    of: Meaning


class Questions:
    """Makes questions about the states of an instance."""

    def __init__(self, instance: Instance, chance: Random) -> None:
        self.instance, self.chance, self.sizes = instance, chance, instance.sizes
        self.machine = Machine(instance, [])
        self.slots = [s for s in instance.slots.values() if s.kind is None]
        self.mine = {(kind.member(i), i): [s for s in instance.slots.values() if s.kind is kind] for kind, i in instance.processes}

    def one(self, options: Any) -> Any:
        return self.chance.choice(list(options))

    def maybe(self, likely: float) -> bool:
        return self.chance.random() < likely

    # --- conditions -----------------------------------------------------------------------------------

    def question(self, depth: int) -> Question:
        kinds = ["compare", "compare", "flag", "has", "property", "chain", "named", "step"]
        kind = self.one(kinds + ["and", "or", "not"] * (depth > 0) * 2)
        if kind in ("and", "or"):
            parts = [self.question(depth - 1) for _ in range(self.one([2, 2, 3]))]
            gather = all if kind == "and" else any
            return Question("(" + f" {kind} ".join(p.text for p in parts) + ")", lambda s: int(gather(p.of(s) for p in parts)))
        if kind == "not":
            inner = self.question(depth - 1)
            return Question(f"(not {inner.text})", lambda s: int(not inner.of(s)))
        return {"flag": self.flag, "has": self.has, "property": self.property, "chain": self.chain, "named": self.named, "step": self.step,
                "compare": self.compare}[kind]()

    def compare(self) -> Question:
        left, right = self.number(2), self.number(1)
        sign = self.one(SIGNS)
        return Question(f"{left.text} {sign} {right.text}", lambda s: int(SIGNS[sign](left.of(s), right.of(s))))

    def chain(self) -> Question:
        items = [self.number(1) for _ in range(3)]
        signs = [self.one(SIGNS) for _ in range(2)]

        def holds(s: Cells) -> int:
            # As for all readings, what stands behind a false comparison is not looked at.
            return int(SIGNS[signs[0]](items[0].of(s), items[1].of(s)) and SIGNS[signs[1]](items[1].of(s), items[2].of(s)))

        return Question(f"{items[0].text} {signs[0]} {items[1].text} {signs[1]} {items[2].text}", holds)

    def named(self) -> Question:
        """A value beside the name of one: a member, an enumeration's, a process, a set of members."""
        value = self.read()
        assert value.domain is not None
        low, high = value.domain.bounds(self.sizes)
        number = self.chance.randint(low, min(high, low + 9))
        shown = value.domain.show(number, self.sizes)
        name = f"[{', '.join(shown)}]" if isinstance(shown, list) else str(shown).lower() if isinstance(shown, bool) else str(shown)
        if isinstance(value.domain, Flag) and self.maybe(0.3):
            name = name.capitalize()
        sign = self.one(["==", "!=", self.one(SIGNS)])
        if self.maybe(0.25):
            return Question(f"{name} {sign} {value.text}", lambda s: int(SIGNS[sign](number, value.of(s))))
        return Question(f"{value.text} {sign} {name}", lambda s: int(SIGNS[sign](value.of(s), number)))

    def step(self) -> Question:
        """Where a process is."""
        if not self.mine:
            return self.named()
        (name, i), slots = self.one(self.mine.items())
        slot = next(s for s in slots if s.name == "step")
        number = self.chance.randint(slot.low, slot.high)
        sign = self.one(["==", "!="])
        text = f"{name}.step {sign} {slot.domain.show(number, self.sizes)}"
        return Question(text, lambda s: int(SIGNS[sign](s[slot.offset + i], number)))

    def flag(self) -> Question:
        flags = [v for v in (self.read() for _ in range(6)) if isinstance(v.domain, Flag)]
        return Question(flags[0].text, flags[0].of) if flags else self.has()

    def has(self) -> Question:
        masks = [v for v in (self.read() for _ in range(8)) if isinstance(v.domain, Mask)]
        if not masks:
            return self.compare()
        of = masks[0].domain.of  # type: ignore[union-attr]
        index, number = self.index(of)
        mask = masks[0].of

        def holds(s: Cells) -> int:
            places = number(s)
            if places < 0:
                raise Outside
            return mask(s) >> places & 1

        return Question(f"has({masks[0].text}, {index})", holds)

    def property(self) -> Question:
        fits = [p for p in self.instance.spec.properties.values() if p.kind in ("invariant", "witness")]
        if not fits:
            return self.named()
        p, machine = self.one(fits), self.machine

        def holds(s: Cells) -> int:
            try:
                for values in machine.choices_of(p, 2):
                    machine.thaw(s)
                    if not machine._judge(p, machine.state, machine.scope, *machine._arguments(p, 2, values)):
                        return 0
            except PropertyError:
                raise Outside from None
            return 1

        return Question(p.id, holds)

    # --- values ---------------------------------------------------------------------------------------

    def number(self, depth: int) -> Value:
        """Something to be compared as a number; names have no place here."""
        if depth > 0 and self.maybe(0.4):
            a, b, sign = self.number(depth - 1), self.number(depth - 1), self.one(OPERATORS)
            return Value(f"({a.text} {sign} {b.text})", lambda s: OPERATORS[sign](a.of(s), b.of(s)))
        kind = self.one(["read", "read", "known", "count"])
        if kind == "count":
            masks = [v for v in (self.read() for _ in range(6)) if isinstance(v.domain, Mask)]
            if masks:
                return Value(f"count({masks[0].text})", lambda s: bin(masks[0].of(s)).count("1"))
        if kind == "known":
            known = self.one([0, 1, 2, 3, -1, -2, 7, 100])
            return Value(str(known), lambda s: known)
        reads = [v for v in (self.read() for _ in range(6)) if isinstance(v.domain, (Range, Flag, Mask))]
        return reads[0] if reads else Value("1", lambda s: 1)

    def read(self) -> Value:
        """A variable, a cell of a table, or a local."""
        if self.mine and self.maybe(0.4):
            (name, i), slots = self.one(self.mine.items())
            slot = self.one([s for s in slots if s.name not in ("command", "position")])
            return Value(f"{name}.{slot.name}", lambda s: s[slot.offset + i], slot.domain)
        slot = self.one(self.slots)
        variable = self.instance.spec.state.variables[slot.name]
        if not variable.indices:
            return Value(slot.name, lambda s: s[slot.offset], slot.domain)
        return self.cell(slot, list(variable.indices))

    def cell(self, slot: Slot, sets: list[Any]) -> Value:
        indices = [self.index(of) for of in sets]

        def found(s: Cells) -> int:
            flat = 0
            for (_, number), size in zip(indices, slot.sizes, strict=True):
                i = number(s)
                if not 0 <= i < size:
                    raise Outside
                flat = flat * size + i
            return s[slot.offset + flat]

        return Value(f"{slot.name}[{', '.join(text for text, _ in indices)}]", found, slot.domain)

    def index(self, of: Any) -> tuple[str, Meaning]:
        """A member by its name, by its number, or by what a variable is."""
        number = self.chance.randrange(of.count(self.sizes))
        if self.maybe(0.6):
            return of.member(number), lambda s: number
        if self.maybe(0.6):
            return str(number), lambda s: number
        plain = [s for s in self.slots if not s.sizes]
        if not plain:
            return str(number), lambda s: number
        slot = self.one(plain)
        return slot.name, lambda s: s[slot.offset]

    # --- questions that are none ------------------------------------------------------------------------

    def refused(self) -> list[tuple[str, str]]:
        """Questions that must be refused, each with a word of the refusal."""
        v = self.read()
        tables = [s for s in self.slots if s.sizes]
        plain = [s for s in self.slots if not s.sizes]
        good = self.question(1).text
        options = [
            (f"{v.text} == nobody9", "not a value"), ("nothing9", "means nothing"), (f"nothing9[{v.text}] == 1", "no table"),
            ("X9.step == 1", "no process"), (f"{good} and", "character"), (f"({good}", "character"), (f"{good} 1 == 1", "character"),
            (f"{v.text} in (1, 2)", "outside"), (f"{v.text} is 1", "not known"), (f"{v.text} == 1.5", "outside"),
            (f"{v.text} == 'x'", "outside"),
            (f"{v.text} / 2 == 1", "outside"), (f"{v.text} ** 2 == 1", "outside"), (f"min({v.text}, 1) == 1", "cannot be called"),
            (f"has({v.text}) == 1", "cannot be called"), (f"count({v.text}, 1) == 1", "cannot be called"), ("has(3, 1)", "not a set"),
            ("count(3) == 1", "not a set"), (f"{v.text} == {1 << 62}", "too large"), (f"lambda: {v.text}", "outside"), ("", "character"),
            (f"{v.text} + 1", "not a condition"), ("3", "not a condition"), ("a\nb", "cannot be printed"),
            (f"{v.text} == 1 " + "and 1 == 1 " * 600, "characters"), ("not " * 120 + "1 == 1", "nested"), ("-" * 3900 + "1 == 1", "nested"),
             ("[1] == [2]", "list"),
            (f"{v.text} == 1 if 1 else 2", "outside"), ("(x0 := 1)", "outside"), ("has(x=1)", "cannot be called")]
        options += [(f"{s.name} == 1", "is a table") for s in tables]
        options += [(f"{s.name}[{', '.join('0' * (len(s.sizes) + 1))}] == 1", "indices") for s in tables]
        options += [(f"{s.name}[nobody9] == 1", "not a member|indices") for s in tables]
        options += [(f"{s.name}[0] == 1", "indices") for s in plain]
        options += [(f"{s.name} == [{s.name}]", "not a value|list|not a member") for s in plain]
        options += [(f"{s.name} == [1]", "list") for s in plain] + [(f"{s.name} == [Z9]", "list|not a member") for s in plain]
        options += [(f"{name}.nothing == 1", "no local") for name, _ in self.mine]
        options += [(p.id, "a state alone") for p in self.instance.spec.properties.values() if p.kind == "transition"]
        named = [(s, t) for s in plain for t in plain if self._apart(s, t)]
        options += [(f"{s.name} == {t.name}", "different kinds") for s, t in named]
        return options

    def _apart(self, s: Slot, t: Slot) -> bool:
        """Do all values of two variables have names, and none in common?"""
        names = [{self._name(x, v) for v in range(x.low, x.high + 1)} if x.high - x.low < 50 and not isinstance(x.domain, (Flag, Mask))
                 else {None} for x in (s, t)]
        return None not in names[0] | names[1] and not names[0] & names[1]

    def _name(self, slot: Slot, value: int) -> str | None:
        shown = slot.domain.show(value, self.sizes)
        return shown if isinstance(shown, str) else None

    def spoiled(self, text: str) -> str:
        """A question with a slip of the pen."""
        words = ["A1", "B1", "x0", "x1", "nobody", "none", "RED", "ON", "W1", "V1", "W1.step", "P0", "1", "-1", "true", "[", "]", "(", ")",
                 ",", "==", "<", "not", "and", "has(", "count(", "[A1]", "x0[A1]", ".", "step", "next_command", "0"]
        parts = text.replace("(", " ( ").replace(")", " ) ").replace("[", " [ ").replace("]", " ] ").replace(",", " , ").split()
        i, j = self.chance.randrange(len(parts)), self.chance.randrange(len(parts))
        kind = self.one(["other", "other", "lost", "more", "swap"])
        if kind == "other":
            parts[i] = self.one(words)
        elif kind == "lost":
            del parts[i]
        elif kind == "more":
            parts.insert(i, self.one(words))
        else:
            parts[i], parts[j] = parts[j], parts[i]
        return " ".join(parts)


def meaning(question: Question, cells: Cells) -> int | None:
    """Does it hold in a state?  None where an index leaves its set."""
    try:
        return question.of(cells)
    except (Outside, EvaluationError):
        return None


__all__ = ["Question", "Questions", "meaning", "Process"]
