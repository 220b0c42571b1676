"""Locals that belong to commands, in texts of their own: boxes of some commands use some locals, in figures that all of them call, too.

Every second text has a box that uses one which is not its own, or belongs to what there is not: it must be refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .texts import Made, Setting

WORDS = ["go", "run", "hop", "fly"]

DOMAINS = [("Flag()", "0", "1"), ("Range(0, 5)", "0", "5"), ("Range(-3, 2)", "-3", "2"), ("Maybe(A)", "-1", "c.size(A) - 1"),
           ("Mask(A)", "0", "(1 << c.size(A)) - 1"), ("Range(4, 4)", "4", "4"), ('Range(0, lambda n: n["A"] * 3)', "0", "c.size(A) * 3")]
"""Domains as text, with the expressions of their bounds."""

MISUSES = ["k9 = p.l9", "p.l9 = 1", "put9(p, 1)", "k9 = get9(p) + 1"]
"""Statements that no command may lead to but the one that the local belongs to."""

HEAD = """from __future__ import annotations
from snapproof.spec import *

class A(IndexSet, letter="A"):
    '''A set.'''

class S(State):
    x: int = variable(Range(0, 3), "a number")
    y = table(A, of=Range(0, 2), meaning="numbers")

class C(Scope):
    '''No switches.'''

class Base(Process):
    '''Has no members.'''

class W(Base, letter="W", programs=True):
    '''Carries out commands.'''
    always: int = local(Range(0, 2), "is there always")
    a: int = argument(Range(0, 1), "a number")
