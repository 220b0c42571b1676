"""Small random specifications, as source text: what the readings are held against each other on.

The text uses everything the language has: tables of several shapes, masks, none-able members,
enumerations, ghosts, switches, two kinds of processes, local boxes, chosen parameters, programs, actions,
initial choices, helpers that return inside loops, and the three kinds of properties.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

HEAD = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class A(IndexSet, letter="A"):
    """First set."""

class B(IndexSet, letter="B"):
    """Second set."""

class Colour(IntEnum):
    RED = 0
    GREEN = 1
    BLUE = 2

class Mode(IntEnum):
    OFF = 0
    ON = 1

class S(State):
    x = table(A, of=Range(-1, 2), meaning="numbers below and above zero")
    f = table(A, B, of=Flag(), meaning="a table of two sets")
    m: int = variable(Mask(A), "a subset")
    p: int = variable(Maybe(A), "a member or none")
    e: int = variable(OneOf(Colour), "a colour")
    g: int = variable(Range(0, 1), "a ghost", ghost=True)

class C(Scope):
    mode: Mode = switch(Mode, safe=Mode.OFF, strict=Mode.ON, charitable=Mode.OFF, figure="-", meaning="a switch")

class Worker(Process, letter="W", programs=True):
    """Runs programs."""
    n: int = local(Range(0, 2), "a local number")
    a: int = argument(Member(A), "an argument")
    v: int = argument(Range(0, 2), "another argument")

class Server(Process, letter="V"):
    """Runs for ever."""
    k: int = local(Maybe(A), "a member or none")

def first_zero(s: S, c: C, start: int) -> int:
    for a in c.each(A):
        if a >= start and s.x[a] == 0:
            return a
    return 0

def busy(s: S, c: C) -> bool:
    for w in s.all(Worker):
        if not w.idle:
            return True
    return False
'''


class Text:
    """Draws expressions and statements over the variables of `HEAD`."""

    def __init__(self, draw: DrawFn, local: str | None = None, names: tuple[str, ...] = (), sizes: tuple[int, int] = (2, 1)) -> None:
        self.draw, self.local, self.names, self.sizes = draw, local, names, sizes

    def pick(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def index(self, depth: int, of: str = "A") -> str:
        options = ["0", "mod"]
        if of == "A":
            options += list(self.names)
        chosen = self.pick(*options)
        return f"({self.number(depth - 1)}) % c.size({of})" if chosen == "mod" else chosen

    def number(self, depth: int) -> str:
        leaves = ["0", "1", "2", "-1", "s.m", "s.p", "s.e", "c.mode", "c.size(A)", "Colour.BLUE", *self.names]
        if self.local:
            leaves += [self.local, "q.id", "q.number"]
        if self.local == "q.n":
            leaves += ["q.a", "q.v"]
        if depth <= 0:
            return self.pick(*leaves)
        shape = self.pick("leaf", "x", "f", "binary", "divide", "shift", "choose", "extreme", "help", "count", "invert")
        if shape == "x":
            return f"s.x[{self.index(depth)}]"
        if shape == "f":
            return f"s.f[{self.index(depth)}, {self.index(depth, 'B')}]"
        if shape == "binary":
            return f"({self.number(depth - 1)} {self.pick('+', '-', '*', '&', '|', '^')} {self.number(depth - 1)})"
        if shape == "divide":
            return f"({self.number(depth - 1)} {self.pick('//', '%')} {self.pick('2', '3', '5', 'c.size(A)')})"
        if shape == "shift":
            return f"(({self.number(depth - 1)}) {self.pick('<<', '>>')} {self.pick('0', '1', '2', 's.e', 'c.mode')})"
        if shape == "choose":
            return f"({self.number(depth - 1)} if {self.condition(depth - 1)} else {self.number(depth - 1)})"
        if shape == "extreme":
            return f"{self.pick('min', 'max')}({self.number(depth - 1)}, {self.number(depth - 1)})"
        if shape == "help":
            return f"first_zero(s, c, {self.number(depth - 1)})"
        if shape == "count":
            return "count(s.m)"
        if shape == "invert":
            return f"({self.pick('-', '~')}{self.number(depth - 1)})"
        return self.pick(*leaves)

    def condition(self, depth: int) -> str:
        shape = self.pick("compare", "compare", "has", "logic", "not", "chain", "busy", "switch") if depth > 0 else "compare"
        if shape == "has":
            return f"has(s.m, {self.index(depth)})"
        if shape == "logic":
            return f"({self.condition(depth - 1)} {self.pick('and', 'or')} {self.condition(depth - 1)})"
        if shape == "not":
            return f"not {self.condition(depth - 1)}"
        if shape == "chain":
            return f"{self.number(depth - 1)} <= {self.number(depth - 1)} < {self.number(depth - 1)}"
        if shape == "busy":
            return "busy(s, c)"
        if shape == "switch":
            return "c.mode == Mode.ON"
        return f"{self.number(depth - 1)} {self.pick('==', '!=', '<', '<=', '>', '>=')} {self.number(depth - 1)}"

    def write(self, indent: str, wild: bool) -> list[str]:
        """A statement that writes; `wild` lets values leave their domain."""
        kind = self.pick("x", "f", "m", "p", "e", "g", "local", "if", "for", "name")
        if kind == "x":
            value = self.number(2) if wild else f"({self.number(2)}) % 4 - 1"
            return [f"{indent}s.x[{self.index(1)}] = {value}"]
        if kind == "f":
            return [f"{indent}s.f[{self.index(1)}, {self.index(1, 'B')}] = {self.condition(1)}"]
        if kind == "m":
            return [f"{indent}s.m = {self.pick('with_bit', 'without_bit')}(s.m, {self.index(1)})"]
        if kind == "p":
            return [f"{indent}s.p = {self.index(2)} if {self.condition(1)} else -1"]
        if kind == "e":
            return [f"{indent}s.e = ({self.number(1)}) % 3"]
        if kind == "g":
            return [f"{indent}s.g = s.g ^ (({self.number(1)}) & 1)"]
        if kind == "local" and self.local:
            value = f"({self.number(2)}) % 3" if self.local == "q.n" else f"({self.number(2)}) % c.size(A)"
            return [f"{indent}{self.local} = {value}"]
        if kind == "name":
            return [f"{indent}t = {self.number(1)}", f"{indent}t += {self.number(1)}", f"{indent}s.e = t % 3"]
        if kind == "for":
            inner = Text(self.draw, self.local, (*self.names, "i"), self.sizes)
            return [f"{indent}for i in c.each(A):", *inner.plain_write(indent + "    ")]
        deeper = indent + "    "
        return [f"{indent}if {self.condition(2)}:", *self.plain_write(deeper), f"{indent}else:", *self.plain_write(deeper)]

    def plain_write(self, indent: str) -> list[str]:
        return [f"{indent}s.x[{self.index(1)}] = ({self.number(1)}) % 4 - 1"] if self.draw(st.booleans()) else [
            f"{indent}s.m = s.m ^ (1 << ({self.index(1)}))"]


@st.composite
def specifications(draw: DrawFn, wild: bool = False) -> str:
    """The text of a module that declares `SPECIFICATION` with two kinds of processes, actions and properties."""
    lines = [HEAD]
    if draw(st.booleans()):
        lines += ["@initial", "def start(s: S, c: C, i: A) -> Signal:", '    "Chooses."',
                  *Text(draw, None, ("i",)).write("    ", False), "    return DONE", ""]
    worker = [f"w{i}" for i in range(draw(st.integers(2, 3)))]
    server = [f"v{i}" for i in range(draw(st.integers(1, 3)))]
    for kind, steps, local in (("Worker", worker, "q.n"), ("Server", server, "q.k")):
        for i, name in enumerate(steps):
            lines += _step(draw, kind, steps, i, name, local, wild)
    for i in range(draw(st.integers(0, 2))):
        text = Text(draw, None, ("i",))
        lines += ["@action", f"def act{i}(s: S, c: C, i: A) -> Signal:", '    "Acts."',
                  f"    if {text.condition(2)}:", "        return WAIT", *text.write("    ", wild), "    return DONE", ""]
    text = Text(draw, None, ("a",))
    lines += ["@invariant('inv', 'broken')", "def inv(s: S, c: C, a: A, q: Worker) -> bool:", '    "Holds."',
              f"    return {text.condition(2)} or {text.condition(2)} or {text.condition(1)}", "",
              f"@transition('tra', 'broken', steps=[{worker[-1]}, {server[0]}])",
              "def tra(before: S, s: S, c: C, q: Process_of) -> bool:".replace("Process_of", draw(st.sampled_from(["Worker", "Server"]))),
              '    "Holds."', "    return before.e <= s.e or before.x[0] != s.x[0] or q.id == 0", "",
              "@witness('wit')", "def wit(s: S, c: C, a: A) -> bool:", '    "Reached."', f"    return {text.condition(2)}", "",
              f"GO = command(Worker, 'go', 'a', 'v', first={draw(st.sampled_from(worker))}, meaning='goes')",
              f"RUN = command(Worker, 'run', 'v', first={worker[0]}, meaning='runs')",
              "SPECIFICATION = Specification.of_module('random', S, C, __name__, A=2, B=1, Server=1)"]
    return "\n".join(lines)


def _step(draw: DrawFn, kind: str, steps: list[str], i: int, name: str, local: str, wild: bool) -> list[str]:
    only_local = i > 0 and draw(st.integers(0, 3)) == 0
    if only_local:
        target = "DONE" if i + 1 >= len(steps) else draw(st.sampled_from(["DONE", steps[0]]))
        return [f"@step({kind}, '{name}', 'Fig.', local=True)", f"def {name}(s: S, c: C, q: {kind}) -> Next:", '    "Is local."',
                f"    {local} = c.mode", f"    return {target if i else 'DONE'}", ""]
    choice = draw(st.booleans())
    text = Text(draw, local, ("i",) if choice else ())
    rest = draw(st.booleans())
    lines = [f"@step({kind}, '{name}', 'Fig.', rest={rest})",
             f"def {name}(s: S, c: C, q: {kind}{', i: A' if choice else ''}) -> Next:", '    "Does."']
    if draw(st.booleans()):
        lines += [f"    if {text.condition(2)}:", "        return WAIT"]
    for _ in range(draw(st.integers(0, 2))):
        lines += text.write("    ", wild)
    after = steps[i + 1] if i + 1 < len(steps) else "DONE"
    other = draw(st.sampled_from([*steps[:1], "DONE", after]))
    return [*lines, f"    return {after} if {text.condition(1)} else {other}", ""]


def load(text: str, folder: Path) -> ModuleType:
    """Import a text as a module of its own."""
    name = "random_" + hashlib.sha256(text.encode()).hexdigest()[:16]
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module
