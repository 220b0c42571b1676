"""A whole made-up specification, and the scenarios in which it is explored."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from .bodies import Bodies, Ending
from .expressions import Here
from .world import Kind, World

TAME, WILD = 0.0, 0.06
"""How often an index or a value is any number."""


@dataclass
class Setting:
    """How a specification is explored, as a scenario says it."""

    sizes: dict[str, int] = field(default_factory=dict)
    switches: dict[str, str] = field(default_factory=dict)
    profile: str = ""
    hosts: list[dict[str, Any]] = field(default_factory=list)
    fuse: bool = True
    deadlock: bool = True
    stuck: bool = False


@dataclass
class Made:
    """A text, and two settings for it."""

    text: str
    settings: list[Setting]


def made(seed: int | str) -> Made:
    """The specification of a number."""
    chance = Random(f"specification {seed}")
    world = World(chance)
    text = Text(world, chance.choice([TAME, TAME, TAME, WILD]))
    lines = text.whole()
    first = text.setting()
    second = text.setting()
    second.sizes, second.hosts = first.sizes, first.hosts if chance.random() < 0.5 else second.hosts
    return Made("\n".join(lines) + "\n", [first, second])


class Text(Bodies):
    """Writes steps, actions, properties and commands."""

    words: dict[str, list[tuple[str, list[str]]]]

    def whole(self) -> list[str]:
        lines = self.world.declare()
        for kind in self.world.kinds:
            self.name_steps(kind)
        wanted = [self.one(["int", "truth", "none", "next", "int", "truth"]) for _ in range(self.world.chance.randint(1, 5))]
        for returns in wanted:
            kinds = ["act", *[k.name for k in self.world.kinds if k.own_steps()]]
            lines += self.helper(returns, self.one(kinds) if returns == "next" else "")
        if self.maybe(0.4):
            lines += self.signal("initial", "start")
        if self.maybe(0.1):
            lines += self.signal("initial", "begin")
        for kind in self.world.kinds:
            for i, (name, local) in enumerate(kind.steps):
                lines += self.step(kind, name, local, i)
        self.acts = [f"act{i}" for i in range(self.one([0, 0, 1, 2]) if self.world.real_kinds() else self.one([1, 2, 3]))]
        for name in self.acts:
            lines += self.signal("action", name)
        lines += self.properties()
        lines += self.commands()
        sizes = ", ".join(f"{n}={v}" for n, v in self.sizes().items())
        return [*lines, f"SPECIFICATION = Specification.of_module('made', S, C, __name__, {sizes})".replace(", )", ")")]

    # --- steps and actions --------------------------------------------------------------------------

    def name_steps(self, kind: Kind) -> None:
        first = kind.programs or bool(kind.base and kind.base.steps)
        for i in range(self.world.chance.randint(1, 3)):
            kind.steps.append((f"{kind.letter.lower() or 'b'}{i}", bool(kind.letter) and (i > 0 or first) and self.maybe(0.3)))

    def body(self, here: Here, ending: Ending, waits: float, writes: bool = True) -> list[str]:
        """A body whose every path returns; it waits before it has written, if at all."""
        lines: list[str] = []
        if self.maybe(waits):
            lines += [f"if {self.condition(here, 2)}:", "    return WAIT"]
        if writes and self.maybe(0.7):
            lines += self.write(here)
        more, here = self.block(here, 2, writes, ending)
        lines += more
        if self.maybe(0.15) and here.kind:
            return [*lines, f"t = {ending(here)}", "return t"]
        if self.maybe(0.15):
            return [*lines, f"if {self.condition(here, 1)}:", f"    return {ending(here)}", "else:", f"    return {ending(here)}"]
        return [*lines, f"return {ending(here)}"]

    def chosen(self, here: Here, most: int) -> tuple[str, Here]:
        """Some chosen or quantified parameters, as text."""
        text = ""
        for i in range(self.one([0, 0, 1, 1, 2][:most + 3])):
            of, name = self.one([*self.world.sets, *self.world.sets, *[k.name for k in self.world.real_kinds()]]), f"e{i}"
            values = self.values()
            if values:
                text, here = f"{text}, {name}: {values}", here.knowing(name, "int")
                continue
            text += f", {name}: {of}"
            here = here.knowing(name, of) if of in self.world.sets else here.holding(name, of)
        return text, here

    def values(self) -> str:
        """A domain from which a parameter is chosen instead of a set or kind; "" for none."""
        return ""

    def step(self, kind: Kind, name: str, local: bool, place: int) -> list[str]:
        handle = self.one(["q", "p", "w"])
        here = Here(("s",), {handle: kind.name}, {}, handle, pure=local, kind=kind.name)
        text, here = self.chosen(here, 2) if not local else ("", here)
        order = [n for n, _ in kind.steps]
        if local:
            targets = [n for n, _ in kind.steps[place + 1:]] + ["DONE"]
            # A local box may not wait, and helpers for next steps may lead back: it names its targets itself.
            def ending(h: Here) -> str:
                return self.one(targets) if self.maybe(0.6) else f"{self.one(targets)} if {self.condition(h, 1)} else {targets[-1]}"
        else:
            targets = [*([order[place + 1]] * 3 if place + 1 < len(order) else ["DONE"]), *kind.own_steps(), "DONE"]

            def ending(h: Here) -> str:
                return self.following(h, targets + ["WAIT"] * self.maybe(self.wild), 2)
        more = (", local=True" if local else "") + (", rest=True" if self.maybe(0.4) else "")
        lines = self.body(here, ending, waits=0.0 if local else 0.35)
        return [f"@step({kind.name}, '{place}', 'Fig. {place}'{more})", f"def {name}(s: S, c: C, {handle}: {kind.name}{text}) -> Next:",
                f'    """Does {name}."""', *[f"    {line}" for line in lines], ""]

    def signal(self, word: str, name: str) -> list[str]:
        """An action or an initial function."""
        text, here = self.chosen(Here(("s",), kind="act"), 2)
        lines = self.body(here, lambda h: self.following(h, ["DONE"] * 3 + ["WAIT"] * self.maybe(self.wild), 1),
                          waits=0.1 if word == "initial" else 0.4)
        lines = self.places(f"{name} {lines}") + lines if word == "initial" else lines
        return [f"@{word}", f"def {name}(s: S, c: C{text}) -> Signal:", f'    """Does {name}."""', *[f"    {line}" for line in lines], ""]

    def places(self, number: str) -> list[str]:
        """Where processes begin, in some of the initial functions; by a chance of its own, so that nothing else changes by it."""
        chance, lines = Random(f"places {number}"), list[str]()
        for kind in self.world.real_kinds():
            steps = [n for k in kind.family() for n, local in k.steps if not local]
            if steps and not kind.programs and chance.random() < 0.6:
                lines += [f"for b9 in s.all({kind.name}):", *[f"    if b9.id == {chance.choice([0, 0, 1])}:"] * (chance.random() < 0.5)]
                lines.append(f"{'    ' * (1 + ('if' in lines[-1]))}b9.start_at({chance.choice(steps)})")
        return lines

    # --- properties ---------------------------------------------------------------------------------

    def properties(self) -> list[str]:
        lines: list[str] = []
        for i in range(self.one([1, 1, 2, 3])):
            kind = self.one(["invariant", "invariant", "transition", "transition", "witness"])
            lines += self.transition(i) if kind == "transition" else self.judged(kind, i)
        return lines

    def judged(self, word: str, i: int) -> list[str]:
        text, here = self.chosen(Here(("s",), mover="*", ghosts=True), 2)
        return self.function(f"@{word}('P{i}'" + (", 'broken')" if word == "invariant" else ")"), f"prop{i}", "s: S, c: C" + text, here,
                             seldom=word == "invariant")

    def transition(self, i: int) -> list[str]:
        kinds = [k for k in self.world.real_kinds() if k.own_steps()]
        if not kinds:
            return self.judged("invariant", i)
        kind = self.one(kinds)
        steps = sorted({self.one(self.one(kinds if self.maybe(0.2) else [kind]).own_steps()) for _ in range(2)})
        here = Here(("s", "t"), mover="*", ghosts=True)
        text = ""
        if self.maybe(0.6):
            of = self.one(kind.family()).name
            if self.world.kind(of).letter:
                text, here = f", m: {of}", here.holding("m", of)
        more, here = self.chosen(here, 1)
        return self.function(f"@transition('P{i}', 'broken', steps=[{', '.join(steps)}])", f"prop{i}",
                             f"s: S, t: S, c: C{text}{more}", here, seldom=True)

    def function(self, decorator: str, name: str, signature: str, here: Here, seldom: bool) -> list[str]:
        """A property; one that seldom fails, so that the search goes on."""
        lines, after = self.block(here, 2, False, lambda h: "True") if self.maybe(0.5) else ([], here)
        form = self.one(["or", "not and", "bool", "plain"]) if seldom else self.one(["plain", "bool"])
        if form == "or":
            lines.append(f"return {' or '.join(self.truth(after, 2) for _ in range(4))}")
        elif form == "not and":
            lines.append(f"return not ({' and '.join(self.condition(after, 2) for _ in range(4))})")
        else:
            lines.append(f"return {self.truth(after, 2)}" if form == "plain" else
                         f"return bool({self.condition(after, 2)}) or {self.truth(after, 1)}")
        out = [decorator, f"def {name}({signature}) -> bool:", f'    """Holds, {name}."""', *[f"    {line}" for line in lines], ""]
        if self.maybe(0.2):
            out += [f"@{name}.explain", f"def why_{name}({signature}) -> tuple[str, str]:",
                    f'    return "it holds", "it does not, " + str(s.{self.world.variables[0].name})', ""]
        return out

    # --- commands, sizes, programs --------------------------------------------------------------------

    def commands(self) -> list[str]:
        lines, self.words = [], {}
        for kind in self.world.real_kinds():
            for i in range(self.world.chance.randint(1, 2) if kind.programs and kind.own_steps() else 0):
                word = ["go", "run"][i]
                arguments = [v for v in kind.all_arguments() if self.maybe(0.8)]
                self.words.setdefault(kind.name, []).append((word, [self._alternative(v) for v in arguments]))
                names = "".join(f"'{v.name}', " for v in arguments)
                first = self.one(kind.own_steps())
                lines.append(f"{kind.letter}_{word} = command({kind.name}, '{word}', {names}first={first}, meaning='does')")
        return lines

    def _alternative(self, v: Any) -> str:
        if v.domain.kind == "oneof":
            return self.one(["*", self.world.enums[v.domain.of][0].lower(), "|".join(self.world.enums[v.domain.of][:2]).lower()])
        return self.one(["*", "*", "true"]) if v.domain.kind == "flag" else "*"

    def sizes(self) -> dict[str, int]:
        """Sizes of sets, and of kinds without programs."""
        out = {name: self.one([1, 2, 2, 3]) for name in self.world.sets if name not in self.world.derived}
        return out | {k.name: self.one([0, 1, 1, 1, 1, 1, 2, 2]) for k in self.world.real_kinds() if not k.programs}

    def setting(self) -> Setting:
        out = Setting(self.sizes(), profile=self.profile(), fuse=self.maybe(0.6),
                      deadlock=self.maybe(0.7), stuck=self.maybe(0.5))
        for name, enum in self.world.switches.items():
            if self.maybe(0.7):
                out.switches[name] = self.one(self.world.enums[enum]).lower()
        for kind in self.world.real_kinds():
            for _ in range(self.one([1, 1, 2]) if kind.programs and kind.name in self.words else 0):
                out.hosts.append({"kind": kind.name, **self.program(kind.name)})
        return out

    def profile(self) -> str:
        """One of the profiles, the usual one by its name or by none; none where the scope has none."""
        chosen, known = self.one([0, 1, 2]), self.world.profiles
        return known[chosen] if chosen < len(known) else ""

    def program(self, kind: str) -> dict[str, Any]:
        def command() -> str:
            word, arguments = self.one(self.words[kind])
            return " ".join([word, *arguments])

        form = self.one(["program", "program", "menu", "times"])
        if form == "program":
            return {"program": [command() if self.maybe(0.7) else [command(), command()] for _ in range(self.one([0, 1, 1, 2, 2, 2, 2]))]}
        return {"menu": [command()]} | ({"times": self.one([1, 2])} if form == "times" else {})
