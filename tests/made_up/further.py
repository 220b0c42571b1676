"""More constructs, in texts of their own: those that are known by number stay what they are.

Wide and shifted domains, indices and values at the edge of what is known of them, steps as parameters, properties that
watch actions and steps together, names that only one branch leaves behind; and `looks`: actions that write what an
expression is into a variable that holds any number, so that no difference is lost in a remainder or a comparison.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from .bodies import Ending
from .expressions import Here
from .texts import Made, Text
from .world import Domain, Helper, World

EDGES = 0.12
"""How often an index or a value lies at the edge of its domain, or one beyond."""


def further(seed: int | str) -> Made:
    """The further specification of a number."""
    chance = Random(f"further {seed}")
    text = FurtherText(FurtherWorld(chance), chance.choice([0.0, 0.0, 0.04]))
    text.edges = chance.choice([0.0, 0.0, EDGES])
    lines = text.whole()
    first, second = text.setting(), text.setting()
    second.sizes, second.hosts = first.sizes, first.hosts if chance.random() < 0.5 else second.hosts
    return Made("\n".join(lines) + "\n", [first, second])


RANGES = [(1, 2), (1, 3), (2, 5), (3, 3), (-5, -3), (-4, 4), (0, 9), (0, 1 << 33), (-(1 << 40), 1 << 40), (7, 300)]

WIDE = {f"Range({low}, {high})" for low, high in RANGES if high - low > 200}
"""Domains of which no scenario has a command for each number."""


class FurtherWorld(World):
    """Declares domains that do not begin at 0, and wide ones."""

    def domain(self) -> Domain:
        if self.maybe(0.3):
            low, high = self.one(RANGES)
            return Domain("range", f"Range({low}, {high})", str(low), str(high))
        return super().domain()

    def _kinds(self) -> list[str]:
        """A base may run programs where an heir runs none: such a process is always idle."""
        lines = super()._kinds()
        for base in [k for k in self.kinds if not k.letter and self.maybe(0.5)]:
            base.programs = True
            lines[lines.index("class Base(Process):")] = "class Base(Process, programs=True):"
        return lines

    def _initial(self, domain: Domain) -> str:
        if domain.kind == "range" and domain.low == "1" and self.maybe(0.5):
            return ", initial=2"
        return super()._initial(domain)


class FurtherText(Text):
    """Writes what `Text` writes, and more."""

    edges = 0.0

    def _alternative(self, v: Any) -> str:
        if v.domain.text in WIDE:
            return f"{v.domain.low}|{v.domain.high}"
        return super()._alternative(v)

    # --- edges ----------------------------------------------------------------------------------------

    def member(self, here: Here, of: str, depth: int) -> str:
        """A member, or what is known to lie just inside or just outside."""
        return self.edge(here, of) if depth > 0 and self.maybe(self.edges) else super().member(here, of, depth)

    def edge(self, here: Here, of: str) -> str:
        """An index of which is known how far it goes: not beyond, or just beyond."""
        a = self.leaf(here)
        return self.one([f"(({a}) & 3) - 1", f"(({a}) % c.size({of})) + 1", f"c.size({of}) - 1", f"c.size({of})", "-1",
                         f"min({a}, c.size({of}) - 1)", f"max(0, {a})", f"(({a}) % 2) * (c.size({of}) - 1)", f"({a} > 0)",
                         f"(({a}) & 1) << 1", f"(({a}) & 7) >> 1", f"abs9({a}) % c.size({of})", f"-(-({a}) // 2)", f"~(({a}) | -2)",
                         f"({a}) ^ ({a})", f"(({a}) % 3) - (({a}) % 2)", f"(1 if {a} else 0)", f"(({a}) & 1) + 9",
                         f"(({a}) & 1) - 9"])

    def value(self, here: Here, domain: Domain, depth: int) -> str:
        return self.brink(here, domain) if depth > 0 and self.maybe(self.edges) else super().value(here, domain, depth)

    def brink(self, here: Here, domain: Domain) -> str:
        """A value of which is known how far it goes: not beyond its domain, or just beyond."""
        a, low, high = self.leaf(here), domain.low, domain.high
        return self.one([f"{low}", f"{high}", f"{high} + 1", f"{low} - 1", f"max({low}, {a})", f"min({high}, {a})",
                         f"min({high}, max({low}, {a}))", f"max({low}, min({high} + 1, {a}))", f"(({a}) & 1) + {low}",
                         f"{high} - (({a}) & 1)", f"(({a}) % ({high} - {low} + 2)) + {low}", f"({a}) >> 1", f"(({a}) << 1) // 2",
                         f"({a}) * ({a}) % 4", f"({a}) * -1"])

    # --- looks ----------------------------------------------------------------------------------------

    def looks(self) -> list[str]:
        """Actions that write down what expressions are."""
        lines: list[str] = []
        for i in range(self.one([0, 1, 2, 3])):
            text, here = self.chosen(Here(("s",), kind="act"), 2)
            body: list[str] = []
            for _ in range(self.one([0, 0, 1, 2])):
                more, here = self.named(here, self.maybe(0.3))
                body += more
            kind = self.one(["number", "number", "condition", "chain", "loop", "mask", "known", "edge", "edge", "large", "divide"])
            if kind == "loop":
                bounds = self.one([f"range({self.leaf(here)} & 3, 4)", f"range({self.number(here, 2)} % 5)", "range(2, 5)", "range(3, 1)"])
                more_here = here.knowing("i99", "int")
                body += ["k99 = 0", f"for i99 in {bounds}:", f"    k99 = (k99 * 3 + i99 + ({self.number(more_here, 1)})) % 10007"]
                wanted = "k99"
            elif kind == "edge":
                more, wanted = self.at_the_edge(here)
                body += more
            elif kind == "chain":
                wanted = " ".join([f"({self.number(here, 1)}) {self.one(['<', '<=', '==', '!=', '>', '>='])}" for _ in range(2)]
                                  + [f"({self.number(here, 1)})"])
            elif kind == "mask":
                wanted = self.mask(here, self.one(self.world.sets), 3)
            elif kind == "known":
                wanted = self.known(3)
            elif kind == "divide":
                wanted = f"({self.number(here, 1)} - {self.one('012345')}) {self.one(['//', '%'])} {self.one('3567')}"
            elif kind == "large":
                wanted = self.large(here)
            else:
                wanted = self.number(here, 3) if kind == "number" else self.condition(here, 3)
            lines += ["@action", f"def look{i}(s: S, c: C{text}) -> Signal:", f'    """Looks {i}."""', *[f"    {line}" for line in body],
                      f"    s.seen = {wanted}", "    return DONE", ""]
        return lines

    def at_the_edge(self, here: Here) -> tuple[list[str], str]:
        """A cell at the edge of a table, or beyond it, is read or written; or a variable takes a value at the edge of its domain."""
        tables = [v for v in self.world.variables if len(v.indices) == 1 and not v.ghost]
        plain = [v for v in self.world.variables if not v.indices and not v.ghost]
        if plain and (not tables or self.maybe(0.4)):
            v = self.one(plain)
            return [f"s.{v.name} = {self.brink(here, v.domain)}"], f"s.{v.name}"
        if not tables:
            return [], self.number(here, 3)
        v = self.one(tables)
        lines, index = [], self.edge(here, v.indices[0])
        if self.maybe(0.5):  # a name that has two values, of which one may be beyond
            lines = [f"k98 = {index}", f"if {self.condition(here, 1)}:", f"    k98 = {self.edge(here, v.indices[0])}"]
            index = "k98"
        if self.maybe(0.5):
            lines += [f"s.{v.name}[{index}] = {super().value(here, v.domain, 1)}"]
        return lines, f"s.{v.name}[{index}]"

    def large(self, here: Here) -> str:
        """A small number computed by way of large ones: beyond 62 bits the compiled reading must say so, not wrap."""
        bigs = ["(1 << 61)", "-(1 << 61)", "(1 << 40)", "(1 << 31)", "(1 << 32)", "1"]
        a, b = (f"({self.leaf(here)} + {self.one(bigs)})" for _ in range(2))
        whole = self.one([f"{a} * {b}", f"{a} + {b} + {a}", f"{a} - {b} - {b}", f"{a} << ({self.leaf(here)} & 31)", f"-{a} * 8",
                          f"{a} * 8"])
        return self.one([f"({whole}) % 97", f"({whole}) & 255", f"({whole}) >> 55", f"({whole}) // 3 % 5", f"({whole}) > {b}"])

    def known(self, depth: int) -> str:
        """A number computed from constants alone: what a compiler computes itself."""
        if depth == 0:
            return self.one(["0", "1", "2", "3", "7", "-1", "-2", "-8", "63", "64", "K0", "K1", "(1 << 20)", "-(1 << 20)"])
        a, b = self.known(depth - 1), self.known(depth - 1)
        op = self.one(["+", "-", "*", "&", "|", "^", "//", "%", "<<", ">>", "min", "max"])
        if op in ("//", "%"):
            return f"(({a}) {op} {self.one(['1', '2', '3', '4', '7', '8'])})"
        if op in ("<<", ">>"):
            return f"(({a}) {op} {self.one(['0', '1', '3', '(K0 & 3)'])})"
        return f"{op}({a}, {b})" if op in ("min", "max") else f"({a} {op} {b})"

    def branch(self, here: Here, depth: int, writes: bool, ending: Ending | None, kind: str) -> tuple[list[str], Here]:
        """Also: one branch ends, and what the other one names is known behind."""
        if kind != "early" or ending is None or not self.maybe(0.5):
            return super().branch(here, depth, writes, ending, kind)
        goes, after = self.inside(here, depth - 1, writes, None)
        stops = [f"    return {ending(here)}"]
        test = f"if {self.condition(here, 2)}:"
        lines = [test, *goes, "else:", *stops] if self.maybe(0.5) else [test, *stops, "else:", *goes]
        return lines, replace(here, names=after.names)

    def number(self, here: Here, depth: int) -> str:
        """Also: division by what is no constant, which only two of the readings know; shifts that no path reaches."""
        if depth > 0 and self.maybe(0.02):
            return f"({self.leaf(here)} {self.one(['//', '%'])} {self.one(['', '-'])}(1 + ({self.leaf(here)} & 3)))"
        if depth > 0 and self.maybe(0.02):
            return f"(({self.leaf(here)} {self.one(['<<', '>>'])} {self.one(['-1', '70', '(0 - 2)'])}) if {self.condition(here, 0)} else 3)"
        return super().number(here, depth)

    def _special(self, here: Here, kind: str, depth: int) -> str:
        if kind == "idle" and here.handles and not here.pure:
            name, of = self.one(list(here.handles.items()))
            return f"{name}.idle" if self.world.kind(of).programs else ""
        return super()._special(here, kind, depth)

    # --- functions ------------------------------------------------------------------------------------

    def whole(self) -> list[str]:
        lines = super().whole()
        place = next(i for i, line in enumerate(lines) if line.startswith(("def ", "@")))
        state = next(i for i, line in enumerate(lines) if line == "class S(State):")
        lines[state + 2:state + 2] = ['    seen: int = variable(Range(-(1 << 44), 1 << 44), "what an expression is")']
        place += 1
        end = next(i for i, line in enumerate(lines) if " = command(" in line or line.startswith("SPECIFICATION"))
        lines[end:end] = self.looks()
        abs9 = ["def abs9(k: int) -> int:", "    return max(k, -k)", ""]
        onward = ["def onward9(n: Next, k: int) -> Next:", "    if k > 1:", "        return n", "    t9 = n",
                  "    return t9 if k else DONE", "", "def later9(n: Signal) -> Signal:", "    return n", ""]
        return [*lines[:place], *abs9, *onward, *lines[place:]]

    def following(self, here: Here, targets: list[str], depth: int) -> str:
        """A next step may go through a helper that takes one."""
        if here.kind and not here.pure and self.maybe(0.12):
            inner = self.following(here, targets, 0)
            return f"later9({inner})" if here.kind == "act" else f"onward9({inner}, {self.leaf(here)})"
        return super().following(here, targets, depth)

    def helper(self, returns: str, kind: str = "") -> list[str]:
        """Among the helpers some that are called with what another call gives."""
        lines = super().helper(returns, kind)
        if returns == "int" and not self.world.helpers[-1].writes and self.maybe(0.3):
            inner = self.world.helpers[-1]
            name = f"twice_{len(self.world.helpers)}"
            names = [n for n, _ in inner.parameters]
            head = lines[0].replace(f"def {inner.name}(", f"def {name}(")
            lines += [head, f"    return {inner.name}({', '.join(names)}) - {inner.name}({', '.join(names)}) + 1", ""]
            self.world.helpers.append(Helper(name, inner.parameters, "int", False))
        return lines

    # --- properties -----------------------------------------------------------------------------------

    def transition(self, i: int) -> list[str]:
        """A property between two states that watches actions, steps, or both."""
        kinds = [k for k in self.world.real_kinds() if k.own_steps()]
        steps = [n for k in kinds for n in k.own_steps()]
        if not self.acts or not steps and not self.acts or self.maybe(0.3):
            return super().transition(i)
        watched = dict.fromkeys([*[self.one(self.acts) for _ in range(self.one([1, 2]))],
                                 *[self.one(steps) for _ in range(self.one([0, 1, 2]) if steps else 0)]])
        names = list(watched)
        self.world.chance.shuffle(names)
        here, text = Here(("s", "t"), mover="*", ghosts=True), ""
        if kinds and self.maybe(0.5):
            of = self.one(kinds).name
            text, here = f", m: {of}", here.holding("m", of)
        more, here = self.chosen(here, 1)
        return self.function(f"@transition('P{i}', 'broken', steps={self.one(['[{}]', '({},)'])})".format(", ".join(names)), f"prop{i}",
                             f"s: S, t: S, c: C{text}{more}", here, seldom=True)

    def properties(self) -> list[str]:
        lines = super().properties()
        if self.acts and self.maybe(0.7):
            lines += self.transition(9)
        return lines

    def signal(self, word: str, name: str) -> list[str]:
        """An action, which may give its signal by a name."""
        lines = super().signal(word, name)
        last = lines[-2]
        if last.startswith("    return ") and self.maybe(0.2):
            lines[-2:-1] = [f"    t9 = {last.removeprefix('    return ')}", "    return t9"]
        return lines


__all__ = ["further"]