"""


@dataclass(frozen=True)
class Timed:
    """A local: the commands that it belongs to, its domain, and whether another process looks at it."""

    name: str
    during: tuple[str, ...]
    domain: tuple[str, str, str]
    looked_at: bool


def timing(seed: int) -> Made:
    """The specification with locals of commands of a number."""
    return Timing(Random(f"timing {seed}")).made("")


def mistimed(seed: int) -> tuple[str, str, str]:
    """The same with a use that must be refused: the text, words of the refusal, and what the mistake is."""
    text = Timing(Random(f"timing {seed}"))
    mistake, said = text.mistake(seed)
    return text.made(mistake).text, said, mistake


class Timing:
    """Writes one."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.words = WORDS[:chance.randint(2, 4)]
        self.locals = [Timed(f"l{i}", tuple(chance.sample(self.words, chance.choice([1, 1, 1, 2]))), chance.choice(DOMAINS),
                             chance.random() < 0.4) for i in range(chance.randint(2, 6))]
        self.pair: tuple[str, ...] = tuple(chance.sample(self.words, 2))

    def mistake(self, number: int) -> tuple[str, str]:
        """A statement for the first box of the first command, or what else is wrong, and words of its refusal."""
        self.locals.append(Timed("l9", (self.words[1],), DOMAINS[1], True))
        twice = f"during={self.locals[0].during[:1] * 2}"
        known = [*((statement, "no such command leads here") for statement in MISUSES),
                 ("for q9 in s.all(W):\n    q9.l9 = 1", "a process that does not move here"), ("act", "a process that does not move here"),
                 ("joint", f"{self.words[0]} leads here, too"), ("base", "runs no programs"), (twice, "twice"),
                 ("during=('none9',)", "none of this word"), ("during='go'", "not a tuple"), ("during=(1,)", "no word of a command")]
        return known[number % len(known)]

    # --- expressions ----------------------------------------------------------------------------------

    def term(self, locals: list[str], pure: bool) -> str:
        known = [f"p.{n}" for n in locals] * 2 + ["get0(p)"] * 3 * ("l0" in locals) + ["p.always", "p.a", "p.id", "1", "2", "c.size(A)"]
        return self.chance.choice(known + ([] if pure else ["s.x", "s.y[0]", "sum(s.y[i] for i in c.each(A))"]))

    def expression(self, locals: list[str], pure: bool = False) -> str:
        a, b = self.term(locals, pure), self.term(locals, pure)
        return self.chance.choice([a, f"{a} + {b}", f"{a} - {b}", f"{a} * 2 + {b}", f"min({a}, {b})", f"({a} if {b} > 0 else 3)"])

    def statements(self, mine: list[Timed], pure: bool) -> list[str]:
        """Some writes; each gives what the domain has."""
        names, lines = [v.name for v in mine], []
        for v in self.chance.sample(mine, self.chance.randint(0, len(mine))):
            _, low, high = v.domain
            value = f"{low} + ({self.expression(names, pure)}) % ({high} - ({low}) + 1)"
            lines.append(self.chance.choice([f"p.{v.name} = {value}", f"if {self.expression(names, pure)} > 1:\n    p.{v.name} = {value}"]))
        if not pure:
            lines += [f"s.x = ({self.expression(names)}) % 4"] * self.chance.choice([0, 1])
            lines += [f"s.y[0] = ({self.expression(names)}) % 3"] * self.chance.choice([0, 0, 1])
        return lines + [f"p.always = ({self.expression(names, pure)}) % 3"] * self.chance.choice([0, 0, 1])

    # --- boxes ----------------------------------------------------------------------------------------

    def of(self, *words: str) -> list[Timed]:
        """The locals that these commands may use in boxes to which all of them lead."""
        return [v for v in self.locals if set(words) <= set(v.during)]

    def box(self, name: str, lines: list[str], more: str = "", owner: str = "W") -> list[str]:
        body = [f"    {part}" for line in lines for part in line.split("\n")]
        return [f"@step({owner}, '{name}', {more or repr('Fig. 1')})", f"def {name}(s: S, c: C, p: {owner}) -> Next:",
                f"    '''Does {name}.'''", *body, ""]

    def onward(self, target: str) -> str:
        """Where a box leads: there, through the figure, or sometimes to the end."""
        call = f"F0.call(f0, out={target}{self.chance.choice(['', ', off=DONE', f', off={target}'])})"
        there = self.chance.choice([target, target, call])
        return f"return {there}" if self.chance.random() < 0.7 else f"return DONE if {self.expression([])} == 1 else {there}"

    def activity(self, word: str, mistake: str) -> list[str]:
        """The boxes of a command; two of the commands go on at the same box."""
        lines, count = [], self.chance.randint(1, 3)
        for i in range(count):
            last = "joint" if word in self.pair else "DONE"
            target = f"{word}{i + 1}" if i + 1 < count else last
            local = i > 0 and target != "DONE" and self.chance.random() < 0.5  # no local box ends what others may look at
            mine = [v for v in self.of(word) if not (local and v.looked_at)]
            body = self.statements(mine, local) + [f"return {target}" if local else self.onward(target)]
            if word == self.words[0] and i == 0 and (mistake in MISUSES or mistake.startswith("for")):
                body[:0] = [mistake]
            lines += self.box(f"{word}{i}", body, "'Fig. 1', local=True" if local else "")
        return lines

    def figure(self, mistake: str) -> list[str]:
        """What all commands may enter: it knows none of their locals."""
        self.pair = (self.words[0], self.words[1]) if mistake == "joint" else self.pair
        both = ["k9 = p.l9"] * (mistake == "joint") + self.statements(self.of(*self.pair), False) + ["return DONE"]
        inside = self.statements([], False) + [f"return F0.out if {self.expression([])} > 0 else f1"]
        leaves = self.statements([], False) + [f"return F0.{self.chance.choice(['out', 'off'])}"]
        return ["F0 = figure(W, 'f0', 'Fig. 9', exits=('out', 'off'), meaning='a figure')", *self.box("joint", both),
                *self.box("f0", inside, "F0"), *self.box("f1", leaves, "F0")]

    def properties(self) -> list[str]:
        names = [v.name for v in self.locals]
        boxes = [f"{word}0" for word in self.words]
        lines: list[str] = []
        for i, word in enumerate(["invariant", "invariant", "witness"]):
            test = f"({' + '.join(f'p.{n} * {k + 2}' for k, n in enumerate(names))} + p.idle + s.x) % 23 {'==' if i == 2 else '!='} {7 + i}"
            said = f"'I{i}'" if i == 2 else f"'I{i}', 'v'"
            lines += [f"@{word}({said})", f"def prop{i}(s: S, c: C, p: W) -> bool:", "    '''Is so.'''",
                      f"    return {test} {'and not' if i == 2 else 'or'} p.at({self.chance.choice(boxes)})", ""]
        n = self.chance.choice(names)
        return [*lines, f"@transition('T', 'v', steps=[{', '.join(self.chance.sample(boxes, 2))}])",
                "def prop9(s: S, t: S, c: C, p: W) -> bool:", "    '''Is so.'''", "    later = t.same(p)",
                f"    return later.{n} - p.{n} != {self.chance.choice([1, 2, 3])}", ""]

    def made(self, mistake: str) -> Made:
        out = [HEAD.rstrip("\n")]
        for i, v in enumerate(self.locals):
            text, low, high = v.domain
            given = not high.startswith(("c", "(")) and self.chance.random() < 0.5
            initial = f", initial={self.chance.choice([low, high])}" if given else ""
            during = f"during={v.during!r}" if i or not mistake.startswith("during") else mistake
            out.append(f'    {v.name}: int = local({text}, "a local"{initial}, {during})')
        out += ["", "class O(Base, letter='O', rest=True):", "    '''Looks at others.'''"]
        out += [f"    mine: int = local(Flag(), 'a flag', during=('{self.words[0]}',))"] * (mistake == "base")
        out += ["", "def get0(p: W) -> int:", "    return p.l0", ""]
        out += ["", "def get9(p: W) -> int:", "    return p.l9", "", "def put9(p: W, k: int) -> None:", "    p.l9 = k", ""] * bool(mistake)
        out += self.figure(mistake)
        for word in self.words:
            out += self.activity(word, mistake)
        seen = [f"p.{v.name}" for v in self.locals if v.looked_at] or ["0"]
        out += ["@step(O, 'look', 'Fig. 2')", "def look(s: S, c: C, o: O, p: W) -> Next:",
                "    '''Looks.'''", f"    if {self.chance.choice(seen)} < 1:", "        return WAIT",
                f"    s.x = ({' + '.join(seen)}) % 4", "    return DONE", ""]
        writes = ["@action", "def act(s: S, c: C, p: W) -> Signal:", "    '''Writes.'''", "    p.l9 = 1", "    return DONE", ""]
        out += writes * (mistake == "act")
        out += self.properties()
        for word in self.words:
            argument = ", 'a'" if self.chance.random() < 0.5 else ""
            out.append(f"{word.upper()} = command(W, {word!r}{argument}, first={word}0, meaning='does')")
        carried = [word + " *" * any(line.startswith(f"{word.upper()} = command(W, {word!r}, 'a'") for line in out) for word in self.words]
        settings = [Setting({"A": self.chance.choice([1, 2]), "O": self.chance.choice([0, 1, 1])}, hosts=[
            {"kind": "W", **self.chance.choice([{"menu": carried}, {"menu": self.chance.sample(carried, 2), "times": 2},
                                                {"program": self.chance.choices(carried, k=3)}])}
            for _ in range(self.chance.choice([1, 1, 2]))], fuse=self.chance.random() < 0.6) for _ in range(2)]
        settings[1].sizes = settings[0].sizes
        out.append("SPECIFICATION = Specification.of_module('made', S, C, __name__, A=2, W=1, O=1)")
        return Made("\n".join(out) + "\n", settings)


__all__ = ["mistimed", "timing"]
